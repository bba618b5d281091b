"""What the cost calculator of a page reckons with: tariffs, nouns, currencies and stops for its sliders, as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from pricing_pipeline.facts import Surface, TermKind
from pricing_pipeline.money import format_amount
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import term_id
from pricing_pipeline.publish.places import home
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import Offer, Workload
from pricing_pipeline.wording import is_fee, noun, text

Tariffs = Callable[..., Sequence[Mapping[str, Any]]]
"""Tells the bills of an offer as data: `costs.tariffs`, handed in by who calls."""

SEAT = "seat"
_KEYS = frozenset({"key", "capkey"})
# So many sliders stand in sight; the metrics that fewer products know are folded away.
_IN_SIGHT = 5
_ONE = Decimal(1)


def metrics_of(shelf: Shelf, product: str) -> frozenset[str]:
    """Every metric that a product mentions, now or before, in what it shows."""
    return shelf.once(_metrics_of, product)


def _metrics_of(shelf: Shelf, product: str) -> frozenset[str]:
    terms = (*(row.term for row in shelf.terms.get(product, ())), *(row.term for row in shelf.history.get(product, ())))
    return frozenset(
        term.metric for term in terms if term.metric and term.evidence.surface is not Surface.INACTIVE_PANE
    )


def document(
    shelf: Shelf, tariffs: Tariffs, products: Sequence[str], *, start: Workload | None = None, root: str = ""
) -> dict[str, Any]:
    """The calculator of some products. `start` is the use that it begins with, `root` leads to the edition's folder."""
    priced = [
        shelf.kept(("calculator", product, root), partial(_product, shelf, tariffs, product, root))
        for product in products
        if shelf.plans.get(product)
    ]
    metrics = _metrics(shelf, [one["product"] for one in priced])
    currencies = _found(priced, "currency")
    return {
        "metrics": metrics,
        "money": {currency: _money(currency) for currency in sorted(currencies)},
        "start": {metric: text(quantity) for metric, quantity in (start.usage if start else {SEAT: _ONE}).items()},
        "products": priced,
    }


def as_text(value: object) -> str:
    """JSON that may stand within a page's script element or in a file beside it: nothing in it can end the element or
    begin a comment, and no mark turns or hides its text."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for letter in "<>&\u2028\u2029":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return phrases.spelled(written)


def _product(shelf: Shelf, tariffs: Tariffs, product: str, root: str) -> dict[str, Any]:
    plans = shelf.plans[product]
    offer = Offer(plans=tuple(row.plan for row in plans), terms=tuple(row.term for row in shelf.terms.get(product, ())))
    hosted = {row.plan.slug: row.hosted for row in plans}
    figures = {row.term.key: term_id(row) for row in shelf.terms.get(product, ())}
    metrics = metrics_of(shelf, product)
    made = tariffs(offer, hosted=hosted)
    # a bill of nothing is one in the product's currency, where it has but one
    currencies = {row.term.currency for row in shelf.terms.get(product, ()) if row.term.currency}
    own = min(currencies) if len(currencies) == 1 else None
    entry = shelf.registry.product(product)
    sold = entry is None or entry.retired is None or entry.retired > shelf.catalog.as_of.date()
    return {
        "product": product,
        "name": shelf.names.product(product),
        "page": f"{root}{home(shelf, product)}",
        "metrics": sorted(metrics),
        "plans": [
            {
                "name": phrases.line(row.plan.name, 60),
                "ranked": row.hosted and sold,
                **_with_figures({**tariff, "currency": tariff["currency"] or own}, figures),
            }
            for row, tariff in zip(plans, made, strict=True)
        ],
    }


def _with_figures(rule: Any, figures: Mapping[tuple[str | None, ...], str]) -> Any:
    """The same rule with the ids of its terms' evidence in place of their keys."""
    if isinstance(rule, dict):
        return {
            name: figures.get(tuple(value), "") if name in _KEYS else _with_figures(value, figures)
            for name, value in rule.items()
            if value is not None or name == "currency"
        }
    if isinstance(rule, list):
        return [_with_figures(one, figures) for one in rule]
    return figures.get(rule, "") if isinstance(rule, tuple) else rule


def _found(value: Any, name: str) -> set[str]:
    """Every currency of a document: under its name, and in the bands."""
    if isinstance(value, dict):
        own = {value[name]} if isinstance(value.get(name), str) else set()
        bands = {band[4] for band in value.get("bands", ()) if band[4]}
        return own | bands | {one for inner in value.values() for one in _found(inner, name)}
    return {one for inner in value for one in _found(inner, name)} if isinstance(value, list) else set()


def _money(currency: str) -> dict[str, Any]:
    """How a currency is written: what stands before the figure, and how many decimals it has at least."""
    one = format_amount(_ONE, currency)
    before, _, rest = one.partition("1")
    return {"sign": before, "places": max(0, len(rest) - 1)}


def _metrics(shelf: Shelf, products: Iterable[str]) -> list[dict[str, Any]]:
    """The metrics with their nouns and slider stops: seats first, then what most products charge by."""
    knowing: Counter[str] = Counter()
    charged: Counter[str] = Counter()
    named: dict[str, set[Decimal]] = {}
    for product in products:
        knowing.update(metrics_of(shelf, product))
        terms = [row.term for row in shelf.terms.get(product, ())]
        charged.update({term.metric for term in terms if term.metric and term.term is TermKind.USAGE_RATE})
        for term in (*terms, *(row.term for row in shelf.history.get(product, ()))):
            quantities = {value for value in (term.quantity, term.tier_from, term.tier_to) if value}
            named.setdefault(term.metric or "", set()).update(quantities)
    for workload in shelf.workloads_named:
        for metric, quantity in workload.usage.items():
            named.setdefault(metric, set()).add(quantity)
    knowing[SEAT] += 0
    order = sorted(
        knowing, key=lambda metric: (is_fee(metric), metric != SEAT, -charged[metric], -knowing[metric], metric)
    )
    return [
        {
            "metric": metric,
            "one": noun(metric, _ONE),
            "many": noun(metric),
            "stops": [text(stop) for stop in _stops(named.get(metric, set()), least=metric == SEAT)],
            **({"fixed": True} if is_fee(metric) else {"more": True} if place >= _IN_SIGHT else {}),
        }
        for place, metric in enumerate(order)
    ]


def _stops(named: set[Decimal], *, least: bool) -> list[Decimal]:
    """Where a slider stops: the quantities that the terms name, and round ones up to a few times the largest."""
    top = max(4 * max(named, default=Decimal(0)), Decimal(100))
    size = Decimal(1)
    found = {_ONE if least else Decimal(0)} | {value for value in named if value >= 1}
    while size <= top:
        found |= {size * step for step in (1, 2, 3, 5)}
        size *= 10
    return sorted(found)
