"""Making the edition: the catalog out of the warehouse, the comparisons filled from it, the files judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assets.stages.blocks import Blocks, keep_managed
from assets.stages.contexts import captured
from assets.stages.unchanged import recalled, remember
from assets.workshop import Workshop
from checks.findings import results
from checks.results import SuiteResult
from pricing_pipeline import collection, costs
from pricing_pipeline.catalog import Catalog
from pricing_pipeline.facts import Plan, Term
from pricing_pipeline.publish import inspect
from pricing_pipeline.publish.blocks_shown import Shown
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.editions import Policy
from pricing_pipeline.publish.former_names import FormerNames
from pricing_pipeline.publish.naming import told_apart
from pricing_pipeline.publish.scales import Weigh
from pricing_pipeline.publish.standing import Edition
from pricing_pipeline.registry.comparisons import ComparisonFile, read_comparisons, registered
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.results import Offer, Workload
from warehouse import check_results
from warehouse.catalog import read_catalog
from warehouse.connection import Connection, open_warehouse
from warehouse.frames import Frame
from warehouse.parquet import write_parquet, written_by
from warehouse.readback import published_figures, published_rows
from warehouse.reports import write_reports

if TYPE_CHECKING:
    from checks.door import Door


WEIGH = Weigh(along=costs.along, lowest=costs.lowest)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The comparison tables as judged: a row for each comparison, and how many cells they hold."""

    rows: list[dict[str, object]]
    cells: int
    result: SuiteResult


@collection.paused()
def judge_tables(workshop: Workshop, door: Door) -> Tables:
    """Lay out the tables of every comparison, and judge their cells: evidence, age, claims."""
    at = workshop.now()
    comparisons, _ = _comparisons(workshop)
    with open_warehouse(workshop.home.warehouse) as con:
        columns, rows = _table_rows(workshop, con, comparisons) if comparisons else (inspect.TABLES_COLUMNS, [])
        result = door.run("comparison_tables", Frame(columns=columns, rows=rows), at=at)
        check_results.record(con, results(result, at))
    by_name = [dict(zip(columns, row, strict=True)) for row in rows]
    return Tables(rows=by_name, cells=sum(int(str(row["cells"])) for row in by_name), result=result)


def _table_rows(
    workshop: Workshop, con: Connection, comparisons: Sequence[ComparisonFile]
) -> tuple[tuple[str, ...], inspect.Rows]:
    """A row for each plan of each comparison, as the checks want it."""
    catalog, registry = _catalog(workshop, con)
    known, _ = _by_todays_names(comparisons, catalog, registry)
    return inspect.comparison_rows(catalog, known, registry=registry, price=costs.price)


@collection.paused()
def make_edition(workshop: Workshop, *, preview: Path | None = None) -> Edition:
    """Publish what the warehouse holds now, and bring the managed blocks of editors' files up to date.

    Comparisons that cannot be read or filled are reported and held back, blocks that cannot be written are reported. With
    `preview` the edition is made in that folder, and nothing else is written.
    """
    with open_warehouse(workshop.home.warehouse) as con:
        of, standing = (None, None) if preview is not None else recalled(workshop, con)
        if standing is not None:
            return standing
        comparisons, problems = _comparisons(workshop)
        catalog, registry = _catalog(workshop, con)
        known, former = _by_todays_names(comparisons, catalog, registry)
        made = publish(
            catalog,
            known,
            registry=registry,
            editions=workshop.home.editions,
            unreadable=_unreadable(workshop, comparisons),
            write_reports=lambda path, cheapest: write_reports(con, path, cheapest),
            title=workshop.settings.site.title,
            write_parquet=lambda reports, folder: write_parquet(con, reports, folder),
            written_by=written_by(),
            site_url=workshop.settings.site.url,
            price=costs.price,
            tariffs=costs.tariffs,
            weigh=WEIGH,
            captures=captured(workshop, con, catalog),
            policy=Policy(keep=workshop.settings.editions.keep, keep_for=workshop.settings.editions.keep_for),
            at=workshop.now(),
            preview=preview,
        )
    blocks = Blocks() if preview is not None else keep_managed(workshop, _shown(catalog, known, registry))
    if of is not None and not blocks.problems:
        remember(workshop, of, made, problems=problems, notes=former)
    return replace(
        made, problems=(*problems, *made.problems, *blocks.problems), notes=(*former, *made.notes, *blocks.notes)
    )


def shown(workshop: Workshop) -> Shown:
    """What managed blocks show, from what the warehouse holds now."""
    comparisons, _ = _comparisons(workshop)
    with open_warehouse(workshop.home.warehouse) as con:
        catalog, registry = _catalog(workshop, con)
    return _shown(catalog, _by_todays_names(comparisons, catalog, registry)[0], registry)


def _shown(catalog: Catalog, comparisons: Sequence[ComparisonFile], registry: Registry) -> Shown:
    return Shown(catalog, comparisons, registry, costs.price, WEIGH)


def judge_edition(workshop: Workshop, door: Door) -> SuiteResult:
    """Judge the files of the edition that stands."""
    at = workshop.now()
    columns, rows = inspect.edition_rows(
        workshop.home.current_edition, published_rows, memory=workshop.home.editions, told=published_figures
    )
    result = door.run("edition", Frame(columns=columns, rows=rows), at=at)
    with open_warehouse(workshop.home.warehouse) as con:
        check_results.record(con, results(result, at))
    return result


def _unreadable(workshop: Workshop, read: Sequence[ComparisonFile]) -> list[str]:
    """The slugs of the comparisons whose files are there and could not be read."""
    files = workshop.content.beside("comparisons").glob("*.yaml")
    return sorted({path.stem for path in files if not path.name.startswith(".")} - {file.slug for file in read})


def _comparisons(workshop: Workshop) -> tuple[tuple[ComparisonFile, ...], list[str]]:
    return read_comparisons(workshop.content.beside("comparisons"))


def _by_todays_names(
    comparisons: Sequence[ComparisonFile], catalog: Catalog, registry: Registry
) -> tuple[tuple[ComparisonFile, ...], tuple[str, ...]]:
    """The comparisons of products that are registered, by the names of today, with a line for each former name in them."""
    former = FormerNames(catalog, registry)
    read = [former.comparison(file) for file in comparisons]
    return registered((file for file, _ in read), registry), tuple(note for _, notes in read for note in notes)


def _catalog(workshop: Workshop, con: Connection) -> tuple[Catalog, Registry]:
    """What stands, and how it is called: pages name products by slug, so shared slugs are told apart first."""
    registry = workshop.registry
    catalog = read_catalog(con, sources=registry.sources(), workloads=workshop.workloads, demo=workshop.home.is_example)
    return told_apart(replace(catalog, workloads=(*catalog.workloads, *_own_points(catalog))), registry)


def _own_points(catalog: Catalog) -> list[Workload]:
    """The allowance points of the plans that stand, each meant for its own product."""
    points: dict[str, Workload] = {}
    plans: dict[tuple[str, str], list[Plan]] = defaultdict(list)
    terms: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for plan in catalog.plans:
        plans[plan.vendor, plan.product].append(plan.plan)
    for term in catalog.terms:
        terms[term.vendor, term.product].append(term.term)
    for (vendor, product), offered in plans.items():
        offer = Offer(plans=tuple(offered), terms=tuple(terms[vendor, product]))
        for found in costs.allowance_points(offer, offer, product=product).values():
            points |= {point.slug: replace(point, products=(product,)) for point in found}
    return list(points.values())
