"""A catalog made by hand: Dagster+ as of May 2026 and Prefect Cloud, with what changed and what plans cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from pricing_pipeline.catalog import (
    Catalog,
    CheckResult,
    Provenance,
    SourceState,
    StandingPlan,
    StandingRating,
    StandingTerm,
)
from pricing_pipeline.facts import (
    Cause,
    Evidence,
    GateState,
    Lever,
    Outcome,
    Plan,
    Rating,
    RatingState,
    Severity,
    Source,
    SourceKind,
    State,
    Surface,
    Term,
    TermKind,
)
from pricing_pipeline.registry.comparisons import Comparison, ComparisonFile
from pricing_pipeline.registry.vendors import Product, Registry, Vendor
from pricing_pipeline.results import Change, Cost, CostEffect, CostState, CostStep, PricedPlan, Workload

APRIL = datetime(2026, 4, 30, 6, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 6, tzinfo=UTC)
DAGSTER, PREFECT = "dagster-plus", "prefect-cloud"
VENDORS = {DAGSTER: "dagster", PREFECT: "prefect"}
SHIFT = "Solo: included credits 7,500 → none; headline price unchanged; at 7,500 credits a month $10.00 → $310.00"


def provenance(
    product: str, *, kind: str = "pricing", captured: datetime = MAY, verified: datetime = MAY
) -> Provenance:
    """Where a fact of a product was read."""
    vendor = VENDORS[product]
    return Provenance(
        source_id=f"{vendor}/{product}/{kind}",
        url=f"https://{vendor}.io/pricing" if kind == "pricing" else f"https://www.g2.com/products/{vendor}/reviews",
        capture_id=f"capture-{vendor}-{kind}",
        sha256="ab" * 32,
        captured_at=captured,
        verified_at=verified,
        valid_from=captured,
        recorded_at=captured,
    )


def evidence(quote: str, surface: Surface = Surface.VISIBLE) -> Evidence:
    """A quote."""
    return Evidence(quote=quote, locator="main > div:nth-of-type(2)", surface=surface)


def plan(product: str, slug: str, name: str, state: State, position: int, *, hosted: bool = True) -> StandingPlan:
    """A plan."""
    return StandingPlan(
        vendor=VENDORS[product],
        product=product,
        plan=Plan(slug=slug, name=name, state=state, evidence=evidence(name)),
        position=position,
        hosted=hosted,
        provenance=provenance(product),
    )


def term(
    product: str,
    plan: str | None,
    kind: TermKind,
    quote: str,
    *,
    previous: Term | None = None,
    pending: bool = False,
    surface: Surface = Surface.VISIBLE,
    **values: object,
) -> StandingTerm:
    """A term."""
    return StandingTerm(
        vendor=VENDORS[product],
        product=product,
        term=Term(plan=plan, term=kind, evidence=evidence(quote, surface), **values),  # type: ignore[arg-type]  # by name
        provenance=provenance(product),
        previous=previous,
        pending=pending,
    )


def fee(
    product: str,
    plan: str,
    amount: str,
    quote: str,
    *,
    metric: str | None = None,
    period: str = "month",
    surface: Surface = Surface.VISIBLE,
) -> StandingTerm:
    """A recurring fee in dollars."""
    return term(
        product,
        plan,
        TermKind.RECURRING_FEE,
        quote,
        amount=Decimal(amount),
        currency="USD",
        billing_period=period,
        commitment=period,
        metric=metric,
        surface=surface,
    )


def credits(plan: str, before: str, quote: str) -> StandingTerm:
    """Dagster's included credits: some until April, none from May."""
    old = Term(
        plan=plan,
        term=TermKind.ALLOWANCE,
        evidence=evidence(f"{before} credits included"),
        metric="credit",
        quantity=Decimal(before),
        billing_period="month",
    )
    return term(
        DAGSTER,
        plan,
        TermKind.ALLOWANCE,
        quote,
        metric="credit",
        state=State.NOT_INCLUDED,
        billing_period="month",
        previous=old,
    )


