"""Which billing period the prices that name none are in: by the active side of a toggle, or by the lines above the cards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bs4 import Tag

from pricing_pipeline.extract.charges import read_charge
from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.visibility import classes
from pricing_pipeline.extract.wording import has_money, is_duration
from pricing_pipeline.facts import Surface

REACH = 8
LONGEST_TOGGLE = 40
_ACTIVE = re.compile(r"(?:^|[-_])(?:active|selected|current|checked|is-active|is-selected)(?:$|[-_])", re.IGNORECASE)
_OF_PRICES = re.compile(
    r"\b(?:price|prices|pricing|plans?|cost|costs|billed|fees?|subscriptions?|charged)\b", re.IGNORECASE
)
_STATES = ("aria-selected", "aria-pressed", "aria-checked", "aria-current")


class Side(NamedTuple):
    """One caption of a billing toggle, "Monthly" or "Annually": the period that it names, and whether the toggle opens on it."""

    period: str | None
    is_on: bool


def find_sides(document: Document) -> tuple[Side, ...]:
    """The captions of a page's billing toggles."""
    found = [
        (block, text, node)
        for block in document.blocks
        if len(block.text) < LONGEST_TOGGLE and block.surface is Surface.VISIBLE
        for text, node in _captions(block)
        if is_duration(text)
    ]
    lines = Counter(id(block.node) for block, _, _ in found)
    # What marks a line that holds both sides marks neither of them.
    return tuple(
        Side(read_charge(text).period, _is_active(node) or (lines[id(block.node)] == 1 and _is_active(block.node)))
        for block, text, node in found
    )


def _captions(block: Block) -> Iterator[tuple[str, Tag]]:
    """The captions in a line: all of it, or each part of one that holds both sides, "Monthly" and "Yearly"."""
    parts = [(block.text[segment.start : segment.end], segment.node) for segment in block.segments]
    holds_both = len(parts) in (2, 3) and is_duration(parts[0][0]) and is_duration(parts[1][0])
    yield from parts if holds_both else [(block.text, block.segments[0].node)]


def default_period(document: Document, sides: Sequence[Side], start: int) -> str | None:
    """The period of bare amounts in cards from block `start` on; None where the page does not say, or says two things."""
    if len({side.period for side in sides}) > 1:
        shown = {side.period for side in sides if side.period and side.is_on}
        # An annual side may show a year's total or a month's share of it: only the monthly one is plain.
        return "month" if shown == {"month"} else None
    told = {
        period
        for block in _lines_above(document, start)
        if (period := read_charge(block.text).period) in ("month", "year")
    }
    return told.pop() if len(told) == 1 else None


def section_period(block: Block) -> str | None:
    """The period that the nearest heading above a block names for the prices below it: "Annual plans", "Monthly"."""
    for heading in reversed(block.headings):
        if len(heading) < 40 and not has_money(heading) and (is_duration(heading) or _OF_PRICES.search(heading)):
            period = read_charge(heading).period
            if period in ("month", "year"):
                return period
    return None


def is_annual_shown(sides: Sequence[Side]) -> bool:
    """Whether a billing toggle opens on its annual side, so that a price a month is one that is billed by the year."""
    on = {side.period: side.is_on for side in sides}
    return {"month", "year"} <= on.keys() and on["year"] and not on["month"]


def _lines_above(document: Document, start: int) -> Iterator[Block]:
    for block in document.blocks[max(0, start - REACH) : start]:
        if (
            len(block.text) < 120
            and block.surface is Surface.VISIBLE
            and not has_money(block.text)
            and _OF_PRICES.search(block.text)
        ):
            yield block


def _is_active(node: Tag) -> bool:
    """Whether a toggle's side is the one that is on, by the states and class names that mark it."""
    for step in (node, node.parent):
        if not isinstance(step, Tag):
            continue
        if any(str(step.get(name, "")).lower() in ("true", "page") for name in _STATES) or step.get("data-state") in (
            "active",
            "checked",
            "on",
        ):
            return True
        if any(_ACTIVE.search(name) for name in classes(step.attrs)):
            return True
        if step is node and any(box.has_attr("checked") for box in step.find_all("input", limit=2)):
            return True
    return False
