"""Reading times that a plan grants: how long something is kept, and hours of compute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.claim import Counted, Kind
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.plain import number_words
from pricing_pipeline.claims.views import View
from pricing_pipeline.numerals import read_number

_DURATION = re.compile(
    r"(?<![\w.,$€£/-])(?P<number>\d[\d,]*(?:\.\d+)?)[\s-]?(?:(?P<hour>h|hrs?|hours?)|(?P<minute>mins?|minutes?)|"
    r"(?P<day>days?))\b(?!\s(?:of\s)?(?:free\s)?trial|\sago|\slater)",
    re.IGNORECASE,
)
# "For a week", "two months": told in days where something is kept.
_LONGER = re.compile(
    r"\b(?P<number>an?|one|two|three|four|six|\d{1,2})[\s-](?P<unit>weeks?|fortnights?|months?|years?)\b(?!\s(?:of\s)?(?:free\s)?trial|\sago|\slater)",
    re.IGNORECASE,
)
_DAYS = {"week": 7, "fortnight": 14, "month": 30, "year": 365}
_KEPT = re.compile(
    r"\b(?:retention|retained|retains?|history|kept|keeps?|stored|stores?|logs?|forgets?|remembers?|visible|viewable)\b",
    re.IGNORECASE,
)
_COMPUTE = re.compile(r"\b(?:serverless|compute)\b", re.IGNORECASE)
# Beside minutes that are held, hours are held too.
_MINUTES = re.compile(
    r"\b\d{3,}\s(?:serverless\s|compute\s)?minutes\s(?:on|with|in|for|at)\b|\b(?:gets?|includes?)\s\d{3,}\s(?:serverless\s)?minutes\b",
    re.IGNORECASE,
)
_INCLUDED = re.compile(r"\b(?:includ\w+|allowance|quota|compute|serverless)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:support|response|sla|respond|within|setup|weekend|business)\b", re.IGNORECASE)


def durations(view: View) -> Iterator[Found]:
    """The times that a sentence or a cell says a plan grants."""
    if view.is_question or view.is_header:
        return
    for found in _DURATION.finditer(view.text):
        value, name = read_number(found["number"]), _metric(view, found)
        if value is not None and name is not None:
            yield from _each(view, name, value, *found.span())
    for days, start, end in _kept(view):
        yield from _each(view, "retention_day", Decimal(days), start, end)


def _each(view: View, name: str, value: Decimal, start: int, end: int) -> Iterator[Found]:
    for subjects in view.about(start, end):
        of_plan = bool(subjects) and all(subject.plan is not None for subject in subjects)
        said = Counted(metric=name, quantity=value, is_loose=not of_plan)
        yield Found(kind=Kind.COUNT, said=said, start=start, end=end, subjects=subjects, when=view.when(start, end))


def _kept(view: View) -> Iterator[tuple[int, int, int]]:
    """The days for which something is kept, where they are told by the week or longer."""
    for found in _LONGER.finditer(view.text):
        first, last = view.clause(found.start())
        before = view.text[first : found.start()]
        if not _KEPT.search(view.text, first, last) or not re.search(
            r"\b(?:for|after|only|just|is|history|retention)\s(?:\w+\s)?$", before
        ):
            continue
        written = found["number"].casefold()
        many = 1 if written in ("a", "an") else int(written) if written.isdecimal() else next(number_words(written))[2]
        yield many * _DAYS[found["unit"].casefold().removesuffix("s")], *found.span()


def _metric(view: View, found: re.Match[str]) -> str | None:
    """What is counted: days for which something is kept, minutes or hours of compute."""
    first, last = view.clause(found.start())
    around = view.text[first:last]
    passage = view.passage
    header = f"{passage.column} {passage.row}" if passage.block is Block.CELL else ""
    if _OTHER.search(f"{around} {header}"):
        return None
    if found["day"]:
        return "retention_day" if _KEPT.search(f"{around} {header} {view.question} {passage.lead}") else None
    is_compute = _COMPUTE.search(f"{around} {view.question}") or _MINUTES.search(view.text)
    if not is_compute and not _INCLUDED.search(header):
        return None
    return "hour" if found["hour"] else "minute"
