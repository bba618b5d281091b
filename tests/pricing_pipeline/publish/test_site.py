"""The pages: every figure leads to its evidence, hostile text is inert, unknowns and troubles are said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from pricing_pipeline import costs
from pricing_pipeline.catalog import HeldObservation
from pricing_pipeline.facts import GateState, Lever, Severity
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.registry.vendors import Registry
from pricing_pipeline.results import CostState
from tests.pricing_pipeline.publish import example

HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'|`]]>&amp;<!-- --> {{ x }} {% y %}"


# Data within a page is not run.
RUN = "script:not([src], [type='application/ld+json'], [type='application/json'])"


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> Path:
    """The example, published."""
    editions = tmp_path_factory.mktemp("editions")
    return publish(
        example.CATALOG, (example.comparison(),), registry=example.REGISTRY, price=costs.price, editions=editions,
        tariffs=costs.tariffs
    ).path  # fmt: skip


@pytest.fixture(scope="module")
def page(edition) -> BeautifulSoup:
    """The comparison's page."""
    return soup(edition / "compare/prefect-vs-dagster.html")


def soup(path: Path) -> BeautifulSoup:
    """A page, parsed."""
    return BeautifulSoup(path.read_text("utf-8"), "lxml")


def hostile(tmp_path: Path) -> Path:
    """An edition of a vendor whose page is out to do harm."""
    bad_source = replace(example.provenance(example.DAGSTER), url="javascript:alert(1)")
    plans = tuple(
        replace(row, plan=replace(row.plan, name=HOSTILE, evidence=example.evidence(HOSTILE))) for row in example.PLANS
    )
    terms = tuple(
        replace(
            row,
            provenance=bad_source,
            term=replace(row.term, evidence=replace(row.term.evidence, quote=HOSTILE), unit_as_printed=HOSTILE),
        )
        for row in example.TERMS
    )
    catalog = replace(
        example.CATALOG,
        plans=plans,
        terms=terms,
        changes=(replace(example.CHANGE, verdict=HOSTILE, id=HOSTILE),),
        sources=tuple(replace(source, url="javascript:alert(1)") for source in example.SOURCES),
        states=tuple(replace(state, message=HOSTILE) for state in example.STATES),
    )
    return publish(
        catalog,
        (example.comparison(),),
        registry=example.REGISTRY,
        price=costs.price,
        editions=tmp_path,
        tariffs=costs.tariffs,
    ).path


def test_every_figure_leads_to_its_evidence_on_the_same_page(page):
    figures = page.select("a.figure")

    assert 50 < len(figures)
    assert [] == [figure["href"] for figure in figures if page.find(id=figure["href"].removeprefix("#")) is None]


def test_evidence_has_quote_source_time_and_what_it_was_before(page):
    solo = page.find("a", string="Not included")
    entry = page.find(id=solo["href"].removeprefix("#"))
    text = " ".join(entry.get_text(" ").split())

    assert "Pay as you go from the first credit" == entry.q.get_text()
    assert "https://dagster.io/pricing" == entry.find_parent(class_="origin-group").find(class_="origin").a["href"]
    assert "2026-05-01T06:00:00Z" == entry.time["datetime"]
    assert "before: 7,500 credits a month" in text


def test_the_text_says_the_same_figures_as_the_tables(page):
    answer = page.find(id="short-answer").find_next("p")
    bottom = page.find(id="bottom-line").find_next("p")

    assert "Solo costs $10.00 and includes no credits." == answer.get_text()
    assert "At 15,000 credits Solo comes to $610.00; take Solo." == bottom.get_text()


def test_a_computed_number_leads_to_the_figures_it_was_worked_out_from(page):
    figure = page.find("a", string="18,000")
    entry = page.find(id=figure["href"].removeprefix("#"))

    assert (
        "The cheaper of Dagster+ Solo and Dagster+ Starter changes at 18,000 credits a month" == entry.strong.get_text()
    )
    assert all(page.find(id=link["href"].removeprefix("#")) for link in entry.select("a"))


def test_every_section_of_a_comparison_is_there(page):
    expected = [
        "At a glance", "The short answer", "Choose if", "Features", "Strengths and weaknesses", "Best for",
        "Head to head", "Migration", "Pricing tiers", "Cost at your workload", "Cost calculator",
        "Ratings side by side", "Price history", "Who should use what", "Questions that decide", "Takeaways",
        "Bottom line", "FAQ", "What changed, and when", "Sources and evidence",
    ]  # fmt: skip

    assert expected == [heading.get_text() for heading in page.select("h2")]
    assert expected == [link.get_text() for link in page.select(".contents a")]


