"""One accepted offer entering the ledgers of its source: which values begin, which end, and when."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from pricing_pipeline.facts import Cause, Cohort, Plan, Rating, Term
from pricing_pipeline.results import Offer
from warehouse.believed import Believed, Reading, holding
from warehouse.columns import FOREVER
from warehouse.ledger import Ledger
from warehouse.steps import Announced, Step, midnight

Fact = TypeVar("Fact")
# What is stated for later days, by the key of the term.
Ahead = Mapping[Hashable, Sequence[Believed[Term]]]
NOTHING_AHEAD: Mapping[Hashable, Sequence[Believed[Any]]] = {}
_A_MOMENT = timedelta.resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgers:
    """What is believed of plans, terms and ratings, and of what is promised some customers only."""

    plans: Ledger[Plan]
    terms: Ledger[Term]
    ratings: Ledger[Rating]
    cohorts: Ledger[Cohort]


def offer_at(ledgers: Ledgers, source_id: str, moment: datetime) -> Offer:
    """What a source's history says held at a moment, in the order of its page."""
    return Offer(
        plans=tuple(row.fact for row in ledgers.plans.holding(source_id, moment)),
        terms=tuple(row.fact for row in ledgers.terms.holding(source_id, moment)),
        ratings=tuple(row.fact for row in ledgers.ratings.holding(source_id, moment)),
        cohorts=tuple(row.fact for row in ledgers.cohorts.holding(source_id, moment)),
    )


def take(
    ledgers: Ledgers,
    step: Step,
    announcements: Sequence[Announced],
    *,
    next_known: datetime,
    at: datetime,
    coming: Ahead = NOTHING_AHEAD,
) -> datetime | None:
    """Bring a step's offer into the ledgers and give the earliest moment from which anything changed; None if nothing
    did.

    A late step writes only up to `next_known`, the next capture of its source that history holds: what came after
    stays. `coming` is what is stated for later days, by the keys of terms.
    """
    one = _Taking(step=step, announcements=announcements, next_known=next_known, at=at)
    moved = [
        *one.into(ledgers.plans, step.offer.plans, plan_of=lambda plan: plan.slug),
        *one.into(
            ledgers.terms,
            step.offer.terms,
            plan_of=lambda term: term.plan,
            day_of=lambda term: term.effective_from,
            coming=coming,
            is_due=lambda row: is_due(row, step.previous_at, step.captured_at),
        ),
        *one.into(ledgers.ratings, step.offer.ratings),
        *one.into(ledgers.cohorts, step.offer.cohorts),
    ]
    return min(moved, default=None)


def foretell(ledgers: Ledgers, source_id: str, coming: Ahead, *, read_at: datetime, at: datetime) -> datetime | None:
    """Make this what is to come after a page was read last, and give the earliest moment from which anything changed.

    What the page showed when it was read stays until the first day of each term.
    """
    moved = []
    ledger = ledgers.terms
    for key in dict.fromkeys((*ledger.keys(source_id), *coming)):
        rows = ledger.rows(source_id, key)
        if not coming.get(key) and not any(row.start > read_at for row in rows):
            continue
        present = [replace(row, end=FOREVER) for row in [holding(rows, read_at)] if row is not None]
        first = min([*(row.start for row in rows if row.start > read_at), *(row.start for row in coming.get(key, ()))])
        news = _with_coming(present, coming.get(key, ()), at)
        within = [replace(row, start=max(row.start, first)) for row in news if row.end > first]
        if ledger.overwrite(source_id, key, within, start=first, end=FOREVER, at=at):
            moved.append(first)
    return min(moved, default=None)


def is_due(row: Believed[Term], read_at: datetime | None, moment: datetime) -> bool:
    """Whether a term began by what was stated for its day, and no page has been read between then and a moment."""
    day = row.fact.effective_from
    return read_at is not None and day is not None and read_at < row.start <= moment and row.start == midnight(day)


