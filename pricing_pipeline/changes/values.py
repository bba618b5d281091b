"""What makes two facts equal: their values, never their evidence."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.facts import PriceKind, Rating, State, Surface, Term, TermKind
from pricing_pipeline.identical import Identical
from pricing_pipeline.results import Offer
from pricing_pipeline.wording import text

_WORDS = re.compile(r"\w+")
_QUANTIFIED = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT})


def same_value(one: Term, other: Term) -> bool:
    """Whether two terms say the same: key, state, figures and tiers. Quotes, locators, confidence and wording do not
    count."""
    return value(one) == value(other)


def value(term: Term) -> tuple[str, ...]:
    """A term as texts that are equal where the term says the same."""
    return _value(Identical((term,)))


# A step from one offer to the next asks this of each term some ten times.
@lru_cache(maxsize=4_096)
def _value(asked: Identical[Term]) -> tuple[str, ...]:
    (term,) = asked.values
    numbers = (term.amount, _upper(term), term.quantity, term.per_quantity or Decimal(1), term.tier_to)
    figures = ("" if number is None else text(number) for number in numbers)
    key = ("" if part is None else str(part) for part in term.key)
    return (*key, term.state, *figures, term.price_kind, term.tier_mode or "", _definition(term))


def facts_digest(offer: Offer) -> str:
    """16 hex digits that are equal where two offers state the same facts, in whatever order, words or markup."""
    plans = [("plan", plan.slug, plan.name, plan.state) for plan in offer.plans]
    terms = [("term", *value(term)) for term in offer.terms]
    ratings = [("rating", *rating_value(rating)) for rating in offer.ratings]
    return digest(*("\x1f".join(row) for row in sorted([*plans, *terms, *ratings])))


def rating_value(rating: Rating) -> tuple[str, ...]:
    """A rating as texts that are equal where the rating says the same."""
    numbers = (rating.rating, rating.scale)
    counts = (rating.rating_count, rating.review_count)
    return (
        rating.publisher or "",
        rating.state,
        rating.window or "",
        *("" if number is None else text(number) for number in numbers),
        *("" if count is None else str(count) for count in counts),
    )


def digest(*parts: str | None) -> str:
    """16 hex digits that identify a list of texts."""
    joined = "\x1e".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_compared(term: Term) -> bool:
    """Whether a term takes part in a comparison at all.

    A struck-through list price is decoration, and only the fees of a toggle's inactive pane are facts of the offer.
    """
    if term.evidence.surface is Surface.INACTIVE_PANE and term.term is not TermKind.RECURRING_FEE:
        return False
    return term.price_kind is not PriceKind.LIST


def is_open(term: Term) -> bool:
    """Whether a term carries no figure, or nothing: then its period, commitment and currency say nothing either."""
    figure = term.quantity if term.term in _QUANTIFIED else term.amount
    return term.state is not State.STATED or not figure


def commitment(term: Term) -> str | None:
    """What one commits to; a fee that says nothing binds for the period it is charged for."""
    return term.commitment or term.billing_period


def unit_price(term: Term) -> tuple[Decimal, Decimal] | None:
    """Both bounds of a price for one unit; nothing where it is free, None where it is not known."""
    if term.state is State.FREE:
        return Decimal(0), Decimal(0)
    if term.amount is None:
        return None
    step = term.per_quantity or Decimal(1)
    return term.amount / step, (term.amount if term.amount_max is None else term.amount_max) / step


def as_text(term: Term | None) -> str | None:
    """A term's value as data: `7500`, `0.03`, `0.035–0.04`, `free`; None where it is not stated."""
    if term is None or term.state is State.NOT_STATED:
        return None
    if term.state is not State.STATED:
        return term.state.value
    if term.term is TermKind.UNIT_DEFINITION:
        return _definition(term)
    if term.amount is None:
        return None if term.quantity is None else text(term.quantity)
    upper = _upper(term)
    return text(term.amount) if upper is None else f"{text(term.amount)}–{text(upper)}"


def as_texts(before: Term | None, after: Term | None) -> tuple[str | None, str | None]:
    """Both values of a term as data. Where they differ in more than the figure, each says what it is of: `9 per 1000
    event` and `9 per 100 event`, `8 EUR` and `9 USD`, `16 a month for a year` and `20 a month`."""
    one, other = as_text(before), as_text(after)
    if before is None or after is None or one is None or other is None or is_open(before) or is_open(after):
        return one, other
    differ = [tell for tell in _QUALIFIERS if tell(before) != tell(after)]

    def told(figure: str, term: Term) -> str:
        return " ".join([figure, *(words for tell in differ if (words := tell(term)))])

    return told(one, before), told(other, after)


def _step(term: Term) -> str:
    """What a rate is charged for, or what a count is of."""
    if term.amount is None:
        return term.metric or ""
    size = "" if term.per_quantity in (None, 1) or term.per_quantity is None else f"{text(term.per_quantity)} "
    return f"per {size}{term.metric or 'unit'}" if size or term.metric else ""


def _charged(term: Term) -> str:
    if term.term in _QUANTIFIED:
        return f"a {term.billing_period or 'month'}"
    period = "" if term.billing_period is None else f"a {term.billing_period}"
    bound = commitment(term)
    return f"{period} for a {bound}".strip() if bound not in (None, "month", term.billing_period) else period


def _tier(term: Term) -> str:
    return f"above {text(term.tier_from)}" if term.tier_from else ""


_QUALIFIERS = (lambda term: term.currency or "", _step, _tier, _charged)


def _upper(term: Term) -> Decimal | None:
    return None if term.amount_max == term.amount else term.amount_max


def _definition(term: Term) -> str:
    """What a unit is defined to be, in words alone, so that punctuation and capitals do not count."""
    if term.term is not TermKind.UNIT_DEFINITION:
        return ""
    return " ".join(_WORDS.findall((term.unit_as_printed or term.evidence.quote).casefold()))
