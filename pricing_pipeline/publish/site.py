"""The pages of the site: Jinja2 with escaping on, no script in a page but data, links to the web and to the edition only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pricing_pipeline.publish import calculator, parts, phrases, prose
from pricing_pipeline.publish.calculator import Tariffs
from pricing_pipeline.publish.captured_pages import Captures, captured_pages, links, without_lost
from pricing_pipeline.publish.cells import MISSING, NOT_APPLICABLE, Column, cost_id
from pricing_pipeline.publish.changelog import change_log
from pricing_pipeline.publish.charts import charts
from pricing_pipeline.publish.cost_charts import cost_charts
from pricing_pipeline.publish.cost_tables import named_workloads, picks
from pricing_pipeline.publish.days import mark
from pricing_pipeline.publish.evidence import by_capture, entries, safe_url
from pricing_pipeline.publish.lineage import lineage_view
from pricing_pipeline.publish.lists import Listed, by_category
from pricing_pipeline.publish.memory import Memory
from pricing_pipeline.publish.pages import (
    Comparing,
    asked_workloads,
    block_view,
    comparison_view,
    source_view,
    vendor_view,
    worked_out,
)
from pricing_pipeline.publish.places import Room, comparison_weight, has_own_pages, home, leading
from pricing_pipeline.publish.scales import Scales, Weigh
from pricing_pipeline.publish.search import search_index
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.structured import of_products
from pricing_pipeline.publish.weighing import Weighing
from pricing_pipeline.results import Workload

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"
STATIC = Path(__file__).resolve().parent / "static"
# A comparison that would pass so many bytes leaves its evidence and sums to the products' own pages, and most charts.
_COMPARISON, _CHARTS, _FEW_CHARTS = 99_500, 20_000, 3_000
# Its weight is a guess: up to this much it is made whole, and left so if it does not pass.
_GUESSED = 112_000
# So many bytes of bills one calculator loads.
_TARIFFS = 150_000
_SECTIONS = ("features", "best_for", "migration", "questions", "takeaways", "faq")


class Site:
    """Renders the pages of one edition."""

    def __init__(
        self,
        shelf: Shelf,
        *,
        title: str,
        tariffs: Tariffs | None = None,
        weigh: Weigh | None = None,
        captures: Captures | None = None,
        memory: Memory | None = None,
    ) -> None:
        """Prepare the templates once. `tariffs` and `weigh` are arithmetic of the costs stage; without them the pages
        have no calculator, and do not say which plan is the cheapest from how much use on. Without `captures` no quote
        is shown in its context."""
        self._shelf = shelf
        self._whole = captures is not None and captures.around is None
        self._captured = [] if captures is None else captured_pages(shelf, captures, memory)
        self._contexts = links(self._captured)
        self._tariffs = tariffs
        self._scales = None if weigh is None else Scales(shelf, weigh)
        self._weighings: dict[tuple[str, ...], Weighing] = {}
        self._environment = _environment()
        self._rendered: dict[tuple[str, int], tuple[object, Any]] = {}
        self._environment.globals.update(
            once=self._once,
            site_title=title,
            demo=shelf.catalog.demo,
            as_of=shelf.catalog.as_of,
            unknown_states=MISSING | {NOT_APPLICABLE},
            has_calculator=self.has_calculator,
            contexts=self._contexts,
        )

    def comparison(self, comparing: Comparing, files: Iterable[tuple[str, str]]) -> bytes:
        """The page of a comparison; `files` are the tables beside it, with what each is called."""
        shelf, products = self._shelf, comparing.file.content.products
        workloads = asked_workloads(shelf, comparing.file)
        view = {
            **comparison_view(shelf, comparing, self.weighing(products)),
            "files": list(files),
            "homes": [(shelf.names.product(one), home(shelf, one)) for one in products],
            "charts": [shelf.once(charts, product) for product in products],
            "cost_charts": cost_charts(shelf, products, workloads, most=2),
            "calculator": self._calculator(products, workloads),
            "picks": picks(shelf, products, workloads),
        }
        structured = of_products(shelf, products)
        left_out = {name.replace("_", "-") for name in _SECTIONS if not view["content"][name]}
        left_out |= set() if view["calculator"] else {"calculator"}
        left_out |= set() if view["picks"].rows or (view["weighing"] and view["weighing"].rows) else {"use"}
        sections = [name for name in _EVERY_SECTION if name not in left_out]
        if comparison_weight(comparing, view, structured) <= _GUESSED:
            view |= {"is_apart": False, "room": Room(_CHARTS)}
            page = self._render("comparison.html.j2", root="../", page=view, sections=sections, structured=structured)
            if len(page) <= _COMPARISON:
                return page
        # the products' own pages tell machines what is said in `structured`
        view |= {
            "is_apart": True,
            "room": Room(_FEW_CHARTS),
            "cost_charts": cost_charts(shelf, products, workloads, most=1),
        }
        page = self._render("comparison.html.j2", root="../", page=view, sections=sections)
        return leading(page, self._elsewhere(products), root="../")

    def _elsewhere(self, products: Sequence[str]) -> dict[str, str]:
        """Where the figures of some products have their evidence and their sums, by id."""
        found: dict[str, str] = {}
        for product in products:
            ids = (*entries(self._shelf, [product]), *map(cost_id, self._shelf.costs.get(product, ())))
            found |= dict.fromkeys(ids, home(self._shelf, product))
        return found

    def vendor(self, slug: str) -> Iterator[tuple[str, bytes]]:
        """The page of a vendor; where its products are too much for one page, they have one each."""
        shelf, products = self._shelf, self._shelf.products_of.get(slug, [])
        view = {"slug": slug, "seller": None, "apart": [], **vendor_view(shelf, slug)}
        if not has_own_pages(shelf, slug):
            yield f"vendors/{slug}.html", self._vendor({**view, "products": list(map(self._block, products))}, products)
            return
        view["apart"] = [
            (shelf.names.product(one), home(shelf, one), len(shelf.plans.get(one, ()))) for one in products
        ]
        yield f"vendors/{slug}.html", self._vendor({**view, "products": []}, ())
        for product in products:
            own = {
                **view,
                "name": shelf.names.product(product),
                "seller": view["name"],
                "verified": shelf.verified([product]),
                "products": [self._block(product)],
                "apart": [],
                "facts": [],
                "sources": [source_view(shelf, source) for source in shelf.sources.get(product, ())],
            }
            yield home(shelf, product), self._vendor(own, [product])

    def _vendor(self, view: dict[str, Any], products: Sequence[str]) -> bytes:
        structured = of_products(self._shelf, products)
        return self._render("vendor.html.j2", root="../", page=view, structured=structured)

    def _block(self, product: str) -> dict[str, Any]:
        """A product with everything that its page shows."""
        shelf, log, weighing = self._shelf, change_log(self._shelf), self.weighing([product])
        sheets = log.of_vendor.get(shelf.vendor_of[product], ())
        return {
            **block_view(shelf, product),
            "charts": shelf.once(charts, product),
            "weighing": weighing,
            "computed": [] if weighing is None else worked_out(shelf, [product], weighing.computed),
            "cost_charts": cost_charts(shelf, [product], named_workloads(shelf, [product])),
            "calculator": self._calculator([product], shelf.workloads_named),
            "changes": log.of_product[product],
            "merged_changes": log.of_merged.get(product, ()),
            "older": sheets[0].path if sheets else "",
        }

    def weighing(self, products: Sequence[str]) -> Weighing | None:
        """Which plan of some products is the cheapest from how much use on, weighed once; None without the arithmetic."""
        if self._scales is None:
            return None
        key = tuple(products)
        if key not in self._weighings:
            self._weighings[key] = Weighing(self._scales, key)
        return self._weighings[key]

    @property
    def has_calculator(self) -> bool:
        """Whether the pages can reckon: the bills were handed in as data."""
        return self._tariffs is not None

    def calculators(self) -> Iterator[tuple[str, bytes]]:
        """The calculator over every product, with its data; where that is too much to load, one for each category."""
        if self._tariffs is None:
            return
        shelf = self._shelf
        every = sorted(shelf.vendor_of, key=shelf.names.product)
        whole = self._tariffs_of(every, "")
        if len(whole) <= _TARIFFS:
            yield from self._calculator_page("calculator.html", {"data": "tariffs.js"}, whole)
            return
        pages = []
        for slug, name, own in by_category(shelf):
            cut = parts.cut(own, lambda product: len(self._tariffs_of([product], "../")), _TARIFFS)
            for path, products in zip(parts.names(f"calculator/{slug}", len(cut)), cut, strict=True):
                some = {
                    "name": name,
                    "first": shelf.names.product(products[0]),
                    "last": shelf.names.product(products[-1]),
                }
                pages.append({**some, "path": path, "count": len(products), "is_part": len(cut) > 1})
                page = {"data": path.removesuffix(".html") + ".js", **pages[-1]}
                yield from self._calculator_page(path, page, self._tariffs_of(products, "../"))
        yield from self._calculator_page("calculator.html", {"data": "", "pages": pages}, "")

    def _tariffs_of(self, products: Sequence[str], root: str) -> str:
        assert self._tariffs is not None
        return calculator.as_text(calculator.document(self._shelf, self._tariffs, products, root=root))

    def _calculator_page(self, path: str, page: dict[str, Any], data: str) -> Iterator[tuple[str, bytes]]:
        root = "../" * path.count("/")
        shown = {"pages": [], "name": "", **page}
        yield path, self._render("calculator.html.j2", root=root, here="calculator.html", page=shown)
        if shown["data"]:
            yield shown["data"], f"globalThis.TARIFFS = {data};\n".encode()

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

    def listed(self, pages: Iterable[Listed]) -> Iterator[tuple[str, bytes]]:
        """The pages that list what there is."""
        for one in pages:
            yield one.path, self._render(one.template, root=one.root, here=one.here, page=one.page)

    def checks(self, problems: list[str]) -> bytes:
        """Every check with its result, and what was held back from this edition."""
        order = {"broken": 0, "failed": 1, "empty": 2, "passed": 3}
        found = sorted(self._shelf.catalog.checks, key=lambda one: (order.get(one.status, 0), one.suite, one.check))
        page = {"checks": found, "problems": [phrases.line(problem, 500) for problem in problems]}
        return self._render("checks.html.j2", here="checks.html", page=page)

    def data(
        self,
        documents: Iterable[str],
        tables: Iterable[str],
        *,
        reports: bool,
        parquet: Iterable[str] = (),
        compared: str = "",
    ) -> bytes:
        """What there is for programs and spreadsheets; `compared` leads to the tables where they are not listed."""
        page = {
            "documents": list(documents),
            "tables": list(tables),
            "compared": compared,
            "reports": reports,
            "parquet": list(parquet),
        }
        return self._render("data.html.j2", here="data.html", page=page)

    def captured(self) -> Iterator[tuple[str, bytes]]:
        """The pages of captures: quotes in the words around them."""
        for page in self._captured:
            found = page.contexts.found
            yield page.path, self._render("captured.html.j2", root="../", page=page, found=found, whole=self._whole)

    def still(self, page: bytes) -> bytes:
        """A page of an earlier edition as it may stand in this one: without links to quotes that are gone."""
        return without_lost(page, frozenset(self._contexts.values()))

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


_EVERY_SECTION = (
    "glance",
    "short-answer",
    "choose",
    "features",
    "strengths",
    "best-for",
    "head-to-head",
    "migration",
    "pricing",
    "costs",
    "calculator",
    "ratings",
    "history",
    "use",
    "questions",
    "takeaways",
    "bottom-line",
    "faq",
    "changes",
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
        shown_url=_shown_url,
        by_capture=by_capture,
        stamp=phrases.stamp,
        mark=mark,
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


def _shown_url(url: str) -> str:
    """An address as people read it."""
    return phrases.line(url.partition("://")[2].removesuffix("/"), 80)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
