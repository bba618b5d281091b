"""Facts from elsewhere: `import-facts`."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.decide import PANEL, By
from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, content_of, home_of

if TYPE_CHECKING:
    from pricing_pipeline.elsewhere import ImportedFact
    from pricing_pipeline.home import Home
    from pricing_pipeline.registry.elsewhere import ElsewhereFacts


def add_to(app: typer.Typer) -> None:
    """Give the application its importing command."""
    app.command("import-facts", rich_help_panel=PANEL)(import_facts)


def import_facts(
    file: Annotated[Path, typer.Argument(help="A CSV or YAML file of facts; its name is how they are known.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    by: By = None,
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Bring in facts that no page is read for: a review site that blocks, an API's answer, a contract's price.

    Each has its quote, its document, who vouches for it, since when and until when. Importing the same file again
    changes nothing; an edited one replaces what it said before, and a fact that is taken out of it ends.

    Examples:

        pricing-pipeline import-facts g2-ratings.csv --dry-run

        pricing-pipeline import-facts contract-2026.yaml --by "Ada Lovelace"
    """
    from pricing_pipeline.captures.entries import DecisionEntry
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.cli.output import emit, say
    from pricing_pipeline.registry import read_what_can_be_read
    from pricing_pipeline.registry.elsewhere import read_elsewhere
    from warehouse.imports import details

    where, now = home_of(home), datetime.now(UTC)
    who = by or getpass.getuser()
    registry, _ = read_what_can_be_read(content_of(vendors).vendors)
    told = _as_vouched(where, read_elsewhere(file, registry, today=now.date(), who=who), who)
    rows = _compared(where, told, now)
    emit(
        rows, form=form, title=f"{told.name}: what {'would change' if dry_run else 'changes'}", empty="nothing changes"
    )
    if dry_run or not rows:
        if rows:
            say("nothing was imported; leave out --dry-run to do it")
        return
    entry = DecisionEntry(action="import", by=who, at=now, details=details(told.name, told.facts))
    CaptureLog(where.log).append([entry])
    say(f"imported {len(told.facts)} facts of {told.name}, recorded as brought by {who}")
    _carry_out(where, vendors)


def _as_vouched(where: Home, told: ElsewhereFacts, who: str) -> ElsewhereFacts:
    """The facts of a file, those that it names nobody for as they were vouched for when nothing else was different."""
    from warehouse.connection import open_warehouse
    from warehouse.imports import last_import

    if not where.warehouse.exists():
        return told
    with open_warehouse(where.warehouse, read_only=True) as con:
        known = {replace(one, who=""): one for one in last_import(con, told.name)}
    facts = (known.get(replace(one, who=""), one) if one.who == who else one for one in told.facts)
    return replace(told, facts=tuple(facts))


def _carry_out(where: Home, vendors: Any) -> None:
    from assets.runner import Order
    from pricing_pipeline.cli.run import run_order

    run_order(Order(home=where, vendors_folder=None if vendors is None else str(vendors), fetch=False), where)


def _compared(where: Home, told: ElsewhereFacts, now: datetime) -> list[dict[str, Any]]:
    """What the file changes of what it said before; RegistryError with each line that cannot stand beside a page or
    another file."""
    from pricing_pipeline.errors import RegistryError
    from warehouse.connection import open_warehouse
    from warehouse.imports import last_import, spoken_for

    known: Sequence[ImportedFact] = ()
    if where.warehouse.exists():
        with open_warehouse(where.warehouse, read_only=True) as con:
            known = last_import(con, told.name)
            new = [(fact, place) for fact, place in zip(told.facts, told.places, strict=True) if fact not in known]
            problems = [
                f"{place}: {said}"
                for fact, place in new
                if (said := spoken_for(con, fact, file=told.name, at=now)) is not None
            ]
        if problems:
            raise RegistryError(problems)
    return _differences(known, told.facts, now)


def _differences(known: Sequence[ImportedFact], told: Sequence[ImportedFact], now: datetime) -> list[dict[str, Any]]:
    from pricing_pipeline.elsewhere import claim

    before = {(one.vendor, one.product, claim(one.fact), one.observed): one for one in known}
    after = {(one.vendor, one.product, claim(one.fact), one.observed): one for one in told}
    rows = []
    for key, fact in after.items():
        old = before.get(key)
        if old != fact:
            rows.append(_row("added" if old is None else "replaced", fact, now))
    rows += [_row("ends", fact, now) for key, fact in before.items() if key not in after and fact.end > now]
    return rows


def _row(what: str, fact: ImportedFact, now: datetime) -> dict[str, Any]:
    from pricing_pipeline.facts import Rating
    from pricing_pipeline.publish.phrases import rating, term, term_label

    one = fact.fact
    if isinstance(one, Rating):
        plan, about, value = None, f"rating at {one.publisher}", rating(one)
    else:
        plan, about, value = one.plan, term_label(one), term(one)
    return {
        "what": what if fact.end > now else f"{what} (its last day is over)",
        "product": fact.product,
        "plan": plan,
        "fact": about,
        "value": value,
        "document": fact.document,
        "who": fact.who,
        "observed": fact.observed,
        "until": fact.until,
    }