def test_a_page_is_as_old_as_its_oldest_figure_and_says_which_source_is_blocked(page):
    text = " ".join(page.main.get_text(" ").split())

    assert "Last verified on 30 April 2026" in text
    assert "Prefect Cloud, G2 reviews page: blocked by the site since 1 May 2026" in text


def test_a_demonstration_says_so_on_every_page(edition):
    banner = "Example edition: made from example pages written for demonstration, not read from the vendors."

    assert [] == [path.name for path in edition.rglob("*.html") if banner not in path.read_text()]


def test_an_edition_of_real_pages_has_no_such_banner(tmp_path):
    real = publish(replace(example.CATALOG, demo=False), (), registry=example.REGISTRY, editions=tmp_path)

    assert "Example edition" not in (real.path / "index.html").read_text()


def test_a_held_change_is_marked_on_the_figure_and_on_the_page(tmp_path):
    held = HeldObservation(
        observation_id="o1", source_id=example.SOURCES[0].id, vendor="dagster", product=example.DAGSTER,
        captured_at=example.MAY, state=GateState.HELD, reason="x12", confirmations=0,
    )  # fmt: skip
    terms = (replace(example.TERMS[0], pending=True), *example.TERMS[1:])
    catalog = replace(example.CATALOG, held=(held,), terms=terms)
    made = publish(catalog, (example.comparison(),), registry=example.REGISTRY, price=costs.price, editions=tmp_path)
    text = " ".join(soup(made.path / "compare/prefect-vs-dagster.html").get_text(" ").split())

    assert "Dagster+: a change is pending" in text
    assert "$10.00 a month change pending" in text


def test_pages_need_nothing_from_elsewhere_and_run_nothing_of_their_own(edition):
    for path in edition.rglob("*.html"):
        html = soup(path)
        policy = html.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]

        assert "unsafe" not in policy
        assert [] == [
            s for s in html.select("script[src], link, img") if (s.get("src") or s.get("href") or "").startswith("http")
        ]
        assert [] == html.select(f"style, [style], {RUN}")


