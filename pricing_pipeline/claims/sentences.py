"""Where the sentences of a passage begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1000
_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-z])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|incl|excl|ca|Inc|Ltd|St|Mr|Ms|Dr|est)|\b[A-Z])\.$", re.IGNORECASE
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends. What goes on for a page is taken in pieces, so that no text costs too long."""
    for start, end in _whole(text):
        while end - start > LONGEST:
            cut = max(text.rfind(mark, start, start + LONGEST) for mark in (", ", "; ", " "))
            cut = cut + 1 if cut > start else start + LONGEST
            yield start, cut
            start = cut  # the rest of the same sentence
        if text[start:end].strip():
            yield start, end


def _whole(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        if _ABBREVIATED.search(text, start, found.start() + 1):
            continue
        yield start, found.start() + len(found.group().rstrip())
        start = found.end()
    if text[start:].strip():
        yield start, len(text)
