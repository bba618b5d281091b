"""The recurring fees of a bill: the headline, fees per seat, and the least that is billed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from pricing_pipeline.addons import is_addon, least_billed
from pricing_pipeline.costs.bands import charge_for
from pricing_pipeline.costs.charges import NOTHING, Charge, charge, failed, together
from pricing_pipeline.costs.selection import about, best_offer
from pricing_pipeline.facts import PriceKind, State, Term, TermKind
from pricing_pipeline.periods import in_words, months
from pricing_pipeline.results import CostState, CostStep
from pricing_pipeline.wording import counted, money, money_range, noun, number, to_the_cent


def fees(terms: Sequence[Term], usage: Mapping[str, Decimal], plan_state: State) -> Charge:
    """Every recurring fee of a plan at a use; `plan_state` speaks where no fee does."""
    metrics = sorted(
        {term.metric for term in terms if term.term is TermKind.RECURRING_FEE}, key=lambda metric: metric or ""
    )
    if not metrics:
        return without_fee(plan_state)
    own = [] if has_own_price(terms) else [without_fee(plan_state)]
    if not own and None not in metrics and not any(metric in usage for metric in metrics):
        return failed(
            CostState.UNKNOWN,
            f"it is charged per {noun(metrics[0] or '', Decimal(1))}: the workload does not say how many",
        )
    return together([*own, *(_fee(terms, metric, usage) for metric in metrics)])


def has_own_price(terms: Sequence[Term]) -> bool:
    """Whether a plan states a fee other than the product's mandatory add-ons, which are no price of the plan itself."""
    asked = (term for term in terms if term.term is TermKind.RECURRING_FEE)
    return any(term.plan is not None or not is_addon(term, terms) for term in asked)


def floor(terms: Sequence[Term], total: Charge) -> Charge:
    """What a minimum spend adds to a bill that stays below it."""
    term = least_spend(terms)
    if term is None:
        return NOTHING
    length = months(term.billing_period or "month")
    if length is None or term.amount is None:
        return failed(CostState.UNKNOWN, f"its minimum spend is per {in_words(term.billing_period or '')}", term)
    amount = term.amount / length
    if amount <= total.low:
        return NOTHING
    step = f"Up to the minimum spend of {money(to_the_cent(amount), term.currency)}"
    return charge(step, amount - total.low, max(Decimal(0), amount - total.high), term)


def least_spend(terms: Sequence[Term]) -> Term | None:
    """The minimum spend of a plan that has one."""
    stated = (term for term in about(terms, TermKind.MINIMUM_SPEND, None) if term.amount is not None)
    return next(iter(best_offer(stated)), None)


def without_fee(plan_state: State) -> Charge:
    """What a plan without a stated fee charges, by what it says of itself."""
    if plan_state is State.FREE:
        return Charge(steps=(CostStep(text="Free", low=Decimal(0), high=Decimal(0)),))
    if plan_state is State.CONTACT_SALES:
        return failed(CostState.CONTACT_SALES, "its price is on request")
    return failed(CostState.UNKNOWN, "its base fee is not stated")


def _fee(terms: Sequence[Term], metric: str | None, usage: Mapping[str, Decimal]) -> Charge:
    offer = fee_offer(terms, metric)
    fault = next((fault for term in offer if (fault := fee_fault(term))), None)
    if fault:
        return fault
    if metric is None:
        return base(offer)
    used = usage.get(metric, Decimal(0))
    return _per_unit(offer, metric, max(used, least_billed(terms, metric)), used)


def fee_offer(terms: Sequence[Term], metric: str | None) -> tuple[Term, ...]:
    """The terms of one offer that a recurring fee rests on."""
    return best_offer(_by_state(about(terms, TermKind.RECURRING_FEE, metric)))


def _by_state(terms: Sequence[Term]) -> Sequence[Term]:
    """The terms that carry a figure where there are any; a free band beside paid ones is one of them."""
    known = [
        term for term in terms if term.amount is not None or (term.state is State.FREE and term.tier_to is not None)
    ]
    if known:
        return known
    for state in (State.FREE, State.CONTACT_SALES):
        found = [term for term in terms if term.state is state]
        if found:
            return found
    return terms


