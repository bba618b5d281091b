"""The words for a term's figures in a verdict."""

from __future__ import annotations

from decimal import Decimal

from pricing_pipeline.facts import PriceKind, State, Term, TermKind
from pricing_pipeline.periods import in_words
from pricing_pipeline.wording import is_fee, money, money_range, noun, number

ARROW = " → "
_STATES = {
    State.FREE: "free",
    State.UNLIMITED: "unlimited",
    State.CONTACT_SALES: "contact sales",
    State.NOT_INCLUDED: "0",
    State.NOT_STATED: "not stated",
}


def subject(term: Term) -> str:
    """What a term is, before its figures: `price`, `price per credit`, `included credits`, `limit on seats`."""
    if term.term is TermKind.RECURRING_FEE and is_fee(term.metric):
        return noun(term.metric or "", Decimal(1))
    if term.term is TermKind.RECURRING_FEE:
        return "price" if term.metric is None else f"price per {noun(term.metric, Decimal(1))}"
    if term.term is TermKind.USAGE_RATE:
        return f"price per {unit(term)}"
    if term.metric is None:
        return {TermKind.MINIMUM_SPEND: "minimum spend", TermKind.ONE_TIME_FEE: "one-time fee"}.get(
            term.term, str(term.term).replace("_", " ")
        )
    words = {
        TermKind.ALLOWANCE: f"included {noun(term.metric)}",
        TermKind.LIMIT: f"limit on {noun(term.metric)}",
        TermKind.MINIMUM_SPEND: f"{noun(term.metric)} billed at least",
        TermKind.ONE_TIME_FEE: f"one-time fee per {noun(term.metric, Decimal(1))}",
    }
    return words.get(term.term, f"definition of a {noun(term.metric, Decimal(1))}")


def unit(term: Term) -> str:
    """What a rate is charged for: `credit`, `1,000 events`; with a tier where it begins: `credit above 10,000`."""
    name = noun(term.metric, term.per_quantity or Decimal(1)) if term.metric else "unit"
    step = f"{number(term.per_quantity)} {name}" if term.per_quantity and term.per_quantity != 1 else name
    return f"{step} above {number(term.tier_from)}" if term.tier_from else step


def figure(term: Term | None) -> str:
    """A term's figure with its period: `$10.00 a month`, `7,500`, `free`, `not stated` where it is gone."""
    if term is None:
        return _STATES[State.NOT_STATED]
    if term.state is not State.STATED:
        return _STATES[term.state]
    if term.amount is None:
        return _STATES[State.NOT_STATED] if term.quantity is None else number(term.quantity)
    least = "from " if term.price_kind is PriceKind.FROM else ""
    return f"{least}{money_range(term.amount, term.amount_max, term.currency)}{charged(term)}"


def charged(term: Term) -> str:
    """For what an amount is charged: ` a month`, ` a month (billed annually)`."""
    if term.billing_period is None:
        return ""
    length = (
        f" a {term.billing_period.replace('_', ' ')}"
        if term.billing_period[0] not in "0123456789"
        else f" every {in_words(term.billing_period)}"
    )
    if term.commitment in (None, "month", term.billing_period):
        return length
    if term.commitment[0] in "0123456789":
        return f"{length} (billed every {in_words(term.commitment)})"
    return f"{length} ({'billed annually' if term.commitment == 'year' else f'on a {term.commitment} commitment'})"


def moved(before: Term, after: Term) -> str:
    """`$10.00 → $12.00 a month`: what both sides have in common is said once, at the end."""
    one, other = figure(before), figure(after)
    tail = charged(before)
    if before.amount is not None and after.amount is not None and tail == charged(after):
        one = one.removesuffix(tail)
    return f"{one}{ARROW}{other}"


def unit_moved(before: Term, after: Term) -> str:
    """Two rates; where their steps differ, each by the single unit, and then as they are printed."""
    if before.amount is None or after.amount is None or before.per_quantity == after.per_quantity:
        return f"{subject(after)} {moved(before, after)}"
    one, other = (
        money(amount / (step or 1), currency)
        for amount, step, currency in (
            (before.amount, before.per_quantity, before.currency),
            (after.amount, after.per_quantity, after.currency),
        )
    )
    name = noun(after.metric or "unit", Decimal(1))
    printed = " and then ".join(
        f"{money_range(term.amount, term.amount_max, term.currency)} per {unit(term)}"
        for term in (before, after)
        if term.amount is not None
    )
    return f"price per {name} {one}{ARROW}{other}{charged(after)} (printed as {printed})"
