"""Comparison matrices that are made of boxes instead of a table's rows and cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from bs4 import Tag

from pricing_pipeline.extract.blocks import Element
from pricing_pipeline.extract.document import Document
from pricing_pipeline.extract.grid import Table, read_cell
from pricing_pipeline.extract.labels import is_name
from pricing_pipeline.extract.wording import has_money, is_contact, is_free, is_price_header

MOST_ROWS = 300
LEAST_ROWS = 3
FEWEST_CELLS, MOST_CELLS = 3, 9
LONGEST_CELL = 90
_BOXES = frozenset({"div", "section", "article", "main", "ul", "ol", "li", "dl", "figure", "form"})


def find_matrices(document: Document) -> list[Table]:
    """The boxes of a page whose inner boxes stand in rows of equally many short cells, outermost first."""
    found: list[Table] = []
    for element in document.elements:
        if element.end - element.start < LEAST_ROWS * 2 or element.node.name not in _BOXES:
            continue
        if any(table.start <= element.start and element.end <= table.end for table in found):
            continue
        rows = _rows(element.node) or _laid_out(document, element)
        if rows:
            table = _table(document, rows, element.start, element.end)
            if table is not None:
                found.append(table)
    return found


def _boxes(node: Tag) -> list[Tag]:
    return [child for child in node.contents if isinstance(child, Tag)]


def _rows(node: Tag) -> list[list[Tag]]:
    """An element's rows of cells: those that it declares, else its boxes of equally many boxes; [] where it has none."""
    if node.get("role") in ("table", "grid"):
        declared = [_boxes(row) for row in node.find_all(role="row", limit=MOST_ROWS)]
        return declared if len(declared) >= 2 else []
    children = _boxes(node)
    if not 2 <= len(children) <= MOST_ROWS or any(child.name in ("tr", "option", "a", "p") for child in children[:3]):
        return []
    rows: list[list[Tag]] = []
    for child in children:
        inner = _boxes(child)
        # A head and a body may each have a box of their own around their rows.
        nested = list(takewhile(lambda cells: len(cells) >= FEWEST_CELLS, map(_boxes, inner)))
        rows.extend(nested if inner and len(nested) == len(inner) else [inner])
    wide = Counter(len(row) for row in rows if len(row) >= FEWEST_CELLS).most_common(1)
    if not wide or not FEWEST_CELLS <= wide[0][0] <= MOST_CELLS or wide[0][1] < LEAST_ROWS:
        return []
    whole = [row for row in rows if len(row) == wide[0][0]]
    # The head comes first, and titles of sections may stand between the rows.
    return whole if rows[0] is whole[0] and len(whole) * 2 > len(rows) else []


def _laid_out(document: Document, element: Element) -> list[list[Tag]]:
    """The rows of cells that follow each other in one box, laid out in columns by a style sheet; [] where that is not certain.

    The first row names the columns, and a row of prices and each row's label must stand where so many columns put them.
    """
    cells = _boxes(element.node)
    if not FEWEST_CELLS * 2 <= len(cells) <= MOST_ROWS * FEWEST_CELLS or any(
        child.name in ("a", "p", "button") and len(_boxes(child)) > 1 for child in cells[:FEWEST_CELLS]
    ):
        return []
    if element.end - element.start > len(cells) or len({cell.name for cell in cells}) > 2:
        return []
    texts = [read_cell(document, cell).text for cell in cells]
    fits = [wide for wide in range(FEWEST_CELLS, MOST_CELLS + 1) if _is_matrix(texts, wide)]
    return [cells[place : place + fits[0]] for place in range(0, len(cells), fits[0])] if len(fits) == 1 else []


def _is_matrix(texts: Sequence[str], wide: int) -> bool:
    if len(texts) % wide or len(texts) < wide * 2:
        return False
    rows = [texts[place : place + wide] for place in range(0, len(texts), wide)]
    names, labels = rows[0][1:], [row[0] for row in rows[1:]]
    if not all(is_name(name) for name in names) or len(set(names)) < len(names):
        return False
    if not all(label and label[0].isalpha() and not has_money(label) for label in labels):
        return False
    priced = [row for row in rows[1:] if all(_is_price(text) for text in row[1:]) and any(map(has_money, row[1:]))]
    return len(priced) == 1 and is_price_header(priced[0][0])


def _is_price(text: str) -> bool:
    return has_money(text) or is_free(text) or is_contact(text)


def _table(document: Document, rows: Sequence[Sequence[Tag]], start: int, end: int) -> Table | None:
    """The rows as a table; None where a cell says more than a cell does."""
    width = max(map(len, rows))
    cells = [tuple(read_cell(document, node) for node in row) for row in rows if len(row) == width]
    if len(cells) < 2 or width < 2 or any(len(cell.text) > LONGEST_CELL for row in cells for cell in row):
        return None
    if any(len(cell.blocks) > 2 for row in cells[1:] for cell in row):
        return None
    if len(cells[0][0].text) > 30 or not all(cell.blocks for cell in cells[0][1:]):
        return None
    return Table(rows=tuple(cells), start=start, end=end)
