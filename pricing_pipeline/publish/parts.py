"""Keeping pages small: long lists cut into parts by weight, so that no page passes 100 KB however much is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, takewhile
from typing import Any, TypeVar

Row = TypeVar("Row")
Weigh = Callable[[Any], int]
"""About how many bytes a row takes on a page."""
# A page's head, navigation and foot take some 5 KB, and a list is never all that it holds.
PART = 60_000
"""So many bytes one list of a page may take."""


def cut(rows: Iterable[Row], weigh: Callable[[Row], int], most: int = PART) -> list[list[Row]]:
    """Rows in neighbouring parts of at most so many bytes; a row that is heavier has a part of its own."""
    parts: list[list[Row]] = []
    room = -1
    for row in rows:
        weight = weigh(row)
        if weight > room:
            parts.append([])
            room = most
        parts[-1].append(row)
        room -= weight
    return parts


def first(rows: Sequence[Row], weigh: Callable[[Row], int], most: int, least: int = 3) -> Sequence[Row]:
    """The first rows that together stay within so many bytes; `least` of them in any case."""
    fitting = sum(1 for _ in takewhile(lambda sum_: sum_ <= most, accumulate(map(weigh, rows))))
    return rows[: max(fitting, least)]


def names(stem: str, count: int) -> Iterator[str]:
    """The files of a list's parts: `stem.html`, `stem.2.html`, … A slug holds no dot, so that none is another's."""
    for place in range(1, count + 1):
        yield f"{stem}.html" if place == 1 else f"{stem}.{place}.html"
