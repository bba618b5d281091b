"""Where a quote stands in a captured page: in its text, else in its scripts and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import NavigableString

Span = tuple[int, int]
NO_TEXT = frozenset({"script", "style", "template", "noscript", "head", "title"})
HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# White space folds to nothing, as where quotes are compared; so do marks of no width.
BLANK = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_AROUND = 200
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A quote in what a page does not show as text, with some characters around."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Where a quote stands: spans within text nodes (by their `id`), how often, and excerpts where it is in no text."""

    spans: dict[int, list[Span]]
    count: int
    excerpts: tuple[Excerpt, ...]


def find_quote(soup: BeautifulSoup, quote: str, locator: str) -> Marked:
    """The quote where it was read; else in what is shown, in what is hidden, or in scripts and attributes."""
    needle = BLANK.sub("", quote)
    if not needle:
        return Marked(spans={}, count=0, excerpts=())
    for nodes in _places(soup, locator):
        spans, count = _spans(nodes, needle)
        if count:
            return Marked(spans=spans, count=count, excerpts=())
    excerpts = (found for text in unseen_texts(soup) for found in excerpts_of(text, needle))
    return Marked(spans={}, count=0, excerpts=tuple(found for found, _ in zip(excerpts, range(_FEW), strict=False)))


def _places(soup: BeautifulSoup, locator: str) -> Iterator[list[NavigableString]]:
    """The texts to look through, the likeliest first."""
    located = located_in(soup, locator)
    if located is not None:
        yield _texts(located, hidden=False)
        yield _texts(located, hidden=True)
    yield _texts(soup, hidden=False)
    yield _texts(soup, hidden=True)


def located_in(soup: BeautifulSoup, locator: str) -> Tag | None:
    """The tag that a locator names; None where it is of another kind, or its tag is gone."""
    from soupsieve import SelectorSyntaxError

    try:
        return soup.select_one(locator) if locator else None
    except (SelectorSyntaxError, ValueError, NotImplementedError):
        return None  # a locator of another kind: the whole page is looked through


def _texts(root: Tag, *, hidden: bool) -> list[NavigableString]:
    """The text nodes below a tag, those that are hidden too if asked for."""
    from bs4 import Tag
    from bs4.element import NavigableString, PreformattedString

    found, stack = [], [iter(root.contents)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif isinstance(node, Tag):
            if node.name.lower() not in NO_TEXT and (hidden or not is_hidden(node)):
                stack.append(iter(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            found.append(node)
    return found


def is_hidden(tag: Tag) -> bool:
    """Whether a tag says of itself that it is not shown."""
    return tag.has_attr("hidden") or bool(HIDING.search(str(tag.get("style") or "")))


def _spans(nodes: Sequence[NavigableString], needle: str) -> tuple[dict[int, list[Span]], int]:
    """Where a text without white space stands in nodes, whatever white space and tags part it."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for index, node in enumerate(nodes):
        for place, letter in enumerate(str(node)):
            if not BLANK.match(letter):
                letters.append(letter)
                places.append((index, place))
    text, count, at = "".join(letters), 0, 0
    spans: dict[int, list[Span]] = {}
    while (at := text.find(needle, at)) >= 0:
        count += 1
        for index, first, last in _runs(places[at : at + len(needle)]):
            spans.setdefault(id(nodes[index]), []).append((first, last + 1))
        at += len(needle)
    return spans, count


def _runs(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """The first and last place in each node."""
    node, first, last = *places[0], places[0][1]
    for index, place in places[1:]:
        if index != node:
            yield node, first, last
            node, first = index, place
        last = place
    yield node, first, last


def unseen_texts(soup: BeautifulSoup) -> Iterator[str]:
    """Scripts, then attributes, as they are written."""
    for tag in soup.find_all(["script", "template", "noscript"]):
        yield str(tag.string or "") or tag.get_text()
    for tag in soup.find_all(True):
        yield from (value if isinstance(value, str) else " ".join(value) for value in tag.attrs.values())


def excerpts_of(text: str, needle: str) -> Iterator[Excerpt]:
    """The first place of a quote (without its white space) in a text as it is written, with what stands around it."""
    kept = [(place, letter) for place, letter in enumerate(text) if not BLANK.match(letter)]
    at = "".join(letter for _, letter in kept).find(needle)
    if at >= 0:
        start, end = kept[at][0], kept[at + len(needle) - 1][0] + 1
        yield Excerpt(
            before=text[max(0, start - _AROUND) : start], quote=text[start:end], after=text[end : end + _AROUND]
        )
