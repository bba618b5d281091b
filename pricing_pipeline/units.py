"""Reading units and counts around numbers: "up to 3 users", "30k credits / month", "per 1,000 events"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import currencies
from pricing_pipeline.numerals import MAGNITUDES, NUMERAL, convention, fold, magnify, storable, value_of
from pricing_pipeline.unit_names import ADVERBS, BUNDLES, SCALES, WORD, family, is_known, metric, period, phrase

__all__ = ["Per", "Quantity", "is_known", "metric", "period", "read_per", "read_quantities"]

_FRACTIONS = {("month", 3): "quarter", ("month", 6): "half_year", ("month", 12): "year"}
_STRONG = r"/[ \xa0]?(?:per\b|each\b|pro\b)?|(?<![^\W\d_])(?:per|pro|par|por|je|pr\.|každý)\b|\bp/"
_WEAK = r"\b(?:for[ \xa0](?:each|every|any)|an?|each|every|al|à la|im|i|the|om|v|за|в|na|alle|il|la|le|in the)\b"
_JOIN = re.compile(
    rf"[ \xa0,(]{{0,3}}(?:(?:(?:and|et|und|y)[ \xa0])?({_STRONG})|({_WEAK}))[ \xa0]{{0,2}}", re.IGNORECASE
)
_MORE = re.compile(
    r"(?:(?:each|every)[ \xa0])?(?:additional|extra|further)[ \xa0](?=\d|(?:hundred|thousand|million|billion|1k)\b)",
    re.IGNORECASE,
)
_LOOSE = re.compile(rf"[ \xa0,(]{{0,3}}(?<![^\W\d_])({WORD})", re.IGNORECASE)
_ONLY_PERIOD = frozenset({"month", "mo", "year", "yr", "week", "day", "月", "年"})
_SPAN_NEXT = re.compile(r"[ \xa0]?(?:/|per\b)[ \xa0]?(?:month|mo|year|yr|week|day)\b", re.IGNORECASE)
_SHORT = re.compile(r"[ \xa0]?(?:(pcm|p/m|p\.m\.|pm)|p/a|p\.a\.|pa)(?![\w/])")
_HALF = re.compile(r"/[ \xa0]?([dwyh]|p\.?a)\b\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Per:
    """What a rate is charged for: `per` in the page's words, `metric` and `period` normalised, `per_quantity` its
    step; `end` where it ends.

    An hour is both: `metric` hour for what is metered, `period` hour for what is rented. Minutes and seconds are
    metrics only.
    """

    end: int
    per: str | None = None
    metric: str | None = None
    per_quantity: Decimal | None = None
    period: str | None = None


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


def read_per(text: str, start: int, *, locale: str = "en-US") -> Per | None:
    """What follows an amount and says what it is charged for ("/user/month", "per 1,000 events", " monthly"); None
    where nothing does.

    `text` is folded (see `numerals.fold`).
    """
    found = Per(end=start)
    for _ in range(4):
        step = _abbreviated(text, found.end) or _joined(text, found.end, locale) or _loose(text, found.end)
        if step is None or (step.period and found.period) or (step.metric and not step.period and found.metric):
            break
        found = _merged(found, step)
    return found if found.end > start else None


def _abbreviated(text: str, start: int) -> Per | None:
    """Periods in short: "£5 pcm", "$10 p/m", "€96 p.a."."""
    short = _SHORT.match(text, start)
    return Per(end=short.end(), period="month" if short.group(1) else "year") if short else None


def _merged(first: Per, second: Per) -> Per:
    # An hour beside a unit is a period ("per seat per hour"); alone it is what is metered.
    keeps = first.per is not None
    return Per(
        end=second.end, per=first.per if keeps else second.per, metric=first.metric if keeps else second.metric,
        per_quantity=first.per_quantity or second.per_quantity, period=first.period or second.period,
    )  # fmt: skip


def _joined(text: str, start: int, locale: str) -> Per | None:
    join = _JOIN.match(text, start)
    if not join:
        return None
    half = _HALF.match(text, join.start(1)) if join.group(1) else None
    if half:
        return Per(end=half.end(), period=period(half.group(1)) or "year")
    more = _MORE.match(text, join.end())
    count, after = _step(text, more.end() if more else join.end(), locale)
    unit = _unit_after(text, after)
    if unit is None:
        whole = count is not None and join.group(1)
        return Per(end=after, per_quantity=count, per=text[join.end() : after].strip()) if whole else None
    return _rate(text, join, count, after, unit)


def _rate(text: str, join: re.Match[str], count: Decimal | None, after: int, unit: str) -> Per | None:
    end, span, name = after + len(unit), period(unit), metric(unit)
    if unit.casefold() in BUNDLES:
        noun, many = BUNDLES[unit.casefold()]
        return Per(end=end, per=text[join.end() : end], metric=noun, per_quantity=(count or Decimal(1)) * many)
    if span and count is not None and count != 1:
        longer = _FRACTIONS.get((span, int(count))) if count == int(count) and count < 13 else None
        return Per(end=end, period=longer, per=None if longer else text[join.end() : end])
    if span and span != "hour":
        return Per(end=end, period=span)
    if name is None or (join.group(2) and not span and not is_known(name)):
        return None
    metered = name != "hour" or span == "hour"
    return Per(
        end=end,
        per=text[join.end() : end],
        metric=name if metered else None,
        per_quantity=_scaled(count, name, unit),
        period=span,
    )


def _scaled(count: Decimal | None, name: str, unit: str) -> Decimal | None:
    factor = family(name, unit)
    return count if factor == 1 else (count or Decimal(1)) * factor


def _unit_after(text: str, start: int) -> str | None:
    """A period word by itself, else the unit phrase."""
    word = _FIRST.match(text, start, start + 40)
    if not word:
        return next((sign for sign in ("ヶ月", "月", "年") if text.startswith(sign, start)), None)
    first = word.group()
    follow = text[word.end() : word.end() + 2].strip(" \xa0")
    if (
        period(first)
        and first.casefold() not in ADVERBS
        and not (first.casefold() in ("hour", "hours") and follow.startswith("of"))
    ):
        return first
    return phrase(text, start, single=True)


def _step(text: str, start: int, locale: str) -> tuple[Decimal | None, int]:
    """A rate's step ("1,000", "1M", "million") at a position, and where the unit's words begin."""
    number = NUMERAL.match(text, start)
    if number:
        value = value_of(number.group(), convention(locale))
        value, end = magnify(value, text, number.end(), locale=locale)
        while end < len(text) and text[end] in " \xa0":
            end += 1
        return value, end
    word = re.compile(r"(hundred|thousand|million|billion|1k)\b[ \xa0]?", re.IGNORECASE).match(text, start)
    if not word:
        return None, start
    return MAGNITUDES.get(word.group(1).casefold(), Decimal(100)), word.end()


def _loose(text: str, start: int) -> Per | None:
    """What stands behind an amount with no joining word: "$96 annually", "$10 month", "$6 end-user / month"."""
    word = _LOOSE.match(text, start, start + 40)
    if not word:
        return None
    plain = word.group(1).casefold()
    if plain in ADVERBS or plain in _ONLY_PERIOD or plain in ("one-time", "once"):
        return Per(end=word.end(), period=period(plain))
    name = metric(plain)
    if name and is_known(name) and name not in SCALES.values() and _SPAN_NEXT.match(text, word.end()):
        return Per(end=word.end(), per=word.group(1), metric=name)
    return None


_FIRST = re.compile(WORD)
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
