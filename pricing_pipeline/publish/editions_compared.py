"""What changed between two editions, in words: figures, pages with what moved on each, problems."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pricing_pipeline.publish import folder, phrases
from pricing_pipeline.registry.workloads import OWN

_FIGURE = re.compile(rb"\b[tprcw]-[0-9a-f]{12}\b")
# What moves with every check although nothing was found: days and times.
_DATES = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}-\d\d-\d\dT?[\d:]*Z?|\d\d:\d\d(?: UTC)?")
_UNDATED = re.compile(_DATES.pattern.encode())
_QUIET = frozenset({"script", "style", "template"})
_PERIOD = re.compile(r" (?:month|year|quarter|week|day|[0-9]+ months)$")
_BLOCKS_NAMES = (
    "p h1 h2 h3 h4 h5 h6 li dt dd tr td th div section article main nav header footer table caption summary details "
    "title button option figcaption br"
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
# What our pages show apart from the words before it, with no white space between.
_APART = frozenset({"small", "q"})
_DOCUMENTS = ("plans", "terms", "ratings", "costs", "cheapest")
FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """One figure that differs: None where it is not in that edition."""

    id: str
    label: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.label}: new: {self.after}"
        if self.after is None:
            return f"{self.label}: gone (was {self.before})"
        return f"{self.label}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """A page that both editions have and that reads otherwise: its figures that moved, and lines of text gone and new.

    A page on which only days and times moved has none of them.
    """

    path: str
    figures: tuple[FigureChange, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def is_dates_only(self) -> bool:
        """Whether nothing moved but when things were checked."""
        return not (self.figures or self.gone or self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How one edition differs from an earlier one. `recorded` are the verdicts of the changes that it tells for the first
    time, `files` the other files that were added, removed or changed."""

    before: str
    after: str
    figures: tuple[FigureChange, ...]
    recorded: tuple[str, ...]
    pages_added: tuple[str, ...]
    pages_removed: tuple[str, ...]
    pages: tuple[PageChange, ...]
    files: tuple[str, ...]
    problems_new: tuple[str, ...]
    problems_gone: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether a reader would see no difference but dates."""
        moved = (
            self.figures,
            self.recorded,
            self.pages_added,
            self.pages_removed,
            self.problems_new,
            self.problems_gone,
        )
        return not any(moved) and all(page.is_dates_only for page in self.pages)

    @property
    def summary(self) -> str:
        """The difference in one line."""
        counts = (
            (len(self.figures), "figure", "changed"),
            (len(self.pages_added), "page", "added"),
            (len(self.pages_removed), "page", "removed"),
            (sum(not page.is_dates_only for page in self.pages), "page", "changed"),
            (len(self.problems_new), "new problem", ""),
            (len(self.problems_gone), "problem", "solved"),
        )
        said = [f"{count} {noun}{'s' * (count != 1)} {verb}".strip() for count, noun, verb in counts if count]
        return ", ".join(said) or "nothing but dates of checking"


def compare(before: Path | None, after: Path, *, read_pages: bool = True) -> Comparison:
    """How the edition in one folder differs from that in another; from nothing, where there is none before.

    Without `read_pages` it is not told what moved on which page, which takes the longest by far.
    """
    old = _Edition(before)
    new = _Edition(after)
    figures = tuple(_paired(list(_figures(old, new))))
    shared = [path for path in new.pages if read_pages and path in old.pages and new.files[path] != old.files[path]]
    return Comparison(
        before=old.name,
        after=new.name,
        figures=figures,
        recorded=tuple(_verdict(row) for row in new.rows("changes") if row.get("id") not in old.ids("changes")),
        pages_added=tuple(path for path in new.pages if path not in old.files),
        pages_removed=tuple(path for path in old.pages if path not in new.files),
        pages=tuple(_page(old.page(path), new.page(path), path, figures) for path in shared),
        files=tuple(sorted(_moved(old.files, new.files))),
        problems_new=tuple(one for one in new.problems if one not in old.problems),
        problems_gone=tuple(one for one in old.problems if one not in new.problems),
    )


def in_words(found: Comparison, *, every: bool = False) -> Iterator[str]:
    """A comparison as lines for a person; long lists are cut short unless `every` is asked for."""
    yield f"{found.before or 'nothing'} → {found.after}: {found.summary}"
    limit = None if every else FEW * 4
    yield from _part("Figures", [str(one) for one in found.figures], limit)
    yield from _part("Changes told for the first time", found.recorded, limit)
    yield from _part("Pages added", found.pages_added, limit)
    yield from _part("Pages removed", found.pages_removed, limit)
    told = [page for page in found.pages if not page.is_dates_only]
    if told:
        yield "Pages changed:"
    for page in told:
        yield f"  {page.path}"
        yield from (f"    {line}" for line in _page_lines(page, every=every))
    quiet = len(found.pages) - len(told)
    if quiet:
        yield f"On {quiet} other {'page' if quiet == 1 else 'pages'} only dates of checking moved."
    yield from _part("New problems", found.problems_new, None)
    yield from _part("Problems solved", found.problems_gone, None)


def _page_lines(page: PageChange, *, every: bool) -> Iterator[str]:
    limit = None if every else FEW
    for sign, lines in (("figure:", [str(one) for one in page.figures]), ("-", page.gone), ("+", page.new)):
        yield from (f"{sign} {line}" for line in lines[:limit])
        if limit is not None and len(lines) > limit:
            yield f"{sign} … and {len(lines) - limit} more"


def _part(heading: str, lines: Sequence[str], limit: int | None) -> Iterator[str]:
    if not lines:
        return
    yield f"{heading}:"
    yield from (f"  {line}" for line in lines[:limit])
    if limit is not None and len(lines) > limit:
        yield f"  … and {len(lines) - limit} more"


class _Edition:
    """An edition's folder, read as it is needed."""

    def __init__(self, path: Path | None) -> None:
        manifest = (folder.manifest_of(path) if path is not None else None) or {}
        self._path = path
        self.name: str = str(manifest.get("edition", ""))
        self.files: Mapping[str, str | None] = manifest.get("files", {})
        self.problems: tuple[str, ...] = tuple(manifest.get("problems", ()))
        self.pages = [path for path in self.files if path.endswith(".html")]
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a document; none where this edition has no such document."""
        if name not in self._rows:
            path = f"v1/{name}.json"
            document = json.loads(self.page(path)) if path in self.files else {}
            self._rows[name] = [row for row in document.get(name, ()) if isinstance(row, dict)]
        return self._rows[name]

    def ids(self, name: str) -> set[Any]:
        """The ids of a document's rows."""
        return {row.get("id") for row in self.rows(name)}

    def page(self, path: str) -> bytes:
        """A file's bytes; none where somebody took it away."""
        try:
            return (self._path / path).read_bytes() if self._path is not None else b""
        except FileNotFoundError:
            return b""


