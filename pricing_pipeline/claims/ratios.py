"""Reading proportions: "twice as expensive as", "half the price of", "$90 cheaper", "17% off by the year", "doubled"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from pricing_pipeline.claims.claim import Apart, Kind, Moved, Saved, Subject, Times
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.plain import number_words
from pricing_pipeline.claims.subjects import Mention
from pricing_pipeline.claims.uses import nearest, uses
from pricing_pipeline.claims.views import View
from pricing_pipeline.money import read_amounts
from pricing_pipeline.units import is_known, metric

_FACTORS: Mapping[str, Decimal] = {
    "twice": Decimal(2), "double": Decimal(2), "triple": Decimal(3), "half": Decimal("0.5"), "a third": Decimal(1) / 3,
    "one third": Decimal(1) / 3, "a quarter": Decimal("0.25"), "a fifth": Decimal("0.2"),
    "an eighth": Decimal("0.125"), "a tenth": Decimal("0.1"), "the same": Decimal(1),
}  # fmt: skip
_MOVES: Mapping[str, Decimal] = {
    "doubl": Decimal(2), "tripl": Decimal(3), "trebl": Decimal(3), "quadrupl": Decimal(4), "halv": Decimal("0.5"),
}  # fmt: skip
_FACTOR = rf"(?P<factor>{'|'.join(_FACTORS)}|\d+(?:\.\d+)?(?=\s?(?:times|x|×)))(?:\s?(?:times|x|×))?"
_TIMES = re.compile(
    rf"\b{_FACTOR}\s(?:(?:of\s)?(?P<of>the\s(?:monthly\s)?(?:price|cost|fee|rate)|what|price)\b|(?P<part>of)(?=\s[A-Z])|"
    r"as\s(?P<as>expensive|much|costly|dear|pricey)\b|(?P<than>more\sexpensive|dearer|pricier|cheaper|less\sexpensive)\b)",
    re.IGNORECASE,
)
# "Costs half of Unlimited" compares prices, "half of Europe" does not.
_COSTS = re.compile(r"\bcosts?\s(?:just\s|only\s|about\s|around\s|nearly\s|less\sthan\s|more\sthan\s)?$", re.IGNORECASE)
_DIVIDES = re.compile(r"cheaper|less", re.IGNORECASE)
_ROUNDED = (
    ("about", re.compile(r"\b(?:about|around|roughly|approximately|some)\s+$|[~≈]\s*$", re.IGNORECASE)),
    ("almost", re.compile(r"\b(?:nearly|almost|just\sunder)\s+$", re.IGNORECASE)),
    ("over", re.compile(r"\b(?:more\sthan|over|above)\s+$", re.IGNORECASE)),
    ("under", re.compile(r"\b(?:less\sthan|under|below)\s+$", re.IGNORECASE)),
)
_APART = re.compile(
    r"\s*(?:a\smonth|per\smonth|/\s?mo(?:nth)?|monthly)?\s*(?P<how>more\sexpensive|dearer|pricier|more|cheaper|less\sexpensive|"
    r"less)\b(?!\sor\s)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:(?P<less>beats?|undercuts?|cheaper\sthan)|(?P<more>dearer\sthan|more\sexpensive\sthan))\b[^.;$€£]{1,60}\bby\s+$",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"\b(?:difference|gap|margin)\s(?:(?:is|was|of|comes\sto)\s)(?:only\s|just\s|about\s|still\s)*\s*$", re.IGNORECASE
)
_SAVED = re.compile(
    r"\b(?:sav(?:e|es|ing)s?(?:\syou)?(?:\sof)?\s(?P<up_to>up\sto\s)?(?:about\s|around\s)?(?P<one>\d{1,2}(?:\.\d)?)\s?%|"
    r"(?P<two>\d{1,2}(?:\.\d)?)\s?%\s(?:off|cheaper|discount|less|lower|saving))",
    re.IGNORECASE,
)
_GREW = re.compile(
    r"\b(?:(?P<up>rise|increase|jump|hike|rose|rises|increased|went\sup|raised|up)|(?P<down>cut|drop|decrease|fall|fell|"
    r"dropped|reduced|lowered|down|went\sdown))\s(?:of|by)\s(?:about\s|around\s|roughly\s)?(?P<share>\d{1,3}(?:\.\d+)?)\s?%",
    re.IGNORECASE,
)
_FREE_MONTHS = re.compile(
    r"\b(?P<months>[1-4]|one|two|three|four)\s+(?:free\smonths|months\s(?:for\s)?free)\b", re.IGNORECASE
)
_DISCOUNT = re.compile(
    r"\b(?:(?P<none>no|without(?:\sany)?|not\s(?:give\s|get\s|offer\s)?(?:an?|any))|(?:(?:gives?|offers?|is|get|gets|grants?|with|brings?)\s)(?:still\s|also\s)?(?:an?|some)\s(?:small\s|real\s|yearly\s|annual\s)?)"
    r"\s?(?:yearly\s|annual\s)?(?:discount|savings?|rebate)\b(?!\sof)|"
    r"\b(?:discount|saving)\sof\s(?P<months>one|two|three|four)\smonths?\b",
    re.IGNORECASE,
)
_MANY = {"one": "1", "two": "2", "three": "3", "four": "4"}
_YEARLY = re.compile(r"\b(?:annual\w*|year\w*)\b", re.IGNORECASE)
_MOVED = re.compile(r"\b(?P<how>doubl|tripl|trebl|quadrupl|halv)(?:ed|es|ing)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|when|could|would|might|may|should|every\stime|once)\b", re.IGNORECASE)


def ratios(view: View) -> Iterator[Found]:
    """The proportions and differences that a sentence states."""
    if view.is_question or view.is_header:
        return
    yield from _times(view)
    yield from _apart(view)
    yield from _saved(view)
    yield from _discounts(view)
    yield from _moved(view)
    yield from _grown(view)


def _times(view: View) -> Iterator[Found]:
    for found in _TIMES.finditer(view.text):
        if found["part"] and not _COSTS.search(view.text, 0, found.start()):
            continue
        word = found["factor"].casefold()
        factor = _FACTORS.get(word) or Decimal(word)
        if found["than"] and _DIVIDES.search(found["than"]):
            factor = 1 / factor
        first, last = view.clause(found.start())
        qualifier = _qualifier(view, found.start())
        pair = _pair(view, first)
        after = next((one for one in view.mentions if found.end() <= one.start < last), None)
        subjects = _speaker(view, found.start())
        if after is None and pair is not None and not found["of"]:
            said = Times(factor=factor, own=pair, qualifier=qualifier)
        elif after is not None and subjects and after.subjects != subjects:
            used = [use for use in view.once(uses) if first <= use.start < last]
            usage = nearest(used, found.start(), (first, last), threshold=True)
            unit = _unit(view, first, found.start())
            said = Times(factor=factor, others=after.subjects, qualifier=qualifier, usage=usage, metric=unit)
        else:
            continue
        yield _found(view, said, found.start(), found.end(), subjects)


def _pair(view: View, first: int) -> tuple[Decimal, Decimal] | None:
    """The two figures of which one is so many times the other: the last "from $10 to $310" before."""
    before = (view.text[first:], *((view.previous.text,) if view.previous is not None else ()))
    for text in before:
        read = read_amounts(text)
        if len(read) == 1 and read[0].amount_max is not None and re.search(r"\bfrom\s*$", text[: read[0].start]):
            return read[0].amount, read[0].amount_max
        if len(read) == 2 and re.fullmatch(r"[^$€£]{0,20}\bto\s+", text[read[0].end : read[1].start]):
            return read[0].amount, read[1].amount
    return None


def _apart(view: View) -> Iterator[Found]:
    for amount in read_amounts(view.text):
        is_gap = _GAP.search(view.text, 0, amount.start) is not None
        how, by = _APART.match(view.text, amount.end), _BY.search(view.text, 0, amount.start)
        if (how is None and by is None and not is_gap) or amount.metric is not None:
            continue
        is_less = bool(by["less"]) if by else _DIVIDES.search(how["how"]) is not None if how else False
        sides = _sides(view, amount.start, how.end() if how else amount.end)
        subjects, others = sides or (next(iter(view.about(amount.start, amount.end)), ()) or view.fallback, ())
        said = Apart(amount=amount.amount, others=others, is_less=is_less, qualifier=_qualifier(view, amount.start))
        yield _found(view, said, amount.start, amount.end, subjects)


def _sides(view: View, start: int, end: int) -> tuple[tuple[Subject, ...], tuple[Subject, ...]] | None:
    """Who is so much cheaper or dearer, and than whom: "A is $90 cheaper than B", "from A to B: $140 more"."""
    first, last = view.clause(start)
    before = [one for one in view.mentions if first <= one.end <= start]
    than = next((one for one in view.mentions if end <= one.start < last), None)
    if than is not None and re.fullmatch(r"\s+than\s+(?:the\s|its\s)?", view.text[end : than.start]):
        subjects = before[-1].subjects if before else view.fallback
        return (subjects, than.subjects) if subjects else None
    if len(before) == 2 and (
        view.is_object(before[1])
        or re.fullmatch(r"\s+(?:to|beats?|undercuts?)\s+(?:the\s)?", view.text[before[0].end : before[1].start])
        or re.search(r"\bthan\s(?:the\s)?$", view.text[: before[1].start])
    ):
        is_step = re.fullmatch(r"\s+to\s+(?:the\s)?", view.text[before[0].end : before[1].start])
        one, other = (before[1], before[0]) if is_step else (before[0], before[1])
        return one.subjects, other.subjects
    return None


def _saved(view: View) -> Iterator[Found]:
    if not _YEARLY.search(view.text):
        return
    for found in (*_SAVED.finditer(view.text), *_FREE_MONTHS.finditer(view.text)):
        given = found.groupdict()
        months = given.get("months")
        share = (
            Decimal(_MANY.get(months.casefold(), months)) / 12
            if months
            else Decimal(given["one"] or given["two"]) / 100
        )
        qualifier = "up_to" if given.get("up_to") else _qualifier(view, found.start())
        for subjects in view.about(found.start(), found.end()):
            yield _found(view, Saved(share=share, qualifier=qualifier), found.start(), found.end(), subjects)


def _discounts(view: View) -> Iterator[Found]:
    """That paying by the year saves something, or nothing, without saying how much."""
    around = " ".join((view.text, view.previous.text if view.previous is not None else "", *view.passage.headings[-1:]))
    if not _YEARLY.search(around):
        return
    for found in _DISCOUNT.finditer(view.text):
        given = found.groupdict()
        if given["months"]:
            said = Saved(share=Decimal(next(value for _, _, value in number_words(given["months"]))) / 12)
        else:
            said = Saved(share=Decimal(0), qualifier=None if given["none"] else "over")
        for subjects in view.about(found.start(), found.end()):
            yield _found(view, said, found.start(), found.end(), subjects)


def _moved(view: View) -> Iterator[Found]:
    for found in _MOVED.finditer(view.text):
        first, _ = view.clause(found.start())
        if _IF.search(view.text, first, found.start()):
            continue
        said = Moved(factor=_MOVES[found["how"].casefold()], metric=_moving(view, found))
        subjects = _speaker(view, found.start()) or next((one for one in view.about(found.start(), found.end())), ())
        yield _found(view, said, found.start(), found.end(), subjects)


def _grown(view: View) -> Iterator[Found]:
    """ "From $320 to $390, a rise of 22%": what the text's own two figures make."""
    for found in _GREW.finditer(view.text):
        pair = _pair(view, 0)
        if pair is not None:
            share = Decimal(found["share"]) / 100
            said = Times(factor=1 + share if found["up"] else 1 - share, own=pair)
            yield _found(view, said, found.start(), found.end(), _speaker(view, found.start()))


