"""Fetching what is due: blobs first, then the log, then the warehouse's copy of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.identity import capture_id
from pricing_pipeline.catalog import SourceState
from pricing_pipeline.errors import SettingsError
from pricing_pipeline.facts import Capture, Origin, Outcome, Source
from pricing_pipeline.fetch.due import due
from pricing_pipeline.fetch.outcomes import FetchRequest, FetchResult
from pricing_pipeline.registry.memory import remember
from warehouse.captures import pending_count, register, states, sync
from warehouse.connection import open_warehouse
from warehouse.locking import locked


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What was captured: the captures of this run, and the lines about vendor files that could not be read."""

    captures: tuple[Capture, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def outcomes(self) -> Counter[str]:
        """How often each outcome came."""
        return Counter(capture.outcome.value for capture in self.captures)


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
    if fetch and workshop.home.is_example and not workshop.fetch_settings.routes:
        raise SettingsError(
            f"{workshop.home.root} holds the demo's example pages; "
            "fetch from the vendors into another home (--home or PRICING_PIPELINE_HOME)"
        )
    remember(workshop.content.vendors, workshop.home.registry)
    if not fetch:
        _bring_up_to_date(workshop)
        return Captured(problems=workshop.problems)
    with locked(workshop.home.root / "fetching", shared=False, wait_seconds=600):
        known = _bring_up_to_date(workshop)
        chosen = (
            due(_named(workshop, vendors, sources), known, now=workshop.now(), force=force) if known is not None else []
        )
        captures = _fetch(workshop, chosen, known or {})
        _bring_up_to_date(workshop)
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
    return [source for source in registry.sources() if not sources or source.id in sources]


def _bring_up_to_date(workshop: Workshop) -> dict[str, SourceState] | None:
    """Register the sources and copy the log; where each source stands, or None while captures wait to be read."""
    with open_warehouse(workshop.home.warehouse) as con:
        register(con, workshop.registry.sources())
        sync(con, workshop.log)
        return None if pending_count(con) else states(con)


def _fetch(workshop: Workshop, chosen: Sequence[Source], known: dict[str, SourceState]) -> tuple[Capture, ...]:
    if not chosen:
        return ()
    from pricing_pipeline.fetch.client import Client
    from pricing_pipeline.fetch.pool import fetch_all

    by_id = {source.id: source for source in chosen}
    done: list[Capture] = []

    def keep(request: FetchRequest, result: FetchResult) -> Capture:
        held = known.get(request.source_id)
        unchanged = held.sha256 if held and result.outcome is Outcome.NOT_MODIFIED else None
        sha256 = workshop.blobs.put(result.body) if result.body is not None else unchanged
        capture = result_capture(
            by_id[request.source_id], result, sha256=sha256, origin=Origin.LIVE, recorded_at=result.fetched_at
        )
        workshop.log.append([CaptureEntry(capture=capture)])
        done.append(capture)
        progress.report("fetching", len(done), len(chosen))
        return capture

    requests = [_request(workshop, source, known.get(source.id)) for source in chosen]
    cache = workshop.home.captures / "robots.jsonl"
    with Client(workshop.fetch_settings, clock=workshop.now, robots_cache=cache) as client:
        fetch_all(requests, client=client, on_result=keep)
    return tuple(done)


def _request(workshop: Workshop, source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional request only where the bytes that a 304 would stand for are still held."""
    held = state is not None and state.sha256 is not None and workshop.blobs.has(state.sha256)
    return FetchRequest(
        url=source.url,
        source_id=source.id,
        etag=state.etag if held and state else None,
        last_modified=state.last_modified if held and state else None,
        locale=source.locale,
        render=source.render,
    )
