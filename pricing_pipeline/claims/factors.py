"""Reading multiples whose two sides the sentence leaves to the reader: "31 times as much", "half of that", "double"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.claim import Kind, Multiple
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.plain import number_words
from pricing_pipeline.claims.views import View
from pricing_pipeline.money import read_amounts
from pricing_pipeline.units import is_known, metric

_WORDS = {
    "twice": Decimal(2), "double": Decimal(2), "doubled": Decimal(2), "triple": Decimal(3), "tripled": Decimal(3),
    "quadruple": Decimal(4), "quadrupled": Decimal(4), "halved": Decimal("0.5"), "half": Decimal("0.5"),
    "a third": Decimal(1) / 3, "a quarter": Decimal("0.25"), "a fifth": Decimal("0.2"), "a tenth": Decimal("0.1"),
}  # fmt: skip
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBERS = rf"(?:ten|eleven|twelve|thirteen|fifteen|(?:(?:twenty|thirty|forty|fifty)(?:[\s-](?:{_ONES}))?)|{_ONES})"
# How often something happens is no multiple, and "twelve times ten" a sum.
_OFTEN = (
    r"(?!\s(?:a|per|each|every|in\sa)\s(?:second|minute|hour|day|week|month|year)|\smore\soften|\s?[$€£\d]|"
    rf"\s(?:{_NUMBERS}|a\shundred)\b|\s(?:before|now|already|in\sa\srow)\b)"
)
_TIMES = re.compile(
    rf"(?<![\w.,$€£-])(?P<number>\d{{1,4}}(?:\.\d+)?|{_NUMBERS})[\s-]?(?:times|fold|x|×)(?!\w){_OFTEN}", re.IGNORECASE
)
_PART = re.compile(
    r"\b(?P<word>twice|double|triple|quadruple|half|a\s(?:third|quarter|fifth|tenth))\s(?:of\s)?"
    r"(?=(?:that|what|as\s(?:much|many|long|expensive|dear|high)|(?:the|its|their|our|your)\s(?:\w+\s)?(?:old\s|new\s|previous\s|former\s|monthly\s)?"
    r"(?:price|cost|fee|rate|bill|allowance|limit|quota|sum|amount)s?|[A-Z]\w*\+?['’]s)\b)"
    r"|\b(?P<verb>doubl|tripl|quadrupl|halv)(?P<ending>e|es|ed)\b(?=\s(?:our|your|the|its|their|my|in\sprice)\b|\s*[.,;:)]|$)",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\b(?:if|whenever|once|when)\b|\b(?:usage|team|traffic|volume|headcount|data|load)\s$|\b(?:check|edged)\b",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"\b(?:about|around|roughly|approximately|some|nearly|almost|more\sthan|over|just\s(?:over|under)|close\sto)\s+$|[~≈]\s*$",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:prices?|costs?|fees?|rates?|bills?|pays?|paid|expensive|dear|pricey|charge[sd]?|budgeted|invoice|fare|spend)\b",
    re.IGNORECASE,
)
_LONG = re.compile(r"\bas\slong|\blonger|\bretention|\bdays\b", re.IGNORECASE)


def factors(view: View) -> Iterator[Found]:
    """The multiples of a sentence."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    for found in (*_TIMES.finditer(view.written), *_PART.finditer(view.written)):
        first, last = view.clause(found.start())
        if _IF.search(view.text, first, found.start()):
            continue
        said = Multiple(
            factor=_factor(found),
            of=_of(view, first, last, found),
            is_rounded=_ROUNDED.search(view.written, 0, found.start()) is not None,
        )
        subjects = next(iter(view.about(found.start(), found.end())), ()) or view.fallback
        when = view.when(found.start(), found.end())
        yield Found(kind=Kind.MULTIPLE, said=said, start=found.start(), end=found.end(), subjects=subjects, when=when)


def _factor(found: re.Match[str]) -> Decimal:
    given = found.groupdict()
    if given.get("number"):
        written = given["number"]
        return (
            Decimal(next((value for _, _, value in number_words(written)), 0))
            if written[0].isalpha()
            else Decimal(written)
        )
    word = given["word"] or f"{given['verb']}ed"
    return _WORDS[" ".join(word.casefold().split())]


def _of(view: View, first: int, last: int, found: re.Match[str]) -> str | None:
    """What is compared: `money`, `day`, or a unit that is counted; None where the words leave it open."""
    clause = _without_names(view)[first:last]
    if _LONG.search(clause):
        return "day"
    unit = _unit(clause)
    before = _without_names(view.previous) if view.previous is not None else ""
    if _AS_MANY.match(view.written, found.end()):
        return unit or _unit(before)
    if _MONEY.search(view.text, found.start(), last):
        return "money"
    if unit is None and "$" not in clause and not _MONEY.search(clause):
        return _of_before(before)
    charged = read_amounts(clause)
    if unit is not None and charged and charged[-1].metric in (None, "seat"):
        return None  # "used 7,500 credits and pays $310, 31 times as much": of either
    return unit or "money"


def _without_names(view: View) -> str:
    """The text with blanks for the names in it: a plan that is called Team is no unit."""
    text = view.text
    for one in view.mentions:
        text = f"{text[: one.start]}{' ' * (one.end - one.start)}{text[one.end :]}"
    return text


_AS_MANY = re.compile(r"\s?as\smany\b", re.IGNORECASE)


def _of_before(text: str) -> str | None:
    """What the sentence before was about: the unit of its price, its money, else its unit."""
    read = read_amounts(text)
    if read:
        return read[-1].metric if read[-1].metric not in (None, "seat") else "money"
    return _unit(text)


def _unit(text: str) -> str | None:
    """The unit that is named last."""
    names = [metric(word) for word in re.findall(r"[^\W\d_]{3,}", text)]
    known = [name for name in names if name and is_known(name) and name not in _NOT_UNITS]
    return known[-1] if known else None


_NOT_UNITS = frozenset({"seat", "month", "plan", "time", "day", "year", "allowance", "limit", "quota", "price", "tier"})
