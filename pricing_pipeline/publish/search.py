"""What the search box of the site looks through: vendors, products, plans and comparisons, each with its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import plan_id
from pricing_pipeline.publish.places import home
from pricing_pipeline.publish.shelf import Shelf

Found = tuple[str, str, str]
"""A name, what it is, and the page (with its place) that tells of it."""


def search_index(shelf: Shelf, comparisons: Iterable[Mapping[str, Any]]) -> list[Found]:
    """Every name that a reader may look for: comparisons first, then vendors with their products and plans."""
    return [(str(one["title"]), "Comparison", str(one["href"])) for one in comparisons] + list(_of_vendors(shelf))


def _of_vendors(shelf: Shelf) -> Iterator[Found]:
    for vendor, products in shelf.products_of.items():
        name = shelf.names.vendor(vendor)
        yield name, "Vendor", f"vendors/{vendor}.html"
        for product in products:
            called, page = shelf.names.product(product), home(shelf, product)
            if called != name:
                yield called, f"Product of {name}", f"{page}#product-{product}"
            for plan in shelf.plans.get(product, ()):
                yield f"{called} {phrases.line(plan.plan.name, 60)}", "Plan", f"{page}#{plan_id(plan)}"
