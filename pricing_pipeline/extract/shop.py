"""Pages of shops: what they price is bought once and put into a cart, and is no plan of anything."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pricing_pipeline.extract.document import Document
from pricing_pipeline.extract.page import Draft
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.facts import Diagnostic, PriceKind, TermKind

LONGEST_CAPTION = 60
_CART = re.compile(
    r"\b(?:add(?:ed)? (?:it )?to (?:your |my )?(?:cart|basket|bag|trolley|wish ?list)|"
    r"(?:your|shopping|view|my|mini)[ -](?:cart|basket|bag)|"
    r"(?:in|out of) stock|sold out|free (?:delivery|shipping|returns)|"
    r"(?:shipping|delivery) (?:costs?|fee|calculated|options)|buy it now|"
    r"in den warenkorb|ajouter au panier|añadir al carrito|aggiungi al carrello|in winkelwagen|adicionar ao carrinho)\b",
    re.IGNORECASE,
)
# What tiers are called: a plug-in for sale in three of them has a cart too.
_TIER = re.compile(
    r"^(?:\w+ )?(?:free|basic|starter|personal|individual|solo|hobby|pro|professional|plus|premium|standard|team|"
    r"business|growth|scale|"
    r"enterprise|agency|developer|freelancer|unlimited|lite|advanced|ultimate|single site|\d+ (?:sites?|users?))"
    r"(?: (?:plan|licen[cs]e|edition|package|bundle))?$",
    re.IGNORECASE,
)


def goods(document: Document, plans: Sequence[Found], drafts: Sequence[Draft]) -> Diagnostic | None:
    """Why what a page prices are goods, not plans: no price names a period, and there is a cart; None where they are plans."""
    fees = [
        draft.term
        for draft in [*drafts, *(draft for plan in plans for draft in plan.drafts)]
        if draft.term.term is TermKind.RECURRING_FEE
        and draft.term.amount
        and draft.term.price_kind is not PriceKind.LIST
    ]
    if not fees or any(fee.billing_period for fee in fees):
        return None
    if sum(1 for plan in plans if _TIER.search(plan.name)) * 2 >= len(plans):
        return None
    sign = next(
        (
            found
            for block in document.blocks
            if len(block.text) <= LONGEST_CAPTION and (found := _CART.search(block.text))
        ),
        None,
    )
    if sign is None:
        return None
    message = f"{len(plans)} priced items left out: no price names a period and the page says {sign.group()!r}, as a shop does"
    return Diagnostic(code="low_confidence", message=message)
