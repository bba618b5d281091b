"""Judging prices: fees by period and commitment, rates by unit, and monthly costs at a use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.addons import is_addon, least_billed
from pricing_pipeline.claims.claim import Charged, Claim, Subject
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import BEGINNING, INSTANT, Held, Knowledge, Window
from pricing_pipeline.claims.rounding import agrees
from pricing_pipeline.claims.times import is_past, is_still_open
from pricing_pipeline.claims.words import fee_words, term_words, terms_words
from pricing_pipeline.facts import PriceKind, State, Term, TermKind
from pricing_pipeline.results import Cost, CostState, Workload
from pricing_pipeline.units import is_known
from pricing_pipeline.wording import counted, money_range

_MONTHS = {"month": Decimal(1), "quarter": Decimal(3), "half_year": Decimal(6), "year": Decimal(12)}
_MONEY = (TermKind.RECURRING_FEE, TermKind.USAGE_RATE, TermKind.ONE_TIME_FEE, TermKind.MINIMUM_SPEND)
# The least that one pays is for the least number of seats, and no other.
_LEAST = re.compile(r"\b(?:least|minimum|smallest)\b(?!.*\b(?:largest|most|maximum)\b)", re.IGNORECASE | re.DOTALL)
Terms = Sequence[Held[Term]]


def judge_price(claim: Claim, said: Charged, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on a price of a plan, or of a product as a whole."""
    said = replace(said, metric=_unit_of(said, knowledge.metrics_of(subject.key)))
    if subject.plan is None:
        return _of_product(claim, said, subject, knowledge, window)
    terms = knowledge.terms_of(subject.key, subject.plan, window)
    priced = [held for held in terms if held.fact.amount is not None and held.fact.term in _MONEY]
    at_use = _at_use(said, subject, knowledge, window, terms)
    if at_use is not None:
        fee = _fee(claim, said, subject, knowledge, window, terms) if said.is_headed else at_use
        return fee if fee.verdict is Verdict.SUPPORTED else at_use
    if said.metric is not None and said.metric != "seat":
        return _rate(claim, said, [held for held in priced if _same_metric(held.fact.metric, said.metric)])
    return _fee(claim, said, subject, knowledge, window, terms)


def _unit_of(said: Charged, metrics: Iterable[str]) -> str | None:
    """The unit as the product's own metrics call it: "serverless minute doubled" is its serverless minute."""
    if said.metric is None or any(_same_metric(metric, said.metric) for metric in metrics):
        return said.metric
    parts = set(said.metric.split("_"))
    within = sorted((metric for metric in metrics if set(metric.split("_")) <= parts), key=len)
    return within[-1] if within else said.metric if is_known(said.metric) else None


def _rate(claim: Claim, said: Charged, rates: Terms) -> Finding:
    if not rates:
        return unknown(f"no price per {str(said.metric).replace('_', ' ')} is known")
    matching = [held for held in rates if _is_amount(said, _per_unit(held.fact, said))]
    if is_past(claim) and said.is_change and any(held.until is not None for held in rates):
        # what a price rose from holds no more
        matching = [held for held in matching if held.until is not None]
    if matching:
        return finding(Verdict.SUPPORTED, term_words(matching[0].fact), matching)
    return _differs(claim, rates, terms_words(held.fact for held in rates))


