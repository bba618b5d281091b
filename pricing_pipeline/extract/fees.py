"""Reading what a plan asks for out of its card: fees with period and commitment, rates, surcharges, free, on request."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.card import Card
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.introductory import in_the_long_run
from pricing_pipeline.extract.labels import asks_for_contact, standing
from pricing_pipeline.extract.page import Draft, Page, evidence
from pricing_pipeline.extract.priced import Priced, read_priced
from pricing_pipeline.extract.required import required_terms
from pricing_pipeline.extract.toggles import section_period
from pricing_pipeline.extract.wording import has_money, invites_contact, is_free
from pricing_pipeline.facts import PriceKind, State, Surface, Term, TermKind
from pricing_pipeline.unit_names import phrase

# "$8.33/mo, billed $100 yearly", "$8/mo, billed $99 yearly"
_ROUNDING = Decimal("0.5")
_BILLED = re.compile(
    r"\b(?:billed|charged|invoiced|paid|payable|due|abgerechnet|zahlbar|factur\w+|facturad\w+|fatturat\w+|gefactureerd)\b",
    re.IGNORECASE,
)
_SO_MANY = re.compile(
    r"\W*(?:in )?(?:total )?for (?:a team of )?(?:[2-9]|\d\d+)\b(?! (?:month|year|day)s?\b)", re.IGNORECASE
)
RENTED_BY = frozenset({"hour", "minute", "second"})
_EXTRA_UNIT = re.compile(
    r"(?P<count>\d[\d.,]*\s?[km]?\s+)?\b(?:additional|extra|more)\s+(?P<unit>(?:[\w'-]+\s?){1,4})", re.IGNORECASE
)
_STARTS_WITH_MONEY = re.compile(r"^[^\d]{0,30}\d")


def read_fees(
    page: Page, card: Card, plan: str, *, monthly: Decimal | None = None, lines: Collection[int] = ()
) -> tuple[State, list[Draft]]:
    """A card's state and its fees and rates.

    `monthly` is what the plan costs a month where another card says so, `lines` blocks that are known to state its price.
    """
    blocks = page.document.blocks[card.start : card.end]
    every = in_the_long_run(list(read_priced(page, blocks, card.name_block.index, lines=lines)), blocks)
    priced = [item for item in every if item.required is None]
    headline = _headline(priced, card)
    bought = [item for item in every if item.required is not None]
    if bought and headline is None:  # what must be bought is the price itself where nothing else is asked
        priced, bought = every, []
        headline = _headline(priced, card)
    once = [
        Draft(term=_once(item, plan), way="card") for item in priced if item.once and item.is_line and not item.struck
    ]
    if headline is None and once:
        return State.STATED, once
    if headline is None or headline.asks_nothing:
        return _without_headline(card, plan, blocks, headline, priced)
    if is_free(card.name):  # what is called free asks nothing: the amount is what comes on top, or another plan's
        return State.FREE, [Draft(term=_stateful(plan, State.FREE, card.name_block), way="card")]
    headline = _named_by_card(_dated(page, headline, priced), card)
    period, _ = _settle(page, headline, monthly)
    if period == "month" and headline.pane != "year":
        monthly = headline.amount.amount
    drafts = []
    for item in (_named_by_card(item, card) for item in priced):
        term = _term(page, item, headline, plan, monthly)
        if term is not None:
            drafts.append(Draft(term=term, way="card"))
    return State.STATED, [*_with_twelfths(drafts), *_bought(bought, plan)]


def _bought(items: Sequence[Priced], plan: str) -> list[Draft]:
    return [
        Draft(term=term, way="card")
        for item in items
        if item.required is not None
        for term in required_terms(item.block, item.amount, item.required, plan)
    ]


def _with_twelfths(drafts: list[Draft]) -> list[Draft]:
    """The fees, of which one a month is on a year's commitment where its year's total stands beside it, and a dearer month too.

    "$15/mo, billed $180 per year; $19/mo billed monthly". Where the total is said to be billed, no dearer month is needed.
    """
    fees = [d.term for d in drafts if d.term.term is TermKind.RECURRING_FEE and d.term.price_kind is not PriceKind.LIST]
    yearly = {fee.amount for fee in fees if fee.billing_period == "year"}
    monthly = [fee.amount for fee in fees if fee.billing_period == "month" and fee.amount is not None]
    cheap = min(monthly, default=None)
    billed = {fee.amount for fee in fees if fee.billing_period == "year" and _BILLED.search(fee.evidence.quote)}
    if cheap is None or not ((cheap * 12 in yearly and len(set(monthly)) > 1) or _is_years_worth(cheap, billed)):
        return drafts
    return [
        replace(d, term=replace(d.term, commitment="year"))
        if d.term in fees and d.term.billing_period == "month" and d.term.amount == cheap
        else d
        for d in drafts
    ]


def _is_example(item: Priced, headline: Priced) -> bool:
    """Whether an amount is what so many of a price for each come to: "$75 a month for 10 users" beside "$7.50 per user"."""
    return headline.metric is not None and _SO_MANY.match(item.block.text[item.amount.end :]) is not None


def _is_years_worth(month: Decimal, billed: Collection[Decimal | None]) -> bool:
    """Whether what is billed a year is twelve times a month's price, rounded as prices are."""
    return any(year is not None and abs(year - month * 12) <= month * _ROUNDING for year in billed)


