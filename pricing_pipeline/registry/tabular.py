"""A CSV file as the same plain values and lines as a YAML one, so that both are judged by the same rules."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pricing_pipeline.registry.documents import Document, plain, read_text, unprintable


def read_table(path: Path, *, under: str, numbers: frozenset[str]) -> Document:
    """The rows of a CSV file as a list of mappings under one key, empty cells left out; faults end in `problems`.

    `numbers` are the columns whose cells are figures; every other cell stays text as it is written.
    """
    document = Document(path)
    text = read_text(document)
    if text is None:
        return document
    rows = _rows(document, text)
    if document.problems:
        return document
    if not rows or not any(cell.strip() for cell in rows[0][1]):
        document.report(1, "has no header; begin with a line that names the columns")
        return document
    header = _header(document, rows[0][1])
    values: list[object] = []
    for line, cells in rows[1:]:
        if any(cell.strip() for cell in cells):
            values.append(_row(document, (under, len(values)), header, cells, line, numbers))
    document.value = {under: values}
    document.lines[()] = document.lines[under,] = 1
    return document


def _rows(document: Document, text: str) -> list[tuple[int, list[str]]]:
    """Each record with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line, rows = 1, []
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        document.report(line, f"not CSV: {error}; check quotes and commas from here on")
    return rows


def _header(document: Document, cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        said = f"the column `{name}` stands here again; keep one of them" if name else "a column has no name; name it"
        document.report(1, said)
    return names


def _row(
    document: Document, place: tuple[str, int], header: list[str], cells: list[str], line: int, numbers: frozenset[str]
) -> dict[str, object]:
    document.lines[place] = line
    if len(cells) > len(header):
        document.report(line, f"has {len(cells)} cells under {len(header)} columns; quote the cell that holds a comma")
    row: dict[str, object] = {}
    for name, cell in zip(header, cells, strict=False):
        text = cell.strip()
        if not text:
            continue
        if problem := unprintable(text):
            document.report(line, f"the cell `{name}` holds {problem}; remove it")
        row[name] = plain(text) if name in numbers else text
        document.lines[*place, name] = document.key_lines[*place, name] = line
    return row
