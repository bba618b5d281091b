"""What a step from one offer to the next does to the bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pricing_pipeline.costs.offers import price_plan, product_metrics
from pricing_pipeline.costs.points import allowance_points
from pricing_pipeline.facts import Plan
from pricing_pipeline.results import Cost, CostEffect, Offer, Workload

_NONE_RENAMED: Mapping[str, str] = {}


def effects(
    before: Offer,
    after: Offer,
    *,
    product: str,
    workloads: Iterable[Workload],
    renamed: Mapping[str, str] = _NONE_RENAMED,
    metrics: frozenset[str] = frozenset(),
) -> tuple[CostEffect, ...]:
    """Every plan that stands before and after, at its own allowance points and the named workloads where its cost
    differs.

    `renamed` leads from a plan's old slug to its new one; `metrics` are those that the product mentioned even earlier.
    The effects are in order of plan and, within it, own points first, then the named workloads as given.
    """
    named = tuple(workload for workload in workloads if not workload.products or product in workload.products)
    known = metrics | product_metrics(before, after)
    points = allowance_points(before, after, product=product)
    earlier = {renamed.get(plan.slug, plan.slug): plan for plan in before.plans}
    found: list[CostEffect] = []
    for plan in sorted(after.plans, key=lambda plan: plan.slug):
        old = earlier.get(plan.slug)
        if old is None:
            continue
        own = (*points.get(old.slug, ()), *points.get(plan.slug, ()))
        for workload in {point.slug: point for point in (*own, *named)}.values():
            effect = _effect(before, old, after, plan, workload, known)
            if not _same(effect.before, effect.after):
                found.append(effect)
    return tuple(found)


def _effect(
    before: Offer, old: Plan, after: Offer, plan: Plan, workload: Workload, metrics: frozenset[str]
) -> CostEffect:
    return CostEffect(
        workload=workload.slug,
        workload_name=workload.name,
        plan=plan.slug,
        before=price_plan(before, old, workload, metrics=metrics),
        after=price_plan(after, plan, workload, metrics=metrics),
    )


def _same(one: Cost, other: Cost) -> bool:
    return (one.state, one.low, one.high) == (other.state, other.low, other.high) and (
        one.currency == other.currency or not one.high
    )
