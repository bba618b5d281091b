"""Comparison tables as pure values: pricing tiers, cost at workloads, ratings side by side, products at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.addons import is_addon
from pricing_pipeline.facts import GateState, SourceKind, State, Surface, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import (
    Cell,
    Column,
    Row,
    Table,
    absent,
    change_anchor,
    not_applicable,
    price_of_plan,
    rating_cell,
    term_cell,
)
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import publisher as publisher_name


def ratings_table(shelf: Shelf, products: Sequence[str]) -> Table:
    """Ratings side by side: a row for each publisher, a column for each product, never an average of publishers."""
    publishers: dict[str, None] = {}
    for product in products:
        for source in shelf.sources.get(product, ()):
            if source.kind is SourceKind.REVIEWS:
                publishers.setdefault(source.publisher or "", None)
        for standing in shelf.ratings.get(product, ()):
            publishers.setdefault(standing.rating.publisher or "", None)
    rows = tuple(
        Row(label=publisher_name(publisher), cells=tuple(_rating(shelf, product, publisher) for product in products))
        for publisher in publishers
    )
    columns = tuple(Column(label=shelf.names.product(product)) for product in products)
    return Table(
        slug="ratings", caption="Ratings by publisher, side by side", corner="Publisher", columns=columns, rows=rows
    )


def _rating(shelf: Shelf, product: str, publisher: str) -> Cell:
    for standing in shelf.ratings.get(product, ()):
        if (standing.rating.publisher or "") == publisher:
            cell = rating_cell(standing)
            return replace(cell, note=cell.note or f"read {phrases.day(standing.provenance.captured_at)}")
    reviews = (source for source in shelf.sources.get(product, ()) if source.kind is SourceKind.REVIEWS)
    watched = next((source for source in reviews if (source.publisher or "") == publisher), None)
    if watched is None:
        return not_applicable("not watched there")
    state = shelf.states.get(watched.id)
    was_read = state is not None and state.verified_at is not None
    return absent(State.NOT_STATED) if was_read else replace(absent(State.NOT_STATED), text="Not read yet")


def at_a_glance(shelf: Shelf, products: Sequence[str]) -> Table:
    """The few figures by which one tells products apart, computed from what stands."""
    columns = tuple(Column(label=shelf.names.product(product)) for product in products)
    rows = [
        Row(label="Free plan", cells=tuple(_free_plan(shelf, product) for product in products)),
        Row(label="Cheapest paid plan", cells=tuple(_entry_price(shelf, product) for product in products)),
        Row(label="Plans", cells=tuple(_plan_count(shelf, product) for product in products)),
        Row(label="Last change of terms", cells=tuple(_last_change(shelf, product) for product in products)),
    ]
    return Table(slug="glance", caption="At a glance", corner="", columns=columns, rows=tuple(rows))


def _free_plan(shelf: Shelf, product: str) -> Cell:
    free = [plan for plan in shelf.plans.get(product, ()) if plan.plan.state is State.FREE]
    if not free:
        stated = bool(shelf.plans.get(product))
        return Cell(text="None", state="none") if stated else absent(State.NOT_STATED)
    names = ", ".join(
        phrases.line(plan.plan.name, 60) + ("" if plan.hosted else " (you run it yourself)") for plan in free
    )
    return replace(price_of_plan(free[0]), lead=names)


def _entry_price(shelf: Shelf, product: str) -> Cell:
    """The least visible monthly fee, add-ons apart. Fees per seat count for one seat, which is what the cell says."""
    rows = shelf.terms.get(product, ())
    fees = [row for row in rows if _is_entry(row.term) and not is_addon(row.term, (other.term for other in rows))]
    currencies = {row.term.currency for row in fees}
    if not fees or len(currencies) > 1:
        return absent(State.NOT_STATED)
    least = min(fees, key=lambda row: row.term.amount or Decimal(0))
    name = next(
        (p.plan.name for p in shelf.plans.get(product, ()) if p.plan.slug == least.term.plan), least.term.plan or ""
    )
    return replace(term_cell(least), lead=phrases.line(name, 60))


def _is_entry(term: Term) -> bool:
    visible = term.evidence.surface is not Surface.INACTIVE_PANE
    return visible and term.term is TermKind.RECURRING_FEE and term.billing_period == "month" and bool(term.amount)


def _plan_count(shelf: Shelf, product: str) -> Cell:
    plans = shelf.plans.get(product, [])
    if not plans:
        return absent(State.NOT_STATED)
    names = ", ".join(phrases.line(plan.plan.name, 60) for plan in plans)
    return Cell(
        text=f"{len(plans)}: {names}", state="amount", value=Decimal(len(plans)), provenance=plans[0].provenance
    )


def _last_change(shelf: Shelf, product: str) -> Cell:
    told = [change for change in shelf.told([product]) if change.state is GateState.ACCEPTED]
    if not told:
        return Cell(text="None seen", state="none")
    day, verdict = phrases.day(told[0].observed_at), phrases.line(told[0].verdict, 300)
    return Cell(text=day, state="amount", figure=change_anchor(told[0]), note=verdict)
