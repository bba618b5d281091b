"""Lines that read like a table of one row, "Users: up to 3": what stands behind the colon is a cell, the label its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pricing_pipeline.claims.passages import Block, Passage
from pricing_pipeline.claims.subjects import Directory
from pricing_pipeline.units import is_known, metric

_LINE = re.compile(
    r"(?:[^\w\s(\"“]{1,3}\s+)?(?P<label>[^\W\d_][\w /&+-]{1,40}?)\s?(?::|\s[–—]|\s-)\s+(?P<value>\S.{0,90})"
)
_SEVERAL = re.compile(r"[.;!?]\s|:\s")
# Labels under which the readers of cells know what a value says.
_KNOWN = re.compile(
    r"free\s(?:tier|plan|version|edition)|open[\s-]source|rating|score|reviews?|(?:run|log|data|history)?\s?(?:retention|history)|"
    r"(?:(?:starting|monthly|annual|yearly|list|base|plan|entry)\s)?(?:price|pricing|cost|fee)s?(?:\s\w+)?|starts?\s(?:at|from)",
    re.IGNORECASE,
)


def with_cells(passages: Sequence[Passage], directory: Directory) -> tuple[Passage, ...]:
    """The passages, those that are a label and its value as cells."""
    names = frozenset(name.casefold() for name in directory.plan_names)
    return tuple(_as_cell(passage, directory, names) for passage in passages)


def _as_cell(passage: Passage, directory: Directory, names: frozenset[str]) -> Passage:
    found = _LINE.fullmatch(passage.text) if passage.block in (Block.ITEM, Block.PARAGRAPH) else None
    if found is None or _SEVERAL.search(found["value"]):
        return passage
    label = " ".join(found["label"].split())
    counted = metric(label)
    is_header = _KNOWN.fullmatch(label) or (counted is not None and is_known(counted))
    if not is_header or label.casefold() in names or directory.products_in(label):
        return passage
    return replace(passage.behind(found.start("value")), block=Block.CELL, row=label, lead="")
