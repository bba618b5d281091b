"""The pages that list what there is: front page, categories, comparisons, vendors, sources, changes. While they are short
each is one page; what grows with the number of vendors is cut into parts that lead to each other.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pricing_pipeline.publish import parts, phrases
from pricing_pipeline.publish.changelog import Sheet, change_log
from pricing_pipeline.publish.pages import View, source_view
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.told import change_view

Card = Mapping[str, Any]
"""A comparison as lists show it: href, title, summary, verified, held_back, products."""

# The front page holds more than one list: each may take so much of it.
_CARDS, _ROWS = 25_000, 40_000
_LATEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page: where it is, by which template it is made, and what it shows. `here` is the page of the navigation that it
    belongs to."""

    path: str
    template: str
    here: str
    page: View

    @property
    def root(self) -> str:
        """The way to the edition's folder."""
        return "../" * self.path.count("/")


def front(shelf: Shelf, cards: Sequence[Card]) -> Iterator[Listed]:
    """The front page; where the comparisons or the vendors are too many for it, their lists and the categories' pages."""
    categories = list(_categories(shelf))
    shown = parts.first(cards, _card_weight, _CARDS, least=6)
    is_short = sum(map(_row_weight, (row for one in categories for row in one["vendors"]))) <= _ROWS
    page = {
        "comparisons": shown,
        "more": len(cards) - len(shown),
        "categories": categories,
        "apart": not is_short,
        "changes": [change_view(shelf, change) for change in shelf.told(shelf.vendor_of)[:_LATEST]],
    }
    yield Listed(path="index.html", template="index.html.j2", here="index.html", page=page)
    if len(shown) < len(cards):
        ordered = sorted(cards, key=lambda card: (str(card["title"]).casefold(), str(card["href"])))
        yield from _in_parts("comparisons", "comparisons.html.j2", "index.html", ordered, _line_weight)
    if not is_short:
        for category in categories:
            yield from _category(shelf, category, cards)


