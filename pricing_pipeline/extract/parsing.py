"""From a page's characters to its soup: bs4's lxml builder, its tags and texts laid where they belong at once."""

from __future__ import annotations

import warnings
from collections.abc import Set as AbstractSet
from typing import Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeValueList, Comment, Doctype, HTMLAttributeDict, NavigableString, PageElement

_WHITE = " \n\t\f\r"
_VOID: AbstractSet[str] = LXMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or frozenset()
_KEEPING_WHITE = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
# Tags whose text is of a kind of its own: scripts, style sheets, templates.
_HOLDERS = LXMLTreeBuilder.DEFAULT_STRING_CONTAINERS


def parse(text: str) -> Soup:
    """The soup of a page's characters. Names of attributes and of classes are as they are written."""
    with warnings.catch_warnings():
        # What a server sends as a page is read as one, though it looks like XML or like a path.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return Soup(text.encode("utf-8"), builder=_Builder(), from_encoding="utf-8")


class Soup(BeautifulSoup):
    """A soup that keeps its `tags` in page order."""

    tags: list[Tag]


class _Tag(Tag):
    """A tag of a page. What is the same for nearly all of them stands here once instead of in each."""

    parser_class = Soup
    namespace = None
    prefix = None
    sourceline = None
    sourcepos = None
    known_xml = False
    can_be_empty_element = False
    cdata_list_attributes = None
    preserve_whitespace_tags = _KEEPING_WHITE
    attribute_value_list_class = AttributeValueList
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    _namespaces: dict[str, str] = {}  # noqa: RUF012  # as bs4 declares it; HTML has none, so nobody adds any


class _Builder(LXMLTreeBuilder):
    """What lxml sees, as a tree. Going by bs4's own steps (a stack with counters, links mended afterwards) takes four times
    as long, and lxml has closed every tag in its place already."""

    soup: Soup

    def feed(self, markup: Any) -> None:
        """Build the tree of a page."""
        self.soup.tags = []
        self._open: list[Tag] = [self.soup]
        self._texts: list[str] = []  # since the last tag
        self._last: PageElement | None = None
        self._keeping_white: list[Tag] = []  # open ones
        self._holders: list[Tag] = []  # open ones
        super().feed(markup)
        self._put_text()

    def start(self, tag: Any, attrib: Any, nsmap: Any = None) -> None:  # noqa: ARG002  # as lxml calls it
        """Open a tag."""
        self._put_text()
        new = _Tag.__new__(_Tag)
        new.name = tag
        new.attrs = HTMLAttributeDict(attrib)
        new.contents = []
        self._put(new)
        self._open.append(new)
        self.soup.tags.append(new)
        if tag in _VOID:
            new.can_be_empty_element = True
        elif tag in _HOLDERS:
            new.interesting_string_types = {_HOLDERS[tag]}
            self._holders.append(new)
        elif tag in _KEEPING_WHITE:
            self._keeping_white.append(new)

    def end(self, tag: Any) -> None:  # noqa: ARG002  # lxml closes what was opened last, whatever the page says
        """Close a tag."""
        self._put_text()
        ended = self._open.pop()
        for special in (self._holders, self._keeping_white):
            if special and special[-1] is ended:
                special.pop()

    def data(self, data: Any) -> None:
        """Take a piece of text."""
        self._texts.append(data)

    def pi(self, target: Any, data: Any) -> None:
        """Keep a processing instruction."""
        self._put_other(f"{target} {data}", self.processing_instruction_class)

    def doctype(self, name: Any, pubid: Any, system: Any) -> None:
        """Keep what the page says it is."""
        self._put_other(Doctype._string_for_name_and_ids(name, pubid, system), Doctype)

    def comment(self, text: Any) -> None:
        """Keep a comment."""
        self._put_other(text, Comment)

    def _put_other(self, text: str, kind: type[NavigableString]) -> None:
        self._put_text()
        self._put(_new_text(kind, text, fold=not self._keeping_white))

    def _put_text(self) -> None:
        """Put the text since the last tag into the tree."""
        if self._texts:
            kind = _HOLDERS[self._holders[-1].name] if self._holders else NavigableString
            new = _new_text(kind, "".join(self._texts), fold=not self._keeping_white)
            self._texts = []
            self._put(new)

    def _put(self, new: PageElement) -> None:
        """Lay an element behind everything that came before it, linked as bs4 links it."""
        parent, last = self._open[-1], self._last
        beside = parent.contents
        before = beside[-1] if beside else None
        new.parent = parent
        new.previous_element = last
        if last is not None:
            last.next_element = new
        new.previous_sibling = before
        if before is not None:
            before.next_sibling = new
        new.next_element = new.next_sibling = None
        beside.append(new)
        self._last = new


def _new_text(kind: type[NavigableString], text: str, *, fold: bool) -> NavigableString:
    """A text that is linked to nothing yet; of nothing but white space only one letter is kept, as bs4 has it."""
    if fold and not text.strip(_WHITE):
        text = "\n" if "\n" in text else " "
    return str.__new__(kind, text)
