"""The one walk over a parsed page: from its tree to blocks of text and the elements that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import CData, Tag
from bs4.element import NavigableString, PageElement

from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.blocks import Block, Element, Mark, Segment, locate
from pricing_pipeline.extract.parsing import Soup
from pricing_pipeline.extract.visibility import Looks, hidden_names, is_inactive_pane, is_striking, period_named
from pricing_pipeline.facts import Surface

MAX_DEPTH = 3_000
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "astro-island",
        "slot",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "math",
        "head",
        "textarea",
        "datalist",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_REGIONS = frozenset({"nav", "header", "footer", "aside", "select", "table", "dialog", "blockquote"})
_PHRASE = frozenset(["b", "strong", "i", "em", "u", "font", "code", "a"])
VOCABULARIES = frozenset({"itemscope", "typeof"})
_GROUP = re.compile(r"(?<=\d)[\xa0\u202f](?=\d{3}(?!\d))")
_MARK = "\ue000"
_CENTS = re.compile(r"[.,]?\d\d")
NAMED_CENTS = re.compile(r"cent|decimal|fraction|small|sup", re.IGNORECASE)
MOST_IN_CENTS = 6
MOST_PANES = 40
# Django's and Jinja's {% trans "Free" %}
_TRANSLATED = re.compile(r"""\{%-?\s*trans(?:late)?\s+(["'])([^"'{}]+)\1\s*-?%\}""")
_ZERO_WIDTH = dict.fromkeys(range(0x200B, 0x2010))


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What the walk brings home."""

    marks: tuple[Mark, ...]

    blocks: tuple[Block, ...]
    elements: tuple[Element, ...]
    scripts: tuple[tuple[str, str, str], ...]
    vocabularies: frozenset[str]


@dataclass(slots=True)
class _State:
    """What holds for everything in an element; elements that change nothing share their parent's."""

    surface: Surface
    struck: bool
    level: int
    pane: str | None
    region: str | None
    line: Tag


def walk(soup: Soup, *, boxes: frozenset[int] = frozenset()) -> Walked:
    """Blocks, elements and scripts of a page; each element of `boxes`, by its id(), is a line of its own.

    Raises ExtractError where it is nested deeper than any real page.
    """
    return _Walk(soup, boxes).run()


class _Walk:
    """The state of one walk."""

    def __init__(self, soup: Soup, boxes: frozenset[int]) -> None:
        self.soup = soup
        self.boxes = boxes
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.scripts: list[tuple[str, str, str]] = []
        self.marks: list[Mark] = []
        self.vocabularies: set[str] = set()
        self.looks = Looks(hidden_names(self._collect()))
        self.headings: list[tuple[int, str]] = []
        self.path: tuple[str, ...] = ()
        self.pieces: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0
        self.space = False
        self.gap = False
        self.counted = False  # whether the last line ended in a digit
        self.last: Tag | None = None

    def run(self) -> Walked:
        """Walk the whole page."""
        root = next((tag for tag in self.soup.tags if tag.name == "body"), self.soup)
        state = _State(surface=Surface.VISIBLE, struck=False, level=0, pane=None, region=None, line=root)
        self._descend(root, state)
        kept: list[Element] = []
        renumber = {-1: -1}
        for index, element in enumerate(self.elements):
            if element.end > element.start:
                renumber[index] = len(kept)
                kept.append(element)
        for element in kept:
            element.parent = renumber[element.parent]
        return Walked(
            vocabularies=frozenset(self.vocabularies),
            marks=tuple(self.marks),
            blocks=tuple(self.blocks),
            elements=tuple(kept),
            scripts=tuple(self.scripts),
        )

    def _collect(self) -> list[str]:
        """The page's style sheets; its scripts and vocabularies are kept on the way."""
        styles: list[str] = []
        for tag in self.soup.tags:
            if tag.name == "script":
                if tag.string:
                    kind, name = str(tag.get("type") or ""), str(tag.get("id") or "")
                    self.scripts.append((kind.strip().lower(), name, str(tag.string)))
            elif tag.name == "style":
                styles.append(str(tag.string or ""))
            elif not VOCABULARIES.isdisjoint(tag.attrs):
                self.vocabularies.update(VOCABULARIES & tag.attrs.keys())
        return styles

    def _descend(self, root: Tag, state: _State) -> None:
        elements = self.elements
        elements.append(Element(root, -1, 0, 0))
        stack: list[tuple[Iterator[PageElement], _State, int, bool]] = [(iter(root.contents), state, 0, True)]
        while stack:
            children, state, index, is_line = stack[-1]
            for child in children:
                if isinstance(child, Tag):
                    entered = self._enter(child, state)
                    if entered is not None:
                        elements.append(Element(child, index, len(self.blocks), 0))
                        stack.append((iter(child.contents), entered, len(elements) - 1, entered.line is child))
                        break
                elif (
                    type(child) is NavigableString or type(child) is CData
                ):  # the two kinds of text that are for readers
                    if not child or child.isspace():
                        self.space = True
                    else:
                        self._take(str(child), child.parent, state)
            else:
                stack.pop()
                if is_line:
                    self._flush(state)
                elements[index].end = len(self.blocks) + (1 if self.pieces and not is_line else 0)
            if len(stack) > MAX_DEPTH:
                raise ExtractError(f"page nested more than {MAX_DEPTH} deep: not read; check what the source serves")

    def _enter(self, tag: Tag, state: _State) -> _State | None:
        """The state within a tag, None where nothing in it is for readers. Ends the line before a tag that starts one."""
        name = tag.name
        if name in _SKIPPED:
            if name == "svg" and any(isinstance(child, Tag) and child.name == "title" for child in tag.contents):
                self._interrupt(state)
            return None
        if name == "br" or name == "hr":
            self._flush(state)
            return None
        inline = name in INLINE and id(tag) not in self.boxes
        if not inline and (self.pieces[-1][-1].isdigit() if self.pieces else self.counted):
            inline = self._goes_on_with_cents(tag)
        if not inline:
            self._flush(state)
        attributes = tag.attrs
        if attributes:
            return self._enter_marked(tag, state, inline)
        if inline and not is_striking(name):
            return state
        return _State(
            state.surface,
            state.struck or is_striking(name),
            _HEADINGS.get(name, state.level),
            state.pane,
            name if name in _REGIONS else state.region,
            state.line if inline else tag,
        )

    def _goes_on_with_cents(self, tag: Tag) -> bool:
        """Whether a box holds the cents of the amount before it, which is then the open line: $19 and a box with 99 or .99."""
        if self.pieces:
            return _cents(tag) is not None
        last = self.blocks[-1]
        if last.level or last.node.parent is not tag.parent:
            return False
        cents = _cents(tag)
        if cents is None or not (cents[0] in ".," or NAMED_CENTS.search(str(tag.get("class", "")))):
            return False
        self.blocks.pop()
        self.pieces, self.segments, self.length = [last.text], list(last.segments), len(last.text)
        self.gap, self.last = last.gap_before, last.segments[-1].node
        return True

    def _enter_marked(self, tag: Tag, state: _State, inline: bool) -> _State | None:
        attributes, name = tag.attrs, tag.name
        surface = state.surface
        look = self.looks.of(attributes)
        if len(attributes) > 1 or "class" not in attributes:
            self._mark(tag)
        if look.hidden or (look.period is not None and _is_inactive(tag)):
            # The inactive pane of a toggle is read as what it is; what else is hidden nobody is meant to read.
            if look.period is None and attributes.get("role") != "tabpanel":
                if tag.contents:
                    self._interrupt(state)
                return None
            surface = Surface.INACTIVE_PANE
        if surface is not state.surface or (inline and look.tip):
            self._flush(state)
            inline = False
        struck = state.struck or look.struck or is_striking(name)
        if inline and struck == state.struck and look.period in (None, state.pane):
            return state
        region = name if name in _REGIONS else "nav" if attributes.get("role") == "navigation" else state.region
        return _State(
            surface,
            struck,
            _HEADINGS.get(name, state.level),
            look.period or state.pane,
            "tooltip" if look.tip else region,
            state.line if inline else tag,
        )

    def _mark(self, tag: Tag) -> None:
        """Keep the attributes that hold a figure for a billing period."""
        for key, value in tag.attrs.items():
            if key.startswith("data-") and len(value) < 80:
                period = period_named(key)
                if period is not None and any(letter.isdigit() for letter in value):
                    self.marks.append(Mark(len(self.blocks), tag, str(value), period))

    def _interrupt(self, state: _State) -> None:
        """No quote may run across what is not shown."""
        self._flush(state)
        self.gap = True

    def _take(self, text: str, parent: Tag | None, state: _State) -> None:
        assert parent is not None
        folded = " ".join(text.split())
        if folded[:2] == "{%" and (shown := _TRANSLATED.fullmatch(folded)) is not None:
            self._take_apart(shown.group(2), parent, state)
            return
        if "\xa0" in text or "\u202f" in text:
            folded = _with_groups(text, folded)
        if not folded.isascii() and max(folded) >= "​":
            folded = folded.translate(_ZERO_WIDTH).strip()
            if not folded:
                return
        parted = self.space or text[0].isspace()
        glued = bool(self.pieces) and not parted and self.pieces[-1][-1].isdigit() and folded[0].isdigit()
        if self.pieces and (parted or self._needs_space(folded, parent)):
            self.pieces.append(" ")
            self.length += 1
        start = self.length
        self.pieces.append(folded)
        self.length += len(folded)
        self.segments.append(Segment(start, self.length, parent, state.struck, state.pane, glued))
        self.space = text[-1].isspace()
        self.last = parent

    def _take_apart(self, shown: str, parent: Tag, state: _State) -> None:
        """What a template's tag shows, as a line of its own: no quote may run across the tag, which stands in the page."""
        self._interrupt(state)
        self.pieces, self.length = [shown], len(shown)
        self.segments.append(Segment(0, len(shown), parent, state.struck, state.pane))
        self._interrupt(state)

    def _needs_space(self, text: str, parent: Tag) -> bool:
        """Words of two elements stand apart, though nothing but a tag parts them in the source: "Solo" and "Most popular"."""
        before = self.pieces[-1][-1]
        if parent is self.last or not (before.isalnum() and text[0].isalnum()):
            return False
        if before.isdigit() and text[0].isdigit():
            return True
        return (
            not (parent.name in _PHRASE or (self.last is not None and self.last.name in _PHRASE))
            or before.isdigit() != text[0].isdigit()
        )

    def _flush(self, state: _State) -> None:
        if not self.pieces:
            self.space = False
            return
        text = "".join(self.pieces)
        if state.level:
            self.headings = [heading for heading in self.headings if heading[0] < state.level]
            self.path = tuple(heading[1] for heading in self.headings)
            self.headings.append((state.level, text))
        self.blocks.append(
            Block(
                index=len(self.blocks),
                text=text,
                tag=state.line.name,
                node=state.line,
                surface=state.surface,
                level=state.level,
                headings=self.path,
                pane=state.pane,
                region=state.region,
                gap_before=self.gap,
                segments=tuple(self.segments),
            )
        )
        if state.level:
            self.path = (*self.path, text)
        self.counted = text[-1].isdigit()
        self.pieces, self.segments = [], []
        self.length, self.space, self.gap, self.last = 0, False, False, None


def _is_inactive(tag: Tag) -> bool:
    """Whether a pane of a billing period is not the one that is shown at first."""
    beside = tag.parent.contents[:MOST_PANES] if tag.parent is not None else []
    names = (str(other.get("class", "")) for other in beside if isinstance(other, Tag) and other is not tag)
    return is_inactive_pane(str(tag.get("class", "")), names)


def _cents(tag: Tag) -> str | None:
    """The two digits, with a decimal sign perhaps, that are all that an element holds."""
    inside = list(islice(tag.descendants, MOST_IN_CENTS))
    if len(inside) == MOST_IN_CENTS:
        return None
    text = "".join(str(part) for part in inside if not isinstance(part, Tag)).strip()
    return text if _CENTS.fullmatch(text) else None


def _with_groups(text: str, folded: str) -> str:
    """A folded text whose fixed spaces within a number stay: "10\u202f000" is one number, "5 100" may be two."""
    marked = _GROUP.sub(_MARK, text)
    return " ".join(marked.split()).replace(_MARK, "\xa0") if marked != text else folded


__all__ = ["INLINE", "NAMED_CENTS", "VOCABULARIES", "Block", "Element", "Mark", "Segment", "locate", "walk"]
