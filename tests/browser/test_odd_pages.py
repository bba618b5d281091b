"""Pages of vendors of odd content: long names, many plans, prices that are hidden, unknown or waiting, and comparisons whose
evidence stands on other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pricing_pipeline import costs
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.scales import Weigh
from tests.browser.conftest import Visit, served, watch
from tests.browser.test_accessibility import violations
from tests.pricing_pipeline.publish import odd

LARGE = f"compare/{odd.COMPARISONS[1].slug}.html"
PAGES = (
    "index.html", LARGE, f"compare/{odd.COMPARISONS[2].slug}.html", f"vendors/{odd.LADDER}.html", f"vendors/{odd.EURO}.html",
    f"vendors/{odd.POUND}.html", f"vendors/{odd.WALLED}.html", f"vendors/{odd.GONE}.html", "sources.html", "changes.html",
)  # fmt: skip
# Whether any two of these boxes lie on each other.
OVERLAPPING = """all => {
  const boxes = all.map(one => one.getBoundingClientRect()).filter(box => box.width);
  return boxes.filter((a, place) => boxes.slice(place + 1).some(b =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
}"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = publish(
        odd.catalog(),
        odd.COMPARISONS,
        registry=odd.REGISTRY,
        editions=tmp_path_factory.mktemp("odd"),
        price=costs.price,
        tariffs=costs.tariffs,
        weigh=Weigh(along=costs.along, lowest=costs.lowest),
    )
    assert () == made.problems
    return made.path.resolve()


@pytest.fixture(scope="module")
def address(edition: Path) -> Iterator[str]:
    with served(edition) as found:
        yield found


def figure_of_another_page(page: Page, text: str) -> str:
    """A figure of the page whose evidence stands elsewhere, focused; where it leads."""
    figure = page.locator("section[aria-labelledby=pricing] a.figure", has_text=text).first
    figure.focus()
    return str(figure.evaluate("link => link.href"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 768)], ids=["phone", "tablet"])
def test_a_page_holds_whatever_its_content(chromium: Browser, address: str, scheme: str, width: int) -> None:
    """No complaint, nobody else asked, as wide as the screen, under 100 KB, and nothing that axe-core finds, every fold
    opened."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
    visit = watch(context)
    for name in PAGES:
        page = visit.open(f"{address}/{name}")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")

        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert [] == violations(page), name
        assert len(page.request.get(page.url).body()) < 100_000, name
    context.close()

    assert [] == visit.complaints
    assert {address} == {re.sub(r"^(\w+://[^/]+).*", r"\1", url) for url in visit.asked}


def test_evidence_of_another_page_opens_in_place(visit: Visit, address: str) -> None:
    """By keyboard: Enter shows the quote, Escape goes back to the figure; the reader stays on the page."""
    page = visit.open(f"{address}/{LARGE}")
    assert f"/vendors/{odd.LADDER}.html#t-" in figure_of_another_page(page, "$49.00")
    page.keyboard.press("Enter")
    shown = page.get_by_role("dialog", name="Where this figure comes from")
    expect(shown.locator("q")).to_have_text("49 a month, as the page of prices says it")
    expect(shown).to_contain_text("Last verified 15 June 2026")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")

    expect(shown).to_have_count(0)
    expect(page.locator("a.figure:focus")).to_have_text("$49.00 a month")
    assert page.url == f"{address}/{LARGE}"
    assert [] == visit.complaints


def test_a_sum_leads_on_to_its_terms_and_back(visit: Visit, address: str) -> None:
    """Also where both stand on another page, and the box stays where it is."""
    page = visit.open(f"{address}/{LARGE}")
    page.locator("section[aria-labelledby=costs] td a.figure", has_text="$1,428.00").click()
    shown = page.get_by_role("dialog")
    shown.locator("a.figure").first.click()
    expect(shown.locator("q")).to_have_count(1)
    shown.get_by_role("button", name="Back").click()

    expect(shown).to_contain_text("$1,330.00")
    assert page.url == f"{address}/{LARGE}"


@pytest.mark.parametrize("reads", ["without JavaScript", "from disk"])
def test_evidence_is_one_step_away_where_nothing_can_be_fetched(
    chromium: Browser, edition: Path, address: str, reads: str
) -> None:
    """The figure then leads to its entry on the product's page."""
    is_scripted = reads == "from disk"
    context = chromium.new_context(java_script_enabled=is_scripted)
    visit = watch(context)
    page = visit.open(f"{edition.as_uri() if is_scripted else address}/{LARGE}")
    figure_of_another_page(page, "$49.00")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/vendors/{odd.LADDER}.html#t-*")
    entry = page.locator(":target").inner_text()
    context.close()

    assert "as the page of prices says it" in entry
    assert [] == visit.complaints


@pytest.mark.parametrize("width", [390, 1280])
def test_charts_can_be_read_at_any_width(chromium: Browser, address: str, width: int) -> None:
    """Whole, with letters of one size, none of them on another, and nothing that must be scrolled for."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = watch(context).open(f"{address}/vendors/{odd.LADDER}.html")
    plots = page.locator(".plot")
    edges = plots.locator("text").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width).map(box => [box.left, box.right])"
    )
    sizes = plots.locator("text").evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    overlapping = [plot.locator("text").evaluate_all(OVERLAPPING) for plot in plots.all()]
    context.close()

    assert len(overlapping) > 3
    assert 0 == sum(overlapping)
    assert min(left for left, _ in edges) >= 0
    assert max(right for _, right in edges) <= width
    assert min(sizes) >= 12


def test_on_a_phone_each_cell_of_a_wide_comparison_says_whose_it_is(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900})
    page = watch(context).open(f"{address}/{LARGE}")
    cells = page.locator("section[aria-labelledby=glance] tbody tr").first.locator("td")
    labels = cells.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    lefts = cells.evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    context.close()

    assert [f'"{odd.REGISTRY.product(product).name}"' for product in odd.FOUR] == labels  # type: ignore[union-attr]  # all are registered
    assert 1 == len(set(lefts)), "one below the other"
