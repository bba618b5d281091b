"""Reading which way prices, rates and allowances went: "the fees did not change", "raised its usage rates"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from pricing_pipeline.claims.claim import Kind, Shifted, Subject, Way
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.views import View
from pricing_pipeline.units import is_known, metric

# What moves, the more special first; each word says which terms of a plan are meant.
_WHAT = (
    r"(?P<cost>(?:effective|real|actual|true)\s(?:costs?|prices?))|"
    r"(?P<rate>(?:(?:usage|overage|metered|credit|minute|unit|per-\w+)\s(?:\w+\s)?(?:rates?|prices?|charges?|fees?|costs?)|rates?)|"
    r"(?:prices?|costs?)\s(?:per|of\san?|for\san?)\s\w+(?:\sminute)?|what\sa\s\w+\scosts)|"
    r"(?P<allowance>allowances?|quotas?|included\s\w+)|"
    r"(?P<fee>(?:(?:monthly|list|plan|headline|sticker|platform|base|subscription|seat)\s)*(?:fees?|prices?|stickers?|headlines?)"
    r"(?:\sof\s(?:its|the|all|both)\splans?)?)|"
    r"(?P<unit>(?:serverless\s)?(?:credits?|minutes?|hours?|rows?|runs?|events?|seats?|users?))"
)
_UP = (
    r"rose|risen|went\sup|go(?:es)?\sup|gone\sup|increased|climbed|jumped|doubled|tripled|quadrupled|"
    r"(?:got|become|became)\s(?:dearer|more\sexpensive|higher)"
)
_DOWN = (
    r"fell|fallen|dropped|went\sdown|gone\sdown|decreased|sank|halved|"
    r"(?:got|become|became)\s(?:cheaper|less\sexpensive|lower)"
)
_OFTEN = r"(?:now\s|also\s|all\s|only\s)*"
_IS_UP = rf"{_OFTEN}(?:up|higher|dearer|more\sexpensive|raised|increased|hiked|put\sup)(?:\snow)?"
_IS_DOWN = rf"{_OFTEN}(?:down|lower|cheaper|less\sexpensive|cut|lowered|reduced|slashed)(?:\snow)?"
_IS_SAME = (
    r"(?:still\s|all\s)*(?:unchanged|untouched|the\ssame(?:\sas\s(?:before|in\s\w+|ever))?|as\sthey\swere|as\sit\swas|"
    r"not\s(?:changed|touched|moved|raised))"
)
_SAME = (
    r"(?:did|has|have|had)(?:n['’]t|\snot)\s(?:changed?|moved?|risen|rise|budged?|gone\sup|increased?)|"
    r"(?:stay(?:s|ed)?|remain(?:s|ed)?|kept|stay)\s(?:exactly\s)?(?:the\ssame|unchanged|where\s(?:they|it)\s(?:are|is)|as\s(?:they|it)\s(?:were|was)|put|flat|where\s(?:they|it)\s(?:were|was)|untouched)|"
    r"sto(?:od|od)\sstill|held\s(?:steady|still)|never\s(?:moved|changed)"
)
_BECOMES = re.compile(
    rf"\b(?:{_WHAT})\b(?P<between>[^.;:,$€£\d]{{0,25}}?)\s(?:(?P<up>{_UP}|(?:is|are|was|were|has\sbeen|have\sbeen)\s{_IS_UP})|"
    rf"(?P<down>{_DOWN}|(?:is|are|was|were|has\sbeen|have\sbeen)\s{_IS_DOWN})|(?P<same>{_SAME}|(?:is|are|was|were|has\sbeen|have\sbeen)\s{_IS_SAME}))"
    r"(?!\s(?:than(?!\s(?:before|in\s|it\swas|they\swere))|to|from|by|when|if|as|for)\b)(?=\W|$)",
    re.IGNORECASE,
)
_WHOSE = r"(?:its|the|their|all|both|any|of|monthly|usage|list|two)"
_MAKES = re.compile(
    r"\b(?:(?P<same>without\s(?:touching|changing|raising)|(?:did|has|have)(?:n['’]t|\snot)\s(?:touch|change|raise)d?|left|leaving|never\stouched)|"
    r"(?P<up>raised|raising|increased|hiked|put\sup|upped|lifted)|(?P<down>cut|cutting|lowered|reduced|slashed))"
    rf"\s(?:{_WHOSE}\s)*?(?:{_WHAT})\b(?!\s(?:from|to|by)\b)",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?P<how>the\ssame|unchanged|identical|higher|lower)\s(?:(?:monthly|list|plan|headline|base)\s)+(?:fees|prices)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:changed\snothing|nothing\s(?:has\s)?(?:changed|moved)|(?:has|have)(?:n['’]t|\snot)\schanged\sanything)\b",
    re.IGNORECASE,
)
_WAYS = {"up": Way.UP, "down": Way.DOWN, "same": Way.SAME}
_UNSURE = re.compile(
    r"\b(?:if|when|whether|would|could|(?-i:may)|might|will|shall|should|expects?|next|soon|can|unless|every\stime|to\s(?:be|see))\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:n['’]t|\b(?:not|never|no|nobody|nothing|neither|without|none))\b", re.IGNORECASE)


def shifts(view: View) -> Iterator[Found]:
    """What a sentence says of the way that something went."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    for found in (*_BECOMES.finditer(view.text), *_MAKES.finditer(view.text)):
        way = next(way for name, way in _WAYS.items() if found[name])
        what = next(name for name in ("cost", "rate", "allowance", "fee", "unit") if found[name])
        unit = _unit(found[what]) if what in ("rate", "unit") else None
        if what == "unit" and (unit is None or _is_compared(view, found)):
            continue
        said = Shifted(what="rate" if what == "unit" else what, way=way, metric=unit)
        yield from _each(view, said, found.start(), found.end(), is_plan=_is_of_plan(view, found, what))
    for found in _HAS.finditer(view.text):
        if _COMPARES_TIMES.search(view.text):
            how = found["how"].casefold()
            way = Way.UP if how == "higher" else Way.DOWN if how == "lower" else Way.SAME
            yield from _each(view, Shifted(what="fee", way=way), found.start(), found.end(), is_plan=False)
    for found in _NOTHING.finditer(view.text):
        yield from _each(view, Shifted(what="anything", way=Way.SAME), found.start(), found.end(), is_plan=False)