def rate(plan: str | None, metric: str, amount: str, before: str, quote: str) -> StandingTerm:
    """A rate of Dagster's."""
    old = Term(
        plan=plan,
        term=TermKind.USAGE_RATE,
        evidence=evidence(f"${before}"),
        metric=metric,
        amount=Decimal(before),
        currency="USD",
    )
    return term(
        DAGSTER, plan, TermKind.USAGE_RATE, quote, metric=metric, amount=Decimal(amount), currency="USD", previous=old
    )


def limit(product: str, plan: str, metric: str, quantity: str) -> StandingTerm:
    """A limit."""
    return term(product, plan, TermKind.LIMIT, f"Up to {quantity} {metric}s", metric=metric, quantity=Decimal(quantity))


PLANS = (
    plan(DAGSTER, "open-source", "Open source", State.FREE, 0, hosted=False),
    plan(DAGSTER, "solo", "Solo", State.STATED, 1),
    plan(DAGSTER, "starter", "Starter", State.STATED, 2),
    plan(DAGSTER, "pro", "Pro", State.CONTACT_SALES, 3),
    plan(PREFECT, "hobby", "Hobby", State.FREE, 0),
    plan(PREFECT, "starter", "Starter", State.STATED, 1),
    plan(PREFECT, "team", "Team", State.STATED, 2),
    plan(PREFECT, "pro", "Pro", State.CONTACT_SALES, 3),
)
TERMS = (
    fee(DAGSTER, "solo", "10", "$10 /month"),
    fee(DAGSTER, "solo", "120", "$120 /year", period="year", surface=Surface.INACTIVE_PANE),
    credits("solo", "7500", "Pay as you go from the first credit"),
    rate("solo", "credit", "0.040", "0.03", "$0.040 per credit"),
    limit(DAGSTER, "solo", "seat", "1"),
    fee(DAGSTER, "starter", "100", "$100 /month"),
    credits("starter", "30000", "Pay as you go from the first credit"),
    rate("starter", "credit", "0.035", "0.03", "$0.035 per credit"),
    limit(DAGSTER, "starter", "seat", "3"),
    rate(None, "serverless_minute", "0.010", "0.005", "$0.010 per minute of serverless compute"),
    limit(PREFECT, "hobby", "seat", "2"),
    limit(PREFECT, "hobby", "deployment", "5"),
    fee(PREFECT, "starter", "100", "$100 per month"),
    limit(PREFECT, "starter", "seat", "3"),
    limit(PREFECT, "starter", "deployment", "20"),
    term(
        PREFECT,
        "starter",
        TermKind.ALLOWANCE,
        "75 hours of serverless",
        metric="serverless_minute",
        quantity=Decimal(4500),
        billing_period="month",
    ),
    fee(PREFECT, "team", "100", "$100 per user, per month", metric="seat"),
    limit(PREFECT, "team", "seat", "8"),
    term(PREFECT, "team", TermKind.MINIMUM_SPEND, "4 to 8 users", metric="seat", quantity=Decimal(4)),
    term(PREFECT, "team", TermKind.LIMIT, "Unlimited automations", metric="automation", state=State.UNLIMITED),
    term(
        PREFECT,
        "team",
        TermKind.ALLOWANCE,
        "225 hours of serverless",
        metric="serverless_minute",
        quantity=Decimal(13500),
        billing_period="month",
    ),
)
RATINGS = (
    StandingRating(
        vendor="dagster",
        product=DAGSTER,
        provenance=provenance(DAGSTER, kind="reviews/g2"),
        rating=Rating(state=RatingState.NO_RATINGS_YET, publisher="g2", evidence=evidence("There are no reviews yet")),
    ),
    StandingRating(
        vendor="prefect",
        product=PREFECT,
        provenance=provenance(PREFECT, kind="reviews/g2", captured=APRIL, verified=APRIL),
        rating=Rating(
            state=RatingState.STATED,
            publisher="g2",
            evidence=evidence("4.5 out of 5 (124 reviews)"),
            rating=Decimal("4.5"),
            scale=Decimal(5),
            review_count=124,
        ),
    ),
)
ONE_SEAT = Workload(
    slug="one-seat-15000-credits",
    name="One seat with 15,000 credits",
    usage={"seat": Decimal(1), "credit": Decimal(15000)},
)
OWN = Workload(
    slug="own-dagster-plus-solo-credit-7500",
    name="7,500 credits (Solo's allowance)",
    usage={"seat": Decimal(1), "credit": Decimal(7500)},
    products=(DAGSTER,),
)


