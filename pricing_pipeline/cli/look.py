"""Asking what is published: `changes`, `history`, `cost`, `report`. All read the published reports.duckdb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, home_of

if TYPE_CHECKING:
    from pricing_pipeline.catalog import TermPeriod
    from pricing_pipeline.results import PricedPlan, Workload

PANEL = "Ask"
# So many plans are listed where one is not found; more are no help.
_FEW = 8
Since = Annotated[str | None, typer.Option("--since", help="Only what was observed from this day on, as 2026-05-01.")]
VendorName = Annotated[str | None, typer.Option("--vendor", help="Only this vendor.")]


class SeverityName(StrEnum):
    """How grave a change is."""

    INFO = "info"
    NOTICE = "notice"
    CRITICAL = "critical"


def add_to(app: typer.Typer) -> None:
    """Give the application its asking commands."""
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
    from pricing_pipeline.cli.output import emit
    from pricing_pipeline.cli.rows import change_row
    from pricing_pipeline.facts import Severity
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home_of(home).reports) as con:
        found = published.changes(
            con, since=_day(since), vendor=vendor, severity=Severity(severity) if severity else None
        )
        known = sorted({one.vendor for one in published.products(con)}) if vendor and not found else []
    if vendor and not found and vendor not in known:
        raise typer.BadParameter(f"nothing is published of {vendor!r}; published are: {', '.join(known) or 'none'}")
    rows = [change_row(change) for change in found]
    columns = ("observed_at", "severity", "product", "kind", "verdict", "state")
    emit(
        rows,
        form=form,
        columns=columns if form is Format.TABLE else (),
        title="Changes",
        empty="no changes are on record",
    )


def history(
    plan: Annotated[
        str,
        typer.Argument(
            help="A plan as product.plan or vendor/product/plan; a product alone shows what holds for all its plans."
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
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home_of(home).reports) as con:
        periods = published.history(con, plan)
        known = _plan_names(con) if not periods else []
    if not periods:
        raise typer.BadParameter(f"no plan {plan!r}; {_nearest(plan, known)}")
    emit([_period_row(period) for period in periods], form=form, title=f"History of {plan}")


def cost(
    workload: Annotated[
        str | None, typer.Option("--workload", "-w", help="A named workload; without one, all of them.")
    ] = None,
    amounts: Annotated[
        list[str] | None,
        typer.Option("--set", help="A metric's monthly use, as credits=30000; may be given several times."),
    ] = None,
    product: Annotated[str | None, typer.Option(help="Only this product.")] = None,
    steps: Annotated[bool, typer.Option("--steps/--no-steps", help="Show each step of the sum.")] = True,
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """Every plan priced at a workload, cheapest first, each step of the sum shown.

    A plan that cannot be priced says why: by contact, too small, or a needed figure that the vendor does not state.

    Examples:

        pricing-pipeline cost --workload one-seat-15000-credits

        pricing-pipeline cost --set credits=30000 --set seats=3
    """
    from pricing_pipeline.cli.output import emit
    from pricing_pipeline.cli.pricing import price_all
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home_of(home).reports) as con:
        products, named = published.products(con), published.workloads(con)
    if product is not None and product not in {one.product for one in products}:
        known = ", ".join(one.product for one in products)
        raise typer.BadParameter(f"no product {product!r}; there are: {known or 'none'}")
    names = {(one.vendor, one.product, plan.slug): plan.name for one in products for plan in one.offer.plans}
    chosen = _chosen(named, workload, amounts or [])
    rows = [
        _cost_row(priced, one, names, steps=steps)
        for one in chosen
        for priced in price_all(products, one)
        if product in (None, priced.product)
    ]
    columns = ("workload", "product", "plan", "cost", "rank", "how")
    emit(
        rows,
        form=form,
        columns=columns if form is Format.TABLE else (),
        title="Cost a month",
        empty="no plan can be priced",
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
    from pricing_pipeline.cli.output import emit
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
        frame = ask(con, name, _pairs(given or []))
    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.rows]
    emit(rows, form=form, title=name, columns=frame.columns, empty="no rows")


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2026-05-01") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not (sign and key.strip() and value.strip()):
            raise typer.BadParameter(f"{text!r}: write it as name=value")
        pairs[key.strip()] = value.strip()
    return pairs


def _usage(given: list[str]) -> dict[str, Decimal]:
    """Metric to quantity; plurals are taken too."""
    from pricing_pipeline.units import metric

    usage = {}
    for name, value in _pairs(given).items():
        known = metric(name.replace("_", " "))
        try:
            quantity = Decimal(value.replace(",", "").replace("_", ""))
        except InvalidOperation:
            raise typer.BadParameter(f"{name}={value}: {value!r} is no number") from None
        if known is None or not quantity.is_finite() or quantity < 0:
            raise typer.BadParameter(f"{name}={value}: write it as credits=30000")
        usage[known] = quantity
    return usage


def _chosen(named: Sequence[Workload], name: str | None, amounts: list[str]) -> list[Workload]:
    from pricing_pipeline.results import Workload

    if name is None and not amounts:
        return list(named)
    base = next((one for one in named if one.slug == name), None)
    if name is not None and base is None:
        raise typer.BadParameter(f"no workload {name!r}; there are: {', '.join(one.slug for one in named)}")
    if not amounts:
        return [base] if base else []
    usage = {**(base.usage if base else {}), **_usage(amounts)}
    title = ", ".join(f"{metric} {quantity:,f}" for metric, quantity in usage.items())
    return [Workload(slug="given", name=title, usage=usage)]


def _cost_row(
    priced: PricedPlan, workload: Workload, names: Mapping[tuple[str, str, str], str], *, steps: bool
) -> dict[str, Any]:
    from pricing_pipeline.cli.rows import cost_text

    said = cost_text(priced.cost)
    how = priced.cost.reason or "\n".join(step.text for step in priced.cost.steps)
    return {
        "workload": workload.name,
        "vendor": priced.vendor,
        "product": priced.product,
        "plan": names.get((priced.vendor, priced.product, priced.plan), priced.plan),
        "state": priced.cost.state.value,
        "cost": f"{said} {priced.cost.currency}" if said else priced.cost.state.value.replace("_", " "),
        "rank": priced.rank,
        "how": how if steps else priced.cost.reason,
    }


def _period_row(period: TermPeriod) -> dict[str, Any]:
    term = period.term
    low, high = term.amount, term.amount_max
    money = (
        ""
        if low is None
        else f"{low.normalize():f}{f'–{high.normalize():f}' if high is not None else ''} {term.currency or ''}".strip()
    )
    value = money or (f"{term.quantity.normalize():f}" if term.quantity is not None else term.state.value)
    return {
        "term": " ".join(part for part in (term.term.value, term.metric, term.billing_period) if part),
        "value": value,
        "from": period.valid_from,
        "to": period.valid_to,
        "recorded": period.recorded_at,
        "quote": term.evidence.quote,
    }


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
