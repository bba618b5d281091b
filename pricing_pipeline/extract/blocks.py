"""The pieces that a page is walked into: runs of text, the elements that hold them, and figures kept in attributes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from bs4 import Tag

from pricing_pipeline.facts import Surface


# A tuple, for a page has some thousands of them and a frozen dataclass takes five times as long to make.
class Segment(NamedTuple):
    """A stretch of a block that comes from one text node: where in the block's text it stands, and how it is marked.

    `is_glued` says that its first digit follows the last one of the stretch before with nothing but a tag between: "$9" and "99".
    """

    start: int
    end: int
    node: Tag
    struck: bool
    period: str | None
    is_glued: bool = False


# Not frozen, which takes four times as long to make, and told apart by identity, for comparing tags compares their trees.
@dataclass(slots=True, kw_only=True, eq=False)
class Block:
    """A run of text on a line of its own. Nobody changes one.

    `level` is 1 to 6 within a heading, else 0; `headings` the headings above it, outermost first; `pane` the billing period that
    an enclosing element's names give it; `region` the innermost of nav, header, footer, table …; `gap_before` says that something
    hidden stands between it and the block before.
    """

    index: int
    text: str
    tag: str
    node: Tag = field(repr=False)
    surface: Surface
    level: int
    headings: tuple[str, ...]
    pane: str | None
    region: str | None
    gap_before: bool
    segments: tuple[Segment, ...] = field(repr=False)
    _locator: str | None = field(default=None, repr=False)

    @property
    def locator(self) -> str:
        """A CSS path to the block's element, from the nearest id."""
        if self._locator is None:
            self._locator = locate(self.node)
        return self._locator

    @property
    def is_struck(self) -> bool:
        """Whether all of it is crossed out."""
        segments = self.segments
        return not segments or (segments[0].struck and all(segment.struck for segment in segments))


@dataclass(slots=True)
class Element:
    """An element that holds blocks `start` to `end` (exclusive); `parent` is its parent's index, -1 for the root."""

    node: Tag
    parent: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """An attribute that a script swaps in for a billing period (data-yearly="$390/year"), before the block at `index`."""

    index: int
    node: Tag = field(repr=False)
    value: str
    period: str


def locate(node: Tag) -> str:
    """A CSS path to an element, from the nearest id above it."""
    steps: list[str] = []
    current: Tag | None = node
    while current is not None and current.name != "[document]":
        own = current.get("id")
        if own and isinstance(own, str) and own.replace("-", "").replace("_", "").isalnum():
            steps.append(f"#{own}")
            break
        number = _number(current)
        steps.append(f"{current.name}:nth-of-type({number})" if number > 1 else current.name)
        current = current.parent
    return " > ".join(reversed(steps))


def _number(node: Tag) -> int:
    """Which of its parent's children of the same name an element is. Kept with the parent, which may have thousands of them."""
    if node.parent is None:
        return 1
    numbers: dict[int, int] | None = vars(node.parent).get("numbers")
    if numbers is None:
        seen: Counter[str] = Counter()
        numbers = vars(node.parent)["numbers"] = {}
        for child in node.parent.contents:
            if isinstance(child, Tag):
                seen[child.name] += 1
                numbers[id(child)] = seen[child.name]
    return numbers[id(node)]
