"""Making the warehouse again from the log and the blobs, beside the old one, and then putting it in its place."""

from __future__ import annotations

from dataclasses import replace

from assets.stages.applying import apply_accepted
from assets.stages.judgement import judge_observations
from assets.stages.reading import read_pending
from assets.stages.waiting import waiting
from assets.workshop import Workshop
from checks.door import Door
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.errors import WarehouseError
from warehouse.connection import replace_warehouse

MAKING = "warehouse.making.duckdb"


def rebuild(workshop: Workshop) -> int:
    """Read every capture of the log again with the present extractor; how many captures the log holds.

    The old warehouse stays until the new one is whole. Raises WarehouseError where a stage refuses.
    """
    making = replace(workshop.home, warehouse_name=MAKING)
    for remains in (making.warehouse, making.warehouse.with_name(making.warehouse.name + ".wal")):
        remains.unlink(missing_ok=True)
    beside = replace(workshop, home=making)
    door = Door()
    while True:
        left = waiting(beside)
        read_pending(beside)
        judge_observations(beside, door)
        done = apply_accepted(beside, door)
        if done.refused:
            raise WarehouseError(f"the rebuilt history would be untrue, so the old warehouse stays: {done.refused}")
        if not left:
            break
    replace_warehouse(making.warehouse, workshop.home.warehouse)
    return sum(isinstance(entry, CaptureEntry) for entry, _ in workshop.log.read())
