"""Every plan of every published product priced at one workload, with the arithmetic of `costs`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from pricing_pipeline import costs
from pricing_pipeline.results import CostState, PricedPlan, Workload

if TYPE_CHECKING:
    from warehouse.published import PublishedProduct


def price_all(products: Iterable[PublishedProduct], workload: Workload) -> tuple[PricedPlan, ...]:
    """Each plan that sells what the workload uses, the cheapest first, those without a figure last; ranks are per product."""
    hosted: dict[tuple[str, str, str], bool] = {}
    priced: list[PricedPlan] = []
    for one in products:
        hosted |= {(one.vendor, one.product, plan): is_hosted for plan, is_hosted in one.hosted.items()}
        priced += costs.price_offer(
            one.offer,
            [workload],
            vendor=one.vendor,
            product=one.product,
            metrics=one.metrics,
            hosted=one.hosted,
        )
    fitting = [one for one in costs.rank(priced, hosted) if one.cost.state is not CostState.NOT_APPLICABLE]
    return tuple(sorted(fitting, key=_by_cost))


def _by_cost(one: PricedPlan) -> tuple[bool, Decimal, str, str]:
    return (one.cost.high is None, one.cost.high or Decimal(0), one.product, one.plan)
