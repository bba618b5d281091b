"""Two plans against each other: their bills, and where the cheaper of them changes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pricing_pipeline import break_even
from pricing_pipeline.costs.bill import price
from pricing_pipeline.results import BreakEven, Cost, Side, Workload

_NO_MORE: Mapping[str, Decimal] = {}


def bill_of(side: Side, usage: Mapping[str, Decimal]) -> Cost:
    """What one side of a comparison charges a month."""
    workload = Workload(slug="", name="", usage=usage)
    return price(side.plan, side.terms, workload, product_metrics=side.product_metrics, plan_state=side.state)


def turning_points(
    one: Side, other: Side, metric: str, *, usage: Mapping[str, Decimal] = _NO_MORE
) -> tuple[BreakEven, ...]:
    """The quantities of `metric` at which the cheaper of two plans changes; see `break_even.turning_points`."""
    return break_even.turning_points(one, other, metric, usage=usage, price=price)
