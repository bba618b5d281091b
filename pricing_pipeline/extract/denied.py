"""Lines of a card that say what a plan does not hold: in words, with a cross before them, or greyed out by a class name."""

from __future__ import annotations

import re
from functools import lru_cache

from bs4 import Tag

from pricing_pipeline import units
from pricing_pipeline.extract.blocks import Block
from pricing_pipeline.extract.kinds import units_known

_CROSSED = re.compile(r"^[✗✘✕✖❌×⨯🚫⊘]\s*(?=\w)")
_GREYED = re.compile(
    r"(?:^|[\s_-])(?:not-?included|excluded?|unavailable|not-?available|unchecked|crossed|feature-no|no-feature|is-off)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ICON = re.compile(
    r"(?:^|[\s_-])(?:times|xmark|x-mark|cross|x-circle|lucide-x|bi-x|icon-x|times-circle|ban)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SAID = re.compile(r"^(?:not (?:included|available)|excluded|no|cross|x|unavailable)$", re.IGNORECASE)
# How the two most used sets of icons draw a cross.
_DRAWN = re.compile(r"^(?:M6 18L18 6|M18 6 ?L?6 18|m18 6-12 12|M6 6l12 12|m6 6 12 12|M18 6l-12 12)")
_ICONS = frozenset({"i", "svg", "img", "span", "use", "path", "mat-icon", "ion-icon", "iconify-icon"})
MOST_PARTS = 12
_NONE_INCLUDED = re.compile(
    r"\b(?:no (?:longer (?:includes?|come with) )?(?:included |free |monthly )?(?P<a>[a-z]+(?: (?!are\b|is\b)[a-z]+)?) "
    r"(?:are |is )?included"
    r"|(?P<b>[a-z]+) (?:are |is )?not included|(?:zero|0|without|no) (?:included|monthly) (?P<c>[a-z]+)|does "
    r"not include (?:any )?(?P<d>[a-z]+)"
    r"|(?:pay(?:-| )as(?:-| )you(?:-| )go|billed|charged|pay) (?:\w+ ){0,2}from the first (?P<e>[a-z]+)|\b0 "
    r"(?P<f>[a-z]+) included)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def not_included(text: str) -> str | None:
    """The metric of which a line says that none is included; None where it says nothing of the kind."""
    found = _NONE_INCLUDED.search(text)
    if found is None:
        return None
    word = next(value for value in found.groups() if value)
    metric = units.metric(word)
    if metric is None or not units_known(metric) or (metric == "credit" and "credit card" in text.lower()):
        return None
    return metric


def is_denied(block: Block) -> bool:
    """Whether a line is shown as something that is not included."""
    if _CROSSED.match(block.text):
        return True
    line = _line(block)
    if _GREYED.search(str(line.get("class", ""))):
        return True
    return any(_is_cross(part) for part in line.find_all(_ICONS, limit=MOST_PARTS))


def _line(block: Block) -> Tag:
    """The element that holds a line and its icon, and no other text."""
    parent = block.node.parent
    if parent is None or parent.name not in ("li", "div", "p", "td") or len(parent.contents) > MOST_PARTS:
        return block.node
    return parent if " ".join(parent.get_text(" ").split()) == block.text else block.node


def _is_cross(part: Tag) -> bool:
    if part.name == "path":
        return _DRAWN.match(str(part.get("d", ""))) is not None
    said = (part.get("aria-label"), part.get("alt"), part.get("title"))
    if any(value and _SAID.match(str(value).strip()) for value in said):
        return True
    if part.name == "span" and part.get_text(strip=True):
        return False
    return any(
        _ICON.search(str(part.get(key, ""))) for key in ("class", "data-icon", "data-lucide", "icon", "name", "href")
    )
