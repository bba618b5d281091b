"""Putting right what was misread: `correct`."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.decide import PANEL, By
from pricing_pipeline.cli.options import HomeOption, VendorsOption, home_of
from pricing_pipeline.facts import Evidence, State, Surface, Term, TermKind

if TYPE_CHECKING:
    from pricing_pipeline.home import Home
    from warehouse.corrections import Standing

_COUNTS = (TermKind.ALLOWANCE, TermKind.LIMIT)


def add_to(app: typer.Typer) -> None:
    """Give the application its correcting command."""
    app.command(rich_help_panel=PANEL)(correct)


def correct(
    plan: Annotated[str, typer.Argument(help="The plan: `product.plan` or `vendor/product/plan`.")],
    term: Annotated[TermKind, typer.Argument(help="Which of its facts was misread.")],
    quote: Annotated[str, typer.Option(help="The words of the captured page that say so.")],
    why: Annotated[str, typer.Option(help="What was misread, for those who ask later.")],
    amount: Annotated[str | None, typer.Option(help="The right amount, such as 0.03.")] = None,
    quantity: Annotated[str | None, typer.Option(help="The right quantity, such as 7500.")] = None,
    state: Annotated[State | None, typer.Option(help="The right state, where it is no figure.")] = None,
    currency: Annotated[str | None, typer.Option(help="Of the amount, such as USD, where none was read.")] = None,
    metric: Annotated[str | None, typer.Option(help="What it counts, where the plan has several such facts.")] = None,
    period: Annotated[str | None, typer.Option(help="The billing period, where the plan has several.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it ends at the latest.")] = None,
    by: By = None,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Put a misread fact right, from when it was misread; it is told as a correction, not as the vendor's doing.

    The correction lasts until the page is read otherwise than now: then the page speaks for itself again.

    Example:

        pricing-pipeline correct dagster-plus.solo allowance --metric credit --quantity 5000
            --quote "5,000 credits" --why "read from the column beside it"
    """
    from pricing_pipeline.captures.entries import DecisionEntry
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.cli.output import say
    from warehouse.corrections import details

    where = home_of(home)
    found = _found(where, plan, term, metric, period)
    surface = _surface(where, found, quote)
    right = _right(
        found.term, amount, quantity, state, currency, Evidence(quote=quote, locator="as corrected", surface=surface)
    )
    entry = DecisionEntry(
        action="correct", by=by or getpass.getuser(), at=datetime.now(UTC), why=why,
        details=details(found, right, None if until is None else until.date()),
    )  # fmt: skip
    CaptureLog(where.log).append([entry])
    say(f"corrected the {term} of {plan}, recorded as decided by {entry.by}")
    _carry_out(where, vendors)


def _carry_out(where: Home, vendors: Any) -> None:
    from assets.runner import Order
    from pricing_pipeline.cli.run import run_order

    run_order(Order(home=where, vendors_folder=None if vendors is None else str(vendors), fetch=False), where)


def _found(where: Home, plan: str, term: TermKind, metric: str | None, period: str | None) -> Standing:
    """The one standing fact that is meant. Raises BadParameter where none or several are."""
    from warehouse.connection import open_warehouse
    from warehouse.corrections import standing

    with open_warehouse(where.warehouse, read_only=True) as con:
        of_plan = standing(con, plan)
    matching = [
        one
        for one in of_plan
        if one.term.term is term and metric in (None, one.term.metric) and period in (None, one.term.billing_period)
    ]
    if len(matching) == 1:
        return matching[0]
    choices = "; ".join(sorted({_named(one.term) for one in (matching or of_plan)})) or "none"
    said = "several facts are meant, name --metric or --period" if matching else "no such fact stands"
    raise typer.BadParameter(f"{plan} {term}: {said}; there are: {choices}")


def _named(term: Term) -> str:
    parts = (
        term.term,
        term.metric and f"--metric {term.metric}",
        term.billing_period and f"--period {term.billing_period}",
    )
    return " ".join(part for part in parts if part)


def _surface(where: Home, found: Standing, quote: str) -> Surface:
    """Where on the captured page the quote stands. Raises BadParameter where it does not: nothing is published without
    evidence."""
    from pricing_pipeline.captures.blobs import BlobStore
    from pricing_pipeline.extract.document import read_document

    document = read_document(BlobStore(where.blobs).get(found.sha256), content_type=found.content_type)
    surface = next((one for one in Surface if quote.strip() and document.holds(quote, one)), None)
    if surface is None:
        raise typer.BadParameter(
            f"--quote {quote!r} is not on the captured page of {found.source_id}: copy it from there"
        )
    return surface


def _right(
    term: Term, amount: str | None, quantity: str | None, state: State | None, currency: str | None, evidence: Evidence
) -> Term:
    """The term as it is right. Raises BadParameter where the options say nothing, too much, or what is no number."""
    given = [
        name for name, value in (("amount", amount), ("quantity", quantity), ("state", state)) if value is not None
    ]
    fitting = "quantity" if term.term in _COUNTS else "amount"
    if len(given) != 1 or given[0] not in (fitting, "state") or state is State.STATED:
        raise typer.BadParameter(f"say what is right of this {term.term}: either --{fitting}, or --state but stated")
    bare = replace(term, amount=None, amount_max=None, quantity=None, evidence=evidence, confidence=Decimal(1))
    if state is not None:
        return replace(bare, state=state)
    try:
        number = Decimal(amount or quantity or "")
        if number < 0 or not number.is_finite():
            raise InvalidOperation
        if fitting == "quantity":
            return replace(bare, state=State.STATED, quantity=number)
        if not (currency or term.currency):
            raise typer.BadParameter("an amount needs a --currency, such as USD")
        return replace(bare, state=State.STATED, amount=number, currency=currency or term.currency)
    except (InvalidOperation, ValueError) as error:
        raise typer.BadParameter(f"{amount or quantity!r} is no figure: write it as 7500 or 0.03") from error
