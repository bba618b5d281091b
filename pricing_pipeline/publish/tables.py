"""Comparison tables as pure values: pricing tiers, cost at workloads, ratings side by side, products at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.catalog import StandingPlan, StandingTerm
from pricing_pipeline.facts import SourceKind, State, Surface, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import (
    Cell,
    Column,
    Row,
    Table,
    absent,
    cost_cell,
    not_applicable,
    price_of_plan,
    rating_cell,
    term_cell,
)
from pricing_pipeline.publish.shelf import Shelf, oldest
from pricing_pipeline.results import CostState, PricedPlan, Workload
from pricing_pipeline.wording import money, noun

_KIND_ORDER = (
    TermKind.RECURRING_FEE,
    TermKind.MINIMUM_SPEND,
    TermKind.ALLOWANCE,
    TermKind.USAGE_RATE,
    TermKind.LIMIT,
    TermKind.ONE_TIME_FEE,
    TermKind.UNIT_DEFINITION,
)
_OF_HOSTING = frozenset({TermKind.ALLOWANCE, TermKind.USAGE_RATE, TermKind.LIMIT, TermKind.MINIMUM_SPEND})
_Line = dict[str | None, StandingTerm]


def pricing_tiers(shelf: Shelf, product: str) -> Table:
    """Every plan of a product with all its terms: a column for each plan, a row for each kind of term."""
    plans = shelf.plans.get(product, [])
    name = shelf.names.product(product)
    lines = _lines(shelf.terms.get(product, []))
    rows = [_tier_row(label, kind, line, plans, shelf) for (kind, label), line in lines.items()]
    if not any(kind is TermKind.RECURRING_FEE for kind, _ in lines) and plans:
        rows.insert(0, Row(label="Price", cells=tuple(price_of_plan(plan) for plan in plans)))
    columns = tuple(_plan_column(plan) for plan in plans)
    return Table(
        slug=f"tiers-{product}",
        caption=f"{name}: every plan and its terms",
        corner="Term",
        columns=columns,
        rows=tuple(rows),
    )


def _plan_column(plan: StandingPlan, group: str = "") -> Column:
    return Column(
        label=phrases.line(plan.plan.name, 60),
        group=group,
        note="" if plan.hosted else "you run it yourself",
        plan=(plan.product, plan.plan.slug),
    )


def _lines(terms: Sequence[StandingTerm]) -> dict[tuple[TermKind, str], _Line]:
    """Terms by kind and row heading; two of one plan under one heading get headings that tell them apart."""
    lines: dict[tuple[TermKind, str], _Line] = {}
    for standing in sorted(terms, key=lambda row: _KIND_ORDER.index(row.term.term)):
        for label in _headings(standing.term):
            line = lines.setdefault((standing.term.term, label), {})
            if line.setdefault(standing.term.plan, standing) is standing:
                break
    return lines


def _headings(term: Term) -> list[str]:
    """Headings for a term, each more particular than the one before it; the last is its own alone."""
    heading, found = phrases.term_label(term), []
    found.append(heading)
    particulars = (noun(term.metric) if term.metric else None, term.currency, term.country, term.unit_as_printed)
    for particular in (*particulars, phrases.line(term.evidence.quote, 80), "-".join(str(part) for part in term.key)):
        if particular:
            heading = f"{heading} ({phrases.line(particular, 60)})"
            found.append(heading)
    return found


def _tier_row(label: str, kind: TermKind, line: _Line, plans: Sequence[StandingPlan], shelf: Shelf) -> Row:
    hidden = all(standing.term.evidence.surface is Surface.INACTIVE_PANE for standing in line.values())
    note = "shown on the page after a switch of the billing period" if hidden else ""
    return Row(label=label, cells=tuple(_tier_cell(kind, line, plan, shelf) for plan in plans), note=note)


def _tier_cell(kind: TermKind, line: _Line, plan: StandingPlan, shelf: Shelf) -> Cell:
    of_hosting = not plan.hosted and kind in _OF_HOSTING
    standing = line.get(plan.plan.slug) or (None if of_hosting else line.get(None))
    if standing is not None:
        return term_cell(standing)
    own = [row.term for row in shelf.terms.get(plan.product, ()) if row.term.plan == plan.plan.slug]
    if kind is TermKind.RECURRING_FEE:
        return absent(State.NOT_STATED) if any(term.term is kind for term in own) else price_of_plan(plan)
    metric = next(iter(line.values())).term.metric
    if kind is TermKind.USAGE_RATE and any(_unlimited(term, metric) for term in own):
        return not_applicable("use is unlimited")
    if of_hosting:
        return not_applicable()
    return absent(State.NOT_STATED)


def _unlimited(term: Term, metric: str | None) -> bool:
    return term.metric == metric and term.term is TermKind.ALLOWANCE and term.state is State.UNLIMITED


def own_cost_table(shelf: Shelf, product: str) -> Table:
    """What every plan of a product costs a month at the allowances of its own plans, before and after they changed."""
    table = cost_table(shelf, [product], shelf.workloads_own.get(product, []))
    caption = f"What {shelf.names.product(product)} costs a month at the allowances of its plans"
    return replace(table, slug=f"own-costs-{product}", caption=caption)


def cost_table(shelf: Shelf, products: Sequence[str], workloads: Sequence[Workload]) -> Table:
    """What every plan of some products costs a month at each workload, the cheapest of each product marked."""
    plans = [plan for product in products for plan in shelf.plans.get(product, ())]
    priced = {(p.product, p.plan, p.workload): p for product in products for p in shelf.costs.get(product, ())}
    rows = [_cost_row(shelf, workload, plans, priced) for workload in workloads]
    columns = tuple(_plan_column(plan, shelf.names.product(plan.product) if len(products) > 1 else "") for plan in plans)
    costs = "cost" if len(products) > 1 else "costs"
    caption = f"What {_and([shelf.names.product(product) for product in products])} {costs} a month"
    return Table(slug="costs", caption=caption, corner="Workload", columns=columns, rows=tuple(rows))


def named_workloads(shelf: Shelf, products: Sequence[str]) -> list[Workload]:
    """The named workloads at which some products can be compared."""
    return [one for one in shelf.workloads_named if not one.products or set(one.products) & set(products)]


_Priced = dict[tuple[str, str, str], PricedPlan]


def _cost_row(shelf: Shelf, workload: Workload, plans: Sequence[StandingPlan], priced: _Priced) -> Row:
    cells, ranked = [], []
    for plan in plans:
        found = priced.get((plan.product, plan.plan.slug, workload.slug))
        if found is None:
            cells.append(not_applicable())
            continue
        cells.append(cost_cell(found, oldest(shelf.basis(found)) or plan.provenance, best=found.rank == 1))
        if found.rank is not None and found.cost.state is CostState.EXACT and found.cost.low is not None:
            ranked.append((found.cost.low, found.cost.currency, plan))
    return Row(label=phrases.line(workload.name, 120), cells=tuple(cells), note=_cheapest_note(shelf, ranked))


def _cheapest_note(shelf: Shelf, ranked: list[tuple[Decimal, str | None, StandingPlan]]) -> str:
    """Which plan costs least of all, or nothing where currencies differ."""
    if not ranked or len({currency for _, currency, _ in ranked}) > 1:
        return ""
    low = min(cost for cost, _, _ in ranked)
    names = [
        f"{shelf.names.product(plan.product)} {phrases.line(plan.plan.name, 60)}"
        for cost, _, plan in ranked
        if cost == low
    ]
    return f"Cheapest: {_and(names)} at {money(low, ranked[0][1])}"


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
            return replace(rating_cell(standing), note=f"read {phrases.day(standing.provenance.captured_at)}")
    watched = any(
        (s.publisher or "") == publisher for s in shelf.sources.get(product, ()) if s.kind is SourceKind.REVIEWS
    )
    return absent(State.NOT_STATED) if watched else not_applicable("not watched there")


def publisher_name(slug: str) -> str:
    """A publisher as it is called."""
    known = {"g2": "G2", "": "The vendor's own page", "trustradius": "TrustRadius", "gartner": "Gartner Peer Insights"}
    return known.get(slug) or slug.replace("-", " ").title()


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
    """The least visible monthly fee. Fees per seat count for one seat, which is what the cell says."""
    fees = [row for row in shelf.terms.get(product, ()) if _is_entry(row.term)]
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
    told = shelf.told([product])
    if not told:
        return Cell(text="None seen", state="none")
    return Cell(text=phrases.day(told[0].observed_at), state="amount", note=phrases.line(told[0].verdict, 300))


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}" if names else ""
