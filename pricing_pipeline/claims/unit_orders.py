"""Reading comparisons of one rate or count: "its credits are cheaper", "keeps runs longer than Hobby", "the lower rate"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pricing_pipeline.claims.claim import Kind, Outdone, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.uses import NOT_COUNTED
from pricing_pipeline.claims.views import View
from pricing_pipeline.units import is_known, metric

_UNIT = r"(?P<unit>(?:serverless\s|compute\s|code\s)?[^\W\d_]{3,})"
_LESS = r"(?P<less>cheaper|less\sexpensive|less\scostly|lower)"
_MORE = r"(?P<more>dearer|more\sexpensive|pricier|more\scostly|costlier|higher)"
# "Its credits are half a cent cheaper", "credits are more expensive than Starter's".
_PRICED = re.compile(
    rf"\b(?:its|their|the|extra|per|each|[A-Z]\w*['’]s)[\s-](?:extra\s|own\s)?{_UNIT}(?:\s(?:rate|price|overage)s?)?\s(?:are|is|cost|costs|comes?)\s"
    rf"(?:also\s|even\s|still\s|slightly\s|a\slittle\s|much\s|[^.;,$]{{0,18}}(?:cent|¢)s?\s|\s*\$[\d.]+\s)?(?:{_LESS}|{_MORE})\b",
    re.IGNORECASE,
)
# "$0.035 per credit, less than on Solo".
_PER = re.compile(
    rf"[$€£]\s?[\d.]+\s?(?:per|a|an|/|each)\s?{_UNIT}[,(]?\s(?:(?P<less>less|lower|cheaper)|(?P<more>more|higher|dearer))\sthan\b",
    re.IGNORECASE,
)
# "The plan with the lower credit rate of the two".
_RATE = re.compile(
    rf"\b(?:(?P<less>lower|smaller|cheaper|lowest|cheapest)|(?P<more>higher|larger|bigger|dearer|highest))\s{_UNIT}\s(?P<what>rate|price|overage|charge)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"\b(?:(?P<more>more|higher)|(?P<less>fewer|less|lower))\s{_UNIT}(?:\s(?:limit|allowance|quota))?\s(?:a\smonth\s)?than\b",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"\b(?:keeps?|retains?|remembers?|stores?|retention)\b[^.;]{0,60}?\b(?:(?P<more>longer)|(?P<less>shorter|less\slong))\s(?:\w+\s){0,2}?than\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|when|would|could|may|might|once|need|needs|want|have)\b[^,;]{0,40}$", re.IGNORECASE)
_NOT = re.compile(r"(?:n['’]t|\b(?:not|no|never|neither|nor|hardly))\s+(?:\w+\s+){0,2}$", re.IGNORECASE)


def unit_orders(view: View) -> Iterator[Found]:
    """What a sentence says is more or less of one unit."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    for pattern, is_rate in ((_PRICED, True), (_PER, True), (_RATE, True), (_COUNT, False), (_LONG, False)):
        for found in pattern.finditer(view.text):
            name = "day" if pattern is _LONG else _metric(found["unit"])
            sides = _sides(view, found.end())
            if name is None or sides is None or _IF.search(view.text, 0, found.start()):
                continue
            is_negated = _NOT.search(view.text, 0, found.start()) is not None
            said = Outdone(metric=name, is_rate=is_rate, is_more=bool(found["more"]) is not is_negated, others=sides[1])
            when = view.when(found.start(), found.end())
            yield Found(
                kind=Kind.COMPARISON, said=said, start=found.start(), end=found.end(), subjects=sides[0], when=when
            )


def _metric(words: str) -> str | None:
    for text in (words, words.split()[-1]):
        name = metric(text)
        if name is not None and is_known(name) and name not in NOT_COUNTED:
            return name
    return "minute" if words.casefold().endswith(("minute", "minutes")) else None


def _sides(view: View, end: int) -> tuple[tuple[Subject, ...], tuple[Subject, ...]] | None:
    """Who has more or less, and than whom: who is named behind "than", else the other plan of the sentence."""
    before = [one for one in view.mentions if one.end <= end and not view.is_object(one)]
    after = next((one for one in view.mentions if one.start >= end), None)
    if after is not None and re.fullmatch(r"[^.;]{0,15}", view.text[end : after.start]):
        speaker = before[-1].subjects if before else view.fallback
        return (speaker, after.subjects) if speaker and speaker != after.subjects else None
    if re.search(r"\bthan\s*$", view.text[:end]):
        return None
    speaker = before[-1].subjects if before else view.fallback
    named = list(dict.fromkeys([*view.plans_above, *(one.subjects for one in view.mentions if one.is_plan)]))
    others = [one for one in named if one != speaker and {each.key for each in one} == {each.key for each in speaker}]
    is_plan = bool(speaker) and all(one.plan is not None for one in speaker)
    return (speaker, others[0]) if is_plan and len(others) == 1 else None
