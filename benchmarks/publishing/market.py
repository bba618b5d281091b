"""The generated market: what each vendor sells, and what its pages said in each quarter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline.facts import (
    Evidence,
    Observation,
    Plan,
    Rating,
    RatingState,
    State,
    Term,
    TermKind,
)

VERSION = "generated"
CATEGORIES = ("analytics", "workflow-automation", "data-catalogs", "etl-and-data-pipelines", "monitoring")
# Prices of a credit at which two plans cost the same at whole numbers of credits.
_RATES = tuple(map(Decimal, ("0.01", "0.0125", "0.02", "0.025", "0.04")))
_FIRST = ("Kel", "Nor", "Vab", "Tur", "Mil", "Sog", "Dre", "Fal", "Hux", "Pim")
_LAST = ("tara", "ovio", "endi", "usko", "ilma", "amor", "etti", "arno", "ylla", "orba")


@dataclass(frozen=True, kw_only=True)
class Sold:
    """One product: by seats, or by credits. `number` is its place among all."""

    number: int
    vendor: str
    name: str

    @property
    def by_seats(self) -> bool:
        """Whether it charges for seats; the others charge for credits."""
        return self.number % 2 == 0

    @property
    def slug(self) -> str:
        """Its slug."""
        return f"{self.name.lower().replace(' ', '-')}"


def sold(vendors: int) -> list[Sold]:
    """What the vendors sell: every fourth of them two products, the others one."""
    found: list[Sold] = []
    for number in range(vendors):
        vendor = _name(number)
        for kind in ("Cloud", "Flow")[: 2 if number % 4 == 3 else 1]:
            found.append(Sold(number=len(found), vendor=vendor.lower(), name=f"{vendor} {kind}"))
    return found


def _name(number: int) -> str:
    first, last = _FIRST[number % 10], _LAST[number // 10 % 10]
    return first + last + ("", "n", "s", "x")[number // 100 % 4]


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The figures of one product in one quarter."""

    low: Decimal
    high: Decimal
    included: Decimal
    rate: Decimal
    extras: int = 0


def quarters(product: Sold, count: int) -> Iterator[Observation]:
    """What the pricing page of a product said, quarter by quarter; every fourth time something has moved."""
    chance = random.Random(product.number)
    now = Prices(
        low=Decimal(chance.randrange(5, 40)),
        high=Decimal(chance.randrange(60, 300)),
        included=Decimal(chance.randrange(2, 20) * 500),
        rate=chance.choice(_RATES),
    )
    for _ in range(count):
        yield page(product, now)
        if chance.random() < 0.25:
            now = _moved(now, chance.randrange(5))


def _moved(now: Prices, how: int) -> Prices:
    return (
        replace(now, low=now.low + 2),
        replace(now, high=now.high + 15),
        replace(now, included=max(Decimal(500), now.included - 500)),
        replace(now, rate=_RATES[(_RATES.index(now.rate) + 1) % len(_RATES)]),
        replace(now, extras=now.extras + 1),
    )[how]


def page(product: Sold, now: Prices) -> Observation:
    """The pricing page as it was read."""
    made = _by_seats(now) if product.by_seats else _by_credits(now)
    return Observation(extractor_version=VERSION, plans=tuple(made[0]), terms=tuple(made[1]))


def _by_seats(now: Prices) -> tuple[list[Plan], list[Term]]:
    plans = [
        _plan("Hobby", State.FREE),
        _plan("Starter"),
        _plan("Team"),
        _plan("Scale"),
        *_on_request("Pro", "Enterprise"),
    ]
    terms = [
        _fee("hobby", None),
        _count("hobby", TermKind.LIMIT, "seat", Decimal(2)),
        _count("hobby", TermKind.LIMIT, "deployment", Decimal(5 + now.extras)),
        _fee("starter", now.low * 10),
        _count("starter", TermKind.LIMIT, "seat", Decimal(3)),
        _count("starter", TermKind.ALLOWANCE, "serverless_minute", now.included),
        _fee("team", now.high, metric="seat"),
        _fee("team", now.high * 10, metric="seat", period="year"),
        _count("team", TermKind.MINIMUM_SPEND, "seat", Decimal(4)),
        _count("team", TermKind.LIMIT, "seat", Decimal(8)),
        _count("team", TermKind.ALLOWANCE, "serverless_minute", now.included * 4),
        _fee("scale", now.high * 2, metric="seat"),
        _count("scale", TermKind.ALLOWANCE, "serverless_minute", now.included * 9),
        _count("scale", TermKind.LIMIT, "deployment", Decimal(100 + now.extras)),
        _rate(None, "serverless_minute", now.rate / 10),
    ]
    return plans, terms + [_fee(plan, None, state=State.CONTACT_SALES) for plan in ("pro", "enterprise")]


