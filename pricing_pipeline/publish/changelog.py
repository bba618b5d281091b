"""Where every change is told: the newest on the change log and on their vendors' pages, all of them by month and vendor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pricing_pipeline.publish import parts
from pricing_pipeline.publish.cells import change_anchor
from pricing_pipeline.publish.phrases import month
from pricing_pipeline.publish.places import home
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.told import View, change_view, change_weight
from pricing_pipeline.results import Change

# What the change log itself shows, and a product's part of its vendor's page.
_NEWEST, _OF_PRODUCT = 50_000, 9_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of older changes: `title` says of when or whose, `part` which of `parts` it is."""

    path: str
    title: str
    part: int
    parts: int
    changes: tuple[View, ...]


class ChangeLog:
    """The changes of a shelf, laid out. Where the change log and the vendors' pages hold all, there are no sheets."""

    def __init__(self, shelf: Shelf) -> None:
        """Lay them out once."""
        told = shelf.told(shelf.vendor_of)
        self.newest = tuple(parts.first(_views(shelf, told), change_weight, _NEWEST))
        self.older = len(told) - len(self.newest)
        self.months: tuple[Sheet, ...] = tuple(_months(shelf, told)) if self.older else ()
        self.of_product: Mapping[str, tuple[View, ...]] = {
            product: tuple(parts.first(_views(shelf, shelf.told([product])), change_weight, _OF_PRODUCT))
            for product in shelf.vendor_of
        }
        self.of_merged: Mapping[str, tuple[View, ...]] = {
            product: tuple(parts.first(_views(shelf, shelf.told(merged)), change_weight, _OF_PRODUCT))
            for product in shelf.vendor_of
            if (merged := shelf.taken_in([product]))
        }
        self.of_vendor: Mapping[str, tuple[Sheet, ...]] = {
            vendor: tuple(_of_vendor(shelf, vendor, products))
            for vendor, products in shelf.products_of.items()
            if any(len(shelf.told([one])) > len(self.of_product[one]) for one in products)
        }
        self._pages = {one["id"]: home(shelf, product) for product, shown in self.of_product.items() for one in shown}
        for sheets in self.of_vendor.values():
            for sheet in sheets:
                for one in sheet.changes:
                    self._pages.setdefault(one["id"], sheet.path)

    @property
    def sheets(self) -> Iterable[Sheet]:
        """Every page of older changes."""
        return (*self.months, *(sheet for sheets in self.of_vendor.values() for sheet in sheets))

    def page_of(self, change: Change) -> str:
        """The page on which a change stands, with its place there."""
        anchor = change_anchor(change)
        return f"{self._pages[anchor]}#{anchor}"


def change_log(shelf: Shelf) -> ChangeLog:
    """The change log of a shelf, laid out once."""
    return shelf.kept(("change log",), lambda: ChangeLog(shelf))


def _views(shelf: Shelf, changes: Iterable[Change]) -> list[View]:
    return [change_view(shelf, change) for change in changes]


def _months(shelf: Shelf, told: Sequence[Change]) -> Iterable[Sheet]:
    """A month's changes, the newest month first."""
    for key, changes in groupby(told, key=lambda change: change.observed_at.strftime("%Y-%m")):
        yield from _sheets(f"changes/{key}", month(key), _views(shelf, changes))


def _of_vendor(shelf: Shelf, vendor: str, products: Sequence[str]) -> Iterable[Sheet]:
    yield from _sheets(f"history/{vendor}", shelf.names.vendor(vendor), _views(shelf, shelf.told(products)))


def _sheets(stem: str, title: str, views: Sequence[View]) -> Iterable[Sheet]:
    """Changes in parts that are numbered from the oldest, so that a part that is full stays as it is; the newest part
    first."""
    cut = parts.cut(reversed(views), change_weight)
    named = list(parts.names(stem, len(cut)))
    for place in reversed(range(len(cut))):
        changes = tuple(reversed(cut[place]))
        yield Sheet(path=named[place], title=title, part=place + 1, parts=len(cut), changes=changes)
