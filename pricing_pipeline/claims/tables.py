"""Tables of text: which cells name a row and a column, whatever the markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAMING = re.compile(
    r"(?:plans?|tiers?|editions?|packages?|products?|vendors?|tools?|platforms?|providers?|services?|software|"
    r"names?|compan(?:y|ies))(?:\sname)?",
    re.IGNORECASE,
)

# How many columns may name a row, and how far to the right a cell is kept free for one that reaches down: no table that
# people write has more, and each row would cost as much as all columns.
_MOST_NAMING = 6
_MOST_COLUMNS = 200


@dataclass(slots=True)
class Grid:
    """A table while it is read, cell by cell: the title of each column, and the names of the row that is open.

    The first column names the rows, and so do those beside it that are titled like it ("Product | Plan"). A blank
    name is the one above it. Cells that reach down from earlier rows keep their columns.
    """

    titles: list[str] = field(default_factory=list)
    rows: int = 0
    column: int = 0
    _names: dict[int, str] = field(default_factory=dict)
    _reaching: dict[int, int] = field(default_factory=dict)
    _taken: frozenset[int] = frozenset()

    @property
    def corner(self) -> str:
        """The title of the first column."""
        return self.titles[0] if self.titles else ""

    @property
    def row(self) -> str:
        """What names the row, as far as it stands before the cell that is next."""
        return " ".join(self._names[one] for one in sorted(self._names) if one < self.column)

    @property
    def title(self) -> str:
        """The title of the cell that is next."""
        return self.titles[self.column] if self.column < len(self.titles) else ""

    def begin_row(self) -> None:
        """Begin the next row."""
        self.rows += 1
        self.column = 0
        self._taken = frozenset(self._reaching)
        self._reaching = {column: left - 1 for column, left in self._reaching.items() if left > 1}
        self._skip()

    def add_title(self, text: str, span: int = 1) -> None:
        """Take the next cell as the title of so many columns; what titles them already stands before it."""
        self.titles += [""] * (self.column + span - len(self.titles))
        for column in range(self.column, self.column + span):
            self.titles[column] = f"{self.titles[column]} {text}".strip()

    def name_row(self, text: str) -> None:
        """Take the next cell as a name of the row, if its column holds such."""
        if text and self._names_rows(self.column):
            self._names = {one: name for one, name in self._names.items() if one < self.column} | {self.column: text}

    def end_cell(self, span: int = 1, reaches: int = 1) -> None:
        """Go on to the next cell; this one was so many columns wide and rows high."""
        if reaches > 1 and self.column < _MOST_COLUMNS:
            self._reaching |= dict.fromkeys(range(self.column, self.column + span), reaches - 1)
        self.column += span
        self._skip()

    def _skip(self) -> None:
        while self.column in self._taken:
            self.column += 1

    def _names_rows(self, column: int) -> bool:
        if not column or column >= _MOST_NAMING:
            return not column
        first, *others = (title.strip() for title in self.titles[: column + 1])
        return len(others) == column and all(_NAMING.fullmatch(one) for one in (first or "plan", *others))
