"""Which lines of a page are price tags, and which can be a plan's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.wording import (
    clean_name,
    has_digit,
    has_money,
    is_action,
    is_badge,
    is_contact,
    is_free,
    is_period_line,
    is_price_header,
    is_tagline,
    without_template,
)

LONGEST_PRICE_LINE = 80
LONGEST_LEAD = 44
LONGEST_NAME = 60
_OUTSIDE = frozenset({"nav", "footer", "select"})
# What stands before an amount that is no plan's price: a saving, a surcharge, a sum of money in a story.
_NO_PRICE = re.compile(
    r"\b(?:save[ds]?|saving|savings|cut|cuts|off|discount|worth|extra|additional|overage|surcharge|credit of|refund|cash ?back|"
    r"raised|revenue|setup|set-up|instead of|was)\b[^$€£¥]{0,30}$|[+]\s*$",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:prices?|plans?|pricing|rates?|costs?)?\s*(?:from|starting (?:at|from)|starts? (?:at|from)|as low "
    r"as|only|just|now|today|for|at|from only|beginning at)|pricing|price|cost|rate|fee|monthly|annually|"
    r"yearly|annual|"
    r"per month|usd|eur|gbp|billed (?:monthly|annually|yearly)|us|about|ab|à partir de|ab nur)?[\s:]*$",
    re.IGNORECASE,
)
_MONEY_START = re.compile(
    r"(?:[$€£¥₹₩₽₺₪฿₫₴]|\b(?:US|A|C|NZ|HK|S|R)\$|\b(?:USD|EUR|GBP|CHF|CAD|AUD|INR|kr|Rs)\b\.?)\s*\.?\d|"
    r"\b\d[\d.,]*(?<![.,])(?:[.,][-–—]{1,2})?\s?(?:[€£¥₹¢元円원]|(?:USD|EUR|GBP|CHF|kr)\b)",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:we|our|i|my|they|their|he|she|his|her|us)(?:['’]\w+)?\b(?! (?:plans?|pric\w+))", re.IGNORECASE
)
_RATE_TAIL = re.compile(
    r"\d\s*(?:/|per\b)\s*(?:1,?000,?000|1,?000|\d+\s?[km]\b|million|thousand)\s+[a-z]+s?\b|\d\s*/\s*[mk]tok(?:ens?)?\b",
    re.IGNORECASE,
)
_METERED_TAIL = re.compile(
    r"\d\s*(?:/|per\b)\s*(?:[\d.,]+\s?[km]?\b\s*|million\s+|thousand\s+)?(?!(?:user|seat|member|person|agent|month|mo|year|yr)s?\b)"
    r"[a-z]+s?\b",
    re.IGNORECASE,
)
# "Was $29, now $19/month"
_FORMER = re.compile(r"^\W*was\b[^.]{1,20}?\bnow\b", re.IGNORECASE)
_CALCULATION = re.compile(r"[=×]\s*[$€£]?\d|\d\s*[*×]\s*[$€£]?\d")
_SENTENCE_END = re.compile(r"[.!?;]\s+\S+\s+\S+")
# Headings of a page's other sections, which no vendor calls a plan.
_SECTION = re.compile(
    r"^(?:faq(?:['’]?s)?|frequently asked.*|examples?|(?:common |popular )?questions.*|(?:key |all |core |main "
    r")?features|overview|details|notes?|summary|introduction|resources|add-?ons?|contact|support|"
    r"(?:our )?(?:pricing|plans|prices)|(?:regular|sale|list|unit|original|current|discounted|reduced|our|your|total|special|"
    r"retail|member) price|"
    r"plan(?: name)?|name|package|tier|edition|type|product|(?:plans?|pricing) (?:and|&) (?:pricing|plans?|features).*|compare "
    r"(?:all )?(?:plans|features).*|included|what['’]s included.*|everything .*|how (?:it works|.*)|why .*|"
    r"what .*|"
    r"related|testimonials|customers|billing|payment.*|cost|terms.*|benefits|specifications?|description|"
    r"(?:sub)?total|order summary|tax(?:es)?|shipping|amount due|"
    r"about.*|usage|limits|availability|requirements|get started|table of contents)$",
    re.IGNORECASE,
)
_INLINE_FREE = re.compile(r"^(.{2,40}?)\s*[-–—:|]\s*(?:free|contact us|custom)$", re.IGNORECASE)
_INLINE_ENDS = frozenset("esm")
# What follows a name in its line: "Small 1 vCPU", "Team 20 users"; a name may end in a number, or begin with one.
_COUNTED = re.compile(r"[^\W\d_].*\s\d[\d.,]*\s?[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{2}|^[^\W\d_]$|[^\W\d_]\d|\d[^\W\d_]")


def standing(block: Block) -> str:
    """What a block says apart from what is crossed out in it, and from a template's own tags."""
    for segment in block.segments:  # every line of a page is asked: a generator takes three times as long
        if segment.struck:
            break
    else:
        return without_template(block.text)
    return " ".join(block.text[segment.start : segment.end] for segment in block.segments if not segment.struck)


def is_price_line(block: Block) -> bool:
    """Whether a block is a line that states a plan's price, or that it is free or on request."""
    if block.region in _OUTSIDE or block.is_struck or (block.tag == "button" and not _is_choice(block)):
        return False
    text = _FORMER.sub("", standing(block))
    if len(text) > LONGEST_PRICE_LINE:
        return False
    if has_money(text) and "{" not in block.text:
        text = _FORMER.sub("", block.text)
    if text[-1:] == "?" or _is_told(text):
        return False
    if has_money(text):
        start = _MONEY_START.search(text)
        return _CALCULATION.search(text) is None and (start is None or _leads_to_price(text[: start.start()]))
    return is_free(text) or _inline_free(text) is not None or (is_contact(text) and not _is_link_caption(block))


