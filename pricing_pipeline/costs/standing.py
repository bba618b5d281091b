"""Pricing what stands in a catalog at any workload, such as one that was asked for on the command line."""

from __future__ import annotations

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.costs.offers import price_offer
from pricing_pipeline.costs.ranking import rank
from pricing_pipeline.facts import Term
from pricing_pipeline.results import Offer, PricedPlan, Workload


def priced_catalog(catalog: Catalog, workload: Workload) -> tuple[PricedPlan, ...]:
    """Every plan that stands, priced at a workload and ranked within its product, in the order of the catalog."""
    products = dict.fromkeys((standing.vendor, standing.product) for standing in catalog.plans)
    hosted = {(one.vendor, one.product, one.plan.slug): one.hosted for one in catalog.plans}
    priced = [plan for vendor, product in products for plan in _priced(catalog, vendor, product, workload)]
    return rank(priced, hosted)


def _priced(catalog: Catalog, vendor: str, product: str, workload: Workload) -> tuple[PricedPlan, ...]:
    offer = Offer(
        plans=tuple(one.plan for one in catalog.plans if (one.vendor, one.product) == (vendor, product)),
        terms=tuple(one.term for one in catalog.terms if (one.vendor, one.product) == (vendor, product)),
    )
    hosted = {one.plan.slug: one.hosted for one in catalog.plans if (one.vendor, one.product) == (vendor, product)}
    metrics = frozenset(term.metric for term in _ever(catalog, vendor, product) if term.metric)
    return price_offer(offer, [workload], vendor=vendor, product=product, metrics=metrics, hosted=hosted)


def _ever(catalog: Catalog, vendor: str, product: str) -> list[Term]:
    """The terms that a product has stated, now or before."""
    standing = [one for one in catalog.terms if (one.vendor, one.product) == (vendor, product)]
    earlier = [one.term for one in catalog.history if (one.vendor, one.product) == (vendor, product)]
    previous = [one.previous for one in standing if one.previous is not None]
    return [*(one.term for one in standing), *earlier, *previous]
