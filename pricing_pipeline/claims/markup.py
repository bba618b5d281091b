"""HTML as passages: what a browser shows, each character with its line and column in the file."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from pricing_pipeline.claims.passages import Block, Passage, Running
from pricing_pipeline.claims.tables import Grid


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VOID = _set("area base br col embed hr img input link meta param source track wbr")
_UNSEEN = _set("title script style template noscript head svg math iframe object canvas select datalist")
_INLINE = _set(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strike strong "
    "sub sup time tt u var button output"
)
_STRUCK = frozenset({"del", "s", "strike"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# What a question that opens, or a term that is defined, is to the text below it.
_BELOW_HEADINGS = 7
# Around a page, and no part of what it says; within an article both belong to it.
_FRAME = _set("nav footer")
_BODY = _set("article main section blockquote")
# No page that people write nests deeper; what does is read as if it did not.
_DEEPEST = 200
# An end tag that may be left out: what its like closes.
_CLOSED_BY = {
    "li": {"li"}, "p": {"p"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"}, "dt": {"dt", "dd"},
    "dd": {"dt", "dd"}, "option": {"option"}, "thead": {"tr", "td", "th"}, "tbody": {"thead", "tr", "td", "th"},
}  # fmt: skip
_BARRIERS = {"li": {"ul", "ol"}, "td": {"table"}, "th": {"table"}, "tr": {"table"}, "tbody": {"table"}}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def html_passages(text: str) -> tuple[Passage, ...]:
    """The visible blocks of an HTML text, in order."""
    reader = _Reader()
    # Behind the last ">" there is no tag; the parser would look for one at every "<" all the same.
    last = text.rfind(">") + 1
    reader.feed(text[:last])
    reader.close()
    reader.handle_data(text[last:])
    reader.flush()
    return tuple(reader.found)


@dataclass(slots=True)
class _Element:
    tag: str
    unseen: bool
    span: int = 1
    reaches: int = 1


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Passage] = []
        self._stack: list[_Element] = []
        self._running = Running()
        self._headings: dict[int, str] = {}
        self._lead = ""
        self._tables: list[Grid] = []
        self._crossed = False
        self._open: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_implied(tag)
        self._crossed = True
        if tag not in _INLINE and tag != "br":
            self.flush()
        if tag in _VOID:
            self._running.add(" ", *self._here)
            return
        given = dict(attrs)
        unseen = self._is_unseen or tag in _UNSEEN or tag in _STRUCK or _hides(given) or self._is_frame(tag)
        if len(self._stack) >= _DEEPEST:
            return
        self._stack.append(_Element(tag, unseen, _count(given.get("colspan")), _count(given.get("rowspan"))))
        self._open[tag] += 1
        self._enter_table(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID or tag in _INLINE:
            self.handle_starttag(tag, attrs)
            if tag not in _VOID:
                self.handle_endtag(tag)
        else:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._open[tag]:
            return
        self._crossed = True
        while self._stack:
            closed = self._stack[-1]
            self._leave(closed)
            if closed.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._is_unseen:
            return
        # Two words without a space between them, such as "creditsCheapest", stand in boxes of their own.
        if self._crossed and data[:1].isupper() and self._running.ends_low:
            self._running.add(" ", *self._here)
        self._crossed = False
        self._running.add(data, *self._here)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name};")

    def _entity(self, written: str) -> None:
        if self._is_unseen:
            return
        means = html.unescape(written)
        if means.isspace():
            self._running.add(" ", *self._here)
        else:
            self._running.word(means, *self._here)

    @property
    def _here(self) -> tuple[int, int]:
        line, column = self.getpos()
        return line, column + 1

    @property
    def _is_unseen(self) -> bool:
        return bool(self._stack) and self._stack[-1].unseen

    def _is_frame(self, tag: str) -> bool:
        return tag in _FRAME and not any(self._open[one] for one in _BODY)

    def _close_implied(self, tag: str) -> None:
        closes, barriers = _CLOSED_BY.get(tag, set()), _BARRIERS.get(tag, set())
        if tag not in _INLINE and tag not in _VOID and tag not in closes:
            closes = closes | {"p"} if tag != "p" else closes
        while any(self._open[one] for one in closes):
            inner = next(
                (one.tag for one in reversed(self._stack) if one.tag in closes or one.tag in barriers | {"table"}), None
            )
            if inner is None or inner not in closes:
                return
            self.handle_endtag(inner)

    def _leave(self, element: _Element) -> None:
        if element.tag not in _INLINE:
            self.flush(ends_cell=element.tag in ("td", "th"))
        self._stack.pop()
        self._open[element.tag] -= 1
        if not self._tables:
            return
        if element.tag in ("td", "th"):
            self._tables[-1].end_cell(element.span, element.reaches)
        elif element.tag == "table":
            self._tables.pop()

    def _enter_table(self, tag: str) -> None:
        if tag == "table":
            self._tables.append(Grid())
        elif tag == "tr" and self._tables:
            self._tables[-1].begin_row()

    def flush(self, *, ends_cell: bool = False) -> None:
        """End the block that is open. A cell ends even where it is empty: it has its place in the row."""
        if not self._running.parts and not ends_cell:
            return
        running, self._running = self._running, Running()
        tags = [element.tag for element in self._stack]
        level = next((_HEADINGS[tag] for tag in reversed(tags) if tag in _HEADINGS), None)
        if level is None and {"summary", "dt"} & set(tags):
            level = _BELOW_HEADINGS
        cell = next((e for e in reversed(self._stack) if e.tag in ("td", "th", "table")), None)
        if level is not None:
            self._heading(running, level)
        elif cell is not None and cell.tag != "table" and self._tables:
            self._cell(running, is_header=cell.tag == "th", span=cell.span)
        else:
            self._text(running, is_item=bool({"li", "dd"} & set(tags)))

    def _heading(self, running: Running, level: int) -> None:
        above = tuple(self._headings[one] for one in sorted(self._headings) if one < level)
        passage = running.passage(Block.HEADING, headings=above)
        if passage:
            self._headings = {one: known for one, known in self._headings.items() if one < level}
            self._headings[level] = passage.text
            self._lead = ""
            self.found.append(passage)

    @property
    def _above(self) -> tuple[str, ...]:
        return tuple(self._headings[level] for level in sorted(self._headings))

    def _cell(self, running: Running, *, is_header: bool, span: int) -> None:
        grid = self._tables[-1]
        passage = running.passage(Block.CELL, headings=self._above, lead=self._lead)
        text = passage.text if passage else ""
        is_title = grid.rows <= 1 or (is_header and bool(self._open["thead"]))
        if is_title:
            grid.add_title(text, span)
        if passage:
            titled = "" if is_title else grid.title
            self.found.append(replace(passage, row=grid.row, column=titled, corner=grid.corner))
        if not is_title:
            grid.name_row(text)

    def _text(self, running: Running, *, is_item: bool) -> None:
        block = Block.ITEM if is_item else Block.PARAGRAPH
        passage = running.passage(block, headings=self._above, lead=self._lead if is_item else "")
        if passage is None:
            return
        if not is_item:
            self._lead = passage.text if passage.text.endswith(":") else ""
        self.found.append(passage)


def _count(attribute: str | None) -> int:
    """How many columns or rows a cell takes; what nobody means is one."""
    return int(attribute) if attribute and attribute.isdecimal() and 0 < int(attribute[:4]) < 100 else 1


def _hides(given: dict[str, str | None]) -> bool:
    return "hidden" in given or _HIDDEN_STYLE.search(given.get("style") or "") is not None
