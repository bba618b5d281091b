"""Pricing a quantity by rates: flat, graduated bands that add up, or one volume band for the whole quantity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.costs.charges import Charge, charge, failed, together
from pricing_pipeline.facts import PriceKind, State, Term, TierMode
from pricing_pipeline.periods import in_words, months
from pricing_pipeline.results import CostState
from pricing_pipeline.wording import counted, money_range, noun, number, to_the_cent

INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Units above `start` and up to `end`, each at `low` to `high` a month."""

    start: Decimal
    end: Decimal
    low: Decimal
    high: Decimal
    term: Term


def charge_for(terms: Sequence[Term], used: Decimal, included: Decimal, metric: str) -> Charge:
    """What `used` units come to when the first `included` are free, by rates of one offer. Bands count from the first
    unit used."""
    faulty = next((fault for term in terms if (fault := rate_fault(term, metric))), None)
    if faulty:
        return faulty
    bands = read_bands(terms)
    if bands is None:
        return failed(CostState.UNKNOWN, f"two prices for {noun(metric)} are stated", terms[0])
    if len(bands) == 1 and bands[0].start <= included:
        return _within(bands, used, included, metric)
    modes = {band.term.tier_mode for band in bands}
    if modes == {TierMode.VOLUME}:
        return _volume(bands, used, included, metric)
    if modes == {TierMode.GRADUATED}:
        return _within(bands, used, included, metric)
    return _either(bands, used, included, metric)


def read_bands(terms: Iterable[Term]) -> tuple[Band, ...] | None:
    """Rates as bands in order; a rate without a tier holds up to the first one. None where two stated rates overlap and
    differ."""
    starts = sorted({term.tier_from or Decimal(0) for term in terms})
    found: dict[Decimal, Band] = {}
    for term in terms:
        start = term.tier_from or Decimal(0)
        following = next((other for other in starts if other > start), INFINITE)
        low, high = unit_price(term)
        band = Band(start=start, end=min(following, term.tier_to or INFINITE), low=low, high=high, term=term)
        known = found.setdefault(start, band)
        if (known.low, known.high, known.end) != (band.low, band.high, band.end):
            return None
    return tuple(found[start] for start in starts)


def unit_price(term: Term) -> tuple[Decimal, Decimal]:
    """A rate for one unit and a month, both bounds; nothing where it is free."""
    if term.amount is None:
        return Decimal(0), Decimal(0)
    parts = (term.per_quantity or Decimal(1)) * (months(term.billing_period) or Decimal(1))
    high = term.amount if term.amount_max is None else term.amount_max
    return term.amount / parts, high / parts


def rate_fault(term: Term, metric: str) -> Charge | None:
    """Why no bill can rest on a rate; None where one can."""
    if term.state is State.CONTACT_SALES:
        return failed(CostState.CONTACT_SALES, f"the price of {noun(metric)} is on request", term)
    if term.state is not State.FREE and term.amount is None:
        return failed(CostState.UNKNOWN, f"the price of {noun(metric)} is not stated", term)
    if term.price_kind is PriceKind.FROM and term.state is State.STATED:
        least = money_range(term.amount or Decimal(0), None, term.currency)
        return failed(
            CostState.UNKNOWN, f"{noun(metric)} start from {least} each: the page does not say what they come to", term
        )
    if term.billing_period and months(term.billing_period) is None and term.amount:
        return failed(
            CostState.UNKNOWN,
            f"{noun(metric)} are charged per {in_words(term.billing_period)}: no figure for a month",
            term,
        )
    return None


def _within(bands: Sequence[Band], used: Decimal, included: Decimal, metric: str) -> Charge:
    reached = included
    charges: list[Charge] = []
    for band in bands:
        first, last = max(reached, band.start), min(used, band.end)
        if last <= first or band.start > reached:
            continue
        charges.append(_line(band, last - first, _above(bands, first, included), metric))
        reached = last
    if reached < used:
        reason = f"no price for {counted(used, metric)} is stated, only up to {number(reached)}"
        return failed(CostState.UNKNOWN, reason, bands[0].term)
    return together(charges)


def _above(bands: Sequence[Band], first: Decimal, included: Decimal) -> str:
    if len(bands) > 1:
        return f" above {number(first)}" if first else ""
    return f" over {number(included)} included" if included else ""


def _volume(bands: Sequence[Band], used: Decimal, included: Decimal, metric: str) -> Charge:
    band = next((band for band in bands if band.start < used <= band.end), None)
    if band is None:
        return failed(CostState.UNKNOWN, f"no price for {counted(used, metric)} is stated", bands[0].term)
    return _line(band, used - included, f" over {number(included)} included" if included else "", metric)


def _either(bands: Sequence[Band], used: Decimal, included: Decimal, metric: str) -> Charge:
    """Bands that do not say how they combine: the range between the two ways."""
    added, whole = _within(bands, used, included, metric), _volume(bands, used, included, metric)
    if added.failure or whole.failure or (added.low, added.high) == (whole.low, whole.high):
        return added if added.failure or not whole.failure else whole
    low, high = min(added.low, whole.low), max(added.high, whole.high)
    priced = money_range(low, high, bands[0].term.currency)
    return charge(
        f"{counted(used, metric)} in bands, which the page does not say how to add up: {priced}",
        low,
        high,
        bands[0].term,
    )


def _line(band: Band, units: Decimal, above: str, metric: str) -> Charge:
    low, high = units * band.low, units * band.high
    total = money_range(to_the_cent(low), to_the_cent(high), band.term.currency)
    return charge(f"{counted(units, metric)}{above} × {_rate(band.term)} = {total}", low, high, band.term)


def _rate(term: Term) -> str:
    if term.amount is None:
        return "free"
    step = f" per {number(term.per_quantity)}" if term.per_quantity not in (None, 1) and term.per_quantity else ""
    length = months(term.billing_period)
    spread = (
        f" per {in_words(term.billing_period)} ÷ {number(length)}"
        if term.billing_period and length and length != 1
        else ""
    )
    return f"{money_range(term.amount, term.amount_max, term.currency)}{step}{spread}"
