"""Managed blocks: the stretches of an editor's own file that the program keeps, found between two comments and replaced.

    <!-- pricing-pipeline:begin NAME key=value … -->
    <!-- pricing-pipeline:end NAME -->

Pure text in, text out; what a block shows is decided elsewhere, and so is how files are written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pricing_pipeline.errors import PublishError

_MARKER = re.compile(
    r"<!--[ \t]*pricing-pipeline:(?P<kind>begin|end)[ \t]+(?P<name>[a-z0-9][a-z0-9-]{0,79})"
    r"(?P<rest>(?:[ \t]+[^\r\n]*?)?)[ \t]*-->"
)
_ATTRIBUTE = re.compile(r'[ \t]+(?P<key>[a-z0-9]+)=(?:"(?P<quoted>[^"<>]*)"|(?P<bare>[^\s"<>]+))')
# What was meant for a marker, whatever became of it. Text about markers (`&lt;!--`) is none.
_MEANT = re.compile(r"pricing-pipeline[ \t]*:[ \t]*(?:begin|end)\b", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})", re.MULTILINE)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\r\n]*?(?<!`)\1(?!`)")
_PREFIX = re.compile(r"[ \t>]*")
_END_OF_LINE = re.compile(r"\r\n|\r|\n")
DIGEST = "sha256"
_LENGTH = 16
EXAMPLE = "<!-- pricing-pipeline:begin NAME … -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block: `attributes` say what it shows, `digest` what it held when it was last written (None: never written).

    `inline` blocks begin and end on one line, and hold words; the others hold whole lines, each behind `prefix`.
    `begin` is the span of the begin marker, `body` that of what is replaced.
    """

    name: str
    line: int
    attributes: Mapping[str, str]
    digest: str | None
    inline: bool
    prefix: str
    newline: str
    begin: tuple[int, int]
    body: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """A file's text with its blocks as they ought to be: `moved` are the names of those that were not, `problems` a line
    for each block that was left as it is."""

    text: str
    moved: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = field(default=())


Show = Callable[[Block, str], str]
"""What a block shows, lines parted by a line feed; `where` names file and line. Raises PipelineError."""


def read_blocks(text: str, file: str, *, markdown: bool) -> tuple[Block, ...]:
    """The blocks of a text in their order. In Markdown, what stands in code is no marker.

    Raises PublishError with a line for each marker that is damaged, missing, duplicated or nested.
    """
    reading = _Reading(text, file, _code_of(text) if markdown else ())
    blocks = tuple(reading.blocks())
    if reading.problems:
        raise PublishError("\n".join(reading.problems))
    return blocks


def refreshed(text: str, file: str, show: Show, *, markdown: bool, force: bool = False) -> Refreshed:
    """The text with every block replaced by what it ought to show, and everything else as it was.

    A block that somebody changed by hand, or that holds words and was never written, is left as it is unless `force`.
    Raises PublishError as `read_blocks` does: a file with a damaged marker is not touched at all.
    """
    blocks = read_blocks(text, file, markdown=markdown)
    pieces, moved, problems, done = [], [], [], 0
    for block in blocks:
        where = f"{file}:{block.line}"
        try:
            if not force:
                _refuse_edited(text, block, where)
            begin, body = _written(text, block, show(block, where))
        except PublishError as error:
            problems.append(str(error))
            continue
        if (begin, body) != (_span(text, block.begin), _span(text, block.body)):
            moved.append(block.name)
        pieces += [text[done : block.begin[0]], begin, text[block.begin[1] : block.body[0]], body]
        done = block.body[1]
    pieces.append(text[done:])
    return Refreshed(text="".join(pieces), moved=tuple(moved), problems=tuple(problems), blocks=blocks)


