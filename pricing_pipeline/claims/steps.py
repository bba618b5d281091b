"""Prices by the step: what one pays for each further thousand of something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.claims.views import View
from pricing_pipeline.numerals import read_number
from pricing_pipeline.units import is_known, metric

_MORE = r"(?:(?:additional|extra|further|more|next|single|started|block\sof|pack\sof|lot\sof)\s+)*"
_SIZE = r"(?P<size>thousand|million|\d[\d,]*\s?[kKmM]?(?:\s(?:thousand|million))?)"
_BEFORE = re.compile(
    rf"\b(?:each|every|any|per|for|further|additional|extra)\s+{_MORE}{_SIZE}(?:\s(?:of\s)?(?P<unit>[^\W\d_]+))?"
    r"(?:\s+(?:beyond|above|over|after|past|on\stop)[^$€£]{0,30})?"
    r"\s*(?:is|are|costs?|at|was|were|for|comes?\s(?:to|at)|runs?|adds?|you\spay|they\scharge|:)\s[^$€£.;,\d]{0,20}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\s*(?:for\s(?:each|every|any)|per|each|every|/)\s+{_MORE}{_SIZE}(?:\s(?:of\s)?(?P<unit>[^\W\d_]+))?",
    re.IGNORECASE,
)
_STEP_BEFORE = re.compile(
    rf"(?:\b(?:each|every|per)\s+{_MORE}|\b(?:further|additional|extra|next|another)\s+)$", re.IGNORECASE
)
_LARGE = {"thousand": Decimal(1000), "million": Decimal(1000000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """So many of a metric, for which a price is charged."""

    metric: str
    size: Decimal


def is_step(text: str, position: int) -> bool:
    """Whether a count that begins there is a step of a price: "each further 100,000 rows"."""
    return _STEP_BEFORE.search(text, 0, position) is not None


def step_of(view: View, start: int, end: int) -> Step | None:
    """The step for which a price is charged that stands from `start` to `end` of a sentence."""
    first, _ = view.clause(start)
    found = _AFTER.match(view.text, end) or _BEFORE.search(view.text[first:start])
    if found is None:
        return None
    size = _LARGE.get(found["size"].casefold()) or read_number(found["size"])
    unit = metric(found["unit"]) if found["unit"] else None
    if unit is None or not is_known(unit):
        unit = view.asked_metric
    return Step(metric=unit, size=size) if unit is not None and size else None
