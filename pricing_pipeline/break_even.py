"""Where the cheaper of two plans changes, along one metric; what a plan charges is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pricing_pipeline.bill_lines import Price, bill_along
from pricing_pipeline.lowest import lowest, piece_at
from pricing_pipeline.results import BreakEven, Side

_NO_MORE: Mapping[str, Decimal] = {}


def turning_points(
    one: Side, other: Side, metric: str, *, price: Price, usage: Mapping[str, Decimal] = _NO_MORE
) -> tuple[BreakEven, ...]:
    """The quantities of `metric` at which the cheaper of two plans changes, ascending; empty where it never does.

    The plans may be of different products. `usage` is what is used besides (one seat where it is silent). Where one of
    the two has no figure, or their ranges overlap, neither is the cheaper.
    """
    sides = {"one": one, "other": other}
    bills = {
        place: bill_along(
            side.plan, side.terms, metric, usage, metrics=side.product_metrics, price=price, state=side.state
        )
        for place, side in sides.items()
    }
    found: list[BreakEven] = []
    last: str | None = None
    for stretch in lowest(bills):
        pieces = {place: piece_at(own, stretch.start) for place, own in bills.items()}
        if not stretch.cheapest or not all(piece.is_known for piece in pieces.values()):
            last = None
        elif len(stretch.cheapest) == 1:
            (best,) = stretch.cheapest
            if last is not None and best != last:
                found.append(
                    BreakEven(
                        metric=metric,
                        quantity=stretch.start,
                        cheaper_below=sides[last].name,
                        cheaper_above=sides[best].name,
                        keys=tuple(dict.fromkeys((*pieces[last].keys, *pieces[best].keys))),
                    )
                )
            last = best
    return tuple(found)
