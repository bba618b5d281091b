"""A made-up market beside the demo's: vendors with yearly prices, seats, several publishers of reviews, and a history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from pricing_pipeline.claims.knowledge import Fact, Held, Knowledge, Named, Sourced
from pricing_pipeline.facts import Evidence, Plan, Rating, RatingState, State, Term, TermKind

BEGAN = datetime(2026, 1, 10, tzinfo=UTC)
TURN = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
PRODUCTS = (
    Named(vendor="tidewater", product="tidewater", vendor_name="Tidewater", product_name="Tidewater"),
    Named(vendor="quillon", product="quillon-sync", vendor_name="Quillon", product_name="Quillon Sync"),
    Named(vendor="quillon", product="quillon-flow", vendor_name="Quillon", product_name="Quillon Flow"),
    Named(vendor="marblehead", product="marblehead-cloud", vendor_name="Marblehead", product_name="Marblehead Cloud"),
)
LICENCES = {
    "marblehead": Sourced(
        text="The engine is open source under the MIT licence.", url="https://marblehead.example/licence"
    )
}


def world(demo: Knowledge) -> Knowledge:
    """The demo's market and the made-up one."""
    return replace(
        demo,
        as_of=max(demo.as_of, NOW),
        products=(*demo.products, *PRODUCTS),
        plans=(*demo.plans, *_plans()),
        terms=(*demo.terms, *_terms()),
        ratings=(*demo.ratings, *_ratings()),
        licences={**demo.licences, **LICENCES},
    )


def _evidence(quote: str) -> Evidence:
    return Evidence(quote=quote, locator="main")


def _held(product: str, fact: Fact, *, since: datetime = BEGAN, until: datetime | None = None) -> Held[Fact]:
    vendor = next(one.vendor for one in PRODUCTS if one.product == product)
    url = f"https://{vendor}.example/pricing"
    return Held(
        vendor=vendor, product=product, fact=fact, since=since, until=until, url=url, captured_at=since
    )  # fmt: skip


def _plans() -> Iterator[Held[Plan]]:
    listed = {
        "tidewater": (
            ("Free", State.FREE),
            ("Standard", State.STATED),
            ("Business", State.STATED),
            ("Enterprise", State.CONTACT_SALES),
        ),
        "quillon-sync": (("Launch", State.STATED), ("Scale", State.STATED), ("Enterprise", State.CONTACT_SALES)),
        "quillon-flow": (("Launch", State.STATED), ("Growth", State.STATED)),
        "marblehead-cloud": (("Developer", State.FREE), ("Team", State.STATED), ("Unlimited", State.STATED)),
    }
    for product, plans in listed.items():
        for name, state in plans:
            yield _held(product, Plan(slug=name.lower(), name=name, state=state, evidence=_evidence(name)))


def _fee(
    plan: str, amount: str, period: str = "month", commitment: str | None = None, metric: str | None = None
) -> Term:
    return Term(
        plan=plan, term=TermKind.RECURRING_FEE, evidence=_evidence(f"${amount} a {period}"), amount=Decimal(amount),
        currency="USD",
        billing_period=period, commitment=commitment or period, metric=metric,
    )  # fmt: skip


def _free(plan: str) -> Term:
    return Term(plan=plan, term=TermKind.RECURRING_FEE, evidence=_evidence("Free"), state=State.FREE)


def _sales(plan: str) -> Term:
    return Term(plan=plan, term=TermKind.RECURRING_FEE, evidence=_evidence("Contact sales"), state=State.CONTACT_SALES)


def _count(kind: TermKind, plan: str, metric: str, quantity: int, period: str | None = None) -> Term:
    quote = f"{quantity} {metric.replace('_', ' ')}s"
    return Term(
        plan=plan, term=kind, evidence=_evidence(quote), metric=metric, quantity=Decimal(quantity), billing_period=period
    )  # fmt: skip


def _rate(plan: str | None, metric: str, amount: str, per: int | None = None) -> Term:
    quantity = None if per is None else Decimal(per)
    return Term(
        plan=plan, term=TermKind.USAGE_RATE, evidence=_evidence(f"${amount} per {metric}"), metric=metric, amount=Decimal(amount),
        currency="USD", per_quantity=quantity,
    )  # fmt: skip


def _terms() -> Iterator[Held[Term]]:
    allowance, limit, least = TermKind.ALLOWANCE, TermKind.LIMIT, TermKind.MINIMUM_SPEND
    yield from _each("tidewater", (
        _free("free"), _count(limit, "free", "seat", 1), _count(allowance, "free", "row", 50000, "month"),
        _fee("standard", "29"), _fee("standard", "24", "month", "year"), _count(limit, "standard", "seat", 5),
        _rate("standard", "row", "4", 100000), _count(limit, "standard", "connector", 10),
        _fee("business", "149"), _fee("business", "1490", "year"), _count(allowance, "business", "row", 5000000, "month"),
        _count(limit, "business", "connector", 40), _sales("enterprise"),
    ))  # fmt: skip
    yield _held("tidewater", _count(allowance, "standard", "row", 1000000, "month"), until=TURN)
    yield _held("tidewater", _count(allowance, "standard", "row", 500000, "month"), since=TURN)
    yield from _each("quillon-sync", (
        _fee("launch", "15", metric="seat"), _count(least, "launch", "seat", 2), _count(limit, "launch", "seat", 10),
        _count(limit, "launch", "pipeline", 3), _count(allowance, "scale", "event", 250000, "month"),
        _rate("scale", "event", "9", 1000), _count(limit, "scale", "pipeline", 25), _sales("enterprise"),
    ))  # fmt: skip
    yield _held("quillon-sync", _fee("scale", "320"), until=TURN)
    yield _held("quillon-sync", _fee("scale", "390"), since=TURN)
    yield from _each("quillon-flow", (
        _fee("launch", "40"), _count(allowance, "launch", "run", 1000, "month"), _rate("launch", "run", "0.05"),
        _fee("growth", "180"), _count(allowance, "growth", "run", 10000, "month"), _rate("growth", "run", "0.02"),
    ))  # fmt: skip
    yield from _each("marblehead-cloud", (
        _free("developer"), _count(limit, "developer", "project", 2), _fee("team", "75"), _count(limit, "team", "project", 20),
        _count(limit, "team", "seat", 12), _fee("unlimited", "600"),
        Term(plan="unlimited", term=limit, evidence=_evidence("Unlimited projects"), metric="project", state=State.UNLIMITED),
    ))  # fmt: skip


def _each(product: str, terms: Iterable[Term]) -> Iterator[Held[Term]]:
    for term in terms:
        yield _held(product, term)


def _ratings() -> Iterator[Held[Rating]]:
    rated = (
        ("tidewater", "g2", "4.6", 1287), ("tidewater", "capterra", "4.4", 310), ("quillon-sync", "g2", "4.2", 86),
        ("quillon-flow", "g2", "3.9", 41),
    )  # fmt: skip
    for product, publisher, value, count in rated:
        rating = Rating(
            state=RatingState.STATED, evidence=_evidence(f"{value} out of 5 ({count} reviews)"), publisher=publisher,
            rating=Decimal(value), scale=Decimal(5), review_count=count,
        )  # fmt: skip
        yield _held(product, rating)
    none = Rating(state=RatingState.NO_RATINGS_YET, evidence=_evidence("No reviews yet"), publisher="g2")
    yield _held("marblehead-cloud", none)
