"""Bills as data: everything of a plan's price that does not depend on how much is used, so that a page can do the rest.

What `price` decides from the terms alone (which of them count, what stands first, what is at fault) is decided here
and told as plain values ready for JSON; what depends on the use is a few sums that the page's calculator repeats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pricing_pipeline.addons import least_billed
from pricing_pipeline.costs import bands, fees
from pricing_pipeline.costs.bill import currency_of
from pricing_pipeline.costs.charges import Charge
from pricing_pipeline.costs.selection import about, best_offer, terms_of
from pricing_pipeline.costs.usage import allowance_of, caps, least_used, swapped, unpriced
from pricing_pipeline.facts import State, Term, TermKind, TierMode
from pricing_pipeline.periods import in_words, months
from pricing_pipeline.results import CostState, Offer
from pricing_pipeline.wording import noun, text

Rule = dict[str, Any]
"""A part of a bill as JSON: amounts and quantities are decimal text, `key` is that of the term it rests on."""

ALL_HOSTED: Mapping[str, bool] = {}


def tariffs(offer: Offer, *, hosted: Mapping[str, bool] = ALL_HOSTED) -> tuple[Rule, ...]:
    """The tariff of every plan of an offer, in the page's order; `hosted` is what `price_offer` takes."""
    return tuple(
        _tariff(
            plan.slug,
            offer.terms if hosted.get(plan.slug, True) else [term for term in offer.terms if term.plan is not None],
            plan.state,
        )
        for plan in offer.plans
    )


def _tariff(plan: str, terms: Sequence[Term], state: State) -> Rule:
    chosen = terms_of(plan, terms)
    mentioned = sorted({term.metric for term in chosen if term.metric is not None})
    return {
        "plan": plan,
        "currency": currency_of(chosen),
        **_fees(chosen, state),
        "uses": {metric: _use(chosen, metric) for metric in mentioned},
        "floor": _floor(chosen),
    }


def _fees(terms: Sequence[Term], state: State) -> Rule:
    """The recurring fees; `needs` are the metrics of which a use must say how many, where there is no base fee."""
    metrics = sorted(
        {term.metric for term in terms if term.term is TermKind.RECURRING_FEE}, key=lambda metric: metric or ""
    )
    if not metrics:
        return {"fees": [_failure(fees.without_fee(state)) or {"kind": "free"}], "needs": []}
    own = [] if fees.has_own_price(terms) else [_failure(fees.without_fee(state)) or {"kind": "free"}]
    return {
        "fees": [*own, *(_fee(terms, metric) for metric in metrics)],
        "needs": [] if own or None in metrics else [metric for metric in metrics if metric],
    }


def _fee(terms: Sequence[Term], metric: str | None) -> Rule:
    offer = fees.fee_offer(terms, metric)
    fault = next((fault for term in offer if (fault := fees.fee_fault(term))), None)
    if fault:
        return _failure(fault)
    if metric is None and (doubled := _failure(fees.base(offer))):
        return doubled
    if offer[0].amount is None and len(offer) == 1 and offer[0].tier_from is None:
        return {"kind": "free", "key": offer[0].key}
    if metric is None:
        return {"kind": "flat", **_priced(offer[0], *fees.monthly(offer[0]))}
    least = least_billed(terms, metric)
    counts: Rule = {"metric": metric, **({"least": text(least)} if least else {})}
    if len(offer) > 1 or offer[0].tier_from is not None:
        return {"kind": "tiers", **counts, "rates": _rates(offer, metric)}
    size = offer[0].per_quantity or Decimal(1)
    pack = {} if size == 1 else {"size": text(size)}
    return {"kind": "each", **counts, **pack, **_priced(offer[0], *fees.monthly(offer[0]))}


def _use(terms: Sequence[Term], metric: str) -> Rule:
    """What the use of a metric comes to: first whether it fits (`most`, `never`, or a failure), then its price."""
    limits = about(terms, TermKind.LIMIT, metric)
    rates = best_offer(about(terms, TermKind.USAGE_RATE, metric))
    limits, allowances = swapped(limits, rates, about(terms, TermKind.ALLOWANCE, metric))
    least = least_used(terms, metric)
    cap = {**_cap(limits, metric), **({"least": text(least)} if least else {})}
    if allowances:
        return {**cap, **_allowed(allowances, rates, metric)}
    if rates:
        return {**cap, "kind": "rated", "rates": _rates(rates, metric)}
    if about(terms, TermKind.RECURRING_FEE, metric) or cap:
        return {**cap, "kind": "free"}
    return _no(CostState.UNKNOWN, unpriced(terms, metric))


def _cap(limits: tuple[Term, ...], metric: str) -> Rule:
    term, most = caps(limits)
    if term is None:
        return {}
    if most is not None:
        return {"most": text(most), "capkey": term.key}
    if term.state is State.NOT_INCLUDED:
        return {"never": True, "capkey": term.key}
    if term.state is State.CONTACT_SALES:
        return {"cap": _no(CostState.CONTACT_SALES, f"its limit of {noun(metric)} is on request"), "capkey": term.key}
    return {"capkey": term.key}


def _allowed(allowances: tuple[Term, ...], rates: Sequence[Term], metric: str) -> Rule:
    found = allowance_of(allowances, metric)
    if found.fault is not None:
        return _failure(found.fault)
    if found.is_unlimited:
        return {"kind": "free", "key": found.term.key}
    beyond: Rule = {}
    if rates:
        beyond = {"rates": _rates(rates, metric)}
    elif found.term.state is State.NOT_STATED:
        beyond = {"beyond": f"neither included {noun(metric)} nor their price are stated"}
    return {
        "kind": "over",
        "included": text(found.included),
        **({"per_seat": True} if found.is_per_seat else {}),
        **beyond,
        "key": found.term.key,
    }


def _rates(terms: Sequence[Term], metric: str) -> Rule:
    """Rates as bands, each `[start, end, low, high, currency, key]`, and how they combine."""
    fault = next((fault for term in terms if (fault := bands.rate_fault(term, metric))), None)
    if fault:
        return _failure(fault)
    read = bands.read_bands(terms)
    if read is None:
        return _no(CostState.UNKNOWN, f"two prices for {noun(metric)} are stated")
    modes = {band.term.tier_mode for band in read}
    mode = "volume" if modes == {TierMode.VOLUME} else "graduated" if modes == {TierMode.GRADUATED} else "either"
    return {
        "kind": mode,
        "bands": [
            [
                text(band.start),
                None if band.end == bands.INFINITE else text(band.end),
                text(band.low),
                text(band.high),
                band.term.currency,
                band.term.key,
            ]
            for band in read
        ],
    }


def _floor(terms: Sequence[Term]) -> Rule | None:
    least = fees.least_spend(terms)
    if least is None:
        return None
    length = months(least.billing_period or "month")
    if length is None or least.amount is None:
        return _no(CostState.UNKNOWN, f"its minimum spend is per {in_words(least.billing_period or '')}")
    amount = least.amount / length
    return {"kind": "floor", **_priced(least, amount, amount)}


def _priced(term: Term, low: Decimal, high: Decimal) -> Rule:
    return {
        "low": text(low),
        **({"high": text(high)} if high != low else {}),
        "currency": term.currency,
        "key": term.key,
    }


def _failure(charge: Charge) -> Rule:
    return _no(charge.failure, charge.reason) if charge.failure else {}


def _no(state: CostState, why: str) -> Rule:
    return {"kind": "none", "state": state.value, "why": why}
