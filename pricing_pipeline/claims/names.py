"""Reading the names and the number of plans, and dates that stand by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.claim import Dated, Kind, PlanCounted, PlanNamed, Subject
from pricing_pipeline.claims.dates import Relation
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.subjects import Mention
from pricing_pipeline.claims.views import View


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NAME = r"(?:[A-Z][\w+&]*)(?:\s(?:[A-Z][\w+&]*|\+))?"
_NAMED_PLAN = re.compile(
    rf"(?<![\w'’])(?P<name>{_NAME})\s(?:plan|tier|Plan|Tier)\b(?!s|\w|\s(?:name|page|comparison|limit))"
)
_AFTER_PRODUCT = re.compile(
    rf"\s(?P<name>{_NAME})(?=\s(?:costs?|includes?|starts\sat|is\spriced|comes\swith|charges|is\s[$€£]|"
    rf"at\s[$€£]|for\s[$€£])|\s?[(:–—]\s?[$€£])"
)
_LISTED = re.compile(
    rf"\b(?:plans|tiers)(?:\s(?:are|named|called|include))?\s?(?::|,|\(|–|"
    rf"—)?\s*(?P<names>{_NAME}(?:,\s{_NAME})*,?\s(?:and|or|&)\s{_NAME})"
)
_SOLD_AT = re.compile(rf"\b(?:lists|sells|offers|prices|has)\s(?P<name>{_NAME})\s(?:at|for)\s[$€£]")
_PLAN_HEADER = re.compile(r"plans?|tiers?|editions?", re.IGNORECASE)
_COUNT = re.compile(
    r"(?<![\w.,$-])(?P<count>\d{1,2})\s+(?P<paid>paid\s)?(?:hosted\s|cloud\s|pricing\s|different\s|"
    r"public\s)?(?:plans|tiers|plan|tier|editions?)\b",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?:has|have|offers?|sells?|comes?\sin|offered\sin|available\sin|there\sare|consists\sof|splits?\sinto)\s+(?:only\s+|just\s+|the\s+)?$",
    re.IGNORECASE,
)
# Words that stand before "plan" and are no names.
_ORDINARY = _set(
    "free paid annual monthly yearly both each every all no this that the next first second third higher lower "
    "cheapest entry self cloud our your their its any another other same new old hosted top lowest highest "
    "which what one two three four only usage choose pick compare if on with in for from a an individual "
    "single current price pricing game action migration hybrid serverless subscription upgrade metered legacy "
    "flat most least larger smaller bigger open oss self-hosted trial commercial "
    "either neither rate payment data project floor cheap expensive mid low high custom "
    "contact"
)


def names(view: View) -> Iterator[Found]:
    """The plans that a sentence names and counts."""
    yield from _plans(view)
    if not view.is_question:
        yield from _counts(view)
        yield from _verified(view)


def _plans(view: View) -> Iterator[Found]:
    taken: set[int] = set()
    for name, start, end in _candidates(view):
        subjects = _owner(view, start)
        if start in taken or not subjects or _is_known(view, start, end):
            continue
        taken.add(start)
        when = view.when(start, end)
        yield Found(kind=Kind.PLAN_NAME, said=PlanNamed(name), start=start, end=end, subjects=subjects, when=when)


def _candidates(view: View) -> Iterator[tuple[str, int, int]]:
    text = view.written
    for found in _NAMED_PLAN.finditer(text):
        start, name = _without_lead(found["name"], found.start("name"))
        if name and name.casefold() not in _ORDINARY:
            yield name, start, start + len(name)
    for mention in view.mentions:
        found_after = (
            _AFTER_PRODUCT.match(text, mention.end) if not mention.is_plan and not _is_vendor(mention) else None
        )
        if found_after and not any(word.casefold() in _ORDINARY for word in found_after["name"].split()):
            yield found_after["name"], found_after.start("name"), found_after.end("name")
    for found in _SOLD_AT.finditer(text):
        if not any(word.casefold() in _ORDINARY for word in found["name"].split()):
            yield found["name"], found.start("name"), found.end("name")
    for found in _LISTED.finditer(text):
        for one in re.finditer(_NAME, found["names"]):
            if one.group().casefold() not in _ORDINARY:
                yield one.group(), found.start("names") + one.start(), found.start("names") + one.end()
    yield from _listed_cell(view)


def _listed_cell(view: View) -> Iterator[tuple[str, int, int]]:
    """The name in the first column of a table whose corner says "Plan"."""
    passage, name = view.passage, view.written.strip()
    corner = passage.corner.strip()
    is_first = passage.block is Block.CELL and not passage.row and passage.column.strip() == corner != name
    if is_first and _PLAN_HEADER.fullmatch(corner) and re.fullmatch(_NAME, name) and name.casefold() not in _ORDINARY:
        yield name, 0, len(name)


def _is_vendor(mention: Mention) -> bool:
    return any(subject.vendor_only for subject in mention.subjects)


def _without_lead(name: str, start: int) -> tuple[int, str]:
    """ "The Growth" without its article; a sentence's first word is no part of a name."""
    head, _, tail = name.partition(" ")
    if tail and head.casefold() in _ORDINARY:
        return start + len(head) + 1, tail
    return start, name


def _is_known(view: View, start: int, end: int) -> bool:
    """Whether the name is somebody's who was recognised."""
    return any(one.start < end and start < one.end for one in view.mentions)


def _owner(view: View, start: int) -> tuple[Subject, ...]:
    """The one product of which a plan is said to be; empty where it could be several."""
    before = [one for one in view.mentions if one.end <= start and len(one.keys) == 1]
    after = [one for one in view.mentions if one.start > start and len(one.keys) == 1]
    keys = {key for one in (before[-1:] or after[:1]) for key in one.keys}
    if not keys:
        keys = {subject.key for subject in view.fallback}
    if not keys and len(view.around) == 1:
        keys = set(view.around)
    return tuple(Subject(*key) for key in keys) if len(keys) == 1 else ()


def _counts(view: View) -> Iterator[Found]:
    for found in _COUNT.finditer(view.text):
        if not _HAS.search(view.text, 0, found.start()):
            continue
        for subjects in view.about(found.start(), found.end()):
            whole = tuple(dict.fromkeys(Subject(*subject.key) for subject in subjects))
            said = PlanCounted(Decimal(found["count"]), is_paid_only=found["paid"] is not None)
            when = view.when(found.start(), found.end())
            yield Found(
                kind=Kind.PLAN_COUNT, said=said, start=found.start(), end=found.end(), subjects=whole, when=when
            )


def _verified(view: View) -> Iterator[Found]:
    for when in view.times:
        if when.relation is Relation.VERIFIED:
            groups = view.about(when.start, when.end)
            subjects = groups[0] or tuple(Subject(*key) for key in sorted(view.around))
            yield Found(kind=Kind.DATE, said=Dated(None), start=when.start, end=when.end, subjects=subjects, when=when)
