"""What a page's calculator and search box are given."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline import costs
from pricing_pipeline.publish.calculator import as_text, document
from pricing_pipeline.publish.search import search_index
from pricing_pipeline.publish.shelf import Shelf
from tests.pricing_pipeline.publish import example

SHELF = Shelf(example.CATALOG, example.REGISTRY)


@given(st.recursive(st.text() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_data_never_leaves_its_script_element(value: object) -> None:
    """Whatever a vendor calls a plan: the text reads back the same, and holds no mark-up."""
    written = as_text(value)

    assert value == json.loads(written)
    assert set() == set("<>&\x7f\u200b\u202e\U000e0041") & set(written)


def test_the_slider_stops_at_what_the_terms_name() -> None:
    """The workloads' quantities too; seats begin at one, everything else at none."""
    metrics = {one["metric"]: one for one in document(SHELF, costs.tariffs, [example.DAGSTER])["metrics"]}

    assert "seat" == next(iter(metrics))
    assert "1" == metrics["seat"]["stops"][0]
    assert "0" == metrics["credit"]["stops"][0]
    assert "15000" in metrics["credit"]["stops"]
    assert sorted(metrics["credit"]["stops"], key=Decimal) == metrics["credit"]["stops"]


def test_a_fee_that_every_bill_has_once_is_nothing_to_choose() -> None:
    """Its noun is needed all the same, for the line of the bill."""
    addon = example.fee(example.DAGSTER, "solo", "500", "Platform fee $500 per month", metric="platform_fee")
    shelf = Shelf(replace(example.CATALOG, terms=(*example.CATALOG.terms, addon)), example.REGISTRY)
    *choices, fixed = document(shelf, costs.tariffs, [example.DAGSTER])["metrics"]

    assert ("platform fee", True) == (fixed["one"], fixed["fixed"])
    assert not any("fixed" in one for one in choices)


def test_each_part_of_a_bill_names_the_evidence_of_its_term() -> None:
    product = document(SHELF, costs.tariffs, [example.DAGSTER])["products"][0]
    solo = next(plan for plan in product["plans"] if plan["plan"] == "solo")

    assert "10" == solo["fees"][0]["low"]
    assert solo["fees"][0]["key"].startswith("t-")
    assert solo["uses"]["credit"]["rates"]["bands"][0][5].startswith("t-")


def test_search_knows_comparisons_vendors_products_and_plans() -> None:
    found = search_index(SHELF, [{"title": "Prefect vs Dagster", "href": "compare/prefect-vs-dagster.html"}])
    kinds = {name: kind for name, kind, _ in found}

    assert ("Prefect vs Dagster", "Comparison", "compare/prefect-vs-dagster.html") == found[0]
    assert "Vendor" == kinds["Dagster"]
    assert "Product of Dagster" == kinds["Dagster+"]
    assert "Plan" == kinds["Dagster+ Solo"]
