"""One YAML file as plain values and their lines: YAML 1.2 (`NO` is Norway), no tags, anchors, aliases, double keys."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

# PyYAML's C parser is 13 times as fast as ruamel.yaml; only its events are used, what words mean is decided here.
import yaml  # type: ignore[import-untyped]  # no stubs are installed for it

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_PROBLEMS = 50
MAX_MESSAGE = 500

Place = tuple[str | int, ...]

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Line breaks and tabs are layout; everything else of Unicode's "Cc" and "Cs" is an accident or an attack.
_LAYOUT = "\n\t"


@dataclass(slots=True)
class Document:
    """What one file holds: nothing but text, numbers, booleans, None, lists and mappings.

    `lines` gives the line at which the value at a place begins, `key_lines` the line of its key. Where `problems` is
    not empty, `value` is what could be read in spite of them, or None.
    """

    path: Path
    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    key_lines: dict[Place, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The file as one would type it from here."""
        return shown(self.path)

    def line(self, place: Place) -> int:
        """The line of a value, else of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def report(self, line: int, message: str) -> None:
        """Add a problem, as one line in the form that editors can jump to; beyond the first few dozen only a hint."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{self.shown}:{line}: {printable(message)[:MAX_MESSAGE]}")
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(f"{self.shown}:{line}: and more from here on; mend those above first")


def shown(path: Path) -> str:
    """A path relative to the working directory where it is below it, else as it is."""
    try:
        return printable(str(path.relative_to(Path.cwd())))
    except ValueError:
        return printable(str(path))


def printable(text: str) -> str:
    """The text with line breaks, escapes and other marks that a terminal would act on written out."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def read_document(path: Path) -> Document:
    """What a file holds; whatever is wrong with it ends in `problems`, never in an exception."""
    document = Document(path)
    text = read_text(document)
    if text is None:
        return document
    try:
        _build(document, yaml.parse(text, Loader=_PARSER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else text.count("\n", 0, max(getattr(error, "position", 0), 0)) + 1
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        document.value = None
        document.report(line, f"not YAML: {said}; check indentation, quotes and colons here and in the line before")
    except _RefusedError as error:
        document.value = None
        document.report(error.line, error.message)
    return document


class _RefusedError(Exception):
    """Something that makes the rest of a file not worth reading."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def read_text(document: Document) -> str | None:
    """The characters of a document's file; None, with its problems filled, where they cannot be had."""
    path = document.path
    try:
        if path.is_dir():
            document.report(1, "is a folder; put a file of this name in its place")
            return None
        if path.exists() and not path.is_file():
            document.report(1, "is a device or pipe; put a plain file in its place")
            return None
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        document.report(
            1, f"cannot be read ({os.strerror(error.errno or 0)}); check that it exists and its permissions"
        )
        return None
    if len(body) > MAX_BYTES:
        document.report(1, f"is larger than {MAX_BYTES:,} bytes, which no file of this kind needs; split or shorten it")
        return None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        document.report(line, "is not UTF-8 text; save it as UTF-8")
        return None


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `key` is the one whose value comes next."""

    place: Place
    value: list[object] | dict[str, object]
    key: str | None = None
    skipped: bool = False


def _build(document: Document, events: Iterator[yaml.Event]) -> None:
    stack: list[_Open] = []
    documents = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _RefusedError(line, "a second document begins here; keep one to a file (remove the `---`)")
        elif isinstance(event, yaml.AliasEvent):
            raise _RefusedError(line, f"the alias *{event.anchor} is not allowed; write the value out")
        elif isinstance(event, yaml.NodeEvent):
            _refuse_extras(event, line)
            _enter(document, stack, event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    if document.value is None and not document.problems:
        document.report(1, "is empty; see the shipped files for what belongs here")


def _refuse_extras(event: yaml.NodeEvent, line: int) -> None:
    if event.anchor is not None:
        raise _RefusedError(line, f"the anchor &{event.anchor} is not allowed; remove it and write values out")
    # In PyYAML's events `!` alone stands for a quoted scalar's implicit tag.
    tag = getattr(event, "tag", None)
    if tag is not None and tag != "!":
        raise _RefusedError(line, f"the tag {tag} is not allowed; remove it")


def _enter(document: Document, stack: list[_Open], event: yaml.NodeEvent, line: int) -> None:
    """Take in one scalar, or the beginning of a list or mapping."""
    if isinstance(event, yaml.ScalarEvent):
        if stack and isinstance(stack[-1].value, dict) and stack[-1].key is None:
            _take_key(document, stack[-1], event, line)
        else:
            _put(document, stack, _scalar(document, event, line), line)
        return
    if len(stack) >= MAX_DEPTH:
        raise _RefusedError(line, f"lists and mappings are nested more than {MAX_DEPTH} deep; write it flatter")
    if stack and isinstance(stack[-1].value, dict) and stack[-1].key is None:
        raise _RefusedError(line, "a key must be a word, not a list or a mapping")
    value: list[object] | dict[str, object] = {} if isinstance(event, yaml.MappingStartEvent) else []
    place = _put(document, stack, value, line)
    stack.append(_Open(place, value))


def _take_key(document: Document, frame: _Open, event: yaml.ScalarEvent, line: int) -> None:
    key = event.value
    place = (*frame.place, key)
    frame.key, frame.skipped = key, False
    if key in frame.value:
        first = document.key_lines[place]
        document.report(line, f"the key `{key}` stands here again (first in line {first}); keep one of them")
        frame.skipped = True
        return
    if problem := unprintable(key):
        document.report(line, f"a key holds {problem}; remove it")
    document.key_lines[place] = line


def _put(document: Document, stack: list[_Open], value: object, line: int) -> Place:
    """Store a value where it belongs, and say where that is."""
    if not stack:
        document.value = value
        document.lines[()] = line
        return ()
    frame = stack[-1]
    if isinstance(frame.value, dict):
        assert frame.key is not None
        place = (*frame.place, frame.key)
        if not frame.skipped:
            frame.value[frame.key] = value
            document.lines[place] = line
        frame.key = None
        return place
    place = (*frame.place, len(frame.value))
    frame.value.append(value)
    document.lines[place] = line
    return place


def _scalar(document: Document, event: yaml.ScalarEvent, line: int) -> object:
    text: str = event.value
    if problem := unprintable(text):
        document.report(line, f"the text holds {problem}; remove it")
    if event.style:
        return text
    return plain(text)


def plain(text: str) -> object:
    """What an unquoted word means in YAML 1.2: null, true and false, whole and decimal numbers, else itself."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def unprintable(text: str) -> str | None:
    """The first mark in a text that no file of this kind should hold, in words, if there is any."""
    if text.isprintable():
        return None
    for character in text:
        if character not in _LAYOUT and unicodedata.category(character) in {"Cc", "Cs"}:
            return f"the control character U+{ord(character):04X}"
        if "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069":
            return f"the direction override U+{ord(character):04X}"
    return None
