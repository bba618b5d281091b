"""One accepted offer entering the ledgers of its source: which values begin, which end, and when."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from pricing_pipeline.facts import Cause, Plan, Rating, Term
from pricing_pipeline.results import Offer
from warehouse.believed import Believed, Reading, holding
from warehouse.columns import FOREVER
from warehouse.ledger import Ledger
from warehouse.steps import Announced, Step, midnight

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgers:
    """What is believed of plans, terms and ratings."""

    plans: Ledger[Plan]
    terms: Ledger[Term]
    ratings: Ledger[Rating]


def offer_at(ledgers: Ledgers, source_id: str, moment: datetime) -> Offer:
    """What a source's history says held at a moment, in the order of its page."""
    return Offer(
        plans=tuple(row.fact for row in ledgers.plans.holding(source_id, moment)),
        terms=tuple(row.fact for row in ledgers.terms.holding(source_id, moment)),
        ratings=tuple(row.fact for row in ledgers.ratings.holding(source_id, moment)),
    )


def take(
    ledgers: Ledgers, step: Step, announcements: Sequence[Announced], *, next_known: datetime, at: datetime
) -> datetime | None:
    """Bring a step's offer into the ledgers and give the earliest moment from which anything changed; None if nothing
    did.

    A late step writes only up to `next_known`, the next capture of its source that history holds: what came after
    stays.
    """
    one = _Taking(step=step, announcements=announcements, next_known=next_known, at=at)
    moved = [
        *one.into(ledgers.plans, step.offer.plans, plan_of=lambda plan: plan.slug),
        *one.into(
            ledgers.terms, step.offer.terms, plan_of=lambda term: term.plan, day_of=lambda term: term.effective_from
        ),
        *one.into(ledgers.ratings, step.offer.ratings),
    ]
    return min(moved, default=None)


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
    ) -> list[datetime]:
        """Revise every key of one ledger, those that the offer no longer states included."""
        stated: dict[Hashable, list[tuple[int, Fact]]] = {}
        for position, fact in enumerate(facts):
            stated.setdefault(ledger.kind.key(fact), []).append((position, fact))
        source_id = self.step.source_id
        begin = self._begins(plan_of, day_of)
        moved = (
            self._revise(ledger, key, stated.get(key, []), begin, day_of)
            for key in dict.fromkeys((*ledger.keys(source_id), *stated))
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
        day_of: Callable[[Fact], date | None],
    ) -> datetime | None:
        step = self.step
        rows = ledger.rows(step.source_id, key)
        old = holding(rows, step.captured_at)
        present = next((item for item in stated if not self._is_ahead(day_of(item[1]))), None)
        ahead = [item for item in stated if self._is_ahead(day_of(item[1]))]
        if present is None and not ahead and old is None:
            return None
        start = self._start(old, present, begins)
        news = [] if present is None else [self._row(present, start)]
        if present is None and ahead and old is not None:
            news = [old]  # only what is to come is stated: until then the old value holds
            start = old.start
        for item in ahead:
            day = midnight(day_of(item[1]) or step.captured_at.date())
            news = [*_until(news, day), self._row(item, day)]
            start = min(start, day) if old is None and present is None else start
        end = self._end(rows)
        within = [row if row.end <= end else _cut(row, end) for row in news if row.start < end]
        return start if ledger.overwrite(step.source_id, key, within, start=start, end=end, at=self.at) else None

    def _is_ahead(self, day: date | None) -> bool:
        return day is not None and midnight(day) > self.step.captured_at

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


def _until(rows: Sequence[Believed[Fact]], moment: datetime) -> list[Believed[Fact]]:
    return [_cut(row, moment) if row.end > moment else row for row in rows if row.start < moment]


def _cut(row: Believed[Fact], end: datetime) -> Believed[Fact]:
    return replace(row, end=end)
