"""One form for what JSON-LD, microdata and RDFa say: nodes of types with properties, each able to show where it
stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Syntax = Literal["json-ld", "microdata", "rdfa"]
# Deeper than any real page nests; a deeper one was made to hurt.
DEEPEST = 40
_MOST_NODES = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A plain value. `is_number` where JSON wrote it without quotes: then a point is a decimal point for certain.

    `visible` is the text on the page that it was read from, None where it stands in a script or an attribute.
    """

    text: str
    is_number: bool = False
    visible: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One thing: its types (short names such as Product) and its properties by lower-case name, each a list of values.

    `source` is the block that it was read from (a script's text, or the markup of an item); `locator` says where
    that is.
    """

    types: tuple[str, ...]
    properties: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    syntax: Syntax = "json-ld"
    source: str = field(default="", repr=False)
    locator: str = ""

    def nodes(self, name: str) -> tuple[Node, ...]:
        """The things that a property holds."""
        return tuple(value for value in self.properties.get(name.lower(), ()) if isinstance(value, Node))

    def texts(self, name: str) -> tuple[Text, ...]:
        """The plain values that a property holds."""
        return tuple(value for value in self.properties.get(name.lower(), ()) if isinstance(value, Text))

    def text(self, *names: str) -> str | None:
        """The one value of the first of these properties that has any; None where it has several that differ."""
        found = self.first(*names)
        return found.text if found else None

    def first(self, *names: str) -> Text | None:
        """Like `text`, with what is known of the value."""
        for name in names:
            values = self.texts(name)
            if values:
                return values[0] if len({value.text for value in values}) == 1 else None
        return None

    def is_a(self, *types: str) -> bool:
        """Whether it is of one of these types."""
        return any(kind in types for kind in self.types)


Value = Text | Node


def short(name: str) -> str:
    """A type or property without its vocabulary: `https://schema.org/Product`, `schema:Product` and `v:Product` are
    Product."""
    return name.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]


def every(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[tuple[Node, str], ...]]]:
    """Every node in page order, with the path of (holder, property) that leads to it. References that go in circles
    end."""
    stack: list[tuple[Node, tuple[tuple[Node, str], ...]]] = [(node, ()) for node in reversed(nodes)]
    seen = 0
    while stack and seen < _MOST_NODES:
        node, path = stack.pop()
        seen += 1
        yield node, path
        if len(path) >= DEEPEST or any(holder is node for holder, _ in path):
            continue
        below = [
            (child, (*path, (node, name)))
            for name, values in node.properties.items()
            for child in values
            if isinstance(child, Node)
        ]
        stack.extend(reversed(below))
