"""What is announced for a later day, on its way through history: it stands ready, takes effect, and is told once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pricing_pipeline.changes import same_value
from pricing_pipeline.changes.announced import as_announced, fulfils, is_derived, not_kept, surprising, withdrawn
from pricing_pipeline.facts import Announcement, Cause, SourceKind, Term, TermKind
from pricing_pipeline.results import Change, Offer, Promise
from warehouse.believed import Believed
from warehouse.columns import FOREVER
from warehouse.readings import SourceReading
from warehouse.statements import DAY_IS_OVER, Key, Promised, Statements
from warehouse.steps import Step, midnight
from warehouse.taking import Ledgers, is_due, offer_at

# What is stated for later days, by the key of the term.
Coming = dict[Hashable, list[Believed[Term]]]
# The changes from one offer to another.
Differ = Callable[[Offer, Offer], tuple[Change, ...]]
_TOLD = {Promise.WITHDRAWN: withdrawn, Promise.NOT_KEPT: not_kept}


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """What was to come after a moment: terms by their key and the moment from which they hold."""

    after: datetime
    terms: dict[tuple[Key, datetime], Term]

    def holds(self, key: Key, start: datetime, term: Term) -> bool:
        """Whether this was to come already."""
        known = self.terms.get((key, start))
        return known is not None and same_value(known, term)


@dataclass(slots=True)
class Foretelling:
    """What the pages of some products state for later days, beside what is believed of these products."""

    ledgers: Ledgers
    statements: Statements

    def of_page(self, step: Step, before: Offer, *, is_new: bool) -> Step:
        """A pricing page's step with its terms as they are asked now, each with its day where one is stated.

        `is_new` says that its page was read now: from now on it states what it states, and nothing else.
        """
        if step.kind is not SourceKind.PRICING:
            return step
        step = _without_future(step)
        if is_new and step.is_page:
            self.statements.restate(step)
        known = together(step.offer, before)
        here = self.statements.said_here(step.owner, step.source_id, known, until=step.captured_at)
        priced = {term.plan for term in step.offer.terms if term.term is TermKind.RECURRING_FEE}
        plans = {plan.slug for plan in step.offer.plans}
        # The sentence with its day may be all that a page says of a price.
        only_here = [
            term
            for term in here.values()
            if term.term is TermKind.RECURRING_FEE and term.plan in plans and term.plan not in priced
        ]
        offer = replace(step.offer, terms=(*step.offer.terms, *only_here))
        since = self.statements.days(step.owner, offer, after=step.previous_at, until=step.captured_at)
        dated = tuple(
            replace(term, effective_from=since[term.key]) if term.effective_from is None and term.key in since else term
            for term in offer.terms
        )
        return replace(step, offer=replace(offer, terms=dated))

    def ahead(self, step: Step, before: Offer, reading: SourceReading) -> Coming:
        """What is stated, by a pricing page itself and by others, for later than it was read."""
        if step.kind is not SourceKind.PRICING or step.is_late:
            return {}
        return self._coming(
            step, step.source_id, step.offer, after=_read_at(step, reading), own=together(step.offer, before)
        )

    def by_others(self, step: Step, source_id: str, read_at: datetime) -> Coming:
        """What is stated of a pricing page's product for later than the page was read."""
        known = offer_at(self.ledgers, source_id, read_at)
        return self._coming(step, source_id, known, after=read_at, own=known)

    def _coming(self, step: Step, source_id: str, offer: Offer, *, after: datetime, own: Offer) -> Coming:
        found: Coming = {}
        places = {row.fact.key: row.position for row in self.ledgers.terms.holding(source_id, after)}
        for stated, term in self.statements.coming(step.owner, source_id, offer, after=after, own=own):
            position = places.get(term.key, len(places) + len(found))
            row = Believed(
                fact=term, reading=stated.reading, start=midnight(stated.day), end=FOREVER, recorded_at=stated.seen_at,
                position=position,
            )  # fmt: skip
            found.setdefault(term.key, []).append(row)
        return found

    def future(self, step: Step, reading: SourceReading) -> Future:
        """What is to come of a page's terms after it was read."""
        return self.after(step.source_id, _read_at(step, reading))

    def after(self, source_id: str, moment: datetime) -> Future:
        """What is to come of a source's terms after a moment."""
        ledger = self.ledgers.terms
        rows = {
            (row.fact.key, row.start): row.fact
            for key in ledger.keys(source_id)
            for row in ledger.rows(source_id, key)
            if row.start > moment
        }
        return Future(after=moment, terms=rows)

    def has_due(self, source_id: str, read_at: datetime | None, moment: datetime) -> bool:
        """Whether the day of something stated has come, and no page was read since."""
        ledger = self.ledgers.terms
        rows = (row for key in ledger.keys(source_id) for row in ledger.rows(source_id, key))
        return any(is_due(row, read_at, moment) for row in rows)

    def is_awaited(self, source_id: str, read_at: datetime | None, moment: datetime) -> bool:
        """Whether it matters that a page says at a moment what it said before: for then it does not say what was
        announced."""
        promised = (one for one in self.statements.promised[source_id] if one.promise is Promise.STANDING)
        return self.has_due(source_id, read_at, moment) or any(one.start + DAY_IS_OVER <= moment for one in promised)

    def news(self, step: Step, source_id: str, old: Future, differ: Differ) -> list[Change]:
        """What a step announces for the first time, as changes of the days for which it does. `old` is what was to come
        before it."""
        new = self.after(source_id, old.after).terms
        fresh = {(key, start) for (key, start), term in new.items() if not old.holds(key, start, term)}
        found: list[Change] = []
        for start in sorted({start for _, start in fresh}):
            was, will = self._around(source_id, start, {key for key, at in fresh if at == start}, old)
            found += [as_announced(change, on=_day(start), at=step.told_at) for change in differ(was, will)]
        self.statements.promised[source_id] += [Promised(source_id=source_id, change=change) for change in found]
        return found

    def settle(self, step: Step, source_id: str, seen: Sequence[Change], coming: Coming) -> tuple[Change, ...]:
        """What is left to be told of the changes that were seen, and of announcements that came to nothing.

        A change that was announced and is now seen was told already: it is confirmed. Only the pricing page itself
        confirms anything, or lets the day of anything pass.
        """
        is_page = step.is_page
        if not is_page and step.kind is not SourceKind.ANNOUNCEMENT:
            return tuple(seen)
        waiting = [one for one in self.statements.promised[source_id] if one.promise is Promise.STANDING]
        own = [one for one in waiting if not is_derived(one.change)]
        left = list(seen)
        if is_page and step.cause in (Cause.VENDOR, Cause.BACKFILL):
            left = list(surprising(seen, [one.change for one in own]))
            for one in own:
                if any(fulfils(change, one.change) for change in seen):
                    one.settle(Promise.CONFIRMED, step.told_at)
        for one in own:
            if one.promise is Promise.STANDING:
                _expire(one, coming, at=step.told_at, is_page=is_page)
        for one in waiting:
            if is_derived(one.change):
                _follow(one, own)
        for one in own:
            tell = _TOLD.get(one.promise)
            if tell is not None:
                left.append(tell(one.change, at=step.told_at, observation_id=step.observation_id))
        return tuple(left)

    def _around(self, source_id: str, start: datetime, fresh: set[Key], old: Future) -> tuple[Offer, Offer]:
        """What holds from a moment on, before and after what is stated anew for it."""
        will = offer_at(self.ledgers, source_id, start)
        earlier = offer_at(self.ledgers, source_id, start - start.resolution)
        former = [old.terms.get((term.key, start), term) for term in earlier.terms if term.key in fresh]
        kept = [term for term in will.terms if term.key not in fresh]
        return replace(will, terms=(*kept, *former)), will


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _read_at(step: Step, reading: SourceReading) -> datetime:
    """When a page was read last, the step itself included: what is stated for later is still to come."""
    if step.cause is not Cause.EXTRACTOR:
        return step.captured_at
    return max(step.captured_at, reading.verified_at or step.captured_at)


