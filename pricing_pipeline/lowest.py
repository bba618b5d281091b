"""Which of several bills along one metric is the lowest, and from where to where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from pricing_pipeline.results import BillPiece, CheapestRange, CostState
from pricing_pipeline.wording import plain

# What is left of a cent is no reason to prefer a plan.
_SAME = Decimal("0.005")
_PLACES = 6
# Beyond the last place where two bills meet, so many units on, which is the lower one shows by more than a cent.
_ON = Decimal(1_000_000)
_Bound = tuple[Decimal, Decimal]


def lowest(bills: Mapping[str, Sequence[BillPiece]]) -> tuple[CheapestRange, ...]:
    """From where to where which of these bills is the lowest; `bills` are pieces by name, each without a gap.

    A plan is the cheapest where the most it may charge is no more than the least that any other does. Bills in several
    currencies are not compared, but nothing is less than free.
    """
    edges = sorted({piece.start for pieces in bills.values() for piece in pieces})
    found: list[CheapestRange] = []
    for start, end in [*pairwise(edges), (edges[-1], None)] if edges else []:
        here = {name: piece_at(pieces, start) for name, pieces in bills.items()}
        cuts = _crossings(here.values(), start, end)
        for first, last in pairwise([start, *cuts, end]):
            assert first is not None
            _append(found, _cheapest(here, first, last))
    return tuple(found)


def piece_at(pieces: Sequence[BillPiece], start: Decimal) -> BillPiece:
    """The piece of a bill from above a quantity on."""
    return next(piece for piece in reversed(pieces) if piece.start <= start)


def _crossings(pieces: Iterable[BillPiece], start: Decimal, end: Decimal | None) -> list[Decimal]:
    """Where two bounds of bills meet within a stretch."""
    known = [piece for piece in pieces if piece.is_known]
    lines = {line for piece in known for line in _lines(piece, start)}
    met = set()
    for (one, rise), (other, other_rise) in combinations(sorted(lines), 2):
        if rise != other_rise:
            at = plain(round(start + (other - one) / (rise - other_rise), _PLACES))
            if start < at and (end is None or at < end):
                met.add(at)
    return sorted(met)


def _lines(piece: BillPiece, start: Decimal) -> set[_Bound]:
    low, high = piece.at(start)
    return {(low, piece.low_rise), (high, piece.high_rise)}


def _cheapest(here: Mapping[str, BillPiece], start: Decimal, end: Decimal | None) -> CheapestRange:
    """Who is the cheapest in the middle of a stretch in which no two bills meet."""
    within = start + _ON if end is None else (start + end) / 2
    known = {name: piece.at(within) for name, piece in here.items() if piece.is_known}
    unknown = tuple(name for name, piece in here.items() if piece.state is CostState.UNKNOWN)
    most = min((high for _, high in known.values()), default=None)
    if most is None:
        return CheapestRange(start=start, end=end, cheapest=(), unknown=unknown)
    best = tuple(name for name, (_, high) in known.items() if high <= most + _SAME)
    currencies = {here[name].currency for name, (_, high) in known.items() if high} - {None}
    is_told = not most or (
        len(currencies) < 2 and all(low >= most - _SAME for name, (low, _) in known.items() if name not in best)
    )
    return CheapestRange(start=start, end=end, cheapest=best if is_told else (), unknown=unknown if most else ())


def _append(found: list[CheapestRange], one: CheapestRange) -> None:
    """A range, or more of the one before it."""
    last = found[-1] if found else None
    if last is not None and (last.cheapest, last.unknown) == (one.cheapest, one.unknown):
        found[-1] = CheapestRange(start=last.start, end=one.end, cheapest=one.cheapest, unknown=one.unknown)
    else:
        found.append(one)
