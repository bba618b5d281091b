"""Tables as grids of cells: spans filled in, hidden and struck text left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bs4 import Tag

from pricing_pipeline.extract.card import Group
from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.facts import Surface

MOST_CELLS = 4_000
GAP = 3
SHORT_CELL = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its blocks and their text; a cell that spans rows or columns stands in all of them."""

    blocks: tuple[Block, ...]
    is_header: bool

    @property
    def text(self) -> str:
        """The cell's text in one line."""
        return " ".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as a grid: every row as long as the longest."""

    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int

    @property
    def header(self) -> tuple[Cell, ...]:
        """The first row."""
        return self.rows[0]


_EMPTY = Cell(blocks=(), is_header=False)


def find_tables(document: Document) -> list[Table]:
    """The visible data tables of a page, those that frame other tables left out."""
    found = []
    for element in document.elements:
        if element.node.name == "table" and not any(tag.name == "table" for tag in element.node.descendants):  # type: ignore[attr-defined]
            blocks = document.blocks[element.start : element.end]
            if any(block.surface is Surface.VISIBLE for block in blocks):
                rows = _without_group_heads(_grid(document, element.node))
                if len(rows) > 1 and len(rows[0]) > 1:
                    found.append(Table(rows=rows, start=element.start, end=element.end))
    return found


def under_cards(table: Table, groups: Sequence[Group]) -> Table | None:
    """A table without a header of its own, headed by the names of the cards right above it; None where it is not under any."""
    above = next((group for group in reversed(groups) if 0 <= table.start - group.end <= GAP), None)
    labels = [row[0].text for row in table.rows]
    if (
        above is None
        or len(above.cards) != len(table.header) - 1
        or not all(text[:1] and not text[0].isdigit() for text in labels)
    ):
        return None
    cells = [cell.text for row in table.rows for cell in row[1:]]
    if sum(len(text) <= SHORT_CELL for text in cells) * 2 < len(cells) or any(
        cell.is_header for cell in table.header[1:]
    ):
        return None
    names = [Cell(blocks=(card.name_block,), is_header=True) for card in above.cards]
    return Table(rows=((_EMPTY, *names), *table.rows), start=table.start, end=table.end)


def _grid(document: Document, table: Tag) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    cells = 0
    for row in table.find_all("tr"):
        line: list[Cell] = []
        for node in row.contents:
            if not isinstance(node, Tag) or node.name not in ("td", "th"):
                continue
            cells += 1
            _fill(line, hanging)
            cell = read_cell(document, node)
            wide, high = _span(node, "colspan"), _span(node, "rowspan")
            for _ in range(wide):
                if high > 1:
                    hanging[len(line)] = (high - 1, cell)
                line.append(cell)
        _fill(line, hanging)
        if any(cell.blocks for cell in line):
            rows.append(line)
        if cells > MOST_CELLS:
            break
    width = max((len(line) for line in rows), default=0)
    return tuple(tuple(line + [_EMPTY] * (width - len(line))) for line in rows)


def _without_group_heads(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Rows from the first header that heads single columns: above it may stand one whose cells head several."""
    while len(rows) > 2 and _heads_groups(rows[0]) and _heads_each(rows[1]):
        rows = rows[1:]
    return rows


def _heads_groups(row: tuple[Cell, ...]) -> bool:
    return (
        any(one is other and one.blocks for one, other in pairwise(row[1:])) and len({id(cell) for cell in row[1:]}) > 1
    )


def _heads_each(row: tuple[Cell, ...]) -> bool:
    texts = [cell.text for cell in row[1:]]
    return all(texts) and len(set(texts)) == len(texts) and not any(text[0].isdigit() for text in texts)


def _fill(line: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    """Put in the cells that reach down from rows above."""
    while len(line) in hanging:
        left, cell = hanging.pop(len(line))
        place = len(line)
        line.append(cell)
        if left > 1:
            hanging[place] = (left - 1, cell)
            break


def _span(node: Tag, name: str) -> int:
    value = str(node.get(name) or "1")
    return min(int(value), 50) if value.isascii() and value.isdigit() and int(value) > 0 else 1


def read_cell(document: Document, node: Tag) -> Cell:
    """What an element says as a cell: its visible text without what is crossed out, and without the tooltips that explain it."""
    index = document.element_of.get(id(node))
    blocks = document.inside(index) if index is not None else ()
    said = tuple(block for block in blocks if block.surface is Surface.VISIBLE and not block.is_struck)
    return Cell(
        blocks=tuple(block for block in said if block.region != "tooltip") or said,
        is_header=node.name == "th",
    )
