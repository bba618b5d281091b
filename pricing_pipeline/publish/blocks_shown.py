"""What managed blocks show: tables of a comparison or a product, recent changes, one single figure; Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import cached_property

from pricing_pipeline.catalog import Catalog, Provenance
from pricing_pipeline.claims.knowledge import Price
from pricing_pipeline.claims.placeholders import Filler
from pricing_pipeline.claims.registered import other_names
from pricing_pipeline.errors import ClaimError, PublishError
from pricing_pipeline.publish import phrases, recommended
from pricing_pipeline.publish.blocks import Block
from pricing_pipeline.publish.cells import Table
from pricing_pipeline.publish.cost_tables import cost_table, named_workloads, own_cost_table
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.publish.exports import markdown, marks, table_as_markdown
from pricing_pipeline.publish.former_names import FormerNames
from pricing_pipeline.publish.pages import asked_workloads
from pricing_pipeline.publish.prose import Pieces, words
from pricing_pipeline.publish.scales import Scales, Weigh
from pricing_pipeline.publish.shelf import Shelf, settled
from pricing_pipeline.publish.tables import at_a_glance, ratings_table
from pricing_pipeline.publish.tiers import pricing_tiers
from pricing_pipeline.publish.weighing import Weighing
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.results import Change, Workload

TABLES = ("glance", "tiers", "costs", "own-costs", "cheapest", "ratings", "changes")
_KNOWN = ("table", "figure", "comparison", "product", "vendor", "workload", "limit")
_NEWEST = 10


class Shown:
    """Shows blocks from one catalog."""

    def __init__(
        self,
        catalog: Catalog,
        comparisons: Sequence[ComparisonFile],
        registry: Registry,
        price: Price | None = None,
        weigh: Weigh | None = None,
    ) -> None:
        """Keep what blocks are made of; it is sorted when the first block asks. `price` is what a Filler takes, `weigh`
        says which plan is the cheapest from how much use on, without which no block can."""
        self._price = price
        self._weigh = weigh
        self._catalog = settled(catalog)
        self._comparisons = {file.slug: file for file in comparisons}
        self._registry = registry

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf(self._catalog, self._registry)

    @cached_property
    def _filler(self) -> Filler:
        return Filler(self._catalog, self._price, other_names(self._registry))

    @cached_property
    def _former(self) -> FormerNames:
        return FormerNames(self._catalog, self._registry)

    def show(self, block: Block, where: str, *, as_html: bool) -> str:
        """A block's content, lines parted by a line feed. Raises PublishError for a block that asks for nothing there is."""
        asked = block.attributes
        if unknown := sorted(set(asked) - set(_KNOWN)):
            raise PublishError(f"{where}: block {block.name} says {unknown[0]!r}: known are {', '.join(_KNOWN)}")
        if ("table" in asked) == ("figure" in asked):
            raise PublishError(
                f"{where}: block {block.name} must say one thing to show: "
                f'table={"|".join(TABLES)}, or figure="product.plan.term"'
            )
        if "figure" in asked:
            text = self._figure(block, where)
            return html.escape(text) if as_html else markdown(text)
        if block.inline:
            raise PublishError(f"{where}: block {block.name} is a table: write its two markers on lines of their own")
        if asked["table"] == "changes":
            return self._changes(block, where, as_html=as_html)
        tables = [table for table in self._tables(block, where) if table.rows]
        if not tables:
            raise PublishError(f"{where}: block {block.name}: nothing is known for its table {asked['table']} yet")
        return "\n".join((as_markup if as_html else table_as_markdown)(table) for table in tables)

    def _figure(self, block: Block, where: str) -> str:
        """A figure as it reads in a sentence, by the placeholder that names it in comparisons."""
        try:
            named = self._former.text(f"{{{{ {block.attributes['figure']} }}}}")
            segments = self._filler.fill(named, *_place(where))
        except ClaimError as error:
            raise PublishError(str(error)) from error
        return words(Pieces(self._shelf).prose(segments))

    def _tables(self, block: Block, where: str) -> list[Table]:
        products, name = self._products(block, where), block.attributes["table"]
        makers: dict[str, Callable[[], list[Table]]] = {
            "glance": lambda: [at_a_glance(self._shelf, products)],
            "tiers": lambda: [self._shelf.once(pricing_tiers, product) for product in products],
            "costs": lambda: [cost_table(self._shelf, products, self._workloads(block, products, where))],
            "own-costs": lambda: [self._shelf.once(own_cost_table, product) for product in products],
            "cheapest": lambda: self._cheapest(products),
            "ratings": lambda: [ratings_table(self._shelf, products)],
        }
        if name not in makers:
            raise PublishError(f"{where}: block {block.name}: no table {name!r}: one of {', '.join(TABLES)}")
        return makers[name]()

    def _cheapest(self, products: Sequence[str]) -> list[Table]:
        if self._weigh is None:
            return []
        return [recommended.table(self._shelf, Weighing(Scales(self._shelf, self._weigh), products))]

    def _products(self, block: Block, where: str) -> list[str]:
        """The products a block is about: those it names, else those of its comparison or its vendor."""
        asked = block.attributes
        file = self._comparison(block, where)
        if "product" in asked:
            products = [self._former.product(name.strip()) for name in asked["product"].split(",") if name.strip()]
        elif file is not None:
            products = list(file.content.products)
        elif "vendor" in asked:
            products = list(self._shelf.products_of.get(asked["vendor"], ()))
        else:
            raise PublishError(f"{where}: block {block.name} must say whose: comparison=…, product=… or vendor=…")
        unknown = [name for name in products if name not in self._shelf.vendor_of]
        if unknown or not products:
            known = ", ".join(sorted(self._shelf.vendor_of if unknown else self._shelf.products_of)) or "nothing yet"
            missing = f"product {unknown[0]!r}" if unknown else f"vendor {asked.get('vendor')!r}"
            raise PublishError(f"{where}: block {block.name}: no {missing}; known are {known}")
        return products

    def _comparison(self, block: Block, where: str) -> ComparisonFile | None:
        slug = block.attributes.get("comparison")
        if slug is None:
            return None
        if slug not in self._comparisons:
            known = ", ".join(sorted(self._comparisons)) or "none"
            raise PublishError(f"{where}: block {block.name}: no comparison {slug!r}; there are {known}")
        return self._comparisons[slug]

    def _workloads(self, block: Block, products: Sequence[str], where: str) -> list[Workload]:
        """The workloads that a block names, else those that its comparison asks for, else all that fit."""
        asked = block.attributes.get("workload")
        if asked is not None:
            slugs = [slug.strip() for slug in asked.split(",")]
            if unknown := [slug for slug in slugs if slug not in self._shelf.workloads]:
                known = ", ".join(one.slug for one in self._shelf.workloads_named)
                raise PublishError(f"{where}: block {block.name}: no workload {unknown[0]!r}; there are {known}")
            return [self._shelf.workloads[slug] for slug in slugs]
        file = self._comparison(block, where)
        return asked_workloads(self._shelf, file) if file else named_workloads(self._shelf, products)

    def _changes(self, block: Block, where: str, *, as_html: bool) -> str:
        limit = block.attributes.get("limit", str(_NEWEST))
        if not limit.isascii() or not limit.isdigit() or int(limit) < 1:
            raise PublishError(
                f"{where}: block {block.name}: limit={limit} is no number of changes, for example limit=5"
            )
        told = self._shelf.told(self._products(block, where))[: int(limit)]
        if not told:
            return "<p>No changes seen.</p>" if as_html else "No changes seen."
        lines = [_told(self._shelf, change) for change in told]
        if as_html:
            return "\n".join(("<ul>", *(f"  <li>{html.escape(line)}</li>" for line in lines), "</ul>"))
        return "\n".join(f"- {markdown(line)}" for line in lines)