def _without_future(step: Step) -> Step:
    """A step whose terms with a day to come stand with its announcements."""
    coming = [one for one in step.offer.terms if one.effective_from and midnight(one.effective_from) > step.captured_at]
    if not coming:
        return step
    now = tuple(term for term in step.offer.terms if term not in coming)
    said = tuple(
        Announcement(
            effective_from=term.effective_from,
            evidence=term.evidence,
            terms=(term,),
            plans=(term.plan,) if term.plan else (),
        )
        for term in coming
        if term.effective_from is not None
    )
    return replace(step, offer=replace(step.offer, terms=now, announcements=(*step.offer.announcements, *said)))


def together(offer: Offer, before: Offer) -> Offer:
    """What a page says, with what stood before and it says nothing of."""
    stated = {term.key for term in offer.terms}
    return replace(offer, terms=(*offer.terms, *(term for term in before.terms if term.key not in stated)))


def _expire(one: Promised, coming: Coming, *, at: datetime, is_page: bool) -> None:
    """What becomes of an announced change that was not seen: it stands ready, is not announced any more, or its day has
    passed."""
    if one.start > at:
        after = one.change.after_term
        term = after or one.change.before_term
        ahead: Sequence[Believed[Term]] = coming.get(term.key, ()) if term is not None else ()
        if not any(row.start == one.start and (after is None or same_value(row.fact, after)) for row in ahead):
            one.settle(Promise.REPLACED if ahead else Promise.WITHDRAWN, at)
    elif is_page and at >= one.start + DAY_IS_OVER:
        one.settle(Promise.NOT_KEPT, at)


def _follow(one: Promised, own: Iterable[Promised]) -> None:
    """What only follows from announced changes goes the way of these."""
    about = (one.change.announced_at, one.change.effective_at)
    causes = [other for other in own if (other.change.announced_at, other.change.effective_at) == about]
    if causes and all(other.promise is not Promise.STANDING for other in causes):
        first = min(causes, key=lambda other: list(Promise).index(other.promise))
        one.promise, one.settled_at = first.promise, first.settled_at
