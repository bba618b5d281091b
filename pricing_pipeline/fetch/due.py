"""Which sources are due: as often as their file allows while they move, a little less often while nothing happens.

`every` of the vendor file is the most often a page is looked at; a source in the news is looked at that often.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from pricing_pipeline.catalog import Rhythm, SourceState
from pricing_pipeline.facts import Outcome, Source

FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(hours=72)
# A daily run starts a minute earlier one day than the next: a source checked 23 h 55 ago is due, not left for tomorrow.
MOST_SLACK = timedelta(hours=1)
# A page that has said the same for 30 of its periods waits longer with every further one, up to one and a half periods:
# pages count as stale after two, and a run that is late by a little must not make a quiet page a stale one.
QUIET_PERIODS = 30
MOST_STRETCH = 1.5
# Terms are often put up some days before or after the day that was announced for them.
NEAR = timedelta(days=7)
# Outcomes that may be over in a moment. The others were an answer, and whoever gave it is asked again as for a page.
_PASSING = (None, Outcome.NETWORK_ERROR, Outcome.SERVER_ERROR, Outcome.INCOMPLETE, Outcome.RATE_LIMITED)
UNKNOWN = Rhythm()


def due(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    *,
    now: datetime,
    force: bool = False,
    rhythms: Mapping[str, Rhythm] | None = None,
) -> list[Source]:
    """The sources to be captured now, in the order given; `states` and `rhythms` are by source id.

    `force` asks for those, too, that are not yet due; a time before which a host does not want to be asked is always
    kept to, for every source of that host.
    """
    given = list(sources)
    known = rhythms or {}
    closed = _closed_hosts(given, states, now)
    return [
        source
        for source in given
        if _host(source) not in closed
        and (force or _is_due(source, states.get(source.id), known.get(source.id, UNKNOWN), now))
    ]


def due_at(source: Source, state: SourceState | None, rhythm: Rhythm = UNKNOWN) -> datetime | None:
    """The moment from which a source is due; None, which is at once, for one that was never checked."""
    if state is None or state.checked_at is None:
        return None
    every = timedelta(hours=source.every_hours)
    if state.failures:
        return state.checked_at + retry_wait(state.failures, every=every, outcome=state.outcome)
    wait = every if state.held else cadence(every, rhythm, checked_at=state.checked_at)
    return state.checked_at + wait - min(every / 10, MOST_SLACK)


def is_quiet(source: Source, state: SourceState, rhythm: Rhythm) -> bool:
    """Whether this source is looked at less often than its file allows, because nothing has happened for long."""
    moment = due_at(source, state, rhythm)
    return not state.failures and moment is not None and moment != due_at(source, state)


def cadence(every: timedelta, rhythm: Rhythm, *, checked_at: datetime) -> timedelta:
    """How long to wait after a check: `every`, and up to half as long again for a page that has long been quiet.

    Around an announced day it is `every`; a longer wait ends when that day begins.
    """
    if rhythm.quiet_since is None:
        return every
    days = [_start(day) for day in rhythm.announced]
    if any(abs(checked_at - day) <= NEAR for day in days):
        return every
    quiet = checked_at - rhythm.quiet_since
    wait = min(max(quiet / QUIET_PERIODS, every), every * MOST_STRETCH)
    coming = [day - checked_at for day in days if checked_at < day < checked_at + wait]
    return max(min([wait, *coming]), every)


def retry_wait(failures: int, *, every: timedelta = timedelta(), outcome: Outcome | None = None) -> timedelta:
    """How long to leave a source alone after so many failures in a row: 1, 2, 4 … hours, three days or `every` at most.

    Only what may be over in a moment is asked for again before its time; a wall, a missing page or a refusal is an
    answer, and waits for `every` like any other.
    """
    wait = min(FIRST_RETRY * (1 << min(failures - 1, 10)), max(LONGEST_RETRY, every))
    return wait if outcome in _PASSING else max(wait, every - min(every / 10, MOST_SLACK))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _is_due(source: Source, state: SourceState | None, rhythm: Rhythm, now: datetime) -> bool:
    moment = due_at(source, state, rhythm)
    is_from_the_future = state is not None and state.checked_at is not None and state.checked_at > now
    return moment is None or now >= moment or is_from_the_future  # a clock that was set back must not stop a source


def _closed_hosts(sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime) -> frozenset[str]:
    """The hosts that asked, for any of their pages, not to be asked before a time that is still to come."""
    return frozenset(
        _host(source)
        for source in sources
        if (state := states.get(source.id)) and state.not_before is not None and now < state.not_before
    )


def _host(source: Source) -> str:
    return urlsplit(source.url).netloc.lower()
