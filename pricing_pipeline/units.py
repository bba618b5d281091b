"""Reading units and counts around numbers: "up to 3 users", "30k credits / month", "per 1,000 events"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import currencies
from pricing_pipeline.numerals import NUMERAL, convention, fold, magnify, storable, value_of
from pricing_pipeline.per_units import Per, read_per
from pricing_pipeline.unit_names import ADVERBS, SCALES, WORD, family, is_known, metric, period, phrase

__all__ = ["Per", "Quantity", "is_known", "metric", "period", "read_per", "read_quantities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A count with a unit: `quantity` (up to `quantity_max` in a range) of `metric`, in each `period`, for each `per`.

    `unlimited` counts have no quantity. `bound` says whether the count is the most ("up to 3 users") or the least
    ("3+ users"). `start` and `end` are positions in the text that was read, `text` is what stands there.
    """

    quantity: Decimal | None
    metric: str
    unit_as_printed: str
    start: int
    end: int
    text: str
    quantity_max: Decimal | None = None
    unlimited: bool = False
    period: str | None = None
    bound: str | None = None
    per: str | None = None


_EXCLUDED_BEFORE = re.compile(
    r"(?:[\w#:.,@$€£¥₹=~^-]|(?<![^\W\d_])/|\b(?:per|every|each|for|v|version|step|chapter|top|no\.|nr\.|#)[ \xa0])$",
    re.IGNORECASE,
)
_EXCLUDED_AFTER = re.compile(
    r"[%°:]|[ \xa0]?(?:%|percent|/ ?\d|stars?\b|out of\b)|(?:st|nd|rd|th|x|×)\b|/\d", re.IGNORECASE
)
_NOUN_NEAR = re.compile(r"[kKMB]?\+?[ \xa0-]?[^\W\d_]|[ \xa0]?[-–—][ \xa0]?\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_THREE_PLACES = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_MOST = re.compile(
    r"\b(?:up to|max(?:imum)?\.?(?: of)?|at most|limit(?:ed)?(?: to| of)?|no more than|bis zu|jusqu'à|hasta|as many "
    r"as)[ \xa0:]*$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:at least|min(?:imum)?\.?(?: of)?|from|starting (?:at|from|with)|more than|over|mindestens|ab|au moins|"
    r"desde)[ \xa0:]*$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"[ \xa0]?(?:-|–|—|\bto\b|\bbis\b)[ \xa0]?(?=\d)", re.IGNORECASE)
_KEPT_FOR = re.compile(
    r"\b((?:[^\W\d_]+[ \xa0])?(?:retention|history|lookback))(?:[ \xa0](?:period|of|is|for))?[ \xa0:–-]{1,3}$",
    re.IGNORECASE,
)
_UNLIMITED = re.compile(
    r"\b(?:unlimited|unmetered|infinite|unbegrenzte?[rnsm]?|unlimitierte?[rns]?|onbeperkte?|obegränsa\w{1,3})"
    r"[ \xa0](?:number of |amount of |antal |anzahl )?|∞[ \xa0]?",
    re.IGNORECASE,
)
_ROMANCE = re.compile(r"ill?imit", re.IGNORECASE)
_UNLIMITED_AFTER = re.compile(
    rf"({WORD}(?:[ \xa0]{WORD}){{0,2}})(?:[ \xa0]?(?::|-|–|=)[ \xa0]?(?:unlimited|∞)(?![\w-])(?![ \xa0]+[a-z])"
    r"|[ \xa0](?:illimité(?:e|s|es)?|ilimitad[oa]s?|illimitat[oiae])(?!\w))",
    re.IGNORECASE,
)


def read_quantities(text: str, *, locale: str = "en-US") -> tuple[Quantity, ...]:
    """Every count with a unit in a text, in order: "7,500 credits", "4 to 8 users", "Unlimited deployments",
    "14-day retention".

    Money amounts are no quantities, nor are percentages, ordinals, versions, and a rate's step ("per 1,000 events").
    Hours of serverless compute are given in minutes, with `unit_as_printed` kept. Ambiguous numbers are left out.
    """
    folded = fold(text, locale=locale)
    plain = folded.text
    found = [*_counted(plain, locale), *_boundless(plain)]
    found.sort(key=lambda quantity: quantity.start)
    return tuple(
        replace(q, start=folded.at(q.start), end=folded.at(q.end), text=text[folded.at(q.start) : folded.at(q.end)])
        for q in found
    )


def _counted(text: str, locale: str) -> Iterator[Quantity]:
    end = 0
    number = NUMERAL.search(text)
    while number:
        quantity = _count(text, number, end, locale)
        if quantity:
            yield quantity
        end = quantity.end if quantity else end
        number = NUMERAL.search(text, quantity.end if quantity else _token(number, locale)[1])


def _token(number: re.Match[str], locale: str) -> tuple[str, int]:
    """A numeral's characters and end: "5 100" is two numbers where thousands do not stand apart by an ordinary
    space."""
    token = number.group()
    if " " in token and not convention(locale).spaced:
        token = token[: token.index(" ")]
    return token, number.start() + len(token)


def _count(text: str, number: re.Match[str], floor: int, locale: str) -> Quantity | None:
    if not _NOUN_NEAR.match(text, number.end()) or _is_money(text, number) or not _is_one(text, number, locale):
        return None
    before = text[max(floor, number.start() - 28) : number.start()]
    if _EXCLUDED_BEFORE.search(text[max(0, number.start() - 12) : number.start()]):
        return None
    low, after = _valued(text, number, locale)
    high, after, open_ended = _upper(text, low, after, locale)
    if low is None or _EXCLUDED_AFTER.match(text, after) or (high is not None and text.startswith("-", after)):
        return None
    start = after + (after < len(text) and text[after] in " \xa0-")
    unit = phrase(text, start, plural=low != 1)
    name = metric(unit) if unit else None
    if unit is None or name is None or (_YEAR.fullmatch(number.group()) and not is_known(name)):
        return None
    return _quantity(
        text, number.start(), start + len(unit), (low, high), (unit, name), _bound(before, open_ended), before, locale
    )


def _quantity(
    text: str,
    start: int,
    end: int,
    amounts: tuple[Decimal, Decimal | None],
    unit: tuple[str, str],
    bound: str | None,
    before: str,
    locale: str,
) -> Quantity:
    printed, name = unit
    kept = _KEPT_FOR.search(before) if name in SCALES else None
    name = metric(f"{printed} {kept.group(1)}") or name if kept else name
    factor = family(name, printed)
    low, high = (None if amount is None else storable(amount * factor) for amount in amounts)
    rate = _share(text, end, locale)
    lead = printed.split()[0].casefold()
    span = (rate.period if rate else None) or (period(lead) if lead in ADVERBS and not name.startswith(lead) else None)
    return Quantity(
        quantity=low, quantity_max=high, metric=name, unit_as_printed=printed, period=span, bound=bound,
        per=rate.per if rate else None,
        start=start, end=rate.end if rate else end, text="",
    )  # fmt: skip


def _is_one(text: str, number: re.Match[str], locale: str) -> bool:
    """False for "5 100 users" where nothing tells five from five thousand one hundred, and for the rest of such a
    number."""
    if number.group().startswith("00"):
        return False
    cut = _token(number, locale)[1] < number.end()
    joined = (
        number.start() > 1
        and text[number.start() - 1] in " \xa0"
        and text[number.start() - 2].isdigit()
        and len(number.group()) == 3
    )
    if not joined or convention(locale).spaced:
        return not cut
    first = re.search(r"\d{1,3}$", text[max(0, number.start() - 4) : number.start() - 1])
    return (
        first is not None
        and currencies.marker_before(text, max(0, number.start() - 1 - len(first.group()))) is not None
    )


def _is_money(text: str, number: re.Match[str]) -> bool:
    before = currencies.marker_before(text, number.start())
    if before and currencies.money_of(before, None, "und"):
        return True
    after = currencies.marker_after(text, number.end())
    return after is not None and currencies.money_of(after[0], None, "und") is not None


def _valued(text: str, number: re.Match[str], locale: str) -> tuple[Decimal | None, int]:
    token, end = _token(number, locale)
    value = value_of(token, convention(locale))
    if value is not None and value != value.to_integral_value() and _THREE_PLACES.fullmatch(token):
        value = None  # nobody counts in thousandths: "1.234 users" is another country's way to write thousands
    return magnify(value, text, end, locale=locale)


def _upper(text: str, low: Decimal | None, end: int, locale: str) -> tuple[Decimal | None, int, bool]:
    """The upper bound that follows ("4 to 8", "10-20"), where it ends, and whether a plus sign leaves it open."""
    if text.startswith("+", end):
        return None, end + 1, True
    dash = _RANGE.match(text, end)
    number = NUMERAL.match(text, dash.end()) if dash else None
    if number is None:
        return None, end, False
    high, after = _valued(text, number, locale)
    if low is None or high is None or high <= low:
        return None, end, False
    return high, after, False


def _bound(before: str, open_ended: bool) -> str | None:
    if _MOST.search(before):
        return "max"
    return "min" if open_ended or _LEAST.search(before) else None


def _share(text: str, end: int, locale: str) -> Per | None:
    """What a count is for ("per user", "/ month"); in "5 projects / 10 users" the stroke only parts two counts."""
    rate = read_per(text, end, locale=locale)
    stroke = text[end : end + 2].strip(" \xa0").startswith("/")
    several = rate is not None and rate.per is not None and (rate.per_quantity is not None or rate.per.endswith("s"))
    return None if stroke and several else rate


def _boundless(text: str) -> Iterator[Quantity]:
    for word in _UNLIMITED.finditer(text):
        start, end = word.start(), word.end()
        unit = phrase(text, end)
        name = metric(unit) if unit else None
        # "Unlimited users and projects" says both.
        while unit and name:
            end += len(unit)
            yield _endless(text, start, end, unit, name)
            link = _ALSO.match(text, end)
            start = end = link.end() if link else end
            unit = phrase(text, end) if link else None
            name = metric(unit) if unit and unit.endswith("s") else None
            unit = unit if name and is_known(name) else None
    for word in _UNLIMITED_AFTER.finditer(text):
        name = metric(word.group(1))
        if name and (is_known(name) or not _ROMANCE.search(word.group())):
            yield _endless(text, word.start(), word.end(), word.group(1), name)


_ALSO = re.compile(r"[ \xa0]?(?:/|&|,|\band\b)[ \xa0]?", re.IGNORECASE)


def _endless(text: str, start: int, end: int, unit: str, name: str) -> Quantity:
    rate = _share(text, end, "en-US")
    lead = unit.split()[0].casefold()
    span = (rate.period if rate else None) or (period(lead) if lead in ADVERBS and not name.startswith(lead) else None)
    return Quantity(
        quantity=None, unlimited=True, metric=name, unit_as_printed=unit, period=span, per=rate.per if rate else None,
        start=start, end=rate.end if rate else end, text="",
    )  # fmt: skip
