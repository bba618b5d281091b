"""Pricing everything that a product offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.bill_lines import Charges
from pricing_pipeline.costs.bill import charges_of
from pricing_pipeline.facts import Plan, State, Surface, Term
from pricing_pipeline.identical import Identical
from pricing_pipeline.results import Cost, Offer, PricedPlan, Workload

ALL_HOSTED: Mapping[str, bool] = {}
# One change of a page is priced again and again: for its effects, for what is cheapest before and after, for what stands.
_REMEMBERED_COSTS = 2_048
_REMEMBERED_PLANS = 64


def product_metrics(*offers: Offer) -> frozenset[str]:
    """Every metric that a product mentions in any of these offers (now and before)."""
    terms = (term for offer in offers for term in offer.terms)
    return frozenset(
        term.metric for term in terms if term.metric and term.evidence.surface is not Surface.INACTIVE_PANE
    )


def price_plan(
    offer: Offer,
    plan: Plan,
    workload: Workload,
    *,
    metrics: frozenset[str],
    is_hosted: bool = True,
    commitment: str | None = None,
) -> Cost:
    """One plan of an offer at one workload.

    The product-wide prices are those of the vendor's service; an edition that one runs oneself has only its own terms.
    """
    terms = offer.terms if is_hosted else [term for term in offer.terms if term.plan is not None]
    usage = tuple(workload.usage.items())
    return _cost(plan.slug, plan.state, Identical(terms), usage, metrics=metrics, commitment=commitment)


def price_offer(
    offer: Offer,
    workloads: Iterable[Workload],
    *,
    vendor: str,
    product: str,
    metrics: frozenset[str] | None = None,
    hosted: Mapping[str, bool] = ALL_HOSTED,
    commitment: str | None = None,
) -> tuple[PricedPlan, ...]:
    """Every plan at every workload that is meant for the product: by workload, then plans by their place on the page.

    `metrics` are all that the product has ever mentioned; those of this offer where it is left out. `hosted` is by plan
    slug, true where it is silent; `commitment` is what `price` takes.
    """
    known = product_metrics(offer) if metrics is None else metrics

    def priced(plan: Plan, workload: Workload) -> PricedPlan:
        cost = price_plan(
            offer, plan, workload, metrics=known, is_hosted=hosted.get(plan.slug, True), commitment=commitment
        )
        return PricedPlan(vendor=vendor, product=product, plan=plan.slug, workload=workload.slug, cost=cost)

    meant = [workload for workload in workloads if not workload.products or product in workload.products]
    return tuple(priced(plan, workload) for workload in meant for plan in offer.plans)


@lru_cache(maxsize=_REMEMBERED_COSTS)
def _cost(
    plan: str,
    state: State,
    terms: Identical[Term],
    usage: tuple[tuple[str, Decimal], ...],
    *,
    metrics: frozenset[str],
    commitment: str | None,
) -> Cost:
    return _charges(plan, state, terms, metrics=metrics, commitment=commitment)(dict(usage))


@lru_cache(maxsize=_REMEMBERED_PLANS)
def _charges(
    plan: str, state: State, terms: Identical[Term], *, metrics: frozenset[str], commitment: str | None
) -> Charges:
    return charges_of(plan, terms.values, product_metrics=metrics, plan_state=state, commitment=commitment)
