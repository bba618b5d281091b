"""Where the cheaper of two plans changes, along one metric; what a plan charges is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal

from pricing_pipeline.addons import SEAT
from pricing_pipeline.bill_lines import bill_along
from pricing_pipeline.lowest import lowest, piece_at
from pricing_pipeline.results import BillPiece, BreakEven, Cost, Side, Workload
from pricing_pipeline.wording import plain

_NO_MORE: Mapping[str, Decimal] = {}
# From here on nobody counts in parts of a unit, and nobody in parts of a person.
_WHOLE = Decimal(100)
_UNIT, _PART = Decimal(1), Decimal("0.01")
Price = Callable[..., Cost]
"""The arithmetic of the costs stage, handed in by who calls: `costs.price`."""


def countable(quantity: Decimal, metric: str, rounding: str) -> Decimal:
    """A quantity as one counts it: in whole units, of small amounts that can be divided in hundredths."""
    return plain(quantity.quantize(_UNIT if metric == SEAT or quantity >= _WHOLE else _PART, rounding))


def turning_points(
    one: Side, other: Side, metric: str, *, price: Price, usage: Mapping[str, Decimal] = _NO_MORE
) -> tuple[BreakEven, ...]:
    """The quantities of `metric` at which the cheaper of two plans changes, ascending; empty where it never does.

    The plans may be of different products. `usage` is what is used besides (one seat where it is silent). Where one of
    the two has no figure, or their ranges overlap, neither is the cheaper. Where they meet within a unit, the quantity is
    the first that can be counted from which on the other is the cheaper.
    """
    sides = {"one": one, "other": other}
    bills = {place: _bill(side, metric, usage, price) for place, side in sides.items()}
    found: list[BreakEven] = []
    last: str | None = None
    for stretch in lowest(bills):
        pieces = {place: piece_at(own, stretch.start) for place, own in bills.items()}
        if not stretch.cheapest or not all(piece.is_known for piece in pieces.values()):
            last = None
        elif len(stretch.cheapest) == 1:
            (best,) = stretch.cheapest
            if last is not None and best != last:
                _append(
                    found,
                    BreakEven(
                        metric=metric,
                        quantity=countable(stretch.start, metric, ROUND_CEILING),
                        cheaper_below=sides[last].name,
                        cheaper_above=sides[best].name,
                        keys=tuple(dict.fromkeys((*pieces[last].keys, *pieces[best].keys))),
                    ),
                )
            last = best
    return tuple(found)


def _bill(side: Side, metric: str, usage: Mapping[str, Decimal], price: Price) -> tuple[BillPiece, ...]:
    known = tuple(term for term in side.terms if term.plan in (side.plan, None))

    def charges(used: Mapping[str, Decimal]) -> Cost:
        workload = Workload(slug="", name="", usage=used)
        return price(side.plan, known, workload, product_metrics=side.product_metrics, plan_state=side.state)

    return bill_along(side.plan, known, metric, usage, charges)


def _append(found: list[BreakEven], point: BreakEven) -> None:
    """One more turn; two within a unit are none, for whoever counts in units."""
    if found and found[-1].quantity == point.quantity:
        found.pop()
    else:
        found.append(point)
