"""What is known, in the words of a finding."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pricing_pipeline.facts import Rating, RatingState, State, Term, TermKind
from pricing_pipeline.wording import counted, is_fee, money_range, noun, number, publisher

_ONE = Decimal(1)
_STATES = {
    State.FREE: "free",
    State.UNLIMITED: "unlimited",
    State.CONTACT_SALES: "on request",
    State.NOT_INCLUDED: "none included",
    State.NOT_STATED: "not stated",
}


def fee_words(fee: Term) -> str:
    """A fee: `$10.00 a month`, `$100.00 per seat a month, billed by the year`, `on request`."""
    if fee.amount is None:
        return _STATES.get(fee.state, "not stated")
    said = money_range(fee.amount, fee.amount_max, fee.currency)
    said += f" per {noun(fee.metric, _ONE)}" if fee.metric and not is_fee(fee.metric) else ""
    said += f" a {fee.billing_period.replace('_', ' ')}" if fee.billing_period else ""
    if fee.commitment and fee.commitment != fee.billing_period:
        said += f", billed by the {fee.commitment.replace('_', ' ')}"
    return said


def term_words(term: Term) -> str:
    """A term in a few words: `$0.04 per credit`, `7,500 credits included`, `at most 3 seats`, `no credits included`."""
    if term.term is TermKind.RECURRING_FEE:
        return fee_words(term)
    if term.amount is not None:
        return _rate_words(term)
    metric = term.metric or "unit"
    if term.state is State.NOT_INCLUDED:
        return f"no {noun(metric)} included"
    if term.state is State.UNLIMITED:
        return f"unlimited {noun(metric)}"
    if term.quantity is None:
        return f"{noun(metric)}: {_STATES.get(term.state, 'not stated')}"
    said = counted(term.quantity, metric)
    if term.term is TermKind.ALLOWANCE:
        return f"{said} included" + (f" a {term.billing_period.replace('_', ' ')}" if term.billing_period else "")
    return f"at least {said}" if term.term is TermKind.MINIMUM_SPEND else f"at most {said}"


def _rate_words(term: Term) -> str:
    said = money_range(term.amount or _ONE, term.amount_max, term.currency)
    if term.metric is None:
        return said
    per = counted(term.per_quantity, term.metric) if term.per_quantity not in (None, _ONE) else noun(term.metric, _ONE)
    said = f"{said} per {per}"
    return said if term.tier_from is None else f"{said} above {number(term.tier_from)}"


def terms_words(terms: Iterable[Term]) -> str:
    """Several terms, each once."""
    return "; ".join(dict.fromkeys(term_words(term) for term in terms))


def rating_words(rating: Rating) -> str:
    """A rating: `4.5 of 5 at G2 (124 reviews)`, `no ratings yet at G2`."""
    at = f" at {publisher(rating.publisher)}" if rating.publisher else ""
    if rating.state is not RatingState.STATED or rating.rating is None:
        return ("no ratings yet" if rating.state is RatingState.NO_RATINGS_YET else "not stated") + at
    scale = f" of {number(rating.scale)}" if rating.scale is not None else ""
    count = rating.review_count if rating.review_count is not None else rating.rating_count
    said = "reviews" if rating.review_count is not None else "ratings"
    return f"{number(rating.rating)}{scale}{at}" + (f" ({count:,} {said})" if count is not None else "")
