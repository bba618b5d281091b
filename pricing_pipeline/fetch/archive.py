"""Asking a Wayback-style web archive: what it holds of an address (CDX), and its pages as they were served (mementos)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode, urljoin

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import check_url, origin
from pricing_pipeline.fetch.outcomes import (
    REDIRECTS,
    OutcomeError,
    http_date,
    media_type,
    outcome_of_status,
    printable,
    retry_after,
)
from pricing_pipeline.fetch.robots import Robots
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.fetch.transport import Answer, Transport

ROWS_AT_ONCE = 1_000
MAX_LISTS = 1_000
# How long to leave an archive alone that asks for it without saying for how long, and the longest that is waited for.
PAUSE = 60.0
LONGEST_PAUSE = 300.0
ATTEMPTS = 3
_STAMP = "%Y%m%d%H%M%S"
_COLUMNS = 7
_MEMENTO = re.compile(r"/(\d{14})id_/(.+)")
_PASSING = (Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.NETWORK_ERROR, Outcome.INCOMPLETE)
# What an archive writes into pages that it shows to people, and never into the bytes that it was given.
_REWRITTEN = (b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", b"/_static/js/bundle-playback.js", b"__wm.wombat(")


Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of an archive's index. `status` is `-` where the row repeats the bytes of an earlier one (a revisit)."""

    moment: datetime
    url: str
    mimetype: str
    status: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """A page as it was served at a moment, with the address that it was served from."""

    url: str
    moment: datetime
    content_type: str
    body: bytes


class ArchiveError(OutcomeError):
    """The archive does not serve us, or not now: there is no use in asking it for the next page."""


