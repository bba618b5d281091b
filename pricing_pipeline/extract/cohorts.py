"""Telling what is said of customers that a vendor already has from what it offers to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from pricing_pipeline.extract.page import Draft
from pricing_pipeline.wording import text

_WHO = r"(?:customers?|subscribers?|subscriptions?|users?|members?|accounts?|teams?|organi[sz]ations?)"
_COHORT = re.compile(
    rf"\b(?:existing|grandfathered|legacy|former|long-?standing)\s+(?:paid\s+|paying\s+)?(?:{_WHO}|plans?|pricing)\b"
    rf"|\bcurrent\s+(?:paid\s+|paying\s+)?(?:customers?|subscribers?)\b"
    r"|\b(?:signed\s+up|subscribed|joined|registered|purchased|bought|enrolled)\s+(?:on\s+or\s+)?(?:before|prior\s+to|until)\b"
    r"|\balready\s+(?:subscribed|on|a\s+(?:customer|subscriber))\b"
    r"|\b(?:keep|keeps|retain|retains)\s+(?:your|their|its)\s+(?:old|existing|previous|original|former)\b"
    r"|\bBestandskunden\b|\bclients\s+existants\b|\bclientes\s+(?:existentes|actuales)\b",
    re.IGNORECASE,
)
# One of the words that each of them begins with. Looked for first: the pattern takes a twentieth of reading a page.
_FIRST_WORDS = (
    "existing", "grandfathered", "legacy", "former", "long", "current", "signed", "subscribed", "joined", "registered",
    "purchased", "bought", "enrolled", "already", "keep", "retain", "bestandskunden", "clients", "clientes",
)  # fmt: skip
_NEW_SENTENCE = re.compile(r"[.!?]\s|\b(?:If|For|Customers|Those|Anyone)\b")
# A question is answered by what follows it: "Already on Solo? You keep $8."
_ENDED = re.compile(r"[.!]\s")
_FIGURE = re.compile(r"\d[\d,.]*")


def speaks_of_cohort(said: str) -> bool:
    """Whether a text has words for some customers only."""
    plain = said.casefold()
    return any(word in plain for word in _FIRST_WORDS) and _COHORT.search(said) is not None


def for_everybody(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts without those that only customers of old are promised: they are no part of today's offer."""
    return [draft for draft in drafts if not _is_of_a_cohort(draft)]


def _is_of_a_cohort(draft: Draft) -> bool:
    """Whether the figure of a draft stands in what its quote says of such customers.

    That is what stands in the same sentence as the words for them.
    """
    term = draft.term
    quote = term.evidence.quote
    said = _COHORT.search(quote)
    if said is None:
        return False
    figure = term.amount if term.amount is not None else term.quantity
    places = [match.start() for match in _FIGURE.finditer(quote) if _is(match.group(), figure)]
    if not places:
        return True
    # "$8 a month if you subscribed before March" is one sentence; "$0.04 per credit If you subscribed …" is two lines
    return any(
        _NEW_SENTENCE.search(quote[place : said.start()]) is None
        if place < said.start()
        else _ENDED.search(quote[said.end() : place]) is None
        for place in places
    )


def _is(printed: str, figure: Decimal | None) -> bool:
    digits = printed.rstrip(".,").replace(",", "")
    return figure is not None and digits.strip("0.") == text(figure).strip("0.")
