"""What was told to whom: an append-only file, so that nothing is told twice, too often, or lost when a target is down."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pricing_pipeline.facts import Severity
from pricing_pipeline.notify.news import RANK, About, News, is_over

# A change that nobody was told of for this long is in the change log; a message about it would read like a new one.
STALE = timedelta(days=3)
MOST_TRIES = 5


class Sent(StrEnum):
    """What became of one attempt: taken, refused, given up after the last try, or passed over in silence."""

    TOLD = "told"
    FAILED = "failed"
    DEAD = "dead"
    PASSED_OVER = "passed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody to tell. `name` is that of the environment variable: the address itself is a secret and never written."""

    name: str
    vendors: frozenset[str] = frozenset()
    about: frozenset[About] = frozenset(About)
    min_severity: Severity = Severity.NOTICE

    def wants(self, news: News) -> bool:
        """Whether this one is for them; a failed run concerns no vendor, so it concerns all."""
        routed = not self.vendors or news.vendor is None or news.vendor in self.vendors
        return routed and news.about in self.about and RANK[news.severity] >= RANK[self.min_severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line of the file."""

    at: datetime
    target: str
    result: Sent
    keys: tuple[str, ...]


def due(
    news: Sequence[News], attempts: Sequence[Attempt], target: Target, *, now: datetime, spacing: timedelta
) -> tuple[News, ...]:
    """What to tell a target now: all that is new to them, or nothing while their last message is younger than `spacing`.

    What is older than three days is not news, unless they could not be reached while it was.
    """
    own = [attempt for attempt in attempts if attempt.target == target.name]
    if any(one.result in (Sent.TOLD, Sent.FAILED) and now - one.at < spacing for one in own):
        return ()
    told = [key for one in own if one.result is Sent.TOLD for key in one.keys]
    settled = {key for one in own if one.result is not Sent.FAILED for key in one.keys}
    tried = {key for one in own for key in one.keys}
    return tuple(
        one
        for one in news
        if one.key not in settled
        and target.wants(one)
        and (not one.ends or is_over(one, told))
        and (_lasts(one) or one.key in tried or now - one.at <= STALE)
    )


def _lasts(news: News) -> bool:
    """Whether news is none the older for having begun long ago: a page that cannot be read now."""
    return news.about is About.SOURCES and not news.ends


def after_failure(attempts: Sequence[Attempt], target: str, keys: Collection[str]) -> Sent:
    """Whether a message that was refused once more is tried again or given up: by how often its oldest part was tried."""
    tries = [
        sum(one.target == target and one.result is Sent.FAILED and key in one.keys for one in attempts) for key in keys
    ]
    return Sent.DEAD if max(tries, default=0) + 1 >= MOST_TRIES else Sent.FAILED


@dataclass(frozen=True, slots=True)
class Outbox:
    """The folder of a home in which the attempts and the given-up messages rest."""

    folder: Path

    @property
    def dead_letters(self) -> Path:
        """Messages that no try could deliver, one file each."""
        return self.folder / "undelivered"

    def attempts(self) -> list[Attempt]:
        """Every attempt on record, oldest first; a line torn by a power cut counts as not written."""
        path = self.folder / "attempts.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
        return [_attempt(line) for line in lines if line.endswith("\n")]

    def record(self, attempt: Attempt) -> None:
        """Put an attempt on record."""
        line = {"at": attempt.at.isoformat(), "target": attempt.target, "result": attempt.result, "keys": attempt.keys}
        path = self.folder / "attempts.jsonl"
        torn = path.is_file() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        with path.open("a", encoding="utf-8") as file:
            file.write(("\n" if torn else "") + json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def bury(self, target: str, title: str, body: str, *, at: datetime) -> Path:
        """Keep a message that is given up, for a person to read."""
        self.dead_letters.mkdir(parents=True, exist_ok=True)
        path = self.dead_letters / f"{at:%Y%m%dT%H%M%SZ}-{target}.txt"
        path.write_text(f"{title}\n\n{body}", encoding="utf-8")
        return path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder for one teller at a time, so that a schedule and a command do not both tell the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _attempt(line: str) -> Attempt:
    row = json.loads(line)
    return Attempt(
        at=datetime.fromisoformat(row["at"]),
        target=row["target"],
        result=Sent(row["result"]),
        keys=tuple(row["keys"]),
    )