class Archive:
    """One archive, asked one thing at a time with a pause between; `wait` sleeps, `ticks` are seconds."""

    def __init__(
        self,
        base: str,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime],
        robots_cache: Path | None = None,
        wait: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = base.rstrip("/")
        self._settings = settings
        self._clock = clock
        self._wait = wait
        self._ticks = ticks
        self._transport = Transport(settings)
        self._robots = Robots(self._transport, clock=clock, path=robots_cache)
        self._free_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._robots.save()
        finally:
            self._transport.close()

    def listed(self, url: str, *, start: datetime, end: datetime, collapse: str) -> Iterator[Listed]:
        """What the archive's index holds of an address between two moments, in the order of time.

        `collapse` is what neighbouring rows may share to be given once: `digest` (their bytes) or `timestamp:8` (their
        day). Rows that make no sense are left out. Raises ArchiveError where the archive gives no index.
        """
        query = {
            "url": url,
            "from": start.strftime(_STAMP),
            "to": end.strftime(_STAMP),
            "collapse": collapse,
            "limit": str(ROWS_AT_ONCE),
            "showResumeKey": "true",
        }
        keys: set[str] = set()
        while len(keys) < MAX_LISTS:
            try:
                lines = self._retried(f"{self._base}/cdx/search/cdx?{urlencode(query)}", self._index)
            except ArchiveError:
                raise
            except OutcomeError as failure:
                raise ArchiveError(failure.outcome, f"{self._base} gives no index of {url}: {failure}") from failure
            rows, _, rest = "\n".join(line.strip() for line in lines).partition("\n\n")
            yield from (row for line in rows.splitlines() if (row := _row(line)) is not None)
            key = rest.strip()
            if not key or key in keys:
                return
            keys.add(key)
            query["resumeKey"] = key

    def memento(self, listed: Listed) -> Memento:
        """The page that a row of the index names, with the bytes that were archived (`id_`).

        The archive may lead to its nearest other copy. Raises OutcomeError where it gives no page, ArchiveError where it
        gives none at all at present.
        """
        url = f"{self._base}/web/{listed.moment.strftime(_STAMP)}id_/{listed.url}"
        for _ in range(self._settings.max_redirects + 1):
            found = self._retried(url, self._judged)
            if isinstance(found, Memento):
                return found
            url = found
        raise OutcomeError(Outcome.NOT_FOUND, "the archive redirects without an end")

    def _retried(self, url: str, read: Callable[[str, Answer], Found]) -> Found:
        """What `read` makes of the answer; what may be over in a moment is asked for again, after a pause."""
        url = check_url(url, allowed=self._transport.allowed)
        try:
            self._robots.require(url)
        except OutcomeError as failure:
            raise ArchiveError(failure.outcome, str(failure), not_before=failure.not_before) from failure
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._asked(url, read)
            except ArchiveError:
                raise
            except OutcomeError as failure:
                if failure.outcome not in _PASSING:
                    raise
                pause = self._pause(failure, attempt)
                if attempt == ATTEMPTS or pause > LONGEST_PAUSE:
                    raise ArchiveError(failure.outcome, str(failure), not_before=failure.not_before) from failure
                self._wait(pause)
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, failure: OutcomeError, attempt: int) -> float:
        if failure.not_before is not None:
            return max(0.0, (failure.not_before - self._clock()).total_seconds())
        return PAUSE * attempt if failure.outcome is Outcome.RATE_LIMITED else self._spacing() * 2**attempt

    def _spacing(self) -> float:
        asked = self._robots.crawl_delay(check_url(self._base, allowed=self._transport.allowed))
        return max(self._settings.spacing_seconds, min(asked, self._settings.max_crawl_delay_seconds))

    def _asked(self, url: str, read: Callable[[str, Answer], Found]) -> Found:
        self._wait(max(0.0, self._free_at - self._ticks()))
        try:
            with self._transport.limit(), self._transport.get(url, {"Accept": "*/*"}) as answer:
                return read(url, answer)
        finally:
            self._free_at = self._ticks() + self._spacing()

    def _index(self, _: str, answer: Answer) -> list[str]:
        if answer.status != 200:
            raise self._refusal(answer)
        text = answer.body().decode("utf-8", errors="replace")
        if text.lstrip().startswith("<"):
            raise OutcomeError(Outcome.WRONG_PAGE, "it answered with a web page in place of its index")
        return text.splitlines()

    def _judged(self, url: str, answer: Answer) -> Memento | str:
        """The memento in an answer, or where the archive has its nearest other copy of the page."""
        moment = http_date(answer.headers.get("memento-datetime", ""))
        if answer.status in REDIRECTS and moment is None and "location" in answer.headers:
            return self._elsewhere(url, answer.all("location")[0])
        if moment is None:
            if answer.status == 200:
                raise OutcomeError(Outcome.WRONG_PAGE, "the archive answered with a page of its own")
            raise self._refusal(answer)
        if answer.status != 200:  # what the vendor answered then, not what the archive answers now
            raise OutcomeError(Outcome.NOT_FOUND, f"the vendor answered {answer.status} then")
        body = answer.body()
        if any(mark in body for mark in _REWRITTEN):
            raise OutcomeError(Outcome.WRONG_PAGE, "the archive has rewritten the page for its own visitors")
        named = _MEMENTO.search(url)
        return Memento(
            url=named[2] if named else url,
            moment=moment,
            content_type=printable(answer.headers.get("content-type", "")),
            body=body,
        )

    def _elsewhere(self, url: str, location: str) -> str:
        target = check_url(urljoin(url, location.strip()), allowed=self._transport.allowed)
        if origin(target) != origin(url) or _MEMENTO.search(target) is None:
            raise OutcomeError(Outcome.NOT_FOUND, f"the archive led to {printable(location)}, which is no copy of it")
        return target

    def _refusal(self, answer: Answer) -> OutcomeError:
        """What an answer of the archive itself says: a site that it does not give out, or that it wants a pause."""
        outcome = outcome_of_status(answer.status)
        until = retry_after(answer.headers.get("retry-after"), now=self._clock(), longest=timedelta(days=7))
        why = printable(answer.headers.get("x-archive-wayback-runtime-error", ""))
        said = f"it answered {answer.status}" + (f" ({why})" if why else "")
        if until is not None:
            said += f" and asks to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC"
        return OutcomeError(outcome, said, not_before=until)


def _row(line: str) -> Listed | None:
    """A row of the index: urlkey, timestamp, original, mimetype, statuscode, digest, length."""
    columns = line.split(" ")
    if len(columns) != _COLUMNS or not columns[2].startswith(("http://", "https://")):
        return None
    try:
        moment = datetime.strptime(columns[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:  # some old rows name a month 00
        return None
    return Listed(
        moment=moment,
        url=columns[2],
        mimetype=media_type(columns[3]),
        status=columns[4],
        digest=columns[5],
    )
