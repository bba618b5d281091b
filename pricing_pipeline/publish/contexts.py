"""Quotes in their context: the words of a captured page around each quote that figures rest on, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pricing_pipeline.facts import Surface
from pricing_pipeline.publish.opened_quote import BLANK, Excerpt, excerpts_of
from pricing_pipeline.publish.sheet import Span, Tree


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

    def as_json(self) -> list[Any]:
        """The same as plain lists, which `from_json` reads."""
        passages = [
            [[[[piece.text, piece.is_quote, piece.figures] for piece in one.pieces], one.is_cut] for one in some]
            for some in (self.shown, self.hidden)
        ]
        written = [(figure, one.before, one.quote, one.after) for figure, one in self.written]
        return [*passages, written, self.missing]

    @classmethod
    def from_json(cls, told: list[Any]) -> Contexts:
        """What `as_json` gave."""
        shown, hidden = (
            tuple(
                Passage(
                    pieces=tuple(Marked(text=text, is_quote=is_it, figures=tuple(ids)) for text, is_it, ids in pieces),
                    is_cut=(is_cut[0], is_cut[1]),
                )
                for pieces, is_cut in some
            )
            for some in told[:2]
        )
        written = tuple(
            (figure, Excerpt(before=before, quote=quote, after=after)) for figure, before, quote, after in told[2]
        )
        return cls(shown=shown, hidden=hidden, written=written, missing=tuple(told[3]))


def contexts(text: str, wanted: Sequence[Wanted], *, around: int | None) -> Contexts:
    """The quotes in a page's characters, each with so many characters `around` it (None: all of the page's text).

    What stands close together is one passage. A quote is looked for where it was read, then in what the page shows, in
    what it hides, and in its scripts and attributes.
    """
    tree = Tree(text)
    shown: dict[str, Span] = {}
    hidden: dict[str, Span] = {}
    written, missing = [], []
    for one in wanted:
        needle = BLANK.sub("", one.quote)
        located = tree.located(one.locator)
        is_in_sight = one.surface is not Surface.INACTIVE_PANE
        if is_in_sight and (span := tree.shown.find(needle, located)) is not None:
            shown[one.figure] = span
        elif (span := tree.every.find(needle, located)) is not None:
            hidden[one.figure] = span
        elif (excerpt := next(_written(tree, needle), None)) is not None:
            written.append((one.figure, excerpt))
        else:
            missing.append(one.figure)
    return Contexts(
        shown=tuple(_passages(tree.shown.text, shown, around) if shown else ()),
        hidden=tuple(_passages(tree.every.text, hidden, around) if hidden else ()),
        written=tuple(written),
        missing=tuple(missing),
    )


def _written(tree: Tree, needle: str) -> Iterator[Excerpt]:
    return (found for text in tree.unseen() for found in excerpts_of(text, needle)) if needle else iter(())


def _passages(text: str, marks: dict[str, Span], around: int | None) -> Iterator[Passage]:
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


def _window(text: str, start: int, end: int, around: int) -> Span:
    """So many characters before and after, to the nearest end of a word within."""
    first, last = max(0, start - around), min(len(text), end + around)
    if first:
        first += next((place for place, letter in enumerate(text[first:start]) if letter.isspace()), 0)
    if last < len(text):
        last -= next((place for place, letter in enumerate(reversed(text[end:last])) if letter.isspace()), 0)
    return first, last


def _pieces(text: str, first: int, last: int, marks: dict[str, Span]) -> Iterator[Marked]:
    """A passage cut wherever a quote begins or ends."""
    edges = sorted({first, last, *(edge for span in marks.values() for edge in span)})
    for start, end in pairwise(edges):
        figures = tuple(figure for figure, span in marks.items() if span[0] == start)
        is_quote = any(span[0] <= start and end <= span[1] for span in marks.values())
        yield Marked(text=text[start:end], is_quote=is_quote, figures=figures)
