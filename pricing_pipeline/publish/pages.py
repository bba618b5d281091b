"""What each page of the site shows, as plain values for its template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pricing_pipeline.catalog import AnnouncedTerm, CohortPeriod, Lapsed, SourceState
from pricing_pipeline.facts import GateState, Rating, Source
from pricing_pipeline.publish import parts, phrases
from pricing_pipeline.publish.cells import NOT_APPLICABLE, Table, change_anchor, cost_id, term_id
from pricing_pipeline.publish.cost_tables import cost_table, named_workloads, own_cost_table
from pricing_pipeline.publish.evidence import Entry, entries, safe_url
from pricing_pipeline.publish.prose import Computed, Editorial
from pricing_pipeline.publish.shelf import Shelf, is_broken
from pricing_pipeline.publish.tables import at_a_glance, ratings_table
from pricing_pipeline.publish.tiers import pricing_tiers
from pricing_pipeline.publish.told import change_view, change_weight, plan_name
from pricing_pipeline.publish.weighing import Weighing
from pricing_pipeline.registry.comparisons import TIE, ComparisonFile
from pricing_pipeline.results import Cost, CostStep, PricedPlan, Workload
from pricing_pipeline.wording import money_range
from pricing_pipeline.wording import publisher as publisher_name

View = dict[str, Any]
# As many changes a comparison shows; the others are in the change log.
CHANGES, CHANGES_WEIGHT = 12, 7_000
# Where the currency stands in a term's key.
_CURRENCY = 6
_OUTCOMES = {
    "blocked": "blocked by the site",
    "robots_denied": "not allowed by robots.txt",
    "not_found": "not found",
    "wrong_page": "answered with another page",
    "incomplete": "cut short",
    "rate_limited": "asked us to come back later",
    "server_error": "the server failed",
    "network_error": "not reached",
    "too_large": "too large to read",
    "unsafe_url": "address refused",
    "not_html": "not a web page",
    "fetched": "read",
    "not_modified": "read, unchanged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How a cost came about: each step with its money and the id of the figure it rests on.

    `workload` is the workload's name, `place` where it stands among the others;
    `reason_figure` is the term for which there is no figure.
    """

    id: str
    place: int
    label: str
    workload: str
    text: str
    reason: str
    reason_figure: str | None
    steps: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """The tables of one comparison, and the filled text around them."""

    file: ComparisonFile
    editorial: Editorial
    glance: Table
    tiers: tuple[Table, ...]
    costs: Table
    own_costs: tuple[Table, ...]
    ratings: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the comparison."""
        return (self.glance, *self.tiers, self.costs, *self.own_costs, self.ratings)


def compare(shelf: Shelf, file: ComparisonFile, editorial: Editorial) -> Comparing:
    """Compute the tables of a comparison."""
    products = file.content.products
    return Comparing(
        file=file,
        editorial=editorial,
        glance=at_a_glance(shelf, products),
        tiers=tuple(shelf.once(pricing_tiers, product) for product in products),
        costs=cost_table(shelf, products, asked_workloads(shelf, file)),
        own_costs=tuple(table for product in products if (table := shelf.once(own_cost_table, product)).rows),
        ratings=ratings_table(shelf, products),
    )


def asked_workloads(shelf: Shelf, file: ComparisonFile) -> list[Workload]:
    """The workloads that a comparison asks for, else every named one that fits its products."""
    asked = file.content.workloads
    fitting = named_workloads(shelf, file.content.products)
    return [workload for workload in fitting if workload.slug in asked] if asked else fitting


def comparison_view(shelf: Shelf, comparing: Comparing, weighing: Weighing | None = None) -> View:
    """The page of one comparison; `weighing` says which plan is the cheapest from how much use on."""
    products = comparing.file.content.products
    sums = sums_of(shelf, products, (comparing.costs,), comparing.editorial.priced)
    weighed = [] if weighing is None else weighing.computed
    computed = [*comparing.editorial.computed.values(), *weighed]
    used = {
        *comparing.editorial.figures,
        *(() if weighing is None else weighing.figures),
        *_used(comparing.tables),
        *(step[2] for one in sums for step in one.steps if step[2]),
    }
    changes, known = shelf.told([*products, *shelf.taken_in(products)]), entries(shelf, products)
    newest = parts.first([change_view(shelf, change) for change in changes[:CHANGES]], change_weight, CHANGES_WEIGHT)
    shown = [one for place, one in enumerate(changes) if place < len(newest) or change_anchor(one) in used]
    return {
        "content": comparing.editorial.content,
        "slug": comparing.file.slug,
        "products": [product_view(shelf, product) for product in products],
        "names": {**{product: shelf.names.product(product) for product in products}, TIE: "A tie"},
        "glance": comparing.glance,
        "tiers": comparing.tiers,
        "costs": comparing.costs,
        "ratings": comparing.ratings,
        "sums": sums,
        "weighing": weighing,
        "computed": worked_out(shelf, products, computed),
        "changes": [change_view(shelf, change) for change in shown],
        "more_changes": len(changes) - len(shown),
        "evidence": [entry for key, entry in known.items() if key in used],
        "verified": shelf.verified(products),
        "reviewed_on": comparing.file.content.reviewed_on,
        "pending": [
            held for product in products for held in shelf.held.get(product, ()) if held.state is GateState.HELD
        ],
    }


def worked_out(
    shelf: Shelf, products: Sequence[str], computed: Iterable[Computed]
) -> list[tuple[Computed, list[Entry]]]:
    """Numbers that were computed, each with the evidence that it rests on."""
    known = entries(shelf, products)
    return [(one, [known[figure] for figure in one.basis]) for one in computed]


def _used(tables: Iterable[Table]) -> set[str]:
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    return {figure for cell in cells for figure in (cell.figure, cell.note_figure) if figure is not None}


def sums_of(
    shelf: Shelf, products: Sequence[str], tables: Iterable[Table], also: Mapping[str, PricedPlan]
) -> list[Sum]:
    """The sums behind the costs that some tables and texts show, in the catalog's order; none for those of which a cell
    says it all."""
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    used = {cell.figure for cell in cells} | set(also)
    used -= {cell.figure for cell in cells if cell.note_figure is not None}
    sums = (one for product in products for one in shelf.once(_sums, product) if one.id in used)
    return sorted(sums, key=lambda one: one.place)


def _sums(shelf: Shelf, product: str) -> list[Sum]:
    return [_sum(shelf, priced) for priced in shelf.costs.get(product, ())]


def _sum(shelf: Shelf, priced: PricedPlan) -> Sum:
    workload = shelf.workloads.get(priced.workload)
    steps = []
    for step in priced.cost.steps:
        standing = shelf.terms_by_key.get((priced.product, step.term_key)) if step.term_key is not None else None
        steps.append(
            (phrases.line(step.text), _step_money(step, priced.cost), None if standing is None else term_id(standing))
        )
    reason = phrases.line(priced.cost.reason)
    return Sum(
        id=cost_id(priced),
        place=shelf.place_of(priced.workload),
        label=f"{shelf.names.product(priced.product)} {plan_name(shelf, priced.product, priced.plan)}",
        workload=priced.workload if workload is None else phrases.line(workload.name, 120),
        text=phrases.cost(priced.cost),
        reason=reason,
        reason_figure=next((figure for text, _, figure in steps if text == reason), None),
        steps=tuple(steps),
    )


def _step_money(step: CostStep, cost: Cost) -> str:
    """The money of one line of a sum. A bill without a figure has no currency of its own: its term's speaks."""
    currency = cost.currency or (step.term_key[_CURRENCY] if step.term_key else None)
    if step.low is None or (currency is None and not step.low):
        return ""
    return money_range(step.low, step.high, currency)


