"""Which sources are due: by their own cadence, not before a host's asking, and less often while they fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pricing_pipeline.catalog import SourceState
from pricing_pipeline.facts import Source

FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(hours=72)
# A daily run starts a minute earlier one day than the next: a source checked 23 h 55 ago is due, not left for tomorrow.
MOST_SLACK = timedelta(hours=1)


def due(
    sources: Iterable[Source], states: Mapping[str, SourceState], *, now: datetime, force: bool = False
) -> list[Source]:
    """The sources to be captured now, in the order given; `states` are by source id.

    `force` asks for those, too, that are not yet due; a time before which a host does not want to be asked is always
    kept to, for every source of that host.
    """
    given = list(sources)
    closed = _closed_hosts(given, states, now)
    return [
        source
        for source in given
        if _host(source) not in closed and (force or _is_due(source, states.get(source.id), now))
    ]


def due_at(source: Source, state: SourceState | None) -> datetime | None:
    """The moment from which a source is due; None, which is at once, for one that was never checked."""
    if state is None or state.checked_at is None:
        return None
    return state.checked_at + (retry_wait(state.failures) if state.failures else _cadence(source))


def retry_wait(failures: int) -> timedelta:
    """How long to leave a source alone after so many failures in a row: 1, 2, 4 … hours, three days at most."""
    return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LONGEST_RETRY)


def _is_due(source: Source, state: SourceState | None, now: datetime) -> bool:
    moment = due_at(source, state)
    is_from_the_future = state is not None and state.checked_at is not None and state.checked_at > now
    return moment is None or now >= moment or is_from_the_future  # a clock that was set back must not stop a source


def _cadence(source: Source) -> timedelta:
    every = timedelta(hours=source.every_hours)
    return every - min(every / 10, MOST_SLACK)


def _closed_hosts(sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime) -> frozenset[str]:
    """The hosts that asked, for any of their pages, not to be asked before a time that is still to come."""
    return frozenset(
        _host(source)
        for source in sources
        if (state := states.get(source.id)) and state.not_before is not None and now < state.not_before
    )


def _host(source: Source) -> str:
    return urlsplit(source.url).netloc.lower()
