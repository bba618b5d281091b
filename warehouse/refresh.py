"""Accepted observations become history, changes and costs: all of it in one transaction, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pricing_pipeline import collection
from pricing_pipeline.elsewhere import beside
from pricing_pipeline.facts import GateState, SourceKind
from pricing_pipeline.results import Change, PricedPlan, Thresholds, Workload
from warehouse import changes, imports, names, people, plan_names, readings, retelling, statements, steps
from warehouse.billing import Billing
from warehouse.columns import FOREVER
from warehouse.connection import Connection, transaction
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
from warehouse.imports import Import
from warehouse.ledger import COHORTS, PLANS, RATINGS, TERMS, Ledger, Owner, row_ids
from warehouse.market import Market
from warehouse.plan_names import Naming
from warehouse.pricing import COSTS, Product
from warehouse.readings import SourceReading
from warehouse.righting import Righting
from warehouse.source_states import restate
from warehouse.statements import Seen
from warehouse.steps import Announced, Step
from warehouse.taking import Ledgers, offer_at
from warehouse.telling import Telling
from warehouse.turns import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one refresh brought: observations taken into history, rows made, changes accepted, and those that wait."""

    observations: int = 0
    history_rows: int = 0
    cost_rows: int = 0
    changes: tuple[Change, ...] = ()
    held_changes: tuple[Change, ...] = ()


@collection.paused()
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
        made, standing = work.told()
        rows, cost_rows = work.write()
        con.execute("SET VARIABLE revised_since = ?::TIMESTAMPTZ", [work.history.since])
        changes.forget_joints(con, work.history.joints)
        changes.write(con, standing)
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

    # set by `prepare`
    righting: Righting = field(init=False)
    facts: Ledgers = field(init=False)
    prices: Ledger[PricedPlan] = field(init=False)
    market: Market = field(init=False)
    elsewhere: Elsewhere = field(init=False)
    coming: Foretelling = field(init=False)
    telling: Telling = field(init=False)
    history: Turns = field(init=False)

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
        self.telling = Telling(
            thresholds=self.thresholds, workloads=self.workloads, products=self.products, former=self.former,
            namings=self.namings, announced=self.announced, metrics=self.metrics, market=self.market,
            elsewhere=self.elsewhere,
        )  # fmt: skip
        billing = Billing(self.prices, self.facts, self.elsewhere, self.market, self.workloads, self.metrics)
        self.history = Turns(
            con=self.con, owners=self.owners, state_of=self.state_of, facts=self.facts, righting=self.righting,
            elsewhere=self.elsewhere, billing=billing, coming=self.coming, telling=self.telling,
        )  # fmt: skip
        for source_id in repriced:
            self.history.reprice(source_id)

    def turns(self) -> list[Callable[[], tuple[Change, ...]]]:
        """What is to be taken into history, in the order of the log: accepted observations, corrections of what
        stands, and imports."""
        placed: list[tuple[int, Callable[[], tuple[Change, ...]]]] = [
            (step.place, partial(self.history.take, step)) for step in self.steps
        ]
        placed += [(one.position, partial(self.history.correct, one)) for one in self.righting.new()]
        placed += [(one.position, partial(self.history.bring, one)) for one in self.imports]
        placed += [(one.position, partial(self.history.see_again, one)) for one in self.seen]
        return [turn for _, turn in sorted(placed, key=lambda item: item[0])]

    def told(self) -> tuple[list[Change], list[Change]]:
        """Take every turn; all that was told, and what of it stands at the end."""
        source_of = {step.observation_id: step.source_id for step in self.steps}
        made: list[Change] = []
        standing: list[Change] = []
        for turn in self.turns():
            known = len(self.history.joints)
            new = turn()
            standing = [*changes.without_joints(standing, self.history.joints[known:], source_of), *new]
            made += new
        return made, standing

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
        ids = row_ids(self.con)
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
