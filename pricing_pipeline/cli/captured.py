"""The newest page that each source brought, out of the log beside the captures: no warehouse is opened for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from pricing_pipeline.facts import Capture
    from pricing_pipeline.home import Home


def last_pages(home: Home, source_ids: Collection[str]) -> dict[str, Capture]:
    """The newest capture with bytes of each of these sources, by its id; a source that brought none is left out."""
    from pricing_pipeline.captures.log import CaptureEntry, CaptureLog

    newest: dict[str, Capture] = {}
    for entry, _ in CaptureLog(home.log).read():
        if not isinstance(entry, CaptureEntry) or entry.capture.sha256 is None:
            continue
        capture = entry.capture
        known = newest.get(capture.source_id)
        if capture.source_id in source_ids and (known is None or known.captured_at <= capture.captured_at):
            newest[capture.source_id] = capture
    return newest
