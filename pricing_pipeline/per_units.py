"""What a price or a count is for, out of the words behind it: "per user", "/ month", "per 1,000 events"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.numerals import MAGNITUDES, NUMERAL, convention, magnify, value_of
from pricing_pipeline.periods import SPELLED, several
from pricing_pipeline.unit_names import ADVERBS, BUNDLES, SCALES, WORD, family, is_known, metric, period, phrase

_COUNTED = frozenset({"day", "week", "month", "year"})
_SPELLED = re.compile(rf"({'|'.join(SPELLED)})[ \xa0-](day|week|month|year)s?\b", re.IGNORECASE)
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
_FIRST = re.compile(WORD)
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
    spelled = _SPELLED.match(text, join.end())
    if spelled:
        span = several(SPELLED[spelled.group(1).casefold()], period(spelled.group(2)) or "")
        return Per(end=spelled.end(), period=span)
    more = _MORE.match(text, join.end())
    count, after = read_step(text, more.end() if more else join.end(), locale)
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
        longer = several(int(count), span) if count == int(count) and span in _COUNTED and 1 < count < 1000 else None
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


def read_step(text: str, start: int, locale: str) -> tuple[Decimal | None, int]:
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
