"""What the plans of a product cost as history moves on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from pricing_pipeline import costs
from pricing_pipeline.facts import Plan
from pricing_pipeline.identical import Identical
from pricing_pipeline.results import Cost, CostState, CostStep, Offer, PricedPlan, Workload
from warehouse.columns import as_text, plain
from warehouse.connection import Connection
from warehouse.ledger import Kind, Owner

COST_COLUMNS = ("plan", "workload", "state", "low", "high", "currency", "steps", "reason", "rank")

_SELF_HOSTED = (
    "open source",
    "open-source",
    "self-hosted",
    "self hosted",
    "community edition",
    "on-premise",
    "on premise",
)


class Product(Protocol):
    """What the registry says of a product."""

    @property
    def vendor(self) -> str:
        """The vendor's slug."""

    @property
    def slug(self) -> str:
        """Its own slug."""

    @property
    def name(self) -> str:
        """Its name as people write it."""

    @property
    def self_hosted(self) -> tuple[str, ...]:
        """Slugs of the plans that one runs oneself."""

    @property
    def retired(self) -> date | None:
        """The day from which it is sold no longer."""

    @property
    def merged_into(self) -> tuple[str, str] | None:
        """Vendor and slug of the product that took its place."""


def is_hosted(plan: Plan, product: Product | None) -> bool:
    """Whether the vendor runs a plan: not if the registry says otherwise, or its name does."""
    if product is not None and plan.slug in product.self_hosted:
        return False
    name = plan.name.casefold()
    return not any(word in name for word in _SELF_HOSTED)


def self_hosted_plans(con: Connection) -> dict[Owner, tuple[str, ...]]:
    """The plans that the registry says one runs oneself, by product."""
    rows = con.execute("SELECT vendor, product, self_hosted FROM product").fetchall()
    return {Owner(vendor, product): tuple(json.loads(listed)) for vendor, product, listed in rows}


def cost_values(priced: PricedPlan) -> tuple[object, ...]:
    """A priced plan in the order of COST_COLUMNS."""
    cost = priced.cost
    return (
        priced.plan, priced.workload, cost.state, cost.low, cost.high, cost.currency, steps_json(cost), cost.reason,
        priced.rank,
    )  # fmt: skip


def cost_from(row: Sequence[Any]) -> PricedPlan:
    """A priced plan out of COST_COLUMNS; whose it is stands beside."""
    plan, workload, state, low, high, currency, steps, reason, rank = row
    cost = cost_of(state, low, high, currency, steps, reason)
    return PricedPlan(vendor="", product="", plan=plan, workload=workload, cost=cost, rank=rank)


def cost_of(
    state: str, low: Decimal | None, high: Decimal | None, currency: str | None, steps: str, reason: str
) -> Cost:
    """A cost out of its columns."""
    return Cost(
        state=CostState(state), low=plain(low), high=plain(high), currency=currency, steps=_steps(steps), reason=reason,
    )  # fmt: skip


def steps_json(cost: Cost) -> str:
    """The steps of a sum as JSON."""
    steps = [
        {"text": step.text, "low": as_text(step.low), "high": as_text(step.high), "term_key": step.term_key}
        for step in cost.steps
    ]
    return json.dumps(steps, ensure_ascii=False, separators=(",", ":"))


# The same sum stands in many rows: in a cost, in the change that brought it and in the one that ended it.
@lru_cache(maxsize=20_000)
def _steps(written: str) -> tuple[CostStep, ...]:
    return tuple(map(_step, json.loads(written)))


def _step(step: Mapping[str, Any]) -> CostStep:
    low, high = (None if step[name] is None else Decimal(step[name]) for name in ("low", "high"))
    return CostStep(
        text=step["text"], low=low, high=high, term_key=None if step["term_key"] is None else tuple(step["term_key"])
    )


def _same_cost(before: PricedPlan, after: PricedPlan) -> bool:
    return cost_values(before) == cost_values(after)


COSTS: Kind[PricedPlan] = Kind(
    table="cost", columns=COST_COLUMNS, build=cost_from, values=cost_values, key=lambda it: (it.plan, it.workload),
    same=_same_cost
)  # fmt: skip


def priced(
    offer: Offer, workloads: Sequence[Workload], product: Product, metrics: frozenset[str]
) -> tuple[PricedPlan, ...]:
    """Every plan of an offer at every named workload and at every allowance point, ranked within the product."""
    return priced_at(offer, costs.grid(offer, offer, workloads, product=product.slug), product, metrics)


def priced_at(
    offer: Offer, workloads: Sequence[Workload], product: Product, metrics: frozenset[str]
) -> tuple[PricedPlan, ...]:
    """Every plan of an offer at these workloads, as far as they are meant for the product, ranked within it."""
    hosted = {plan.slug: is_hosted(plan, product) for plan in offer.plans}
    plain_prices = costs.price_offer(
        offer, workloads, vendor=product.vendor, product=product.slug, metrics=metrics, hosted=hosted
    )
    # costs rest with the ten decimal places of every amount, so they are compared with them too
    rounded = (replace(one, cost=_storable(Identical((one.cost,)))) for one in plain_prices)
    return costs.rank(rounded, hosted_plans(offer, product))


def hosted_plans(offer: Offer, product: Product) -> dict[tuple[str, str, str], bool]:
    """Which plans of an offer the vendor runs, by vendor, product and plan."""
    return {(product.vendor, product.slug, plan.slug): is_hosted(plan, product) for plan in offer.plans}


@lru_cache(maxsize=2_048)
def _storable(asked: Identical[Cost]) -> Cost:
    (cost,) = asked.values
    steps = tuple(replace(step, low=_rounded(step.low), high=_rounded(step.high)) for step in cost.steps)
    return replace(cost, low=_rounded(cost.low), high=_rounded(cost.high), steps=steps)


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else plain(round(amount, 10))
