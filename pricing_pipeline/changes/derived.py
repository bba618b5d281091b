"""What all moves together do to each plan's bill."""

from __future__ import annotations

from collections.abc import Sequence

from pricing_pipeline.changes.binding import is_bound_longer
from pricing_pipeline.changes.moves import Move
from pricing_pipeline.changes.phrases import ARROW
from pricing_pipeline.changes.severity import cost_ratio
from pricing_pipeline.changes.verdicts import bill, place, telling, times
from pricing_pipeline.facts import Lever
from pricing_pipeline.results import CostEffect
from pricing_pipeline.wording import text


def cost_moves(effects: Sequence[CostEffect]) -> list[tuple[Move, tuple[CostEffect, ...]]]:
    """At most one rise and one fall for each plan, with the workloads at which its bill rose or fell.

    A year's price that is left where the dearer monthly one is gone makes nothing cheaper: that is no fall.
    """
    found = []
    for plan in sorted({effect.plan or "" for effect in effects}):
        own = [effect for effect in effects if (effect.plan or "") == plan]
        for rising, kind in ((True, "cost_increased"), (False, "cost_decreased")):
            group = tuple(effect for effect in own if _moved(effect, rising=rising))
            if group:
                found.append((_move(kind, group, rising=rising), group))
    return found


def _moved(effect: CostEffect, *, rising: bool) -> bool:
    ratio = cost_ratio(effect.before, effect.after)
    return ratio is not None and (ratio > 1 if rising else ratio < 1 and not is_bound_longer(effect))


def _move(kind: str, group: Sequence[CostEffect], *, rising: bool) -> Move:
    worst = telling(group, falling=not rising)
    assert worst is not None
    before, after = worst.before, worst.after
    where = "1 workload" if len(group) == 1 else f"{len(group)} workloads"
    more = "more" if rising else "less"
    ratio = times(cost_ratio(before, after)) if rising else ""
    return Move(
        lever=Lever.COST,
        kind=kind,
        plan=worst.plan,
        currency=after.currency or before.currency,
        before=text(before.high) if before.high is not None else None,
        after=text(after.high) if after.high is not None else None,
        phrase=f"costs {more} at {where}; {place(worst)} {bill(before)}{ARROW}{bill(after)}{ratio}",
    )
