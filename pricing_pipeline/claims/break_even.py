"""Where two plans cost the same: the quantity of one metric at which the cheaper of them changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.catalog import StandingTerm
from pricing_pipeline.facts import State, TermKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A plan's monthly cost by quantity of one metric: `fee` up to `included`, then `rate` for each unit above it."""

    name: str
    fee: Decimal
    included: Decimal
    rate: Decimal
    currency: str | None
    basis: tuple[StandingTerm, ...]

    @classmethod
    def of(cls, name: str, metric: str, fee: StandingTerm | None, terms: Sequence[StandingTerm]) -> Line:
        """The line of a plan from its monthly fee and its terms of the metric; ValueError where it is not one line."""
        if fee is not None and (
            fee.term.metric is not None or fee.term.amount is None or fee.term.amount_max is not None
        ):
            raise ValueError(f"{name} has no single monthly fee, it reads {fee.term.evidence.quote!r}")
        rates = [term for term in terms if term.term.term is TermKind.USAGE_RATE]
        included = [term for term in terms if term.term.term is TermKind.ALLOWANCE]
        if any(term.term.state is State.UNLIMITED for term in included):
            rates = []
        elif len(rates) != 1 or rates[0].term.amount is None or rates[0].term.amount_max or rates[0].term.tier_from:
            raise ValueError(f"{name} has no single rate for {metric}")
        return cls(
            name=name,
            fee=fee.term.amount if fee is not None and fee.term.amount is not None else Decimal(0),
            included=sum((term.term.quantity or Decimal(0) for term in included), Decimal(0)),
            rate=_unit_rate(rates[0]) if rates else Decimal(0),
            currency=next((term.term.currency for term in (fee, *rates) if term is not None), None),
            basis=(*([fee] if fee else []), *included, *rates),
        )

    def at(self, quantity: Decimal) -> Decimal:
        """The monthly cost at a quantity."""
        return self.fee + max(Decimal(0), quantity - self.included) * self.rate


def break_even(one: Line, other: Line) -> Decimal:
    """The least quantity above zero at which both cost the same and the cheaper one changes.

    Raises ValueError where there is none, or where the two are not in one currency.
    """
    if one.currency and other.currency and one.currency != other.currency:
        raise ValueError(f"{one.name} is in {one.currency} and {other.name} in {other.currency}")
    bounds = sorted({Decimal(0), one.included, other.included})
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        gap = one.at(low) - other.at(low)
        slope = _slope(one, low) - _slope(other, low)
        if slope == 0 or gap == 0:
            continue
        quantity = low - gap / slope
        if quantity > low and (high is None or quantity <= high):
            return quantity.normalize()
    raise ValueError(f"the cheaper of {one.name} and {other.name} is the same at every quantity")


def _slope(line: Line, quantity: Decimal) -> Decimal:
    return line.rate if quantity >= line.included else Decimal(0)


def _unit_rate(standing: StandingTerm) -> Decimal:
    assert standing.term.amount is not None
    return standing.term.amount / (standing.term.per_quantity or Decimal(1))