def _figures(old: _Edition, new: _Edition) -> Iterator[FigureChange]:
    for name in _DOCUMENTS:
        before = {row["id"]: row for row in old.rows(name) if "id" in row}
        after = {row["id"]: row for row in new.rows(name) if "id" in row}
        for figure in dict.fromkeys([*before, *after]):
            was, now = before.get(figure), after.get(figure)
            said = (_said(was), _said(now))
            if said[0] != said[1] and not _is_passing(now or was or {}, said):
                yield FigureChange(id=figure, label=_label(name, now or was or {}), before=said[0], after=said[1])


def _is_passing(row: Mapping[str, Any], said: tuple[str | None, str | None]) -> bool:
    """Whether a cost comes or goes only because its workload does, which is made of a plan's allowance."""
    return None in said and str(row.get("workload", "")).startswith(OWN)


def _paired(found: list[FigureChange]) -> Iterator[FigureChange]:
    """What is gone and what is new of the same plan and meter are one change, as when a month's credits end."""
    gone: dict[str, list[FigureChange]] = defaultdict(list)
    new: dict[str, list[FigureChange]] = defaultdict(list)
    for one in found:
        if one.after is None:
            gone[_meter(one)].append(one)
        elif one.before is None:
            new[_meter(one)].append(one)
    for one in found:
        pair = (gone[_meter(one)], new[_meter(one)])
        if one.id.startswith("t-") and len(pair[0]) == len(pair[1]) == 1 and one in (*pair[0], *pair[1]):
            if one is pair[1][0]:
                yield replace(one, before=pair[0][0].before)
        else:
            yield one


def _meter(one: FigureChange) -> str:
    """What a figure is of, without for how long."""
    return _PERIOD.sub("", one.label)


def _said(row: Mapping[str, Any] | None) -> str | None:
    if row is None:
        return None
    return phrases.line(str(row.get("text"))) + (" (change pending)" if row.get("pending") else "")


def _label(document: str, row: Mapping[str, Any]) -> str:
    plan = f"{row.get('product')}.{row.get('plan')}" if row.get("plan") else str(row.get("product"))
    if document == "terms":
        words = (row.get("term"), row.get("metric"), row.get("billing_period"))
        return f"{plan}: {' '.join(str(word).replace('_', ' ') for word in words if word)}"
    if document == "ratings":
        return f"{plan}: rating at {row.get('publisher')}"
    if document == "cheapest":
        sold = " against ".join(str(one.get("product")) for one in row.get("products", ()))
        besides = ", ".join(f"{used} {metric}" for metric, used in row.get("besides", {}).items())
        return f"{sold}: cheapest by {row.get('metric')}" + (f" with {besides}" if besides else "")
    return f"{plan} at {row.get('workload')}" if document == "costs" else f"{plan}: the plan"


def _verdict(row: Mapping[str, Any]) -> str:
    return f"{row.get('product')}: {phrases.line(str(row.get('verdict')))}"


def _moved(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> Iterator[str]:
    for path in {*old, *new}:
        if not path.endswith(".html") and (path not in old or path not in new or old[path] != new[path]):
            yield path


def _page(old: bytes, new: bytes, path: str, figures: Sequence[FigureChange]) -> PageChange:
    if _UNDATED.sub(b"", old) == _UNDATED.sub(b"", new):
        return PageChange(path=path, figures=(), gone=(), new=())
    shown = {one.decode() for one in {*_FIGURE.findall(old), *_FIGURE.findall(new)}}
    was, now = Counter(_lines(old)), Counter(_lines(new))
    return PageChange(
        path=path,
        figures=tuple(one for one in figures if one.id in shown),
        gone=tuple((was - now).elements()),
        new=tuple((now - was).elements()),
    )


def _lines(page: bytes) -> Iterable[str]:
    reader = _Words()
    reader.feed(page.decode("utf-8", "replace"))
    reader.close()
    return [_DATES.sub("…", line) for line in reader.lines]


class _Words(HTMLParser):
    """The words of a page of ours, one block a line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._words: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        self._quiet += tag in _QUIET
        self._end_line(tag)

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in _QUIET
        self._end_line(tag)

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._end_line("p")

    def _end_line(self, tag: str) -> None:
        if tag in _APART:
            self._words.append(" ")
        if tag in _BLOCKS:
            line = phrases.line("".join(self._words))
            self.lines += [line] if line else []
            self._words.clear()
