"""Putting right what was misread, missed or made up: `correct`."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.decide import PANEL, By
from pricing_pipeline.cli.options import HomeOption, VendorsOption, home_of
from pricing_pipeline.facts import Evidence, State, Surface, Term, TermKind

if TYPE_CHECKING:
    from pricing_pipeline.home import Home
    from warehouse.corrections import Page, Standing

_COUNTS = (TermKind.ALLOWANCE, TermKind.LIMIT)
_LOCATOR = "as corrected"


def add_to(app: typer.Typer) -> None:
    """Give the application its correcting command."""
    app.command(rich_help_panel=PANEL)(correct)


def correct(
    plan: Annotated[str, typer.Argument(help="The plan: `product.plan` or `vendor/product/plan`.")],
    term: Annotated[
        TermKind, typer.Argument(metavar="TERM", help=f"Which of its facts was misread: {', '.join(TermKind)}.")
    ],
    quote: Annotated[str, typer.Option(help="The words of the captured page that say so.")],
    why: Annotated[str, typer.Option(help="What was misread, for those who ask later.")],
    amount: Annotated[str | None, typer.Option(help="The right amount, such as 0.03.")] = None,
    quantity: Annotated[str | None, typer.Option(help="The right quantity, such as 7500.")] = None,
    state: Annotated[State | None, typer.Option(help="The right state, where it is no figure.")] = None,
    currency: Annotated[str | None, typer.Option(help="Of the amount, such as USD, where none was read.")] = None,
    metric: Annotated[str | None, typer.Option(help="What it counts, where the plan has several such facts.")] = None,
    period: Annotated[str | None, typer.Option(help="The billing period, where the plan has several.")] = None,
    add: Annotated[bool, typer.Option("--add", help="The page says it, and it was not read: add it.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="The page does not say it: take it away.")] = False,
    commitment: Annotated[str | None, typer.Option(help="With --add: what one commits to, such as year.")] = None,
    per: Annotated[str | None, typer.Option(help="With --add: a rate's step, such as 1000.")] = None,
    plan_name: Annotated[str | None, typer.Option(help="With --add: the name of a plan that was missed too.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The day it ends at the latest, as 2027-04-30."),
    ] = None,
    by: By = None,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Put a misread fact right, add one that was missed, or take away one that was made up.

    It is told as a correction, not as the vendor's doing. It lasts until the page is read otherwise than now, or, for
    a fact that was missed, until the words that it is quoted from are gone: then the page speaks for itself again.

    Examples:

        pricing-pipeline correct dagster-plus.solo allowance --metric credit --quantity 5000 \\
            --quote "5,000 credits" --why "read from the column beside it"

        pricing-pipeline correct dagster-plus.solo usage_rate --add --metric credit --amount 0.03 --currency USD \\
            --quote '$0.03 per extra credit' --why "stands in a picture's caption"

        pricing-pipeline correct dagster-plus.solo limit --metric seat --remove \\
            --quote "1 user" --why "the count of customers in a testimonial"
    """
    where, last = home_of(home), None if until is None else until.date()
    if add and remove:
        raise typer.BadParameter("--add and --remove: write one of the two")
    figures = {"amount": amount, "quantity": quantity, "state": state}
    if add:
        keys = {"metric": metric, "period": period, "commitment": commitment, "per": per, "plan_name": plan_name}
        fields, done = _missed(where, plan, term, quote, figures, currency, keys, last), "added"
    elif commitment or per or plan_name:
        raise typer.BadParameter("--commitment, --per and --plan-name are said of a fact that is added: write --add")
    else:
        found = _found(where, plan, term, metric, period)
        right = _evidence(where, found, quote)
        given = [name for name, value in figures.items() if value is not None]
        if remove and given:
            raise typer.BadParameter(f"--remove takes the fact away: leave out --{given[0]}")
        corrected = None if remove else _right(found.term, amount, quantity, state, currency, right)
        fields, done = _details(found, corrected, last), "took away" if remove else "corrected"
        fields = {**fields, "quote": quote} if remove else fields
    _record(where, vendors, fields, by=by or getpass.getuser(), why=why, said=f"{done} the {term} of {plan}")