def _category(shelf: Shelf, category: View, cards: Sequence[Card]) -> Iterator[Listed]:
    """The pages of a category: its vendors, and on the first of them the comparisons of their products."""
    products = {product for row in category["vendors"] for product in shelf.products_of[row["slug"]]}
    own = [card for card in cards if products & set(card["products"])]
    told = parts.first(own, _line_weight, parts.PART // 3)
    about = {
        "name": category["name"],
        "comparisons": told,
        "more": len(own) - len(told),
        "of": len(category["vendors"]),
    }
    stem = f"categories/{category['slug']}"
    most = parts.PART * 2 // 3
    yield from _in_parts(stem, "category.html.j2", "index.html", category["vendors"], _row_weight, about, most)


def vendors(shelf: Shelf) -> Iterator[Listed]:
    """The list of every vendor."""
    rows = [vendor_row(shelf, slug) for slug in shelf.products_of]
    yield from _in_parts("vendors/index", "vendors.html.j2", "vendors/index.html", rows, _row_weight, most=80_000)


def sources(shelf: Shelf) -> Iterator[Listed]:
    """Every source with its state. Where they are many, those that need somebody come first, the others by vendor."""
    views = [source_view(shelf, source) for source in shelf.catalog.sources]
    if sum(map(_source_weight, views)) <= parts.PART:
        yield Listed(path="sources.html", template="sources.html.j2", here="sources.html", page=_sources(views))
        return
    lettered = [
        (letter, list(group))
        for letter, group in groupby(
            sorted(views, key=lambda one: _named(shelf, one)), key=lambda one: _letter(shelf, one)
        )
    ]
    sheets = [
        Listed(path=path, template="sources.html.j2", here="sources.html", page=_sources(part, title=letter.upper()))
        for letter, group in lettered
        for path, part in _named_parts(f"sources/{letter}", group, _source_weight)
    ]
    needing = parts.first([one for one in views if _needs(one)], _source_weight, parts.PART, least=0)
    links = [(one.path, one.page["title"], len(one.page["sources"])) for one in sheets]
    page = _sources(needing, of=len(views), troubled=sum(map(_needs, views)), links=links)
    yield Listed(path="sources.html", template="sources.html.j2", here="sources.html", page=page)
    yield from sheets


def changes(shelf: Shelf) -> Iterator[Listed]:
    """The change log: the newest changes; where there are more, a page for each month, and one for each vendor."""
    log = change_log(shelf)
    page = {"changes": log.newest, "more": log.older, "months": _by_title(log.months)}
    yield Listed(path="changes.html", template="changes.html.j2", here="changes.html", page=page)
    for _, sheets in _by_title(log.sheets):
        paths = [sheet.path for sheet in sorted(sheets, key=lambda sheet: sheet.part)]
        for sheet in sheets:
            page = {"sheet": sheet, "paths": paths}
            yield Listed(path=sheet.path, template="older.html.j2", here="changes.html", page=page)


def vendor_row(shelf: Shelf, slug: str) -> View:
    """A vendor as lists show it."""
    products = shelf.products_of[slug]
    return {
        "slug": slug,
        "name": shelf.names.vendor(slug),
        "products": [shelf.names.product(product) for product in products],
        "plans": sum(len(shelf.plans.get(product, ())) for product in products),
        "verified": shelf.verified(products),
    }


def by_category(shelf: Shelf) -> Iterator[tuple[str, str, list[str]]]:
    """Each category with its name, and its products by name."""
    for slug, sold in _vendors_by_category(shelf):
        products = [product for vendor in sold for product in shelf.products_of[vendor]]
        yield slug, phrases.title(slug), sorted(products, key=shelf.names.product)


def _categories(shelf: Shelf) -> Iterator[View]:
    for slug, sold in _vendors_by_category(shelf):
        yield {"slug": slug, "name": phrases.title(slug), "vendors": [vendor_row(shelf, vendor) for vendor in sold]}


def _vendors_by_category(shelf: Shelf) -> list[tuple[str, list[str]]]:
    """The categories in alphabetical order; vendors without one come last."""
    found: dict[str, list[str]] = {}
    for slug in shelf.products_of:
        entry = shelf.registry.vendor(slug)
        for category in (entry.categories if entry is not None else ()) or ("other",):
            found.setdefault(category, []).append(slug)
    return sorted(found.items(), key=lambda one: (one[0] == "other", one[0]))


def _in_parts(
    stem: str,
    template: str,
    here: str,
    rows: Sequence[Any],
    weigh: parts.Weigh,
    about: Mapping[str, Any] | None = None,
    most: int = parts.PART,
) -> Iterator[Listed]:
    """A list on as many pages as it needs; each leads to all."""
    found = list(_named_parts(stem, rows, weigh, most)) or [(f"{stem}.html", [])]
    for place, (path, part) in enumerate(found, start=1):
        page = {**(about or {}), "rows": part, "part": place, "parts": [path for path, _ in found]}
        yield Listed(path=path, template=template, here=here, page=page)


def _named_parts(
    stem: str, rows: Iterable[Any], weigh: parts.Weigh, most: int = parts.PART
) -> Iterator[tuple[str, list[Any]]]:
    cut = parts.cut(rows, weigh, most)
    yield from zip(parts.names(stem, len(cut)), cut, strict=True)


def _by_title(sheets: Iterable[Sheet]) -> list[tuple[str, list[Sheet]]]:
    """Neighbouring sheets of one title, such as the parts of a month."""
    return [(title, list(group)) for title, group in groupby(sheets, key=lambda sheet: sheet.title)]


def _sources(views: Sequence[View], **about: Any) -> View:
    return {"sources": views, "title": "", "of": len(views), "troubled": 0, "links": [], **about}


def _needs(source: View) -> bool:
    return bool(source["broken"] or source["stale"] or source["held"] or not source["verified"])


def _named(shelf: Shelf, source: View) -> tuple[str, str]:
    return (shelf.names.vendor(source["vendor"]).casefold(), source["id"])


def _letter(shelf: Shelf, source: View) -> str:
    """Under which letter a source is listed; what begins with no Latin one stands together."""
    initial = shelf.names.vendor(source["vendor"])[:1].casefold()
    return initial if initial.isascii() and initial.isalpha() else "0-9"


def _card_weight(card: Card) -> int:
    return 330 + len(html.escape(str(card["title"]))) + len(html.escape(str(card["summary"])))


def _line_weight(card: Card) -> int:
    return 130 + len(html.escape(str(card["title"])))


def _row_weight(row: View) -> int:
    return 260 + len(html.escape("".join((row["name"], *row["products"]))))


def _source_weight(source: View) -> int:
    return 480 + len(html.escape("".join((source["product"], source["name"], source["url"], source["message"]))))
