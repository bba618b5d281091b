"""The rows to be judged, as they are handed in, and what is wrong with them before anybody judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from checks.declarations import Check, ColumnKind, Suite

_TYPES: Mapping[ColumnKind, tuple[type, ...]] = {
    ColumnKind.WORD: (str,),
    ColumnKind.COUNT: (int,),
    ColumnKind.FLAG: (bool,),
    ColumnKind.NUMBER: (int, float, Decimal),
}
_NEVER_EMPTY = (ColumnKind.COUNT, ColumnKind.FLAG)


class Frame(Protocol):
    """Names of columns, and rows in their order."""

    @property
    def columns(self) -> Sequence[str]:
        """The names, in the order of the rows' values."""

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        """The rows, each with a value for every column."""


def rows_of(frame: Frame) -> list[dict[str, object]]:
    """Every row by column name."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.rows]


def column_faults(suite: Suite, frame: Frame) -> dict[str, str]:
    """The columns that cannot be judged, and why. An expectation would pass over an empty count in silence."""
    faults = {}
    for name, kind in suite.columns.items():
        if name not in frame.columns:
            faults[name] = f"column {name} is missing"
            continue
        place = list(frame.columns).index(name)
        fault = _fault_of(kind, [row[place] for row in frame.rows])
        if fault:
            faults[name] = f"column {name} {fault}"
    return faults


def check_fault(check: Check, suite: Suite, faults: Mapping[str, str]) -> str | None:
    """Why a check cannot be judged on a frame with these faults; None where it can."""
    needed = dict.fromkeys((*suite.identity, *check.columns))
    found = [faults[name] for name in needed if name in faults]
    if not found:
        return None
    return f"the {suite.name} frame cannot be judged: {'; '.join(found)}; correct the query that computes it"


def _fault_of(kind: ColumnKind, values: Sequence[object]) -> str | None:
    empty = sum(value is None for value in values)
    if empty and kind in _NEVER_EMPTY:
        return f"is empty in {empty} of {len(values)} rows"
    for value in values:
        if value is not None and not _fits(kind, value):
            return f"holds a {type(value).__name__} where a {kind} belongs"
    return None


def _fits(kind: ColumnKind, value: object) -> bool:
    if isinstance(value, bool):
        return kind is ColumnKind.FLAG
    return isinstance(value, _TYPES[kind])
