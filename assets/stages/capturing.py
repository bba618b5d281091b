"""Fetching what is due: blobs first, then the log, then the warehouse's copy of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.identity import capture_id
from pricing_pipeline.catalog import Rhythm, SourceState
from pricing_pipeline.facts import Capture, Origin, Outcome, Source
from pricing_pipeline.fetch.due import due
from pricing_pipeline.fetch.outcomes import FetchRequest, FetchResult
from pricing_pipeline.registry.memory import remember
from warehouse.captures import pending_count, register, states, sync
from warehouse.connection import open_warehouse
from warehouse.locking import locked
from warehouse.rhythm import rhythms

# Answers that are put into store and log together.
MOST_WAITING = 64
MOST_WAITING_BYTES = 8_000_000


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What was captured: the captures of this run, and the lines about vendor files that could not be read."""

    captures: tuple[Capture, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def outcomes(self) -> Counter[str]:
        """How often each outcome came."""
        return Counter(capture.outcome.value for capture in self.captures)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Where each source stands and how it moves, by its id."""

    states: dict[str, SourceState]
    rhythms: dict[str, Rhythm]


def capture_due(
    workshop: Workshop,
    *,
    vendors: Sequence[str] = (),
    sources: Sequence[str] = (),
    force: bool = False,
    fetch: bool = True,
) -> Captured:
    """Fetch the sources that are due, unless captures still wait to be read, and bring the warehouse up to the log.

    `vendors` and `sources` (ids) narrow it down; a vendor that nobody registered is a RegistryError.

    Only one run fetches at a time; a second waits for it, and then finds little that is due.
    """
    if fetch and not workshop.fetch_settings.routes:
        workshop.home.refuse_examples()
    remember(workshop.content.vendors, workshop.home.registry)
    if not fetch:
        _bring_up_to_date(workshop)
        return Captured(problems=workshop.problems)
    with locked(workshop.home.root / "fetching", shared=False, wait_seconds=600):
        known = _bring_up_to_date(workshop)
        chosen = (
            []
            if known is None
            else due(
                _named(workshop, vendors, sources),
                known.states,
                now=workshop.now(),
                force=force,
                rhythms=known.rhythms,
            )
        )
        captures = _fetch(workshop, chosen, known.states if known else {})
        if captures:
            with open_warehouse(workshop.home.warehouse) as con:
                sync(con, workshop.log)
    return Captured(captures=captures, problems=workshop.problems)


def result_capture(
    source: Source, result: FetchResult, *, sha256: str | None, origin: Origin, recorded_at: datetime
) -> Capture:
    """The capture that an answer makes; `sha256` names the blob, where there are bytes."""
    return Capture(
        id=capture_id(source.id, result.fetched_at, result.outcome, sha256),
        source_id=source.id,
        url=result.url,
        outcome=result.outcome,
        captured_at=result.fetched_at,
        recorded_at=recorded_at,
        origin=origin,
        final_url=result.final_url,
        status=result.status,
        content_type=result.content_type,
        sha256=sha256,
        size=None if result.body is None else len(result.body),
        etag=result.etag,
        last_modified=result.last_modified,
        not_before=result.not_before,
        message=result.message,
    )


def _named(workshop: Workshop, vendors: Sequence[str], sources: Sequence[str]) -> list[Source]:
    registry = workshop.registry.only(vendors) if vendors else workshop.registry
    day = workshop.now().date()
    gone = {(one.vendor, one.slug) for one in registry.products if one.retired is not None and one.retired <= day}
    return [
        source
        for source in registry.sources()
        if (not sources or source.id in sources) and (source.vendor, source.product) not in gone
    ]


def _bring_up_to_date(workshop: Workshop) -> _Known | None:
    """Register the sources and copy the log; what is known of each source, or None while captures wait to be read."""
    with open_warehouse(workshop.home.warehouse) as con:
        register(con, workshop.registry.sources(), renamed=workshop.registry.renamed())
        sync(con, workshop.log)
        return None if pending_count(con) else _Known(states=states(con), rhythms=rhythms(con))


def _fetch(workshop: Workshop, chosen: Sequence[Source], known: dict[str, SourceState]) -> tuple[Capture, ...]:
    if not chosen:
        return ()
    from pricing_pipeline.fetch.client import Client
    from pricing_pipeline.fetch.pool import fetch_all

    shelf = _Shelf(workshop, {source.id: source for source in chosen}, known)
    requests = [_request(workshop, source, known.get(source.id)) for source in chosen]
    cache = workshop.home.captures / "robots.jsonl"
    with Client(workshop.fetch_settings, clock=workshop.now, robots_cache=cache) as client:
        try:
            fetch_all(requests, client=client, on_result=shelf.take)
        finally:
            shelf.put_away()  # also what came before a person interrupted
    return tuple(shelf.captures)


class _Shelf:
    """Answers on their way into store and log: some at a time, since making each certain takes the disk as long as many.

    What a killed run had not put away yet was never captured, and is due the next time.
    """

    def __init__(self, workshop: Workshop, sources: Mapping[str, Source], known: Mapping[str, SourceState]) -> None:
        self._workshop = workshop
        self._sources = sources
        self._known = known
        self._waiting: list[tuple[FetchRequest, FetchResult]] = []
        self._came = 0
        self.captures: list[Capture] = []

    def take(self, request: FetchRequest, result: FetchResult) -> None:
        """Hold one answer, and put all away once there are many of them or much in them."""
        self._waiting.append((request, result))
        self._came += 1
        progress.report("fetching", self._came, len(self._sources))
        held = sum(len(answer.body or b"") for _, answer in self._waiting)
        if len(self._waiting) >= MOST_WAITING or held >= MOST_WAITING_BYTES:
            self.put_away()

    def put_away(self) -> None:
        """Blobs first, then the log: an entry never names bytes that are not there."""
        answers, self._waiting = self._waiting, []
        bodies = [result.body for _, result in answers if result.body is not None]
        names = iter(self._workshop.blobs.put_many(bodies))
        made = []
        for request, result in answers:
            held = self._known.get(request.source_id)
            unchanged = held.sha256 if held and result.outcome is Outcome.NOT_MODIFIED else None
            made.append(
                result_capture(
                    self._sources[request.source_id],
                    result,
                    sha256=next(names) if result.body is not None else unchanged,
                    origin=Origin.LIVE,
                    recorded_at=result.fetched_at,
                )
            )
        self._workshop.log.append([CaptureEntry(capture=capture) for capture in made])
        self.captures += made


def _request(workshop: Workshop, source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional request only where the bytes that a 304 would stand for are still held."""
    held = state is not None and state.sha256 is not None and workshop.blobs.has(state.sha256)
    return FetchRequest(
        url=source.url,
        source_id=source.id,
        etag=state.etag if held and state else None,
        last_modified=state.last_modified if held and state else None,
        locale=source.locale or "en-US",
        render=source.render,
        also=source.also,
    )
