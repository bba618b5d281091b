"""What the plans of products cost as history moves on: cost rows that follow their pages and what is imported beside."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from pricing_pipeline import costs
from pricing_pipeline.elsewhere import beside
from pricing_pipeline.results import Offer, PricedPlan, Workload
from warehouse.believed import Believed, Reading
from warehouse.columns import FOREVER
from warehouse.elsewhere import Elsewhere, turning_points
from warehouse.ledger import Ledger, Owner
from warehouse.market import Market
from warehouse.pricing import Product, priced
from warehouse.steps import midnight
from warehouse.taking import Ledgers, offer_at

# An offer, and from when on it stood.
Span = tuple[datetime, Offer]


@dataclass(slots=True)
class Billing:
    """The cost rows of some products. `metrics` are all that each of them ever mentioned."""

    prices: Ledger[PricedPlan]
    facts: Ledgers
    elsewhere: Elsewhere
    market: Market
    workloads: Sequence[Workload]
    metrics: dict[Owner, set[str]] = field(default_factory=dict)

    def of_page(self, owner: Owner, source_id: str, *, start: datetime, moment: datetime) -> list[Span]:
        """What a product offers from `start` on by what its page said at `moment`, and by what is known to come."""
        turns = turning_points(self.facts, source_id) | self.elsewhere.turns(owner)
        moments = [moment, *sorted(turn for turn in turns if turn > moment)]
        (_, now), *coming = [(one, self._offer(owner, source_id, one)) for one in moments]
        return [(start, now), *coming]

    def as_known(self, owner: Owner, source_id: str, *, start: datetime) -> list[Span]:
        """What a product offers from `start` on by all that is believed of it now, its past included."""
        turns = turning_points(self.facts, source_id) | self.elsewhere.turns(owner)
        moments = [start, *sorted(turn for turn in turns if turn > start)]
        return [(moment, self._offer(owner, source_id, moment)) for moment in moments]

    def of_the_past(self, owner: Owner, source_id: str, *, start: datetime, end: datetime) -> list[Span]:
        """What a product is believed to have offered from `start` up to `end`."""
        return [span for span in self.as_known(owner, source_id, start=start) if span[0] < end]

    def _offer(self, owner: Owner, source_id: str, moment: datetime) -> Offer:
        return beside(offer_at(self.facts, source_id, moment), self.elsewhere.offer(owner, moment))

    def write(
        self, product: Product, source_id: str, spans: Sequence[Span], reading: Reading, *, moment: datetime,
        at: datetime,
    ) -> None:  # fmt: skip
        """Price these spans, the last of which lasts, as recorded `at`; those at `moment` compete with other products.

        From the day on which a product is retired its plans are priced, but not ranked.
        """
        owner = Owner(product.vendor, product.slug)
        known = self.metrics.setdefault(owner, set())
        known |= costs.product_metrics(*(offer for _, offer in spans))
        rows = self._rows(product, spans, reading, metrics=frozenset(known), end=FOREVER, at=at)
        self.market.set(owner, [row.fact for row in rows if row.start <= moment < row.end])
        # Also of a page that changed nothing: others may be compared with its plans before it is read again.
        for _, offer in spans:
            self.market.call(owner, offer.plans)
        self._overwrite(source_id, rows, start=spans[0][0], end=FOREVER, at=at)

    def write_past(
        self, product: Product, source_id: str, spans: Sequence[Span], reading: Reading, *, end: datetime, at: datetime
    ) -> None:
        """Price these spans up to `end`, as recorded `at`. They compete with no other product any more.

        What the product metered only then is no metric of what it offers now.
        """
        known = self.metrics.get(Owner(product.vendor, product.slug), set())
        metrics = frozenset(known) | costs.product_metrics(*(offer for _, offer in spans))
        rows = self._rows(product, spans, reading, metrics=metrics, end=end, at=at)
        self._overwrite(source_id, rows, start=spans[0][0], end=end, at=at)

    def _rows(
        self, product: Product, spans: Sequence[Span], reading: Reading, *, metrics: frozenset[str], end: datetime,
        at: datetime,
    ) -> list[Believed[PricedPlan]]:  # fmt: skip
        rows = []
        for (start, offer), (until, _) in pairwise([*_with_retirement(spans, product), (end, Offer())]):
            prices = priced(offer, self.workloads, product, metrics)
            prices = _unranked(prices) if product.retired and start >= midnight(product.retired) else prices
            rows += [
                Believed(fact=one, reading=reading, start=start, end=until, recorded_at=at, position=position)
                for position, one in enumerate(prices)
            ]
        return rows

    def _overwrite(
        self, source_id: str, rows: Sequence[Believed[PricedPlan]], *, start: datetime, end: datetime, at: datetime
    ) -> None:
        keyed: dict[Hashable, list[Believed[PricedPlan]]] = {}
        for row in rows:
            keyed.setdefault(self.prices.kind.key(row.fact), []).append(row)
        for key in dict.fromkeys((*self.prices.keys(source_id), *keyed)):
            self.prices.overwrite(source_id, key, keyed.get(key, []), start=start, end=end, at=at)


def _with_retirement(spans: Sequence[Span], product: Product) -> list[Span]:
    """The spans, cut where the product is retired within them."""
    if product.retired is None:
        return list(spans)
    day = midnight(product.retired)
    before = [span for span in spans if span[0] < day]
    after = [span for span in spans if span[0] >= day]
    if not before or (after and after[0][0] == day):
        return list(spans)
    return [*before, (day, before[-1][1]), *after]


def _unranked(prices: Iterable[PricedPlan]) -> tuple[PricedPlan, ...]:
    return tuple(replace(one, rank=None) for one in prices)
