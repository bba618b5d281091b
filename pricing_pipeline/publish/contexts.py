"""Quotes in their context: the words of a captured page around each quote that figures rest on, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pricing_pipeline.facts import Surface
from pricing_pipeline.publish.opened import soup_of
from pricing_pipeline.publish.opened_quote import (
    BLANK,
    NO_TEXT,
    Excerpt,
    excerpts_of,
    is_hidden,
    located_in,
    unseen_texts,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# Where one of these begins or ends, so does a line.
_BLOCK_NAMES = (
    "address article aside blockquote br button caption dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol option p pre section select summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A quote to find: of which figure, and where in the page it was read."""

    figure: str
    quote: str
    locator: str
    surface: Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Some characters of a page: of a quote where `is_quote`, with the figures whose quotes begin here."""

    text: str
    is_quote: bool
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a page's text with the quotes in it. `is_cut` says that the page goes on before or after it."""

    pieces: tuple[Marked, ...]
    is_cut: tuple[bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """The passages of what a page shows and of what it shows only on demand; quotes that stand in no text of it, as they
    are written there; and the figures whose quotes were not found."""

    shown: tuple[Passage, ...]
    hidden: tuple[Passage, ...]
    written: tuple[tuple[str, Excerpt], ...]
    missing: tuple[str, ...]

    @property
    def found(self) -> frozenset[str]:
        """The figures whose quotes are here."""
        marked = (figure for one in (*self.shown, *self.hidden) for piece in one.pieces for figure in piece.figures)
        return frozenset((*marked, *(figure for figure, _ in self.written)))


def contexts(text: str, wanted: Sequence[Wanted], *, around: int | None) -> Contexts:
    """The quotes in a page's characters, each with so many characters `around` it (None: all of the page's text).

    What stands close together is one passage. A quote is looked for where it was read, then in what the page shows, in
    what it hides, and in its scripts and attributes.
    """
    soup = soup_of(text)
    shown, every = _Sheet(soup, hidden=False), _Sheet(soup, hidden=True)
    marks: tuple[dict[str, _Span], dict[str, _Span]] = ({}, {})
    written, missing = [], []
    for one in wanted:
        needle = BLANK.sub("", one.quote)
        located = located_in(soup, one.locator)
        first = shown.find(needle, located) if one.surface is not Surface.INACTIVE_PANE else None
        second = every.find(needle, located) if first is None else None
        if first is not None:
            marks[0][one.figure] = first
        elif second is not None:
            marks[1][one.figure] = second
        elif (excerpt := next(_written(soup, needle), None)) is not None:
            written.append((one.figure, excerpt))
        else:
            missing.append(one.figure)
    return Contexts(
        shown=tuple(_passages(shown.text, marks[0], around)),
        hidden=tuple(_passages(every.text, marks[1], around)),
        written=tuple(written),
        missing=tuple(missing),
    )


def _written(soup: BeautifulSoup, needle: str) -> Iterator[Excerpt]:
    return (found for text in unseen_texts(soup) for found in excerpts_of(text, needle)) if needle else iter(())


class _Sheet:
    """The text of a page in lines, and its letters without white space, so that a quote is found however it is set."""

    def __init__(self, soup: BeautifulSoup, *, hidden: bool) -> None:
        """Read what is shown, and what is hidden too where `hidden`."""
        pieces: list[str] = []
        self._letters: list[str] = []
        self._places: list[int] = []
        self._begins: dict[int, int] = {}
        length = 0
        for tag, line in _lines(soup, hidden=hidden):
            if line is None:
                self._begins[id(tag)] = len(self._letters)
                continue
            pieces.append(line)
            for place, letter in enumerate(line, start=length):
                if not BLANK.match(letter):
                    self._letters.append(letter)
                    self._places.append(place)
            length += len(line)
        self.text = "".join(pieces)
        self._joined = "".join(self._letters)

    def find(self, needle: str, within: Tag | None) -> _Span | None:
        """Where a quote without white space stands in the text: from where a tag begins on, else where it is first."""
        if not needle:
            return None
        at = self._joined.find(needle, self._begins.get(id(within), 0))
        at = self._joined.find(needle) if at < 0 else at
        return None if at < 0 else (self._places[at], self._places[at + len(needle) - 1] + 1)


def _lines(soup: BeautifulSoup, *, hidden: bool) -> Iterator[tuple[Tag | None, str | None]]:
    """The tags of a page as they begin (without text), and its text in pieces: one space for white space, a line's end
    around blocks."""
    from bs4 import Tag
    from bs4.element import NavigableString, PreformattedString

    stack: list[tuple[Iterator[object], bool]] = [(iter(soup.contents), False)]
    last = "\n"
    while stack:
        children, is_block = stack[-1]
        node = next(children, None)
        piece = ""
        if node is None:
            stack.pop()
            piece = "\n" if is_block and last != "\n" else ""
        elif isinstance(node, Tag):
            if node.name.lower() not in NO_TEXT and (hidden or not is_hidden(node)):
                piece = "\n" if node.name.lower() in _BLOCKS and last != "\n" else ""
                stack.append((iter(node.contents), node.name.lower() in _BLOCKS))
                yield node, None
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            piece = _folded(str(node), last)
        if piece:
            last = piece[-1]
            yield None, piece


def _folded(text: str, last: str) -> str:
    """A text with one space for white space, and none where a line or a space stands before it."""
    folded = " ".join(text.split())
    before = " " if text[:1].isspace() and last not in " \n" else ""
    after = " " if folded and text[-1:].isspace() else ""
    return f"{before}{folded}{after}" if folded else before


def _passages(text: str, marks: dict[str, _Span], around: int | None) -> Iterator[Passage]:
    """The text around the marks, those that reach each other together."""
    windows: list[list[int]] = []
    for start, end in sorted(marks.values()):
        first, last = (0, len(text)) if around is None else _window(text, start, end, around)
        if windows and first <= windows[-1][1]:
            windows[-1][1] = max(windows[-1][1], last)
        else:
            windows.append([first, last])
    for first, last in windows:
        within = {figure: span for figure, span in marks.items() if first <= span[0] and span[1] <= last}
        yield Passage(pieces=tuple(_pieces(text, first, last, within)), is_cut=(first > 0, last < len(text)))


def _window(text: str, start: int, end: int, around: int) -> _Span:
    """So many characters before and after, to the nearest end of a word within."""
    first, last = max(0, start - around), min(len(text), end + around)
    if first:
        first += next((place for place, letter in enumerate(text[first:start]) if letter.isspace()), 0)
    if last < len(text):
        last -= next((place for place, letter in enumerate(reversed(text[end:last])) if letter.isspace()), 0)
    return first, last


def _pieces(text: str, first: int, last: int, marks: dict[str, _Span]) -> Iterator[Marked]:
    """A passage cut wherever a quote begins or ends."""
    edges = sorted({first, last, *(edge for span in marks.values() for edge in span)})
    for start, end in pairwise(edges):
        figures = tuple(figure for figure, span in marks.items() if span[0] == start)
        is_quote = any(span[0] <= start and end <= span[1] for span in marks.values())
        yield Marked(text=text[start:end], is_quote=is_quote, figures=figures)
