"""A page as its reader sees it: blocks of text with their surface, headings and place. One parse, one walk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bs4 import Tag
from soupsieve import SelectorSyntaxError

from pricing_pipeline.extract.blocks import Block, Element, Mark
from pricing_pipeline.extract.decoding import decode
from pricing_pipeline.extract.ending import is_complete
from pricing_pipeline.extract.parsing import Soup, parse
from pricing_pipeline.extract.walk import VOCABULARIES, walk
from pricing_pipeline.facts import Surface

_ZERO_WIDTH = re.compile(r"[​-‏]+")
# Between the values of attributes: no page holds one, and no quote runs across it.
_APART = "\x00"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One parsed page.

    `blocks` are the runs of text that stand on lines of their own, in page order, visible and in inactive panes; `elements` the
    elements that hold any of them. `tags` are all tags in page order, hidden ones too; `scripts` are (type, id, text).
    `is_complete` is False where the page was cut off; `vocabularies` are the attributes of structured data that it uses:
    `itemscope`, `typeof`.
    """

    soup: Soup = field(repr=False)
    title: str
    blocks: tuple[Block, ...] = field(repr=False)
    elements: tuple[Element, ...] = field(repr=False)
    tags: tuple[Tag, ...] = field(repr=False)
    scripts: tuple[tuple[str, str, str], ...] = field(repr=False)
    marks: tuple[Mark, ...] = field(default=(), repr=False)
    raw_size: int
    is_complete: bool
    vocabularies: frozenset[str] = VOCABULARIES

    @cached_property
    def text(self) -> str:
        """The visible text, white space folded, one block a line."""
        return "\n".join(block.text for block in self.blocks if block.surface is Surface.VISIBLE)

    @cached_property
    def element_of(self) -> dict[int, int]:
        """Index in `elements` by the id() of the soup's tag."""
        return {id(element.node): index for index, element in enumerate(self.elements)}

    def holds(self, quote: str, surface: Surface = Surface.VISIBLE) -> bool:
        """Whether a quote stands on a surface of this page, white space apart."""
        wanted = squash(quote)
        return bool(wanted) and wanted in self._squashed(surface)

    def inside(self, index: int) -> tuple[Block, ...]:
        """The blocks within the element at this index."""
        element = self.elements[index]
        return self.blocks[element.start : element.end]

    @cached_property
    def _texts(self) -> dict[Surface, str]:
        return {}

    def _squashed(self, surface: Surface) -> str:
        if surface not in self._texts:
            self._texts[surface] = "\n".join(self._pieces(surface))
        return self._texts[surface]

    def _pieces(self, surface: Surface) -> Iterator[str]:
        if surface is Surface.STRUCTURED:
            yield from (squash(text) for _, _, text in self.scripts)
            yield squash(_APART.join(self._attribute_values()))
        elif surface is Surface.ATTRIBUTE:
            yield squash(_APART.join(self._attribute_values()))
        elif surface is Surface.INACTIVE_PANE:
            yield squash("".join(block.text for block in self.blocks if block.surface is surface))
        else:
            yield squash(self.title)
            yield from _runs(self.blocks)

    def _attribute_values(self) -> Iterator[str]:
        return (str(value) for tag in self.tags for value in tag.attrs.values())


def squash(text: str) -> str:
    """A text without its white space and zero-width characters: how quotes are compared."""
    joined = "".join(text.split())
    return joined if joined.isascii() else _ZERO_WIDTH.sub("", joined)


def read_document(body: bytes, *, content_type: str | None = None, ignore: Sequence[str] = ()) -> Document:
    """The page in these bytes, without what the CSS selectors in `ignore` select.

    Raises ExtractError where it is too big or too deep to be parsed in bounded time.
    """
    text = decode(body, content_type=content_type)
    soup = parse(text)
    for selector in ignore:
        _drop(soup, selector)
    walked = walk(soup)
    title = next((tag for tag in soup.tags if tag.name == "title"), None)
    return Document(
        soup=soup,
        title=" ".join(title.get_text(" ").split()) if title else "",
        blocks=walked.blocks,
        elements=walked.elements,
        tags=tuple(soup.tags),
        scripts=walked.scripts,
        marks=walked.marks,
        vocabularies=walked.vocabularies,
        raw_size=len(body),
        is_complete=is_complete(text),
    )


def _drop(soup: Soup, selector: str) -> None:
    try:
        nodes = soup.select(selector)
    except (SelectorSyntaxError, ValueError):
        return  # the recipe's reader reports it
    for node in nodes:
        node.extract()
    soup.tags = list(soup.find_all(True))


def _runs(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The visible text in stretches that nothing hidden interrupts."""
    run: list[str] = []
    for block in blocks:
        if block.surface is not Surface.VISIBLE or block.gap_before:
            yield "".join(run)
            run = []
        if block.surface is Surface.VISIBLE:
            run.append(squash(block.text))
    yield "".join(run)


__all__ = ["Block", "Document", "Element", "Mark", "Tag", "parse", "read_document", "squash"]
