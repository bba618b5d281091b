"""Reading figures without a unit behind a plan's name ("Starter gives you six", "Team remembers 14"): any count of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.claim import Counted, Kind
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.plain import number_words
from pricing_pipeline.claims.subjects import Mention
from pricing_pipeline.claims.views import View
from pricing_pipeline.numerals import read_number

_FIGURE = re.compile(r"(?<![\w.,$€£/#%-])\d[\d,]*(?:\.\d+)?k?(?![\w%-]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
# What makes a figure behind a name a count of what the plan holds.
_HOLDS = re.compile(
    r"(?:['’]s|customers|users|subscribers|plan|tier|which|it|you|them|your|runs?|logs?|history|for|only|just|a|an|with|at|to|after|up|"
    r"gives?|gave|gets?|got|has|have|had|keeps?|kept|stops?|ends?|remembers?|forgets?|includes?|included|carries|carried|allows?|"
    r"allowed|takes?|took|admits?|accepts?|holds?|held|loses?|lost|offers?|offered|bundles?|bundled|comes?|came|covers?|caps?|capped|"
    r"is|are|was|were|max|maximum|minimum|of|about|around|no|more|than|then|now|still|also|once|provides?|supports?|lets|grants?|"
    r"granted|\W|\s)*",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:gives?|gave|gets?|got|has|had|keeps?|kept|stops?|ends?|remembers?|forgets?|includes?|included|carries|carried|allows?|"
    r"allowed|takes?|admits?|accepts?|holds?|held|loses?|lost|lose|offers?|offered|bundles?|bundled|caps?|capped|provides?|supports?|"
    r"grants?|granted)\b|(?:customers|users|subscribers)\s$|^\W*[:(]\W*$|^['’]s\s(?:own\s|old\s|former\s)?$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:[,;)]|[.!](?:\s|$)|$|of\s(?:them|those|these|it)\b|a\smonth\b|per\smonth\b|(?:each|every)\smonth\b|days?\b|and\b|but\b|while\b|:|would\b|included\b)",
    re.IGNORECASE,
)


def elided(view: View) -> Iterator[Found]:
    """The figures whose unit is not said, each with the plan named before it."""
    if view.is_question or view.passage.block is Block.CELL or view.passage.block is Block.HEADING:
        return
    for start, end, value in _figures(view.text):
        if _AND_A_HALF.match(view.text, end) or value != int(value):
            continue
        ahead = view.ahead(end)
        if ahead is not None and ahead.is_plan and _LISTED.search(view.text, 0, start) and _ON.match(view.text, end):
            yield _found(view, value, start, end, ahead)
            continue
        named = _plan_before(view, start)
        if named is None or not _ENDS.match(view.text, end):
            continue
        between = view.text[named.end : start]
        if _HOLDS.fullmatch(between) and _VERB.search(between):
            yield _found(view, value, start, end, named)


# "7 days on Hobby; 14 on Team."
_LISTED, _ON = re.compile(r"(?:^|[;,:]|\band)\s*$", re.IGNORECASE), re.compile(r"\s(?:on|with|for|in)\s", re.IGNORECASE)


# No plan holds three and a half of anything; a rate is meant.
_AND_A_HALF = re.compile(r"\s(?:and\s(?:a\shalf|a\squarter)|cents?|dollars?|bucks?)\b", re.IGNORECASE)


def _found(view: View, value: Decimal, start: int, end: int, named: Mention) -> Found:
    said, when = Counted(metric=None, quantity=value), view.when(start, end)
    return Found(kind=Kind.COUNT, said=said, start=start, end=end, subjects=named.subjects, when=when)


def _figures(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Where a figure stands and what it is, in digits or words; "one" is seldom a number, and a year none."""
    for found in _FIGURE.finditer(text):
        value = None if _YEAR.fullmatch(found.group()) else read_number(found.group().rstrip(","))
        if value is not None:
            yield found.start(), found.start() + len(found.group().rstrip(",")), value
    for start, end, number in number_words(text):
        if number > 1:
            yield start, end, Decimal(number)


def _plan_before(view: View, start: int) -> Mention | None:
    first, _ = view.clause(start)
    before = [one for one in view.mentions if first <= one.start and one.end <= start]
    return before[-1] if before and before[-1].is_plan else None
