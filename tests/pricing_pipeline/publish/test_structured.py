"""What pages tell search engines: plans and charges in the words of schema.org, and no rating of anybody's."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.facts import PriceKind
from pricing_pipeline.publish.cells import term_id
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.structured import of_products
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.example import CATALOG, DAGSTER, PREFECT, REGISTRY


def graph(*products: str, catalog=CATALOG) -> list[dict]:
    return json.loads(of_products(Shelf(catalog, REGISTRY), products))["@graph"]


def offers(product: str, **options) -> dict[str, dict]:
    """The plans of a product by name."""
    (told,) = graph(product, **options)
    return {offer["name"]: offer for offer in told["offers"]}


def test_a_product_is_a_software_application_with_its_plans_as_offers():
    told = graph(PREFECT, DAGSTER)

    assert [("SoftwareApplication", "Prefect Cloud"), ("SoftwareApplication", "Dagster+")] == [
        (one["@type"], one["name"]) for one in told
    ]
    assert ["Open source", "Solo", "Starter", "Pro"] == list(offers(DAGSTER))


def test_a_charge_has_its_price_its_unit_and_its_period():
    fee, rate, *_ = offers(DAGSTER)["Solo"]["priceSpecification"]

    assert ("UnitPriceSpecification", "10", "USD", "MON", 1) == (
        fee["@type"], fee["price"], fee["priceCurrency"], fee["unitCode"], fee["billingIncrement"],
    )  # fmt: skip
    assert "unitCode" not in rate
    assert ("0.04", {"@type": "QuantitativeValue", "value": "1", "unitText": "credit"}) == (
        rate["price"], rate["referenceQuantity"],
    )  # fmt: skip


def test_free_costs_nothing_and_on_request_has_no_price():
    assert ("0", "USD") == tuple(offers(PREFECT)["Hobby"][name] for name in ("price", "priceCurrency"))
    assert "price" not in offers(PREFECT)["Pro"]


def test_a_price_behind_a_switch_is_not_what_is_asked():
    """The year's total of a hidden pane is not offered beside the month's price."""
    prices = [one["price"] for one in offers(DAGSTER)["Solo"]["priceSpecification"]]

    assert "120" not in prices


def charge(place: int, **changed: object) -> dict:
    """A charge of Solo, with something of its term changed."""
    term = replace(example.TERMS[place], term=replace(example.TERMS[place].term, **changed))
    catalog = replace(CATALOG, terms=(*example.TERMS[:place], term, *example.TERMS[place + 1 :]))
    specifications = offers(DAGSTER, catalog=catalog)["Solo"]["priceSpecification"]
    return next(one for one in specifications if one["identifier"] == term_id(term))


def test_for_how_long_one_binds_oneself_is_another_thing_than_what_one_charge_is_for():
    """$8 a month, billed for a year: a price of a month, charged for a year."""
    yearly = charge(0, commitment="year")

    assert ("MON", "P1Y") == (yearly["unitCode"], yearly["billingDuration"])
    assert "billingDuration" not in charge(0, commitment=None)


def test_a_price_from_so_much_on_is_not_told_as_the_price():
    least = charge(0, price_kind=PriceKind.FROM)

    assert ("10", False, False) == (least["minPrice"], "price" in least, "maxPrice" in least)


def test_a_price_of_a_band_says_for_how_many_units_it_holds():
    band = charge(3, tier_from=Decimal(1000), tier_to=Decimal(5000))

    assert {"@type": "QuantitativeValue", "minValue": "1000", "maxValue": "5000"} == band["eligibleQuantity"]
    assert "eligibleQuantity" not in charge(3)


def test_a_range_has_two_ends():
    wide = replace(example.TERMS[3], term=replace(example.TERMS[3].term, amount_max=Decimal("0.05")))
    catalog = replace(CATALOG, terms=(*example.TERMS[:3], wide, *example.TERMS[4:]))
    (rate,) = [one for one in offers(DAGSTER, catalog=catalog)["Solo"]["priceSpecification"] if "minPrice" in one]

    assert ("0.04", "0.05", False) == (rate["minPrice"], rate["maxPrice"], "price" in rate)


def test_no_rating_of_anybody_is_told_as_ones_own():
    assert "ating" not in of_products(Shelf(CATALOG, REGISTRY), [PREFECT, DAGSTER])
