"""Figures read back out of the files of an edition, whatever their format: what the formats are compared by."""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pricing_pipeline.publish.recommended import NAME as RANGES
from pricing_pipeline.publish.recommended import published_ranges
from pricing_pipeline.wording import text as digits

if TYPE_CHECKING:
    from lxml.etree import _Element

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _VALUE, _TEXT = f"{_SHEET}row", f"{_SHEET}v", f"{_SHEET}is"
# Where the number of a figure stands, in the order in which a figure has one.
_VALUES = ("value", "amount", "quantity", "rating", "low")
_TERM_KEY = (
    "plan", "country", "term", "metric", "billing_period", "commitment", "currency", "tier_from", "price_kind",
)  # fmt: skip
_SAID: Mapping[str, tuple[str, ...]] = {
    "terms": ("state", "amount", "amount_max", "quantity", "per_quantity"),
    "plans": ("state",),
    "ratings": ("state", "rating", "scale", "rating_count", "review_count"),
    "costs": ("state", "low", "high"),
    RANGES: ("metric", "above", "up_to", "vendor", "plan"),
}

Row = Mapping[str, object]
Read = Callable[[Path], Iterable[tuple[str, Row]]]
"""Rows of the tables that are compared in a database or Parquet file, with their table's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The figures of the documents under `v1/`: how each reads and what number it is, by its id, and every row by what
    it is about (`rows`), which tables without ids are compared by."""

    texts: Mapping[str, set[str]] = field(default_factory=dict)
    values: Mapping[str, set[Decimal | None]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[tuple[str, ...], set[tuple[str, ...]]]] = field(default_factory=dict)

    def differs(self, figure: str, text: str | None, value: Decimal | None) -> bool:
        """Whether a figure reads otherwise here, or is another number. One that the data do not hold cannot."""
        if figure not in self.texts:
            return False
        return (text is not None and text not in self.texts[figure]) or (
            value is not None and value not in self.values[figure]
        )

    def differing(self, table: str, found: Iterable[Row]) -> int:
        """How many rows of a table say something else than the data, or are not there."""
        known = self.rows.get(table, {})
        seen = defaultdict(set)
        for row in found:
            seen[_about(table, row)].add(_said(table, row))
        return sum(1 for about, said in known.items() if not said <= seen.get(about, set()))


def data_of(edition: Path) -> Data:
    """The figures of an edition's own data."""
    texts: dict[str, set[str]] = defaultdict(set)
    values: dict[str, set[Decimal | None]] = defaultdict(set)
    rows: dict[str, dict[tuple[str, ...], set[tuple[str, ...]]]] = {table: defaultdict(set) for table in _SAID}
    for table in _SAID:
        try:
            document: Any = json.loads((edition / "v1" / f"{table}.json").read_bytes())
        except (FileNotFoundError, ValueError):
            continue
        for row in document.get(table, ()):
            texts[row["id"]].add(row["text"])
            values[row["id"]].add(value_of(row))
            for part in _parts(table, row):
                rows[table][_about(table, part)].add(_said(table, part))
    return Data(texts=texts, values=values, rows=rows)


def _parts(table: str, row: Row) -> Iterable[Row]:
    """A row of a document as tables have it: the ranges of a recommendation have rows of their own."""
    return map(asdict, published_ranges({table: [row]})) if table == RANGES else (row,)


def value_of(row: Row) -> Decimal | None:
    """The number of a figure; None where it has none."""
    return next((Decimal(str(row[name])) for name in _VALUES if row.get(name) not in (None, "")), None)


def _about(table: str, row: Row) -> tuple[str, ...]:
    """What tells a row from the others of its table, whatever its format calls its columns."""
    if table == RANGES:
        return (_plain(row["verdict"]), _plain(row["position"]))
    source = _plain(row.get("source") or row.get("source_id"))
    if table == "costs":
        # pages tell products of one slug apart by their vendor, the database has their own slugs
        product = str(row["product"]).removeprefix(f"{row['vendor']}-")
        return (str(row["vendor"]), product, _plain(row["plan"]), _plain(row["workload"]))
    if table == "terms":
        return (source, *(_plain(row[name]) for name in _TERM_KEY))
    return (source, _plain(row["publisher" if table == "ratings" else "plan"]))


def _said(table: str, row: Row) -> tuple[str, ...]:
    return tuple(_plain(row[name]) for name in _SAID[table])


def _plain(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    is_number = isinstance(value, Decimal | int) or re.fullmatch(r"-?\d+(\.\d+)?", text)
    return digits(Decimal(text)) if is_number else text


def of_workbook(path: Path) -> Iterator[tuple[str, str, Decimal | None]]:
    """The figures of a workbook: id, text and number of every row of a sheet that has ids and texts."""
    for header, rows in sheets_of(path):
        id_ = "figure" if "figure" in header else "id"
        if id_ in header and "text" in header:
            for row in rows:
                if row.get(id_):
                    yield row[id_], row.get("text", ""), value_of(row)


def sheets_of(path: Path) -> Iterator[tuple[list[str], Iterator[dict[str, str]]]]:
    """The sheets of a workbook that an edition wrote: the header, and each row's filled cells by it, read as they are
    asked for."""
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/"))
        for name in names:
            lines = etree.fromstring(archive.read(name)).iter(_ROW)
            header = _cells(next(lines, ()))
            yield list(header.values()), ({header[at]: text for at, text in _cells(line).items()} for line in lines)


def _cells(line: Iterable[_Element]) -> dict[str, str]:
    """The cells of a row by their column's letters, as they are written: a text within a text, or a value."""
    found = {}
    for cell in line:
        inner = next(cell.iterchildren(_VALUE, _TEXT), None)
        told = None if inner is None else next(iter(inner), inner).text
        found[cell.get("r", "").rstrip("0123456789")] = told or ""
    return found


def of_structured(text: str) -> Iterator[tuple[str, Decimal | None]]:
    """The figures of a page's schema.org data: id and price of every charge."""
    for product in json.loads(text)["@graph"]:
        for offer in product["offers"]:
            for charge in offer.get("priceSpecification", ()):
                yield charge["identifier"], Decimal(charge.get("price", charge.get("minPrice")))