def _fee(claim: Claim, said: Charged, subject: Subject, knowledge: Knowledge, window: Window, terms: Terms) -> Finding:
    fees, addons = _fees(terms, knowledge.terms_of(subject.key, None, window))
    others = [
        held
        for held in terms
        if held.fact.amount is not None and held.fact.term in _MONEY and held not in (*fees, *addons)
    ]
    plan = next((held for held in knowledge.plans_of(subject.key, window) if held.fact.slug == subject.plan), None)
    for held in fees:
        if _is_fee(said, held, fees, terms):
            return finding(Verdict.SUPPORTED, fee_words(held.fact), [held])
    if said.period is None or said.metric == "seat":
        for held in others:
            if _is_amount(said, [held.fact.amount or Decimal(0)]) and said.metric in (None, held.fact.metric):
                return finding(Verdict.SUPPORTED, term_words(held.fact), [held])
    mandatory, facts = [held.fact for held in addons], [held.fact for held in terms]
    is_all = any(_is_with(said, held.fact, mandatory, facts) for held in fees)
    if is_all or any(_is_addon(said, claim, addon) for addon in mandatory):
        return finding(Verdict.SUPPORTED, terms_words(held.fact for held in (*fees, *addons)), [*fees, *addons])
    at_allowance = _at_allowance(said, subject, knowledge, window)
    if at_allowance is not None:
        return at_allowance
    is_free = plan is not None and plan.fact.state is State.FREE
    if said.amount == 0 and (is_free or any(held.fact.state is State.FREE for held in fees)):
        return finding(Verdict.SUPPORTED, "free", fees or ([plan] if plan else []))
    known = [held for held in fees if held.fact.amount is not None or held.fact.state is State.FREE]
    if not known and is_free and plan is not None:
        return finding(Verdict.CONTRADICTED, "free", [plan])
    if not known:
        return _unpriced(said, [held for held in fees if held.fact.state is State.CONTACT_SALES])
    return _no_fee(claim, said, known, others, terms)


def _fees(terms: Terms, everywhere: Terms) -> tuple[list[Held[Term]], list[Held[Term]]]:
    """The plan's own fees, and those of what must be bought beside them: these are no prices of the plan."""
    facts = [held.fact for held in (*terms, *everywhere)]
    fees = [held for held in terms if held.fact.term is TermKind.RECURRING_FEE]
    addons = [held for held in fees if is_addon(held.fact, facts)]
    return [held for held in fees if held not in addons], addons


_MANDATORY = re.compile(r"\b(?:mandatory|required|must|on\stop|additional)\b", re.IGNORECASE)


def _is_addon(said: Charged, claim: Claim, addon: Term) -> bool:
    """Whether an amount is a fee for what must be bought, in a sentence that names it: "a platform fee of $500"."""
    sentence = claim.sentence.casefold()
    is_named = any(part in sentence for part in (addon.metric or "").split("_") if part != "fee")
    is_it = addon.amount is not None and _is_amount(said, [addon.amount])
    return is_it and (is_named or _MANDATORY.search(sentence) is not None)


def _is_with(said: Charged, fee: Term, addons: Sequence[Term], terms: Iterable[Term]) -> bool:
    """Whether an amount is the plan's fee with the least of each thing that must be bought: what one pays in all."""
    beside = [addon for addon in addons if addon.billing_period == fee.billing_period and addon.amount is not None]
    if not beside or fee.amount is None or said.metric is not None:
        return False
    facts = list(terms)
    return _is_amount(
        said, [fee.amount + sum((addon.amount or 0) * least_billed(facts, addon.metric) for addon in beside)]
    )


def _unpriced(said: Charged, asked: Terms) -> Finding:
    """A plan with no published price has none that a text could give, but for what it calls a guess."""
    if not asked:
        return unknown("no fee of it is known for that time")
    is_price = said.period is not None or said.metric is not None or said.qualifier == "from"
    if said.qualifier not in (None, "from") or said.is_loose or not is_price:
        return unknown("its price is on request")
    return finding(Verdict.CONTRADICTED, "on request", asked)


