"""What a step of history is told as: the changes between what stood before it and after, and what follows for the cheapest
plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pricing_pipeline import changes as differ
from pricing_pipeline import costs
from pricing_pipeline.changes.cohorts import with_cohorts
from pricing_pipeline.elsewhere import beside, claim
from pricing_pipeline.facts import Cause, GateState, SourceKind, Term
from pricing_pipeline.results import Change, Offer, Thresholds, Workload
from warehouse import names, plan_names, steps
from warehouse.connection import Connection
from warehouse.elsewhere import Elsewhere
from warehouse.foretelling import Differ
from warehouse.grid import Unregistered, metrics_of
from warehouse.ledger import Owner
from warehouse.market import Market
from warehouse.plan_names import Naming
from warehouse.pricing import Product, hosted_plans, priced_at
from warehouse.steps import Announced, Step


@dataclass(slots=True, kw_only=True)
class Telling:
    """All that the changes of one refresh are worked out from. `metrics` grows with each product that is told of."""

    thresholds: Thresholds
    workloads: Sequence[Workload]
    products: dict[Owner, Product]
    former: dict[Owner, Owner]
    namings: list[Naming]
    announced: dict[Owner, list[Announced]]
    metrics: dict[Owner, set[str]]
    market: Market
    elsewhere: Elsewhere

    def changes(self, step: Step, before: Offer, after: Offer, *, state: GateState) -> tuple[Change, ...]:
        """The changes between two offers, those of the cheapest plan included."""
        own, offer, metrics = self._own(step, before, after, state=state)
        if step.kind is not SourceKind.PRICING or not own or any(change.cause is Cause.VIEW for change in own):
            return own
        return (*own, *self._flips(step, before, offer, self.product(step), metrics, state))

    def of_page(
        self, step: Step, before: Offer, after: Offer, imported: Offer, told: tuple[Term, ...]
    ) -> tuple[Change, ...]:
        """The changes of a page, what is imported beside it included.

        Where the page has come to state what was imported (`told`), a difference between the two is no move of the
        vendor's: it is told as a correction, before what the page itself changed.
        """
        if step.kind is not SourceKind.PRICING:
            return self.changes(step, before, after, state=GateState.ACCEPTED)
        was, now = beside(before, imported), beside(after, self.elsewhere.offer(step.owner, step.captured_at))
        if not told:
            return self.changes(step, was, now, state=GateState.ACCEPTED)
        news = {claim(term): term for term in told}
        between = replace(was, terms=tuple(news.get(claim(term), term) for term in was.terms))
        put_right = replace(step, corrected_since=step.captured_at)
        return (
            *self.changes(put_right, was, between, state=GateState.ACCEPTED),
            *self.changes(step, between, now, state=GateState.ACCEPTED),
        )

    def announcing(self, step: Step) -> Differ:
        """How the changes of a day to come are told: as those of the pricing page, by what is imported beside it."""
        page = replace(step, kind=SourceKind.PRICING)

        def changes(was: Offer, will: Offer) -> tuple[Change, ...]:
            known = self.elsewhere.offer(step.owner, step.captured_at)
            return self.changes(page, beside(was, known), beside(will, known), state=GateState.ACCEPTED)

        return changes

    def again(self, con: Connection, step: Step, before: Offer, after: Offer) -> tuple[Change, ...]:
        """The changes of a step of which nothing else was read in this refresh, but for the cheapest plans."""
        self.announced |= steps.announced(con, [step.owner])
        self.metrics |= metrics_of(con, [step.owner])
        return self._own(step, before, after, state=GateState.ACCEPTED)[0]

    def product(self, step: Step) -> Product:
        """The product of a step, as the registry has it or had it."""
        return self.products.get(step.owner) or Unregistered(vendor=step.vendor, slug=step.product, name=step.product)

    def announced_by(self, step: Step) -> list[Announced]:
        """What had been announced of a product's plans by a step, the step's own page included."""
        own = [
            Announced(effective_from=item.effective_from, plans=item.plans, seen_at=step.captured_at)
            for item in step.offer.announcements
        ]
        return [*self.announced.get(step.owner, []), *own]

    def _own(
        self, step: Step, before: Offer, after: Offer, *, state: GateState
    ) -> tuple[tuple[Change, ...], Offer, frozenset[str]]:
        """The changes of a step but for the cheapest plans, with its offer and the metrics that its product knows."""
        product, names_said = self.product(step), self._names_said(step)
        oldest = names.first(step.owner, self.former)
        offer = replace(after, announcements=step.offer.announcements)
        metrics = frozenset(self.metrics.setdefault(step.owner, set()) | costs.product_metrics(before, offer))
        renamed = differ.renamed_plans(before, offer, names_said)
        effects = costs.effects(
            before,
            differ.in_former_scale(differ.with_plans(before, renamed), offer),
            product=step.product,
            workloads=self.workloads,
            renamed=renamed,
            metrics=metrics,
        )
        foretold = [item for item in self.announced_by(step) if item.seen_at < step.told_at]
        seen = {item.effective_from: item.seen_at for item in reversed(foretold)}
        own = differ.diff(
            before, offer, vendor=oldest.vendor, product=oldest.product, product_name=product.name,
            observed_at=step.told_at,
            effects=effects, cause=step.cause, state=state, thresholds=self.thresholds,
            hosted={key[2]: value for key, value in hosted_plans(offer, product).items()},
            last_observed_at=step.previous_at,
            announced=seen, observation_id=step.observation_id, said=names_said,
        )  # fmt: skip
        own = with_cohorts(own, before, after)
        # filed under its first name, so that it stays the same change whatever the product is called today
        return tuple(replace(one, vendor=step.vendor, product=step.product) for one in own), offer, metrics

    def _flips(
        self, step: Step, before: Offer, after: Offer, product: Product, metrics: frozenset[str], state: GateState
    ) -> tuple[Change, ...]:
        if step.is_late:
            return ()
        self.market.call(step.owner, (*before.plans, *after.plans))
        # a plan under another name is the same plan, so its new name alone makes it neither cheapest nor dearer
        earlier = differ.with_plans(before, differ.renamed_plans(before, after, self._names_said(step)))
        # nor is a unit on another scale, of which the same use costs the same
        scaled = differ.in_former_scale(earlier, after)
        return self.market.flips(
            priced_at(earlier, self.workloads, product, metrics), priced_at(scaled, self.workloads, product, metrics),
            observed_at=step.told_at, cause=step.cause, state=state, thresholds=self.thresholds,
            observation_id=step.observation_id,
        )  # fmt: skip

    def _names_said(self, step: Step) -> differ.Said:
        """What people had said of a product's plans when a step was settled; all of it where it has no place."""
        return plan_names.said(self.namings, before=step.place).get(step.owner, differ.NOTHING_SAID)