def test_pages_can_be_read_without_seeing_them(edition):
    """One heading above all, captions on tables, scopes on headings, a way past the navigation."""
    for path in edition.rglob("*.html"):
        html = soup(path)

        assert 1 == len(html.select("h1"))
        assert "#content" == html.select_one("a.skip")["href"]
        assert [] == [table for table in html.select("table") if table.caption is None]
        assert [] == [
            cell for cell in html.select("th") if cell.get("scope") not in ("col", "row", "colgroup", "rowgroup")
        ]
        assert len(html.select("[id]")) == len({tag["id"] for tag in html.select("[id]")}), path.name
        levels = [int(tag.name[1]) for tag in html.select("h1, h2, h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), path.name


def test_hostile_text_is_inert_on_every_page(tmp_path):
    for path in hostile(tmp_path).rglob("*.html"):
        html = soup(path)

        assert [] == html.select(RUN)
        assert [] == html.select("img")
        assert [] == [tag for tag in html.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
        assert [] == [a["href"] for a in html.select("a[href]") if re.match(r"\s*(javascript|data):", a["href"], re.I)]


def test_hostile_text_is_inert_in_data_feed_and_tables(tmp_path):
    made = hostile(tmp_path)

    assert "<" not in (made / "v1/terms.json").read_text()
    feed = ElementTree.parse(made / "feed.xml")
    assert "alert(1)" in feed.findtext(".//{http://www.w3.org/2005/Atom}summary")
    assert "<script" not in (made / "tables/prefect-vs-dagster/tables.md").read_text()
    assert "javascript:" not in (made / "v1/terms.json").read_text()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "//host/x", "/path", "http://", "ftp://host/x",
     "https://a\nb", "http://[::1", ""],
)  # fmt: skip
def test_only_addresses_of_the_web_are_linked(url):
    assert "" == safe_url(url)


def test_an_address_of_the_web_is_linked_as_it_stands():
    assert "https://dagster.io/pricing?x=1#solo" == safe_url("https://dagster.io/pricing?x=1#solo")


def test_a_comparison_page_stays_light(edition):
    """Under 100 KB, so that it opens at once on a phone."""
    assert 100_000 > (edition / "compare/prefect-vs-dagster.html").stat().st_size


def test_what_matters_most_comes_first_among_the_changes_of_a_moment(tmp_path):
    """The lost credits before the costs that follow from them, and both before a notice."""
    kinds = [
        ("cost_increased", Lever.COST, Severity.CRITICAL, example.MAY),
        ("rate_increased", Lever.UNIT_PRICE, Severity.NOTICE, example.MAY),
        ("allowance_removed", Lever.ALLOWANCE, Severity.CRITICAL, example.MAY),
        ("plan_added", Lever.STRUCTURE, Severity.CRITICAL, example.APRIL),
    ]
    changes = tuple(
        replace(example.CHANGE, id=kind, kind=kind, lever=lever, severity=severity, observed_at=at)
        for kind, lever, severity, at in kinds
    )
    made = publish(replace(example.CATALOG, changes=changes), (), registry=example.REGISTRY, editions=tmp_path)

    expected = ["x-allowance-removed", "x-cost-increased", "x-rate-increased", "x-plan-added"]
    assert expected == [article["id"] for article in soup(made.path / "changes.html").select("article")]


def test_a_bill_that_moved_with_a_change_of_all_plans_says_whose_it_is(tmp_path):
    """Two plans at one workload would otherwise be two lines with the same words and other figures."""
    effect = example.CHANGE.costs[0]
    change = replace(
        example.CHANGE, plan=None, costs=(replace(effect, workload="one-seat", workload_name="One seat", plan="solo"),)
    )
    made = publish(replace(example.CATALOG, changes=(change,)), (), registry=example.REGISTRY, editions=tmp_path)

    bills = [item.get_text() for item in soup(made.path / "changes.html").select("article li")]
    assert ["Solo, one seat: $10.00 → $310.00"] == bills


def test_a_plan_that_does_not_fit_shows_its_fee_in_its_currency(tmp_path):
    """A bill without a figure has no currency, but the fee that stands in it does."""
    first, *rest = example.COSTS
    unfit = replace(
        first, rank=None, cost=replace(first.cost, state=CostState.INFEASIBLE, low=None, high=None, currency=None)
    )
    catalog = replace(example.CATALOG, costs=(unfit, *rest))
    made = publish(catalog, (), registry=example.REGISTRY, editions=tmp_path)

    text = soup(made.path / "vendors/dagster.html").get_text(" ", strip=True)
    assert "Fee a month $10.00" in text


def test_the_index_leads_to_comparisons_and_vendors_by_category(edition):
    html = soup(edition / "index.html")

    assert "compare/prefect-vs-dagster.html" == html.select_one("article a")["href"]
    assert ["Workflow automation"] == [h.get_text() for h in html.select("h2") if h["id"].startswith("category-")]


def test_the_sources_page_tells_what_was_read_and_what_was_not(edition):
    rows = {
        " ".join(row.th.get_text(" ").split()): " ".join(row.td.get_text(" ").split())
        for row in soup(edition / "sources.html").select("tbody tr")
    }

    assert "blocked by the site" in rows["Prefect Cloud, G2 reviews page www.g2.com"]
    assert "since 1 May 2026" in rows["Prefect Cloud, G2 reviews page www.g2.com"]
    assert rows["Dagster+, pricing page dagster.io"].startswith("read")


def test_what_changed_of_a_merged_product_stands_with_its_successor(tmp_path):
    """On the successor's page and in its comparisons, under its own name and without a second place of that name."""
    dagster, *others = example.REGISTRY.vendors
    lite = replace(
        dagster.products[0], slug="dagster-lite", name="Dagster Lite", sources=(), retired=example.APRIL.date(),
        merged_into=("dagster", example.DAGSTER),
    )  # fmt: skip
    registry = Registry((replace(dagster, products=(*dagster.products, lite)), *others))
    past = replace(
        example.CHANGE, id="0dd", product="dagster-lite", observed_at=example.APRIL, verdict="Lite: price $1.00 → $2.00"
    )
    made = publish(
        replace(example.CATALOG, changes=(*example.CATALOG.changes, past)), (example.comparison(),), registry=registry,
        editions=tmp_path, price=costs.price,
    )  # fmt: skip

    for path in ("vendors/dagster.html", "compare/prefect-vs-dagster.html"):
        told = soup(made.path / path)
        changes = told.select("article.change")
        own = next(one for one in changes if "Lite: price $1.00 → $2.00" in one.get_text())
        ids = [tag["id"] for tag in told.select("[id]")]

        assert "Dagster Lite" in own.get_text(), path
        assert len(ids) == len(set(ids)), path


def test_what_nobody_confirmed_for_long_says_since_when(tmp_path):
    """On the page of its vendor, in comparisons and among the sources: the figures stay, with their age."""
    late = replace(example.CATALOG, as_of=example.MAY + timedelta(days=9))
    made = publish(late, (example.comparison(),), registry=example.REGISTRY, price=costs.price, editions=tmp_path)

    for path in ("vendors/dagster.html", "compare/prefect-vs-dagster.html", "sources.html"):
        told = soup(made.path / path)
        assert "unconfirmed since 1 May 2026" in " ".join(told.get_text().split()), path
        assert path == "sources.html" or "$10.00 a month" in told.get_text()