def priced(
    product: str, plan: str, workload: Workload, total: str | None, rank: int | None, *steps: CostStep
) -> PricedPlan:
    """A plan at a workload."""
    state = CostState.EXACT if total is not None else CostState.CONTACT_SALES
    cost = Cost(state=state, low=total and Decimal(total), high=total and Decimal(total), currency="USD", steps=steps)  # type: ignore[arg-type]  # None or a text
    return PricedPlan(vendor=VENDORS[product], product=product, plan=plan, workload=workload.slug, cost=cost, rank=rank)


def _steps(fee: StandingTerm, rate: StandingTerm, quantity: str, money: str) -> tuple[CostStep, ...]:
    return (
        CostStep(text="Fee a month", low=fee.term.amount, high=fee.term.amount, term_key=fee.term.key),
        CostStep(
            text=f"{quantity} credits × {rate.term.evidence.quote}",
            low=Decimal(money),
            high=Decimal(money),
            term_key=rate.term.key,
        ),
    )


COSTS = (
    priced(DAGSTER, "solo", ONE_SEAT, "610", 1, *_steps(TERMS[0], TERMS[3], "15,000", "600")),
    priced(DAGSTER, "starter", ONE_SEAT, "625", 2, *_steps(TERMS[5], TERMS[7], "15,000", "525")),
    priced(DAGSTER, "pro", ONE_SEAT, None, None),
    priced(PREFECT, "hobby", ONE_SEAT, "0", 1),
    priced(PREFECT, "starter", ONE_SEAT, "100", 2),
    priced(PREFECT, "team", ONE_SEAT, "400", 3),
    priced(PREFECT, "pro", ONE_SEAT, None, None),
    priced(DAGSTER, "solo", OWN, "310", 1, *_steps(TERMS[0], TERMS[3], "7,500", "300")),
    priced(DAGSTER, "starter", OWN, "362.50", 2, *_steps(TERMS[5], TERMS[7], "7,500", "262.50")),
)
CHANGE = Change(
    id="c0ffee01",
    vendor="dagster",
    product=DAGSTER,
    plan="solo",
    lever=Lever.ALLOWANCE,
    kind="allowance_removed",
    observed_at=MAY,
    cause=Cause.VENDOR,
    severity=Severity.CRITICAL,
    state=GateState.ACCEPTED,
    verdict=SHIFT,
    metric="credit",
    before="7500",
    effective_at=date(2026, 5, 1),
    before_term=TERMS[2].previous,
    after_term=TERMS[2].term,
    costs=(
        CostEffect(
            workload=OWN.slug,
            workload_name=OWN.name,
            plan="solo",
            before=Cost(state=CostState.EXACT, low=Decimal(10), high=Decimal(10), currency="USD"),
            after=Cost(state=CostState.EXACT, low=Decimal(310), high=Decimal(310), currency="USD"),
        ),
    ),
)


def _source(product: str, kind: SourceKind, publisher: str | None = None) -> Source:
    where = provenance(product, kind="pricing" if publisher is None else f"reviews/{publisher}")
    return Source(
        id=where.source_id, vendor=VENDORS[product], product=product, kind=kind, url=where.url, publisher=publisher
    )


