"""Giving up captured bytes by policy: those that nothing rests on and whose reading others of their source repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from assets.stages.reading import observe, versions
from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry, PrunedEntry
from pricing_pipeline.captures.pruned import source_today
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION
from pricing_pipeline.facts import Capture, Observation, Source
from warehouse import retention
from warehouse.captures import register, sync
from warehouse.connection import Connection, open_warehouse
from warehouse.digest import observation_digest
from warehouse.locking import locked

WAIT_SECONDS = 10.0
_ENTRY = 1_000  # stand-ins named in one line of the log


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of the captured pages: why it stays or goes, how many pages, and their bytes on disk."""

    what: str
    pages: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What was given up (or would be), what stays and why, and how many strays were swept: blobs of no capture, drafts."""

    removed: Share
    strays: Share
    kept: tuple[Share, ...]


def prune(workshop: Workshop, *, keep: timedelta, dry_run: bool = False) -> Pruned:
    """Remove the bytes of captures older than `keep` that nothing rests on and that others of their source stand in for.

    What goes is entered into the log first, with what is read in its place, so that `rebuild` makes the same warehouse
    as before. Raises WarehouseError while anybody fetches, imports or writes.
    """
    root = workshop.home.root
    with (
        locked(root / "fetching", shared=False, wait_seconds=WAIT_SECONDS),
        locked(root / "captures", shared=False, wait_seconds=WAIT_SECONDS),
        open_warehouse(workshop.home.warehouse, wait_seconds=WAIT_SECONDS) as con,
    ):
        register(con, workshop.registry.sources(), renamed=workshop.registry.renamed())
        sync(con, workshop.log)
        work = _Pruning(workshop=workshop, con=con, oldest=workshop.now() - keep)
        work.sort()
        stand_ins = work.stand_ins()
        done = work.result()
        if not dry_run:
            workshop.log.append(_entries(stand_ins, workshop.now()))
            sync(con, workshop.log)
            work.remove()
    return done


@dataclass(kw_only=True)
class _Pruning:
    """Sorts every blob by what becomes of it."""

    workshop: Workshop
    con: Connection
    oldest: datetime
    users: dict[str, list[Capture]] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)  # by SHA-256: why the blob stays; those that may go are not in it
    going: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    size: dict[str, int] = field(default_factory=dict)

    def sort(self) -> None:
        """Find out which blobs must stay, whatever is said elsewhere."""
        users: dict[str, list[Capture]] = defaultdict(list)
        renamed = self.workshop.registry.renamed()
        for entry, _ in self.workshop.log.read():
            if isinstance(entry, CaptureEntry) and entry.capture.sha256 is not None:
                today = source_today(entry.capture.source_id, renamed)
                users[entry.capture.sha256].append(replace(entry.capture, source_id=today))
        newest = _newest(capture for captures in users.values() for capture in captures)
        needed = retention.rests_on(self.con)
        registered = {source.id for source in self.workshop.registry.sources()}
        for sha256 in self.workshop.blobs.all():
            self.size[sha256] = self.workshop.blobs.path(sha256).stat().st_size
            if sha256 not in users:
                self.strays.append(sha256)
                continue
            self.users[sha256] = captures = users[sha256]
            if any(one.id in needed or one.id in newest for one in captures):
                self.why[sha256] = "facts, changes or decisions rest on it"
            elif any(one.recorded_at > self.oldest for one in captures):
                self.why[sha256] = "younger than what is pruned"
            elif any(one.source_id not in registered for one in captures):
                self.why[sha256] = "of a source that is not registered"

    def stand_ins(self) -> dict[str, dict[str, str]]:
        """For each source, what is given up of it and what stands in for that."""
        found: dict[str, dict[str, str]] = {}
        sources = {source.id: source for source in self.workshop.registry.sources()}
        of: dict[str, list[str]] = defaultdict(list)
        for sha256, captures in self.users.items():
            for source_id in dict.fromkeys(one.source_id for one in captures):
                of[source_id].append(sha256)
        readings = _Readings(self.workshop, self.users, retention.said(self.con))
        for done, source_id in enumerate(sorted(of), start=1):
            progress.report("comparing pages", done, len(of))
            if source_id in sources:
                found[source_id] = self._stand_ins_of(sources[source_id], of[source_id], readings)
        self.going = [sha256 for sha256 in self.users if sha256 not in self.why]
        return {
            source_id: {gone: kept for gone, kept in pairs.items() if gone not in self.why}
            for source_id, pairs in found.items()
        }

    def _stand_ins_of(self, source: Source, digests: list[str], readings: _Readings) -> dict[str, str]:
        """Pair what may go with what stays and reads the same; what nothing else says stays after all."""
        if all(sha256 in self.why for sha256 in digests):
            return {}
        staying: dict[str, list[str]] = defaultdict(list)
        captured = {sha256: max(one.captured_at for one in self.users[sha256]) for sha256 in digests}
        # those that stay anyhow come first; of the others the newest stays for those that say the same
        order = sorted(digests, key=lambda sha256: (captured[sha256], sha256), reverse=True)
        pairs: dict[str, str] = {}
        for sha256 in sorted(order, key=lambda one: one not in self.why):
            digest = readings.digest(source, sha256)
            kept = None
            if sha256 not in self.why:
                kept = next((one for one in staying[digest] if readings.are_alike(source, sha256, one)), None)
            if kept is not None:
                pairs[sha256] = kept
                continue
            self.why.setdefault(sha256, "nothing else says the same, and a rebuild reads it")
            staying[digest].append(sha256)
        return pairs

    def remove(self) -> None:
        """Delete what goes, and what no capture names."""
        for sha256 in (*self.going, *self.strays):
            self.workshop.blobs.discard(sha256)
        self.workshop.blobs.sweep()

    def result(self) -> Pruned:
        """What was found, in figures."""
        reasons = sorted(set(self.why.values()))
        return Pruned(
            removed=self._share("nothing rests on it, and others say the same", self.going),
            strays=self._share("no capture names it", self.strays),
            kept=tuple(
                self._share(reason, [sha256 for sha256, why in self.why.items() if why == reason]) for reason in reasons
            ),
        )

    def _share(self, what: str, digests: list[str]) -> Share:
        return Share(what=what, pages=len(digests), size=sum(self.size[sha256] for sha256 in digests))


class _Readings:
    """What the present extractor reads in captured bytes: as the warehouse says, else read now."""

    def __init__(
        self,
        workshop: Workshop,
        users: Mapping[str, list[Capture]],
        said: Mapping[tuple[str, str, str], retention.Said],
    ) -> None:
        self._workshop = workshop
        self._users = users
        self._said = said
        self._versions = versions(workshop)
        self._digests: dict[tuple[str, str], str] = {}
        # Sources that older versions read too: a rebuild reads all of them with the present one, and may see more.
        self._mixed = frozenset(id_ for id_, _, version in said if version != self._version(id_))

    def digest(self, source: Source, sha256: str) -> str:
        """What these bytes say of a source, in short."""
        key = (source.id, sha256)
        if key not in self._digests:
            known = self._known(source, sha256)
            self._digests[key] = known.digest if known else observation_digest(self._read(source, sha256))
        return self._digests[key]

    def are_alike(self, source: Source, gone: str, kept: str) -> bool:
        """Whether a rebuild stores the same of either, where both say the same in short.

        Of bytes whose reading only repeats another it stores no more than that; of others every quote.
        """
        if self._types(source, gone) != self._types(source, kept):
            return False
        known = self._known(source, gone)
        if known is not None and not known.has_rows and source.id not in self._mixed:
            return True
        return self._read(source, gone) == self._read(source, kept)

    def _types(self, source: Source, sha256: str) -> set[str | None]:
        """How the bytes were declared: with another character set they would be read otherwise."""
        return {one.content_type for one in self._users[sha256] if one.source_id == source.id}

    def _version(self, source_id: str) -> str:
        return self._versions.get(source_id, EXTRACTOR_VERSION)

    def _known(self, source: Source, sha256: str) -> retention.Said | None:
        return self._said.get((source.id, sha256, self._version(source.id)))

    def _read(self, source: Source, sha256: str) -> Observation:
        capture = next(one for one in self._users[sha256] if one.source_id == source.id)
        return observe(self._workshop, capture, source)


def _newest(captures: Iterable[Capture]) -> frozenset[str]:
    """The newest capture with bytes of each source: what a host is asked about, and what is looked at first."""
    found: dict[str, Capture] = {}
    for capture in captures:
        known = found.get(capture.source_id)
        if known is None or capture.captured_at >= known.captured_at:
            found[capture.source_id] = capture
    return frozenset(capture.id for capture in found.values())


def _entries(stand_ins: Mapping[str, Mapping[str, str]], at: datetime) -> Iterator[PrunedEntry]:
    for source_id, pairs in sorted(stand_ins.items()):
        rest = iter(sorted(pairs.items()))
        while some := dict(islice(rest, _ENTRY)):
            yield PrunedEntry(source_id=source_id, at=at, stand_ins=some)
