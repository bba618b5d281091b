"""A large market made by rule: many vendors with a heavy offer each, years of changes, and comparisons of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from pricing_pipeline.catalog import Catalog, Provenance, SourceState, StandingPlan, StandingTerm, TermPeriod
from pricing_pipeline.facts import Evidence, Outcome, Plan, Source, SourceKind, State, Term, TermKind
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Product, Registry, Vendor
from pricing_pipeline.results import Change, Cost, CostState, CostStep, PricedPlan, Workload
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.example import CHANGE, MAY

PLANS = ("Solo", "Team", "Scale", "Business", "Fleet", "Group")
METRICS = ("credit", "run", "event", "deployment", "seat")
PUBLISHERS = ("g2", "capterra", "gartner", "trustradius")
CATEGORIES = ("monitoring", "data-catalogs", "reverse-etl")
WORKLOADS = tuple(
    Workload(slug=f"{seats}-seats", name=f"{seats} seats and 40,000 credits", usage={"seat": Decimal(seats)})
    for seats in (1, 2, 3, 5, 8, 13, 21, 34)
)


def market(vendors: int, *, changes: int) -> tuple[Catalog, Registry]:
    """So many vendors, every third with three products; each product with so many changes, one every forty days."""
    registry = Registry(tuple(_vendor(number) for number in range(vendors)))
    products = registry.products
    sources = tuple(registry.sources())
    terms = tuple(term for product in products for term in _terms(product))
    states = tuple(
        SourceState(source_id=source.id, outcome=Outcome.FETCHED, checked_at=MAY, verified_at=MAY, since=MAY)
        for source in sources
    )
    catalog = Catalog(
        as_of=MAY,
        sources=sources,
        states=states,
        plans=tuple(plan for product in products for plan in _plans(product)),
        terms=terms,
        history=tuple(period for term in terms for period in _periods(term)),
        changes=tuple(change for product in products for change in _changes(product, changes)),
        costs=tuple(cost for product in products for cost in _costs(product)),
        workloads=WORKLOADS,
    )
    return catalog, registry


def watched(vendors: int) -> tuple[Catalog, Registry]:
    """So many vendors of whom nothing is read yet."""
    registry = Registry(tuple(_vendor(number) for number in range(vendors)))
    return Catalog(as_of=MAY, sources=tuple(registry.sources())), registry


def comparison(one: str, other: str) -> ComparisonFile:
    """A comparison of two products of the market."""
    names = {example.DAGSTER: one, example.PREFECT: other}
    made = example.comparison(
        f"{one}-vs-{other}",
        title=f"{one.title()} vs {other.title()}",
        short_answer="It depends on what you look after.",
        takeaways=("It depends.",),
        bottom_line="It depends.",
        faq=(),
    )
    text = made.content.model_dump_json()
    for old, new in names.items():
        text = text.replace(old, new)
    return replace(made, content=type(made.content).model_validate_json(text))


def _vendor(number: int) -> Vendor:
    slug = f"{'abcdefghij'[number % 10]}-vendor-{number}"
    products = tuple(_product(slug, f"{slug}-{place}") for place in range(3 if number % 3 == 0 else 1))
    return Vendor(
        slug=slug,
        name=slug.replace("-", " ").title(),
        homepage=f"https://{slug}.example",
        categories=(CATEGORIES[number % 3],),
        products=products,
    )


def _product(vendor: str, slug: str) -> Product:
    pricing = Source(
        id=f"{vendor}/{slug}/pricing", vendor=vendor, product=slug, kind=SourceKind.PRICING,
        url=f"https://{vendor}.example/{slug}/pricing",
    )  # fmt: skip
    reviews = tuple(
        replace(pricing, id=f"{vendor}/{slug}/reviews/{one}", kind=SourceKind.REVIEWS, publisher=one)
        for one in PUBLISHERS
    )
    return Product(vendor=vendor, slug=slug, name=slug.replace("-", " ").title(), sources=(pricing, *reviews))


def _provenance(product: Product) -> Provenance:
    source = product.sources[0]
    return Provenance(
        source_id=source.id, url=source.url, capture_id=f"capture-{product.slug}", sha256="ab" * 32, captured_at=MAY,
        verified_at=MAY, valid_from=MAY, recorded_at=MAY,
    )  # fmt: skip


def _evidence(text: str) -> Evidence:
    return Evidence(quote=f"{text}, counted for each calendar month and billed at its end", locator="main > p")


def _plans(product: Product) -> Iterator[StandingPlan]:
    for place, name in enumerate(PLANS):
        plan = Plan(slug=name.lower(), name=name, state=State.STATED, evidence=_evidence(name))
        yield StandingPlan(
            vendor=product.vendor, product=product.slug, plan=plan, position=place, hosted=True,
            provenance=_provenance(product),
        )  # fmt: skip


def _terms(product: Product) -> Iterator[StandingTerm]:
    for place, name in enumerate(PLANS, start=1):
        plan = name.lower()
        fee = Term(
            plan=plan, term=TermKind.RECURRING_FEE, amount=Decimal(place * 20), currency="USD", billing_period="month",
            commitment="month", evidence=_evidence(f"${place * 20} a month"),
        )  # fmt: skip
        included = (
            Term(
                plan=plan, term=TermKind.ALLOWANCE, metric=metric, quantity=Decimal(1000 * place),
                billing_period="month", evidence=_evidence(f"{1000 * place} {metric}s included"),
            )
            for metric in METRICS
        )  # fmt: skip
        for term in (fee, *included):
            yield StandingTerm(vendor=product.vendor, product=product.slug, term=term, provenance=_provenance(product))


def _periods(standing: StandingTerm) -> Iterator[TermPeriod]:
    """The same term, a little less of it each year before."""
    for years in range(5):
        term = standing.term
        less = replace(
            term, amount=term.amount and term.amount - years, quantity=term.quantity and term.quantity - years
        )
        yield TermPeriod(
            vendor=standing.vendor, product=standing.product, term=less, recorded_at=MAY,
            valid_from=MAY - timedelta(days=365 * (years + 1)),
            valid_to=None if not years else MAY - timedelta(days=365 * years),
        )  # fmt: skip


def _changes(product: Product, count: int) -> Iterator[Change]:
    for place in range(count):
        yield replace(
            CHANGE,
            id=f"{product.slug}-{place}",
            vendor=product.vendor,
            product=product.slug,
            observed_at=MAY - timedelta(days=40 * place),
        )


def _costs(product: Product) -> Iterator[PricedPlan]:
    for workload in WORKLOADS:
        for rank, name in enumerate(PLANS, start=1):
            total = Decimal(rank * 20)
            steps = (
                CostStep(text="Fee a month", low=total, high=total),
                CostStep(text="Extra", low=Decimal(0), high=Decimal(0)),
            )
            cost = Cost(state=CostState.EXACT, low=total, high=total, currency="USD", steps=steps)
            yield PricedPlan(
                vendor=product.vendor, product=product.slug, plan=name.lower(), workload=workload.slug, cost=cost,
                rank=rank,
            )  # fmt: skip
