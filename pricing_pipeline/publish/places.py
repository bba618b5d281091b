"""Where on the site a product is told of in full: on its vendor's page, or on its own where that would grow too heavy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.told import change_weight

if TYPE_CHECKING:
    from pricing_pipeline.publish.pages import Comparing

# About how many bytes stand on a product's page for each figure's evidence, each sum, each stretch of history, and for
# everything that it has in any case.
_ENTRY, _SUM, _STRETCH, _ANYWAY = 280, 380, 150, 24_000
# Products of one vendor share a page up to this.
_SHARED = 80_000
# The same for a comparison: its frame, each cell of a table, each chart, each stretch that one draws and tells.
_PAGE, _CELL, _CHART, _DRAWN = 14_000, 105, 900, 190


def home(shelf: Shelf, product: str) -> str:
    """The page that holds a product's tables, and the evidence of its figures with their places."""
    return shelf.once(_home, product)


def has_own_pages(shelf: Shelf, vendor: str) -> bool:
    """Whether the products of a vendor have a page each."""
    products = shelf.products_of.get(vendor, [])
    return len(products) > 1 and sum(shelf.once(weight, product) for product in products) > _SHARED


def _home(shelf: Shelf, product: str) -> str:
    vendor = shelf.vendor_of[product]
    return f"products/{product}.html" if has_own_pages(shelf, vendor) else f"vendors/{vendor}.html"


def weight(shelf: Shelf, product: str) -> int:
    """About how many bytes a product takes on a page."""
    figures = sum(len(rows.get(product, ())) for rows in (shelf.plans, shelf.terms, shelf.ratings))
    stretches = len(shelf.history.get(product, ())) + len(shelf.cost_history.get(product, ()))
    return _ANYWAY + _ENTRY * figures + _SUM * len(shelf.costs.get(product, ())) + _STRETCH * min(stretches, 300)


def comparison_weight(comparing: Comparing, view: Mapping[str, Any], structured: str) -> int:
    """About how many bytes a comparison takes with everything on its own page."""
    cells = sum(len(table.rows) * (len(table.columns) + 1) for table in comparing.tables)
    text = sum(len(piece.text) + 30 for pieces in comparing.editorial.filled.values() for piece in pieces)
    drawn = [chart for one in (*view["charts"], view["cost_charts"]) for chart in one.moved]
    stretches = sum(len(line.stretches) for chart in drawn for line in chart.lines)
    told = sum(change_weight(one) for one in view["changes"])
    return (
        _PAGE + _CELL * cells + text + _ENTRY * len(view["evidence"]) + _SUM * len(view["sums"]) + len(structured)
        + len(view["calculator"] or "") + _CHART * len(drawn) + _DRAWN * stretches + told + _SUM * len(view["computed"])
    )  # fmt: skip


_TO_A_FIGURE = re.compile(rb'href="#([a-z]-[0-9a-f]{12})"')


def leading(page: bytes, elsewhere: Mapping[str, str], *, root: str) -> bytes:
    """A page whose links to figures lead to the pages that hold their evidence."""

    def led(link: re.Match[bytes]) -> bytes:
        path = elsewhere.get(link[1].decode())
        return link[0] if path is None else f'href="{root}{path}#{link[1].decode()}"'.encode()

    return _TO_A_FIGURE.sub(led, page)


class Room:
    """How much of a page is left for parts that are as well told elsewhere."""

    def __init__(self, most: int) -> None:
        """Begin with so many bytes."""
        self._left = most

    def takes(self, part: str) -> bool:
        """Whether a part still fits; if so, its room is taken."""
        fits = len(part) <= self._left
        self._left -= len(part) if fits else 0
        return fits
