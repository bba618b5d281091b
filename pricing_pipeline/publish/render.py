"""All files of an edition but its database, as bytes by path: a pure function of catalog, registry and texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pricing_pipeline.claims.phrases import problem_lines
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.publish import data, exports, feed, sheets
from pricing_pipeline.publish.evidence import entries
from pricing_pipeline.publish.pages import Comparing, compare
from pricing_pipeline.publish.prose import Editorial, Fill, named, words
from pricing_pipeline.publish.schemas import schema
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.site import STATIC, Site
from pricing_pipeline.publish.statements import Judge
from pricing_pipeline.registry.comparisons import ComparisonFile

EVERYTHING = "pricing.xlsx"
File = tuple[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one comparison: its files, or the problem for which it is held back or skipped.

    `is_waiting` says that the problem mends itself: nothing was read of one of its products yet.
    """

    slug: str
    title: str
    summary: str
    verified: datetime | None = None
    files: tuple[File, ...] = ()
    problem: str = ""
    is_waiting: bool = False

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"compare/{self.slug}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A comparison as the last edition has it, for which this one found a problem."""

    title: str
    summary: str
    files: tuple[str, ...]


def comparisons(shelf: Shelf, files: Sequence[ComparisonFile], fill: Fill, judge: Judge, site: Site) -> list[Outcome]:
    """Every comparison, made or with its problem; one that cannot be made stops none of the others."""
    return [_comparison(shelf, file, fill, judge, site) for file in files]


def unreadable(slug: str) -> Outcome:
    """What becomes of a comparison whose file is there and cannot be read: an editor's slip takes no page down."""
    problem = f"comparisons/{slug}.yaml: cannot be read; its page stays as it was until the file is mended"
    return Outcome(slug=slug, title=slug, summary="", problem=problem)


def _comparison(shelf: Shelf, file: ComparisonFile, fill: Fill, judge: Judge, site: Site) -> Outcome:
    content = file.content
    unknown = [product for product in content.products if not shelf.holds(product)]
    if unknown:
        problem = (
            f"{named(file)}: nothing is known of {', '.join(unknown)} yet: register or refresh it, or leave it out"
        )
        return Outcome(slug=file.slug, title=content.title, summary=content.summary, problem=problem, is_waiting=True)
    try:
        editorial = Editorial(file, shelf, fill)
    except ClaimError as error:
        return Outcome(slug=file.slug, title=content.title, summary=content.summary, problem=str(error))
    contradicted = problem_lines(judge(file, editorial))
    if contradicted:
        told = "; ".join(contradicted)
        return Outcome(slug=file.slug, title=content.title, summary=content.summary, problem=told)
    comparing = compare(shelf, file, editorial)
    tables = tuple(_tables(shelf, comparing))
    return Outcome(
        slug=file.slug,
        title=words(editorial.content["title"]),
        summary=words(editorial.content["summary"]),
        verified=shelf.verified(content.products),
        files=((f"compare/{file.slug}.html", site.comparison(comparing, labels(tables))), *tables),
    )


def _tables(shelf: Shelf, comparing: Comparing) -> Iterator[File]:
    folder = f"tables/{comparing.file.slug}"
    tables = [table for table in comparing.tables if table.rows]
    for table in tables:
        yield f"{folder}/{table.slug}.csv", exports.table_as_csv(table).encode()
    known = entries(shelf, comparing.file.content.products)
    yield f"{folder}/figures.csv", exports.figures_as_csv(tables, known).encode()
    title = words(comparing.editorial.content["title"])
    yield f"{folder}/{comparing.file.slug}.xlsx", sheets.comparison(title, tables, known)
    yield f"{folder}/tables.md", "\n".join(exports.table_as_markdown(table) for table in tables).encode()


def labels(files: Sequence[File]) -> list[tuple[str, str]]:
    """What the files beside a page are called in its text."""
    return [(path, path.rsplit("/", 1)[1]) for path, _ in files]


def documents(shelf: Shelf) -> Iterator[File]:
    """The data under `v1/` with its schemas, and the feed."""
    for name, document in data.documents(shelf).items():
        yield f"v1/{name}.json", data.dump(document)
        yield f"v1/schema/{name}.json", schema(name)


def fixed(shelf: Shelf, site: Site, title: str, site_url: str | None = None) -> Iterator[File]:
    """The files that every edition has, whatever became of the comparisons."""
    for path in sorted(STATIC.iterdir()):
        yield path.name, path.read_bytes()
    yield from documents(shelf)
    yield EVERYTHING, sheets.everything(shelf)
    yield feed.ATOM_FILE, feed.atom(shelf, title=title, site_url=site_url)
    yield feed.JSON_FILE, feed.json_feed(shelf, title=title, site_url=site_url)
    yield "vendors/index.html", site.vendors()
    for vendor in shelf.products_of:
        yield f"vendors/{vendor}.html", site.vendor(vendor)
    yield "changes.html", site.changes()
    yield "sources.html", site.sources()
    for vendor in shelf.products_of:
        yield f"lineage/{vendor}.html", site.lineage(vendor)
    if site.has_calculator:
        yield "calculator.html", site.calculator()
        yield "tariffs.js", site.tariffs()


def closing(
    site: Site, outcomes: Sequence[Outcome], kept: Mapping[str, Kept], databases: Collection[str]
) -> Iterator[File]:
    """The pages that speak of the edition itself: index, checks, data. `kept` are the pages that are held back,
    `databases` the files that the warehouse wrote."""
    shown = [_card(outcome, kept.get(outcome.slug)) for outcome in outcomes if outcome.files or outcome.slug in kept]
    yield "index.html", site.index(shown)
    yield "search-index.js", site.search_index(shown)
    yield "checks.html", site.checks([outcome.problem for outcome in outcomes if outcome.problem])
    paths = [path for outcome in outcomes for path, _ in outcome.files] + [
        path for one in kept.values() for path in one.files
    ]
    tables = sorted(path for path in paths if path.startswith("tables/"))
    parquet = sorted(path for path in databases if path.endswith(".parquet"))
    yield "data.html", site.data(data.NAMES, tables, reports=bool(databases), parquet=parquet)


def _card(outcome: Outcome, kept: Kept | None) -> dict[str, object]:
    return {
        "href": outcome.page,
        "title": outcome.title if kept is None else kept.title,
        "summary": outcome.summary if kept is None else kept.summary,
        "held_back": kept is not None,
        "verified": outcome.verified,
    }
