"""Comparison tables as Markdown and CSV, inert whatever a page said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import Cell, Table
from pricing_pipeline.publish.evidence import Entry
from pricing_pipeline.wording import text as digits

# A spreadsheet takes these as the beginning of a formula, also after white space or a quote (CWE-1236, ASVS 1.2.10).
_FORMULA = re.compile(r"^[\s'\"]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#|~<>!&])")

CsvValue = str | Decimal | int | bool | None


def csv_text(header: Sequence[str], rows: Iterable[Sequence[CsvValue]]) -> str:
    """RFC 4180: text cannot be taken for a formula, numbers stay numbers, nothing known is an empty field."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(name) for name in header])
    writer.writerows([_field(value) for value in row] for row in rows)
    return out.getvalue()


@lru_cache(maxsize=50_000)
def guard(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe stands before what would begin a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that a guarded one stands for."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _field(value: CsvValue) -> str:
    if isinstance(value, str):
        return guard(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return digits(value) if isinstance(value, Decimal) else str(value)


def markdown(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return (
        _MARKDOWN.sub(r"\\\1", phrases.line(text, 1000))
        .replace("\\<", "&lt;")
        .replace("\\>", "&gt;")
        .replace("\\&", "&amp;")
    )


def marks(cell: Cell) -> str:
    """A cell's words where there is no room for links: its lead, its text, and whether a change is pending."""
    text = f"{cell.lead}: {cell.text}" if cell.lead else cell.text
    text = f"{text} (imported)" if cell.provenance is not None and cell.provenance.imported is not None else text
    return f"{text} (change pending)" if cell.pending else text


def table_as_csv(table: Table) -> str:
    """A table as its readers see it, one line for each row."""
    header = [table.corner, *(f"{column.group} {column.label}".strip() for column in table.columns)]
    return csv_text(header, ([row.label, *(marks(cell) for cell in row.cells)] for row in table.rows))


FIGURES = (
    "table",
    "row",
    "column",
    "figure",
    "text",
    "state",
    "value",
    "currency",
    "quote",
    "url",
    "captured_at",
    "since",
    "pending",
    "imported",
)


def figures_as_csv(tables: Iterable[Table], entries: dict[str, Entry]) -> str:
    """Every cell of some tables on a line of its own, with its value as a number and its evidence beside it."""
    return csv_text(FIGURES, (tuple(map(_plain, line)) for line in figures(tables, entries)))


def _plain(value: CsvValue | datetime) -> CsvValue:
    return phrases.stamp(value) if isinstance(value, datetime) else value


def figures(
    tables: Iterable[Table], entries: Mapping[str, Entry]
) -> Iterator[tuple[str | Decimal | bool | datetime | None, ...]]:
    """The same lines as typed values, in the order of FIGURES."""
    for table in tables:
        yield from _figures(table, entries)


def _figures(
    table: Table, entries: Mapping[str, Entry]
) -> Iterator[tuple[str | Decimal | bool | datetime | None, ...]]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            entry = entries.get(cell.figure or "")
            source = cell.provenance
            heading = f"{column.group} {column.label}".strip()
            yield (
                table.slug,
                row.label,
                heading,
                cell.figure,
                cell.text,
                cell.state,
                cell.value,
                cell.currency,
                entry.quote if entry else None,
                source.url if source else None,
                source.captured_at if source else None,
                source.valid_from if source else None,
                cell.pending,
                phrases.imported(source) if source else None,
            )


def table_as_markdown(table: Table) -> str:
    """A table in GitHub's Markdown, with a footnote for the source of each column's figures."""
    heads = [table.corner, *(f"{column.group} {column.label}".strip() for column in table.columns)]
    lines = [f"### {markdown(table.caption)}", "", _line(heads), _line(["---"] * len(heads), raw=True)]
    lines += [_line([row.label, *(marks(cell) for cell in row.cells)]) for row in table.rows]
    sources = {
        (one.url, "read" if one.imported is None else "imported, as observed", phrases.day(one.captured_at)): None
        for row in table.rows
        for cell in row.cells
        for one in cell.sources
    }
    lines += ["", markdown(table.note)] if table.note else []
    lines += ["", *(f"Source: {markdown(url)}, {how} {day}." for url, how, day in sources)] if sources else []
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], *, raw: bool = False) -> str:
    return "| " + " | ".join(cell if raw else markdown(cell) or " " for cell in cells) + " |"
