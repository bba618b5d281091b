"""What can be counted about comparison tables before they are published, and about an edition once it stands.

Both give plain rows for the checks: ids, slugs, paths and numbers, never scraped text.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.claims.placeholders import Filler, Segment
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.facts import SourceKind
from pricing_pipeline.publish import schemas
from pricing_pipeline.publish.cells import MISSING, Cell, Table
from pricing_pipeline.publish.folder import manifest_of
from pricing_pipeline.publish.pages import age_hours, compare
from pricing_pipeline.publish.prose import Editorial, Fill
from pricing_pipeline.publish.shelf import Shelf, settled
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Registry

EDITION_COLUMNS = ("path", "bytes", "exists", "broken_links", "schema_errors", "figures_differ")
TABLES_COLUMNS = (
    "comparison", "product", "plan", "cells", "missing", "without_evidence", "oldest_age_hours", "every_hours", "stale",
    "pending", "contradicted_claims",
)  # fmt: skip
# States of a cell that say that there is nothing to prove.
_NEED_NO_EVIDENCE = MISSING | {"not_applicable", "none"}
Rows = list[tuple[object, ...]]


def comparison_rows(
    catalog: Catalog, comparisons: Sequence[ComparisonFile], *, registry: Registry
) -> tuple[tuple[str, ...], Rows]:
    """A row for each plan of each comparison whose products are known: how complete, how old and how well founded."""
    catalog = settled(catalog)
    shelf, fill = Shelf(catalog, registry), Filler(catalog).fill
    rows: Rows = []
    for file in comparisons:
        if all(shelf.holds(product) for product in file.content.products):
            rows += _comparison_rows(shelf, file, fill)
    return TABLES_COLUMNS, rows


def _comparison_rows(shelf: Shelf, file: ComparisonFile, fill: Fill) -> Rows:
    contradicted = 0
    try:
        editorial = Editorial(file, shelf, fill)
    except ClaimError:
        contradicted, editorial = 1, Editorial(file, shelf, _as_it_stands)
    comparing = compare(shelf, file, editorial)
    rows: Rows = []
    for tiers, product in zip(comparing.tiers, file.content.products, strict=True):
        every = min((s.every_hours for s in shelf.sources.get(product, ()) if s.kind is SourceKind.PRICING), default=24)
        for plan, cells in _by_plan((tiers, comparing.costs)).items():
            if plan[0] == product:
                rows.append((file.slug, *plan, *_counts(shelf, cells, every), contradicted))
    return rows


def _as_it_stands(text: str, file: str, line: int) -> Sequence[Segment]:  # noqa: ARG001  # is a Fill
    return (Segment(text=text),)


def _by_plan(tables: Iterable[Table]) -> dict[tuple[str, str], list[Cell]]:
    cells: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for table in tables:
        for place, column in enumerate(table.columns):
            if column.plan is not None:
                cells[column.plan] += [row.cells[place] for row in table.rows]
    return cells


def _counts(shelf: Shelf, cells: Sequence[Cell], every: int) -> tuple[object, ...]:
    verified = min((cell.provenance.verified_at for cell in cells if cell.provenance is not None), default=None)
    age = None if verified is None else age_hours(shelf.catalog.as_of, verified)
    return (
        len(cells),
        sum(cell.state in MISSING for cell in cells),
        sum(cell.figure is None and cell.state not in _NEED_NO_EVIDENCE for cell in cells),
        age,
        every,
        age is not None and age > 2 * every,
        sum(cell.pending for cell in cells),
    )


def edition_rows(edition: Path) -> tuple[tuple[str, ...], Rows]:
    """A row for each file that an edition's manifest names; empty where there is no manifest.

    Is it there, do its links lead somewhere, does it follow its schema, do its figures read as those of the data do.
    """
    manifest = manifest_of(edition)
    if manifest is None:
        return EDITION_COLUMNS, []
    held_back = {path for one in manifest["comparisons"].values() if one["held_back"] for path in one["files"]}
    figures = _figures_of_data(edition)
    pages = {name: _Page.read(edition / name) for name in manifest["files"] if name.endswith(".html")}
    rows = [_row(edition, name, pages, {} if name in held_back else figures) for name in manifest["files"]]
    return EDITION_COLUMNS, rows


def _row(edition: Path, name: str, pages: Mapping[str, _Page], figures: Mapping[str, set[str]]) -> tuple[object, ...]:
    path = edition / name
    if not path.is_file():
        return (name, 0, False, 0, 0, 0)
    broken = differ = faults = 0
    if name in pages:
        broken = sum(not _leads(edition, name, link, pages) for link in pages[name].links)
        differ = sum(text not in figures.get(figure, {text}) for figure, text in pages[name].figures)
    elif name.endswith("figures.csv"):
        lines = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))
        differ = sum(line["text"] not in figures.get(line["figure"], {line["text"]}) for line in lines)
    elif name.startswith("v1/") and name.count("/") == 1:
        faults = len(schemas.faults(path.stem, json.loads(path.read_bytes())))
    return (name, path.stat().st_size, True, broken, faults, differ)


def _figures_of_data(edition: Path) -> dict[str, set[str]]:
    """How each figure reads in the data, by its id."""
    figures: dict[str, set[str]] = defaultdict(set)
    for name in ("plans", "terms", "ratings", "costs"):
        try:
            document: Any = json.loads((edition / "v1" / f"{name}.json").read_bytes())
        except (FileNotFoundError, ValueError):
            continue
        for row in document.get(name, ()):
            figures[row["id"]].add(row["text"])
    return figures


def _leads(edition: Path, name: str, link: str, pages: Mapping[str, _Page]) -> bool:
    """Whether a link of a page leads to a file of the edition, and to a place that is on it; the web is not asked."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https")
    target = (Path(name).parent / unquote(parts.path)).as_posix() if parts.path else name
    target = _folded(target)
    if not (edition / target).is_file():
        return False
    return not parts.fragment or target not in pages or unquote(parts.fragment) in pages[target].ids


def _folded(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


@dataclass(frozen=True, slots=True)
class _Page:
    """The links, the places and the figures (id and text) of a page."""

    links: tuple[str, ...]
    ids: frozenset[str]
    figures: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, path: Path) -> _Page:
        from lxml import html

        if not path.is_file():
            return cls((), frozenset(), ())
        root = html.document_fromstring(path.read_bytes())
        figures = tuple(
            (tag.get("data-figure", ""), "".join(str(text) for text in tag.itertext()))
            for tag in root.iterfind(".//*[@data-figure]")
        )
        links = tuple(link for tag in root.iter() for name in ("href", "src") if (link := tag.get(name)))
        return cls(links, frozenset(place for tag in root.iter() if (place := tag.get("id"))), figures)
