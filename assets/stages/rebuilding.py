"""Making the warehouse again from the log and the blobs, beside the old one, and then putting it in its place."""

from __future__ import annotations

from dataclasses import replace

from assets.stages.backlog import work_off
from assets.workshop import Workshop
from checks.door import Door
from pricing_pipeline.captures.entries import CaptureEntry
from warehouse.connection import replace_warehouse

MAKING = "warehouse.making.duckdb"


def rebuild(workshop: Workshop) -> int:
    """Read every capture of the log again with the present extractor; how many captures the log holds.

    The old warehouse stays until the new one is whole. Raises WarehouseError where a stage refuses.
    """
    making = replace(workshop.home, warehouse_name=MAKING)
    for remains in (making.warehouse, making.warehouse.with_name(making.warehouse.name + ".wal")):
        remains.unlink(missing_ok=True)
    work_off(replace(workshop, home=making), Door())
    replace_warehouse(making.warehouse, workshop.home.warehouse)
    return sum(isinstance(entry, CaptureEntry) for entry, _ in workshop.log.read())
