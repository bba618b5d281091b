"""Reading JSON-LD as pages really write it: with comments, trailing commas, entities, duplicate keys and worse. A
bad block is skipped, never the page."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from pricing_pipeline.extract.nodes import DEEPEST, Node, Text, Value, short
from pricing_pipeline.facts import Diagnostic

_MOST_BLOCKS = 300
_LONGEST_BLOCK = 2_000_000
# Strings are passed over whole, so that a comma or a slash within one is left alone.
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*+")|//[^\n]*|/\*.*?\*/|<!--|-->|<!\[CDATA\[|\]\]>', re.DOTALL)
_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[}\]])', re.DOTALL)
_PROSE = re.compile(r"<!--.*?-->", re.DOTALL)
_BARE = re.compile(r'("(?:[^"\\]|\\.)*+")|\b(?:undefined|-?NaN|-?Infinity)\b', re.DOTALL)
_CONTEXT = ("@context", "@id", "@type", "type", "id")


class _Number(str):
    """A JSON number, kept as the page wrote it: never a float, never a huge int."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """An object with its duplicate keys."""


def read_blocks(scripts: tuple[tuple[str, str, str], ...]) -> tuple[tuple[Node, ...], tuple[Diagnostic, ...]]:
    """The top-level nodes of a page's JSON-LD scripts, and a diagnostic for every block that could not be read."""
    blocks = [
        (index, text) for index, (kind, _, text) in enumerate(scripts) if "ld+json" in kind.casefold() and text.strip()
    ]
    nodes: list[Node] = []
    diagnostics = []
    for index, text in blocks[:_MOST_BLOCKS]:
        try:
            nodes.extend(_top(_lenient(text), text, f"script[{index}]"))
        except (ValueError, RecursionError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]
            diagnostics.append(
                Diagnostic(code="low_confidence", message=f"JSON-LD block {index} was skipped: {reason}")
            )
    if len(blocks) > _MOST_BLOCKS:
        diagnostics.append(
            Diagnostic(
                code="low_confidence", message=f"{len(blocks)} JSON-LD blocks: only the first {_MOST_BLOCKS} were read"
            )
        )
    return _resolved(nodes), tuple(diagnostics)


def _lenient(text: str) -> Any:
    """The JSON value of a block, repaired where that leaves no doubt what was meant. Raises ValueError or
    RecursionError."""
    if len(text) > _LONGEST_BLOCK:
        raise ValueError(f"{len(text):,} characters are more than {_LONGEST_BLOCK:,}")
    plain = text.strip().lstrip("\ufeff").rstrip("; \n\t")
    first: ValueError | None = None
    for attempt in (_as_it_is, _repaired, _without_prose, _unescaped):
        try:
            return _decoder().decode(attempt(plain))
        except ValueError as error:
            first = first or error
    raise first or ValueError("empty")


def _as_it_is(text: str) -> str:
    return text


def _repaired(text: str) -> str:
    for pattern, instead in ((_COMMENT, " "), (_COMMA, " "), (_BARE, "null")):
        text = pattern.sub(lambda found, instead=instead: found.group(1) or instead, text)  # type: ignore[misc]  # mypy cannot infer a lambda's default
    return text.strip().rstrip(";")


def _without_prose(text: str) -> str:
    return _repaired(_PROSE.sub(" ", text))


def _unescaped(text: str) -> str:
    return _repaired(html.unescape(text) if "&quot;" in text or "&#34;" in text else text)


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_Pairs, parse_float=_Number, parse_int=_Number, parse_constant=lambda _: None, strict=False
    )  # fmt: skip


def _top(value: Any, source: str, locator: str) -> list[Node]:
    """The things of a block: one, a list, or an @graph."""
    if isinstance(value, _Pairs):
        graph = [inner for key, inner in value if key == "@graph"]
        rest = _Pairs((key, inner) for key, inner in value if key != "@graph")
        own = [_node(rest, source, locator, 0)] if any(key not in ("@context", "@id") for key, _ in rest) else []
        return own + [node for inner in graph for node in _top(inner, source, locator)]
    if isinstance(value, list):
        return [node for inner in value[:5000] for node in _top(inner, source, locator)]
    return []


def _node(pairs: _Pairs, source: str, locator: str, depth: int) -> Node:
    if depth > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep")
    properties: dict[str, list[Value]] = {}
    types: list[str] = []
    for key, value in pairs:
        if key in ("@type", "type"):
            types += [
                short(str(kind)) for kind in (value if isinstance(value, list) else [value]) if isinstance(kind, str)
            ]
        elif key == "@context":
            continue
        properties.setdefault(short(key).lower() if key[:1] != "@" else key, []).extend(
            _values(value, source, locator, depth)
        )
    return Node(tuple(types), {key: tuple(values) for key, values in properties.items()}, "json-ld", source, locator)


def _values(value: Any, source: str, locator: str, depth: int) -> list[Value]:
    if isinstance(value, _Pairs):
        inner = [item for key, item in value if key == "@value"]
        if inner:
            return _values(inner[0], source, locator, depth + 1)
        return [_node(value, source, locator, depth + 1)]
    if isinstance(value, list):
        if depth > DEEPEST:
            raise ValueError(f"nested more than {DEEPEST} deep")
        return [found for item in value[:5000] for found in _values(item, source, locator, depth + 1)]
    if isinstance(value, str):
        return [Text(str(value), is_number=isinstance(value, _Number))]
    return []


def _resolved(nodes: list[Node]) -> tuple[Node, ...]:
    """The nodes with references (`{"@id": "#rating"}`) replaced by what they refer to, those that refer first."""
    known: dict[str, Node] = {}
    for node in nodes:
        name = node.text("@id")
        if name and len(node.properties) > 1:
            known.setdefault(name, node)
    referred: set[int] = set()
    for node in nodes if known else ():
        for key, values in node.properties.items():
            node.properties[key] = tuple(_target(value, known, referred) for value in values)
    return tuple(sorted(nodes, key=lambda node: id(node) in referred))


def _target(value: Value, known: dict[str, Node], referred: set[int]) -> Value:
    if not isinstance(value, Node) or len(value.properties) != 1:
        return value
    target = known.get(value.text("@id") or "", value)
    referred.add(id(target))
    return target
