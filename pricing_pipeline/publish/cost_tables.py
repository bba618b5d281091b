"""What plans cost a month at workloads, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.catalog import StandingPlan
from pricing_pipeline.facts import State, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import (
    Cell,
    Column,
    Row,
    Table,
    cost_cell,
    cost_id,
    not_applicable,
    plan_column,
    term_id,
)
from pricing_pipeline.publish.shelf import Shelf, documents
from pricing_pipeline.results import Cost, CostState, PricedPlan, Workload
from pricing_pipeline.wording import money

_NO_COST = frozenset({CostState.CONTACT_SALES, CostState.NOT_APPLICABLE})
# What may still be had where no plan has a figure, the likeliest first.
_ASKED = (CostState.CONTACT_SALES, CostState.UNKNOWN)
_OPEN = (*_ASKED, CostState.INFEASIBLE, CostState.NOT_APPLICABLE)
_Priced = dict[tuple[str, str, str], PricedPlan]


def own_cost_table(shelf: Shelf, product: str) -> Table:
    """What every plan of a product costs a month at the allowances of its own plans, before and after they changed."""
    table = cost_table(shelf, [product], shelf.workloads_own.get(product, []))
    caption = f"What {shelf.names.product(product)} costs a month at the allowances of its plans"
    return replace(table, slug=f"own-costs-{product}", caption=caption)


def cost_table(shelf: Shelf, products: Sequence[str], workloads: Sequence[Workload]) -> Table:
    """What the plans of some products cost a month at each workload, the cheapest of each product marked.

    Plans that have a cost at none of them are left out, and the table's note says why.
    """
    plans = [plan for product in products for plan in shelf.plans.get(product, ())]
    priced = {(p.product, p.plan, p.workload): p for product in products for p in shelf.costs.get(product, ())}
    shown = [plan for plan in plans if any(_is_told(priced.get(_at(plan, workload)), plan) for workload in workloads)]
    columns = (plan_column(plan, shelf.names.product(plan.product) if len(products) > 1 else "") for plan in shown)
    costs = "cost" if len(products) > 1 else "costs"
    return Table(
        slug="costs",
        caption=f"What {phrases.listed([shelf.names.product(product) for product in products])} {costs} a month",
        corner="Workload",
        columns=tuple(columns),
        rows=tuple(_cost_row(shelf, workload, shown, priced) for workload in workloads) if shown else (),
        note=_left_out(shelf, [plan for plan in plans if plan not in shown]),
    )


def _at(plan: StandingPlan, workload: Workload) -> tuple[str, str, str]:
    return (plan.product, plan.plan.slug, workload.slug)


def _is_told(priced: PricedPlan | None, plan: StandingPlan) -> bool:
    """Whether there is more to say of a plan at a workload than how it is sold."""
    return plan.hosted and priced is not None and priced.cost.state not in _NO_COST


def _left_out(shelf: Shelf, plans: Sequence[StandingPlan]) -> str:
    """Which plans a table has no column for, and why."""
    reasons: dict[str, list[str]] = {}
    for plan in plans:
        on_request = "sold by contact" if plan.plan.state is State.CONTACT_SALES else "no cost is known"
        name = f"{shelf.names.product(plan.product)} {phrases.line(plan.plan.name, 60)}"
        reasons.setdefault(on_request if plan.hosted else "you run it yourself", []).append(name)
    said = [f"{phrases.listed(names)} ({reason})" for reason, names in reasons.items()]
    return f"Not in this table: {phrases.listed(said)}." if said else ""


def named_workloads(shelf: Shelf, products: Sequence[str]) -> list[Workload]:
    """The named workloads at which some products can be compared."""
    return [one for one in shelf.workloads_named if not one.products or set(one.products) & set(products)]


def picks(shelf: Shelf, products: Sequence[str], workloads: Sequence[Workload]) -> Table:
    """Which plan of each product costs least at each workload, the least of all marked; why there is none otherwise."""
    rows = []
    for workload in workloads:
        cells = [_pick(shelf, product, workload) for product in products]
        least = _least(shelf, products, workload)
        if any(cell.figure or cell.lead for cell in cells):
            marked = tuple(replace(cell, best=cell.figure in least) for cell in cells)
            rows.append(Row(label=phrases.line(workload.name, 120), cells=marked))
    return Table(
        slug="picks",
        caption="The plan that costs least a month",
        corner="Your use",
        columns=tuple(Column(label=shelf.names.product(product)) for product in products),
        rows=tuple(rows),
    )


def _pick(shelf: Shelf, product: str, workload: Workload) -> Cell:
    """The plan of a product that costs least; else the one that might do, with what its page leaves open."""
    names = {plan.plan.slug: phrases.line(plan.plan.name, 60) for plan in shelf.plans.get(product, ()) if plan.hosted}
    found = [one for one in shelf.costs.get(product, ()) if one.workload == workload.slug and one.plan in names]
    ranked = [one for one in found if one.rank == 1]
    if len({one.cost.currency for one in ranked if one.cost.high}) > 1:
        return Cell(text="Priced in several currencies", state=CostState.UNKNOWN.value)
    if ranked:
        least = cost_cell(ranked[0], documents(shelf.basis(ranked[0])))
        tied = [names[one.plan] for one in ranked if phrases.cost(one.cost) == least.text]
        return replace(_with_commitment(least, shelf, ranked[0]), lead=phrases.listed(tied), note="")
    for state in _OPEN:
        if left := [names[one.plan] for one in found if one.cost.state is state]:
            lead = phrases.listed(left) if state in _ASKED else ""
            return Cell(text=phrases.cost(Cost(state=state)), state=state.value, lead=lead)
    return not_applicable()


def _least(shelf: Shelf, products: Sequence[str], workload: Workload) -> set[str]:
    """The ids of the least costs of all at a workload; none where a range or another currency is among the first."""
    first = [
        one
        for product in products
        for one in shelf.costs.get(product, ())
        if one.workload == workload.slug and one.rank == 1
    ]
    alike = {(one.cost.currency, one.cost.state is CostState.EXACT) for one in first}
    if len({one.product for one in first}) < 2 or len(alike) > 1 or not all(is_exact for _, is_exact in alike):
        return set()
    low = min(one.cost.low for one in first if one.cost.low is not None)
    return {cost_id(one) for one in first if one.cost.low == low}


def _cost_row(shelf: Shelf, workload: Workload, plans: Sequence[StandingPlan], priced: _Priced) -> Row:
    cells: list[Cell] = []
    ranked = []
    for plan in plans:
        found = priced.get(_at(plan, workload))
        if found is None:
            cells.append(not_applicable())
            continue
        resting = documents(shelf.basis(found)) or (plan.provenance,)
        has_rivals = sum(other.product == plan.product for other in plans) > 1
        best = found.rank == 1 and has_rivals
        cell = cost_cell(found, resting, best=best, reason_figure=reason_figure(shelf, found))
        cells.append(_with_commitment(cell, shelf, found))
        if found.rank is not None and found.cost.state is CostState.EXACT and found.cost.low is not None:
            ranked.append((found.cost.low, found.cost.currency, plan))
    return Row(label=phrases.line(workload.name, 120), cells=tuple(cells), note=_cheapest_note(shelf, ranked))


def _with_commitment(cell: Cell, shelf: Shelf, priced: PricedPlan) -> Cell:
    """A cost with what it takes to pay only that: a month of a year's contract cannot be had by itself."""
    fees = (row.term for row in shelf.basis(priced) if row.term.term is TermKind.RECURRING_FEE and row.term.amount)
    is_yearly = any("year" in (fee.billing_period, fee.commitment) for fee in fees)
    return replace(cell, text=f"{cell.text}, billed annually") if is_yearly and cell.value else cell


def reason_figure(shelf: Shelf, priced: PricedPlan) -> str | None:
    """The id of the term for which a plan has no figure at a workload; None where it has one, or the term is gone."""
    keys = (
        step.term_key for step in priced.cost.steps if step.text == priced.cost.reason and step.term_key is not None
    )
    standing = (shelf.terms_by_key.get((priced.product, key)) for key in keys)
    return next((term_id(one) for one in standing if one is not None), None)


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
    return f"Cheapest: {phrases.listed(names)} at {money(low, ranked[0][1])}"