def _record(where: Home, vendors: Any, fields: Mapping[str, Any], *, by: str, why: str, said: str) -> None:
    """Write the decision to the log, and carry it out."""
    from assets.runner import Order
    from pricing_pipeline.captures.entries import DecisionEntry
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import run_order

    entry = DecisionEntry(action="correct", by=by, at=datetime.now(UTC), why=why, details=fields)
    CaptureLog(where.log).append([entry])
    say(f"{said}, recorded as decided by {by}")
    run_order(Order(home=where, vendors_folder=None if vendors is None else str(vendors), fetch=False), where)


def _details(found: Standing, corrected: Term | None, until: date | None) -> Mapping[str, Any]:
    from warehouse.corrections import details

    return details(found, corrected, until)


def _missed(
    where: Home, plan: str, kind: TermKind, quote: str, figures: Mapping[str, Any], currency: str | None,
    keys: Mapping[str, str | None], until: date | None,
) -> Mapping[str, Any]:  # fmt: skip
    """What is recorded of a fact that the page states and that was not read. Raises BadParameter where it was."""
    from warehouse.changes import plan_name
    from warehouse.connection import open_warehouse
    from warehouse.corrections import details_of_missed, pages, standing

    with open_warehouse(where.warehouse, read_only=True) as con:
        found, known = pages(con, plan), [one.term for one in standing(con, plan)]
    if len(found) != 1:
        said = "several vendors sell it, write vendor/product/plan" if found else "no page of its product was read"
        raise typer.BadParameter(f"{plan}: {said}")
    if kind in (*_COUNTS, TermKind.USAGE_RATE) and keys["metric"] is None:
        raise typer.BadParameter(f"an added {kind} needs a --metric, such as credit")
    if kind is TermKind.RECURRING_FEE and keys["period"] is None and figures["amount"] is not None:
        raise typer.BadParameter("an added fee needs a --period, such as month")
    page = found[0]
    bare = Term(
        plan=plan_name(plan)[2], term=kind, metric=keys["metric"], state=State.NOT_STATED,
        billing_period=keys["period"],
        commitment=keys["commitment"] or (keys["period"] if kind is TermKind.RECURRING_FEE else None),
        per_quantity=None if keys["per"] is None else _number(keys["per"]),
        evidence=_evidence(where, page, quote),
    )  # fmt: skip
    term = _right(bare, figures["amount"], figures["quantity"], figures["state"], currency, bare.evidence)
    if any(one.key == term.key for one in known):
        raise typer.BadParameter(f"{plan} {kind}: that fact is read already; leave out --add to correct it")
    return details_of_missed(page, term, until, keys["plan_name"])


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


def _evidence(where: Home, found: Page, quote: str) -> Evidence:
    """The quote with where on the captured page it stands. Raises BadParameter where it does not: nothing is published
    without evidence."""
    from pricing_pipeline.captures.blobs import BlobStore
    from pricing_pipeline.extract.document import read_document

    document = read_document(BlobStore(where.blobs).get(found.sha256), content_type=found.content_type)
    surface = next((one for one in Surface if quote.strip() and document.holds(quote, one)), None)
    if surface is None:
        raise typer.BadParameter(
            f"--quote {quote!r} is not on the captured page of {found.source_id}: copy it from there"
        )
    return Evidence(quote=quote, locator=_LOCATOR, surface=surface)


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
    number = _number(amount or quantity or "")
    try:
        if fitting == "quantity":
            return replace(bare, state=State.STATED, quantity=number)
        if not (currency or term.currency):
            raise typer.BadParameter("an amount needs a --currency, such as USD")
        return replace(bare, state=State.STATED, amount=number, currency=currency or term.currency)
    except ValueError as error:
        raise typer.BadParameter(f"{amount or quantity!r} is no figure: write it as 7500 or 0.03") from error


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise typer.BadParameter(f"{text!r} is no figure: write it as 7500 or 0.03")
    return number
