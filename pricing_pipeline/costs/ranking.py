"""Which plan is the cheapest at a workload: of its product, and of all products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pricing_pipeline.exchange import Exchange
from pricing_pipeline.results import Cost, PricedPlan

Hosted = Mapping[tuple[str, str, str], bool]


def rank(priced: Iterable[PricedPlan], hosted: Hosted) -> tuple[PricedPlan, ...]:
    """The same plans in the same order, each with its rank within product, workload and currency.

    Only hosted, self-service plans with a figure are ranked; `hosted` is by (vendor, product, plan), true where it is
    silent. A range ranks by its upper bound, plans that tie share a rank, so several may be the cheapest.
    """
    return _ranked(priced, hosted, across=False)


def rank_across(
    priced: Iterable[PricedPlan], hosted: Hosted, exchange: Exchange | None = None
) -> tuple[PricedPlan, ...]:
    """The same over all products: ranks within workload and currency, or within workload alone by dated rates."""
    return _ranked(priced, hosted, across=True, exchange=exchange)


def cheapest(ranked: Iterable[PricedPlan]) -> tuple[PricedPlan, ...]:
    """Those that rank first, in the order given."""
    return tuple(plan for plan in ranked if plan.rank == 1)


def _ranked(
    priced: Iterable[PricedPlan], hosted: Hosted, *, across: bool, exchange: Exchange | None = None
) -> tuple[PricedPlan, ...]:
    plans = tuple(priced)
    fields: dict[tuple[str, ...], list[Cost]] = defaultdict(list)
    for plan in plans:
        if _competes(plan, hosted):
            fields[_field(plan, across=across)].append(plan.cost)
    return tuple(
        replace(plan, rank=_rank(plan.cost, fields[_field(plan, across=across)], exchange))
        if _competes(plan, hosted)
        else replace(plan, rank=None)
        for plan in plans
    )


def _competes(plan: PricedPlan, hosted: Hosted) -> bool:
    return plan.cost.high is not None and hosted.get((plan.vendor, plan.product, plan.plan), True)


def _field(plan: PricedPlan, *, across: bool) -> tuple[str, ...]:
    return (plan.workload,) if across else (plan.workload, plan.vendor, plan.product)


def _rank(cost: Cost, rivals: Iterable[Cost], exchange: Exchange | None) -> int:
    """One more than the number of cheaper bills that it can be compared with."""
    return 1 + sum(_is_cheaper(rival, cost, exchange) for rival in rivals)


def _is_cheaper(one: Cost, other: Cost, exchange: Exchange | None) -> bool:
    """Within a currency, or by a rate; what is free is cheaper than a bill in any."""
    assert one.high is not None
    assert other.high is not None
    if one.currency == other.currency or not one.high:
        return one.high < other.high
    if exchange is None:
        return False
    worth = [exchange.worth(cost.high, cost.currency) for cost in (one, other) if cost.high is not None]
    return None not in worth and worth[0] < worth[1]  # type: ignore[operator]  # neither is None