def product_view(shelf: Shelf, product: str) -> View:
    """What pages say of a product beside its tables: its name, age, troubles."""
    vendor = shelf.vendor_of.get(product, product)
    return {
        "slug": product,
        "name": shelf.names.product(product),
        "vendor": vendor,
        "vendor_name": shelf.names.vendor(vendor),
        "verified": shelf.verified([product]),
        "troubles": [trouble_view(source, state) for source, state in shelf.troubles(product)],
        "stale": [source_view(shelf, source) for source in shelf.sources.get(product, ()) if is_stale(shelf, source)],
        "held": len([held for held in shelf.held.get(product, ()) if held.state is GateState.HELD]),
        "announced": [announced_view(shelf, one) for one in shelf.catalog.announced if one.product == product],
        "cohorts": [
            cohort_view(shelf, one) for one in shelf.catalog.cohorts if one.product == product and not one.valid_to
        ],
        "lapsed": [lapsed_view(one) for one in shelf.catalog.lapsed if one.product == product],
        **life_view(shelf, product),
    }


def life_view(shelf: Shelf, product: str) -> View:
    """Since when a product is sold no longer, what took its place, and whose place it took."""
    entry = shelf.registry.product(product)
    name = shelf.names.product
    if entry is None:
        return {"retired": None, "is_over": False, "successor": "", "taken_in": []}
    own, seller = (entry.vendor, entry.slug), shelf.registry.vendor(entry.vendor)
    successor = name(entry.merged_into[1]) if entry.merged_into else ""
    if not successor and seller is not None and seller.merged_into:
        successor = shelf.names.vendor(seller.merged_into)
    return {
        "retired": entry.retired,
        "is_over": entry.retired is not None and entry.retired <= shelf.catalog.as_of.date(),
        "successor": successor,
        "taken_in": [(name(one.slug), one.retired) for one in shelf.registry.products if one.merged_into == own],
    }