def _is_compared(view: View, found: re.Match[str]) -> bool:
    """Whether a unit's number is meant, or one who has dearer ones than another, and no change of its price."""
    first, last = view.clause(found.start())
    is_state = _IS.search(found.group()) is not None and _SINCE.search(view.text, first, last) is None
    return is_state or _COUNTED.search(view.text, 0, found.start()) is not None


_IS = re.compile(r"\b(?:is|are)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:now|today|since|than\sbefore|after)\b", re.IGNORECASE)
# "30,000 credits were dropped" speaks of how many, and not of what one costs.
_COUNTED = re.compile(r"(?:\d|\bof|\bincluded|\bfree)\s(?:\w+\s)?$", re.IGNORECASE)
_COMPARES_TIMES = re.compile(r"\bside\sby\sside\b|\b(?:before|after|old|new|then|earlier|still)\b", re.IGNORECASE)


def _unit(words: str) -> str | None:
    """The unit that is named among the words: serverless minutes in "price of a serverless minute"."""
    parts = re.findall(r"[^\W\d_]{3,}", words)
    pairs = [f"{one} {other}" for one, other in pairwise(parts)]
    names = (metric(word) for word in (*pairs, *parts))
    skipped = ("seat", "month", "plan", "usage", "unit", "rate", "price", "fee", "cost")
    return next((name for name in names if name and is_known(name) and name not in skipped), None)


def _is_of_plan(view: View, found: re.Match[str], what: str) -> bool:
    """Whether one plan is meant: "Solo's fee" is one, "the fees" are all of them."""
    first, _ = view.clause(found.start())
    named = any(one.is_plan and first <= one.start < found.start() for one in view.mentions)
    return named and not re.search(r"s\b", found[what][-2:])


def _each(view: View, said: Shifted, start: int, end: int, *, is_plan: bool) -> Iterator[Found]:
    first, last = view.clause(start)
    if _UNSURE.search(view.text, first, last):
        return
    if said.way is not Way.SAME and _NOT.search(view.text, first, end):
        said = replace(said, way=Way.SAME)
    # "the fees of Dagster+ went up" names whose they are in the middle
    inside = [one.subjects for one in view.mentions if start <= one.start < end]
    for subjects in inside[-1:] or view.about(start, end):
        meant = subjects if is_plan else tuple(dict.fromkeys(Subject(*subject.key) for subject in subjects))
        when = view.when(start, end)
        yield Found(kind=Kind.CHANGE, said=said, start=start, end=end, subjects=meant, when=when)
