"""Bytes that were given up, and which bytes of the same source are read in their place: they said the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.captures.log import CaptureLog, PrunedEntry

# From each former name of a product, as vendor and slug, to the one that it has today.
Renamed = Mapping[tuple[str, str], tuple[str, str]]
_NOTHING: Renamed = {}


def source_today(source_id: str, renamed: Renamed) -> str:
    """A source by the name that its product has today."""
    vendor, product, *rest = source_id.split("/")
    return "/".join((*renamed.get((vendor, product), (vendor, product)), *rest))


class StandIns:
    """What the log says about bytes that were given up: by source and SHA-256, what stands in for them.

    Sources may be named as today or as before: the log goes on saying what they were called when it was written.
    """

    def __init__(self, log: CaptureLog, renamed: Renamed = _NOTHING) -> None:
        self._renamed = renamed
        self._by: dict[tuple[str, str], str] = {}
        for entry, _ in log.read():
            if isinstance(entry, PrunedEntry):
                source_id = source_today(entry.source_id, renamed)
                self._by.update({(source_id, gone): kept for gone, kept in entry.stand_ins.items()})

    def __contains__(self, named: tuple[str, str]) -> bool:
        source_id, sha256 = named
        return (source_today(source_id, self._renamed), sha256) in self._by

    def names(self, sha256: str) -> list[str]:
        """The sources of which these bytes were given up."""
        return [source_id for source_id, gone in self._by if gone == sha256]

    def of(self, source_id: str, sha256: str, *, is_held: Callable[[str], bool]) -> str:
        """The bytes to read for these: themselves where they are held, or where nothing stands in for them."""
        today, found = source_today(source_id, self._renamed), sha256
        for _ in range(len(self._by) + 1):  # what stood in may have been given up later, and have a stand-in of its own
            if is_held(found) or (today, found) not in self._by:
                break
            found = self._by[today, found]
        return found


def readable(blobs: BlobStore, log: CaptureLog, source_id: str, sha256: str, *, renamed: Renamed = _NOTHING) -> bytes:
    """The bytes of a capture, or those that stand in for them. Raises CaptureError where neither are sound."""
    return blobs.get(readable_as(blobs, log, source_id, sha256, renamed=renamed))


def readable_as(blobs: BlobStore, log: CaptureLog, source_id: str, sha256: str, *, renamed: Renamed = _NOTHING) -> str:
    """Which bytes `readable` reads: by their SHA-256."""
    if blobs.has(sha256):
        return sha256
    known = _stand_ins(log.path, log.end(), tuple(sorted(renamed.items())))
    return known.of(source_id, sha256, is_held=blobs.has)


@lru_cache(maxsize=1)
def _stand_ins(path: Path, end: int, renamed: tuple[tuple[tuple[str, str], tuple[str, str]], ...]) -> StandIns:  # noqa: ARG001  # the end is what the cache goes by
    """Read once for each state of the log (its end says which), not once for each page."""
    return StandIns(CaptureLog(path), dict(renamed))