def digest(body: str) -> str:
    """What tells one content of a block from another; the line endings that a tool may turn say nothing."""
    return hashlib.sha256(_END_OF_LINE.sub("\n", body).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _refuse_edited(text: str, block: Block, where: str) -> None:
    held = _span(text, block.body)
    if block.digest is None and held.strip(" \t\r\n>"):
        raise PublishError(
            f"{where}: block {block.name} holds text that was never written by this program: "
            "move it out of the block, or run `pricing-pipeline blocks --force` to replace it"
        )
    if block.digest is not None and block.digest != digest(held):
        raise PublishError(
            f"{where}: block {block.name} was changed by hand: move what you wrote out of the block, "
            "or run `pricing-pipeline blocks --force` to replace it"
        )


def _written(text: str, block: Block, shown: str) -> tuple[str, str]:
    """The begin marker and the body as they ought to be."""
    shown = _inert(shown)
    if block.inline:
        body = " ".join(shown.split())
    else:
        lines = ["", *shown.strip("\n").split("\n"), ""]
        body = "".join((block.prefix + line).rstrip(" \t") + block.newline for line in lines)
    marker = re.sub(rf"[ \t]+{DIGEST}=(\"[^\"]*\"|[^\s\"]+)", "", _span(text, block.begin))
    head = marker.removesuffix("-->").rstrip(" \t")
    return f"{head} {DIGEST}={digest(body)} -->", body


def _inert(shown: str) -> str:
    """Content that cannot be taken for a marker, whatever a page had said."""
    return _MEANT.sub(lambda match: match[0].replace(":", "&#58;"), shown)


def _span(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def _code_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where Markdown shows text as it stands: fenced code, and code in a line."""
    spans: list[tuple[int, int]] = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not text[fence.end() : _line_end(text, fence.end())].strip():
            spans.append((opened.start(), fence.end()))
            opened = None
    if opened is not None:
        spans.append((opened.start(), len(text)))
    spans += [match.span() for match in _CODE.finditer(text) if not _within(match.start(), spans)]
    return tuple(sorted(spans))


def _within(place: int, spans: tuple[tuple[int, int], ...] | list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1


def _line_end(text: str, place: int) -> int:
    found = _END_OF_LINE.search(text, place)
    return found.start() if found else len(text)


class _Reading:
    """One pass over a text: markers in their order, and what is wrong with them."""

    def __init__(self, text: str, file: str, code: tuple[tuple[int, int], ...]) -> None:
        self._text, self._file, self._code = text, file, code
        self.problems: list[str] = []
        self._names: dict[str, int] = {}

    def blocks(self) -> Iterator[Block]:
        """The blocks that are whole; `problems` tells of the others."""
        opened: re.Match[str] | None = None
        for marker in self._markers():
            if marker["kind"] == "begin":
                if opened is not None:
                    self._nested(marker, opened)
                    continue
                opened = marker
            elif opened is None:
                self._tell(
                    marker.start(), f"the end of block {marker['name']} has no begin: add one, or delete this marker"
                )
            elif marker["name"] != opened["name"]:
                began = f"block {opened['name']} of line {self._line(opened.start())}"
                self._tell(
                    marker.start(), f"ends block {marker['name']} where {began} is open: write its end before this"
                )
                opened = None
            else:
                yield from self._block(opened, marker)
                opened = None
        if opened is not None:
            self._tell(
                opened.start(),
                f"block {opened['name']} has no end: write <!-- pricing-pipeline:end {opened['name']} --> after it",
            )

    def _markers(self) -> Iterator[re.Match[str]]:
        whole = [match for match in _MARKER.finditer(self._text) if not _within(match.start(), self._code)]
        spans = [match.span() for match in whole]
        for meant in _MEANT.finditer(self._text):
            is_told = self._text[: meant.start()].rstrip(" \t").endswith("&lt;!--") if "&lt;" in self._text else False
            if not is_told and not _within(meant.start(), spans) and not _within(meant.start(), self._code):
                self._tell(
                    meant.start(),
                    f"a damaged marker: write {EXAMPLE} or <!-- pricing-pipeline:end NAME -->, on one line",
                )
        return iter(whole)

    def _nested(self, inner: re.Match[str], outer: re.Match[str]) -> None:
        began = f"block {outer['name']} of line {self._line(outer.start())}"
        self._tell(
            inner.start(), f"block {inner['name']} begins inside {began}: end that one first; blocks are not nested"
        )

    def _block(self, begin: re.Match[str], end: re.Match[str]) -> Iterator[Block]:
        if end["rest"].strip():
            self._tell(
                end.start(),
                f"the end of block {end['name']} says more than its name: write <!-- pricing-pipeline:end {end['name']} -->",
            )
            return
        name, line = begin["name"], self._line(begin.start())
        if name in self._names:
            self._tell(
                begin.start(),
                f"a second block {name}, the first is in line {self._names[name]}: give it a name of its own",
            )
            return
        self._names[name] = line
        attributes = self._attributes(begin)
        place = self._place(begin, end)
        if attributes is None or place is None:
            return
        inline, prefix, newline, body = place
        stamp = attributes.pop(DIGEST, None)
        yield Block(
            name=name, line=line, attributes=attributes, digest=stamp, inline=inline, prefix=prefix, newline=newline,
            begin=begin.span(), body=body,
        )  # fmt: skip

    def _attributes(self, begin: re.Match[str]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        rest, place = begin["rest"].rstrip(" \t"), 0
        while place < len(rest):
            match = _ATTRIBUTE.match(rest, place)
            if match is None or match["key"] in found:
                fault = "says twice" if match else "cannot be read from"
                self._tell(
                    begin.start(),
                    f"block {begin['name']} {fault} {rest[place:].strip()[:60]!r}: "
                    'write key=value or key="some words", each once',
                )
                return None
            found[match["key"]] = match["quoted"] if match["quoted"] is not None else match["bare"]
            place = match.end()
        return found

    def _place(self, begin: re.Match[str], end: re.Match[str]) -> tuple[bool, str, str, tuple[int, int]] | None:
        """Whether a block stands in a line, what begins its lines and what ends them, and the span of its body."""
        text, after = self._text, _END_OF_LINE.search(self._text, begin.end(), end.start())
        if after is None:
            return True, "", "", (begin.end(), end.start())
        prefix, closing = (
            text[_line_start(text, begin.start()) : begin.start()],
            text[_line_start(text, end.start()) : end.start()],
        )
        stray = (
            not _PREFIX.fullmatch(prefix) or text[begin.end() : after.start()].strip() or not _PREFIX.fullmatch(closing)
        )
        if stray:
            self._tell(
                begin.start(), f"block {begin['name']} holds whole lines: write its two markers on lines of their own"
            )
            return None
        return False, prefix, after.group(), (after.end(), _line_start(text, end.start()))

    def _line(self, place: int) -> int:
        return len(_END_OF_LINE.findall(self._text, 0, place)) + 1

    def _tell(self, place: int, problem: str) -> None:
        self.problems.append(f"{self._file}:{self._line(place)}: {problem}")