def _speaker(view: View, start: int) -> tuple[Subject, ...]:
    first, _ = view.clause(start)
    before: list[Mention] = [one for one in view.mentions if first <= one.end <= start and not view.is_object(one)]
    return before[-1].subjects if before else view.fallback


def _unit(view: View, first: int, last: int) -> str | None:
    """The unit of the last amount before."""
    units = [one.metric for one in read_amounts(view.text[first:last]) if one.metric and one.metric != "seat"]
    return units[-1] if units else None


def _moving(view: View, found: re.Match[str]) -> str | None:
    """Whose price or number moved: what is named right before the verb, else behind it."""
    first, last = view.clause(found.start())
    return _last_unit(view, first, found.start()) or _last_unit(view, found.end(), last)


def _last_unit(view: View, first: int, last: int) -> str | None:
    words = re.findall(r"[^\W\d_]{3,}", view.text[first:last])
    names = [name for pair in pairwise(words) for name in (metric(pair[0]), metric(" ".join(pair)))]
    known = [name for name in (*names, metric(words[-1]) if words else None) if name and is_known(name)]
    return next((name for name in reversed(known) if name not in ("seat", "month", "plan", "hour")), None)


def _qualifier(view: View, start: int) -> str | None:
    return next((name for name, words in _ROUNDED if words.search(view.text, 0, start)), None)


def _found(
    view: View, said: Times | Apart | Saved | Moved, start: int, end: int, subjects: tuple[Subject, ...]
) -> Found:
    return Found(kind=Kind.RATIO, said=said, start=start, end=end, subjects=subjects, when=view.when(start, end))
