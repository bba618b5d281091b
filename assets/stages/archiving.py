"""Archived pages put into the log: with their own time, as `origin = archive`, under the sources that they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from assets.stages.capturing import result_capture
from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.places import Places, plain
from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.captures.warc import Bodies, read_warc
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Capture, Origin, Outcome, Source
from pricing_pipeline.fetch.addresses import presentable
from pricing_pipeline.fetch.outcomes import REDIRECTS, FetchResult, is_html, outcome_of_status, printable
from warehouse.locking import locked

# Descriptions of captures wait in memory until the file is read to its end, so that they enter the log in time's order.
MAX_CAPTURES = 200_000
MAX_STRANGERS = 10_000
_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of archive files: captures added and already known, and what was passed over.

    `strangers` are addresses that nobody registered, those of registered hosts first, and `stranger_records` how many
    records had such; `passed_over` counts, by reason, records of registered addresses that hold no page.
    """

    added: int = 0
    known: int = 0
    strangers: tuple[str, ...] = ()
    stranger_records: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    problems: tuple[str, ...] = ()


@contextmanager
def keeping(workshop: Workshop) -> Iterator[Keeper]:
    """Keep archived pages inside; meanwhile nothing that is kept is pruned."""
    workshop.home.root.mkdir(parents=True, exist_ok=True)
    with locked(workshop.home.root / "captures", shared=True, wait_seconds=60):
        yield Keeper(workshop)


class Keeper:
    """Keeps the bytes of archived pages, and knows which captures the log holds already."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._at = workshop.now()
        self._held: dict[str, Capture] = {
            entry.capture.id: entry.capture for entry, _ in workshop.log.read() if isinstance(entry, CaptureEntry)
        }
        self._visits: dict[tuple[str, datetime], str] | None = None

    def capture(self, source: Source, page: SavedPage) -> tuple[Capture, bool] | str:
        """The capture that a page makes, its bytes kept, and whether it is new; why it makes none as text."""
        outcome = outcome_of_status(page.status)
        if outcome is not Outcome.FETCHED:
            return f"answered {page.status}"
        if not page.body.strip():
            return "empty"
        if not is_html(page.content_type, page.body):
            return "no HTML page"
        result = FetchResult(
            url=source.url,
            outcome=Outcome.NOT_MODIFIED if page.is_repeat else outcome,
            fetched_at=page.captured_at,
            final_url=presentable(page.url),
            status=page.status,
            content_type=printable(page.content_type),
            body=page.body,
        )
        sha256 = self._workshop.blobs.put(page.body)
        made = result_capture(source, result, sha256=sha256, origin=Origin.ARCHIVE, recorded_at=self._at)
        is_new = made.id not in self._held
        self._held.setdefault(made.id, made)
        return made, is_new

    def moments(self, source_id: str) -> set[datetime]:
        """When the source was captured with a page, as far as the log tells."""
        return {one.captured_at for one in self._held.values() if one.source_id == source_id and one.sha256}

    def add(self, captures: Iterable[Capture]) -> None:
        """Enter captures into the log, the oldest first."""
        ordered = sorted(captures, key=lambda capture: (capture.captured_at, capture.source_id, capture.id))
        for start in range(0, len(ordered), _CHUNK):
            self._workshop.log.append(CaptureEntry(capture=capture) for capture in ordered[start : start + _CHUNK])

    def recall(self, url: str, at: datetime) -> bytes | None:
        """The bytes that the log says were captured there and then."""
        if self._visits is None:
            self._visits = {(plain(one.url), one.captured_at): one.sha256 for one in self._held.values() if one.sha256}
        sha256 = self._visits.get((plain(url), at))
        return self._workshop.blobs.get(sha256) if sha256 and self._workshop.blobs.has(sha256) else None


def import_warcs(workshop: Workshop, paths: Iterable[Path]) -> Imported:
    """Keep the pages of registered sources in WARC files. Nothing is entered into the log before the last is read."""
    with keeping(workshop) as keeper, Bodies() as bodies:
        work = _Import(keeper=keeper, places=Places(workshop.registry.sources()))
        for path in paths:
            work.read(path, bodies)
        keeper.add(work.new)
    hosts = {_host(source.url) for source in workshop.registry.sources()}
    strangers = sorted(work.strangers, key=lambda url: (_host(url) not in hosts, url))
    return Imported(
        added=len(work.new),
        known=work.known,
        strangers=tuple(strangers),
        stranger_records=work.stranger_records,
        passed_over=work.passed_over,
        problems=tuple(work.problems),
    )


@dataclass(kw_only=True)
class _Import:
    keeper: Keeper
    places: Places
    new: list[Capture] = field(default_factory=list)
    known: int = 0
    strangers: set[str] = field(default_factory=set)
    stranger_records: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def read(self, path: Path, bodies: Bodies) -> None:
        """Take in one file; one that cannot be opened is told and does not stop the others."""
        pages = read_warc(
            path, on_problem=self.problems.append, wanted=self._wanted, bodies=bodies, recall=self.keeper.recall
        )
        try:
            for page in pages:
                if len(self.new) >= MAX_CAPTURES:
                    self.problems.append(f"{path}: more than {MAX_CAPTURES} pages; import the rest on its own")
                    return
                self._take(page)
                progress.report("pages", len(self.new) + self.known, len(self.new) + self.known)
        except CaptureError as error:
            self.problems.append(str(error))

    def _wanted(self, url: str) -> bool:
        if self.places.may_hold(url):
            return True
        self.stranger_records += 1
        if len(self.strangers) < MAX_STRANGERS:
            self.strangers.add(url)
        return False

    def _take(self, page: SavedPage) -> None:
        if page.status in REDIRECTS and page.location:
            target = self.places.follow(page.url, page.location, page.captured_at)
            self.passed_over[f"redirected to {target}" if target else "redirected to no address"] += 1
            return
        for source in self.places.sources(page.url, page.captured_at):
            made = self.keeper.capture(source, page)
            if isinstance(made, str):
                self.passed_over[made] += 1
            elif made[1]:
                self.new.append(made[0])
            else:
                self.known += 1


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