def _named_by_card(item: Priced, card: Card) -> Priced:
    """A rate per thousand or million of what its card is named after: "Requests: $0.40 per million"."""
    if item.metric is None and item.per_quantity is not None and not item.extra:
        metric = units.metric(card.name)
        return replace(item, metric=metric if metric and units.is_known(metric) else None)
    return item


def _without_headline(
    card: Card, plan: str, blocks: Sequence[Block], headline: Priced | None, priced: Sequence[Priced]
) -> tuple[State, list[Draft]]:
    """A plan that asks for no amount: free, on request, or one that charges only for use."""
    rates = [_rate(item, plan) for item in priced if item.extra or (item.metric and item is not headline)]
    drafts = [Draft(term=term, way="card") for term in rates if term is not None]
    line = headline.block if headline is not None else _free_line(blocks, card)
    if line is not None:
        free = _stateful(plan, State.FREE, line)
        if headline is not None:  # "€0": free, and priced in euros
            free = replace(free, currency=headline.amount.currency)
        return State.FREE, [Draft(term=free, way="card"), *drafts]
    asked = next((block for block in blocks if asks_for_contact(block.text)), None) or next(
        (block for block in blocks if invites_contact(block.text)), None
    )
    if asked is not None:
        return State.CONTACT_SALES, [Draft(term=_stateful(plan, State.CONTACT_SALES, asked), way="card"), *drafts]
    return State.STATED, drafts


def _free_line(blocks: Sequence[Block], card: Card) -> Block | None:
    if card.price_index is None:
        return None
    price = blocks[card.price_index - card.start]
    if asks_for_contact(price.text):
        return None
    lines = [
        block
        for block in blocks
        if is_free(standing(block)) and block.index != card.name_block.index and block.surface is Surface.VISIBLE
    ]
    return price if not has_money(standing(price)) else lines[0] if lines else None


def _stateful(plan: str, state: State, block: Block) -> Term:
    return Term(plan=plan, term=TermKind.RECURRING_FEE, state=state, evidence=evidence([block]))


def _headline(priced: Sequence[Priced], card: Card) -> Priced | None:
    """The amount that is the plan's own price: the first in a price line, what the page shows at once before what it hides."""
    regular = [p for p in priced if p.later and not p.extra and not p.promo]
    if regular and any(p.promo for p in priced):
        return regular[0]
    asked = [p for p in priced if p.is_line and not (p.extra or p.struck or p.once or p.promo)]
    visible = [p for p in asked if p.block.surface is Surface.VISIBLE] or asked
    lines = [p for p in visible if _STARTS_WITH_MONEY.match(p.block.text)] or visible
    exact = [p for p in lines if p.block.index == card.price_index]
    return next(iter(exact or lines), None)


def _dated(page: Page, headline: Priced, priced: Sequence[Priced]) -> Priced:
    """The headline; where nothing says its period, the plan's price that says so: "$18k hardware", "$24k/yr platform"."""
    if headline.metric is not None or _settle(page, headline, None)[0] is not None:
        return headline
    asked = (p for p in priced if p.is_line and p.period in ("month", "year") and p.metric in (None, "seat"))
    plain = (p for p in asked if not (p.extra or p.struck or p.once or p.promo or p.least or p.asks_nothing))
    return next((p for p in plain if p.block.surface is headline.block.surface), headline)


def _is(item: Priced, headline: Priced) -> bool:
    return item.amount is headline.amount and item.block is headline.block


def _competes(item: Priced, headline: Priced) -> bool:
    """Whether an amount is another price of the same plan (another period, another commitment) rather than a rate beside it."""
    if item.extra or item.once or item.struck or not item.is_line:
        return False
    return _is(item, headline) or item.metric is None or headline.metric is None or item.metric == headline.metric


def _term(page: Page, item: Priced, headline: Priced, plan: str, monthly: Decimal | None) -> Term | None:
    if item.promo:
        return None
    if item.struck:
        return _listed(item, headline, plan)
    if item.once:
        return _once(item, plan)
    if item.least and not _is(item, headline):
        return _least(item, plan)
    if not _is(item, headline) and item.pack is not None:
        bought = replace(item, metric=item.pack.metric, unit=item.pack.per, per_quantity=item.pack.per_quantity)
        return _rate(bought, plan)
    if not _is(item, headline) and (item.extra or _is_rate_beside(item, headline)):
        held = replace(item, period=headline.period) if item.metric == "seat" and item.period is None else item
        return _rate(held, plan)
    if not _competes(item, headline) or (not _is(item, headline) and _is_example(item, headline)):
        return None
    period, commitment = _settle(page, item, monthly)
    if not _is(item, headline) and not _is_another_price(item, headline, period, commitment):
        return None
    metric = item.metric or (headline.metric if headline.metric not in RENTED_BY else None)
    if period in RENTED_BY or (period is None and metric not in (None, "seat")):
        return _rate(item, plan)
    return _fee(item, plan, kind=TermKind.RECURRING_FEE, period=period, commitment=commitment, metric=metric)