def seen_at(ledgers: Ledgers, source_id: str, moment: datetime, *, read_at: datetime | None) -> Offer:
    """What a source's history says that its pages showed up to a moment: what was only stated to begin since it was
    read is left out, and stands as it stood before."""
    shown = []
    for key in ledgers.terms.keys(source_id):
        rows = ledgers.terms.rows(source_id, key)
        row = holding(rows, moment)
        if row is not None and is_due(row, read_at, moment):
            due = [one.start for one in rows if is_due(one, read_at, moment)]
            row = holding(rows, min(due) - _A_MOMENT)
        if row is not None:
            shown.append(row)
    shown.sort(key=lambda row: (row.position, repr(row.fact.key)))
    return replace(offer_at(ledgers, source_id, moment), terms=tuple(row.fact for row in shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    step: Step
    announcements: Sequence[Announced]
    next_known: datetime
    at: datetime

    def into(
        self,
        ledger: Ledger[Fact],
        facts: Iterable[Fact],
        *,
        plan_of: Callable[[Fact], str | None] | None = None,
        day_of: Callable[[Fact], date | None] = lambda _: None,
        coming: Mapping[Hashable, Sequence[Believed[Fact]]] = NOTHING_AHEAD,
        is_due: Callable[[Believed[Fact]], bool] = lambda _: False,
    ) -> list[datetime]:
        """Revise every key of one ledger, those that the offer no longer states included."""
        stated: dict[Hashable, list[tuple[int, Fact]]] = {}
        for position, fact in enumerate(facts):
            stated.setdefault(ledger.kind.key(fact), []).append((position, fact))
        source_id = self.step.source_id
        begin = self._begins(plan_of, day_of)
        moved = (
            self._revise(ledger, key, stated.get(key, []), begin, coming.get(key, ()), is_due)
            for key in dict.fromkeys((*ledger.keys(source_id), *stated, *coming))
        )
        return [start for start in moved if start is not None]

    def _begins(
        self, plan_of: Callable[[Fact], str | None] | None, day_of: Callable[[Fact], date | None]
    ) -> Callable[[Fact, bool], datetime]:
        def begins(fact: Fact, is_there: bool) -> datetime:
            if plan_of is None:  # a rating moves when it is seen to move: no vendor dates it
                return self.step.captured_at
            return self.step.begins(plan_of(fact), day_of(fact) if is_there else None, self.announcements)

        return begins

    def _revise(
        self,
        ledger: Ledger[Fact],
        key: Hashable,
        stated: Sequence[tuple[int, Fact]],
        begins: Callable[[Fact, bool], datetime],
        coming: Sequence[Believed[Fact]],
        is_due: Callable[[Believed[Fact]], bool],
    ) -> datetime | None:
        step = self.step
        rows = ledger.rows(step.source_id, key)
        due = [row for row in rows if is_due(row)]
        old = holding(rows, min(row.start for row in due) - _A_MOMENT) if due else holding(rows, step.captured_at)
        present = stated[0] if stated else None
        if present is None and not coming and old is None and not due:
            return None
        start = self._start(old, present, begins)
        news = [] if present is None else [self._row(present, start)]
        if present is None and coming and old is not None:
            news = [replace(old, end=FOREVER)]  # only what is to come is stated: until then the old value holds
            start = old.start
        if due:
            news, start = self._overdue(ledger, old, due, news, start)
        if old is None and present is None and coming:
            start = min(start, coming[0].start)
        end = self._end(rows)
        news = _with_coming(news, coming, self.at)
        within = [row if row.end <= end else _cut(row, end) for row in news if row.start < end]
        return start if ledger.overwrite(step.source_id, key, within, start=start, end=end, at=self.at) else None

    def _overdue(
        self,
        ledger: Ledger[Fact],
        old: Believed[Fact] | None,
        due: Sequence[Believed[Fact]],
        news: Sequence[Believed[Fact]],
        start: datetime,
    ) -> tuple[list[Believed[Fact]], datetime]:
        """What holds now that the page is read after a day for which something was stated: the page is right.

        It confirms the newest statement, which then held from its day; or the statement came to nothing, and what stood
        before went on until the page began to say something else.
        """
        newest = max(due, key=lambda row: row.start)
        if news and ledger.kind.same(news[0].fact, newest.fact):
            return [replace(newest, end=FOREVER)], newest.start
        first = min(row.start for row in due)
        before = [] if old is None or start <= first else [replace(old, start=first, end=start)]
        return [*before, *news], min(first, start)

    def _start(
        self, old: Believed[Fact] | None, present: tuple[int, Fact] | None, begins: Callable[[Fact, bool], datetime]
    ) -> datetime:
        if self.step.cause in (Cause.EXTRACTOR, Cause.CORRECTION) and old is not None:
            return old.start  # we misread it then: what is read now held all along
        if self.step.corrected_since is not None:
            return self.step.corrected_since
        if present is not None:
            return begins(present[1], True)
        return self.step.captured_at if old is None else begins(old.fact, False)

    def _end(self, rows: Iterable[Believed[Fact]]) -> datetime:
        """Up to where this reading says anything: for a late one, not beyond what a later page or a dated change
        says."""
        if not self.step.is_late:
            return FOREVER
        later = (row.start for row in rows if row.start > self.step.captured_at)
        return min((self.next_known, *later))

    def _row(self, item: tuple[int, Fact], start: datetime) -> Believed[Fact]:
        step = self.step
        reading = Reading(
            capture_id=step.capture_id, observation_id=step.observation_id, extractor_version=step.extractor_version
        )
        return Believed(fact=item[1], reading=reading, start=start, end=FOREVER, recorded_at=self.at, position=item[0])


def _with_coming(
    rows: Sequence[Believed[Fact]], coming: Sequence[Believed[Fact]], at: datetime
) -> list[Believed[Fact]]:
    """Rows, each up to the day from which something else is stated."""
    found = list(rows)
    for row in sorted(coming, key=lambda row: row.start):
        found = [*_until(found, row.start), replace(row, recorded_at=at)]
    return found


def _until(rows: Sequence[Believed[Fact]], moment: datetime) -> list[Believed[Fact]]:
    return [_cut(row, moment) if row.end > moment else row for row in rows if row.start < moment]


def _cut(row: Believed[Fact], end: datetime) -> Believed[Fact]:
    return replace(row, end=end)
