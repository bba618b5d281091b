"""The pages of an edition as they are looked at once it stands: where their links lead, and how their figures read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pricing_pipeline.publish.readback import Data, of_structured

if TYPE_CHECKING:
    from lxml.etree import _Element


class Pages:
    """Every page of an edition, for its links and its figures. A page that is not there has neither."""

    def __init__(self, edition: Path, names: Iterable[str]) -> None:
        """Read the pages of these names."""
        self._edition = edition
        self._pages = {name: _Page.read(edition / name) for name in names}
        self._known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._pages

    def broken(self, name: str) -> int:
        """How many links of a page lead to no file of the edition, or to no place on it; the web is not asked."""
        folder = name.rpartition("/")[0]
        return sum(not self._leads(name, folder, link) for link in self._pages[name].links)

    def differing(self, name: str, figures: Data) -> int:
        """How many figures of a page read otherwise than those of the data."""
        return sum(figures.differs(*one) for one in self._pages[name].figures)

    def _leads(self, name: str, folder: str, link: str) -> bool:
        path, _, place = link.partition("#")
        target = _target(folder, path) if path else name
        if target is None:
            return urlsplit(link).scheme in ("http", "https")
        if not self._is_there(target):
            return False
        return not place or target not in self._pages or unquote(place) in self._pages[target].ids

    def _is_there(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = (self._edition / name).is_file()
        return self._known[name]


@dataclass(frozen=True, slots=True)
class _Page:
    """The links, the places and the figures (id, text and number) of a page, those for machines among them."""

    links: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()
    figures: tuple[tuple[str, str | None, Decimal | None], ...] = ()

    @classmethod
    def read(cls, path: Path) -> _Page:
        try:
            root = _root(path.read_bytes())
        except FileNotFoundError:
            return cls()
        figures: list[tuple[str, str | None, Decimal | None]] = [
            (_figure(tag), "".join(map(str, tag.itertext())), None) for tag in root.iterfind(".//*[@data-figure]")
        ]
        for tag in root.iterfind(".//script[@type='application/ld+json']"):
            figures += [(charge, None, price) for charge, price in of_structured(tag.text or "")]
        return cls(_values(root, "//@href|//@src"), frozenset(_values(root, "//@id")), tuple(figures))


@lru_cache(maxsize=50_000)
def _target(folder: str, link: str) -> str | None:
    """The path in the edition that a link of a page in a folder leads to; None where it leads out into the web."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    steps: list[str] = []
    for step in f"{folder}/{unquote(parts.path)}".split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _root(page: bytes) -> _Element:
    from lxml import etree

    return etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))


def _values(root: _Element, path: str) -> tuple[str, ...]:
    """What an XPath of attributes gives, as plain text."""
    from lxml import etree

    found: Any = etree.XPath(path, smart_strings=False)(root)
    return tuple(found)


def _figure(tag: _Element) -> str:
    """The figure that a marked tag shows: the one that it leads to, else the entry that it stands in."""
    if link := tag.get("href"):
        return link.partition("#")[2]
    return next((str(outer.get("id")) for outer in tag.iterancestors() if outer.get("id")), "")
