"""Accepted observations become history, changes and costs: all of it in one transaction, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from pricing_pipeline.elsewhere import beside
from pricing_pipeline.facts import GateState, Origin, SourceKind, Term
from pricing_pipeline.results import Change, Offer, PricedPlan, Thresholds, Workload
from warehouse import changes, imports, names, people, plan_names, readings, retelling, statements, steps
from warehouse.believed import Reading
from warehouse.billing import Billing
from warehouse.columns import FOREVER
from warehouse.connection import Connection, transaction
from warehouse.corrections import Correction
from warehouse.elsewhere import Elsewhere
from warehouse.foretelling import Foretelling
from warehouse.grid import (
    keep_frame,
    keep_metrics,
    market_of,
    metrics_of,
    owners_of,
    pricing_of,
    pricing_sources,
)
from warehouse.imports import Import, source_of
from warehouse.ledger import COHORTS, PLANS, RATINGS, TERMS, Ledger, Owner
from warehouse.plan_names import Naming
from warehouse.pricing import COSTS, Market, Product
from warehouse.readings import SourceReading
from warehouse.righting import Righting
from warehouse.source_states import restate
from warehouse.statements import Seen
from warehouse.steps import Announced, Step
from warehouse.taking import Ledgers, foretell, offer_at, seen_at, take
from warehouse.telling import Telling

ROW_IDS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one refresh brought: observations taken into history, rows made, changes accepted, and those that wait."""

    observations: int = 0
    history_rows: int = 0
    cost_rows: int = 0
    changes: tuple[Change, ...] = ()
    held_changes: tuple[Change, ...] = ()


def apply(
    con: Connection,
    *,
    products: Iterable[Product],
    workloads: Sequence[Workload],
    thresholds: Thresholds,
    inspect: Callable[[Connection], None] | None = None,
) -> Applied:
    """Take accepted observations into history in the order in which they were staged; write changes, costs and current
    state.

    `inspect` looks at the outcome inside the transaction; if it raises, nothing of it stays. What a held observation
    would change is worked out anew each time.
    """
    people.settle(con)
    with transaction(con):
        work = _Work(con=con, thresholds=thresholds, workloads=tuple(workloads))
        work.prepare(list(products))
        made = [change for turn in work.turns() for change in turn()]
        rows, cost_rows = work.write()
        con.execute("SET VARIABLE revised_since = ?::TIMESTAMPTZ", [work.since])
        changes.forget_joints(con, work.joints)
        changes.write(con, made)
        retelling.tell_again(con, work.telling)
        held = work.would_be()
        changes.replace_held(con, held)
        restate(con, list(work.owners))
        if inspect is not None:
            inspect(con)
    return Applied(
        observations=len(work.steps),
        history_rows=rows,
        cost_rows=cost_rows,
        changes=tuple(made),
        held_changes=tuple(held),
    )


