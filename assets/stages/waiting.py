"""What still waits to be done, before or after a run."""

from __future__ import annotations

from assets.stages.reading import versions
from assets.workshop import Workshop
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION
from warehouse.captures import pending_batch, register, sync
from warehouse.connection import open_warehouse


def is_waiting(workshop: Workshop) -> bool:
    """Whether a capture waits to be read or confirmed, or nothing was ever published of what was captured."""
    return waiting(workshop) > 0 or (workshop.home.log.exists() and not workshop.home.current_edition.exists())


def waiting(workshop: Workshop) -> int:
    """How many captures wait to be read, or to be read again by a newer extractor."""
    if not workshop.home.log.exists():
        return 0
    with open_warehouse(workshop.home.warehouse) as con:
        register(con, workshop.registry.sources(), renamed=workshop.registry.renamed())
        sync(con, workshop.log)
        batch = pending_batch(con, extractor_version=EXTRACTOR_VERSION, versions=versions(workshop))
        return len(batch.read) + len(batch.confirm) + batch.remaining
