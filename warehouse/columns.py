"""Facts as rows and rows as facts: the columns of terms, plans and ratings, and writing many rows at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from pricing_pipeline.facts import (
    Cohort,
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

if TYPE_CHECKING:
    from warehouse.connection import Connection

# 'infinity' at rest: this interval, or this belief, still lasts.
FOREVER = datetime.max.replace(tzinfo=UTC)

EVIDENCE_COLUMNS = ("quote", "locator", "surface")
PLAN_COLUMNS = ("plan", "name", "state", *EVIDENCE_COLUMNS)
TERM_COLUMNS = (
    "plan", "country", "term", "metric", "state", "amount", "amount_max", "currency", "quantity", "per_quantity",
    "billing_period", "commitment", "tier_from", "tier_to", "price_kind", "tier_mode", "unit_as_printed", "confidence",
    "effective_from", *EVIDENCE_COLUMNS,
)  # fmt: skip
COHORT_COLUMNS = ("plan", "joined_before", "until", *EVIDENCE_COLUMNS)
RATING_COLUMNS = (
    "publisher", "state", "rating", "scale", "rating_count", "review_count", "rating_window", *EVIDENCE_COLUMNS,
)  # fmt: skip

# One INSERT takes this many rows: more are not faster, and cost memory.
CHUNK = 2_000


def insert(con: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rows into `table`, and say how many. Figures travel as text, so that they stay exact.

    They go as one JSON text for many rows, which DuckDB takes apart in a third of the time that lists of parameters take.
    """
    names = ", ".join(columns)
    fields = ", ".join(f"fields[{place}]" for place in range(1, len(columns) + 1))
    # table and columns come from this package's own constants, never from data.
    query = f"""
        INSERT INTO {table} ({names})
        SELECT {fields} FROM (SELECT unnest(from_json(?, '[["VARCHAR"]]')) AS fields)
    """  # noqa: S608  # see above
    waiting, written = iter(rows), 0
    while texts := [[as_text(value) for value in row] for row in islice(waiting, CHUNK)]:
        con.execute(query, [json.dumps(texts, ensure_ascii=False)])
        written += len(texts)
    return written


def as_text(value: object) -> str | None:
    """A value as DuckDB reads it back exactly."""
    if value is None or (type(value) is str and value.isascii()):  # nearly every value of a row
        return value
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    # A page may spell half a character (a lone surrogate in JSON); DuckDB stores none.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=1_024)
def _moment(value: datetime) -> str:
    """All rows of a refresh share a few moments."""
    return "infinity" if value == FOREVER else value.isoformat()


def plain(value: Decimal | None) -> Decimal | None:
    """A figure without the zeros that its column pads it with."""
    if value is None:
        return None
    short = value.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]  # finite


def plan_values(plan: Plan) -> tuple[object, ...]:
    """A plan in the order of PLAN_COLUMNS."""
    return (plan.slug, plan.name, plan.state, *_evidence_values(plan.evidence))


def plan_from(row: Sequence[Any]) -> Plan:
    """A plan out of PLAN_COLUMNS."""
    slug, name, state, quote, locator, surface = row
    return Plan(slug=slug, name=name, state=State(state), evidence=_evidence(quote, locator, surface))


def term_values(term: Term) -> tuple[object, ...]:
    """A term in the order of TERM_COLUMNS."""
    return (
        term.plan, term.country, term.term, term.metric, term.state, term.amount, term.amount_max, term.currency,
        term.quantity, term.per_quantity, term.billing_period, term.commitment, term.tier_from, term.tier_to,
        term.price_kind, term.tier_mode, term.unit_as_printed, term.confidence, term.effective_from,
        *_evidence_values(term.evidence),
    )  # fmt: skip


