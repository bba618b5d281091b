"""Pages that go back and forth: whether what a page says now is a return to what it said a while ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pricing_pipeline.results import Alternation


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Captures in a row that said the same: what, in short, from when to when, and whether it was accepted."""

    digest: str
    first_at: datetime
    last_at: datetime
    is_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What a page says now stood not long ago. `alternation` is set where a return was told already: then nothing is new
    but that the page goes back and forth."""

    alternation: Alternation | None = None


@dataclass(slots=True)
class _Presence:
    """One state of a page: since when it was never away for longer than the window, and when it was seen last."""

    since: datetime
    last_at: datetime


def return_to(digest: str, at: datetime, sightings: Sequence[Sighting], *, window: timedelta) -> Return | None:
    """Whether a page that says this now goes back to what was accepted before and seen within the window.

    `sightings` are all of its source, in order; the last accepted one stands. The first return is told, so that a
    vendor who takes a change back is reported. From then on a return is no news, as long as neither state was away for
    longer than the window: a price that falls for a week each quarter is told each time.
    """
    known: dict[str, _Presence] = {}
    accepted: list[str] = []
    returned_at: datetime | None = None
    for one in sightings:
        if one.is_accepted and one.digest not in accepted[-1:]:
            if one.digest in accepted and _is_known(known, one.digest, one.first_at, window):
                returned_at = one.first_at
            accepted.append(one.digest)
        _see(known, one, window)
    if digest not in accepted[:-1] or digest == accepted[-1] or not _is_known(known, digest, at, window):
        return None
    standing = accepted[-1]
    since = max(known[standing].since, known[digest].since)
    if returned_at is None or returned_at < since:
        return Return()
    return Return(alternation=Alternation(since=since, times=_switches(sightings, digest, since)))


def _is_known(known: Mapping[str, _Presence], digest: str, at: datetime, window: timedelta) -> bool:
    return digest in known and at - known[digest].last_at <= window


def _see(known: dict[str, _Presence], one: Sighting, window: timedelta) -> None:
    if _is_known(known, one.digest, one.first_at, window):
        known[one.digest].last_at = one.last_at
    else:
        known[one.digest] = _Presence(since=one.first_at, last_at=one.last_at)


def _switches(sightings: Iterable[Sighting], digest: str, since: datetime) -> int:
    """How many times a page began to say something else, from a moment on to the last of them."""
    shown = [one.digest for one in sightings if one.last_at >= since]
    return 1 + sum(was != now for was, now in pairwise([*shown, digest]))
