"""Asking what is published: `changes`, `history`, `report`. All read the published reports.duckdb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, home_of

PANEL = "Ask"
_NO_CHANGES = "no changes are on record"
# So many plans are listed where one is not found; more are no help.
_FEW = 8
# So many columns of a report head the card of a row, where a table of all columns has no room.
HEADING_COLUMNS = 4
Since = Annotated[str | None, typer.Option("--since", help="Only what was observed from this day on, as 2026-05-01.")]
VendorName = Annotated[str | None, typer.Option("--vendor", help="Only this vendor.")]


class SeverityName(StrEnum):
    """How grave a change is."""

    INFO = "info"
    NOTICE = "notice"
    CRITICAL = "critical"


def add_to(app: typer.Typer) -> None:
    """Give the application its asking commands."""
    from pricing_pipeline.cli.cost import cost

    for command in (changes, history, cost, report):
        app.command(rich_help_panel=PANEL)(command)


def changes(
    since: Since = None,
    vendor: VendorName = None,
    severity: Annotated[SeverityName | None, typer.Option(help="Only changes this grave, or graver.")] = None,
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """What changed, oldest first: the lever, the values, and what it costs at each workload.

    Examples:

        pricing-pipeline changes --since 2026-05-01 --severity critical

        pricing-pipeline changes --vendor dagster --format json
    """
    from pricing_pipeline.cli.output import emit, is_wide
    from pricing_pipeline.cli.rows import change_row, told_row
    from pricing_pipeline.facts import Severity
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home_of(home).reports) as con:
        found = published.changes(
            con, since=_day(since), vendor=vendor, severity=Severity(severity) if severity else None
        )
        products = published.products(con)
    known = sorted({one.vendor for one in products})
    if vendor and not found and vendor not in known:
        raise typer.BadParameter(f"nothing is published of {vendor!r}; published are: {', '.join(known) or 'none'}")
    if form is not Format.TABLE:
        emit([change_row(change) for change in found], form=form, empty=_NO_CHANGES)
        return
    names = {(one.vendor, one.product): one.name for one in products}
    emit(
        [told_row(change, names.get((change.vendor, change.product), change.product)) for change in found],
        form=form,
        columns=("severity", "kind", "what changed") if is_wide() else ("severity", "what changed"),
        group="heading",
        fixed=("severity", "kind"),
        empty=_NO_CHANGES,
    )


def history(
    plan: Annotated[
        str,
        typer.Argument(
            help="A plan as product.plan or vendor/product/plan; a product alone shows those of all its plans."
        ),
    ],
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """Every value a plan's terms had, and when each held at the vendor.

    Example:

        pricing-pipeline history dagster-plus.solo
    """
    from pricing_pipeline.cli.output import emit
    from pricing_pipeline.cli.rows import cohort_row, lasting_cohort_row, lasting_row, period_row
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home_of(home).reports) as con:
        periods, cohorts = published.history(con, plan), published.cohorts(con, plan)
        known = _plan_names(con) if not periods else []
    if not periods:
        raise typer.BadParameter(f"no plan {plan!r}; {_nearest(plan, known)}")
    if form is not Format.TABLE:
        emit([*map(period_row, periods), *map(cohort_row, cohorts)], form=form)
        return
    rows = [*map(lasting_row, periods), *map(lasting_cohort_row, cohorts)]
    several = len({row["plan"] for row in rows}) > 1
    emit(
        rows,
        form=form,
        title=f"History of {plan}",
        columns=(*(["plan"] if several else []), "what", "value", "from", "to", "as printed"),
        fixed=("from", "to"),
    )


def report(
    name: Annotated[str | None, typer.Argument(help="A report; without one, all of them are listed.")] = None,
    given: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="A parameter, as workload=small-team.")
    ] = None,
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """A documented report query against the published database.

    Examples:

        pricing-pipeline report

        pricing-pipeline report whats_changed -p since=2026-05-01
    """
    from pricing_pipeline.cli.output import cards, emit, fits
    from warehouse.connection import open_reports
    from warehouse.reports import list_reports
    from warehouse.reports import report as ask

    if name is None:
        listed = [
            {"report": one.name, "answers": one.answers, "parameters": ", ".join(one.parameters)}
            for one in list_reports()
        ]
        emit(listed, form=form, title="Reports")
        return
    with open_reports(home_of(home).reports) as con:
        frame = ask(con, name, pairs(given or []))
    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.rows]
    if form is Format.TABLE and not fits(rows, frame.columns):
        cards([_card(row, frame.columns) for row in rows], empty="no rows")
        return
    emit(rows, form=form, title=name, columns=frame.columns, empty="no rows")


def _card(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, str]:
    """A row under what tells it from others, as its first columns do."""
    from pricing_pipeline.cli.output import shown

    heading = " · ".join(filter(None, (shown(row[name]) for name in columns[:HEADING_COLUMNS])))
    return {"": heading, **{name.replace("_", " "): shown(row[name]) for name in columns[HEADING_COLUMNS:]}}


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2026-05-01") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def pairs(given: list[str]) -> dict[str, str]:
    """What was given as `name=value`, several times over. Raises BadParameter for anything else."""
    found = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not (sign and key.strip() and value.strip()):
            raise typer.BadParameter(f"{text!r}: write it as name=value")
        found[key.strip()] = value.strip()
    return found


def _nearest(plan: str, known: Sequence[str]) -> str:
    """The plans that may be meant, or all where they are few."""
    from difflib import get_close_matches

    if len(known) <= _FEW:
        return f"known are: {', '.join(known) or 'none'}"
    named_so = [name for name in known if plan.lower() in name.split(".")]
    close = (named_so or get_close_matches(plan.lower(), known, n=4, cutoff=0.6))[:4]
    return f"did you mean {' or '.join(close)}?" if close else "`pricing-pipeline cost` lists the plans of each product"


def _plan_names(con: Any) -> list[str]:
    from warehouse import published

    return [f"{one.product}.{plan.slug}" for one in published.products(con) for plan in one.offer.plans]
