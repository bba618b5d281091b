"""Pricing everything that a product offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pricing_pipeline.costs.bill import price
from pricing_pipeline.facts import Plan, Surface
from pricing_pipeline.results import Cost, Offer, PricedPlan, Workload

ALL_HOSTED: Mapping[str, bool] = {}


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
    return price(plan.slug, terms, workload, product_metrics=metrics, plan_state=plan.state, commitment=commitment)


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
