"""From a page's characters to its soup: bs4's lxml builder, without the work that only XML needs."""

from __future__ import annotations

import warnings
from typing import Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import NavigableString

_WHITE = " \n\t\f\r"


def parse(text: str) -> Soup:
    """The soup of a page's characters. Class names stay one string, as they are written."""
    with warnings.catch_warnings():
        # What a server sends as a page is read as one, though it looks like XML or like a path.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return Soup(text.encode("utf-8"), builder=_Builder(), from_encoding="utf-8")


class _Builder(LXMLTreeBuilder):
    """Tags without namespaces, which take bs4 a fifth of the parse: HTML has none."""

    soup: Soup

    def start(self, tag: Any, attrib: Any, nsmap: Any = {}) -> None:  # noqa: B006  # as bs4 declares it; never changed
        """Open a tag."""
        soup = self.soup
        if nsmap or any(name[:1] == "{" for name in attrib):
            super().start(tag, attrib, nsmap)
        else:
            namespaces = self.active_namespace_prefixes[-1]
            soup.handle_starttag(tag, None, None, self.attribute_dict_class(attrib), namespaces=namespaces)
        if soup.currentTag is not None:
            soup.tags.append(soup.currentTag)

    def end(self, tag: Any) -> None:
        """Close a tag."""
        self.soup.handle_endtag(tag, None)

    def _replace_cdata_list_attribute_values(self, tag_name: str, attrs: Any) -> Any:  # noqa: ARG002  # as bs4 calls it
        return attrs


class Soup(BeautifulSoup):
    """A soup that keeps its `tags` in page order, and looks at a run of white space once rather than letter by letter."""

    tags: list[Tag]

    def reset(self) -> None:
        """Begin anew, for the next guess at the encoding."""
        super().reset()
        self.tags = []

    def endData(self, containerClass: Any = None) -> None:  # noqa: N802, N803  # bs4's names
        """Put the text since the last tag into the tree."""
        if self.current_data:
            text = "".join(self.current_data)
            if not text.strip(_WHITE) and not self.preserve_whitespace_tag_stack:
                text = "\n" if "\n" in text else " "
            self.current_data = []
            plain = containerClass is None and not self.string_container_stack
            self.object_was_parsed(NavigableString(text) if plain else self.string_container(containerClass)(text))
