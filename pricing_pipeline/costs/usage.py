"""What the use of one metric adds to a bill: limits, what is included, and the rates beyond."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.addons import least_billed
from pricing_pipeline.costs.bands import charge_for
from pricing_pipeline.costs.charges import NOTHING, Charge, charge, failed, together
from pricing_pipeline.costs.selection import about, best_offer
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.periods import in_words, monthly_quantity
from pricing_pipeline.results import CostState
from pricing_pipeline.unit_names import of_each
from pricing_pipeline.wording import counted, noun, number

# "1,000 credits per seat": the words in which a page gives an allowance to each user.
_PER_SEAT = re.compile(
    r"(?:\bper|/|\beach|\bevery|\bfor each)\s*(?:paid |active )?(?:seat|user|member|editor|developer|person|agent)\b",
    re.IGNORECASE,
)

# What a page calls additional comes on top of a count that the plan states.
_EXTRA = re.compile(r"\b(?:additional|extra|overages?|add-?ons?|beyond|thereafter)\b", re.IGNORECASE)

_SAYS = frozenset({State.UNLIMITED, State.NOT_INCLUDED, State.CONTACT_SALES})
Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is included of a metric a month (for each seat where `is_per_seat`), or the `fault` for which it is not known."""

    term: Term
    fault: Charge | None = None
    included: Decimal = Decimal(0)
    is_per_seat: bool = False
    is_unlimited: bool = False


def use(terms: Sequence[Term], metric: str, used: Decimal, *, seats: Decimal) -> Charge:
    """What `used` units of a metric add, on top of the recurring fees. `terms` are those that the plan's bill can rest
    on."""
    limits = about(terms, TermKind.LIMIT, metric)
    rates = best_offer(about(terms, TermKind.USAGE_RATE, metric))
    limits, allowances = swapped(limits, rates, about(terms, TermKind.ALLOWANCE, metric))
    capped = _capped(limits, metric, used) if used else NOTHING
    if capped.failure:
        return capped
    billed = max(used, least_used(terms, metric))
    if billed > used:
        return together([_least(terms, metric, billed), _charged(allowances, rates, metric, billed, seats)])
    if allowances or rates:
        return _charged(allowances, rates, metric, used, seats)
    if about(terms, TermKind.RECURRING_FEE, metric):
        return NOTHING
    if capped.steps:
        return capped
    return failed(CostState.UNKNOWN, unpriced(terms, metric), _first(terms, metric))


def unpriced(terms: Sequence[Term], metric: str) -> str:
    """Why the use of a metric that has no price, allowance or limit comes to no figure."""
    least = least_billed(terms, metric)
    if least:
        return f"at least {counted(least, metric)} must be bought: their price is not stated"
    return f"it says nothing of {noun(metric)}"


def least_used(terms: Sequence[Term], metric: str) -> Decimal:
    """How many units are billed by a rate at least, used or not.

    0 where a fee is charged for the same metric, which bills them, and where a rate is for additional units only.
    """
    rates = about(terms, TermKind.USAGE_RATE, metric)
    if not rates or any(map(_is_extra, rates)) or about(terms, TermKind.RECURRING_FEE, metric):
        return Decimal(0)
    return least_billed(terms, metric)


def _least(terms: Sequence[Term], metric: str, billed: Decimal) -> Charge:
    term = next(term for term in about(terms, TermKind.MINIMUM_SPEND, metric) if term.quantity == billed)
    return charge(f"At least {counted(billed, metric)} must be bought", Decimal(0), Decimal(0), term)


def _charged(allowances: Terms, rates: Sequence[Term], metric: str, used: Decimal, seats: Decimal) -> Charge:
    if allowances:
        return _beyond(allowances, rates, metric, used, seats)
    return charge_for(rates, used, Decimal(0), metric)


def swapped(limits: Terms, rates: Terms, allowances: Terms) -> tuple[Terms, Terms]:
    """Limits and allowances: "1 concurrent job" beside "additional job $50" is what is included, not where it ends."""
    if limits and rates and not allowances and all(_is_extra(rate) for rate in rates):
        return (), limits
    return limits, allowances


