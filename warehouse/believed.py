"""What was believed of one key on two clocks, and how a new reading revises it. Pure: no SQL, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from warehouse.columns import FOREVER

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where a believed fact was first read."""

    capture_id: str
    observation_id: str
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed(Generic[Fact]):
    """One believed row: `fact` holds from `start` up to `end` (FOREVER while it lasts), as we know since `recorded_at`.

    `row_id` is None while the row is not written yet.
    """

    fact: Fact
    reading: Reading
    start: datetime
    end: datetime
    recorded_at: datetime
    position: int = 0
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Revision(Generic[Fact]):
    """The rows of one key that are no longer believed, and those that are believed instead."""

    gone: tuple[Believed[Fact], ...] = ()
    made: tuple[Believed[Fact], ...] = ()


def revise(
    rows: Iterable[Believed[Fact]],
    news: Iterable[Believed[Fact]],
    *,
    start: datetime,
    end: datetime,
    recorded_at: datetime,
    same: Callable[[Fact, Fact], bool],
) -> Revision[Fact]:
    """What changes when the rows of one key, disjoint in time, are overwritten by `news` from `start` up to `end`.

    Where `news` leaves the span uncovered nothing holds any more. Equal values move nothing: a row that is only
    confirmed keeps its evidence and its times.
    """
    old = sorted(rows, key=lambda row: row.start)
    pieces = [*_outside(old, start, end), *(piece for item in news for piece in _known_parts(item, old, same))]
    merged = _merge(sorted(pieces, key=lambda row: row.start), same)
    spans = {row.row_id: (row.start, row.end) for row in old}
    kept = {row.row_id for row in merged if row.row_id is not None and spans[row.row_id] == (row.start, row.end)}
    gone = tuple(row for row in old if row.row_id not in kept)
    made = tuple(replace(row, row_id=None, recorded_at=recorded_at) for row in merged if row.row_id not in kept)
    return Revision(gone, made)


def _outside(rows: Sequence[Believed[Fact]], start: datetime, end: datetime) -> list[Believed[Fact]]:
    """The parts of the rows before `start` and from `end` on."""
    pieces = []
    for row in rows:
        if row.start < start:
            pieces.append(replace(row, end=min(row.end, start)))
        if row.end > end:
            pieces.append(replace(row, start=max(row.start, end)))
    return pieces


def _known_parts(
    item: Believed[Fact], rows: Sequence[Believed[Fact]], same: Callable[[Fact, Fact], bool]
) -> list[Believed[Fact]]:
    """An item cut where rows already say the same: those parts stay the rows' own, with their evidence."""
    parts: list[Believed[Fact]] = []
    begun = item.start
    for row in rows:
        first, last = max(row.start, begun), min(row.end, item.end)
        if first < last and same(row.fact, item.fact):
            parts += [replace(item, start=begun, end=first)] if begun < first else []
            parts.append(replace(row, start=first, end=last))
            begun = last
    return [*parts, replace(item, start=begun)] if begun < item.end else parts


def _merge(pieces: Sequence[Believed[Fact]], same: Callable[[Fact, Fact], bool]) -> list[Believed[Fact]]:
    """Pieces that touch and hold the same value become one, with the evidence of the first; two whole old rows stay
    apart."""
    merged: list[Believed[Fact]] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and last.end == piece.start and _joins(last, piece) and same(last.fact, piece.fact):
            merged[-1] = replace(last, end=piece.end)
        else:
            merged.append(piece)
    return merged


def _joins(last: Believed[Fact], piece: Believed[Fact]) -> bool:
    """A new piece continues what stood before it; an old piece continues only the row that it was cut from."""
    return piece.row_id is None or piece.row_id == last.row_id


def holding(rows: Iterable[Believed[Fact]], moment: datetime) -> Believed[Fact] | None:
    """The row that holds at a moment."""
    return next((row for row in rows if row.start <= moment < row.end), None)


def lasts(row: Believed[Fact]) -> bool:
    """Whether no end is known."""
    return row.end == FOREVER
