"""All files of an edition but its database, as bytes by path: a pure function of catalog, registry and texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.publish import data, exports, feed, lists, recommended, sheets
from pricing_pipeline.publish.evidence import entries
from pricing_pipeline.publish.pages import Comparing, compare
from pricing_pipeline.publish.prose import Editorial, Fill, named, words
from pricing_pipeline.publish.schemas import schema
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.site import STATIC, Site
from pricing_pipeline.registry.comparisons import ComparisonFile

EVERYTHING = "pricing.xlsx"
# So many tables the page of data lists; beyond, it leads to the comparisons that they belong to.
_LISTED = 120
File = tuple[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one comparison: the paths of its files, or the problem for which it is held back or skipped.

    `is_waiting` says that the problem mends itself: nothing was read of one of its products yet. `is_taken_over` says that
    its files are those of the standing edition.
    """

    slug: str
    title: str
    summary: str
    verified: datetime | None = None
    files: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    problem: str = ""
    is_waiting: bool = False
    is_taken_over: bool = False

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"compare/{self.slug}.html"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """A comparison with its texts filled, before they are audited and its files are made."""

    file: ComparisonFile
    editorial: Editorial

    @property
    def products(self) -> tuple[str, ...]:
        """The products that it compares."""
        return self.file.content.products


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A comparison as the last edition has it, for which this one found a problem."""

    title: str
    summary: str
    files: tuple[str, ...]


def draft(shelf: Shelf, file: ComparisonFile, fill: Fill) -> Draft | Outcome:
    """A comparison with its texts filled, or the problem for which that cannot be done."""
    content = file.content
    unknown = [product for product in content.products if not shelf.holds(product)]
    if unknown:
        problem = (
            f"{named(file)}: nothing is known of {', '.join(unknown)} yet: register or refresh it, or leave it out"
        )
        return Outcome(slug=file.slug, title=content.title, summary=content.summary, problem=problem, is_waiting=True)
    try:
        return Draft(file=file, editorial=Editorial(file, shelf, fill))
    except ClaimError as error:
        return Outcome(slug=file.slug, title=content.title, summary=content.summary, problem=str(error))


def outcome(shelf: Shelf, draft: Draft, files: Sequence[str], problems: Sequence[str]) -> Outcome:
    """What became of a comparison whose `files` were made, by what its audit found."""
    content = draft.file.content
    if problems:
        return Outcome(
            slug=draft.file.slug,
            title=content.title,
            summary=content.summary,
            products=content.products,
            problem="; ".join(problems),
        )
    return Outcome(
        slug=draft.file.slug,
        title=words(draft.editorial.content["title"]),
        summary=words(draft.editorial.content["summary"]),
        verified=shelf.verified(content.products),
        files=tuple(files),
        products=content.products,
    )


def unreadable(slug: str) -> Outcome:
    """What becomes of a comparison whose file is there and cannot be read: an editor's slip takes no page down."""
    problem = f"comparisons/{slug}.yaml: cannot be read; its page stays as it was until the file is mended"
    return Outcome(slug=slug, title=slug, summary="", problem=problem)


def comparison(shelf: Shelf, draft: Draft, site: Site) -> Iterator[File]:
    """The files of one comparison: its page, and its tables in every format."""
    comparing = compare(shelf, draft.file, draft.editorial)
    tables = tuple(_tables(shelf, comparing, site))
    yield f"compare/{draft.file.slug}.html", site.comparison(comparing, labels(tables))
    yield from tables


def _tables(shelf: Shelf, comparing: Comparing, site: Site) -> Iterator[File]:
    folder = f"tables/{comparing.file.slug}"
    weighing = site.weighing(comparing.file.content.products)
    weighed = () if weighing is None else (recommended.table(shelf, weighing),)
    tables = [table for table in (*comparing.tables, *weighed) if table.rows]
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


def documents(shelf: Shelf, site: Site, compared: Iterable[Sequence[str]]) -> Iterator[File]:
    """The data under `v1/` with its schemas, and the same as a workbook. `compared` are the products of each comparison."""
    weighings = (site.weighing(products) for products in (*([one] for one in shelf.vendor_of), *compared))
    known = data.documents(shelf, (one for one in weighings if one is not None))
    for name, document in known.items():
        yield f"v1/{name}.json", data.dump(document)
        yield f"v1/schema/{name}.json", schema(name)
    yield EVERYTHING, sheets.everything(known)


def freshness(catalog: Catalog) -> File:
    """When each source was checked and confirmed, to the second: every check writes it anew."""
    return "v1/freshness.json", data.dump(data.freshness(catalog))


def fixed(
    shelf: Shelf, site: Site, title: str, site_url: str | None = None, *, compared: Iterable[Sequence[str]] = ()
) -> Iterator[File]:
    """The files that every edition has, whatever became of the comparisons; `compared` are the products of each."""
    for path in sorted(STATIC.iterdir()):
        yield path.name, path.read_bytes()
    yield from documents(shelf, site, compared)
    yield feed.ATOM_FILE, feed.atom(shelf, title=title, site_url=site_url)
    yield feed.JSON_FILE, feed.json_feed(shelf, title=title, site_url=site_url)
    yield from site.listed(lists.vendors(shelf))
    for vendor in shelf.products_of:
        yield from site.vendor(vendor)
    yield from site.listed(lists.changes(shelf))
    yield from site.listed(lists.sources(shelf))
    for vendor in shelf.products_of:
        yield f"lineage/{vendor}.html", site.lineage(vendor)
    yield from site.captured()
    yield from site.calculators()


def closing(
    shelf: Shelf, site: Site, outcomes: Sequence[Outcome], kept: Mapping[str, Kept], databases: Collection[str]
) -> Iterator[File]:
    """The pages that speak of the edition itself: index, checks, data. `kept` are the pages that are held back,
    `databases` the files that the warehouse wrote."""
    shown = [_card(outcome, kept.get(outcome.slug)) for outcome in outcomes if outcome.files or outcome.slug in kept]
    fronts = list(lists.front(shelf, shown))
    yield from site.listed(fronts)
    yield "search-index.js", site.search_index(shown)
    yield "checks.html", site.checks([outcome.problem for outcome in outcomes if outcome.problem])
    paths = [path for one in outcomes for path in one.files] + [path for one in kept.values() for path in one.files]
    tables = sorted(path for path in paths if path.startswith("tables/"))
    parquet = sorted(path for path in databases if path.endswith(".parquet"))
    is_long = len(tables) > _LISTED
    compared = "comparisons.html" if any(one.path == "comparisons.html" for one in fronts) else "index.html#comparisons"
    yield (
        "data.html",
        site.data(
            data.NAMES,
            () if is_long else tables,
            reports=bool(databases),
            parquet=parquet,
            compared=compared if is_long else "",
        ),
    )


def _card(outcome: Outcome, kept: Kept | None) -> dict[str, object]:
    return {
        "href": outcome.page,
        "title": outcome.title if kept is None else kept.title,
        "summary": outcome.summary if kept is None else kept.summary,
        "held_back": kept is not None,
        "verified": outcome.verified,
        "products": outcome.products,
    }