@dataclass(slots=True)
class _Work:
    """One refresh under way: everything that it needs of the warehouse, read at once, and what it will write."""

    con: Connection
    thresholds: Thresholds
    workloads: tuple[Workload, ...]
    steps: list[Step] = field(default_factory=list)
    products: dict[Owner, Product] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    state_of: dict[str, SourceReading] = field(default_factory=dict)
    announced: dict[Owner, list[Announced]] = field(default_factory=dict)
    metrics: dict[Owner, set[str]] = field(default_factory=dict)
    held: list[Step] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    former: dict[Owner, Owner] = field(default_factory=dict)
    namings: list[Naming] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    joints: list[tuple[str, datetime]] = field(default_factory=list)  # sources, and when a page follows another one now
    since: datetime | None = None  # the earliest moment that this refresh revised

    # set by `prepare`
    righting: Righting = field(init=False)
    facts: Ledgers = field(init=False)
    prices: Ledger[PricedPlan] = field(init=False)
    market: Market = field(init=False)
    elsewhere: Elsewhere = field(init=False)
    billing: Billing = field(init=False)
    coming: Foretelling = field(init=False)
    telling: Telling = field(init=False)

    def prepare(self, products: list[Product]) -> None:
        """Read what the accepted and the held observations concern."""
        self.products = {Owner(product.vendor, product.slug): product for product in products}
        self.steps = [*steps.accepted(self.con), *steps.let_go(self.con)]
        self.held = steps.held(self.con)
        is_new_grid = keep_frame(self.con, products, self.workloads)
        self.righting = Righting.load(self.con, (*self.steps, *self.held))
        self.former, self.namings = names.former(self.con), plan_names.namings(self.con)
        self.imports = imports.waiting(self.con)
        imports.register(self.con, self.imports)
        touched = {step.source_id: step.owner for step in (*self.steps, *self.held)}
        touched |= owners_of(self.con, [one.source_id for one in self.righting.new()])
        touched |= self._concerned(touched)
        repriced = pricing_sources(self.con) if is_new_grid else {}
        brought = imports.concerned(self.con, self.imports)
        self.owners = {**repriced, **touched, **brought}
        sources = imports.sources_beside(self.con, self.owners.values())
        self.owners |= sources
        self.state_of = readings.load(self.con, self.owners)
        self.announced = steps.announced(self.con, self.owners.values())
        self.metrics = metrics_of(self.con, self.owners.values())
        self._open_ledgers([*sources, *brought], brought)
        self.market = market_of(self.con, self.workloads, self.products) if self.owners else Market(self.workloads)
        self.coming = Foretelling(self.facts, statements.load(self.con, self.owners.values()))
        self.elsewhere = Elsewhere(self.facts, sources, self.former)
        self.billing = Billing(self.prices, self.facts, self.elsewhere, self.market, self.workloads, self.metrics)
        self.telling = Telling(
            thresholds=self.thresholds, workloads=self.workloads, products=self.products, former=self.former,
            namings=self.namings, announced=self.announced, metrics=self.metrics, market=self.market,
            elsewhere=self.elsewhere,
        )  # fmt: skip
        for source_id in repriced:
            self._reprice(source_id)

    def turns(self) -> list[Callable[[], tuple[Change, ...]]]:
        """What is to be taken into history, in the order of the log: accepted observations, corrections of what
        stands, and imports."""
        placed: list[tuple[int, Callable[[], tuple[Change, ...]]]] = [
            (step.place, partial(self.take, step)) for step in self.steps
        ]
        placed += [(one.position, partial(self.correct, one)) for one in self.righting.new()]
        placed += [(one.position, partial(self.bring, one)) for one in self.imports]
        placed += [(one.position, partial(self.see_again, one)) for one in self.seen]
        return [turn for _, turn in sorted(placed, key=lambda item: item[0])]

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

    def _concerned(self, touched: dict[str, Owner]) -> dict[str, Owner]:
        """The pricing pages that announcements concern, and those of which it matters that they still say the same."""
        owners = {step.owner for step in self.steps if step.kind is SourceKind.ANNOUNCEMENT}
        pages = owners_of(self.con, sorted(pricing_of(owner) for owner in owners)) if owners else {}
        since = min((step.place for step in self.steps), default=None)
        self.seen = statements.seen_again(self.con, {*touched, *pages}, since=since)
        return pages | owners_of(self.con, sorted({one.source_id for one in self.seen}))

    def would_be(self) -> list[Change]:
        """What the held observations would change if they were accepted now."""
        found: list[Change] = []
        for waiting in self.held:
            offer = waiting.offer
            if not (offer.plans or offer.terms or offer.ratings):
                continue  # a page that says nothing does not say that its plans are gone
            step = replace(waiting, offer=self.righting.put_right(waiting, is_final=False))
            before = offer_at(self.facts, step.source_id, step.captured_at)
            imported = self.elsewhere.offer(step.owner, step.captured_at)
            after = beside(step.beside(before), imported)
            found += self.telling.changes(step, beside(before, imported), after, state=GateState.HELD)
        return found

    def write(self) -> tuple[int, int]:
        """Write the ledgers and mark the observations as taken in; gives the numbers of history and of cost rows
        made."""
        imports.save(self.con, self.imports)
        if not self.owners:
            return 0, 0
        self.righting.save()
        pivots = {source_id: reading.applied_at or FOREVER for source_id, reading in self.state_of.items()}
        facts = self.facts
        rows = (
            facts.plans.write(self.con, self.owners, pivots)
            + facts.terms.write(self.con, self.owners, pivots)
            + facts.ratings.write(self.con, self.owners, pivots)
            + facts.cohorts.write(self.con, self.owners, pivots)
        )
        cost_rows = self.prices.write(self.con, self.owners, {**pivots, **self.elsewhere.pivots(self.state_of)})
        readings.save(self.con, self.state_of.values())
        statements.save(self.con, self.coming.statements, self.owners.values())
        ids = [step.observation_id for step in self.steps]
        self.con.execute(
            "UPDATE observation SET is_applied = true WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        )
        keep_metrics(self.con, self.metrics)
        return rows, cost_rows

    def _open_ledgers(self, with_past: Iterable[str], with_past_costs: Iterable[str]) -> None:
        ids = _row_ids(self.con)
        self.facts = Ledgers(
            plans=Ledger(PLANS, ids),
            terms=Ledger(TERMS, ids),
            ratings=Ledger(RATINGS, ids),
            cohorts=Ledger(COHORTS, ids),
        )
        self.prices = Ledger(COSTS, ids)
        sources = list(self.owners)
        late = [step.source_id for step in (*self.steps, *self.held) if step.is_late]
        for ledger in (self.facts.plans, self.facts.terms, self.facts.ratings, self.facts.cohorts):
            ledger.load(self.con, sources, with_past=sorted({*late, *with_past}))
        self.prices.load(self.con, sources, with_past=sorted({*late, *with_past_costs}))

    def _joint(self, step: Step, after: Offer, until: datetime) -> tuple[Change, ...]:
        """What lies between a page that came late and the one that is known to follow it, in place of what lay between
        that one and the page before."""
        if until == FOREVER:
            return ()
        self.joints.append((step.source_id, until))
        following = offer_at(self.facts, step.source_id, until)
        return self.telling.changes(replace(step, captured_at=until), after, following, state=GateState.ACCEPTED)

    def _reprice(self, source_id: str) -> None:
        """Other workloads, or another reading of what is hosted: the same offer priced anew from when it began to
        stand."""
        reading = self.state_of[source_id]
        owner = self.owners[source_id]
        if reading.applied_at is None or reading.applied_recorded_at is None or owner not in self.products:
            return
        standing = self.facts.plans.holding(source_id, reading.applied_at)
        if not standing:
            return
        start = max(
            [row.start for row in self.prices.holding(source_id, reading.applied_at)], default=standing[0].start
        )
        spans = self.billing.of_page(owner, source_id, start=start, moment=reading.applied_at)
        self.billing.write(
            self.products[owner], source_id, spans, standing[0].reading, moment=reading.applied_at,
            at=reading.applied_recorded_at,
        )  # fmt: skip


def _reading(step: Step) -> Reading:
    return Reading(
        capture_id=step.capture_id, observation_id=step.observation_id, extractor_version=step.extractor_version
    )


def _row_ids(con: Connection) -> Iterator[int]:
    while True:
        rows = con.execute("SELECT nextval('history_row') FROM range(?)", [ROW_IDS_AT_ONCE]).fetchall()
        yield from (row[0] for row in rows)
