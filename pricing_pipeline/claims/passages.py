"""Editorial text as passages: what a reader sees, block by block, each character with its line and column."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Block(StrEnum):
    """What a passage is on the page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character stands in the file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One block of visible text.

    `marks` are (offset in `text`, line, column), ascending: what follows a mark stands on that line. `headings` are the
    headings above it, outermost first; `lead` is the sentence that a list belongs to ("Choose Solo if:"). A cell knows
    its `row` and `column` header and the table's `corner`. `bound` are spans that were filled from the facts, and are
    no claims. `about` are products that the place in a file speaks of.
    """

    text: str
    block: Block = Block.PARAGRAPH
    marks: tuple[tuple[int, int, int], ...] = ((0, 1, 1),)
    headings: tuple[str, ...] = ()
    lead: str = ""
    row: str = ""
    column: str = ""
    corner: str = ""
    bound: tuple[tuple[int, int], ...] = ()
    about: tuple[str, ...] = ()

    def place(self, offset: int) -> Place:
        """Where a character of the text stands in the file."""
        found = bisect.bisect_right(self.marks, offset, key=lambda mark: mark[0]) - 1
        start, line, column = self.marks[max(found, 0)]
        return Place(line, column + offset - start)

    def behind(self, offset: int) -> Passage:
        """What stands from a character on."""
        here = self.place(offset)
        behind = ((at - offset, line, column) for at, line, column in self.marks if at > offset)
        marks = ((0, here.line, here.column), *behind)
        bound = tuple((max(first - offset, 0), last - offset) for first, last in self.bound if last > offset)
        return replace(self, text=self.text[offset:], marks=marks, bound=bound)

    def before(self, offset: int) -> Passage:
        """What stands before a character."""
        return replace(self, text=self.text[:offset])

    def is_bound(self, start: int, end: int) -> bool:
        """Whether a span holds something that was filled from the facts."""
        return any(start < last and first < end for first, last in self.bound)


@dataclass(slots=True)
class Running:
    """Text that grows piece by piece, its white space folded, and remembers where each piece stood."""

    parts: list[str] = field(default_factory=list)
    marks: list[tuple[int, int, int]] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, line: int, column: int) -> None:
        """Append a piece that begins at a line and column; a piece that holds several lines is followed through."""
        for number, row in enumerate(text.split("\n")):
            if number:
                line, column = line + 1, 1
                self._space()
            self._add_row(row, line, column)

    def _add_row(self, row: str, line: int, column: int) -> None:
        position = 0
        while position < len(row):
            if row[position].isspace():
                self._space()
                position += 1
                continue
            end = position
            while end < len(row) and not row[end].isspace():
                end += 1
            self.marks.append((self.length, line, column + position))
            self.parts.append(row[position:end])
            self.length += end - position
            position = end

    def _space(self) -> None:
        if self.parts and self.parts[-1] != " ":
            self.parts.append(" ")
            self.length += 1

    def word(self, text: str, line: int, column: int) -> None:
        """Append characters that stand for something else in the file, such as what an entity means."""
        self.marks.append((self.length, line, column))
        self.parts.append(text)
        self.length += len(text)

    def passage(self, block: Block, *, headings: tuple[str, ...] = (), lead: str = "") -> Passage | None:
        """What was gathered, or None where it is blank."""
        text = "".join(self.parts).rstrip()
        if not text:
            return None
        return Passage(text=text, block=block, marks=tuple(self.marks), headings=headings, lead=lead)

    @property
    def ends_low(self) -> bool:
        """Whether it ends with a small letter or a digit, as a word does that goes on."""
        last = self.parts[-1][-1:] if self.parts else ""
        return last.islower() or last.isdigit() or last == ")"

    @property
    def text(self) -> str:
        """What was gathered so far."""
        return "".join(self.parts).strip()
