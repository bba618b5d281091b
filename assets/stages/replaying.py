"""Saved pages put into the log as if they had been fetched live when they were saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from assets.stages.capturing import result_capture
from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.facts import Capture, Origin, Outcome, Source
from pricing_pipeline.fetch.outcomes import FetchResult, is_html, outcome_of_status
from warehouse.locking import locked

CHUNK = 200


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How many captures were added, how many the log held already, and what could not be used, each by its line."""

    added: int = 0
    known: int = 0
    problems: tuple[str, ...] = ()


def replay(workshop: Workshop, pages: Iterable[SavedPage], *, origin: Origin = Origin.LIVE) -> Replayed:
    """Keep the pages of registered sources: blobs first, then the log. Pages whose address nobody registered are reported."""
    workshop.home.root.mkdir(parents=True, exist_ok=True)
    with locked(workshop.home.root / "captures", shared=True, wait_seconds=60):  # nothing is pruned meanwhile
        return _replayed(workshop, pages, origin)


def _replayed(workshop: Workshop, pages: Iterable[SavedPage], origin: Origin) -> Replayed:
    sources = {_plain(source.url): source for source in workshop.registry.sources()}
    held = {entry.capture.id for entry, _ in workshop.log.read() if isinstance(entry, CaptureEntry)}
    problems: list[str] = []
    added = known = 0
    stream = iter(pages)
    while chunk := list(islice(stream, CHUNK)):  # itertools.batched needs Python 3.12
        captures = []
        for page in chunk:
            source = sources.get(_plain(page.url))
            if source is None:
                problems.append(f"{page.line}: {page.url} is no source of the registry; add it to a vendor file")
                continue
            capture = _keep(workshop, source, page, origin)
            known += capture.id in held
            captures += [] if capture.id in held else [capture]
        workshop.log.append(CaptureEntry(capture=capture) for capture in captures)
        added += len(captures)
        progress.report("keeping pages", added + known, added + known)
    return Replayed(added=added, known=known, problems=tuple(problems))


def _keep(workshop: Workshop, source: Source, page: SavedPage, origin: Origin) -> Capture:
    outcome = outcome_of_status(page.status)
    if outcome is Outcome.FETCHED and not is_html(page.content_type, page.body):
        outcome = Outcome.NOT_HTML
    sha256 = workshop.blobs.put(page.body) if outcome is Outcome.FETCHED else None
    result = FetchResult(
        url=page.url,
        outcome=outcome,
        fetched_at=page.captured_at,
        final_url=page.url,
        status=page.status,
        content_type=page.content_type,
        body=page.body if sha256 else None,
        message=None if sha256 else f"the saved page answered {page.status}",
    )
    recorded_at = page.captured_at if origin is Origin.LIVE else workshop.now()
    return result_capture(source, result, sha256=sha256, origin=origin, recorded_at=recorded_at)


def _plain(url: str) -> str:
    return url.rstrip("/").casefold()
