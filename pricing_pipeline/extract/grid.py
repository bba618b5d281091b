"""Tables as grids of cells: spans filled in, hidden and struck text left out."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import Tag

from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.facts import Surface

MOST_CELLS = 4_000


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
        if element.node.name == "table" and element.node.find("table") is None:
            blocks = document.blocks[element.start : element.end]
            if any(block.surface is Surface.VISIBLE for block in blocks):
                rows = _grid(document, element.node)
                if len(rows) > 1 and len(rows[0]) > 1:
                    found.append(Table(rows=rows, start=element.start, end=element.end))
    return found


def _grid(document: Document, table: Tag) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    cells = 0
    for row in table.find_all("tr"):
        line: list[Cell] = []
        for node in row.find_all(["td", "th"], recursive=False):
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
    """What an element says as a cell: its visible text without what is crossed out."""
    index = document.element_of.get(id(node))
    blocks = document.inside(index) if index is not None else ()
    return Cell(
        blocks=tuple(block for block in blocks if block.surface is Surface.VISIBLE and not block.is_struck),
        is_header=node.name == "th",
    )
