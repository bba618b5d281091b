"""What the workbooks of an edition hold: the tables of a comparison with their evidence, or everything that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pricing_pipeline.publish import phrases, recommended
from pricing_pipeline.publish.cells import Cell, Row, Table
from pricing_pipeline.publish.evidence import Entry, safe_url
from pricing_pipeline.publish.exports import FIGURES, figures, marks
from pricing_pipeline.publish.workbook import Sheet, Shown, Value, shown, xlsx
from pricing_pipeline.wording import money, number

FIGURES_SHEET = "Figures"
# The columns of the sheets of everything, out of the documents under `v1/`. Decimal text becomes a number, stamps become
# moments; a dot leads into a part.
_SOURCE = ("evidence.quote", "url", "captured_at", "since", "id")
_PRICED = (
    "metric", "state", "text", "amount", "amount_max", "currency", "quantity", "per_quantity", "billing_period",
    "commitment", "tier_from", "tier_to", "price_kind", "country",
)  # fmt: skip
EVERYTHING: Mapping[str, tuple[str, ...]] = {
    "plans": ("vendor", "product", "plan", "name", "state", "text", "hosted", *_SOURCE),
    "terms": ("vendor", "product", "plan", "term", *_PRICED, "pending", "previous.text", *_SOURCE),
    "ratings": (
        "vendor", "product", "publisher", "state", "text", "rating", "scale", "rating_count", "review_count", "pending",
        *_SOURCE,
    ),
    "costs": (
        "vendor", "product", "plan", "workload", "state", "text", "low", "high", "currency", "rank", "reason", "id",
    ),
    "cheapest": ("products", "metric", "besides", "above", "up_to", "cheapest", "unknown", "text", "id"),
    "changes": (
        "observed_at", "vendor", "product", "plan", "severity", "lever", "kind", "metric", "before", "after", "currency",
        "announced_at", "effective_at", "cause", "state", "verdict", "id",
    ),
    "announced": (
        "effective_from", "vendor", "product", "plan", "term", *_PRICED, "until_then.text", "announced_at",
        "evidence.quote", "url",
    ),
    "workloads": ("workload", "name", "usage", "products"),
}  # fmt: skip
_NUMBERS = frozenset({
    "amount", "amount_max", "quantity", "per_quantity", "tier_from", "tier_to", "rating", "scale", "low", "high", "above",
    "up_to",
})  # fmt: skip
_MOMENTS = frozenset({"captured_at", "since", "observed_at", "announced_at"})
_DAYS = frozenset({"effective_at", "effective_from"})


def comparison(title: str, tables: Sequence[Table], entries: Mapping[str, Entry]) -> bytes:
    """The workbook of a comparison: a sheet for each table as its readers see it, its evidence in the last column, and
    one of every figure on a line of its own."""
    about = [("About", phrases.line(title, 200), "")]
    about += [(_name(table), phrases.line(table.caption, 300), phrases.line(table.note, 2000)) for table in tables]
    about.append((FIGURES_SHEET, "Every figure with its value, its state, its quote and where it was read", ""))
    return xlsx(
        [
            Sheet(name="About", header=("Sheet", "Shows", "Note"), rows=tuple(about)),
            *(_table(table, entries) for table in tables),
            Sheet(name=FIGURES_SHEET, header=FIGURES, rows=tuple(figures(tables, entries))),
        ]
    )


def everything(documents: Mapping[str, Mapping[str, Any]]) -> bytes:
    """One workbook of all that stands and changed: the documents of `v1/`, a sheet for each."""
    rows = {name: documents[name][name] for name in EVERYTHING}
    rows[recommended.NAME] = list(recommended.range_lines(rows[recommended.NAME]))
    return xlsx([_document(name, rows[name]) for name in EVERYTHING])


def _document(name: str, rows: Iterable[Mapping[str, Any]]) -> Sheet:
    columns = EVERYTHING[name]
    return Sheet(
        name=name.capitalize(),
        header=tuple(column.replace(".", "_") for column in columns),
        rows=tuple(tuple(_value(row, column) for column in columns) for row in rows),
    )


def _value(row: Mapping[str, Any], column: str) -> Value:
    name, _, part = column.partition(".")
    value = row[name]
    if part:
        value = None if value is None else value[part]
    if isinstance(value, str):
        return _typed(name, value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _typed(name: str, value: str) -> Value:
    if name in _NUMBERS:
        return Decimal(value)
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DAYS else phrases.line(value, 2000)


def _name(table: Table) -> str:
    return phrases.title(table.slug)


def _table(table: Table, entries: Mapping[str, Entry]) -> Sheet:
    heads = (phrases.line(f"{column.group} {column.label}", 120) for column in table.columns)
    rows = ((row.label, *(_shown(cell) for cell in row.cells), _evidence(table, row, entries)) for row in table.rows)
    return Sheet(name=_name(table), header=(table.corner or "Figure", *heads, "Evidence"), rows=tuple(rows))


def _shown(cell: Cell) -> Shown | str:
    """A cell as its readers see it: a number with its words around it where there is one."""
    text = marks(cell)
    if cell.value is None:
        return text
    for rendered in (money(cell.value, cell.currency), number(cell.value)):
        made = shown(text, cell.value, rendered)
        if isinstance(made, Shown):
            return made
    return text


def _evidence(table: Table, row: Row, entries: Mapping[str, Entry]) -> str:
    """What each figure of a row was read from, where, and when."""
    said = []
    for column, cell in zip(table.columns, row.cells, strict=True):
        source, entry = cell.provenance, entries.get(cell.figure or "")
        if source is not None:
            quoted = f"“{entry.quote}”, " if entry is not None else ""
            place = safe_url(source.url) or phrases.line(source.url, 200)
            said.append(f"{phrases.line(column.label, 60)}: {quoted}{place}, {phrases.day(source.captured_at)}")
    return "; ".join(dict.fromkeys(said))