def _at_allowance(said: Charged, subject: Subject, knowledge: Knowledge, window: Window) -> Finding | None:
    """Supported where the amount is what the plan costs at an allowance that it has or had, as after a change."""
    if said.metric is not None or said.is_loose or not said.is_change:
        return None
    ever = knowledge.terms_of(subject.key, subject.plan, Window(BEGINNING, knowledge.as_of))
    for point in (held.fact for held in ever if held.fact.term is TermKind.ALLOWANCE):
        if not point.metric or not point.quantity:
            continue
        workload = Workload(slug="own", name="own", usage={point.metric: point.quantity})
        for moment in _moments(ever, window):
            cost = knowledge.cost(subject.key, str(subject.plan), workload, moment)
            if cost is not None and cost.low is not None and _is_amount(said, [cost.low]):
                use = counted(point.quantity, point.metric)
                return finding(Verdict.SUPPORTED, f"{money_range(cost.low, cost.high, cost.currency)} at {use}", ever)
    return None


def is_for_several(said: Charged, fee: Term, terms: Terms) -> bool:
    """Whether an amount is a fee for each seat, for as many of them as the plan takes."""
    if (
        fee.metric != "seat"
        or said.metric is not None
        or not fee.amount
        or said.period not in (None, fee.billing_period)
    ):
        return False
    seats, rest = divmod(said.amount, fee.amount)
    least, most = _seats(terms, TermKind.MINIMUM_SPEND) or 1, _seats(terms, TermKind.LIMIT)
    return not rest and seats >= least and (most is None or seats <= most)


def _no_fee(claim: Claim, said: Charged, fees: Terms, others: Terms, terms: Terms) -> Finding:
    if said.is_loose:
        return unknown("nothing says that the amount is its price")
    if said.currency and all(held.fact.currency not in (None, said.currency) for held in fees):
        return unknown(f"its price is known in {fees[0].fact.currency} only")
    if not _LEAST.search(claim.sentence) and any(is_for_several(said, held.fact, terms) for held in fees):
        return unknown("it is what several seats of it cost")
    shown = [held for held in fees if held.fact.billing_period == (said.period or "month")] or fees
    right = "; ".join(dict.fromkeys(fee_words(held.fact) for held in shown))
    if said.period is None and others:
        right = "; ".join([right, *dict.fromkeys(term_words(held.fact) for held in others)])
    return _differs(claim, shown, right)


def _differs(claim: Claim, terms: Terms, right: str) -> Finding:
    if is_past(claim) and not any(held.until is not None for held in terms):
        return unknown("what it was before is not known")
    return finding(Verdict.CONTRADICTED, right, sorted(terms, key=is_still_open, reverse=True))


def _is_fee(said: Charged, held: Held[Term], fees: Terms, terms: Terms) -> bool:
    fee = held.fact
    if fee.amount is None or (said.currency and fee.currency and said.currency != fee.currency):
        return False
    if said.commitment and fee.commitment and said.commitment not in (fee.commitment, fee.billing_period):
        return False
    if said.metric == "seat" and fee.metric is None and _seats(terms, TermKind.LIMIT) != 1:
        return False
    return _is_amount(said, _spoken(said, fee, fees, terms))


def _spoken(said: Charged, fee: Term, fees: Terms, terms: Terms) -> list[Decimal]:
    """The amounts by which people call a fee: for its own period or another, for one seat or for the least number."""
    low, high = fee.amount or Decimal(0), fee.amount_max
    amounts = [low] if high is None else [low, high]
    own = _MONTHS.get(fee.billing_period or "month")
    asked = _MONTHS.get(said.period or "")
    if said.period and asked is None and said.period != fee.billing_period:
        return []
    if asked is not None and own is not None and asked != own:
        stated = any(held.fact.billing_period == said.period and held.fact.amount is not None for held in fees)
        amounts = (
            [] if stated and fee.commitment in (None, fee.billing_period) else [one * asked / own for one in amounts]
        )
    seats = _seats(terms, TermKind.MINIMUM_SPEND) if fee.metric == "seat" and said.metric is None else None
    return [*amounts, *([one * seats for one in amounts] if seats else [])]


def _seats(terms: Terms, kind: TermKind) -> Decimal | None:
    found = (held.fact for held in terms if held.fact.term is kind and held.fact.metric == "seat")
    return next((term.quantity for term in found if term.quantity is not None), None)