def fee_fault(term: Term) -> Charge | None:
    """Why no bill can rest on a fee; None where one can."""
    if term.state is State.CONTACT_SALES:
        return failed(CostState.CONTACT_SALES, "its price is on request", term)
    if term.state is not State.FREE and term.amount is None:
        return failed(CostState.UNKNOWN, "its fee is not stated", term)
    if term.price_kind is PriceKind.FROM and term.amount:
        least = money_range(term.amount, term.amount_max, term.currency)
        return failed(CostState.UNKNOWN, f"it starts from {least}: the page does not say what it comes to", term)
    if term.amount and months(term.billing_period) is None:
        said = f"is charged per {in_words(term.billing_period)}" if term.billing_period else "has no stated period"
        return failed(CostState.UNKNOWN, f"its fee of {money(term.amount, term.currency)} {said}", term)
    return None


def base(offer: Sequence[Term]) -> Charge:
    """The fee for the plan itself."""
    values = {(term.amount, term.amount_max) for term in offer}
    term = offer[0]
    if len(values) > 1:
        both = " and ".join(money_range(each.amount or Decimal(0), each.amount_max, each.currency) for each in offer)
        return failed(CostState.UNKNOWN, f"two base fees are stated: {both}", term)
    if term.amount is None:
        return charge("Free", Decimal(0), Decimal(0), term)
    return _flat("Base fee", term)


def _flat(words: str, term: Term) -> Charge:
    low, high = monthly(term)
    a_month = money_range(to_the_cent(low), to_the_cent(high), term.currency)
    figure = _figure(term, low, high)
    total = "" if figure == a_month else f" = {a_month}"
    return charge(f"{words} {figure}{_offer(term)}{total}", low, high, term)


def _per_unit(offer: Sequence[Term], metric: str, billed: Decimal, used: Decimal) -> Charge:
    term = offer[0]
    if len(offer) > 1 or term.tier_from is not None:
        return charge_for(offer, billed, Decimal(0), metric)
    if term.amount is None:
        return charge(f"{counted(used, metric)} free", Decimal(0), Decimal(0), term)
    if billed == 1 and not used:
        name = noun(metric, billed)
        return _flat(f"{name[:1].upper()}{name[1:]}{at_least(billed, used)}", term)
    packs, size = billed, term.per_quantity or Decimal(1)
    words = counted(billed, metric)
    if size != 1:
        packs = (billed / size).to_integral_value(ROUND_CEILING)
        words = f"{number(packs)} × {counted(size, metric)}"
    low, high = monthly(term)
    total = money_range(to_the_cent(packs * low), to_the_cent(packs * high), term.currency)
    return charge(
        f"{words}{at_least(billed, used)} × {_figure(term, low, high)}{_offer(term)} = {total}",
        packs * low,
        packs * high,
        term,
    )


def at_least(billed: Decimal, used: Decimal) -> str:
    """Why more is billed than is used: what nobody asked for must be bought with the plan."""
    if billed <= used:
        return ""
    return f" (at least {number(billed)} are billed)" if used else " (mandatory)"


def monthly(term: Term) -> tuple[Decimal, Decimal]:
    """A fee for one month, both bounds."""
    assert term.amount is not None
    length = months(term.billing_period) or Decimal(1)
    return term.amount / length, (term.amount if term.amount_max is None else term.amount_max) / length


def _figure(term: Term, low: Decimal, high: Decimal) -> str:
    length = months(term.billing_period)
    if length is None or length == 1 or term.amount is None or term.billing_period is None:
        return money_range(to_the_cent(low), to_the_cent(high), term.currency)
    asked = money_range(term.amount, term.amount_max, term.currency)
    return f"{asked} per {in_words(term.billing_period)} ÷ {number(length)}"


def _offer(term: Term) -> str:
    promo = ", a promotional price" if term.price_kind is PriceKind.PROMO else ""
    if term.commitment in (None, "month", term.billing_period):
        return promo
    return f" (committed for a {in_words(term.commitment or '')}){promo}"
