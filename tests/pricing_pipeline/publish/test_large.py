"""A site of many vendors: every page stays small, and nothing is lost by it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pricing_pipeline import costs
from pricing_pipeline.publish import inspect, lists
from pricing_pipeline.publish.cells import change_anchor
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.site import Site
from tests.pricing_pipeline.publish import large

CATALOG, REGISTRY = large.market(18, changes=18)
SLUGS = [product.slug for product in REGISTRY.products]
COMPARISONS = [large.comparison(one, SLUGS[0]) for one in SLUGS[1:19]]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = publish(
        CATALOG,
        COMPARISONS,
        registry=REGISTRY,
        editions=tmp_path_factory.mktemp("editions"),
        price=costs.price,
        tariffs=costs.tariffs,
    )
    assert () == made.problems
    return made.path


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_bytes(), "lxml")


def found(edition: Path, pattern: str, selector: str, attribute: str = "id") -> Counter[str]:
    """How often each value stands on the pages of a pattern."""
    return Counter(
        str(tag[attribute])
        for path in edition.glob(pattern)
        for tag in soup(path).select(selector)
        if tag.get(attribute)
    )


def test_no_page_passes_100_kb(edition):
    heavy = {path.name: size for path in edition.rglob("*.html") if (size := path.stat().st_size) > 100_000}

    assert {} == heavy


def test_every_link_and_every_figure_on_every_page_holds(edition):
    _, rows = inspect.edition_rows(edition)
    wrong = [row for row in rows if tuple(row[2:]) != (True, 0, 0, 0)]

    assert [] == wrong


def test_every_change_is_told_once_by_month_and_once_by_vendor(edition):
    """Whatever does not fit the newest stands where its month or its vendor is looked for."""
    told = Counter(change_anchor(change) for change in CATALOG.changes)

    assert told == found(edition, "changes/*.html", "article")
    assert told == found(edition, "history/*.html", "article")


def test_the_change_log_leads_to_every_month(edition):
    months = {path.name for path in (edition / "changes").glob("*.html")}
    linked = {
        link["href"].partition("/")[2] for link in soup(edition / "changes.html").select("nav[aria-labelledby] li a")
    }

    assert months == linked


def test_every_source_stands_under_one_letter(edition):
    rows = [row for path in (edition / "sources").glob("*.html") for row in soup(path).select("tbody tr")]

    assert len(CATALOG.sources) == len(rows)
    assert 0 < len(soup(edition / "sources.html").select("nav[aria-labelledby] a")) < 30


def test_a_long_front_page_leads_to_every_vendor_by_category_and_to_every_comparison():
    """Each vendor stands on one page of its category, each comparison on one of the list."""
    catalog, registry = large.watched(400)
    cards = [
        {
            "href": f"compare/{place}.html",
            "title": f"{place} vs others",
            "summary": "",
            "held_back": False,
            "products": (),
        }
        for place in range(900)
    ]
    front, *pages = lists.front(Shelf(catalog, registry), cards)
    vendors = Counter(row["slug"] for one in pages if one.path.startswith("categories/") for row in one.page["rows"])
    compared = Counter(row["href"] for one in pages if one.path.startswith("comparisons") for row in one.page["rows"])

    assert front.page["apart"]
    assert front.page["more"] > 0
    assert Counter(vendor.slug for vendor in registry.vendors) == vendors
    assert Counter(card["href"] for card in cards) == compared


def test_a_short_front_page_is_one_page():
    catalog, registry = large.watched(40)
    (front,) = lists.front(Shelf(catalog, registry), [])

    assert (False, 0) == (front.page["apart"], front.page["more"])


def test_the_list_of_vendors_is_cut_into_pages():
    catalog, registry = large.watched(700)
    pages = list(lists.vendors(Shelf(catalog, registry)))

    assert ["vendors/index.html", "vendors/index.2.html"] == [one.path for one in pages][:2]
    assert 700 == sum(len(one.page["rows"]) for one in pages)


def test_products_that_are_too_much_for_one_page_have_one_each(edition):
    """The vendor's page leads to them, as does the search."""
    vendor = REGISTRY.vendors[0]
    listed = [link["href"] for link in soup(edition / f"vendors/{vendor.slug}.html").select("ul.lines a")]

    assert [f"../products/{product.slug}.html" for product in vendor.products] == listed
    assert f"products/{vendor.products[1].slug}.html#product-" in (edition / "search-index.js").read_text()


def test_figures_whose_evidence_is_elsewhere_lead_to_it(edition):
    page = soup(edition / f"compare/{COMPARISONS[0].slug}.html")
    figure = page.select_one("section[aria-labelledby=pricing] a.figure")
    path, _, anchor = figure["href"].partition("#")
    entry = soup((edition / "compare" / path).resolve()).find(id=anchor)

    assert figure.get_text() in entry.get_text()


def test_calculators_load_the_bills_of_one_category():
    """All of them together are more than a page may load. Each product stands in the calculator of its category."""
    catalog, registry = large.market(90, changes=0)
    site = Site(Shelf(catalog, registry), title="Prices", tariffs=costs.tariffs)
    files = dict(site.calculators())
    data = {path: json.loads(body[21:-2]) for path, body in files.items() if path.endswith(".js")}
    priced = Counter(product["product"] for one in data.values() for product in one["products"])

    assert "tariffs.js" not in files
    assert all(len(body) < 200_000 for body in files.values())
    assert {path.removesuffix(".js") + ".html" for path in data} | {"calculator.html"} == set(files) - set(data)
    assert Counter(product.slug for product in registry.products) == priced
