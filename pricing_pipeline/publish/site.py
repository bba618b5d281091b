"""The pages of the site: Jinja2 with escaping on, no script in a page but data, links to the web and to the edition only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pricing_pipeline.publish import calculator, phrases, prose
from pricing_pipeline.publish.calculator import Tariffs
from pricing_pipeline.publish.cells import MISSING, NOT_APPLICABLE, Column
from pricing_pipeline.publish.charts import charts
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.publish.lineage import lineage_view
from pricing_pipeline.publish.pages import (
    Comparing,
    asked_workloads,
    change_view,
    comparison_view,
    source_view,
    vendor_view,
)
from pricing_pipeline.publish.search import search_index
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.structured import of_products
from pricing_pipeline.results import Workload

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"
STATIC = Path(__file__).resolve().parent / "static"
NEWEST = 200
_SECTIONS = ("features", "best_for", "migration", "questions", "takeaways", "faq")


class Site:
    """Renders the pages of one edition."""

    def __init__(self, shelf: Shelf, *, title: str, tariffs: Tariffs | None = None) -> None:
        """Prepare the templates once."""
        self._shelf = shelf
        self._tariffs = tariffs
        self._environment = _environment()
        self._rendered: dict[tuple[str, int], tuple[object, Any]] = {}
        self._environment.globals.update(
            once=self._once,
            site_title=title,
            demo=shelf.catalog.demo,
            as_of=shelf.catalog.as_of,
            unknown_states=MISSING | {NOT_APPLICABLE},
            has_calculator=self.has_calculator,
        )

    def comparison(self, comparing: Comparing, files: Iterable[tuple[str, str]]) -> bytes:
        """The page of a comparison; `files` are the tables beside it, with what each is called."""
        products = comparing.file.content.products
        view = {
            **comparison_view(self._shelf, comparing),
            "files": list(files),
            "charts": [self._shelf.once(charts, product) for product in products],
            "calculator": self._calculator(products, asked_workloads(self._shelf, comparing.file)),
        }
        left_out = {name.replace("_", "-") for name in _SECTIONS if not view["content"][name]}
        left_out |= set() if view["calculator"] else {"calculator"}
        sections = [name for name in _EVERY_SECTION if name not in left_out]
        structured = of_products(self._shelf, products)
        return self._render("comparison.html.j2", root="../", page=view, sections=sections, structured=structured)

    def vendor(self, slug: str) -> bytes:
        """The page of a vendor."""
        view = vendor_view(self._shelf, slug)
        for block in view["products"]:
            block["charts"] = self._shelf.once(charts, block["slug"])
            block["calculator"] = self._calculator([block["slug"]], self._shelf.workloads_named)
        view["slug"] = slug
        structured = of_products(self._shelf, self._shelf.products_of.get(slug, ()))
        return self._render("vendor.html.j2", root="../", page=view, structured=structured)

    @property
    def has_calculator(self) -> bool:
        """Whether the pages can reckon: the bills were handed in as data."""
        return self._tariffs is not None

    def calculator(self) -> bytes:
        """The calculator over every product."""
        return self._render("calculator.html.j2", here="calculator.html", page={})

    def tariffs(self) -> bytes:
        """The bills of every plan, as the data of that page."""
        assert self._tariffs is not None
        known = calculator.document(
            self._shelf, self._tariffs, sorted(self._shelf.vendor_of, key=self._shelf.names.product)
        )
        return f"globalThis.TARIFFS = {calculator.as_text(known)};\n".encode()

    def lineage(self, slug: str) -> bytes:
        """Where every figure of a vendor comes from, column by column."""
        return self._render("lineage.html.j2", root="../", page=lineage_view(self._shelf, slug))

    def search_index(self, comparisons: list[dict[str, Any]]) -> bytes:
        """What the search box looks through."""
        return f"globalThis.SEARCH = {calculator.as_text(search_index(self._shelf, comparisons))};\n".encode()

    def _calculator(self, products: Sequence[str], workloads: Sequence[Workload]) -> str | None:
        if self._tariffs is None:
            return None
        start = next((one for one in workloads if len(one.usage) > 1), None)
        return calculator.as_text(calculator.document(self._shelf, self._tariffs, products, start=start, root="../"))

    def vendors(self) -> bytes:
        """The list of every vendor."""
        rows = [self._vendor_row(slug) for slug in self._shelf.products_of]
        return self._render("vendors.html.j2", root="../", here="vendors/index.html", page={"vendors": rows})

    def index(self, comparisons: list[dict[str, Any]]) -> bytes:
        """The front page; `comparisons` hold href, title, summary, verified and held_back."""
        changes = self._shelf.told(self._shelf.vendor_of)[:8]
        page = {
            "comparisons": comparisons,
            "categories": list(self._categories()),
            "changes": [change_view(self._shelf, change) for change in changes],
        }
        return self._render("index.html.j2", here="index.html", page=page)

    def changes(self) -> bytes:
        """The change log: the newest changes of every product."""
        changes = self._shelf.told(self._shelf.vendor_of)
        views = [change_view(self._shelf, change) for change in changes[:NEWEST]]
        return self._render(
            "changes.html.j2", here="changes.html", page={"changes": views, "more": max(0, len(changes) - NEWEST)}
        )

    def sources(self) -> bytes:
        """Every source with its state."""
        views = [source_view(self._shelf, source) for source in self._shelf.catalog.sources]
        return self._render("sources.html.j2", here="sources.html", page={"sources": views})

    def checks(self, problems: list[str]) -> bytes:
        """Every check with its result, and what was held back from this edition."""
        order = {"broken": 0, "failed": 1, "empty": 2, "passed": 3}
        found = sorted(self._shelf.catalog.checks, key=lambda one: (order.get(one.status, 0), one.suite, one.check))
        page = {"checks": found, "problems": [phrases.line(problem, 500) for problem in problems]}
        return self._render("checks.html.j2", here="checks.html", page=page)

    def data(
        self, documents: Iterable[str], tables: Iterable[str], *, reports: bool, parquet: Iterable[str] = ()
    ) -> bytes:
        """What there is for programs and spreadsheets."""
        page = {"documents": list(documents), "tables": list(tables), "reports": reports, "parquet": list(parquet)}
        return self._render("data.html.j2", here="data.html", page=page)

    def _once(self, macro: str, value: object) -> Any:
        """A part of a page, rendered once: many pages show the same tables, sums and evidence."""
        key = (macro, id(value))
        if key not in self._rendered:
            module: Any = self._environment.get_template("parts.html.j2").module
            # The value is kept beside, so that its id stays its own.
            self._rendered[key] = (value, getattr(module, macro)(value))
        return self._rendered[key][1]

    def _render(self, template: str, **values: Any) -> bytes:
        values = {"root": "", "here": "", **values}
        return phrases.visible(self._environment.get_template(template).render(values)).encode("utf-8")

    def _vendor_row(self, slug: str) -> dict[str, Any]:
        products = self._shelf.products_of[slug]
        return {
            "slug": slug,
            "name": self._shelf.names.vendor(slug),
            "products": [self._shelf.names.product(product) for product in products],
            "plans": sum(len(self._shelf.plans.get(product, ())) for product in products),
            "verified": self._shelf.verified(products),
        }

    def _categories(self) -> Iterator[dict[str, Any]]:
        """The categories in alphabetical order; vendors without one come last."""
        found: dict[str, list[str]] = {}
        for slug in self._shelf.products_of:
            entry = self._shelf.registry.vendor(slug)
            for category in (entry.categories if entry is not None else ()) or ("other",):
                found.setdefault(category, []).append(slug)
        for category in sorted(found, key=lambda name: (name == "other", name)):
            name = phrases.title(category)
            yield {"slug": category, "name": name, "vendors": [self._vendor_row(slug) for slug in found[category]]}


_EVERY_SECTION = (
    "short-answer",
    "glance",
    "choose",
    "pricing",
    "costs",
    "calculator",
    "history",
    "ratings",
    "features",
    "head-to-head",
    "strengths",
    "best-for",
    "migration",
    "changes",
    "questions",
    "takeaways",
    "bottom-line",
    "faq",
    "sources",
)


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        groups=_groups,
        groupby_kept=_groupby_kept,
        host=_host,
        stamp=phrases.stamp,
        day=phrases.day,
        safe_url=safe_url,
        words=prose.words,
        title_of=phrases.title,
    )
    return environment


def _groups(columns: Iterable[Column]) -> list[tuple[str, int]]:
    """Neighbouring columns of one group, with how many they are."""
    return [(group, len(list(members))) for group, members in groupby(columns, key=lambda column: column.group)]


def _groupby_kept(rows: Iterable[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """Neighbouring rows of one value, in their order."""
    return [(value, list(members)) for value, members in groupby(rows, key=lambda row: getattr(row, name))]


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