SOURCES = tuple(
    _source(product, kind, publisher)
    for product in (DAGSTER, PREFECT)
    for kind, publisher in ((SourceKind.PRICING, None), (SourceKind.REVIEWS, "g2"))
)
STATES = (
    *(
        SourceState(source_id=source.id, outcome=Outcome.FETCHED, checked_at=MAY, verified_at=MAY, since=APRIL)
        for source in SOURCES[:3]
    ),
    SourceState(
        source_id=SOURCES[3].id, outcome=Outcome.BLOCKED, checked_at=MAY, verified_at=APRIL, since=MAY, failures=1
    ),
)
CATALOG = Catalog(
    as_of=MAY,
    sources=SOURCES,
    states=STATES,
    plans=PLANS,
    terms=TERMS,
    ratings=RATINGS,
    changes=(CHANGE,),
    costs=COSTS,
    workloads=(ONE_SEAT, OWN),
    demo=True,
    checks=(
        CheckResult(
            suite="history",
            check="intervals do not overlap",
            status="passed",
            severity="error",
            checked=21,
            unexpected=0,
            message="",
            at=MAY,
        ),
    ),
)
REGISTRY = Registry(
    tuple(
        Vendor(
            slug=vendor,
            name=vendor.title(),
            homepage=f"https://{vendor}.io",
            categories=("workflow-automation",),
            products=(
                Product(
                    vendor=vendor,
                    slug=product,
                    name=name,
                    sources=tuple(source for source in SOURCES if source.vendor == vendor),
                ),
            ),
        )
        for vendor, product, name in (("dagster", DAGSTER, "Dagster+"), ("prefect", PREFECT, "Prefect Cloud"))
    )
)


def comparison(slug: str = "prefect-vs-dagster", **changed: object) -> ComparisonFile:
    """A comparison with a text in every section, some of them with placeholders."""
    both = {PREFECT: "Flows.", DAGSTER: "Assets."}
    lists = {PREFECT: ("Runs are not metered.",), DAGSTER: ("Lineage is the model.",)}
    content = {
        "title": "Prefect vs Dagster",
        "summary": "What both cost and how they differ.",
        "products": (PREFECT, DAGSTER),
        "reviewed_on": "2026-05-01",
        "short_answer": "Solo costs {{ dagster-plus.solo.recurring_fee }} and includes "
        "{{ dagster-plus.solo.allowance.credit }} credits.",
        "at_a_glance": ({"label": "Model", "values": both},),
        "choose": ({"product": DAGSTER, "reasons": ("you look after data",)},),
        "features": (
            {
                "name": "Lineage",
                "values": {
                    PREFECT: {"level": "partly", "text": "On tasks."},
                    DAGSTER: {"level": "yes", "text": "The graph."},
                },
            },
        ),
        "strengths": lists,
        "weaknesses": lists,
        "best_for": ({"who": "One engineer", "product": PREFECT, "why": "It is quick."},),
        "head_to_head": ({"name": "Pricing", "winner": "tie", "why": "It depends.", "values": both},),
        "migration": (
            {"origin": PREFECT, "target": DAGSTER, "summary": "Days.", "steps": ("Turn flows into assets.",)},
        ),
        "questions": (
            {
                "question": "What do you declare?",
                "answers": (
                    {"answer": "Tables", "product": DAGSTER, "why": "Assets."},
                    {"answer": "Work", "product": "tie", "why": "Both."},
                ),
            },
        ),
        "takeaways": ("Below {{ break_even dagster-plus.solo dagster-plus.starter credit }} credits Solo is cheaper.",),
        "bottom_line": "At 15,000 credits Solo comes to {{ cost dagster-plus.solo one-seat-15000-credits }}; take "
        "{{ cheapest dagster-plus one-seat-15000-credits }}.",
        "faq": ({"question": "Which is rated higher?", "answer": "Prefect: {{ prefect-cloud.rating.g2 }}."},),
        **changed,
    }
    model = Comparison.model_validate(content, strict=False)
    return ComparisonFile(slug=slug, path=Path("comparisons") / f"{slug}.yaml", content=model, lines={})


def without(catalog: Catalog, plan: str) -> Catalog:
    """The catalog as if a plan of Dagster's were gone."""
    return replace(
        catalog,
        plans=tuple(row for row in catalog.plans if (row.product, row.plan.slug) != (DAGSTER, plan)),
        terms=tuple(row for row in catalog.terms if (row.product, row.term.plan) != (DAGSTER, plan)),
    )
