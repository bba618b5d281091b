"""How much of a text is judged, so that none takes longer than some seconds, whatever is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pricing_pipeline.claims.passages import Passage

CHARACTERS = 400_000
"""Visible characters that are read, headings and headers counted with each passage below them: a long book."""
CLAIMS = 5_000
"""Claims that are judged: a text of this size says something of prices in every line."""
AGAIN = 1_000
"""Figures that are looked at twice: each is held against all that can be reckoned around it."""
# What a passage costs beside its characters: a list of a letter each is no cheaper than prose of some length.
_EACH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """From which line on nothing was judged, and why."""

    line: int
    why: str


def readable(passages: Sequence[Passage]) -> tuple[Sequence[Passage], Cut | None]:
    """As many passages as are read, and where the others begin. One passage longer than all of that is read in part."""
    left = CHARACTERS
    for number, passage in enumerate(passages):
        around = _EACH + len(passage.row) + len(passage.column) + len(passage.lead) + sum(map(len, passage.headings))
        left -= around
        if left < len(passage.text):
            read = [*passages[:number], *([passage.before(left)] if left > 0 else [])]
            line = passage.place(max(left, 0)).line
            return read, Cut(line=line, why=f"the first {CHARACTERS:,} characters of a text")
        left -= len(passage.text)
    return passages, None
