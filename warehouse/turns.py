"""History being worked through: one accepted observation, correction or import after the other, with what each changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pricing_pipeline.elsewhere import beside
from pricing_pipeline.facts import GateState, Origin, SourceKind, Term
from pricing_pipeline.results import Change, Offer
from warehouse import imports, statements, steps
from warehouse.believed import Reading
from warehouse.billing import Billing
from warehouse.columns import FOREVER
from warehouse.connection import Connection
from warehouse.corrections import Correction
from warehouse.elsewhere import Elsewhere
from warehouse.foretelling import Foretelling
from warehouse.grid import pricing_of
from warehouse.imports import Import, source_of
from warehouse.ledger import Owner
from warehouse.readings import SourceReading
from warehouse.righting import Righting
from warehouse.statements import Seen
from warehouse.steps import Step
from warehouse.taking import Ledgers, foretell, offer_at, seen_at, take
from warehouse.telling import Telling


@dataclass(slots=True, kw_only=True)
class Turns:
    """What is known of the products of a refresh, and how one turn after the other revises it.

    `owners` says whose product each source speaks of. `joints` are sources, and when a page follows another one now;
    `since` is the earliest moment that was revised.
    """

    con: Connection
    owners: Mapping[str, Owner]
    state_of: Mapping[str, SourceReading]
    facts: Ledgers
    righting: Righting
    elsewhere: Elsewhere
    billing: Billing
    coming: Foretelling
    telling: Telling
    joints: list[tuple[str, datetime]] = field(default_factory=list)
    since: datetime | None = None

    def take(self, step: Step) -> tuple[Change, ...]:
        """Bring one accepted observation into history and give its changes."""
        return self._enter(replace(step, offer=self.righting.put_right(step, is_final=not step.is_late)))

    def see_again(self, one: Seen) -> tuple[Change, ...]:
        """A page that says what it said before, where something was announced for the time between."""
        applied_at = self.state_of[one.source_id].applied_at
        if applied_at is None or not self.coming.is_awaited(one.source_id, applied_at, one.captured_at):
            return ()
        step = statements.step_of(self.con, one, applied_at)
        return self._enter(replace(step, offer=self.righting.put_right(step, is_final=False)), is_new=False)

    def correct(self, correction: Correction) -> tuple[Change, ...]:
        """Put what stands right, from when it began to be misread."""
        correction.is_applied = True
        source_id, reading = correction.source_id, self.state_of[correction.source_id]
        if reading.applied_at is None or reading.accepted_observation_id is None:
            correction.end(correction.made_at, "nothing stands of its source")
            return ()
        after = correction.upon(offer_at(self.facts, source_id, reading.applied_at))
        if after is None:
            correction.end(correction.made_at, "what stands is not misread so any more")
            return ()
        since = self.righting.since(correction, self.facts, reading.applied_at)
        owner = self.owners[source_id]
        step = Step(
            observation_id=reading.accepted_observation_id, capture_id=correction.capture_id,
            source_id=source_id, vendor=owner.vendor, product=owner.product, kind=SourceKind.PRICING,
            captured_at=reading.applied_at, recorded_at=correction.made_at, previous_at=reading.applied_at,
            previous_version=reading.accepted_version, extractor_version=reading.accepted_version or "",
            origin=Origin.LIVE, is_late=False, offer=after, corrected_since=since, place=correction.position,
        )  # fmt: skip
        return self._enter(step)

    def bring(self, one: Import) -> tuple[Change, ...]:
        """Take an imported file into history: of each product that it speaks of, or spoke of when it was imported
        before."""
        one.is_applied = True
        mine = [id_ for id_, owner in self.elsewhere.sources.items() if id_ == source_of(owner, one.file)]
        return tuple(change for id_ in mine for change in self._bring(one, id_))

    def reprice(self, source_id: str) -> None:
        """Other workloads, or another reading of what is hosted: the same offer priced anew from when it began to
        stand."""
        reading = self.state_of[source_id]
        owner = self.owners[source_id]
        if reading.applied_at is None or reading.applied_recorded_at is None or owner not in self.telling.products:
            return
        standing = self.facts.plans.holding(source_id, reading.applied_at)
        if not standing:
            return
        start = max(
            [row.start for row in self.billing.prices.holding(source_id, reading.applied_at)], default=standing[0].start
        )
        spans = self.billing.of_page(owner, source_id, start=start, moment=reading.applied_at)
        self.billing.write(
            self.telling.products[owner], source_id, spans, standing[0].reading, moment=reading.applied_at,
            at=reading.applied_recorded_at,
        )  # fmt: skip

    def _bring(self, one: Import, source_id: str) -> tuple[Change, ...]:
        owner, moment = self.elsewhere.sources[source_id], one.made_at
        page = pricing_of(owner)
        known = offer_at(self.facts, page, moment)
        before = beside(known, self.elsewhere.offer(owner, moment))
        pages = [id_ for id_, whose in self.owners.items() if whose == owner and id_ not in self.elsewhere.sources]
        began = self.elsewhere.take(one, source_id, pages)
        reading = self.state_of[source_id]
        reading.applied_at = reading.applied_recorded_at = moment
        if began is None:
            return ()
        self.since = min(began, self.since or began)
        after = beside(known, self.elsewhere.offer(owner, moment))
        step = Step(
            observation_id=one.id, capture_id=one.id, source_id=source_id, vendor=owner.vendor, product=owner.product,
            kind=SourceKind.PRICING, captured_at=moment, recorded_at=moment, previous_at=moment, previous_version=None,
            extractor_version=imports.VERSION, origin=Origin.LIVE, is_late=False, offer=Offer(), corrected_since=began,
            place=one.position,
        )  # fmt: skip
        found = self.telling.changes(step, before, after, state=GateState.ACCEPTED)
        if known.plans or after.plans or before.plans:
            spans = self.billing.as_known(owner, page, start=began)
            self.billing.write(self.telling.product(step), page, spans, _reading(step), moment=moment, at=moment)
        return found

    def _enter(self, step: Step, *, is_new: bool = True) -> tuple[Change, ...]:
        if step.kind is SourceKind.ANNOUNCEMENT:
            return self._foretell(step)
        reading = self.state_of[step.source_id]
        at = max(step.recorded_at, reading.applied_recorded_at or step.recorded_at)
        page, since = step.source_id, step.previous_at if step.is_page else None
        before = seen_at(self.facts, page, step.captured_at, read_at=since)
        imported = self.elsewhere.offer(step.owner, step.captured_at)
        step = self.coming.of_page(step, before, is_new=is_new)
        step = replace(step, offer=step.beside(before))
        is_due, future = self.coming.has_due(page, since, step.captured_at), self.coming.future(step, reading)
        ahead = self.coming.ahead(step, before, reading)
        until = steps.next_known(self.con, step) if step.is_late else FOREVER
        began = take(self.facts, step, self.telling.announced_by(step), next_known=until, at=at, coming=ahead)
        after = offer_at(self.facts, page, step.captured_at)
        reading.applied_at = max(step.captured_at, reading.applied_at or step.captured_at)
        reading.applied_recorded_at = at
        if began is None and not is_due:
            return self.coming.settle(step, page, (), ahead)
        self.since = min(began or step.captured_at, self.since or step.captured_at)
        told: tuple[Term, ...] = ()
        if not step.is_late:
            told = self.elsewhere.give_way(step.owner, page, step.captured_at, recorded_at=at)
        found = self.coming.settle(step, page, self.telling.of_page(step, before, after, imported, told), ahead)
        if step.is_late:
            self._price_past(step, start=began or step.captured_at, end=until, at=at)
            return (*found, *self._joint(step, after, until))
        if step.kind is not SourceKind.PRICING:
            return found
        spans = self.billing.of_page(step.owner, page, start=began or step.captured_at, moment=step.captured_at)
        self.billing.write(self.telling.product(step), page, spans, _reading(step), moment=step.captured_at, at=at)
        return (*found, *self.coming.news(step, page, future, self.telling.announcing(step)))

    def _price_past(self, step: Step, *, start: datetime, end: datetime, at: datetime) -> None:
        """What a page that came late says its plans cost until the page that is known to follow it."""
        if step.kind is SourceKind.PRICING and start < end < FOREVER:
            spans = self.billing.of_the_past(step.owner, step.source_id, start=start, end=end)
            product = self.telling.product(step)
            self.billing.write_past(product, step.source_id, spans, _reading(step), end=end, at=at)

    def _joint(self, step: Step, after: Offer, until: datetime) -> tuple[Change, ...]:
        """What lies between a page that came late and the one that is known to follow it, in place of what lay between
        that one and the page before."""
        if until == FOREVER:
            return ()
        self.joints.append((step.source_id, until))
        following = offer_at(self.facts, step.source_id, until)
        return self.telling.changes(replace(step, captured_at=until), after, following, state=GateState.ACCEPTED)

    def _foretell(self, step: Step) -> tuple[Change, ...]:
        """What a page of news states of a product is to come on the product's pricing page."""
        own, source_id = self.state_of[step.source_id], pricing_of(step.owner)
        own.applied_at = max(step.captured_at, own.applied_at or step.captured_at)
        own.applied_recorded_at = max(step.recorded_at, own.applied_recorded_at or step.recorded_at)
        page = self.state_of.get(source_id)
        if step.is_late:
            return ()
        self.coming.statements.restate(step)
        if page is None or page.applied_at is None:
            return ()
        at = max(step.recorded_at, page.applied_recorded_at or step.recorded_at)
        read_at = statements.read_until(self.con, source_id, step.place, page.applied_at)
        future = self.coming.after(source_id, read_at)
        ahead = self.coming.by_others(step, source_id, read_at)
        began = foretell(self.facts, source_id, ahead, read_at=read_at, at=at)
        found = self.coming.settle(step, source_id, (), ahead)
        if began is None:
            return found
        page.applied_recorded_at = at
        self.since = min(began, self.since or began)
        spans = self.billing.of_page(step.owner, source_id, start=read_at, moment=read_at)
        self.billing.write(self.telling.product(step), source_id, spans, _reading(step), moment=read_at, at=at)
        return (*found, *self.coming.news(step, source_id, future, self.telling.announcing(step)))


def _reading(step: Step) -> Reading:
    return Reading(
        capture_id=step.capture_id, observation_id=step.observation_id, extractor_version=step.extractor_version
    )
