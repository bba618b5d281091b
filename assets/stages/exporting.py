"""Captures written out as a WARC file, the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.export import write_warc
from pricing_pipeline.captures.pruned import StandIns
from pricing_pipeline.errors import CaptureError, RegistryError
from pricing_pipeline.facts import Capture, Outcome
from warehouse.locking import locked


@dataclass(frozen=True, kw_only=True)
class Exported:
    """How many captures were written; how many had been pruned; which could not be read, one line each."""

    written: int
    pruned: int
    problems: tuple[str, ...]


def export_warc(
    workshop: Workshop, path: Path, *, vendors: Collection[str] = (), since: datetime | None = None
) -> Exported:
    """Write the captures with bytes of these vendors (all if none is named), made since then, to one file.

    Raises RegistryError for a vendor of which there is neither a file nor a capture.
    """
    with locked(workshop.home.root / "captures", shared=True, wait_seconds=60):
        captures = _with_bytes(workshop, vendors)
        chosen = [capture for capture in captures if since is None or capture.captured_at >= since]
        chosen = [*_confirmed(captures, chosen), *chosen]
        pruned = StandIns(workshop.log, workshop.registry.renamed())
        left = [one for one in chosen if workshop.blobs.has(one.sha256 or "") or not _is_pruned(pruned, one)]
        problems: list[str] = []
        written = write_warc(path, _bodies(workshop, left, problems))
    return Exported(written=written, pruned=len(chosen) - len(left), problems=tuple(problems))


def _with_bytes(workshop: Workshop, vendors: Collection[str]) -> list[Capture]:
    """Each capture once, in the order in which they were made."""
    found: dict[str, Capture] = {}
    seen: set[str] = set()
    for entry, _ in workshop.log.read():
        if isinstance(entry, CaptureEntry):
            vendor = entry.capture.source_id.split("/")[0]
            seen.add(vendor)
            if entry.capture.sha256 is not None and (not vendors or vendor in vendors):
                found.setdefault(entry.capture.id, entry.capture)
    known = seen | {vendor.slug for vendor in workshop.registry.vendors}
    if strangers := sorted(set(vendors) - known):
        raise RegistryError([f"{name}: no such vendor; there are {', '.join(sorted(known))}" for name in strangers])
    return sorted(found.values(), key=lambda capture: (capture.captured_at, capture.source_id, capture.id))


def _confirmed(captures: list[Capture], chosen: list[Capture]) -> list[Capture]:
    """The captures, older than those chosen, whose bytes these only confirm ("not modified")."""
    lacking: set[str | None] = set()
    told: set[str | None] = set()
    for one in chosen:
        if one.outcome is Outcome.NOT_MODIFIED and one.sha256 not in told:
            lacking.add(one.sha256)
        told.add(one.sha256)
    first: dict[str | None, Capture] = {}
    for capture in captures:
        if capture.sha256 in lacking and capture.outcome is not Outcome.NOT_MODIFIED:
            first.setdefault(capture.sha256, capture)
    return list(first.values())


def _is_pruned(pruned: StandIns, capture: Capture) -> bool:
    return (capture.source_id, capture.sha256 or "") in pruned


def _bodies(workshop: Workshop, captures: list[Capture], problems: list[str]) -> Iterator[tuple[Capture, bytes]]:
    """The captures with their bytes; those that cannot be read are told, and what confirms them is left out too."""
    lost: set[str | None] = set()
    for done, capture in enumerate(captures, start=1):
        progress.report("writing captures", done, len(captures))
        if capture.sha256 in lost:
            continue
        try:
            body = workshop.blobs.get(capture.sha256 or "")
        except CaptureError as error:
            problems.append(f"capture {capture.id} of {capture.source_id}: {error}")
            lost.add(capture.sha256)
            continue
        yield capture, body
