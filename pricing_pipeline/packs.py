"""Reading sums that buy so many units at once: "10,000 extra credits for $25", "$25 for 10,000 more credits"."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.numerals import NUMERAL
from pricing_pipeline.per_units import Per, read_per, read_step
from pricing_pipeline.unit_names import family, metric, period, phrase

_MORE = r"(?:additional|extra|more|further|another)"
_BUNDLE = r"(?:packs?|packages?|bundles?|blocks?|batch(?:es)?|lots?|top[- ]?ups?)"
_SPACE = r"[ \xa0]"
_BEHIND = re.compile(
    rf"{_SPACE}?(?:(?P<join>for|per)\b|/){_SPACE}?(?:(?:an?|each|every|one){_SPACE})?"
    rf"(?:(?P<bundle>{_BUNDLE}{_SPACE}of)|(?P<more>{_MORE}))?{_SPACE}?(?=\d)",
    re.IGNORECASE,
)
_MORE_NEXT = re.compile(rf"{_SPACE}(?P<more>{_MORE})(?={_SPACE})", re.IGNORECASE)
_ENDS = re.compile(rf"{_SPACE}*(?:$|[.,;)])")
# "Extra credits: $25 for 10,000", "Additional credits can be bought at $25 for 10,000 credits"
_HEADED = re.compile(rf"\b{_MORE}{_SPACE}(?P<unit>[^\W\d_][^.;$€£¥]{{1,60}})$", re.IGNORECASE)
_SAYS_MORE = re.compile(
    rf"(?:\b{_MORE}|\b{_BUNDLE}{_SPACE}of|\b(?:add|buy|purchase|top{_SPACE}up(?:{_SPACE}with)?)|[+]){_SPACE}?$",
    re.IGNORECASE,
)
# A count that the sum does not buy: how far something reaches, or what the plan holds.
_BOUNDS = re.compile(
    rf"(?:\b(?:up to|at most|max\.?|maximum|first|next|after|over|above|beyond|than|min\.?|minimum|includ\w+|with|every|each|per|"
    rf"and|or)|[–—-]|[$€£¥₹/#]){_SPACE}?$",
    re.IGNORECASE,
)
_COUNT_LETTERS = re.compile(r"[\w.,]$")
_BUYS = re.compile(
    rf"(?P<bundle>[ \xa0-]{_BUNDLE})?{_SPACE}*(?:(?P<join>for|costs?|is|are)\b|[:=(–—-])?{_SPACE}*"
    rf"(?:(?:only|just|from){_SPACE})?$",
    re.IGNORECASE,
)


def read_pack_behind(text: str, end: int, before: str, *, locale: str = "en-US", is_beside: bool = False) -> Per | None:
    """How many of what a sum that ends at `end` buys, by the words behind it: "$25 for 10,000 more credits", "$25 per
    pack of 500 users"; None where they do not say that it is so many more.

    A count alone ("$25 for 10,000") is one of what `before` says is extra. "$29 for 1,000 contacts" may as well be the
    plan and what it holds, unless the sum is known to stand beside the plan's price (`is_beside`).
    """
    join = _BEHIND.match(text, end)
    if join is None:
        return None
    count, after = read_step(text, join.end(), locale)
    lead = _HEADED.search(before)
    headed = phrase(lead["unit"], 0) if lead else None
    if count and headed and _ENDS.match(text, after) and join["join"] == "for":
        return _pack(count, headed, text[join.end() : after], end=after)
    more = _MORE_NEXT.match(text, after - 1)
    start = more.end() + 1 if more else after
    unit = phrase(text, start)
    if count is None or unit is None or period(unit):
        return None
    is_more = more or join["more"] or join["bundle"] or is_beside or (headed and metric(headed) == metric(unit))
    if not is_more:
        return None
    found = _pack(count, unit, text[join.end() : start + len(unit)], end=start + len(unit))
    span = read_per(text, found.end, locale=locale)
    return found if span is None or span.per else replace(found, end=span.end, period=span.period)


def read_pack_before(before: str, *, has_period: bool, locale: str = "en-US") -> Per | None:
    """How many of what the sum behind a text buys: "10,000 extra credits for", "Top up 500 credits:"; the `end` of the
    result says nothing.

    Without a word that says "more", only what stands "for" a sum is bought with it, and nothing where the sum comes
    again each period (`has_period`): "10,000 credits for $29 a month" tells what a plan holds, unless it counts heads.
    """
    number = next(reversed([*NUMERAL.finditer(before)]), None)
    if number is None or _BOUNDS.search(before[: number.start()]) or _COUNT_LETTERS.search(before[: number.start()]):
        return None
    count, after = read_step(before, number.start(), locale)
    after -= after > number.end() and before[after - 1] in " \xa0"
    more = _MORE_NEXT.match(before, after)
    start = more.end() if more else after
    start += start < len(before) and before[start] in " \xa0-"
    unit = _unit(before, start)
    buys = _BUYS.match(before, start + len(unit))
    if count is None or buys is None:
        return None
    said = more or buys["bundle"] or _SAYS_MORE.search(before[: number.start()])
    if period(unit) or (said and not unit):
        return None
    found = _pack(count, unit, before[number.start() : start + len(unit)])
    is_bought = buys["join"] == "for" and not (has_period and found.metric not in (None, "seat"))
    return found if said or is_bought else None


def _unit(text: str, start: int) -> str:
    """The unit words at a position, without a word for the bundle that they come in: "credit" of "credit pack"."""
    unit = phrase(text, start) or ""
    return re.sub(rf"[ \xa0-]{_BUNDLE}$", "", unit, flags=re.IGNORECASE)


def _pack(count: Decimal, unit: str, printed: str, *, end: int = 0) -> Per:
    name = metric(unit)
    many = count * family(name, unit) if name else count
    return Per(end=end, per=printed.strip(), metric=name, per_quantity=None if many == 1 else many)
