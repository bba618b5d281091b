"""What pages say to machines, in the words of schema.org: each product with its plans and their charges.

Never a rating: those belong to their publishers, and search engines take them for the site's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from pricing_pipeline.catalog import StandingPlan, StandingTerm
from pricing_pipeline.facts import PriceKind, State, Surface, Term, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import plan_id, term_id
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.wording import noun
from pricing_pipeline.wording import text as digits

Json = dict[str, Any]
# What a charge is by schema.org's PriceComponentTypeEnumeration, which knows no charge for use.
_CHARGES = {
    TermKind.RECURRING_FEE: {"priceComponentType": "https://schema.org/Subscription"},
    TermKind.ONE_TIME_FEE: {"priceComponentType": "https://schema.org/ActivationFee"},
    TermKind.USAGE_RATE: {},
}
# What one charge is for, by the Common Codes of UN/CEFACT, and for how long it is charged at least, as ISO 8601 has it.
_PERIODS = {"hour": "HUR", "day": "DAY", "week": "WEE", "month": "MON", "quarter": "QAN", "year": "ANN"}
_DURATIONS = {"hour": "PT1H", "day": "P1D", "week": "P1W", "month": "P1M", "quarter": "P3M", "year": "P1Y"}


def of_products(shelf: Shelf, products: Iterable[str]) -> Markup:
    """Some products as JSON-LD for a `script` element: nothing in it can end the element or begin another."""
    graph = [shelf.once(_product, product) for product in products]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  # escaped here


def _product(shelf: Shelf, product: str) -> Json:
    vendor = shelf.vendor_of.get(product, product)
    seller = shelf.registry.vendor(vendor)
    homepage = safe_url(seller.homepage) if seller is not None else ""
    everyone = [row for row in shelf.terms.get(product, ()) if row.term.plan is None]
    currencies = {row.term.currency for row in shelf.terms.get(product, ()) if row.term.currency is not None}
    currency = {"priceCurrency": min(currencies)} if len(currencies) == 1 else {}
    return {
        "@type": "SoftwareApplication",
        "name": shelf.names.product(product),
        "applicationCategory": "BusinessApplication",
        "publisher": {
            "@type": "Organization",
            "name": shelf.names.vendor(vendor),
            **({"url": homepage} if homepage else {}),
        },
        "identifier": product,
        "offers": [_offer(shelf, plan, everyone, currency) for plan in shelf.plans.get(product, ())],
    }


def _offer(shelf: Shelf, plan: StandingPlan, everyone: Sequence[StandingTerm], currency: Json) -> Json:
    """A plan. One that is free costs 0; one on request has no price at all, which is not 0."""
    own = [row for row in shelf.terms.get(plan.product, ()) if row.term.plan == plan.plan.slug]
    charges = [row for row in (*own, *(everyone if plan.hosted else ())) if _is_charge(row.term)]
    url = safe_url(plan.provenance.url)
    return {
        "@type": "Offer",
        "identifier": plan_id(plan),
        "name": phrases.line(plan.plan.name, 60),
        **({"url": url} if url else {}),
        **({"price": "0", **currency} if plan.plan.state is State.FREE else {}),
        **({"priceSpecification": [_specification(row) for row in charges]} if charges else {}),
    }


def _is_charge(term: Term) -> bool:
    shown = term.evidence.surface is not Surface.INACTIVE_PANE and term.price_kind is not PriceKind.LIST
    return shown and term.term in _CHARGES and term.amount is not None and term.currency is not None


def _specification(standing: StandingTerm) -> Json:
    term = standing.term
    return {
        "@type": "UnitPriceSpecification",
        "identifier": term_id(standing),
        "name": phrases.line(phrases.term_label(term), 120),
        **_CHARGES[term.term],
        **_price(term),
        "priceCurrency": term.currency,
        **(
            {"unitCode": _PERIODS[term.billing_period], "billingIncrement": 1}
            if term.billing_period in _PERIODS
            else {}
        ),
        **({"billingDuration": _DURATIONS[term.commitment]} if term.commitment in _DURATIONS else {}),
        **_quantity(term),
        **_band(term),
    }


def _price(term: Term) -> Json:
    """What is charged; a price "from" so much on has a least one only."""
    assert term.amount is not None
    low, high = digits(term.amount), term.amount_max
    if term.price_kind is PriceKind.FROM and high is None:
        return {"minPrice": low}
    return {"price": low} if high is None or high == term.amount else {"minPrice": low, "maxPrice": digits(high)}


def _quantity(term: Term) -> Json:
    """What one charge buys: 1,000 events, one seat."""
    if term.metric is None:
        return {}
    value = digits(term.per_quantity) if term.per_quantity is not None else "1"
    unit = phrases.line(noun(term.metric, term.per_quantity or phrases.ONE), 60)
    return {"referenceQuantity": {"@type": "QuantitativeValue", "value": value, "unitText": unit}}


def _band(term: Term) -> Json:
    """From how many units to how many a price holds, where it does not hold for all."""
    ends = {"minValue": term.tier_from, "maxValue": term.tier_to}
    stated = {name: digits(end) for name, end in ends.items() if end is not None}
    return {"eligibleQuantity": {"@type": "QuantitativeValue", **stated}} if stated else {}
