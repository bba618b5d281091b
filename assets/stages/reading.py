"""Reading what was captured: bytes that were read before only confirm, new ones are read and staged for the gate."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assets.stages.passages import Passage, find_passages
from assets.workshop import Workshop
from pricing_pipeline import collection, progress
from pricing_pipeline.captures.pruned import readable
from pricing_pipeline.errors import CaptureError, ExtractError
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION
from pricing_pipeline.extract.worker import Job
from pricing_pipeline.extract.workers import processes_for, read_side_by_side, time_box
from pricing_pipeline.facts import Capture, Diagnostic, Observation, Outcome, Source
from warehouse import corrections
from warehouse.captures import Batch, pending_batch, sync
from warehouse.connection import Connection, open_warehouse
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
        quoted = corrections.quoted(con)
    observations = read_captures(workshop, batch.read)
    passages = list(find_passages(workshop, batch.read, quoted))
    with open_warehouse(workshop.home.warehouse) as con:
        take_in(con, batch, observations, passages)
    return Read(observations=tuple(observations), confirmed=len(batch.confirm), remaining=batch.remaining)


def take_in(
    con: Connection, batch: Batch, observations: Sequence[tuple[Capture, Observation]], passages: Sequence[Passage]
) -> None:
    """Stage what was read of a batch's captures, and let the others confirm what is known."""
    if batch.confirm:
        confirm(con, batch.confirm)
    corrections.keep_passages(con, passages)
    if observations:
        stage(con, observations)


def versions(workshop: Workshop) -> dict[str, str]:
    """The version that reads a source which has ways of its own: editing its vendor file is another way of reading."""
    found = {}
    for source in workshop.registry.sources():
        own = (source.recipe, source.locale, source.currency, source.expect)
        if own != _COMMON:
            found[source.id] = f"{EXTRACTOR_VERSION}+{hashlib.sha256(repr(own).encode()).hexdigest()[:8]}"
    return found


def read_captures(workshop: Workshop, captures: Sequence[Capture]) -> list[tuple[Capture, Observation]]:
    """What each capture says, in their order; many are read by several processes."""
    sources = {source.id: source for source in workshop.registry.sources()}
    special = versions(workshop)
    processes = processes_for(len(captures))
    observe_all = partial(_observe_side_by_side, processes=processes) if processes else _observe_in_turn
    done: dict[str, Observation] = {}
    with collection.seldom():
        for capture, seen in observe_all(workshop, captures, sources):
            version = special.get(capture.source_id, EXTRACTOR_VERSION)
            done[capture.id] = replace(seen, extractor_version=version)
            progress.report("reading", len(done), len(captures))
    return [(capture, done[capture.id]) for capture in captures]


def observe(workshop: Workshop, capture: Capture, source: Source) -> Observation:
    """What a capture says; one without bytes, or with bytes that cannot be read in time, says only why."""
    page = _page(workshop, capture, source)
    if isinstance(page, Observation):
        return page
    try:
        with time_box(source.url):
            return page.read()
    except ExtractError as error:
        return _nothing(Outcome.INCOMPLETE, str(error))


def _observe_in_turn(
    workshop: Workshop, captures: Sequence[Capture], sources: Mapping[str, Source]
) -> Iterator[tuple[Capture, Observation]]:
    for capture in captures:
        yield capture, observe(workshop, capture, sources[capture.source_id])


def _observe_side_by_side(
    workshop: Workshop, captures: Sequence[Capture], sources: Mapping[str, Source], *, processes: int
) -> Iterator[tuple[Capture, Observation]]:
    """The same in several processes, as the pages are done; bytes are taken from the store as they are needed."""
    given: list[Capture] = []
    settled: list[tuple[Capture, Observation]] = []

    def jobs() -> Iterator[Job]:
        for capture in captures:
            page = _page(workshop, capture, sources[capture.source_id])
            if isinstance(page, Observation):
                settled.append((capture, page))
            else:
                given.append(capture)
                yield page

    for place, said in read_side_by_side(jobs(), processes=processes):
        yield given[place], said if isinstance(said, Observation) else _nothing(Outcome.INCOMPLETE, str(said))
    yield from settled


def _page(workshop: Workshop, capture: Capture, source: Source) -> Job | Observation:
    """What there is to read of a capture, or why there is nothing."""
    if capture.sha256 is None or capture.outcome not in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return _nothing(capture.outcome, capture.message or f"the page answered {capture.status}")
    try:
        body = readable(
            workshop.blobs, workshop.log, capture.source_id, capture.sha256, renamed=workshop.registry.renamed()
        )
    except CaptureError as error:
        return _nothing(Outcome.INCOMPLETE, str(error))
    return Job(
        body=body,
        url=source.url,
        kind=source.kind,
        locale=source.locale,
        currency=source.currency,
        content_type=capture.content_type,
        expect=source.expect,
        recipe=source.recipe,
        publisher=source.publisher,
    )


def _nothing(outcome: Outcome, message: str) -> Observation:
    reason = Diagnostic(code=outcome.value, message=message)
    return Observation(extractor_version=EXTRACTOR_VERSION, outcome=outcome, diagnostics=(reason,))
