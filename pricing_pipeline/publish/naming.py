"""Telling apart products of different vendors that share a slug, before anything is published about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Protocol, TypeVar

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.registry.vendors import Registry


class _Owned(Protocol):
    @property
    def vendor(self) -> str: ...

    @property
    def product(self) -> str: ...


Row = TypeVar("Row", bound=_Owned)
# What a product is called in an edition, by its vendor and slug; those that keep their slug are not in it.
_Names = Mapping[tuple[str, str], str]


def told_apart(catalog: Catalog, registry: Registry) -> tuple[Catalog, Registry]:
    """The same catalog and registry, with `vendor-product` in place of every product slug that several vendors use.

    Pages, files and placeholders name products by slug alone. Slugs that one vendor uses stay as they are.
    """
    names = _names(catalog, registry)
    if not names:
        return catalog, registry
    return _catalog(catalog, names), _registry(registry, names)


def _names(catalog: Catalog, registry: Registry) -> _Names:
    owners: dict[str, set[str]] = defaultdict(set)
    for product in registry.products:
        owners[product.slug].add(product.vendor)
    standing: tuple[_Owned, ...] = (*catalog.plans, *catalog.terms, *catalog.ratings)
    for row in standing:
        owners[row.product].add(row.vendor)
    shared = [(vendor, slug) for slug, vendors in owners.items() if len(vendors) > 1 for vendor in vendors]
    wished = Counter(f"{vendor}-{product}" for vendor, product in shared)
    # No slug has two hyphens in a row, so that name is nobody else's.
    return {
        (vendor, product): f"{vendor}--{product}" if name in owners or wished[name] > 1 else name
        for vendor, product in shared
        for name in (f"{vendor}-{product}",)
    }


def _row(row: Row, names: _Names) -> Row:
    name = names.get((row.vendor, row.product))
    return row if name is None else replace(row, product=name)  # type: ignore[type-var]  # every row is a dataclass


def _rows(rows: Iterable[Row], names: _Names) -> tuple[Row, ...]:
    return tuple(_row(row, names) for row in rows)


def _catalog(catalog: Catalog, names: _Names) -> Catalog:
    held = (replace(one, changes=_rows(one.changes, names)) for one in catalog.held)
    told: dict[str, Any] = {"held": _rows(held, names)}
    for field in fields(catalog):
        rows = getattr(catalog, field.name)
        if field.name not in told and isinstance(rows, tuple) and rows and hasattr(rows[0], "product"):
            told[field.name] = _rows(rows, names)
    return replace(catalog, **told)


def _registry(registry: Registry, names: _Names) -> Registry:
    vendors = []
    for vendor in registry.vendors:
        products = tuple(
            replace(
                product,
                slug=names.get((vendor.slug, product.slug), product.slug),
                sources=_rows(product.sources, names),
            )
            for product in vendor.products
        )
        vendors.append(replace(vendor, products=products))
    return Registry(tuple(vendors))
