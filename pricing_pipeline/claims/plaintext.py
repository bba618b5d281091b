"""Plain text as passages: paragraphs, list items, titles, and the questions that an answer quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pricing_pipeline.claims.passages import Block, Passage, Running

_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
_SPOKEN = re.compile(r"[ \t]*(?:Q|A|Question|Answer)\s?[:.][ \t]+", re.IGNORECASE)
_ITEM = re.compile(r"[ \t]*[-*•·][ \t]+")
_SMALL = re.compile(r"[^\W\d_A-Z]")
_ANY_LETTER = re.compile(r"[A-Z]{2}")
_LONGEST_TITLE = 90
_Line = tuple[int, str]


def plain_passages(text: str) -> tuple[Passage, ...]:
    """The visible blocks of plain text, in order. A quoted question heads the answer below it."""
    found: list[Passage] = []
    title = question = ""
    blocks = [(lines, _block(lines)) for lines in _blocks(text)]
    for (lines, block), (_, following) in zip(blocks, [*blocks[1:], ([], Block.PARAGRAPH)], strict=False):
        if block is Block.PARAGRAPH and following is Block.ITEM and _is_short(lines):
            block = Block.HEADING
        headings = () if block is Block.HEADING else tuple(one for one in (title, question) if one)
        passage = _passage(lines, block, headings)
        if passage is None:
            continue
        found.append(passage)
        if block is Block.HEADING and passage.text.endswith("?"):
            question = passage.text
        elif block is Block.HEADING:
            title, question = passage.text, ""
    return tuple(found)


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Lines that belong together: blank lines part them, and so do list items and where a quotation begins or ends."""
    held: list[_Line] = []
    for number, line in enumerate(text.split("\n"), start=1):
        starts = _ITEM.match(line) or _SPOKEN.match(line)
        if held and (starts or not line.strip() or _is_quoted(line) is not _is_quoted(held[-1][1])):
            yield held
            held = []
        if line.strip():
            held.append((number, line))
    if held:
        yield held


def _is_quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def _block(lines: Sequence[_Line]) -> Block:
    first = lines[0][1]
    if (_QUOTED.match(first) or _SPOKEN.match(first)) and lines[-1][1].rstrip().endswith("?"):
        return Block.HEADING
    if _ITEM.match(first):
        return Block.ITEM
    is_shouted = _ANY_LETTER.search(first) and not _SMALL.search(first)
    return Block.HEADING if is_shouted and _is_short(lines) else Block.PARAGRAPH


def _is_short(lines: Sequence[_Line]) -> bool:
    """Whether a block is one line that ends no sentence, as titles are."""
    words = lines[0][1].strip()
    return len(lines) == 1 and len(words) < _LONGEST_TITLE and not words.endswith((".", ",", ";", ":"))


def _passage(lines: Sequence[_Line], block: Block, headings: tuple[str, ...]) -> Passage | None:
    running = Running()
    for row, (number, line) in enumerate(lines):
        quoted = _QUOTED.match(line) or ((_ITEM.match(line) or _SPOKEN.match(line)) if row == 0 else None)
        start = quoted.end() if quoted else 0
        running.add(line[start:] + "\n", number, start + 1)
    return running.passage(block, headings=headings)
