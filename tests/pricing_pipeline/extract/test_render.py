"""The JSON of an observation: strings for figures, list prices apart, nothing left out."""

from __future__ import annotations

import json

from pricing_pipeline.extract.render import observation_json
from pricing_pipeline.facts import SourceKind
from tests.pricing_pipeline.extract.pages import URL, card, cloud_page, framed, grid, read, tag


def test_figures_are_strings_as_the_page_wrote_them() -> None:
    """0.040 stays 0.040; a float would not."""
    data = observation_json(read(cloud_page(credits_included=False)), url=URL, kind=SourceKind.PRICING)
    solo = data["plans"][0]

    assert ["solo", "Solo", "stated"] == [solo["plan"], solo["name"], solo["state"]]
    assert {"10", "120", "0.040", None} == {term["amount"] for term in solo["terms"]}
    assert {"url", "kind", "extractor_version", "plans", "terms", "ratings", "conflicts", "diagnostics"} <= data.keys()
    assert data == json.loads(json.dumps(data))


def test_every_term_has_its_evidence() -> None:
    data = observation_json(read(cloud_page(credits_included=True)), url=URL, kind="pricing")

    for term in [*data["terms"], *(term for plan in data["plans"] for term in plan["terms"])]:
        assert {"quote", "locator", "surface"} == term["evidence"].keys()
        assert term["evidence"]["quote"]


def test_a_list_price_is_not_among_the_prices_that_are_asked() -> None:
    page = framed(grid(card("Solo", "<s>$20</s> $10 / month"), card("Team", tag("50"))))
    plan = observation_json(read(page), url=URL, kind="pricing")["plans"][0]

    assert ["10"] == [term["amount"] for term in plan["terms"]]
    assert ["20"] == [term["amount"] for term in plan["list_prices"]]


def test_terms_of_all_plans_stand_beside_the_plans() -> None:
    data = observation_json(read(cloud_page(credits_included=False)), url=URL, kind="pricing")

    assert [("usage_rate", "serverless_minute", "0.010")] == [
        (t["term"], t["metric"], t["amount"]) for t in data["terms"]
    ]
