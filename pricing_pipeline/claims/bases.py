"""Reading what a fee is for: each user, or all of them ("a flat fee", "billed per user")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pricing_pipeline.claims.claim import Based, Kind
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.views import View
from pricing_pipeline.units import metric

_EACH = re.compile(
    r"\b(?:per|for\s(?:each|every)|by\sthe)[\s-](?P<unit>users?|seats?|heads?|persons?|people|members?|workspaces?|accounts?|"
    r"compan(?:y|ies)|organi[sz]ations?|teams?)\b",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"\bflat(?:[\s-](?:fee|rate|price|amount))?\b|\bfor\sthe\s(?:whole|entire)\s(?:account|team|company|organi[sz]ation|workspace|group)\b|"
    r"\b(?:no\smatter\show\smany|regardless\sof\s(?:the\s)?(?:number\sof\s)?)\s?(?:users|people|seats|team\ssize|headcount)\b",
    re.IGNORECASE,
)
# What says that a fee is meant, and no allowance for each user.
_MONEY = re.compile(
    r"[$€£]\s?\d|\b(?:billed|bills?|charge[sd]?|charges|priced?|prices|fees?|costs?|pay(?:s|ing)?|paid|money|asks?)\b|^\W*(?:flat|per)\b",
    re.IGNORECASE,
)
_METERED = re.compile(
    r"\b(?:credits?|minutes?|hours?|rows?|runs?|events?|gb|overage|usage)\b[^,;]{0,20}$", re.IGNORECASE
)
_NOT = re.compile(r"(?:n['’]t|\b(?:not|no\slonger|never|neither|nor|nobody|without))\b[^,;]{0,30}$", re.IGNORECASE)
# "A step from a flat fee to a fee for each user" says it of nobody in particular.
_STEP = re.compile(r"\b(?:from|to|than|between|either|or)\s(?:an?\s|the\s)?(?:\w+\s)?$", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:if|whether|would|could|might|should|unless|until|beyond|above|then|extra|additional)\b", re.IGNORECASE
)


def bases(view: View) -> Iterator[Found]:
    """What a sentence says a fee is for."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    for found in (*_EACH.finditer(view.text), *_FLAT.finditer(view.text)):
        first, last = view.clause(found.start())
        if not _MONEY.search(view.text, first, last) or _METERED.search(view.text, first, found.start()):
            continue
        if _UNSURE.search(view.text, first, last) or _STEP.search(view.text, first, found.start()):
            continue
        is_each = found.re is _EACH
        if _NOT.search(view.text, first, found.start()):
            is_each = not is_each
        unit = (
            (metric(found["unit"]) or found["unit"].casefold())
            if found.re is _EACH and is_each
            else "seat"
            if is_each
            else None
        )
        for subjects in view.about(found.start(), found.end()):
            if subjects and all(subject.plan is not None for subject in subjects):
                when = view.when(found.start(), found.end())
                yield Found(
                    kind=Kind.BASIS,
                    said=Based(unit),
                    start=found.start(),
                    end=found.end(),
                    subjects=subjects,
                    when=when,
                )
