"""A market for the tests of claims: Dagster+ before and after May 2026, Prefect Cloud, and a product with yearly prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from pricing_pipeline import costs
from pricing_pipeline.claims.audit import Audit, Auditor
from pricing_pipeline.claims.judging import Judged
from pricing_pipeline.claims.knowledge import Held, Knowledge, Named, Sourced
from pricing_pipeline.facts import Evidence, Plan, Rating, RatingState, State, Term
from tests.pricing_pipeline.offers import allowance, fee, limit, minimum, rate

APRIL = datetime(2026, 4, 1, 6, tzinfo=UTC)
TURN = datetime(2026, 5, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, 6, tzinfo=UTC)
DAGSTER, PREFECT, ACME = "dagster-plus", "prefect-cloud", "acme"
VENDORS = {DAGSTER: "dagster", PREFECT: "prefect", ACME: "acme"}
NAMES = (
    Named(vendor="dagster", product=DAGSTER, vendor_name="Dagster", product_name="Dagster+"),
    Named(vendor="prefect", product=PREFECT, vendor_name="Prefect", product_name="Prefect Cloud"),
    Named(vendor="acme", product=ACME, vendor_name="Acme", product_name="Acme"),
)


def held(product: str, fact, *, since: datetime = APRIL, until: datetime | None = None, hosted: bool = True):
    """A fact with its time."""
    vendor = VENDORS[product]
    return Held(
        vendor=vendor, product=product, fact=fact, since=since, until=until, url=f"https://{vendor}.example/pricing",
        captured_at=since, hosted=hosted,
    )  # fmt: skip


def plan(product: str, name: str, state: State = State.STATED, *, hosted: bool = True):
    """A plan; its slug is its name in small letters."""
    slug = name.lower().replace(" ", "-")
    return held(
        product, Plan(slug=slug, name=name, state=state, evidence=Evidence(quote=name, locator="p")), hosted=hosted
    )


def rated(product: str, value: str | None, count: int | None, publisher: str = "g2"):
    """A rating, or that there is none yet."""
    state = RatingState.STATED if value else RatingState.NO_RATINGS_YET
    scale = Decimal(5) if value else None
    rating = Rating(
        state=state, publisher=publisher, rating=value and Decimal(value), scale=scale, review_count=count,
        evidence=Evidence(quote=f"{value} ({count})", locator="p"),
    )  # fmt: skip
    return held(product, rating)


def free(of: str) -> Term:
    """A fee of nothing."""
    return fee(of, state=State.FREE)


PLANS = (
    plan(DAGSTER, "Solo"),
    plan(DAGSTER, "Starter"),
    plan(DAGSTER, "Pro", State.CONTACT_SALES),
    plan(DAGSTER, "Open source", State.FREE, hosted=False),
    plan(PREFECT, "Hobby", State.FREE),
    plan(PREFECT, "Starter"),
    plan(PREFECT, "Team"),
    plan(PREFECT, "Enterprise", State.CONTACT_SALES),
    plan(ACME, "Basic"),
    plan(ACME, "Business"),
)
STANDING: dict[str, Iterable[Term]] = {
    DAGSTER: (
        fee("solo", "10"), fee("solo", "120", period="year"), limit("solo", "seat", 1), limit("solo", "deployment", 1),
        fee("starter", "100"), limit("starter", "seat", 3), fee("pro", state=State.CONTACT_SALES), free("open-source"),
        limit("pro", "seat", state=State.UNLIMITED),
    ),
    PREFECT: (
        free("hobby"), limit("hobby", "seat", 2), limit("hobby", "deployment", 5),
        allowance("hobby", "serverless_minute", 500, period="month"), fee("starter", "100"), limit("starter", "seat", 3),
        limit("starter", "deployment", 20), fee("team", "100", metric="seat"), minimum("team", metric="seat", quantity=4),
        limit("team", "seat", 8), limit("team", "run_retention_day", 14), fee("enterprise", state=State.CONTACT_SALES),
    ),
    ACME: (
        fee("basic", "8", commitment="year"), fee("basic", "10", commitment="month"), fee("business", "1200", period="year"),
        allowance("basic", "row", 1000000, period="month"), rate("basic", "event", "9", per=1000),
    ),
}  # fmt: skip
MOVED = (
    (allowance("solo", "credit", 7500, period="month"), allowance("solo", "credit", state=State.NOT_INCLUDED)),
    (allowance("starter", "credit", 30000, period="month"), allowance("starter", "credit", state=State.NOT_INCLUDED)),
    (rate("solo", "credit", "0.03"), rate("solo", "credit", "0.040")),
    (rate("starter", "credit", "0.03"), rate("starter", "credit", "0.035")),
    (rate(None, "serverless_minute", "0.005"), rate(None, "serverless_minute", "0.010")),
)
KNOWN = Knowledge(
    as_of=MAY,
    products=NAMES,
    plans=PLANS,
    terms=(
        *(held(product, term) for product, terms in STANDING.items() for term in terms),
        *(held(DAGSTER, before, until=TURN) for before, _ in MOVED),
        *(held(DAGSTER, after, since=TURN) for _, after in MOVED),
    ),
    ratings=(
        rated(DAGSTER, None, None), rated(PREFECT, "4.5", 124), rated(PREFECT, "4.25", 31, "capterra"),
        rated(ACME, "4.1", 12345),
    ),
    verified={("dagster", DAGSTER): MAY},
    licences={"prefect": Sourced(text="The framework is open source under the Apache licence.", url="https://x.example")},
    price=costs.price,
)  # fmt: skip
AUDITOR = Auditor(KNOWN)


def audit(text: str, file: str = "text.md") -> Audit:
    """The audit of a text."""
    return AUDITOR.audit(text, file)


def judged(text: str, file: str = "text.md") -> list[Judged]:
    """The judged claims of a text."""
    return list(audit(text, file).judged)


def contradicted(text: str, file: str = "text.md") -> list[str]:
    """The words of the claims that the facts contradict."""
    return [one.claim.text for one in audit(text, file).contradicted]
