"""Sums of money that a page tells of rather than asks for: in testimonials, case studies and rows of figures to boast with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bs4 import Tag

from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.visibility import classes

FARTHEST = 5
MOST_BESIDE = 200
LONGEST_LINE = 120
_GAINED = r"saved|raised|earned|recovered|avoided|wasted|lost"
# What stands right above a sum that somebody tells of: "It saved us", "Save up to", "Average yearly savings".
_LEADS = re.compile(
    rf"\b(?:{_GAINED}|saves?|saving|savings|reduc(?:ed|ing)|cut(?:ting)?)\b(?:\s+(?:us|me|them|him|her|you|costs?|spending|bills?|"
    rf"(?:our|their|your) \w+|by|of|over|about|around|up|to|more|than|nearly|almost|an?|average))*\W*$",
    re.IGNORECASE,
)
# … and right below: "saved by the average customer", "in extra revenue". A saving of so many percent is a price's own.
_FOLLOWS = re.compile(
    rf"^\W*(?:(?:is |was |were )?(?:{_GAINED})\b|"
    r"(?:(?:in|of|more|extra|additional|annual|yearly|monthly|average|total|estimated)\s+)+"
    r"(?:\w+ )?(?:savings|revenue|sales|profits?|funding|investments?|arr|mrr|gmv|turnover)\b)[^\d%]*$",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(rf"\b(?:{_GAINED})\b", re.IGNORECASE)
_BEHIND_SUM = re.compile(
    r"\d[kKmM]?\+?\s*(?:(?:/|\ban?\b|\bper\b|\bevery\b|\beach\b)\s*(?:day|week|month|year))?\s*(?=[^\W\d])",
    re.IGNORECASE,
)
_QUOTING = frozenset({"blockquote", "q"})
_QUOTING_NAME = re.compile(
    r"(?:^|[-_])(?:testimonials?|case-?stud(?:y|ies)|(?:customer|success)-?stor(?:y|ies)|blockquote)(?:$|[-_])",
    re.IGNORECASE,
)


def is_story(blocks: Sequence[Block], index: int) -> bool:
    """Whether the sum in a block is told: within a quotation, or above or below words such as "saved by our customers"."""
    block = blocks[index]
    if block.text[-1:] in '.!”"’»' and _SAYS_SO.search(block.text):
        return True
    sum_end = _BEHIND_SUM.search(block.text)
    if sum_end is not None and _FOLLOWS.match(block.text[sum_end.end() :]):
        return True
    before, after = blocks[max(0, index - 1)], blocks[min(index + 1, len(blocks) - 1)]
    if before is not block and not before.level and _is_line(before) and _LEADS.search(before.text):
        return _is_near(before, block)
    if after is not block and _is_line(after) and _FOLLOWS.match(after.text) and _is_near(block, after):
        return True
    return _is_quoted(block.node)


def _is_line(block: Block) -> bool:
    return len(block.text) <= LONGEST_LINE


def _is_near(first: Block, second: Block) -> bool:
    """Whether two lines stand in one box, or a step apart."""
    above = {id(parent) for parent in [first.node, *islice(first.node.parents, 2)]}
    return any(id(parent) in above for parent in [second.node, *islice(second.node.parents, 2)])


def _is_quoted(node: Tag) -> bool:
    """Whether an element stands in a quotation, or beside the name of whom it quotes."""
    inner = node
    for parent in [node, *islice(node.parents, FARTHEST)]:
        if parent.name in ("body", "main", "[document]"):
            return False
        if parent.name in _QUOTING or any(_QUOTING_NAME.search(name) for name in classes(parent.attrs)):
            return True
        beside = parent.contents if len(parent.contents) <= MOST_BESIDE else ()
        if any(isinstance(child, Tag) and child is not inner and child.name == "cite" for child in beside):
            return True
        if (
            parent.name == "figure"
            and inner.name != "figcaption"
            and parent.find("img") is None
            and parent.find("figcaption")
        ):
            return True
        inner = parent
    return False