def _is_choice(block: Block) -> bool:
    """Whether a button is a card of its own rather than a call to buy: "Pro | 5 sites | $9/mo"."""
    name = inline_name(block) if len(block.segments) > 2 else None
    return name is not None and not is_action(name)


def _inline_free(text: str) -> re.Match[str] | None:
    return _INLINE_FREE.match(text) if text[-1:].lower() in _INLINE_ENDS else None


def _is_told(text: str) -> bool:
    """Whether an amount stands in a sentence that tells a story: "We were paying $300 a month before."."""
    start = _MONEY_START.search(text) if text[-1:] in '.!”"’' and has_digit(text) else None
    return start is not None and _STORY.search(text[: start.start()]) is not None


def _leads_to_price(before: str) -> bool:
    """Whether what stands before an amount leaves it a price tag rather than a figure in a sentence."""
    return len(before) <= LONGEST_LEAD and _NO_PRICE.search(before) is None and _SENTENCE_END.search(before) is None


def find_name(blocks: Iterable[Block]) -> tuple[str, Block] | None:
    """The name in the blocks above a price: the highest heading among them, else the first short line that can be one."""
    candidates = [
        (name_of(block), block) for block in blocks if block.region not in _OUTSIDE and not is_badge(block.text)
    ]
    named = [(name, block) for name, block in candidates if is_name(name) and not has_money(block.text)]
    headings = [pair for pair in named if pair[1].level]
    if headings:
        return min(headings, key=lambda pair: pair[1].level)
    return named[0] if named else None


def name_of(block: Block) -> str:
    """A block's text as a name: segments that are badges left out."""
    if len(block.segments) > 1:
        return clean_name(_without_stickers(block, len(block.text)))
    return clean_name(block.text)


def _without_stickers(block: Block, end: int) -> str:
    """A block's text up to a position without the segments that are badges, or say behind the name whom it is for."""
    texts = [block.text[s.start : min(s.end, end)] for s in block.segments if s.start < end]
    return " ".join(text for place, text in enumerate(texts) if not is_badge(text) and not (place and is_tagline(text)))


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether a text can be a plan's name."""
    if not 0 < len(text) <= LONGEST_NAME or len(text.split()) > 7 or not _WORD.search(text):
        return False
    if text[-1] in ".?!,;" or text[0] in "+(/*" or has_money(text) or is_badge(text) or is_contact(text):
        return False
    return not (
        is_period_line(text)
        or (is_action(text) and len(text.split()) > 1)
        or is_price_header(text)
        or _LEAD_IN.match(text)
        or _SECTION.match(text)
    )


def asks_for_contact(text: str) -> bool:
    """Whether a line says to ask for the price, after the plan's name perhaps: "Enterprise: contact us"."""
    inline = _inline_free(text)
    return is_contact(text) or (inline is not None and is_contact(text[inline.end(1) :].strip(" -–—:|")))


def is_lead_in(text: str) -> bool:
    """Whether a text before an amount says no more than that a price follows ("from", "starting at", nothing)."""
    return _LEAD_IN.match(text.strip(" -–—:|(*")) is not None


def inline_name(block: Block) -> str | None:
    """The name in a line that holds name and price: "Organization - $10 per user", "Solo $10/month"."""
    text = block.text
    free = _inline_free(text)
    if free:
        name = clean_name(free.group(1))
        return name if is_name(name) else None
    found = _MONEY_START.search(text) if has_money(text) else None
    if found is None or found.start() == 0:
        return None
    before = text[: found.start()]
    parted = (
        before.rstrip()[-1:] in "-–—:|"
        or any(segment.end <= found.start() for segment in block.segments)
        or bool(block.level)
    )
    name = clean_name(
        re.sub(
            r"(?:^|\s+)(?:from|starting (?:at|from)|starts? at|as low as|only|just|for|at)\s*$",
            "",
            _without_stickers(block, found.start()) if len(block.segments) > 1 else before,
            flags=re.IGNORECASE,
        )
    )
    if not parted or _LEAD_IN.match(before.strip(" -–—:|")):
        return None
    if is_name(name) and len(name.split()) <= 4 and not _COUNTED.search(name):
        return name
    return _first_segment(block, found.start())


def _first_segment(block: Block, before: int) -> str | None:
    """The name that a line of several parts begins with: "Small | 1 vCPU, 2 GB RAM | $6/mo"."""
    parts = [segment for segment in block.segments if segment.end <= before]
    name = clean_name(block.text[parts[0].start : parts[0].end]) if len(parts) > 1 else ""
    return name if is_name(name) and len(name.split()) <= 4 else None


def is_rate_line(block: Block) -> bool:
    """Whether a line prices what use costs rather than a plan: "Input: $0.15 / 1M tokens"."""
    return inline_name(block) is not None and _RATE_TAIL.search(block.text) is not None


def is_defined_rate(term: Block, definition: Block) -> bool:
    """Whether a term and its definition price what use costs rather than a plan: "Storage" and "$0.02 per GB per month"."""
    return term.tag == "dt" and definition.tag == "dd" and _METERED_TAIL.search(definition.text) is not None


def _is_link_caption(block: Block) -> bool:
    return block.tag == "button" or all(segment.node.name in ("a", "button") for segment in block.segments)
