"""Prices that a page keeps from its reader's eyes: in attributes for scripts to swap in, and in structured data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from pricing_pipeline.extract.blocks import locate
from pricing_pipeline.extract.card import Card
from pricing_pipeline.extract.document import Mark
from pricing_pipeline.extract.labels import is_name
from pricing_pipeline.extract.page import Draft, Page, slug
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.structured import Offer
from pricing_pipeline.extract.wording import clean_name
from pricing_pipeline.facts import Evidence, State, Surface, Term, TermKind

MOST_OFFERS = 12
LEAST_YEARS_WORTH = 5


def read_marks(page: Page, cards: Sequence[Card], monthly: Mapping[str, Term]) -> Iterator[Draft]:
    """The fees that attributes such as data-yearly="$390/year" hold for a period that the page does not show at first.

    Only amounts with their own currency sign count: "32,5" may be anything. `monthly` is what each plan visibly costs a
    month: beside it an amount for the year that names no period is a year's total, or less a month if it is less.
    """
    for card in cards:
        for mark in page.document.marks:
            if card.start <= mark.index <= card.end and mark.period != "month":
                term = _mark_term(page, mark, slug(card.name), monthly.get(slug(card.name)))
                if term is not None and _within(page, mark, card):
                    yield Draft(term=term, way="attribute")


def _within(page: Page, mark: Mark, card: Card) -> bool:
    """Whether an attribute's element stands in the card: at a card's edge its position alone does not tell."""
    if card.start < mark.index < card.end:
        return True
    inside = {id(block.node) for block in page.document.blocks[card.start : card.end]}
    parents = list(mark.node.parents)[:6]
    return any(id(parent) in inside for parent in parents) or any(
        id(child) in inside for parent in parents[:2] for child in parent.find_all(True, limit=40)
    )


def _mark_term(page: Page, mark: Mark, plan: str, monthly: Term | None) -> Term | None:
    amounts = page.amounts(mark.value)
    if len(amounts) != 1 or amounts[0].amount == 0 or amounts[0].amount_max is not None:
        return None
    amount = amounts[0]
    period, metric = amount.period, amount.metric
    if period is None and mark.period == "year" and monthly is not None and monthly.currency == amount.currency:
        period, metric = _worth(amount.amount, monthly.amount), monthly.metric
    if period is None or " ".join(mark.value.split()) == " ".join(mark.node.get_text(" ").split()):
        return None
    return Term(
        plan=plan,
        term=TermKind.RECURRING_FEE,
        metric=metric,
        amount=amount.amount,
        currency=amount.currency,
        billing_period=period,
        commitment=mark.period,
        evidence=Evidence(quote=" ".join(mark.value.split()), locator=locate(mark.node), surface=Surface.ATTRIBUTE),
    )


def _worth(yearly: Decimal, monthly: Decimal | None) -> str | None:
    """Whether what stands for the year is a year's total or a month's share; None where it may be either."""
    if monthly is None or not monthly:
        return None
    return "month" if yearly <= monthly else "year" if yearly >= monthly * LEAST_YEARS_WORTH else None


def read_offers(plans: list[Found], offers: Sequence[Offer]) -> list[Draft]:
    """What structured data says beside the visible prices. Where the page shows no plan, named offers are its plans."""
    stated = [offer for offer in offers if offer.amount is not None and not offer.is_list]
    if any(offer.amount_max is None for offer in stated):
        stated = [offer for offer in stated if offer.amount_max is None]  # an aggregate of the others is no plan
    if plans:
        return [draft for offer in stated for draft in _beside(plans, offer)]
    named = {slug(name): (name, offer) for offer in stated[: MOST_OFFERS + 1] if (name := _offer_name(offer))}
    if len(stated) > MOST_OFFERS:
        return []
    plans.extend(
        Found(slug=key, name=name, state=State.FREE if offer.amount == 0 else State.STATED, evidence=offer.evidence)
        for key, (name, offer) in named.items()
    )
    return [
        Draft(term=_offer_term(offer, slug(name), offer.period), way="structured")
        for offer in stated
        if (name := _offer_name(offer))
    ]


def _offer_name(offer: Offer) -> str | None:
    name = clean_name(offer.name or offer.subject or "")
    return name if is_name(name) else None


def _beside(plans: Iterable[Found], offer: Offer) -> Iterator[Draft]:
    """An offer for a plan that the page shows: nothing where it repeats a price of the plan, else what contradicts it."""
    name = _offer_name(offer)
    plan = next((plan for plan in plans if name is not None and plan.slug == slug(name)), None)
    if plan is None:
        return
    fees = [
        draft.term
        for draft in plan.drafts
        if draft.term.term is TermKind.RECURRING_FEE and draft.term.amount is not None
    ]
    if any(fee.amount == offer.amount for fee in fees) or (offer.amount == 0 and plan.state is State.FREE):
        return
    visible = [fee for fee in fees if fee.evidence.surface is Surface.VISIBLE]
    like = next((fee for fee in visible if offer.period in (None, fee.billing_period)), None)
    if like is not None and offer.currency in (None, like.currency):
        yield Draft(term=_offer_term(offer, plan.slug, like.billing_period, like), way="structured")


def _offer_term(offer: Offer, plan: str, period: str | None, like: Term | None = None) -> Term:
    free = offer.amount == 0
    return Term(
        plan=plan,
        term=TermKind.RECURRING_FEE,
        metric=like.metric if like else offer.metric,
        state=State.FREE if free and like is None else State.STATED,
        amount=None if free and like is None else offer.amount,
        amount_max=offer.amount_max,
        currency=None if free and like is None else (like.currency if like else offer.currency),
        per_quantity=offer.per_quantity,
        billing_period=period,
        commitment=like.commitment if like else offer.commitment or period,
        unit_as_printed=offer.per,
        evidence=offer.evidence,
        confidence=Decimal("0.8") if period else Decimal("0.6"),
    )
