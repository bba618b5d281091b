"""Telling apart products of different vendors that share a slug, before anything is published about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, TypeVar

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.registry.vendors import Registry


class _Owned(Protocol):
    @property
    def vendor(self) -> str: ...

    @property
    def product(self) -> str: ...


Row = TypeVar("Row", bound=_Owned)


def told_apart(catalog: Catalog, registry: Registry) -> tuple[Catalog, Registry]:
    """The same catalog and registry, with `vendor-product` in place of every product slug that several vendors use.

    Pages, files and placeholders name products by slug alone. Slugs that one vendor uses stay as they are.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    for product in registry.products:
        owners[product.slug].add(product.vendor)
    standing: tuple[_Owned, ...] = (*catalog.plans, *catalog.terms, *catalog.ratings)
    for row in standing:
        owners[row.product].add(row.vendor)
    shared = frozenset(slug for slug, vendors in owners.items() if len(vendors) > 1)
    if not shared:
        return catalog, registry
    return _catalog(catalog, shared), _registry(registry, shared)


def _name(vendor: str, product: str, shared: frozenset[str]) -> str:
    return f"{vendor}-{product}" if product in shared else product


def _rows(rows: Iterable[Row], shared: frozenset[str]) -> tuple[Row, ...]:
    return tuple(
        replace(row, product=_name(row.vendor, row.product, shared)) if row.product in shared else row  # type: ignore[type-var]  # every row is a dataclass
        for row in rows
    )


def _catalog(catalog: Catalog, shared: frozenset[str]) -> Catalog:
    held = (replace(one, changes=_rows(one.changes, shared)) for one in catalog.held)
    return replace(
        catalog,
        sources=_rows(catalog.sources, shared),
        plans=_rows(catalog.plans, shared),
        terms=_rows(catalog.terms, shared),
        ratings=_rows(catalog.ratings, shared),
        history=_rows(catalog.history, shared),
        changes=_rows(catalog.changes, shared),
        costs=_rows(catalog.costs, shared),
        held=_rows(held, shared),
    )


def _registry(registry: Registry, shared: frozenset[str]) -> Registry:
    vendors = []
    for vendor in registry.vendors:
        products = tuple(
            replace(
                product,
                slug=_name(vendor.slug, product.slug, shared),
                sources=_rows(product.sources, shared),
            )
            for product in vendor.products
        )
        vendors.append(replace(vendor, products=products))
    return Registry(tuple(vendors))
