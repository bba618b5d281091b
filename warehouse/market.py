"""The cheapest plans of every product side by side, and where the cheapest plan flips."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pricing_pipeline import changes, costs
from pricing_pipeline.facts import Cause, GateState, Plan
from pricing_pipeline.results import Change, PricedPlan, Thresholds, Workload
from warehouse.ledger import Owner


@dataclass(slots=True)
class Market:
    """The cheapest plans of every product at each named workload, so that a flip across products is seen at once."""

    workloads: Sequence[Workload]
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    plan_names: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _fields: dict[str, _Field] = field(init=False)

    def __post_init__(self) -> None:
        self._fields = {workload.slug: _Field() for workload in self.workloads}

    def set(self, product: Owner, prices: Iterable[PricedPlan]) -> None:
        """Make these the prices of a product."""
        cheapest: dict[str, list[PricedPlan]] = {slug: [] for slug in self._fields}
        for one in prices:
            if one.rank == 1 and one.workload in cheapest:
                cheapest[one.workload].append(one)
        for workload, plans in cheapest.items():
            self._fields[workload].set(product, plans)

    def call(self, product: Owner, plans: Iterable[Plan]) -> None:
        """Keep what a product's plans are called, so that others can name them as their rivals."""
        self.plan_names |= {(product.vendor, product.product, plan.slug): plan.name for plan in plans}

    def flips(
        self, before: Sequence[PricedPlan], after: Sequence[PricedPlan], *, observed_at: datetime, cause: Cause,
        state: GateState,
        thresholds: Thresholds, observation_id: str,
    ) -> tuple[Change, ...]:  # fmt: skip
        """Where a product's new prices make another plan the cheapest, of its own and of all products."""
        old = [one for one in before if one.workload in self._fields]
        new = [one for one in after if one.workload in self._fields]

        def flipped(was: Iterable[PricedPlan], now: Iterable[PricedPlan], *, across: bool) -> tuple[Change, ...]:
            return changes.cheapest_changes(
                was, now, workloads=self.workloads, product_names=self.names, plan_names=self.plan_names,
                observed_at=observed_at,
                across=across, cause=cause, state=state, thresholds=thresholds, observation_id=observation_id,
            )  # fmt: skip

        moved = _moved(old, new)
        if not moved:
            return ()
        own = flipped(_at(old, moved), _at(new, moved), across=False)
        one = (*old, *new)[0]
        owner = Owner(one.vendor, one.product)
        others = [plan for workload in sorted(moved) for plan in self._fields[workload].others(owner)]
        if not others:
            return own
        was = costs.rank_across([*_candidates(old, moved), *others], {})
        now = costs.rank_across([*_candidates(new, moved), *others], {})
        return (*own, *flipped(was, now, across=True))


@dataclass(slots=True)
class _Field:
    """The cheapest plans of every product at one workload.

    `heights` are what they cost at most, lowest first, by currency: each with its product's place, the order in which
    products came. Looking through all products for each product that moved would take a refresh of thousands for ever.
    """

    plans: dict[Owner, Sequence[PricedPlan]] = field(default_factory=dict)
    places: dict[Owner, int] = field(default_factory=dict)
    heights: dict[str | None, list[tuple[Decimal, int]]] = field(default_factory=lambda: defaultdict(list))

    def set(self, product: Owner, plans: Sequence[PricedPlan]) -> None:
        """Make these the cheapest plans of a product."""
        place = self.places.setdefault(product, len(self.places))
        for currency, height in _heights(self.plans.get(product, ())):
            heights = self.heights[currency]
            del heights[bisect_left(heights, (height, place))]
        for currency, height in _heights(plans):
            insort(self.heights[currency], (height, place))
        self.plans[product] = plans

    def others(self, product: Owner) -> list[PricedPlan]:
        """The cheapest of the other products, in each currency."""
        own = self.places.get(product)
        lowest: dict[str | None, Decimal] = {}
        places: set[int] = set()
        for currency, heights in self.heights.items():
            for height, place in heights:
                if place == own:
                    continue
                if height > lowest.setdefault(currency, height):
                    break
                places.add(place)
        owners = list(self.places)
        rivals = (plan for place in sorted(places) for plan in self.plans[owners[place]])
        return [plan for plan in rivals if plan.cost.high == lowest.get(plan.cost.currency)]


def _heights(plans: Iterable[PricedPlan]) -> set[tuple[str | None, Decimal]]:
    return {(plan.cost.currency, plan.cost.high) for plan in plans if plan.cost.high is not None}


def _moved(before: Iterable[PricedPlan], after: Iterable[PricedPlan]) -> frozenset[str]:
    """The workloads at which a product's prices differ."""
    old = {(one.plan, one.workload): one for one in before}
    new = {(one.plan, one.workload): one for one in after}
    return frozenset(key[1] for key in old.keys() | new.keys() if _figures(old.get(key)) != _figures(new.get(key)))


def _figures(one: PricedPlan | None) -> tuple[object, ...] | None:
    return None if one is None else (one.cost.state, one.cost.low, one.cost.high, one.cost.currency, one.rank)


def _at(prices: Iterable[PricedPlan], workloads: frozenset[str]) -> list[PricedPlan]:
    return [one for one in prices if one.workload in workloads]


def _candidates(prices: Iterable[PricedPlan], workloads: frozenset[str]) -> list[PricedPlan]:
    """The plans of one product that can be the cheapest of all: those ranked in it, so that editions one runs oneself
    stay out."""
    return [one for one in prices if one.workload in workloads and one.rank is not None]
