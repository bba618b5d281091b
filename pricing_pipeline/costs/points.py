"""The workloads at which a change is judged: the named ones, and each plan's own allowance before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pricing_pipeline.addons import SEAT
from pricing_pipeline.facts import Plan, Surface, Term, TermKind
from pricing_pipeline.periods import monthly_quantity
from pricing_pipeline.results import Offer, Workload
from pricing_pipeline.wording import counted, text


def grid(before: Offer, after: Offer, workloads: Iterable[Workload], *, product: str) -> tuple[Workload, ...]:
    """The named workloads that are meant for the product, then every plan's allowance points, each once."""
    named = [workload for workload in workloads if not workload.products or product in workload.products]
    own = (point for points in allowance_points(before, after, product=product).values() for point in points)
    return tuple({workload.slug: workload for workload in (*named, *own)}.values())


def allowance_points(before: Offer, after: Offer, *, product: str) -> Mapping[str, tuple[Workload, ...]]:
    """For each plan, one workload per allowance that it states before or after: as much as is included, on one seat."""
    plans = {plan.slug: plan for plan in (*before.plans, *after.plans)}
    found: dict[str, tuple[Workload, ...]] = {}
    for slug in sorted(plans):
        terms = (term for term in (*before.terms, *after.terms) if term.plan in (slug, None))
        points = {point.slug: point for term in terms if (point := _point(term, plans[slug], product))}
        found[slug] = tuple(points[key] for key in sorted(points))
    return found


def _point(term: Term, plan: Plan, product: str) -> Workload | None:
    if term.term is not TermKind.ALLOWANCE or term.metric is None or term.evidence.surface is Surface.INACTIVE_PANE:
        return None
    quantity = monthly_quantity(term)
    if not quantity or quantity < 0:
        return None
    quantity = round(quantity, 10)
    return Workload(
        slug=f"own-{product}-{plan.slug}-{term.metric}-{text(quantity)}",
        name=f"{counted(quantity, term.metric)} ({plan.name}'s allowance)",
        usage={SEAT: Decimal(1), term.metric: quantity},
        products=(product,),
    )
