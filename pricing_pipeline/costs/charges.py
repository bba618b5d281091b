"""The parts of a bill, and how they add up: a part without a figure leaves the sum without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.facts import AMOUNT_LIMIT, AMOUNT_PLACES, Term
from pricing_pipeline.results import Cost, CostState, CostStep
from pricing_pipeline.wording import plain

_CENTS = 2
# Where several parts have no figure, the first of these says it best.
_PRECEDENCE = (CostState.NOT_APPLICABLE, CostState.INFEASIBLE, CostState.CONTACT_SALES, CostState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One part of a monthly bill. Where `failure` is set there is no figure, and `reason` says why."""

    steps: tuple[CostStep, ...] = ()
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    currencies: frozenset[str | None] = frozenset()
    failure: CostState | None = None
    reason: str = ""


NOTHING = Charge()


def charge(text: str, low: Decimal, high: Decimal, term: Term) -> Charge:
    """A part with a figure, in the currency of its term; zero is zero in every currency."""
    # each part is rounded, and the sum is that of the rounded parts: so the steps that are shown add up to the bill
    kept = storable(low), storable(high)
    step = CostStep(text=text, low=kept[0], high=kept[1], term_key=term.key)
    currencies = frozenset({term.currency}) if low or high else frozenset()
    return Charge(steps=(step,), low=kept[0], high=kept[1], currencies=currencies)


def failed(state: CostState, reason: str, term: Term | None = None) -> Charge:
    """A part without a figure."""
    step = CostStep(text=reason, low=None, high=None, term_key=term.key if term else None)
    return Charge(steps=(step,), failure=state, reason=reason)


def together(charges: Iterable[Charge]) -> Charge:
    """Several parts as one."""
    parts = tuple(charges)
    worst = min(
        (part for part in parts if part.failure), key=lambda part: _PRECEDENCE.index(_failure(part)), default=None
    )
    return Charge(
        steps=tuple(step for part in parts for step in part.steps),
        low=sum((part.low for part in parts), Decimal(0)),
        high=sum((part.high for part in parts), Decimal(0)),
        currencies=frozenset().union(*(part.currencies for part in parts)),
        failure=worst.failure if worst else None,
        reason=worst.reason if worst else "",
    )


def _failure(part: Charge) -> CostState:
    assert part.failure is not None
    return part.failure


def as_cost(total: Charge, currency: str | None) -> Cost:
    """The bill as it is kept; `currency` is that of a bill of nothing."""
    if total.failure:
        return Cost(state=total.failure, steps=total.steps, reason=total.reason)
    if len(total.currencies) > 1:
        names = " and ".join(sorted(name or "an unstated currency" for name in total.currencies))
        return Cost(state=CostState.UNKNOWN, steps=total.steps, reason=f"its prices are in {names}")
    if total.high >= AMOUNT_LIMIT:
        return Cost(state=CostState.UNKNOWN, steps=total.steps, reason="the sum is too large to keep")
    low, high = storable(total.low), storable(total.high)
    state = CostState.EXACT if low == high else CostState.RANGE
    return Cost(state=state, low=low, high=high, currency=next(iter(total.currencies), currency), steps=total.steps)


def storable(value: Decimal) -> Decimal:
    """A figure at the precision that is kept: ten places, so that a twelfth of a year's fee has an end; two
    at least."""
    kept = plain(round(value, AMOUNT_PLACES))
    exponent = kept.as_tuple().exponent
    return kept if isinstance(exponent, int) and exponent < -_CENTS else round(kept, _CENTS)
