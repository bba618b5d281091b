"""Offers for the tests of costs, changes and gate: Dagster+ before and after 1 May 2026, and terms written short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from pricing_pipeline.facts import (
    Announcement,
    Evidence,
    Plan,
    PriceKind,
    Rating,
    RatingState,
    State,
    Surface,
    Term,
    TermKind,
    TierMode,
)
from pricing_pipeline.results import Offer, Workload

AT = datetime(2026, 5, 1, 6, tzinfo=UTC)
QUOTE = Evidence(quote="as printed", locator="main")


def workload(slug: str = "load", name: str = "", **usage: str | int) -> Workload:
    """A workload of so much of each metric."""
    return Workload(slug=slug, name=name or slug, usage={metric: Decimal(used) for metric, used in usage.items()})


ONE_SEAT = workload("one-seat-15000-credits", "One seat with 15,000 credits", seat=1, credit=15000)
SMALL_TEAM = workload("small-team", "Small team", seat=3, credit=30000, serverless_minute=1000)


def plan(slug: str, name: str = "", state: State = State.STATED) -> Plan:
    """A plan; its name is the slug with a capital where none is given."""
    return Plan(slug=slug, name=name or slug.capitalize(), state=state, evidence=QUOTE)


def term(
    of: str | None,
    kind: TermKind,
    *,
    metric: str | None = None,
    amount: str | None = None,
    upto: str | None = None,
    quantity: str | int | None = None,
    per: str | int | None = None,
    tier: tuple[str | None, str | None] = (None, None),
    state: State = State.STATED,
    period: str | None = None,
    commitment: str | None = None,
    currency: str | None = "USD",
    price_kind: PriceKind = PriceKind.STANDARD,
    tier_mode: TierMode | None = None,
    unit: str | None = None,
    country: str | None = None,
    surface: Surface = Surface.VISIBLE,
    quote: str = "as printed",
    effective_from: date | None = None,
) -> Term:
    """A term with its numbers written as text."""
    return Term(
        plan=of,
        term=kind,
        metric=metric,
        state=state,
        amount=_number(amount),
        amount_max=_number(upto),
        currency=currency if amount is not None else None,
        quantity=_number(quantity),
        per_quantity=_number(per),
        tier_from=_number(tier[0]),
        tier_to=_number(tier[1]),
        billing_period=period,
        commitment=commitment,
        price_kind=price_kind,
        tier_mode=tier_mode,
        unit_as_printed=unit,
        country=country,
        effective_from=effective_from,
        evidence=Evidence(quote=quote, locator="main", surface=surface),
    )


def _number(written: str | int | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def fee(of: str | None, amount: str | None = None, **more: object) -> Term:
    """A recurring fee a month."""
    more.setdefault("period", "month" if amount is not None else None)
    return term(of, TermKind.RECURRING_FEE, amount=amount, **more)  # type: ignore[arg-type]  # passed on as given


def rate(of: str | None, metric: str, amount: str | None = None, **more: object) -> Term:
    """A price for each unit used."""
    return term(of, TermKind.USAGE_RATE, metric=metric, amount=amount, **more)  # type: ignore[arg-type]  # as given


def allowance(of: str | None, metric: str, quantity: str | int | None = None, **more: object) -> Term:
    """So much included."""
    return term(of, TermKind.ALLOWANCE, metric=metric, quantity=quantity, **more)  # type: ignore[arg-type]  # as given


def limit(of: str | None, metric: str, quantity: str | int | None = None, **more: object) -> Term:
    """At most so much."""
    return term(of, TermKind.LIMIT, metric=metric, quantity=quantity, **more)  # type: ignore[arg-type]  # as given


def minimum(of: str | None, **more: object) -> Term:
    """The least that is billed."""
    return term(of, TermKind.MINIMUM_SPEND, **more)  # type: ignore[arg-type]  # passed on as given


def rating(
    value: str | None = "4.5",
    count: int | None = 100,
    *,
    scale: str | None = "5",
    state: RatingState = RatingState.STATED,
) -> Rating:
    """A rating at one publisher."""
    return Rating(
        state=state, evidence=QUOTE, publisher="G2", rating=_number(value), scale=_number(scale), review_count=count
    )


def offer(
    plans: Iterable[Plan | str], *terms: Term, ratings: Iterable[Rating] = (), dates: Iterable[date] = ()
) -> Offer:
    """An offer of these plans and terms; `dates` are announced on it."""
    return Offer(
        plans=tuple(plan(each) if isinstance(each, str) else each for each in plans),
        terms=terms,
        ratings=tuple(ratings),
        announcements=tuple(Announcement(effective_from=day, evidence=QUOTE) for day in dates),
    )


_DAGSTER = (plan("solo"), plan("starter"), plan("pro", state=State.CONTACT_SALES))
_SAME = (
    fee("solo", "10", commitment="month"),
    fee("starter", "100", commitment="month"),
    fee("pro", state=State.CONTACT_SALES),
    limit("solo", "seat", 1),
    limit("starter", "seat", 3),
)
APRIL = offer(
    _DAGSTER,
    *_SAME,
    allowance("solo", "credit", 7500, period="month"),
    rate("solo", "credit", "0.03"),
    allowance("starter", "credit", 30000, period="month"),
    rate("starter", "credit", "0.03"),
    rate(None, "serverless_minute", "0.005"),
)
MAY = offer(
    _DAGSTER,
    *_SAME,
    allowance("solo", "credit", state=State.NOT_INCLUDED),
    rate("solo", "credit", "0.040"),
    allowance("starter", "credit", state=State.NOT_INCLUDED),
    rate("starter", "credit", "0.035"),
    rate(None, "serverless_minute", "0.010"),
    dates=(date(2026, 5, 1),),
)