def _least(item: Priced, plan: str) -> Term | None:
    """The least that is charged in a period: "$10 monthly minimum"."""
    if item.period not in ("month", "year", "quarter"):
        return None
    return _fee(item, plan, kind=TermKind.MINIMUM_SPEND, period=item.period, commitment=None, metric=None)


def _is_rate_beside(item: Priced, headline: Priced) -> bool:
    if item.metric is None or item.metric == headline.metric:
        return False
    return headline.metric is not None or item.metric != "seat" or item.period is None


def _is_another_price(item: Priced, headline: Priced, period: str | None, commitment: str | None) -> bool:
    if period is None:
        return False
    if item.asks_nothing:
        return False
    return (
        (period, commitment) != (headline.period, headline.commitment)
        or item.block.surface is not headline.block.surface
        or item.amount == headline.amount
    )


def _settle(page: Page, item: Priced, monthly: Decimal | None) -> tuple[str | None, str | None]:
    """Period and commitment of a price: from its words, then from its pane, then from what the page says of all plans."""
    period, commitment = item.period, item.commitment
    if period is None and item.pane == "year":
        is_total = monthly is None or item.amount.amount > monthly * 5
        period, commitment = ("year" if is_total else "month"), "year"
    elif period is None and item.pane:
        period = item.pane
    elif period == "month" and item.pane == "year":
        commitment = commitment or "year"
    if period is None and commitment is None and item.metric in (None, "seat"):
        period = section_period(item.block) or page.default_period(item.block.index)
    if period is None and commitment is not None:
        period = commitment if commitment in ("month", "year", "quarter") else None
    if commitment is None and period == "month" and item.pane != "month" and item.block.surface is Surface.VISIBLE:
        commitment = page.commitment_of(item.quoted) or ("year" if page.is_annual_shown else None)
    return period, commitment or (
        period
        if period in ("month", "year", "quarter", "week", "day", "half_year") or (period or "")[:1].isdigit()
        else None
    )


def _fee(
    item: Priced, plan: str | None, *, kind: TermKind, period: str | None, commitment: str | None, metric: str | None
) -> Term:
    return Term(
        plan=plan,
        term=kind,
        metric=metric,
        amount=item.amount.amount,
        amount_max=item.amount.amount_max,
        currency=item.amount.currency,
        per_quantity=item.per_quantity,
        billing_period=period,
        commitment=commitment,
        unit_as_printed=item.unit,
        price_kind=PriceKind.FROM if item.is_from else PriceKind.STANDARD,
        evidence=evidence(item.quoted, around=(item.amount.start, item.amount.end)),
        confidence=Decimal(1) if period or kind is TermKind.ONE_TIME_FEE else Decimal("0.6"),
    )


def _once(item: Priced, plan: str) -> Term:
    return _fee(item, plan, kind=TermKind.ONE_TIME_FEE, period=None, commitment=None, metric=item.metric)


def _listed(item: Priced, headline: Priced, plan: str) -> Term | None:
    """A struck-through price beside the one that is asked, under the same period."""
    if headline.period and item.period and item.period != headline.period:
        return None
    if item.amount.amount == headline.amount.amount:
        return None  # what is asked after a first while is what was struck through for it
    term = _fee(
        item,
        plan,
        kind=TermKind.RECURRING_FEE,
        period=item.period or headline.period,
        commitment=None,
        metric=item.metric or headline.metric,
    )
    return replace(
        term, price_kind=PriceKind.LIST, evidence=evidence([item.block], around=(item.amount.start, item.amount.end))
    )


def _rate(item: Priced, plan: str | None) -> Term | None:
    """What each unit costs; None where nothing says of what."""
    metric, unit = item.metric, item.unit
    if metric is None:
        found = _EXTRA_UNIT.search(item.block.text)
        if found and found["count"] and found["count"].strip() != "1" and item.per_quantity is None:
            return None  # "10,000 more credits at $25": for all of them, or for each?
        unit = phrase(found["unit"], 0) if found else None
        metric = units.metric(unit) if unit else None
    period = item.period if item.period not in RENTED_BY else None
    if metric is None and item.period in RENTED_BY:
        metric = item.period
    if metric is None or item.asks_nothing or item.block.surface is not Surface.VISIBLE:
        return None
    return Term(
        plan=plan,
        term=TermKind.USAGE_RATE,
        metric=metric,
        amount=item.amount.amount,
        amount_max=item.amount.amount_max,
        currency=item.amount.currency,
        per_quantity=item.per_quantity,
        billing_period=period,
        commitment=item.commitment or (item.pane if period == "month" and item.pane in ("month", "year") else None),
        unit_as_printed=unit,
        price_kind=PriceKind.FROM if item.is_from else PriceKind.STANDARD,
        evidence=evidence(item.quoted, around=(item.amount.start, item.amount.end)),
    )
