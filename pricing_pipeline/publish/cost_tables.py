"""What plans cost a month at workloads, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.catalog import StandingPlan
from pricing_pipeline.facts import State
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import Cell, Row, Table, cost_cell, not_applicable, plan_column, term_id
from pricing_pipeline.publish.shelf import Shelf, oldest
from pricing_pipeline.results import CostState, PricedPlan, Workload
from pricing_pipeline.wording import money

_NO_COST = frozenset({CostState.CONTACT_SALES, CostState.NOT_APPLICABLE})
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


def _cost_row(shelf: Shelf, workload: Workload, plans: Sequence[StandingPlan], priced: _Priced) -> Row:
    cells: list[Cell] = []
    ranked = []
    for plan in plans:
        found = priced.get(_at(plan, workload))
        if found is None:
            cells.append(not_applicable())
            continue
        resting = oldest(shelf.basis(found)) or plan.provenance
        cells.append(cost_cell(found, resting, best=found.rank == 1, reason_figure=reason_figure(shelf, found)))
        if found.rank is not None and found.cost.state is CostState.EXACT and found.cost.low is not None:
            ranked.append((found.cost.low, found.cost.currency, plan))
    return Row(label=phrases.line(workload.name, 120), cells=tuple(cells), note=_cheapest_note(shelf, ranked))


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
