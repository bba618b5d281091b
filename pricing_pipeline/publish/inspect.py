"""What can be counted about comparison tables before they are published, and about an edition once it stands.

Both give plain rows for the checks: ids, slugs, paths and numbers, never scraped text.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.claims.audit import Audit
from pricing_pipeline.claims.claim import Claim
from pricing_pipeline.claims.knowledge import Price
from pricing_pipeline.claims.phrases import contradiction_message, judged_message
from pricing_pipeline.claims.placeholders import Filler, Segment
from pricing_pipeline.claims.registered import other_names
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.facts import SourceKind
from pricing_pipeline.publish import schemas
from pricing_pipeline.publish.cells import MISSING, Cell, Table
from pricing_pipeline.publish.days import TO_THE_SECOND
from pricing_pipeline.publish.exports import unguarded
from pricing_pipeline.publish.folder import manifest_of
from pricing_pipeline.publish.inspected import Faults, Inspected, Told, recall, remember
from pricing_pipeline.publish.inspected_pages import Pages
from pricing_pipeline.publish.pages import age_hours, compare
from pricing_pipeline.publish.prose import Editorial, Fill
from pricing_pipeline.publish.readback import Data, Read, data_of, of_workbook, value_of
from pricing_pipeline.publish.shelf import Shelf, settled
from pricing_pipeline.publish.statements import Judge, judge_of
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Registry

EDITION_COLUMNS = ("path", "empty", "exists", "broken_links", "schema_errors", "figures_differ")
TABLES_COLUMNS = (
    "comparison", "product", "plan", "cells", "missing", "without_evidence", "oldest_age_hours", "every_hours", "stale",
    "pending", "contradicted_claims", "claims",
)  # fmt: skip
# States of a cell that say that there is nothing to prove.
_NEED_NO_EVIDENCE = MISSING | {"not_applicable", "none"}
Rows = list[tuple[object, ...]]
# So much of what is contradicted fits a check's message.
_LONGEST = 1000


def comparison_rows(
    catalog: Catalog, comparisons: Sequence[ComparisonFile], *, registry: Registry, price: Price | None = None
) -> tuple[tuple[str, ...], Rows]:
    """A row for each plan of each comparison whose products are known: how complete, how old and how well founded."""
    catalog = settled(catalog)
    shelf, fill = Shelf(catalog, registry), Filler(catalog, price, other_names(registry)).fill
    judge = judge_of(shelf, price)
    rows: Rows = []
    for file in comparisons:
        if all(shelf.holds(product) for product in file.content.products):
            rows += _comparison_rows(shelf, file, fill, judge)
    return TABLES_COLUMNS, rows


def _comparison_rows(shelf: Shelf, file: ComparisonFile, fill: Fill, judge: Judge) -> Rows:
    try:
        editorial = Editorial(file, shelf, fill)
        told = _contradicted(judge(file, editorial))
    except ClaimError as error:
        editorial = Editorial(file, shelf, _as_it_stands)
        told = [(None, str(error))]
    comparing = compare(shelf, file, editorial)
    rows: Rows = []
    for tiers, product in zip(comparing.tiers, file.content.products, strict=True):
        every = min((s.every_hours for s in shelf.sources.get(product, ()) if s.kind is SourceKind.PRICING), default=24)
        for plan, cells in _by_plan((tiers, comparing.costs)).items():
            if plan[0] == product:
                about = [line for named, line in told if named is None or plan in named]
                # plans' names come from pages: what reaches the check's documents is escaped first
                lines = html.escape("; ".join(about))[:_LONGEST]
                rows.append((file.slug, *plan, *_counts(shelf, cells, every), len(about), lines))
    return rows


def _contradicted(audit: Audit) -> list[tuple[frozenset[tuple[str, str | None]] | None, str]]:
    """Each contradiction as a line, with the plans that it is about; None where it is about no single plan."""
    claims = [*(one.claim for one in audit.contradicted), *(one.claim for one in audit.contradictions)]
    lines = [*map(judged_message, audit.contradicted), *map(contradiction_message, audit.contradictions)]
    return [
        (_plans(claim), f"{audit.file}:{claim.place.line}: {line}") for claim, line in zip(claims, lines, strict=True)
    ]


def _plans(claim: Claim) -> frozenset[tuple[str, str | None]] | None:
    named = frozenset((subject.product, subject.plan) for subject in claim.subjects)
    return None if not named or any(plan is None for _, plan in named) else named


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
    read = (cell.provenance for cell in cells if cell.provenance is not None and cell.provenance.imported is None)
    verified = min((provenance.verified_at for provenance in read), default=None)
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


def edition_rows(
    edition: Path, read: Read | None = None, *, memory: Path | None = None, told: Told | None = None
) -> tuple[tuple[str, ...], Rows]:
    """A row for each file that an edition's manifest names; empty where there is no manifest.

    Is it there, do its links lead somewhere, does it follow its schema, do its figures read as those of the data do.
    `read` gives the rows of the database and of Parquet files, which are compared only where it is given. In the folder
    `memory` it is kept what was found, and files that stand untouched since are not looked at again, nor is a database of
    which `told` says that it holds the same figures.
    """
    manifest = manifest_of(edition)
    if manifest is None:
        return EDITION_COLUMNS, []
    known = Inspected() if memory is None else recall(memory, manifest)
    found = {name: known.faults(edition, name, told) for name in manifest["files"]}
    fresh = [name for name, faults in found.items() if faults is None]
    if not TO_THE_SECOND.issuperset(fresh):
        fresh = list(found)  # pages lead to one another, and are compared with the data
    found |= _look(edition, manifest, fresh, read)
    seen = [(name, faults) for name, faults in found.items() if faults is not None]
    if memory is not None and fresh:
        remember(memory, edition, manifest, seen, told)
    return EDITION_COLUMNS, [_row(edition / name, name, faults) for name, faults in seen]


def _row(path: Path, name: str, faults: Faults) -> tuple[object, ...]:
    exists = path.is_file()
    return (name, exists and path.stat().st_size == 0, exists, *faults)


def _look(edition: Path, manifest: Mapping[str, Any], names: Sequence[str], read: Read | None) -> dict[str, Faults]:
    """What is to be found in some files of an edition, which takes all its data, and for pages all its pages."""
    if not names:
        return {}
    held_back = {path for one in manifest["comparisons"].values() if one["held_back"] for path in one["files"]}
    figures = Data() if all(map(_is_document, names)) else data_of(edition)
    is_paged = any(name.endswith(".html") for name in names)
    pages = Pages(edition, (name for name in manifest["files"] if is_paged and name.endswith(".html")))
    return {name: _faults(edition, name, pages, Data() if name in held_back else figures, read) for name in names}


def _faults(edition: Path, name: str, pages: Pages, figures: Data, read: Read | None) -> Faults:
    path = edition / name
    if not path.is_file():
        return 0, 0, 0
    broken = differ = faults = 0
    if name in pages:
        broken, differ = pages.broken(name), pages.differing(name, figures)
    elif _is_document(name):
        faults = len(schemas.faults(path.stem, json.loads(path.read_bytes())))
    elif read is not None and path.suffix in (".duckdb", ".parquet"):
        differ = _differing(figures, read(path))
    else:
        differ = sum(figures.differs(*one) for one in _figures_of(path))
    return broken, faults, differ


def _is_document(name: str) -> bool:
    """Whether a file is data for machines, which follow a schema and are what the other formats are compared with."""
    return name.startswith("v1/") and name.count("/") == 1


def _figures_of(path: Path) -> Iterable[tuple[str, str, Decimal | None]]:
    """The figures of a file beside the pages, by their ids; none where its format has no ids."""
    if path.suffix == ".xlsx":
        return of_workbook(path)
    if path.name != "figures.csv":
        return ()
    lines = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))
    return ((line["figure"], unguarded(line["text"]), value_of(line)) for line in lines)


def _differing(figures: Data, rows: Iterable[tuple[str, Mapping[str, object]]]) -> int:
    tables: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    for table, row in rows:
        tables[table].append(row)
    return sum(figures.differing(table, found) for table, found in tables.items())