def cohort_view(shelf: Shelf, one: CohortPeriod) -> View:
    """What a page promises some customers only, word for word, and since when it says so."""
    return {
        "plan": plan_name(shelf, one.product, one.cohort.plan) if one.cohort.plan else None,
        "quote": phrases.line(one.cohort.evidence.quote, 300),
        "since": one.valid_from,
        "url": safe_url(one.url),
    }


def announced_view(shelf: Shelf, one: AnnouncedTerm) -> View:
    """What is announced of a term for a day to come, and who said so when."""
    plan = f"{plan_name(shelf, one.product, one.term.plan)}: " if one.term.plan else ""
    label = phrases.term_label(one.term)
    return {
        "what": f"{plan}{label[:1].lower() + label[1:] if plan else label}",
        "text": phrases.term(one.term),
        "before": "" if one.before is None else phrases.term(one.before),
        "day": one.term.effective_from,
        "announced_at": one.provenance.captured_at,
        "quote": phrases.line(one.term.evidence.quote, 240),
        "url": safe_url(one.provenance.url),
    }


def lapsed_view(one: Lapsed) -> View:
    """An imported fact that nobody vouches for any more."""
    if isinstance(one.fact, Rating):
        what, text = f"rating at {publisher_name(one.fact.publisher or '')}", phrases.rating(one.fact)
    else:
        plan = f"{one.fact.plan}: " if one.fact.plan else ""
        what, text = f"{plan}{phrases.term_label(one.fact)}", phrases.term(one.fact)
    document = phrases.line(one.document, 200)
    return {"what": what, "text": text, "document": document, "since": one.since}


def trouble_view(source: Source, state: SourceState) -> View:
    """A source that was not read at the last attempt."""
    outcome = _OUTCOMES[state.outcome.value] if state.outcome is not None else ""
    return {"what": source_name(source), "outcome": outcome, "since": state.since, "verified": state.verified_at}


def source_name(source: Source) -> str:
    """What a source is called on pages."""
    return (
        f"{publisher_name(source.publisher)} {source.kind.value} page"
        if source.publisher
        else f"{source.kind.value} page"
    )


def is_stale(shelf: Shelf, source: Source) -> bool:
    """Whether the facts of a source were last verified longer ago than two of its turns."""
    return source.id in shelf.stale


def age_hours(now: datetime, then: datetime) -> float:
    """Hours between two moments."""
    return (now - then) / timedelta(hours=1)


def source_view(shelf: Shelf, source: Source) -> View:
    """One source, as the page of sources shows it."""
    state = shelf.states.get(source.id)
    outcome = state.outcome.value if state is not None and state.outcome is not None else None
    return {
        "id": source.id,
        "name": source_name(source),
        "vendor": source.vendor,
        "product": shelf.names.product(source.product),
        "url": safe_url(source.url),
        "every_hours": source.every_hours,
        "outcome": _OUTCOMES.get(outcome or "", "not fetched yet"),
        "broken": state is not None and is_broken(state),
        "stale": is_stale(shelf, source),
        "held": state is not None and state.held,
        "since": state.since if state is not None else None,
        "checked": state.checked_at if state is not None else None,
        "verified": state.verified_at if state is not None else None,
        "message": phrases.line(state.message or "", 200) if state is not None else "",
    }


def block_view(shelf: Shelf, product: str) -> View:
    """A product with its tables, sums and evidence, as its vendor's page or its own shows it."""
    workloads = [*named_workloads(shelf, [product]), *shelf.workloads_own.get(product, ())]
    costs = _without_empty_rows(cost_table(shelf, [product], workloads))
    return {
        **product_view(shelf, product),
        "tiers": shelf.once(pricing_tiers, product),
        "ratings": ratings_table(shelf, [product]),
        "costs": costs,
        "sums": sums_of(shelf, [product], [costs], {}),
        "evidence": list(entries(shelf, [product]).values()),
    }


def vendor_view(shelf: Shelf, vendor: str) -> View:
    """The page of one vendor, but for what it says of each product; and what the registry says of the vendor."""
    products = shelf.products_of.get(vendor, [])
    entry = shelf.registry.vendor(vendor)
    return {
        "name": shelf.names.vendor(vendor),
        "homepage": safe_url(entry.homepage) if entry is not None else "",
        "categories": [phrases.title(category) for category in entry.categories] if entry is not None else [],
        "facts": [(fact.topic.replace("-", " "), fact.text, fact.as_of, safe_url(fact.source)) for fact in entry.facts]
        if entry
        else [],
        "sources": [source_view(shelf, source) for product in products for source in shelf.sources.get(product, ())],
        "verified": shelf.verified(products),
    }


def _without_empty_rows(table: Table) -> Table:
    return replace(
        table, rows=tuple(row for row in table.rows if any(cell.state != NOT_APPLICABLE for cell in row.cells))
    )