def as_markup(table: Table) -> str:
    """A table in HTML for somebody else's page: caption, scopes and words, and nothing that their styles must know."""
    heads = [f"{column.group} {column.label}".strip() for column in table.columns]
    lines = [
        '<table class="pricing-pipeline">',
        f"  <caption>{html.escape(table.caption)}</caption>",
        f'  <thead><tr><th scope="col">{html.escape(table.corner)}</th>'
        + "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
        + "</tr></thead>",
        "  <tbody>",
    ]
    for row in table.rows:
        cells = "".join(f"<td>{html.escape(marks(cell))}</td>" for cell in row.cells)
        lines.append(f'    <tr><th scope="row">{html.escape(row.label)}</th>{cells}</tr>')
    lines += ["  </tbody>", "</table>"]
    lines += [f"<p>{html.escape(table.note)}</p>"] if table.note else []
    return "\n".join([*lines, *_sources(table)])


def _sources(table: Table) -> list[str]:
    """Where the figures of a table were read, and when."""
    found = dict.fromkeys(source for row in table.rows for cell in row.cells for source in map(_source, cell.sources))
    return [f"<p>Source: {source}.</p>" for source in found]


def _source(source: Provenance) -> str:
    how = "read" if source.imported is None else "imported, as observed"
    name, url = html.escape(phrases.line(source.url, 300)), html.escape(safe_url(source.url))
    linked = f'<a href="{url}">{name}</a>' if url else name
    return f"{linked}, {how} {phrases.day(source.captured_at)}"


def _told(shelf: Shelf, change: Change) -> str:
    held = " (not confirmed yet)" if change.state.value == "held" else ""
    day, verdict = phrases.day(change.observed_at), phrases.line(change.verdict, 1000)
    name = shelf.names.product(change.product)
    return f"{day}: {verdict if verdict.startswith(name) else f'{name}: {verdict}'}{held}"


def _place(where: str) -> tuple[str, int]:
    file, _, line = where.rpartition(":")
    return file, int(line)