def _capped(limits: Terms, metric: str, used: Decimal) -> Charge:
    """No steps where there is no limit; a failure where the use does not fit; else what says that it fits."""
    term, most = caps(limits)
    if term is None:
        return NOTHING
    if most is not None:
        if used > most:
            return failed(CostState.INFEASIBLE, f"{counted(used, metric)}: it allows at most {number(most)}", term)
        return charge(f"{counted(used, metric)} within its limit of {number(most)}", Decimal(0), Decimal(0), term)
    if term.state is State.NOT_INCLUDED:
        return failed(CostState.INFEASIBLE, f"{counted(used, metric)}: not included", term)
    if term.state is State.CONTACT_SALES:
        return failed(CostState.CONTACT_SALES, f"its limit of {noun(metric)} is on request", term)
    return charge(f"{counted(used, metric)}: unlimited", Decimal(0), Decimal(0), term)


def caps(limits: Terms) -> tuple[Term | None, Decimal | None]:
    """The limit that holds, and how much it allows: the least that is counted, else the first that says anything."""
    known = [term for term in limits if monthly_quantity(term) is not None]
    if known:
        term = min(known, key=_most)
        return term, _most(term)
    return next((term for term in limits if term.state in _SAYS), None), None


def _most(term: Term) -> Decimal:
    quantity = monthly_quantity(term)
    assert quantity is not None
    return quantity


def _beyond(allowances: Terms, rates: Sequence[Term], metric: str, used: Decimal, seats: Decimal) -> Charge:
    found = allowance_of(allowances, metric)
    term = found.term
    if found.fault is not None:
        return found.fault
    if found.is_unlimited:
        return charge(f"{counted(used, metric)}: {term.state}", Decimal(0), Decimal(0), term)
    total = found.included * (seats if found.is_per_seat else Decimal(1))
    if used <= total:
        each = " (per seat)" if found.is_per_seat else ""
        return charge(f"{counted(used, metric)} of {number(total)} included{each}", Decimal(0), Decimal(0), term)
    if rates:
        return charge_for(rates, used, total, metric)
    if term.state is State.NOT_STATED:
        return failed(CostState.UNKNOWN, f"neither included {noun(metric)} nor their price are stated", term)
    return failed(CostState.UNKNOWN, f"no price for {noun(metric)} beyond the {number(total)} included is stated", term)


def allowance_of(allowances: Terms, metric: str) -> Allowance:
    """What is included of a metric, by the allowances that a plan states of it (one at least)."""
    offer = best_offer(allowances)
    term = offer[0]
    if len({(other.state, other.quantity, _is_per_seat(other)) for other in offer}) > 1:
        return Allowance(term, failed(CostState.UNKNOWN, f"two allowances of {noun(metric)} are stated", term))
    if term.state in (State.UNLIMITED, State.FREE):
        return Allowance(term, is_unlimited=True)
    if term.state is State.CONTACT_SALES:
        return Allowance(term, failed(CostState.CONTACT_SALES, f"its included {noun(metric)} are on request", term))
    included = monthly_quantity(term)
    if included is None and term.quantity is not None:
        period = in_words(term.billing_period or "")
        reason = f"its included {noun(metric)} are counted per {period}: no figure for a month"
        return Allowance(term, failed(CostState.UNKNOWN, reason, term))
    each = None if _is_per_seat(term) else of_each(term.unit_as_printed)
    if included and each is not None:
        reason = f"its included {noun(metric)} are counted per {noun(each, Decimal(1))}: no figure for the plan"
        return Allowance(term, failed(CostState.UNKNOWN, reason, term))
    return Allowance(term, included=included or Decimal(0), is_per_seat=_is_per_seat(term))


def _is_per_seat(term: Term) -> bool:
    return term.unit_as_printed is not None and _PER_SEAT.search(term.unit_as_printed) is not None


def _is_extra(rate: Term) -> bool:
    return _EXTRA.search(f"{rate.unit_as_printed or ''} {rate.evidence.quote}") is not None


def _first(terms: Sequence[Term], metric: str) -> Term | None:
    return next((term for term in terms if term.metric == metric), None)
