"""Invented vendors of odd content: long names, many plans, other currencies, prices that are hidden or unknown, pages that
cannot be read, changes that wait, products that are sold no longer. Costs are reckoned from the terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pricing_pipeline import costs
from pricing_pipeline.catalog import (
    AnnouncedTerm,
    Catalog,
    CohortPeriod,
    CostPeriod,
    HeldObservation,
    Provenance,
    SourceState,
    StandingPlan,
    StandingRating,
    StandingTerm,
    TermPeriod,
)
from pricing_pipeline.facts import (
    Cohort,
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
    Term,
    TermKind,
)
from pricing_pipeline.registry.comparisons import Comparison, ComparisonFile
from pricing_pipeline.registry.vendors import Product, Registry, Vendor
from pricing_pipeline.results import Change, Offer, PricedPlan, Workload
from tests.pricing_pipeline.publish import example

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
LONG = "Northwind Orchestration, Observability & Data Reliability Platform (Enterprise Edition)"
LADDER, EURO, POUND, HIDDEN, WALLED, GONE = "ladder", "kelvin-flow", "thames-jobs", "quoted", "walled", "old-loader"
FOUR = (LADDER, EURO, POUND, HIDDEN)
FEE, RATE, HAS, MOST = TermKind.RECURRING_FEE, TermKind.USAGE_RATE, TermKind.ALLOWANCE, TermKind.LIMIT
_RUNGS = (
    "Hobby", "Solo", "Duo", "Team", "Team Plus", "Growth", "Scale", "Business", "Business Critical and Regulated Workloads",
    "Fleet", "Group", "Enterprise",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Made:
    """One product with its facts. `terms` are in the order of its page."""

    product: Product
    vendor_name: str
    categories: tuple[str, ...]
    plans: tuple[tuple[str, State, bool], ...]
    terms: tuple[Term, ...]
    state: SourceState


def term(plan: str | None, kind: TermKind, value: str | None, metric: str | None = None, **more: Any) -> Term:
    """A term of so much money if it has a currency, else of so many of a metric; None where it is a state."""
    number = None if value is None else Decimal(value)
    held = {"amount": number} if "currency" in more else {"quantity": number}
    period = {"billing_period": "month"} if kind in (FEE, HAS) else {}
    quote = f"{value or more.get('state')} {metric or 'a month'}, as the page of prices says it"
    return Term(
        plan=plan,
        term=kind,
        metric=metric,
        evidence=Evidence(quote=quote, locator="main > p"),
        **{**held, **period, **more},
    )


def _source(vendor: str, product: str, kind: SourceKind = SourceKind.PRICING, publisher: str | None = None) -> Source:
    name = kind.value if publisher is None else f"{kind.value}/{publisher}"
    return Source(
        id=f"{vendor}/{product}/{name}", vendor=vendor, product=product, kind=kind,
        url=f"https://{vendor}.example/{product}/{name}", publisher=publisher,
    )  # fmt: skip


def _made(
    slug: str,
    name: str,
    vendor: str,
    *,
    outcome: Outcome = Outcome.FETCHED,
    read: datetime | None = NOW,
    **more: Any,
) -> Made:
    source = _source(slug, slug)
    reviews = _source(slug, slug, SourceKind.REVIEWS, "g2")
    state = SourceState(
        source_id=source.id, outcome=outcome, checked_at=NOW, verified_at=read, since=read or NOW, held=slug == LADDER
    )
    product = Product(
        vendor=slug, slug=slug, name=name, sources=(source, reviews), self_hosted=("community",),
        retired=date(2026, 3, 1) if slug == GONE else None, merged_into=(LADDER, LADDER) if slug == GONE else None,
    )  # fmt: skip
    return Made(
        product=product,
        vendor_name=vendor,
        state=state,
        **{"categories": ("workflow-automation", "data-quality-and-observability"), **more},
    )


def _ladder() -> Iterator[Term]:
    for place, name in enumerate(_RUNGS[1:-1], start=1):
        plan = _slug(name)
        yield term(plan, FEE, str(place * 49), currency="USD", commitment="month")
        yield term(plan, HAS, str(place * 12_500), "event")
        yield term(plan, RATE, f"0.00{90 - place * 7}", "event", currency="USD")
        yield term(plan, MOST, str(place * 2), "seat")
        yield term(plan, HAS, str(place * 10), "connector")
    yield term("hobby", MOST, "1", "seat")
    yield term("hobby", MOST, "1000", "event")
    yield term("enterprise", MOST, None, "seat", state=State.UNLIMITED)


def _euro() -> Iterator[Term]:
    eur = {"currency": "EUR"}
    yield term("start", FEE, "19", "seat", commitment="month", **eur)
    yield term("start", HAS, "5000", "event")
    yield term("start", RATE, "0.004", "event", amount_max=Decimal("0.009"), **eur)
    yield term("team", FEE, "89.50", commitment="month", **eur)
    yield term("team", HAS, None, "event", state=State.NOT_INCLUDED)
    yield term("team", RATE, "9", "event", per_quantity=Decimal(1000), **eur)
    yield term("team", MOST, "25", "seat")
    yield term("plant", FEE, "1290", commitment="year", **eur)
    yield term("plant", HAS, None, "event", state=State.UNLIMITED)


def _pound() -> Iterator[Term]:
    yield term("jobs", FEE, "12", "seat", currency="GBP", commitment="month")
    yield term("jobs", HAS, "300", "serverless_minute")
    yield term("estate", FEE, None, state=State.CONTACT_SALES)
    yield term("community", FEE, None, state=State.FREE)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _all(*named: str | tuple[str, State] | tuple[str, State, bool]) -> tuple[tuple[str, State, bool], ...]:
    """Plans with their states; stated and hosted unless they say otherwise."""
    pairs = ((one, State.STATED) if isinstance(one, str) else one for one in named)
    return tuple((pair[0], pair[1], pair[2] if len(pair) > 2 else True) for pair in pairs)


MADE = (
    _made(LADDER, LONG, "Northwind Industrial Software and Services Holding", terms=tuple(_ladder()),
          plans=_all((_RUNGS[0], State.FREE), *_RUNGS[1:-1], (_RUNGS[-1], State.CONTACT_SALES))),
    _made(EURO, "Kelvin Flow", "Kelvin Öst AB", read=NOW - timedelta(days=40), outcome=Outcome.RATE_LIMITED,
          plans=_all("Start", "Team", "Plant"), terms=tuple(_euro())),
    _made(POUND, "Thames Jobs", "Thames", terms=tuple(_pound()),
          plans=_all("Jobs", ("Estate", State.CONTACT_SALES), ("Community", State.FREE, False))),
    _made(HIDDEN, "Quoted", "Quoted", plans=_all(("Standard", State.CONTACT_SALES), ("Premium", State.CONTACT_SALES)), terms=()),
    _made(WALLED, "Walled Garden", "Walled", plans=(), terms=(), outcome=Outcome.BLOCKED, read=None),
    _made(GONE, "Old Loader", "Old Loader", plans=_all("Basic"), categories=("etl-and-data-pipelines",),
          terms=(term("basic", FEE, "25", currency="USD", commitment="month"),)),
)  # fmt: skip
WORKLOADS = tuple(
    Workload(slug=slug, name=name, usage={metric: Decimal(used) for metric, used in usage.items()})
    for slug, name, usage in (
        ("one-seat", "One seat and nothing else", {"seat": 1}),
        ("four-seats", "Four seats with 200,000 events", {"seat": 4, "event": 200_000}),
        (
            "ninety-seats",
            "Ninety seats with two million events and 40 connectors",
            {"seat": 90, "event": 2_000_000, "connector": 40},
        ),
    )
)
REGISTRY = Registry(
    tuple(
        Vendor(
            slug=one.product.vendor, name=one.vendor_name, homepage=f"https://{one.product.vendor}.example",
            categories=one.categories, products=(one.product,),
        )
        for one in MADE
    )
)  # fmt: skip


def provenance(one: Made) -> Provenance:
    """Where the facts of a product were read."""
    source, read = one.product.sources[0], one.state.verified_at or NOW
    return Provenance(
        source_id=source.id, url=source.url, capture_id=f"capture-{one.product.slug}", sha256="cd" * 32,
        captured_at=read - timedelta(days=9), verified_at=read, valid_from=read - timedelta(days=9), recorded_at=read,
    )  # fmt: skip


def _plans(one: Made) -> Iterator[StandingPlan]:
    for place, (name, state, hosted) in enumerate(one.plans):
        plan = Plan(slug=_slug(name), name=name, state=state, evidence=Evidence(quote=name, locator="h3"))
        yield StandingPlan(
            vendor=one.product.vendor, product=one.product.slug, plan=plan, position=place, hosted=hosted,
            provenance=provenance(one),
        )  # fmt: skip


def _standing(one: Made) -> Iterator[StandingTerm]:
    for term in one.terms:
        pending = one.product.slug == LADDER and term.plan == "team" and term.term is FEE
        yield StandingTerm(
            vendor=one.product.vendor, product=one.product.slug, term=term, provenance=provenance(one), pending=pending
        )


def _history(one: Made) -> Iterator[TermPeriod]:
    """Fees of the first plans were lower, with a year in between of which nothing is known."""
    for place, term in enumerate(one.terms):
        moved = term.term in (FEE, RATE) and term.amount is not None and place < 25
        starts = (NOW - timedelta(days=700), NOW - timedelta(days=500), NOW - timedelta(days=90 + place))
        if moved:
            for share, since, until in (("0.5", starts[0], starts[1]), ("0.8", starts[1], NOW - timedelta(days=300))):
                assert term.amount is not None
                yield _period(one, replace(term, amount=term.amount * Decimal(share), amount_max=None), since, until)
        yield _period(one, term, starts[2 if moved else 0], None)


def _period(one: Made, term: Term, since: datetime, until: datetime | None) -> TermPeriod:
    return TermPeriod(
        vendor=one.product.vendor,
        product=one.product.slug,
        term=term,
        valid_from=since,
        valid_to=until,
        recorded_at=NOW,
    )


def _costs() -> Iterator[PricedPlan]:
    for one in MADE:
        offer = Offer(plans=tuple(row.plan for row in _plans(one)), terms=one.terms)
        hosted = {_slug(name): hosted for name, _, hosted in one.plans}
        priced = costs.price_offer(offer, WORKLOADS, vendor=one.product.vendor, product=one.product.slug, hosted=hosted)
        yield from costs.rank(
            priced, {(one.product.vendor, one.product.slug, plan): is_ours for plan, is_ours in hosted.items()}
        )


def _cost_history(priced: PricedPlan) -> Iterator[CostPeriod]:
    """Half the bill until two months ago, where there is one."""
    turn, cost = NOW - timedelta(days=60), priced.cost
    before = (
        cost if cost.high is None or cost.low is None else replace(cost, low=cost.low / 2, high=cost.high / 2, steps=())
    )
    for found, since, until in ((before, NOW - timedelta(days=400), turn), (replace(cost, steps=()), turn, None)):
        yield CostPeriod(
            vendor=priced.vendor, product=priced.product, plan=priced.plan, workload=priced.workload, cost=found,
            valid_from=since, valid_to=until,
        )  # fmt: skip


def _changes() -> Iterator[Change]:
    year = "Team: price a month $196.00 → $2,352.00; twelve times as much looks like the price of a year"
    kinds = (
        (LADDER, "team", Lever.HEADLINE, "price_increased", Severity.CRITICAL, year),
        (EURO, "start", Lever.HEADLINE, "currency_changed", Severity.NOTICE, "Start: €19.00 a seat instead of $19.00"),
        (POUND, None, Lever.STRUCTURE, "plan_added", Severity.INFO, "Community: a plan that was not there before"),
        (LADDER, "growth", Lever.REVIEWS, "rating_changed", Severity.INFO, "Rating at G2 4.4 → 4.1"),
    )
    for place, (product, plan, lever, kind, severity, verdict) in enumerate(kinds):
        yield replace(
            example.CHANGE, id=f"odd-{place}", vendor=product, product=product, plan=plan, lever=lever, kind=kind,
            severity=severity, verdict=verdict,
            state=GateState.ACCEPTED if place else GateState.HELD, observed_at=NOW - timedelta(days=3 * place), costs=(),
            before_term=None, after_term=None, effective_at=None,
        )  # fmt: skip


def _ratings() -> Iterator[StandingRating]:
    quote = Evidence(quote="4.1 out of 5 from 1,204 ratings", locator="p")
    stated = {"rating": Decimal("4.1"), "scale": Decimal(5), "rating_count": 1204}
    said = {
        LADDER: Rating(state=RatingState.STATED, publisher="g2", evidence=quote, **stated),  # type: ignore[arg-type]  # by name
        EURO: Rating(state=RatingState.NO_RATINGS_YET, publisher="g2", evidence=replace(quote, quote="No reviews yet")),
    }
    for one in MADE:
        if one.product.slug in said:
            yield StandingRating(
                vendor=one.product.vendor, product=one.product.slug, rating=said[one.product.slug],
                provenance=replace(provenance(one), source_id=one.product.sources[1].id, url=one.product.sources[1].url),
            )  # fmt: skip


def catalog() -> Catalog:
    """Everything that is known of them."""
    terms = tuple(row for one in MADE for row in _standing(one))
    priced, changes = tuple(_costs()), tuple(_changes())
    team = next(row for row in terms if row.pending)
    plant = next(row for row in terms if (row.product, row.term.plan, row.term.term) == (EURO, "plant", FEE))
    return Catalog(
        as_of=NOW,
        sources=tuple(REGISTRY.sources()),
        states=tuple(one.state for one in MADE),
        plans=tuple(row for one in MADE for row in _plans(one)),
        terms=terms,
        ratings=tuple(_ratings()),
        history=tuple(row for one in MADE for row in _history(one)),
        announced=(
            AnnouncedTerm(
                vendor=EURO, product=EURO, provenance=plant.provenance, before=plant.term,
                term=replace(plant.term, amount=Decimal(1490), effective_from=date(2026, 9, 1)),
            ),
        ),
        cohorts=(
            CohortPeriod(
                vendor=POUND, product=POUND, valid_from=NOW, valid_to=None, url=f"https://{POUND}.example/",
                cohort=Cohort(plan="jobs", evidence=Evidence(quote="Customers of 2024 keep £8 per seat.", locator="p")),
            ),
        ),
        held=(
            HeldObservation(
                observation_id="held-1", source_id=MADE[0].product.sources[0].id, vendor=LADDER, product=LADDER,
                captured_at=NOW, state=GateState.HELD, reason="twelve times as much", confirmations=1,
                changes=changes[:1], url=team.provenance.url,
            ),
        ),
        changes=changes,
        costs=priced,
        cost_history=tuple(period for one in priced for period in _cost_history(one)),
        workloads=WORKLOADS,
    )  # fmt: skip


def comparison(*products: str) -> ComparisonFile:
    """A comparison of some of them; its text is short, its tables are not."""
    every = dict.fromkeys(products, "As its page says.")
    lists = dict.fromkeys(products, ("It does what it says.", "It says what it does."))
    levels = zip(products, ("yes", "partly", "no", "unknown"), strict=False)
    have = {product: {"level": level, "text": "In its way."} for product, level in levels}
    one, other = products[:2]
    names = [made.product.name for slug in products for made in MADE if made.product.slug == slug]
    content = {
        "title": " vs ".join(names) if len(" vs ".join(names)) <= 120 else f"{len(names)} kinds of orchestration, compared",
        "summary": "What they cost, and what is not known of that.",
        "products": products,
        "reviewed_on": "2026-06-01",
        "short_answer": "It depends on what you can find out.",
        "at_a_glance": ({"label": "Model", "values": every},),
        "choose": tuple({"product": product, "reasons": ("you like it", "it fits")} for product in products),
        "features": tuple(
            {"name": name, "values": have} for name in ("Lineage", "Single sign-on with every identity provider")
        ),
        "strengths": lists,
        "weaknesses": lists,
        "best_for": ({"who": "One engineer", "product": one, "why": "It is quick."},),
        "head_to_head": ({"name": "Pricing", "winner": "tie", "why": "It depends.", "values": every},),
        "migration": ({"origin": one, "target": other, "summary": "Days.", "steps": ("Pack.", "Move.")},),
        "questions": (
            {
                "question": "What do you pay for?",
                "answers": (
                    {"answer": "Seats", "product": one, "why": "So."},
                    {"answer": "Use", "product": "tie", "why": "Both."},
                ),
            },
        ),
        "takeaways": ("Prices that are on request cannot be compared.",),
        "bottom_line": "Ask them.",
        "faq": ({"question": "Is it open?", "answer": "Their pages do not say."},),
    }  # fmt: skip
    model = Comparison.model_validate(content, strict=False)
    file = "-vs-".join(products)
    return ComparisonFile(slug=file, path=Path("comparisons") / f"{file}.yaml", content=model, lines={})


COMPARISONS = (comparison(LADDER, EURO), comparison(*FOUR), comparison(POUND, HIDDEN))
