"""Reading whether something is included at all: "credits are no longer included", "neither plan lacks them"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from pricing_pipeline.claims.claim import Counted, Kind
from pricing_pipeline.claims.dates import Relation
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.uses import NOT_COUNTED
from pricing_pipeline.claims.views import View
from pricing_pipeline.units import is_known, metric

_UNIT = r"(?P<unit>(?:serverless\s|compute\s|included\s|monthly\s|free\s)*(?P<noun>[^\W\d_]{3,}))"
# "Still includes credits", "comes without credits"; a figure between is read as a count.
_VERB = re.compile(
    r"\b(?P<verb>includ(?:es?|ed|ing)|(?:com(?:es?|ing)|came|ships?)\s(?P<with>with(?:out)?)|bundles?|carries|"
    r"(?P<lacks>lacks?|excludes?|omits?))\s"
    r"(?:(?:still|the\ssame|same|its|their|the|some|any|monthly|bundled|plenty\sof|lots\sof)\s)*(?!(?:no|zero|not)\b)"
    rf"(?:{_UNIT})(?P<again>\s(?:as\sbefore|any\smore|anymore|any\slonger))?",
    re.IGNORECASE,
)
_STATE = re.compile(
    rf"(?:{_UNIT}|(?P<all>none|some|all)(?:\sof\s(?:them|these))?)\s(?:are|is|were|was|stay|remain)\s(?P<how>[^.;,$€£\d]{{0,20}}?)(?P<verb>included|bundled|thrown\sin|part\sof\sthe\s(?:plan|price|fee|deal))\b",
    re.IGNORECASE,
)
# "On May 1 the credits went", "it removed the 7,500 credits": since then there are none.
_WENT = re.compile(
    rf"\b(?:the|all|its|their|included|bundled)\s{_UNIT}\s(?:all\s|have\s|are\s|were\s|has\s|had\s|been\s|now\s)*"
    r"(?P<verb>went(?=\s*[.,;!]|$)|gone|vanished|disappeared|removed|dropped|axed|scrapped|withdrawn|taken\s(?:out|away))\b",
    re.IGNORECASE,
)
_TOOK = re.compile(
    r"\b(?P<verb>removed|dropped|pulled|axed|scrapped|withdrew|took\s(?:away|out)|stripped(?:\sout)?)\s(?:all\s|the\s|its\s|their\s|of\s|included\s|bundled\s|free\s|monthly\s)+"
    rf"(?:[\d,]+\s)?{_UNIT}",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:n['’]t|\b(?:not|no\slonger|never|neither|nor|none|no))\b[^,;]{0,50}$", re.IGNORECASE)
_UNSURE = re.compile(r"\b(?:if|whether|would|could|might|should|unless|ask)\b", re.IGNORECASE)
# Pronouns stand for what was counted before.
_IT = frozenset({"any", "them", "those", "these", "some"})
_FAR = 3


def inclusions(view: View) -> Iterator[Found]:
    """What a sentence says is included, or is not, without saying how much."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    yield from _gone(view)
    for found in (*_VERB.finditer(view.text), *_STATE.finditer(view.text)):
        first, _ = view.clause(found.start())
        name = _metric(view, found["noun"] or "them", found.start())
        if name is None or _UNSURE.search(view.text, first, found.start()) or _is_counted(view.text, found.end()):
            continue
        if found["verb"].casefold() == "included" and found.re is _VERB and not _is_verb(view, found.start()):
            continue
        said = _said(name, is_some=_is_some(view, found, first))
        start, end = found.start("verb"), found.end()
        for subjects in view.about(start, end):
            when = view.when(start, end)
            yield Found(kind=Kind.COUNT, said=said, start=start, end=end, subjects=subjects, when=when)


_SPEAKER = re.compile(r"\b(?:it|they|plans?|tiers?|which|that|once|both)\s(?:also\s|still\s)?$", re.IGNORECASE)


def _is_verb(view: View, start: int) -> bool:
    """Whether "included" says what somebody did, and not which credits are meant: "the included credits"."""
    named = any(start - len(" also ") <= one.end <= start for one in view.mentions)
    return named or _SPEAKER.search(view.text, 0, start) is not None


def _gone(view: View) -> Iterator[Found]:
    """What a sentence says is included no more."""
    for found in (*_WENT.finditer(view.text), *_TOOK.finditer(view.text)):
        first, _ = view.clause(found.start())
        name = _metric(view, found["noun"], found.start())
        if (
            name is None
            or _UNSURE.search(view.text, first, found.start())
            or _BEFORE.search(view.text, first, found.start())
        ):
            continue
        said = _said(name, is_some=False)
        for subjects in view.about(found.start(), found.end()):
            when = view.when(found.start(), found.end())
            is_dated = when is not None and when.first is not None and when.relation in (Relation.AT, Relation.SINCE)
            yield Found(
                kind=Kind.COUNT, said=said, start=found.start("verb"), end=found.end("verb"), subjects=subjects,
                when=when if is_dated else None, is_change=True,
            )  # fmt: skip


def _said(name: str, *, is_some: bool) -> Counted:
    """At least one, or none."""
    return Counted(metric=name, quantity=Decimal(is_some), qualifier="from" if is_some else None)


def _is_counted(text: str, end: int) -> bool:
    """Whether the words are the beginning of something else: "includes row limits", "credits: 7,500"."""
    return (
        re.match(r"\s?(?::|\(|=)?\s?\d|[\s-](?:limit|cap|price|pricing|cost|fee|rate|based|per\b)", text[end:])
        is not None
    )


def _is_some(view: View, found: re.Match[str], first: int) -> bool:
    """Whether all the denials together leave something."""
    given: dict[str, str | None] = found.groupdict()
    denials = [
        _BEFORE.search(view.text, first, found.start()) is not None,
        bool(given.get("lacks")),
        _is(given.get("with"), "without"),
        _is(given.get("all"), "none"),
        re.search(r"\b(?:not|no\slonger|never)\b|n['’]t", given.get("how") or "", re.IGNORECASE) is not None,
    ]
    return sum(denials) % 2 == 0


def _is(given: str | None, word: str) -> bool:
    return given is not None and given.casefold() == word


def _metric(view: View, noun: str, start: int) -> str | None:
    if noun.casefold() in _IT:
        return _last_counted(view, start)
    name = metric(noun)
    return name if name is not None and is_known(name) and name not in NOT_COUNTED and name != "seat" else None


def _last_counted(view: View, start: int) -> str | None:
    """What was named last before: credits in "bills each credit. Neither plan includes any"."""
    for text in (view.text[:start], *(one.text for one in islice(view.above, _FAR))):
        names = [metric(word) for word in re.findall(r"[^\W\d_]{3,}", text)]
        known = [name for name in names if name and is_known(name) and name not in NOT_COUNTED and name != "seat"]
        if known:
            return known[-1]
    return None
