"""What one edition is made of, and how to tell that it would be made again as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.claims.knowledge import Price
from pricing_pipeline.publish.calculator import Tariffs
from pricing_pipeline.publish.captured_pages import Captures
from pricing_pipeline.publish.days import by_day, stale_sources
from pricing_pipeline.publish.scales import Weigh
from pricing_pipeline.publish.shelf import settled
from pricing_pipeline.publish.standing import OF_WHAT_STANDS
from pricing_pipeline.registry.comparisons import ComparisonFile
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.results import PublishedRange

WriteReports = Callable[[Path, Sequence[PublishedRange]], None]
"""Writes the database at a path, with what the edition says of which plan is the cheapest from how much use on."""

_HERE = Path(__file__).resolve().parent
# What decides how the same facts look: a change of it makes a new edition of unchanged facts.
_CODE = (
    _HERE,
    _HERE.parent / "claims",
    _HERE.parent / "costs",
    _HERE.parent / "extract" / "decoding.py",
    *_HERE.parent.glob("*.py"),
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one edition is made of. `publish` says what each is for."""

    catalog: Catalog
    comparisons: Sequence[ComparisonFile]
    unreadable: Sequence[str]
    registry: Registry
    write_reports: WriteReports | None
    title: str
    price: Price | None
    tariffs: Tariffs | None = None
    weigh: Weigh | None = None
    captures: Captures | None = None
    write_parquet: Callable[[Path, Path], None] | None = None
    written_by: str = ""
    site_url: str | None = None

    @cached_property
    def shown(self) -> Catalog:
        """The catalog as pages tell it."""
        return by_day(settled(self.catalog))

    @cached_property
    def stale(self) -> frozenset[str]:
        """The sources that pages mark as unconfirmed for too long."""
        return stale_sources(self.catalog)

    @cached_property
    def program(self) -> str:
        """The code that tells facts and renders pages, as a SHA-256."""
        sha = hashlib.sha256(version("lxml").encode())
        for path in _code():
            sha.update(path.name.encode() + b"\0" + path.read_bytes())
        return sha.hexdigest()

    @cached_property
    def facts(self) -> str:
        """All that pages and data tell of facts, names and days, and the program, as a SHA-256: the pages of vendors
        depend on nothing else, and those of a comparison on its file besides."""
        around = None if self.captures is None else (self.captures.around,)
        arithmetic = [one is not None for one in (self.price, self.tariffs, self.weigh)]
        told = (self.program, self.title, self.site_url, self.written_by, sorted(self.stale), around, arithmetic)
        sha = hashlib.sha256(repr((told, self.registry)).encode())
        for row in _rows(replace(self.shown, checks=())):
            sha.update(repr(row).encode())
        return sha.hexdigest()

    @cached_property
    def pages(self) -> str:
        """The same with the texts of comparisons, and what the last checks said."""
        checks = [(one.suite, one.check, one.status) for one in self.catalog.checks if one.suite in OF_WHAT_STANDS]
        texts = [text(file) for file in self.comparisons]
        return hashlib.sha256(repr((self.facts, checks, texts, sorted(self.unreadable))).encode()).hexdigest()

    @cached_property
    def inputs(self) -> str:
        """The same, with the moments at which sources were checked and confirmed."""
        return inputs_of(self.pages, self.catalog)


def inputs_of(pages: str, catalog: Catalog) -> str:
    """What a fingerprint of pages comes to with the moments of a catalog, as a SHA-256."""
    return hashlib.sha256(f"{pages}\n{catalog.as_of}\n{catalog.states!r}".encode()).hexdigest()


def text(file: ComparisonFile) -> str:
    """What a comparison's file says, and on which lines, as a SHA-256."""
    lines = sorted(file.lines.items(), key=repr)
    return hashlib.sha256(f"{file.slug}\n{file.content.model_dump_json()}\n{lines!r}".encode()).hexdigest()


def _rows(catalog: Catalog) -> Iterator[object]:
    """Everything in a catalog a row at a time: as one text, that of a thousand vendors takes as much room as all its rows."""
    for field in fields(catalog):
        value = getattr(catalog, field.name)
        rows = value if isinstance(value, tuple) else (value,)
        yield field.name, len(rows)
        yield from rows


def _code() -> list[Path]:
    """The files that decide how facts look, in a fixed order."""
    found = [path for place in _CODE for path in ([place] if place.is_file() else place.rglob("*"))]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
