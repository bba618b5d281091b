"""Reading what was captured: bytes that were read before only confirm, new ones are read and staged for the gate."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace

from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.errors import CaptureError, ExtractError
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION, read_page
from pricing_pipeline.facts import Capture, Diagnostic, Observation, Outcome, Source
from warehouse.captures import Batch, pending_batch, sync
from warehouse.connection import open_warehouse
from warehouse.observations import confirm, stage

# How a source is read whose vendor file says nothing of it.
_COMMON = (None, "en-US", "USD", ())


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was read: observations by source, how many captures only confirmed, and how many still wait."""

    observations: tuple[tuple[Capture, Observation], ...] = ()
    confirmed: int = 0
    remaining: int = 0

    @property
    def outcomes(self) -> Counter[str]:
        """How often each outcome came."""
        return Counter(observation.outcome.value for _, observation in self.observations)


def read_pending(workshop: Workshop) -> Read:
    """Read the next captures in the order of the log, no source twice, and stage what they say."""
    with open_warehouse(workshop.home.warehouse) as con:
        sync(con, workshop.log)
        batch = pending_batch(con, extractor_version=EXTRACTOR_VERSION, versions=versions(workshop))
    observations = _read(workshop, batch)
    with open_warehouse(workshop.home.warehouse) as con:
        confirm(con, batch.confirm)
        stage(con, observations)
    return Read(observations=tuple(observations), confirmed=len(batch.confirm), remaining=batch.remaining)


def versions(workshop: Workshop) -> dict[str, str]:
    """The version that reads a source which has ways of its own: editing its vendor file is another way of reading."""
    found = {}
    for source in workshop.registry.sources():
        own = (source.recipe, source.locale, source.currency, source.expect)
        if own != _COMMON:
            found[source.id] = f"{EXTRACTOR_VERSION}+{hashlib.sha256(repr(own).encode()).hexdigest()[:8]}"
    return found


def _read(workshop: Workshop, batch: Batch) -> list[tuple[Capture, Observation]]:
    sources = {source.id: source for source in workshop.registry.sources()}
    special = versions(workshop)
    done: list[tuple[Capture, Observation]] = []
    for capture in batch.read:
        seen = _observe(workshop, capture, sources[capture.source_id])
        version = special.get(capture.source_id, EXTRACTOR_VERSION)
        done.append((capture, replace(seen, extractor_version=version)))
        progress.report("reading", len(done), len(batch.read))
    return done


def _observe(workshop: Workshop, capture: Capture, source: Source) -> Observation:
    """What a capture says; one without bytes, or with bytes that cannot be read, says only why."""
    if capture.sha256 is None or capture.outcome not in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return _nothing(capture.outcome, capture.message or f"the page answered {capture.status}")
    try:
        body = workshop.blobs.get(capture.sha256)
        return read_page(
            body,
            url=source.url,
            kind=source.kind,
            locale=source.locale,
            currency=source.currency,
            content_type=capture.content_type,
            expect=source.expect,
            recipe=source.recipe,
            publisher=source.publisher,
        )
    except (ExtractError, CaptureError) as error:
        return _nothing(Outcome.INCOMPLETE, str(error))


def _nothing(outcome: Outcome, message: str) -> Observation:
    reason = Diagnostic(code=outcome.value, message=message)
    return Observation(extractor_version=EXTRACTOR_VERSION, outcome=outcome, diagnostics=(reason,))
