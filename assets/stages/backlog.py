"""Working off captures that wait: batch by batch, in the order of the log, without fetching or publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.stages.applying import apply_accepted
from assets.stages.judgement import judge_observations
from assets.stages.reading import read_pending
from assets.stages.waiting import waiting
from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.results import Change

if TYPE_CHECKING:
    from checks.door import Door


@dataclass(frozen=True, kw_only=True)
class WorkedOff:
    """How many captures were worked off, in how many batches, and what changed."""

    captures: int
    batches: int
    changes: tuple[Change, ...]


def work_off(workshop: Workshop, door: Door) -> WorkedOff:
    """Read, judge and apply until nothing waits. Raises WarehouseError where history would become untrue, or nothing moves."""
    total = left = waiting(workshop)
    batches = 0
    changes: list[Change] = []
    while True:
        # Also with nothing waiting: a killed run may have left something staged, or accepted and not applied.
        read_pending(workshop)
        judge_observations(workshop, door)
        done = apply_accepted(workshop, door)
        if done.refused:
            raise WarehouseError(f"history would become untrue, so nothing of this batch was kept: {done.refused}")
        batches += 1
        changes += done.changes
        before, left = left, waiting(workshop)
        progress.report("reading captures", total - left, total)
        if not left:
            return WorkedOff(captures=total, batches=batches, changes=tuple(changes))
        if left == before and batches > 1:
            raise WarehouseError(
                f"{left} captures wait and none can be read; `pricing-pipeline doctor` says what is wrong"
            )
