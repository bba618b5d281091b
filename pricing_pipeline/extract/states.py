"""The state that frameworks embed in a page as JSON: in scripts, in the pieces that React streams, in attributes of islands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from pricing_pipeline.extract.document import Document
from pricing_pipeline.facts import Evidence, Surface

LARGEST = 4_000_000
MOST_PIECES = 5_000
_INLINE = re.compile(r"^\s*(?:window\.|var |let |const |self\.)?[\w.$\[\]'\"]{1,60}\s*=\s*(?=[{\[])")
_PUSH = re.compile(r"self\.__next_f\.push\(\s*(\[.*\])\s*\)\s*;?\s*$", re.DOTALL)
_ROW = re.compile(r"^[0-9a-f]+:(?=[\[{])")
_HOLDERS = ("props", "data-props", "data-page", "data-react-props", "data-state", "data-initial-state", "data-json")
_HOLDING = frozenset(_HOLDERS)
_REACH = 400
_MOST_MENTIONS = 8

Json = Any  # what json.loads gives; narrowed where it is read


@dataclass(frozen=True, slots=True)
class State:
    """One embedded state: what it says, and the text that says so, in which strings stand `escaped` where it is JSON in JSON."""

    said: Json
    text: str
    locator: str
    is_escaped: bool = False

    def quote(self, value: str) -> Evidence | None:
        """The place that says a string; None where it stands nowhere in the text."""
        start = self.text.find(self._written(value))
        if start < 0:
            return None
        return self._evidence(start, start + len(self._written(value)))

    def quote_field(self, owner: str, key: str, value: str) -> Evidence | None:
        """The stretch that holds the string `owner` and, near by, the field `key` with this value."""
        mark = r"\\?" if self.is_escaped else ""
        written = re.escape(self._inner(value))
        field = re.compile(rf'{mark}"{re.escape(key)}{mark}"\s*:\s*(?:\[\d,)?\s*{mark}"?{written}(?![\w.])')
        name = self._written(owner)
        spans: list[tuple[int, int]] = []
        start = self.text.find(name)
        while start >= 0 and len(spans) < _MOST_MENTIONS:
            end, floor = start + len(name), max(0, start - _REACH)
            near = field.finditer(self.text[floor : end + _REACH])
            spans.extend((min(start, floor + found.start()), max(end, floor + found.end())) for found in near)
            start = self.text.find(name, end)
        return self._evidence(*min(spans, key=lambda span: span[1] - span[0])) if spans else None

    def _inner(self, value: str) -> str:
        return json.dumps(value, ensure_ascii=False)[1:-1] if self.is_escaped else value

    def _written(self, value: str) -> str:
        return f'\\"{self._inner(value)}\\"' if self.is_escaped else f'"{value}"'

    def _evidence(self, start: int, end: int) -> Evidence:
        return Evidence(quote=" ".join(self.text[start:end].split()), locator=self.locator, surface=Surface.STRUCTURED)


def embedded_states(document: Document) -> Iterator[State]:
    """Every state that a page embeds, in page order, attributes last."""
    streamed = []
    for kind, name, text in document.scripts:
        if len(text) > LARGEST or "ld+json" in kind:
            continue
        if "__next_f" in text and "json" not in kind:
            streamed.append(text)
            continue
        said = _loaded(_body(kind, text))
        if said is not None:
            yield State(said, text, f"script#{name}" if name else "script")
    if streamed:
        text = "\n".join(streamed)
        yield from (State(said, text, "script", is_escaped=True) for said in _rows(streamed))
    yield from _islands(document)


def _body(kind: str, text: str) -> str:
    body = text.strip()
    if "json" in kind:
        return body
    start = _INLINE.match(body)
    return body[start.end() :].rstrip().rstrip(";") if start else ""


def _loaded(text: str) -> Json:
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda _: None)
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _rows(scripts: list[str]) -> Iterator[Json]:
    """The rows of what a React server streams into a page in pieces: `5:["$","div",null,{…}]`."""
    pieces = []
    for script in scripts[:MOST_PIECES]:
        found = _PUSH.search(script)
        pushed = _loaded(found.group(1)) if found else None
        if isinstance(pushed, list) and len(pushed) == 2 and isinstance(pushed[1], str):
            pieces.append(pushed[1])
    for row in "".join(pieces).split("\n"):
        start = _ROW.match(row)
        said = _loaded(row[start.end() :]) if start else None
        if said is not None:
            yield said


def _islands(document: Document) -> Iterator[State]:
    """The properties of parts that a script brings to life (astro-island props, data-props …)."""
    for node in islice((tag for tag in document.tags if not _HOLDING.isdisjoint(tag.attrs)), 200):
        for key in _HOLDERS:
            text = str(node.get(key) or "").strip()
            said = _loaded(text) if len(text) <= LARGEST else None
            if said is not None:
                yield State(_plain(said) if node.name == "astro-island" else said, text, f"{node.name}[{key}]")


def _plain(said: Json, depth: int = 0) -> Json:
    """Astro's properties without the kind that it writes before each value: `[0, "Pro"]`, `[1, [[0, 1], [0, 2]]]`."""
    if depth > 100:
        return None
    if isinstance(said, list) and len(said) == 2 and isinstance(said[0], Decimal) and 0 <= said[0] <= 11:
        return _plain(said[1], depth + 1)
    if isinstance(said, list):
        return [_plain(value, depth + 1) for value in said]
    if isinstance(said, dict):
        return {key: _plain(value, depth + 1) for key, value in said.items()}
    return said
