"""Telling the most of something that a line states from the least: "Up to 5 users, 3-user minimum", "5 seats (min. 3)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.units import Quantity

_WORD = r"(?:minimum|min\.|at least|starting (?:at|from)|starts at)(?=\W|$)"
_SAYS_LEAST = re.compile(rf"\b{_WORD}", re.IGNORECASE)
_APART = re.compile(r"[,;](?=\s)|(?<!\bmin)(?<!\bmax)\.(?=\s)|[()/]|\s[–—-]\s|\b(?:and|but|with)\b", re.IGNORECASE)
# A count without a unit of its own, which is of what the rest of the line counts: "(min. 3)", "up to 5".
_ALONE = r"(?=\s*(?:$|[),;/]|\.(?:\s|$)|(?:are |is )?(?:billed|required|charged)\b))"
_BARE = (
    re.compile(
        r"\b(?:(?P<least>minimum(?: of)?|min\.?|at least)|maximum(?: of)?|max\.?|up to|at most)\s?(?P<many>\d{1,6})"
        + _ALONE,
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d.,])(?P<many>\d{1,6}) (?:(?P<least>minimum|min)|maximum|max)\b\.?" + _ALONE, re.IGNORECASE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A count without a unit: `many` at least, or at most."""

    many: Decimal
    is_least: bool


def says_least(text: str) -> bool:
    """Whether a line asks for a least number of something."""
    return _SAYS_LEAST.search(text) is not None


def bare_bounds(text: str, counts: Sequence[Quantity]) -> list[Bound]:
    """The counts without a unit of their own in a line that counts one thing; [] in a line that counts several."""
    if len({count.metric for count in counts}) != 1:
        return []
    free = (
        found
        for words in _BARE
        for found in words.finditer(text)
        if not any(count.start < found.end() and found.start() < count.end for count in counts)
    )
    return [Bound(many=Decimal(found["many"]), is_least=found["least"] is not None) for found in free]


def is_least(text: str, count: Quantity, counts: Sequence[Quantity], bare: Sequence[Bound]) -> bool:
    """Whether one of the counts of a line is the least that is asked rather than the most that is had.

    The only figure of a line is what its "minimum" speaks of, wherever the word stands; of several, that beside it.
    """
    if count.bound == "max" or not says_least(text):
        return False
    if len(counts) + len(bare) == 1:
        return True
    begins = max((found.end() for found in _APART.finditer(text, 0, count.start)), default=0)
    ends = next((found.start() for found in _APART.finditer(text, count.end)), len(text))
    return says_least(text[begins:ends])