def term_from(row: Sequence[Any]) -> Term:
    """A term out of TERM_COLUMNS."""
    (
        plan, country, kind, metric, state, amount, amount_max, currency, quantity, per_quantity, billing_period,
        commitment, tier_from, tier_to, price_kind, tier_mode, unit_as_printed, confidence, effective_from,
        quote, locator, surface,
    ) = row  # fmt: skip
    return Term(
        plan=plan, country=country, term=TermKind(kind), metric=metric, state=State(state), amount=plain(amount),
        amount_max=plain(amount_max), currency=currency, quantity=plain(quantity), per_quantity=plain(per_quantity),
        billing_period=billing_period, commitment=commitment, tier_from=plain(tier_from), tier_to=plain(tier_to),
        price_kind=PriceKind(price_kind), tier_mode=None if tier_mode is None else TierMode(tier_mode),
        unit_as_printed=unit_as_printed, confidence=plain(confidence) or Decimal(0), effective_from=effective_from,
        evidence=_evidence(quote, locator, surface),
    )  # fmt: skip


def rating_values(rating: Rating) -> tuple[object, ...]:
    """A rating in the order of RATING_COLUMNS."""
    return (
        rating.publisher, rating.state, rating.rating, rating.scale, rating.rating_count, rating.review_count,
        rating.window, *_evidence_values(rating.evidence),
    )  # fmt: skip


def cohort_values(cohort: Cohort) -> tuple[object, ...]:
    """The values of COHORT_COLUMNS."""
    return (cohort.plan, cohort.joined_before, cohort.until, *_evidence_values(cohort.evidence))


def cohort_from(row: Sequence[Any]) -> Cohort:
    """A promise to some customers out of COHORT_COLUMNS."""
    plan, joined_before, until, quote, locator, surface = row
    return Cohort(plan=plan, joined_before=joined_before, until=until, evidence=_evidence(quote, locator, surface))


def rating_from(row: Sequence[Any]) -> Rating:
    """A rating out of RATING_COLUMNS."""
    publisher, state, rating, scale, rating_count, review_count, window, quote, locator, surface = row
    return Rating(
        publisher=publisher, state=RatingState(state), rating=plain(rating), scale=plain(scale),
        rating_count=rating_count,
        review_count=review_count, window=window, evidence=_evidence(quote, locator, surface),
    )  # fmt: skip


def term_json(term: Term | None) -> str | None:
    """A term as one line of JSON, as changes keep it."""
    return None if term is None else _json(TERM_COLUMNS, term_values(term))


def term_from_json(text: str | None) -> Term | None:
    """The term that `term_json` wrote."""
    if text is None:
        return None
    row = json.loads(text)
    for name in ("amount", "amount_max", "quantity", "per_quantity", "tier_from", "tier_to", "confidence"):
        row[name] = None if row[name] is None else Decimal(row[name])
    if row["effective_from"] is not None:
        row["effective_from"] = date.fromisoformat(row["effective_from"])
    return term_from([row[name] for name in TERM_COLUMNS])


def rating_json(rating: Rating | None) -> str | None:
    """A rating as one line of JSON, as changes keep it."""
    return None if rating is None else _json(RATING_COLUMNS, rating_values(rating))


def rating_from_json(text: str | None) -> Rating | None:
    """The rating that `rating_json` wrote."""
    if text is None:
        return None
    row = json.loads(text)
    for name in ("rating", "scale"):
        row[name] = None if row[name] is None else Decimal(row[name])
    for name in ("rating_count", "review_count"):
        row[name] = None if row[name] is None else int(row[name])
    return rating_from([row[name] for name in RATING_COLUMNS])


def _json(columns: Sequence[str], values: Sequence[object]) -> str:
    return json.dumps(dict(zip(columns, map(as_text, values), strict=True)), ensure_ascii=False, separators=(",", ":"))


def _evidence_values(evidence: Evidence) -> tuple[object, ...]:
    return (evidence.quote, evidence.locator, evidence.surface)


def _evidence(quote: str, locator: str, surface: str) -> Evidence:
    return Evidence(quote=quote, locator=locator, surface=Surface(surface))
