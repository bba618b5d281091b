"""One step from an offer to the next, told short."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pricing_pipeline import changes
from pricing_pipeline.facts import Lever
from pricing_pipeline.results import Change, Offer, Thresholds, Workload
from tests.pricing_pipeline.offers import AT


def step(
    before: Offer, after: Offer, *, workloads: Iterable[Workload] = (), ratio: str = "1.25", **more: object
) -> tuple[Change, ...]:
    """What changed, without the derived changes of cost."""
    found = whole_step(before, after, workloads=workloads, ratio=ratio, **more)
    return tuple(change for change in found if change.lever is not Lever.COST)


def whole_step(
    before: Offer, after: Offer, *, workloads: Iterable[Workload] = (), ratio: str = "1.25", **more: object
) -> tuple[Change, ...]:
    """What changed, all of it."""
    return changes.diff(
        before,
        after,
        vendor="maker",
        product="thing",
        product_name="Thing",
        observed_at=AT,
        workloads=workloads,
        thresholds=Thresholds(critical_cost_ratio=Decimal(ratio)),
        **more,  # type: ignore[arg-type]  # passed on as given
    )


def kinds(found: Iterable[Change]) -> list[str]:
    """The kinds of some changes, in their order."""
    return [change.kind for change in found]


def one(found: Iterable[Change]) -> Change:
    """The only one of some changes."""
    (change,) = found
    return change
