"""Where the sentences of a passage begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

LONGEST = 1000
FIGURES = 25
"""More figures than any sentence has: each is read with all that stands around it."""
_FIGURE = re.compile(r"\d[\d.,]*")
_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-z])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|incl|excl|ca|Inc|Ltd|St|Mr|Ms|Dr|est)|\b[A-Z])\.$", re.IGNORECASE
)

_ABBREVIATION = 10
"""Characters of the longest of them, and some."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends. What goes on for a page is taken in pieces, so that no text costs too long."""
    for start, end in _whole(text):
        while (most := _most(text, start, end)) < end:
            cut = max(text.rfind(mark, start, most) for mark in (", ", "; ", " "))
            cut = cut + 1 if cut > start else most
            yield start, cut
            start = cut  # the rest of the same sentence
        if text[start:end].strip():
            yield start, end


def _most(text: str, start: int, end: int) -> int:
    """How far a piece that begins there may go."""
    end = min(end, start + LONGEST)
    further = next(islice(_FIGURE.finditer(text, start, end), FIGURES, None), None)
    return end if further is None else further.start()


def _whole(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        stop = found.start() + 1
        if _ABBREVIATED.search(text, max(start, stop - _ABBREVIATION), stop):
            continue
        yield start, found.start() + len(found.group().rstrip())
        start = found.end()
    if text[start:].strip():
        yield start, len(text)
