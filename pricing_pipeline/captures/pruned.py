"""Bytes that were given up, and which bytes of the same source are read in their place: they said the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.captures.log import CaptureLog, PrunedEntry


class StandIns:
    """What the log says about bytes that were given up: by source and SHA-256, what stands in for them."""

    def __init__(self, log: CaptureLog) -> None:
        self._by: dict[tuple[str, str], str] = {}
        for entry, _ in log.read():
            if isinstance(entry, PrunedEntry):
                self._by.update({(entry.source_id, gone): kept for gone, kept in entry.stand_ins.items()})

    def __contains__(self, named: tuple[str, str]) -> bool:
        return named in self._by

    def names(self, sha256: str) -> list[str]:
        """The sources of which these bytes were given up."""
        return [source_id for source_id, gone in self._by if gone == sha256]

    def of(self, source_id: str, sha256: str, *, is_held: Callable[[str], bool]) -> str:
        """The bytes to read for these: themselves where they are held, or where nothing stands in for them."""
        found = sha256
        for _ in range(len(self._by) + 1):  # what stood in may have been given up later, and have a stand-in of its own
            if is_held(found) or (source_id, found) not in self._by:
                break
            found = self._by[source_id, found]
        return found


def readable(blobs: BlobStore, log: CaptureLog, source_id: str, sha256: str) -> bytes:
    """The bytes of a capture, or those that stand in for them. Raises CaptureError where neither are sound."""
    if blobs.has(sha256):
        return blobs.get(sha256)
    return blobs.get(_stand_ins(log.path, log.end()).of(source_id, sha256, is_held=blobs.has))


@lru_cache(maxsize=1)
def _stand_ins(path: Path, end: int) -> StandIns:  # noqa: ARG001  # the end is what the cache goes by
    """Read once for each state of the log (its end says which), not once for each page."""
    return StandIns(CaptureLog(path))
