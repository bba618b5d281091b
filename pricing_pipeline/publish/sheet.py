"""A captured page as lines of text, in which quotes are found: what it shows, and what it shows only on demand.

Read with lxml itself: soup takes eight times as long, and each of a thousand soups is a circle of references that stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from pricing_pipeline.publish.opened_quote import BLANK, HIDING, NO_TEXT

if TYPE_CHECKING:
    from lxml.etree import _Element

Span = tuple[int, int]
# Where one of these begins or ends, so does a line.
_BLOCK_NAMES = (
    "address article aside blockquote br button caption dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol option p pre section select summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
# So much further a quote is looked for before all of the text is gone through.
_NEAR = 100
_WHITE = re.compile(f"({BLANK.pattern})")
_UNSEEN = ("script", "template", "noscript")
# A step of a path as the reader writes them: `#plans`, `div:nth-of-type(2)`, `li.card`, `span[aria-label]`.
_STEP = re.compile(
    r"(?P<name>[a-z][a-z0-9-]*)?(?:#(?P<id>[\w-]+))?(?:\.(?P<class>[\w-]+))?(?:\[(?P<attribute>[a-z-]+)\])?"
    r"(?::nth-of-type\((?P<place>\d+)\))?",
    re.IGNORECASE,
)


class Tree:
    """A page's characters as a tree."""

    def __init__(self, text: str) -> None:
        """Parse the page as it was parsed for its facts."""
        from lxml import etree

        parser = etree.HTMLParser(recover=True, encoding="utf-8")
        self._root: _Element | None = None
        try:
            parser.feed(text.encode("utf-8", "replace"))
            self._root = parser.close()
        except etree.XMLSyntaxError:
            return  # there is nothing on the page at all

    @cached_property
    def shown(self) -> Sheet:
        """What the page shows."""
        return Sheet(self._root, self._hidden)

    @cached_property
    def every(self) -> Sheet:
        """What the page shows, and what it hides."""
        return Sheet(self._root)

    @cached_property
    def _hidden(self) -> frozenset[_Element]:
        """The tags that say of themselves that they are not shown."""
        if self._root is None:
            return frozenset()
        styled = (tag for tag in self._root.iterfind(".//*[@style]") if HIDING.search(tag.get("style") or ""))
        return frozenset((*self._root.iterfind(".//*[@hidden]"), *styled))

    def located(self, locator: str) -> _Element | None:
        """The first tag that a path leads to; None where it is of another kind, or its tag is gone."""
        steps = [_STEP.fullmatch(step) for step in locator.split(" > ")]
        if self._root is None or not locator or not all(steps):
            return None
        return next(_led(self._root, [step for step in steps if step is not None]), None)

    def unseen(self) -> Iterator[str]:
        """Scripts, then attributes, as they are written."""
        if self._root is not None:
            for tag in self._root.iter(*_UNSEEN):
                yield "".join(_texts(tag))
            for tag in self._root.iter("*"):
                yield from map(str, tag.attrib.values())


class Sheet:
    """The text of a page in lines, in which a quote is found however it is set."""

    def __init__(self, root: _Element | None, without: Collection[_Element] = ()) -> None:
        """Read the page, but for these tags."""
        self._begins: dict[_Element, int] = {}
        self.text = "" if root is None else "".join(self._pieces(root, without))

    def find(self, needle: str, within: _Element | None) -> Span | None:
        """Where a quote without white space stands in the text: from where a tag begins on, else where it is first."""
        if not needle:
            return None
        begin = 0 if within is None else self._begins.get(within, 0)
        return self._near(needle, begin) or self._after(needle, begin) or self._after(needle, 0)

    def _near(self, needle: str, begin: int) -> Span | None:
        """A quote that follows soon, as nearly all do where the tag is known that they were read in."""
        near = self.text[begin : begin + 2 * len(needle) + _NEAR]
        places = [place for place, letter in enumerate(near, start=begin) if not BLANK.match(letter)]
        at = BLANK.sub("", near).find(needle)
        return None if at < 0 else (places[at], places[at + len(needle) - 1] + 1)

    def _after(self, needle: str, begin: int) -> Span | None:
        at = self._letters.find(needle, self._letter_at(begin))
        return None if at < 0 else (self._place_of(at), self._place_of(at + len(needle) - 1) + 1)

    def _pieces(self, root: _Element, without: Collection[_Element]) -> Iterator[str]:
        """The text in pieces: one space for white space, a line's end around blocks. Notes where each tag begins."""
        from lxml import etree

        last, length, is_gone = "\n", 0, False
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, node in walk:
            text = node.tail
            if event == "start":
                if node.tag in NO_TEXT or node in without:
                    is_gone = True
                    walk.skip_subtree()  # its end comes next
                    continue
                self._begins[node] = length
                text = node.text
            if last != "\n" and not is_gone and node.tag in _BLOCKS:  # no comment is
                last = "\n"
                length += 1
                yield last
            is_gone = False
            # most of what stands between tags is white space
            if text and (piece := _folded(text, last) if not text.isspace() else "" if last in " \n" else " "):
                last = piece[-1]
                length += len(piece)
                yield piece

    @cached_property
    def _parts(self) -> list[str]:
        """Its words, with the white space between them."""
        return _WHITE.split(self.text)

    @cached_property
    def _letters(self) -> str:
        return "".join(self._parts[::2])

    @cached_property
    def _places(self) -> list[int]:
        """Where each word begins in the text."""
        return list(accumulate(map(len, self._parts), initial=0))[::2]

    @cached_property
    def _counts(self) -> list[int]:
        """How many letters stand before each word."""
        return list(accumulate(map(len, self._parts[::2]), initial=0))

    def _place_of(self, letter: int) -> int:
        word = bisect_right(self._counts, letter) - 1
        return self._places[word] + letter - self._counts[word]

    def _letter_at(self, place: int) -> int:
        """The first letter that stands at a place of the text, or behind it."""
        word = bisect_right(self._places, place) - 1
        return min(self._counts[word] + place - self._places[word], self._counts[word + 1])


def _led(root: _Element, steps: list[re.Match[str]]) -> Iterator[_Element]:
    """The tags that a path leads to, in page order."""
    first, *rest = steps
    for tag in root.iter(first["name"] or "*"):
        if _fits(tag, first):
            yield from _below(tag, rest)


def _below(tag: _Element, steps: list[re.Match[str]]) -> Iterator[_Element]:
    if not steps:
        yield tag
        return
    for child in tag.iterchildren(steps[0]["name"] or "*"):
        if _fits(child, steps[0]):
            yield from _below(child, steps[1:])


def _fits(tag: _Element, step: re.Match[str]) -> bool:
    if step["id"] and tag.get("id") != step["id"]:
        return False
    if step["class"] and step["class"] not in (tag.get("class") or "").split():
        return False
    if step["attribute"] and step["attribute"] not in tag.attrib:
        return False
    return not step["place"] or sum(1 for _ in tag.itersiblings(str(tag.tag), preceding=True)) + 1 == int(step["place"])


def _texts(tag: _Element) -> Iterator[str]:
    """The text in a tag, but for comments."""
    for one in tag.iter():
        if isinstance(one.tag, str) and one.text:
            yield one.text
        if one is not tag and one.tail:
            yield one.tail


def _folded(text: str, last: str) -> str:
    """A text with one space for white space, and none where a line or a space stands before it."""
    folded = " ".join(text.split())
    before = " " if text[:1].isspace() and last not in " \n" else ""
    after = " " if folded and text[-1:].isspace() else ""
    return f"{before}{folded}{after}" if folded else before
