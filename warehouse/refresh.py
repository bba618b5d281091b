"""Accepted observations become history, changes and costs: all of it in one transaction, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from pricing_pipeline import changes as differ
from pricing_pipeline import costs
from pricing_pipeline.facts import Cause, GateState, Origin, SourceKind
from pricing_pipeline.results import Change, Offer, PricedPlan, Thresholds, Workload
from warehouse import changes, corrections, people, readings, steps
from warehouse.believed import Believed, Reading, holding
from warehouse.columns import FOREVER
from warehouse.connection import Connection, transaction
from warehouse.corrections import Correction
from warehouse.grid import Unregistered, keep_frame, keep_metrics, market_of, metrics_of, owners_of, pricing_sources
from warehouse.ledger import PLANS, RATINGS, TERMS, Ledger, Owner
from warehouse.pricing import COSTS, Market, Product, hosted_plans, priced
from warehouse.readings import SourceReading
from warehouse.source_states import restate
from warehouse.sql import sql
from warehouse.steps import Announced, Step
from warehouse.taking import Ledgers, offer_at, take

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
        changes.write(con, made)
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
    corrections: dict[str, list[Correction]] = field(default_factory=dict)
    since: datetime | None = None  # the earliest moment that this refresh revised

    # set by `prepare`
    facts: Ledgers = field(init=False)
    prices: Ledger[PricedPlan] = field(init=False)
    market: Market = field(init=False)

    def prepare(self, products: list[Product]) -> None:
        """Read what the accepted and the held observations concern."""
        self.products = {Owner(product.vendor, product.slug): product for product in products}
        self.steps = steps.accepted(self.con)
        self.held = steps.held(self.con)
        is_new_grid = keep_frame(self.con, products, self.workloads)
        self.corrections = corrections.lasting(self.con)
        touched = {step.source_id: step.owner for step in (*self.steps, *self.held)}
        touched |= owners_of(self.con, [one.source_id for one in self._new_corrections()])
        repriced = pricing_sources(self.con) if is_new_grid else {}
        self.owners = {**repriced, **touched}
        self.state_of = readings.load(self.con, self.owners)
        self.announced = steps.announced(self.con, self.owners.values())
        self.metrics = metrics_of(self.con, self.owners.values())
        self._open_ledgers()
        self.market = market_of(self.con, self.workloads, self.products) if self.owners else Market(self.workloads)
        for source_id in repriced:
            self._reprice(source_id)

    def turns(self) -> list[Callable[[], tuple[Change, ...]]]:
        """What is to be taken into history, in the order of the log: accepted observations, and corrections of what
        stands."""
        placed: list[tuple[int, Callable[[], tuple[Change, ...]]]] = [
            (step.place, partial(self.take, step)) for step in self.steps
        ]
        placed += [(one.position, partial(self.correct, one)) for one in self._new_corrections()]
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
        misread = holding(self.facts.terms.rows(source_id, correction.misread.key), reading.applied_at)
        owner = self.owners[source_id]
        step = Step(
            observation_id=reading.accepted_observation_id, capture_id=correction.capture_id,
            source_id=source_id, vendor=owner.vendor, product=owner.product, kind=SourceKind.PRICING,
            captured_at=reading.applied_at, recorded_at=correction.made_at, previous_at=reading.applied_at,
            previous_version=reading.accepted_version, extractor_version=reading.accepted_version or "",
            origin=Origin.LIVE, is_late=False, offer=after,
            corrected_since=misread.start if misread else reading.applied_at,
        )  # fmt: skip
        return self._enter(step)

    def take(self, step: Step) -> tuple[Change, ...]:
        """Bring one accepted observation into history and give its changes."""
        return self._enter(replace(step, offer=self._put_right(step, is_final=not step.is_late)))

    def _put_right(self, step: Step, *, is_final: bool) -> Offer:
        """What a page says, with what is known to be misread on it put right; a correction ends where the page moves
        on."""
        offer = step.offer
        for one in self.corrections.get(step.source_id, []):
            if not one.is_applied or one.ended_at is not None:
                continue
            is_over = one.until is not None and step.captured_at.date() >= one.until
            corrected = None if is_over else one.upon(offer)
            if corrected is not None:
                offer = corrected
            elif is_final:
                one.end(step.captured_at, "its day came" if is_over else "the page is read otherwise")
        return offer

    def _new_corrections(self) -> list[Correction]:
        return [one for given in self.corrections.values() for one in given if not one.is_applied]

    def _enter(self, step: Step) -> tuple[Change, ...]:
        reading = self.state_of[step.source_id]
        at = max(step.recorded_at, reading.applied_recorded_at or step.recorded_at)
        before = offer_at(self.facts, step.source_id, step.captured_at)
        step = replace(step, offer=step.beside(before))
        began = take(self.facts, step, self._announced(step), next_known=self._next_known(step), at=at)
        after = offer_at(self.facts, step.source_id, step.captured_at)
        reading.applied_at = max(step.captured_at, reading.applied_at or step.captured_at)
        reading.applied_recorded_at = at
        if began is None:
            return ()
        self.since = min(began, self.since or began)
        found = self._changes(step, before, after, state=GateState.ACCEPTED)
        if step.kind is SourceKind.PRICING and not step.is_late:
            self._price(step, after, began, at)
        return found

    def would_be(self) -> list[Change]:
        """What the held observations would change if they were accepted now."""
        found: list[Change] = []
        for waiting in self.held:
            step = replace(waiting, offer=self._put_right(waiting, is_final=False))
            before = offer_at(self.facts, step.source_id, step.captured_at)
            found += self._changes(step, before, step.beside(before), state=GateState.HELD)
        return found

    def write(self) -> tuple[int, int]:
        """Write the ledgers and mark the observations as taken in; gives the numbers of history and of cost rows
        made."""
        if not self.owners:
            return 0, 0
        corrections.save(self.con, [one for given in self.corrections.values() for one in given])
        pivots = {source_id: reading.applied_at or FOREVER for source_id, reading in self.state_of.items()}
        facts = self.facts
        rows = (
            facts.plans.write(self.con, self.owners, pivots)
            + facts.terms.write(self.con, self.owners, pivots)
            + facts.ratings.write(self.con, self.owners, pivots)
        )
        cost_rows = self.prices.write(self.con, self.owners, pivots)
        readings.save(self.con, self.state_of.values())
        ids = [step.observation_id for step in self.steps]
        self.con.execute(
            "UPDATE observation SET is_applied = true WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        )
        keep_metrics(self.con, self.metrics)
        return rows, cost_rows

    def _open_ledgers(self) -> None:
        ids = _row_ids(self.con)
        self.facts = Ledgers(plans=Ledger(PLANS, ids), terms=Ledger(TERMS, ids), ratings=Ledger(RATINGS, ids))
        self.prices = Ledger(COSTS, ids)
        sources = list(self.owners)
        late = [step.source_id for step in (*self.steps, *self.held) if step.is_late]
        for ledger in (self.facts.plans, self.facts.terms, self.facts.ratings):
            ledger.load(self.con, sources, with_past=late)
        self.prices.load(self.con, sources)

    def _announced(self, step: Step) -> list[Announced]:
        own = [
            Announced(effective_from=item.effective_from, plans=item.plans, seen_at=step.captured_at)
            for item in step.offer.announcements
        ]
        return [*self.announced.get(step.owner, []), *own]

    def _next_known(self, step: Step) -> datetime:
        if not step.is_late:
            return FOREVER
        found = self.con.execute(
            sql("queries/next_known"), {"source": step.source_id, "at": step.captured_at}
        ).fetchall()
        return found[0][0] or FOREVER

    def _changes(self, step: Step, before: Offer, after: Offer, *, state: GateState) -> tuple[Change, ...]:
        product = self._product(step)
        offer = replace(after, announcements=step.offer.announcements)
        metrics = frozenset(self.metrics.setdefault(step.owner, set()) | costs.product_metrics(before, offer))
        effects = costs.effects(
            before,
            offer,
            product=step.product,
            workloads=self.workloads,
            renamed=differ.renamed_plans(before, offer),
            metrics=metrics,
        )
        seen = {item.effective_from: item.seen_at for item in reversed(self._announced(step))}
        own = differ.diff(
            before, offer, vendor=step.vendor, product=step.product, product_name=product.name,
            observed_at=step.told_at,
            effects=effects, cause=step.cause, state=state, thresholds=self.thresholds,
            hosted={key[2]: value for key, value in hosted_plans(offer, product).items()},
            last_observed_at=step.previous_at,
            announced=seen, observation_id=step.observation_id,
        )  # fmt: skip
        if step.kind is not SourceKind.PRICING or not own or any(change.cause is Cause.VIEW for change in own):
            return own
        return (*own, *self._flips(step, before, offer, product, metrics, state))

    def _flips(
        self, step: Step, before: Offer, after: Offer, product: Product, metrics: frozenset[str], state: GateState
    ) -> tuple[Change, ...]:
        if step.is_late:
            return ()
        for plan in (*before.plans, *after.plans):
            self.market.plan_names[(step.vendor, step.product, plan.slug)] = plan.name
        return self.market.flips(
            priced(before, self.workloads, product, metrics), priced(after, self.workloads, product, metrics),
            observed_at=step.told_at, cause=step.cause, state=state, thresholds=self.thresholds,
            observation_id=step.observation_id,
        )  # fmt: skip

    def _price(self, step: Step, offer: Offer, start: datetime, at: datetime) -> None:
        """Cost rows follow the offer: those that moved begin when the first of its terms did."""
        known = self.metrics.setdefault(step.owner, set())
        known |= costs.product_metrics(offer)
        prices = priced(offer, self.workloads, self._product(step), frozenset(known))
        self.market.set(step.owner, prices)
        reading = Reading(
            capture_id=step.capture_id, observation_id=step.observation_id, extractor_version=step.extractor_version
        )
        self._write_prices(step.source_id, prices, reading, start, at)

    def _write_prices(
        self, source_id: str, prices: Sequence[PricedPlan], reading: Reading, start: datetime, at: datetime
    ) -> None:
        stated = {self.prices.kind.key(one): (position, one) for position, one in enumerate(prices)}
        for key in dict.fromkeys((*self.prices.keys(source_id), *stated)):
            news = []
            if key in stated:
                position, one = stated[key]
                news = [
                    Believed(fact=one, reading=reading, start=start, end=FOREVER, recorded_at=at, position=position)
                ]
            self.prices.overwrite(source_id, key, news, start=start, end=FOREVER, at=at)

    def _reprice(self, source_id: str) -> None:
        """Other workloads, or another reading of what is hosted: the same offer priced anew from when it began to
        stand."""
        reading = self.state_of[source_id]
        owner = self.owners[source_id]
        if reading.applied_at is None or reading.applied_recorded_at is None or owner not in self.products:
            return
        offer = offer_at(self.facts, source_id, reading.applied_at)
        known = frozenset(self.metrics.setdefault(owner, set()) | costs.product_metrics(offer))
        prices = priced(offer, self.workloads, self.products[owner], known)
        self.market.set(owner, prices)
        standing = self.facts.plans.holding(source_id, reading.applied_at)
        if not standing:
            return
        origin = standing[0].reading
        start = max(
            [row.start for row in self.prices.holding(source_id, reading.applied_at)], default=standing[0].start
        )
        self._write_prices(source_id, prices, origin, start, reading.applied_recorded_at)

    def _product(self, step: Step) -> Product:
        return self.products.get(step.owner) or Unregistered(vendor=step.vendor, slug=step.product, name=step.product)


def _row_ids(con: Connection) -> Iterator[int]:
    while True:
        rows = con.execute("SELECT nextval('history_row') FROM range(?)", [ROW_IDS_AT_ONCE]).fetchall()
        yield from (row[0] for row in rows)
