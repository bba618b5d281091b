"""Where the cheaper of two plans changes, along one metric."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from pricing_pipeline.costs.bill import SEAT, price
from pricing_pipeline.costs.charges import storable
from pricing_pipeline.costs.usage import monthly_quantity
from pricing_pipeline.facts import State, Term
from pricing_pipeline.results import Cost, CostState, Workload
from pricing_pipeline.wording import plain

_NO_MORE: Mapping[str, Decimal] = {}
# Two points this far apart give an exact slope even to a rate with six decimals.
_FAR = Decimal(4_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """From above `quantity` units a month of `metric` on, `cheaper_above` is the cheaper plan; below it
    `cheaper_below`."""

    metric: str
    quantity: Decimal
    cheaper_below: str
    cheaper_above: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One plan of a comparison: its name in the answer, the terms of its product, and all metrics that this mentions."""

    name: str
    plan: str
    terms: tuple[Term, ...]
    product_metrics: frozenset[str]
    state: State = State.STATED

    def bill(self, usage: Mapping[str, Decimal]) -> Cost:
        """What it charges a month."""
        workload = Workload(slug="", name="", usage=usage)
        return price(self.plan, self.terms, workload, product_metrics=self.product_metrics, plan_state=self.state)


def break_even(
    one: str,
    other: str,
    terms: Iterable[Term],
    metric: str,
    *,
    product_metrics: frozenset[str],
    usage: Mapping[str, Decimal] = _NO_MORE,
    states: Mapping[str, State] | None = None,
) -> tuple[BreakEven, ...]:
    """The quantities of `metric` at which the cheaper of two plans of a product changes; see `turning_points`.

    `states` are the plans' own states.
    """
    known = tuple(terms)
    sides = [
        Side(
            name=plan,
            plan=plan,
            terms=known,
            product_metrics=product_metrics,
            state=(states or {}).get(plan, State.STATED),
        )
        for plan in (one, other)
    ]
    return turning_points(sides[0], sides[1], metric, usage=usage)


def turning_points(
    one: Side, other: Side, metric: str, *, usage: Mapping[str, Decimal] = _NO_MORE
) -> tuple[BreakEven, ...]:
    """The quantities of `metric` at which the cheaper of two plans changes, ascending; empty where it never does.

    The plans may be of different products. `usage` is what is used besides (one seat where it is silent). Bills are
    straight lines between the quantities that the terms name, so each stretch is known from two of its points.
    """

    def gap(quantity: Decimal) -> Decimal | None:
        first, second = (side.bill({**usage, metric: quantity}) for side in (one, other))
        if (
            first.state is not CostState.EXACT
            or second.state is not CostState.EXACT
            or first.low is None
            or second.low is None
        ):
            return None
        return first.low - second.low if first.currency == second.currency or not first.low or not second.low else None

    seats = usage.get(SEAT, Decimal(1))
    bounds = sorted({*_bounds(one.terms, metric, seats), *_bounds(other.terms, metric, seats)})
    last = bounds[-1]
    stretches = [*pairwise(bounds), (last, last + _FAR)]
    return _turns(stretches, gap, one.name, other.name, metric)


def _bounds(terms: Iterable[Term], metric: str, seats: Decimal) -> set[Decimal]:
    named = {Decimal(0)}
    for term in terms:
        if term.metric == metric:
            quantity = monthly_quantity(term)
            scaled = None if quantity is None else quantity * seats
            named |= {
                value for value in (quantity, scaled, term.tier_from, term.tier_to) if value is not None and value >= 0
            }
    return named


def _turns(
    stretches: list[tuple[Decimal, Decimal]],
    gap: Callable[[Decimal], Decimal | None],
    one: str,
    other: str,
    metric: str,
) -> tuple[BreakEven, ...]:
    found: list[BreakEven] = []
    sign = 0
    for number, (start, end) in enumerate(stretches):
        open_ended = number == len(stretches) - 1
        at, slope = _line(gap, start, end)
        if at is None:
            sign = 0
            continue
        crossing = start - at / slope if slope else None
        inside = crossing is not None and crossing > start and (open_ended or crossing < end)
        before = _sign(at) or (-_sign(slope) if inside else _sign(slope))
        if sign and before and before != sign:
            found.append(_turn(metric, start, sign, one, other))
        if inside and crossing is not None:
            found.append(_turn(metric, crossing, before, one, other))
            before = -before
        sign = before or sign
    return tuple(found)


def _line(gap: Callable[[Decimal], Decimal | None], start: Decimal, end: Decimal) -> tuple[Decimal | None, Decimal]:
    """The difference just above `start`, and by how much it grows with each unit; None where a bill has no figure."""
    # Quarters of a decimal number have an end, thirds have none.
    quarter = (end - start) / 4
    first, second = gap(start + quarter), gap(start + 3 * quarter)
    if first is None or second is None:
        return None, Decimal(0)
    return storable(first - (second - first) / 2), (second - first) / (2 * quarter)


def _turn(metric: str, quantity: Decimal, sign: int, one: str, other: str) -> BreakEven:
    below, above = (one, other) if sign < 0 else (other, one)
    return BreakEven(metric=metric, quantity=plain(storable(quantity)), cheaper_below=below, cheaper_above=above)


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