def _by_credits(now: Prices) -> tuple[list[Plan], list[Term]]:
    plans = [_plan("Solo"), _plan("Starter"), _plan("Growth"), *_on_request("Pro", "Enterprise")]
    terms: list[Term] = []
    for place, (plan, fee) in enumerate((("solo", now.low), ("starter", now.high), ("growth", now.high * 4)), start=1):
        terms += [
            _fee(plan, fee),
            _count(plan, TermKind.LIMIT, "seat", Decimal(place**2)),
            _count(plan, TermKind.ALLOWANCE, "credit", now.included * place**2),
            _rate(plan, "credit", now.rate / 2 ** (place - 1)),
            _count(plan, TermKind.LIMIT, "deployment", Decimal(10 * place + now.extras)),
        ]
    terms += [_fee("growth", now.high * 40, period="year"), _rate(None, "serverless_minute", now.rate / 5)]
    return plans, terms + [_fee(plan, None, state=State.CONTACT_SALES) for plan in ("pro", "enterprise")]


def reviews(product: Sold, quarter: int) -> Observation:
    """The review page of a product: both its figures move once a year."""
    step = (quarter + product.number) // 4
    count, rating = 40 + product.number + step * 7, Decimal(40 + (product.number + step) % 9) / 10
    found = Rating(
        state=RatingState.STATED,
        evidence=_quote(f"{rating} out of 5 from {count} reviews"),
        rating=rating,
        scale=Decimal(5),
        review_count=count,
    )
    return Observation(extractor_version=VERSION, ratings=(found,))


def _on_request(*names: str) -> list[Plan]:
    return [_plan(name, State.CONTACT_SALES) for name in names]


def _plan(name: str, state: State = State.STATED) -> Plan:
    return Plan(slug=name.lower(), name=name, state=state, evidence=_quote(name))


def _fee(
    plan: str, amount: Decimal | None, *, metric: str | None = None, period: str = "month", state: State = State.FREE
) -> Term:
    if amount is None:
        return Term(
            plan=plan,
            term=TermKind.RECURRING_FEE,
            state=state,
            evidence=_quote("Free" if state is State.FREE else "Talk to sales"),
        )
    per = "per user " if metric else ""
    return Term(
        plan=plan,
        term=TermKind.RECURRING_FEE,
        metric=metric,
        amount=amount,
        currency="USD",
        billing_period=period,
        commitment=period,
        evidence=_quote(f"${amount:,} {per}/ {period}, billed {period}ly; cancel whenever you like"),
    )


def _count(plan: str, kind: TermKind, metric: str, quantity: Decimal) -> Term:
    spoken = metric.replace("_", " ")
    period = "month" if kind is TermKind.ALLOWANCE else None
    quote = f"Up to {quantity:,} {spoken}s on this plan, counted each calendar month"
    return Term(plan=plan, term=kind, metric=metric, quantity=quantity, billing_period=period, evidence=_quote(quote))


def _rate(plan: str | None, metric: str, amount: Decimal) -> Term:
    quote = f"${amount} per {metric.replace('_', ' ')} beyond what is included, invoiced at the end of the month"
    return Term(
        plan=plan, term=TermKind.USAGE_RATE, metric=metric, amount=amount, currency="USD", evidence=_quote(quote)
    )


def _quote(text: str) -> Evidence:
    return Evidence(quote=text, locator="main > section:nth-of-type(2) > div > p")
