"""The bills of an offer along one metric, plan by plan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pricing_pipeline.bill_lines import bill_along
from pricing_pipeline.costs.bill import charges_of
from pricing_pipeline.costs.offers import ALL_HOSTED
from pricing_pipeline.results import BillPiece, Offer


def along(
    offer: Offer,
    metric: str,
    usage: Mapping[str, Decimal],
    *,
    metrics: frozenset[str],
    hosted: Mapping[str, bool] = ALL_HOSTED,
) -> dict[str, tuple[BillPiece, ...]]:
    """The bill of each hosted plan of an offer along a metric, by slug, from no unit on without a gap.

    `usage` is what is used besides, `metrics` are all that the product has ever mentioned.
    """
    return {
        plan.slug: bill_along(
            plan.slug,
            offer.terms,
            metric,
            usage,
            charges_of(plan.slug, offer.terms, product_metrics=metrics, plan_state=plan.state),
        )
        for plan in offer.plans
        if hosted.get(plan.slug, True)
    }