def _is_amount(said: Charged, known: Iterable[Decimal]) -> bool:
    values = list(known)
    if said.amount_max is not None:
        ends = (said.amount, said.amount_max)
        return len(values) > 1 and all(any(agrees(end, value) for value in values) for end in ends)
    qualifier = None if said.qualifier in ("from", "up_to") else said.qualifier
    return any(agrees(said.amount, value, qualifier) for value in values)


def _per_unit(rate: Term, said: Charged) -> list[Decimal]:
    own, asked = rate.per_quantity or Decimal(1), said.per_quantity or Decimal(1)
    return [amount * asked / own for amount in (rate.amount, rate.amount_max) if amount is not None]


def _same_metric(known: str | None, said: str) -> bool:
    """Whether a unit is the one that is said: "minute" may stand for "serverless minute"."""
    return known is not None and (known == said or set(said.split("_")) <= set(known.split("_")))


def _at_use(said: Charged, subject: Subject, knowledge: Knowledge, window: Window, terms: Terms) -> Finding | None:
    """The finding on a monthly cost at a use; None where the words may speak of the fee alone."""
    metrics = knowledge.metrics_of(subject.key)
    usage = {_own_metric(metric, metrics): quantity for metric, quantity in said.usage.items()}
    strange = [metric for metric in usage if metric not in metrics and is_known(metric) and "_" not in metric]
    usage = {metric: quantity for metric, quantity in usage.items() if metric in metrics}
    if not usage:
        return None
    if _is_what_it_holds(usage, terms) and any(
        _is_fee(said, held, terms, terms) for held in terms if held.fact.term is TermKind.RECURRING_FEE
    ):
        fees = [held for held in terms if held.fact.term is TermKind.RECURRING_FEE]
        return finding(Verdict.SUPPORTED, fee_words(fees[0].fact), fees)
    workload = Workload(slug="said", name="said", usage=usage)
    found = [knowledge.cost(subject.key, str(subject.plan), workload, one) for one in _moments(terms, window)]
    settled = [_cost_finding(said, cost, usage, terms) for cost in found if cost is not None]
    supported = [one for one in settled if one.verdict is Verdict.SUPPORTED]
    if strange and not supported:
        return unknown(f"nothing is known of its {strange[0].replace('_', ' ')}s")
    return (supported or settled or [unknown("what it costs at that use is not computed here")])[0]


def _own_metric(said: str, metrics: Iterable[str]) -> str:
    """A metric as the product calls it: "minutes" may be its serverless minutes, and no others."""
    own = [metric for metric in metrics if _same_metric(metric, said)]
    return said if said in own or len(own) != 1 else own[0]


def _moments(terms: Terms, window: Window) -> list[Window]:
    """The last moment of a stretch, and the last moments before anything changed in it: costs are reckoned at moments."""
    ends = {held.until - INSTANT for held in terms if held.until is not None}
    inside = sorted((end for end in ends if window.start <= end <= window.end), reverse=True)
    return [Window(moment, moment) for moment in (window.end, *inside)]


def _cost_finding(said: Charged, cost: Cost, usage: dict[str, Decimal], terms: Terms) -> Finding:
    """The finding against the cost of one moment."""
    use = ", ".join(counted(quantity, metric) for metric, quantity in usage.items())
    if cost.state is CostState.INFEASIBLE:
        return finding(Verdict.CONTRADICTED, f"it does not take {use} ({cost.reason})", terms)
    if cost.low is None or cost.high is None:
        return unknown(f"its cost at {use} is not known: {cost.reason}")
    factor = _MONTHS.get(said.period or "month", Decimal(1))
    right = f"{money_range(cost.low * factor, cost.high * factor, cost.currency)} at {use}"
    if any(_is_amount(said, [value * factor]) for value in (cost.low, cost.high)):
        return finding(Verdict.SUPPORTED, right, terms)
    if said.is_loose:
        return unknown("nothing says that the amount is its price")
    return finding(Verdict.CONTRADICTED, right, terms)


