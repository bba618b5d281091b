"""Where the figures of a vendor come from, by column: cell, term, capture, page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pricing_pipeline.catalog import Provenance
from pricing_pipeline.facts import Term
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import rating_id, term_id
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.publish.pages import source_name
from pricing_pipeline.publish.places import home
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import publisher

View = dict[str, Any]


def lineage_view(shelf: Shelf, vendor: str) -> View:
    """The lineage page of a vendor."""
    products = [_product(shelf, product) for product in shelf.products_of.get(vendor, ())]
    return {"vendor": vendor, "name": shelf.names.vendor(vendor), "products": products}


def _product(shelf: Shelf, product: str) -> View:
    names = {row.plan.slug: phrases.line(row.plan.name, 60) for row in shelf.plans.get(product, ())}
    columns: dict[str, list[View]] = {}
    captures: dict[str, Provenance] = {}
    for row in shelf.terms.get(product, ()):
        plan = names.get(row.term.plan or "", row.term.plan or "Every plan")
        captures.setdefault(row.provenance.capture_id, row.provenance)
        cell = _cell(plan, phrases.term(row.term), term_id(row), _key(row.term), row.provenance, captures)
        columns.setdefault(phrases.term_label(row.term), []).append(cell)
    for rating in shelf.ratings.get(product, ()):
        captures.setdefault(rating.provenance.capture_id, rating.provenance)
        name = publisher(rating.rating.publisher or "")
        text = phrases.rating(rating.rating)
        cell = _cell("The product", text, rating_id(rating), "rating", rating.provenance, captures)
        columns.setdefault(f"Rating at {name}", []).append(cell)
    return {
        "slug": product,
        "home": home(shelf, product),
        "name": shelf.names.product(product),
        "columns": list(columns.items()),
        "captures": [
            _capture(shelf, place, one) for place, one in enumerate(captures.values(), start=1) if one.imported is None
        ],
    }


def _cell(
    plan: str, text: str, figure: str, term: str, provenance: Provenance, captures: dict[str, Provenance]
) -> View:
    place = list(captures).index(provenance.capture_id) + 1
    imported = phrases.imported(provenance)
    return {"plan": plan, "text": text, "figure": figure, "term": term, "capture": place, "imported": imported}


def _key(term: Term) -> str:
    """A term's key as data names it: `usage_rate credit`."""
    parts: Iterable[str | None] = (term.term.value, term.metric, term.billing_period, term.commitment)
    return " · ".join(part for part in parts if part)


def _capture(shelf: Shelf, place: int, provenance: Provenance) -> View:
    source = shelf.source.get(provenance.source_id)
    return {
        "place": place,
        "page": "" if source is None else source_name(source),
        "url": safe_url(provenance.url),
        "sha256": provenance.sha256,
        "capture_id": provenance.capture_id,
        "captured_at": provenance.captured_at,
        "verified_at": provenance.verified_at,
    }
