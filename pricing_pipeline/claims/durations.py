"""Reading times that a plan grants: how long something is kept, and hours of compute."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pricing_pipeline.claims.claim import Counted, Kind
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.views import View
from pricing_pipeline.numerals import read_number

_DURATION = re.compile(
    r"(?<![\w.,$€£/-])(?P<number>\d[\d,]*(?:\.\d+)?)[\s-]?(?:(?P<hour>h|hrs?|hours?)|(?P<minute>mins?|minutes?)|"
    r"(?P<day>days?))\b(?!\s(?:of\s)?(?:free\s)?trial|\sago|\slater)",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:retention|retained|retains?|history|kept|keeps?|stored|stores?|logs?|forgets?|remembers?|visible|viewable)\b",
    re.IGNORECASE,
)
_COMPUTE = re.compile(r"\b(?:serverless|compute)\b", re.IGNORECASE)
_INCLUDED = re.compile(r"\b(?:includ\w+|allowance|quota|compute|serverless)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:support|response|sla|respond|within|setup|weekend|business)\b", re.IGNORECASE)


def durations(view: View) -> Iterator[Found]:
    """The times that a sentence or a cell says a plan grants."""
    if view.is_question or view.is_header:
        return
    for found in _DURATION.finditer(view.text):
        value, name = read_number(found["number"]), _metric(view, found)
        if value is None or name is None:
            continue
        start, end = found.span()
        for subjects in view.about(start, end):
            of_plan = bool(subjects) and all(subject.plan is not None for subject in subjects)
            said = Counted(metric=name, quantity=value, is_loose=not of_plan)
            yield Found(kind=Kind.COUNT, said=said, start=start, end=end, subjects=subjects, when=view.when(start, end))


def _metric(view: View, found: re.Match[str]) -> str | None:
    """What is counted: days for which something is kept, minutes or hours of compute."""
    first, last = view.clause(found.start())
    around = view.text[first:last]
    passage = view.passage
    header = f"{passage.column} {passage.row}" if passage.block is Block.CELL else ""
    if _OTHER.search(f"{around} {header}"):
        return None
    if found["day"]:
        asked = " ".join(one for one in (passage.lead, *passage.headings[-1:]) if one.endswith("?"))
        return "retention_day" if _KEPT.search(f"{around} {header} {asked}") else None
    if not _COMPUTE.search(around) and not _INCLUDED.search(header):
        return None
    return "hour" if found["hour"] else "minute"
