"""Markdown as passages: headings, paragraphs, list items, table cells; code, comments and markup are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pricing_pipeline.claims.passages import Block, Passage, Running
from pricing_pipeline.claims.tables import Grid

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
# Nothing in these is tried twice, so that no line takes longer than its length.
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]++(?P<words>.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r" {0,3}(?:>[ \t]?)+")
_RULE = re.compile(r" {0,3}(?:[-*_][ \t]*){3,}$")
_DIVIDER = re.compile(r"[ \t]*+\|?+[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?+[ \t]*+$")
_BOLD_LINE = re.compile(r"[ \t]*(\*\*|__)(?P<words>[^*_]+)\1:?[ \t]*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TARGET = r"(?:\([^)]{0,2000}\)|\[[^\]]{0,400}\])"
# What is not read by a visitor: images' addresses, links' targets, tags, emphasis, code ticks, footnote marks.
_MARKUP = re.compile(
    rf"!\[(?P<alt>[^\]]{{0,400}})\]{_TARGET}"
    r"|\[\^[^\]]{1,100}\]:?"
    rf"|\[(?P<link>(?:[^\[\]]|\[[^\[\]]{{0,100}}\]){{0,400}}+)\]{_TARGET}"
    r"|<(?:https?://|mailto:)[^>\s]*>|</?[A-Za-z][^<>]*>"
    r"|(?P<code>`{1,9}+)(?P<literal>.{1,1000}?)(?P=code)"
    r"|(?P<escape>\\[\\`*_{}\[\]()#+\-.!|~$])"
    r"|\*{1,3}|~~|(?<!\w)_{1,3}(?=\w)|(?<=[\w.)%])_{1,3}(?!\w)"
)


def markdown_passages(text: str) -> tuple[Passage, ...]:
    """The visible blocks of a Markdown text, in order."""
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text.replace("\r\n", "\n"))
    return tuple(_Reader(text.split("\n")).passages())


@dataclass(slots=True)
class _Reader:
    """Walks the lines of a text once."""

    lines: list[str]
    headings: dict[int, str] = field(default_factory=dict)
    lead: str = ""

    def passages(self) -> Iterator[Passage]:
        number = self._after_front_matter()
        while number < len(self.lines):
            line = self.lines[number]
            heading = _HEADING.match(line)
            if _FENCE.match(line):
                number = self._after_fence(number)
            elif heading:
                yield from self._heading(len(heading["marks"]), number, *_words(heading))
                number += 1
            elif self._is_table(number):
                end = self._table_end(number)
                yield from _table(self.lines, number, end, self._above, self.lead)
                number = end
            elif not line.strip() or _RULE.match(line) or _DIVIDER.match(line):
                number += 1
            else:
                end = self._block_end(number)
                yield from self._block(number, end)
                number = end

    @property
    def _above(self) -> tuple[str, ...]:
        return tuple(self.headings[level] for level in sorted(self.headings))

    def _after_front_matter(self) -> int:
        if self.lines[:1] != ["---"]:
            return 0
        closing = next((n for n, line in enumerate(self.lines[1:], start=1) if line in ("---", "...")), None)
        return 0 if closing is None else closing + 1

    def _after_fence(self, number: int) -> int:
        mark = _FENCE.match(self.lines[number])
        assert mark
        for later in range(number + 1, len(self.lines)):
            if self.lines[later].lstrip().startswith(mark[1]):
                return later + 1
        return len(self.lines)

    def _heading(self, level: int, number: int, start: int, end: int) -> Iterator[Passage]:
        running = Running()
        _visible(running, self.lines[number], number, start, end)
        passage = running.passage(Block.HEADING, headings=self._above_level(level))
        if passage:
            self._enter(level, passage.text)
            yield passage

    def _above_level(self, level: int) -> tuple[str, ...]:
        return tuple(self.headings[one] for one in sorted(self.headings) if one < level)

    def _enter(self, level: int, words: str) -> None:
        self.headings = {one: known for one, known in self.headings.items() if one < level} | {level: words}
        self.lead = ""

    def _is_table(self, number: int) -> bool:
        following = self.lines[number + 1] if number + 1 < len(self.lines) else ""
        return "|" in self.lines[number] and "|" in following and _DIVIDER.match(following) is not None

    def _table_end(self, number: int) -> int:
        end = number + 2
        while end < len(self.lines) and "|" in self.lines[end]:
            end += 1
        return end

    def _block_end(self, number: int) -> int:
        """Where a paragraph or list item ends: at a blank line, the next item, heading, table or fence."""
        end = number + 1
        while end < len(self.lines):
            line = self.lines[end]
            ends = not line.strip() or _ITEM.match(line) or _HEADING.match(line) or _FENCE.match(line)
            if ends or self._is_table(end):
                break
            end += 1
            if _UNDERLINE.match(line):
                break
        return end

    def _block(self, number: int, end: int) -> Iterator[Passage]:
        underline = _UNDERLINE.match(self.lines[end - 1]) if end - number > 1 else None
        bold = _BOLD_LINE.match(self.lines[number]) if end - number == 1 else None
        if underline:
            yield from self._heading(1 if "=" in underline[1] else 2, number, 0, len(self.lines[number]))
        elif bold:
            yield from self._heading(7, number, bold.start("words"), bold.end("words"))
        else:
            yield from self._paragraph(number, end)

    def _paragraph(self, number: int, end: int) -> Iterator[Passage]:
        running, block = Running(), Block.PARAGRAPH
        for row in range(number, end):
            quote = _QUOTE.match(self.lines[row])
            start = quote.end() if quote else 0
            item = _ITEM.match(self.lines[row], start) if row == number else None
            if item:
                start, block = item.end(), Block.ITEM
            _visible(running, self.lines[row], row, start, len(self.lines[row]))
            running.add("\n", row + 1, len(self.lines[row]) + 1)
        lead = self.lead if block is Block.ITEM else ""
        passage = running.passage(block, headings=self._above, lead=lead)
        if passage is None:
            return
        if block is not Block.ITEM:
            self.lead = passage.text if passage.text.endswith(":") else ""
        yield passage


def _words(heading: re.Match[str]) -> tuple[int, int]:
    """Where the words of a heading stand in its line, without the marks that may close it."""
    words = heading["words"].rstrip(" \t").rstrip("#").rstrip(" \t")
    return heading.start("words"), heading.start("words") + len(words)


def _visible(running: Running, line: str, row: int, start: int, end: int) -> None:
    """Add what a reader sees of a line from `start` to `end`."""
    position = start
    for found in _MARKUP.finditer(line, start, end):
        running.add(line[position : found.start()], row + 1, position + 1)
        for group in ("alt", "link", "literal"):
            if found[group]:
                _inner(running, found, group, row)
        if found["escape"]:
            running.add(found["escape"][1:], row + 1, found.start() + 2)
        position = found.end()
    running.add(line[position:end], row + 1, position + 1)


def _inner(running: Running, found: re.Match[str], group: str, row: int) -> None:
    if group == "literal":
        running.add(found[group], row + 1, found.start(group) + 1)
    else:
        _visible(running, found.string, row, *found.span(group))


def _table(lines: list[str], number: int, end: int, headings: tuple[str, ...], lead: str) -> Iterator[Passage]:
    """The cells of a pipe table, each with the headers of its row and column."""
    grid = Grid()
    for row in (number, *range(number + 2, end)):
        grid.begin_row()
        for span in _spans(lines[row]):
            running = _cell(lines, row, span)
            if row == number:
                grid.add_title(running.text)
            passage = running.passage(Block.CELL, headings=headings, lead=lead)
            if passage and row == number:
                yield replace(passage, corner=grid.corner)
            elif passage:
                yield replace(passage, row=grid.row, column=grid.title, corner=grid.corner)
            if row > number:
                grid.name_row(running.text)
            grid.end_cell()


def _cell(lines: list[str], row: int, span: tuple[int, int]) -> Running:
    running = Running()
    _visible(running, lines[row], row, *span)
    return running


def _spans(line: str) -> list[tuple[int, int]]:
    """Where the cells of a table's line begin and end; an escaped stroke is part of a cell."""
    strokes = [found.start() for found in re.finditer(r"(?<!\\)\|", line)]
    edges = [-1, *strokes, len(line)]
    spans = [(left + 1, right) for left, right in pairwise(edges)]
    if line.lstrip().startswith("|"):
        spans = spans[1:]
    return spans[:-1] if len(spans) > 1 and not line[spans[-1][0] :].strip() else spans
