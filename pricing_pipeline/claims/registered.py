"""What the vendor files tell of names and licences to those who judge text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pricing_pipeline.claims.knowledge import Named, Sourced
from pricing_pipeline.registry.vendors import Registry

_LICENCE = frozenset({"licence", "license"})


def named(registry: Registry) -> tuple[Named, ...]:
    """How every registered product and its vendor are called."""
    return tuple(
        Named(
            vendor=vendor.slug,
            product=product.slug,
            vendor_name=vendor.name,
            product_name=product.name,
            aliases=product.aliases,
            plan_aliases=product.plan_aliases,
        )
        for vendor in registry.vendors
        for product in vendor.products
    )


def renamed(known: Iterable[Named], registry: Registry) -> tuple[Named, ...]:
    """What is known, with its names as the vendor files give them, and behind it what they alone know."""
    registered = {one.key: one for one in named(registry)}
    vendors = {vendor.slug: vendor.name for vendor in registry.vendors}
    found = [
        registered.get(one.key) or replace(one, vendor_name=vendors.get(one.vendor, one.vendor_name)) for one in known
    ]
    held = {one.key for one in found}
    return (*found, *(one for key, one in registered.items() if key not in held))


def other_names(registry: Registry) -> dict[str, str]:
    """What people may write for a product or plan in a placeholder, by their other names, and what it is."""
    found: dict[str, str] = {}
    for product in registry.products:
        found.update({_slug(alias): product.slug for alias in product.aliases})
        for plan, aliases in product.plan_aliases:
            found.update({f"{product.slug}.{_slug(alias)}": f"{product.slug}.{plan}" for alias in aliases})
    return found


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def licences(registry: Registry) -> dict[str, Sourced]:
    """What the vendor files say of each vendor's licence, with the page that says so."""
    return {
        vendor.slug: Sourced(text=fact.text, url=fact.source)
        for vendor in registry.vendors
        for fact in vendor.facts
        if fact.topic in _LICENCE
    }
