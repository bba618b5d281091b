"""Which plan is the cheapest at a workload: of its product, and of all products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pricing_pipeline.results import Cost, PricedPlan

Hosted = Mapping[tuple[str, str, str], bool]


def rank(priced: Iterable[PricedPlan], hosted: Hosted) -> tuple[PricedPlan, ...]:
    """The same plans in the same order, each with its rank within product, workload and currency.

    Only hosted, self-service plans with a figure are ranked; `hosted` is by (vendor, product, plan), true where it is
    silent. A range ranks by its upper bound, plans that tie share a rank, so several may be the cheapest.
    """
    return _ranked(priced, hosted, across=False)


def rank_across(priced: Iterable[PricedPlan], hosted: Hosted) -> tuple[PricedPlan, ...]:
    """The same over all products: ranks within workload and currency."""
    return _ranked(priced, hosted, across=True)


def cheapest(ranked: Iterable[PricedPlan]) -> tuple[PricedPlan, ...]:
    """Those that rank first, in the order given."""
    return tuple(plan for plan in ranked if plan.rank == 1)


def _ranked(priced: Iterable[PricedPlan], hosted: Hosted, *, across: bool) -> tuple[PricedPlan, ...]:
    plans = tuple(priced)
    fields: dict[tuple[str, ...], list[Cost]] = defaultdict(list)
    for plan in plans:
        if _competes(plan, hosted):
            fields[_field(plan, across=across)].append(plan.cost)
    return tuple(
        replace(plan, rank=_rank(plan.cost, fields[_field(plan, across=across)]) if _competes(plan, hosted) else None)
        for plan in plans
    )


def _competes(plan: PricedPlan, hosted: Hosted) -> bool:
    return plan.cost.high is not None and hosted.get((plan.vendor, plan.product, plan.plan), True)


def _field(plan: PricedPlan, *, across: bool) -> tuple[str, ...]:
    return (plan.workload,) if across else (plan.workload, plan.vendor, plan.product)


def _rank(cost: Cost, rivals: Iterable[Cost]) -> int:
    """One more than the number of cheaper bills in its currency; what is free is cheaper than a bill in any."""
    return 1 + sum(_is_cheaper(rival, cost) for rival in rivals)


def _is_cheaper(one: Cost, other: Cost) -> bool:
    assert one.high is not None
    assert other.high is not None
    return one.high < other.high and (one.currency == other.currency or not one.high)
