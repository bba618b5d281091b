"""The bills of a product along a metric, and which of several is the lowest, worked out once however many pages ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from pricing_pipeline.lowest import piece_at
from pricing_pipeline.publish.calculator import SEAT, metrics_of
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import BillPiece, CheapestRange, Offer

Usage = tuple[tuple[str, Decimal], ...]
"""So much of each metric."""

Bills = Mapping[str, Sequence[BillPiece]]
"""The bill of each plan along a metric, by `product/plan`."""

_A_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh:
    """The arithmetic of the costs stage, handed in by who calls: the bills of an offer along a metric (`costs.along`),
    and which of several is the lowest (`costs.lowest`)."""

    along: Callable[..., Mapping[str, tuple[BillPiece, ...]]]
    lowest: Callable[[Bills], tuple[CheapestRange, ...]]


class Scales:
    """Weighs the plans of a shelf; a product's bills are worked out once, however many pages show them."""

    def __init__(self, shelf: Shelf, weigh: Weigh) -> None:
        """Begin with none."""
        self.shelf = shelf
        self._weigh = weigh
        self._known: dict[tuple[str, str, Usage], Bills] = {}
        self._ranges: dict[tuple[str, ...], tuple[CheapestRange, ...]] = {}
        self._trading: dict[tuple[str, str, str], bool] = {}

    def bills(self, product: str, metric: str, besides: Usage) -> Bills:
        """The bills of a product's hosted plans along a metric, by `product/plan`; of use that it does not know, none."""
        key = (product, metric, besides)
        if key not in self._known:
            self._known[key] = self._bills(product, metric, besides)
        return self._known[key]

    def ranges(self, bills: Bills, metric: str, besides: Usage) -> tuple[CheapestRange, ...]:
        """Which of these bills along a metric is the lowest from where to where."""
        key = (metric, repr(besides), *bills)
        if key not in self._ranges:
            self._ranges[key] = self._weigh.lowest(bills)
        return self._ranges[key]

    def trade_places(self, two: Bills, metric: str) -> bool:
        """Whether another of two plans comes to be the cheaper one where both have a bill, with nothing used besides."""
        one, other = two
        key = (metric, one, other)
        if key not in self._trading:
            self._trading[key] = (
                _rises(two) and not _is_one_above(*two.values()) and _trade_places(self.ranges(two, metric, ()), two)
            )
        return self._trading[key]

    def _bills(self, product: str, metric: str, besides: Usage) -> Bills:
        entry = self.shelf.registry.product(product)
        if entry is not None and entry.retired is not None and entry.retired <= self.shelf.catalog.as_of.date():
            return {}  # what is sold no longer is recommended to nobody
        metrics = metrics_of(self.shelf, product)
        if not {metric, *(name for name, used in besides if name != SEAT or used > 1)} <= metrics:
            return {}
        plans = self.shelf.plans.get(product, ())
        terms = tuple(row.term for row in self.shelf.terms.get(product, ()))
        found = self._weigh.along(
            Offer(plans=tuple(row.plan for row in plans), terms=terms),
            metric,
            dict(besides),
            metrics=metrics,
            hosted={row.plan.slug: row.hosted for row in plans},
        )
        return {f"{product}/{plan}": pieces for plan, pieces in found.items()}


def _rises(bills: Bills) -> bool:
    """Whether any of them goes up with use: level bills do not cross."""
    return any(piece.high_rise for pieces in bills.values() for piece in pieces)


def _trade_places(ranges: Sequence[CheapestRange], two: Bills) -> bool:
    """Whether another of two plans comes to be the cheaper one where both have a bill."""
    return any(
        one.cheapest and other.cheapest and one.cheapest != other.cheapest and _are_known(two, other.start)
        for one, other in pairwise(ranges)
    )


def _are_known(bills: Bills, quantity: Decimal) -> bool:
    """Whether every bill has a figure below and above a quantity."""
    return all(
        piece.is_known
        for pieces in bills.values()
        for piece in pieces
        if piece.start <= quantity and (piece.end is None or piece.end >= quantity)
    )


def _is_one_above(one: Sequence[BillPiece], other: Sequence[BillPiece]) -> bool:
    """Whether one of two bills is the higher one wherever both are known: they do not meet, which need not be reckoned
    out."""
    signs = set()
    for start in sorted({piece.start for piece in (*one, *other)}):
        here = piece_at(one, start), piece_at(other, start)
        if not all(piece.is_known for piece in here):
            continue
        ends = [piece.end for piece in here if piece.end is not None]
        (first, rise), (second, other_rise) = ((piece.at(start)[1], piece.high_rise) for piece in here)
        signs.add(_sign(first - second))
        if ends:
            (first, second) = (piece.at(min(ends))[1] for piece in here)
            signs.add(_sign(first - second))
        else:
            signs |= {_sign(first - second)} if rise == other_rise else {1 if rise > other_rise else -1}
    return len(signs) < 2 and 0 not in signs


def _sign(difference: Decimal) -> int:
    return 0 if abs(difference) <= _A_CENT else 1 if difference > 0 else -1
