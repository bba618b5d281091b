"""Links and spans that a style sheet makes boxes of: cards without a single element that begins a line of its own."""

from __future__ import annotations

from dataclasses import replace

from bs4 import Tag

from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.walk import INLINE, walk
from pricing_pipeline.extract.wording import has_money
from pricing_pipeline.facts import Surface

LONGEST_BOX = 400


def with_boxes(document: Document) -> Document | None:
    """The document with such boxes on lines of their own; None where it has none.

    They are told by their shape: inline elements of one kind in one line, each with a price and a name in parts.
    """
    boxes = frozenset(id(box) for block in document.blocks for box in _boxes(block))
    if not boxes:
        return None
    walked = walk(document.soup, boxes=boxes)
    return replace(document, blocks=walked.blocks, elements=walked.elements, marks=walked.marks)


def _boxes(block: Block) -> list[Tag]:
    if block.surface is not Surface.VISIBLE or len(block.segments) < 4 or not has_money(block.text):
        return []
    inner = [child for child in block.node.contents if isinstance(child, Tag) and child.name in INLINE]
    boxes = [child for child in inner if _is_card(child)]
    return boxes if len(boxes) >= 2 and len({box.name for box in boxes}) == 1 else []


def _is_card(node: Tag) -> bool:
    parts = [child.get_text(" ", strip=True) for child in node.contents if isinstance(child, Tag)]
    own = "".join(str(child) for child in node.contents if not isinstance(child, Tag)).strip()
    if own or len(parts) < 2 or sum(map(len, parts)) > LONGEST_BOX:
        return False
    priced = [place for place, part in enumerate(parts) if has_money(part)]
    return len(priced) == 1 and any(part and not has_money(part) and part[0].isalpha() for part in parts)
