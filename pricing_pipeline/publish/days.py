"""What pages say of time: on which day facts were confirmed, and no more, so that a page is made once for a whole day.

To the second it stands in `v1/freshness.json` and in the database, which every check writes anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from pricing_pipeline.catalog import (
    AnnouncedTerm,
    Catalog,
    Provenance,
    SourceState,
    StandingPlan,
    StandingRating,
    StandingTerm,
)
from pricing_pipeline.facts import Outcome

# The files of an edition that tell moments: nothing else in it leads to them or is compared with what they say of time.
TO_THE_SECOND = frozenset({"v1/freshness.json", "reports.duckdb"})

_LAST_SECOND = time(23, 59, 59)
_Standing = TypeVar("_Standing", StandingPlan, StandingTerm, StandingRating, AnnouncedTerm)


def by_day(catalog: Catalog) -> Catalog:
    """The catalog as pages tell it: every time that each check moves is the last second of its day.

    A source that was served says no more than that: whether the server sent the page again or said "not modified" is the
    same to readers.
    """
    return replace(
        catalog,
        as_of=_end_of(catalog.as_of),
        states=tuple(_state(state) for state in catalog.states),
        plans=_confirmed_by_day(catalog.plans),
        terms=_confirmed_by_day(catalog.terms),
        ratings=_confirmed_by_day(catalog.ratings),
        announced=_confirmed_by_day(catalog.announced),
    )


def mark(moment: datetime) -> str:
    """A moment for machines, as `2026-05-01T06:00:00Z`; only the day where no more of it is told."""
    if moment.timetz() == _LAST_SECOND.replace(tzinfo=UTC):
        return f"{moment:%Y-%m-%d}"
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def stale_sources(catalog: Catalog) -> frozenset[str]:
    """The sources whose facts were last confirmed longer ago than two of their turns, by the exact times."""
    verified = {state.source_id: state.verified_at for state in catalog.states}
    found = set()
    for source in catalog.sources:
        at = verified.get(source.id)
        if at is not None and catalog.as_of - at > 2 * timedelta(hours=source.every_hours):
            found.add(source.id)
    return frozenset(found)


def _state(state: SourceState) -> SourceState:
    shown = replace(state, checked_at=_day_of(state.checked_at), verified_at=_day_of(state.verified_at))
    if state.outcome not in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return shown
    return replace(
        shown, outcome=Outcome.FETCHED, since=None, not_before=None, sha256=None, etag=None, last_modified=None
    )


def _confirmed_by_day(rows: Iterable[_Standing]) -> tuple[_Standing, ...]:
    """The rows with the days of their provenances, which thousands of rows share."""
    known: dict[Provenance, Provenance] = {}

    def told(provenance: Provenance) -> Provenance:
        if provenance not in known:
            known[provenance] = replace(provenance, verified_at=_end_of(provenance.verified_at))
        return known[provenance]

    return tuple(replace(row, provenance=told(row.provenance)) for row in rows)


def _day_of(moment: datetime | None) -> datetime | None:
    return None if moment is None else _end_of(moment)


def _end_of(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), _LAST_SECOND, UTC)
