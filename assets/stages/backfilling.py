"""The past of one source out of a web archive: listed, chosen, fetched one by one, each kept as it comes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from urllib.parse import urlsplit

from assets.stages.archiving import Keeper, keeping
from assets.workshop import Workshop
from pricing_pipeline import progress
from pricing_pipeline.captures.places import plain
from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.facts import Outcome, Source
from pricing_pipeline.fetch.archive import Archive, ArchiveError, Listed, Memento
from pricing_pipeline.fetch.outcomes import HTML_TYPES, OutcomeError
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.registry.settings import ArchiveEntry

# A copy that the archive gives in the place of another one must be of about the same time.
NEAR = timedelta(days=1)
_REVISIT = "warc/revisit"
_UNNAMED = ("", "unk", "-")


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which part of the past, and how closely: at most one page in `every`, all that differ where it is None."""

    first: date
    last: date
    every: timedelta | None = None

    @property
    def start(self) -> datetime:
        """The beginning of the first day."""
        return datetime.combine(self.first, clock_time.min, UTC)

    @property
    def end(self) -> datetime:
        """The last second of the last day."""
        return datetime.combine(self.last, clock_time(23, 59, 59), UTC)


@dataclass(kw_only=True)
class Backfilled:
    """What came of it: index rows seen, pages added and already held, those passed over by reason, and why it stopped.

    `reached` is the time of the last page that was dealt with; `stopped` is None where the index was worked through.
    """

    listed: int = 0
    added: int = 0
    known: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    reached: datetime | None = None
    stopped: str | None = None


def backfill(
    workshop: Workshop,
    source: Source,
    span: Span,
    *,
    archive: str | None = None,
    limit: int | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Backfilled:
    """Keep what the archive holds of a source: pages that differ from the one before, each under its own time.

    A page is in the log before the next is asked for, so a run that was stopped goes on where it was. Raises
    ArchiveError where the archive may not be asked at all, SettingsError for a home of example pages.
    """
    workshop.home.refuse_examples()
    bounds = workshop.settings.archive
    base = archive or bounds.url
    done = Backfilled()
    cache = workshop.home.captures / "robots.jsonl"
    with (
        keeping(workshop) as keeper,
        Archive(base, fetch_settings(workshop, base), clock=workshop.now, robots_cache=cache, wait=wait) as asked,
    ):
        work = _Backfill(
            keeper=keeper, archive=asked, source=source, span=span, done=done,
            pages_left=limit or bounds.max_mementos, bytes_left=bounds.max_bytes,
            until=time.monotonic() + 60 * bounds.max_minutes,
        )  # fmt: skip
        try:
            work.run()
        except ArchiveError as stop:
            if stop.outcome is Outcome.UNSAFE_URL:
                raise
            done.stopped = str(stop)
    return done


def fetch_settings(workshop: Workshop, base: str) -> FetchSettings:
    """The rules of fetching, with the archive's own spacing; a private address only where the settings name it."""
    own, settings = workshop.settings.archive, workshop.fetch_settings
    is_own = own.url != ArchiveEntry().url and base.rstrip("/") == own.url.rstrip("/")
    named = (urlsplit(base).netloc,) if is_own else ()
    return replace(settings, spacing_seconds=own.spacing_seconds, allow_hosts=(*settings.allow_hosts, *named))


@dataclass(kw_only=True)
class _Backfill:
    keeper: Keeper
    archive: Archive
    source: Source
    span: Span
    done: Backfilled
    pages_left: int
    bytes_left: int
    until: float

    def run(self) -> None:
        """Deal with one chosen row after the other, until the index or a bound is reached. Raises ArchiveError where the
        archive serves no more."""
        held = self.keeper.moments(self.source.id)
        chosen = _Chosen(self.span.every, self.done.passed_over)
        for row in self._rows():
            if time.monotonic() >= self.until:
                self.done.stopped = "the time that one run may take is over"
                return
            if not chosen.is_next(row):
                continue
            if row.moment in held:
                self.done.known += 1
                chosen.take(row)
                continue
            self.done.stopped = self._bound()
            if self.done.stopped:
                return
            if self._fetch(row, held):
                chosen.take(row)
            self.done.reached = row.moment

    def _rows(self) -> Iterator[Listed]:
        collapse = "digest" if self.span.every is None else "timestamp:8"
        for row in self.archive.listed(self.source.url, start=self.span.start, end=self.span.end, collapse=collapse):
            self.done.listed += 1
            if self.span.start <= row.moment <= self.span.end:
                yield row

    def _bound(self) -> str | None:
        if self.pages_left <= 0:
            return "as many pages as one run asks for"
        return "as many bytes as one run asks for" if self.bytes_left <= 0 else None

    def _fetch(self, row: Listed, held: set[datetime]) -> bool:
        """Ask for one page and keep it; whether there was one."""
        self.pages_left -= 1
        when = f"{row.moment:%Y-%m-%d %H:%M:%S}"
        try:
            memento = self.archive.memento(row)
        except ArchiveError:
            raise
        except OutcomeError as failure:
            self.done.problems.append(f"{when}: not taken: {failure}")
            return False
        self.bytes_left -= len(memento.body)
        why = self._unfit(row, memento) or self._keep(memento, held)
        if why:
            self.done.problems.append(f"{when}: not taken: {why}")
        progress.report("archived pages", self.done.added, self.done.added + self.pages_left)
        return why is None

    def _unfit(self, row: Listed, memento: Memento) -> str | None:
        if plain(memento.url) != plain(self.source.url):
            return f"the archive gave {memento.url} in its place"
        if abs(memento.moment - row.moment) > NEAR:
            return f"the archive gave a copy of {memento.moment:%Y-%m-%d} in its place"
        return None

    def _keep(self, memento: Memento, held: set[datetime]) -> str | None:
        if memento.moment in held:
            self.done.known += 1
            return None
        page = SavedPage(
            url=memento.url, body=memento.body, captured_at=memento.moment, status=200,
            content_type=memento.content_type, line=0,
        )  # fmt: skip
        made = self.keeper.capture(self.source, page)
        if isinstance(made, str):
            return made
        capture, is_new = made
        held.add(memento.moment)
        if is_new:
            self.keeper.add([capture])
            self.done.added += 1
        return None


class _Chosen:
    """Which rows are worth asking for: pages that were served, differ from the last one taken, and are not too close."""

    def __init__(self, every: timedelta | None, passed_over: Counter[str]) -> None:
        self._every = every
        self._passed_over = passed_over
        self._pages: set[str] = set()
        self._last: Listed | None = None

    def is_next(self, row: Listed) -> bool:
        """Whether to ask for this row's page; why not is counted."""
        why = self._why_not(row)
        if why:
            self._passed_over[why] += 1
        return why is None

    def take(self, row: Listed) -> None:
        """This row's page is held now."""
        self._last = row

    def _why_not(self, row: Listed) -> str | None:
        is_repeat = row.mimetype == _REVISIT or row.status == "-"
        if not is_repeat and row.status != "200":
            return f"answered {row.status}"
        if is_repeat and row.digest not in self._pages:
            return "repeat something that is no page of it"
        if not is_repeat and row.mimetype not in (*HTML_TYPES, *_UNNAMED):
            return f"{row.mimetype}"
        self._pages.add(row.digest)
        if self._last is None:
            return None
        if row.digest == self._last.digest:
            return "unchanged"
        if self._every is not None and row.moment - self._last.moment < self._every:
            return "closer than asked for"
        return None
