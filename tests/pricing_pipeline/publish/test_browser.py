"""The site in a browser: figures lead to evidence, tables sort, nothing comes from elsewhere, dark and narrow work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pricing_pipeline import costs
from pricing_pipeline.publish.edition import publish
from tests.pricing_pipeline.publish import example

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: the browser tests did not run"),
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> Path:
    """The example, published."""
    editions = tmp_path_factory.mktemp("editions")
    return publish(
        example.CATALOG,
        (example.comparison(),),
        registry=example.REGISTRY,
        price=costs.price,
        editions=editions,
        tariffs=costs.tariffs,
    ).path


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One Chromium for all."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def visit(browser, edition: Path, name: str, **options):
    """A page of the edition, with what it complained of and asked for."""
    page = browser.new_page(**options)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
    page.goto((edition / name).as_uri())
    return page, said


def test_no_page_complains_or_asks_for_anything_from_elsewhere(browser, edition):
    """The policy of each page allows its own style and script, and nothing is fetched from the web."""
    for path in sorted(edition.rglob("*.html")):
        page, said = visit(browser, edition, path.relative_to(edition).as_posix())

        assert [] == said, path.name
        assert "0px" == page.evaluate("getComputedStyle(document.body).margin")
        page.close()


def test_a_figure_leads_to_its_evidence(browser, edition):
    page, _ = visit(browser, edition, "compare/prefect-vs-dagster.html")

    page.click("section[aria-labelledby=pricing] a.figure >> text=Not included >> nth=0")

    shown = page.locator(".source")
    assert "Pay as you go from the first credit" in shown.inner_text()
    page.click(".source >> text=Its place on this page")

    entry = page.locator(".evidence li:target")
    assert "Pay as you go from the first credit" in entry.inner_text()
    assert entry.is_visible()
    assert 0 == page.locator(".source").count()
    page.close()


def test_a_cost_leads_to_its_sum_although_it_is_folded_away(browser, edition):
    page, _ = visit(browser, edition, "compare/prefect-vs-dagster.html")

    page.click("section[aria-labelledby=costs] td a.figure >> text=$610.00")

    assert "$600.00" in page.locator(".source").inner_text()
    page.click(".source >> text=Its place on this page")

    assert "$600.00" in page.locator(".sum:target").inner_text()
    page.close()


def test_a_table_is_sorted_by_keyboard(browser, edition):
    page, _ = visit(browser, edition, "sources.html")
    first = page.locator("tbody th").first
    assert first.inner_text().startswith("Dagster+, pricing page")

    page.locator("thead button").nth(2).focus()
    page.keyboard.press("Enter")

    assert first.inner_text().startswith("Prefect Cloud, G2 reviews page")
    assert "ascending" == page.locator("thead th").nth(2).get_attribute("aria-sort")
    page.close()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_screen(browser, edition, width):
    """Wide tables scroll within themselves."""
    for name in ("index.html", "compare/prefect-vs-dagster.html", "vendors/dagster.html", "sources.html"):
        page, _ = visit(browser, edition, name, viewport={"width": width, "height": 800})

        assert width >= page.evaluate("document.documentElement.scrollWidth"), name
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser, edition, scheme):
    """At least 4.5 to 1 (WCAG 2.2, 1.4.3), for body text, soft text, links and every kind of tag."""
    page, _ = visit(browser, edition, "compare/prefect-vs-dagster.html", color_scheme=scheme)
    ratios = page.evaluate(CONTRAST)

    assert {"body", ".quiet", "a", ".tag.good", ".tag.warn", ".tag.bad", ".banner"} <= set(ratios)
    assert {} == {name: ratio for name, ratio in ratios.items() if ratio < 4.5}
    page.close()


CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (text) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb(text).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (rgb(colour).length === 3) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = {};
  const names = ["body", ".quiet", "main a", "a", ".unknown", ".tag", ".tag.good", ".tag.warn", ".tag.bad", ".banner"];
  for (const name of names) {
    const node = document.querySelector(name);
    if (!node) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
    found[name] = (a + 0.05) / (b + 0.05);
  }
  return found;
}"""