def _is_what_it_holds(usage: dict[str, Decimal], terms: Terms) -> bool:
    """Whether "for 3 users" only repeats the plan's limit."""
    held = {(one.fact.metric, one.fact.quantity) for one in terms if one.fact.quantity is not None}
    return all((metric, quantity) in held for metric, quantity in usage.items())


def _of_product(claim: Claim, said: Charged, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    plans = knowledge.plans_of(subject.key, window)
    if said.qualifier == "from" and said.metric is None and not said.usage:
        return _entry(claim, said, subject, knowledge, window)
    found = [
        judge_price(claim, said, Subject(*subject.key, held.fact.slug), knowledge, window) for held in plans
    ]  # fmt: skip
    if not found and said.metric is not None:
        rates = [held for held in knowledge.terms_of(subject.key, None, window) if held.fact.amount is not None]
        return _rate(claim, said, [held for held in rates if _same_metric(held.fact.metric, said.metric)])
    supported = next((one for one in found if one.verdict is Verdict.SUPPORTED), None)
    if supported:
        return supported
    against = [one for one in found if one.verdict is Verdict.CONTRADICTED]
    if not against or said.usage or said.is_loose:
        return unknown("no plan is named, and the amount is none that is known")
    if said.period is None and said.metric is None:
        return unknown("no plan and no period is named, and the amount is none that is known")
    rights = "; ".join(
        f"{held.fact.name} {one.right}"
        for held, one in zip(plans, found, strict=True)
        if one.verdict is Verdict.CONTRADICTED
    )
    first = against[0]
    return Finding(
        verdict=Verdict.CONTRADICTED, right=rights, url=first.url, captured_at=first.captured_at, quote=first.quote
    )


def _entry(claim: Claim, said: Charged, subject: Subject, knowledge: Knowledge, window: Window) -> Finding:
    """The finding on "starts at": the lowest paid fee, or nothing where a plan is free."""
    entries = sorted(_entries(subject, knowledge, window), key=lambda entry: entry[0])
    paid = [entry for entry in entries if entry[0] > 0]
    if not entries:
        return unknown("no fee of it is known for that time")
    asked = _MONTHS.get(said.period or "month", Decimal(1))
    # A lower price for who commits to a year does not make "from $29 a month" untrue.
    freely = [entry for entry in paid if entry[1].fact.commitment in (None, entry[1].fact.billing_period)]
    for value, held in (*entries[:1], *paid[:1], *freely[:1]):
        if agrees(said.amount, value * asked):
            return finding(Verdict.SUPPORTED, fee_words(held.fact), [held])
    yearly = [held for _, held in paid if held.fact.amount == said.amount and said.period is None]
    if yearly:
        return finding(Verdict.SUPPORTED, fee_words(yearly[0].fact), yearly)
    if not paid or said.is_loose:
        return unknown("no paid plan with a published price is known")
    return _differs(claim, [paid[0][1]], f"from {fee_words(paid[0][1].fact)}")


def _entries(subject: Subject, knowledge: Knowledge, window: Window) -> Iterator[tuple[Decimal, Held[Term]]]:
    for plan in knowledge.plans_of(subject.key, window):
        if not plan.hosted:
            continue
        terms = knowledge.terms_of(subject.key, plan.fact.slug, window)
        for held in terms:
            fee = held.fact
            if fee.term is not TermKind.RECURRING_FEE or fee.plan is None or fee.price_kind is PriceKind.LIST:
                continue
            if fee.amount is not None:
                months = _MONTHS.get(fee.billing_period or "month", Decimal(1))
                yield fee.amount / months, held
                seats = _seats(terms, TermKind.MINIMUM_SPEND) if fee.metric == "seat" else None
                if seats:
                    yield fee.amount * seats / months, held
            elif fee.state is State.FREE:
                yield Decimal(0), held
