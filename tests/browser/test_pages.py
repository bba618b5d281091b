"""The published pages in a real browser."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Visit, watch
from tests.program import DemoRun

PAGES = (
    "index.html", "compare/prefect-vs-dagster.html", "vendors/index.html", "vendors/dagster.html", "vendors/prefect.html",
    "changes.html", "sources.html", "checks.html", "data.html", "calculator.html", "lineage/dagster.html",
    "lineage/prefect.html",
)  # fmt: skip
COMPARISON = "compare/prefect-vs-dagster.html"
# How light a colour is, from 0 to 1, of the page's ground and of its text.
LIGHTNESS = """() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 765;
  const style = getComputedStyle(document.body), root = getComputedStyle(document.documentElement);
  const ground = style.backgroundColor === 'rgba(0, 0, 0, 0)' ? root.backgroundColor : style.backgroundColor;
  return [light(ground), light(style.color)];
}"""


def test_every_page_of_the_edition_is_among_those_looked_at(demo: DemoRun) -> None:
    edition = (demo.home / "editions/current").resolve()
    pages = {str(path.relative_to(edition)) for path in edition.rglob("*.html")}

    assert set(PAGES) == pages - set(captures(demo))


def captures(demo: DemoRun) -> list[str]:
    """The pages of captured words; their names come out of the log."""
    return sorted(f"captures/{path.name}" for path in (demo.home / "editions/current/captures").glob("*.html"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_without_complaint_and_asks_nobody_else(visit: Visit, site: str, name: str) -> None:
    """No error in the console, no missing file, no request off its own origin, and a page of under 100 KB."""
    page = visit.open(f"{site}/{name}")

    assert [] == visit.complaints
    assert visit.asked
    assert {site} == {re.sub(r"^(\w+://[^/]+).*", r"\1", url) for url in visit.asked}
    assert 1 == page.locator("h1").count()
    assert page.title()
    assert len(page.request.get(page.url).body()) < 100_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_captured_page_is_held_to_the_same(chromium: Browser, demo: DemoRun, site: str, scheme: str) -> None:
    """No complaint, nobody else asked, a phone's width, under 100 KB, and nothing that axe-core finds."""
    names = captures(demo)
    context = chromium.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
    visit = watch(context)
    for name in names:
        page = visit.open(f"{site}/{name}")
        assert [] == [one["id"] for one in Axe().run(page).response["violations"]], name
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert len(page.request.get(page.url).body()) < 100_000, name
    context.close()

    assert names
    assert [] == visit.complaints
    assert {site} == {re.sub(r"^(\w+://[^/]+).*", r"\1", url) for url in visit.asked}


def test_a_quote_leads_to_the_words_around_it(visit: Visit, site: str) -> None:
    """From the figure to its quote, and on to the place where it stands on the captured page."""
    page = visit.open(f"{site}/{COMPARISON}")
    page.locator("a.figure", has_text="$0.04").first.click()
    page.get_by_role("dialog").locator("q a").click()
    page.wait_for_url("**/captures/*.html#t-*")
    marked = page.locator("mark:target, mark:has(:target)")

    assert "0.04" in marked.inner_text()
    assert "pricing-pipeline source t-" in page.locator("main").inner_text()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 360], ids=["desk", "phone"])
def test_a_page_is_as_wide_as_the_screen(visit: Visit, site: str, name: str, width: int) -> None:
    """Wide tables scroll in their own box; the page itself does not move sideways."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    page = visit.open(f"{site}/{name}")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", [COMPARISON, "vendors/dagster.html"])
def test_every_figure_leads_to_its_quote_its_time_and_its_source(visit: Visit, site: str, name: str) -> None:
    page = visit.open(f"{site}/{name}")
    targets = page.eval_on_selector_all("a.figure", "links => links.map(link => link.getAttribute('href'))")
    bare = page.evaluate(
        """targets => targets.filter(target => {
             const entry = document.getElementById(target.slice(1));
             return !entry || !(entry.querySelector('q') || entry.closest('li,article,section').querySelector('q'));
           })""",
        [target for target in set(targets) if target.startswith(("#t-", "#r-"))],
    )

    assert len(targets) > 20
    assert all(target.startswith("#") for target in targets)
    assert [] == bare


def test_a_click_on_a_figure_shows_the_words_it_was_read_from(visit: Visit, site: str) -> None:
    page = visit.open(f"{site}/vendors/dagster.html")
    page.locator("a.figure", has_text="$0.04 per credit").first.click()
    shown = page.get_by_role("dialog", name="Where this figure comes from")

    assert shown.is_visible()
    assert "0.04" in shown.locator("q").first.inner_text()
    assert "dagster.io/pricing" in shown.inner_html()
    assert "1 May 2026" in shown.inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_without_javascript(chromium: Browser, site: str, name: str) -> None:
    texts = []
    for enabled in (True, False):
        context = chromium.new_context(java_script_enabled=enabled)
        seen = watch(context)
        page = seen.open(f"{site}/{name}")
        page.evaluate("for (const one of document.querySelectorAll('[data-calculator], noscript')) one.remove()")
        texts.append(page.locator("main").inner_text())
        assert [] == seen.complaints
        context.close()

    assert texts[0].split() == texts[1].split()
    assert len(texts[0]) > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", COMPARISON])
def test_a_page_follows_the_readers_choice_of_light_or_dark(
    chromium: Browser, site: str, name: str, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
    ground, text = watch(context).open(f"{site}/{name}").evaluate(LIGHTNESS)
    context.close()

    assert (ground > 0.8 and text < 0.4) if scheme == "light" else (ground < 0.3 and text > 0.6)


def test_a_printed_page_is_dark_on_light(chromium: Browser, site: str) -> None:
    """Whatever the screen's colours are; its cells too, and the calculator stays behind."""
    context = chromium.new_context(color_scheme="dark")
    page = watch(context).open(f"{site}/{COMPARISON}")
    page.emulate_media(media="print", color_scheme="dark")
    ground, text = page.evaluate(LIGHTNESS)
    cell = page.locator("td.best").first.evaluate("one => getComputedStyle(one).backgroundColor")
    shown = page.locator(".on-screen").first.is_visible()
    context.close()

    assert ground > 0.9
    assert text < 0.1
    assert min(map(int, re.findall(r"\d+", cell)[:3])) > 200
    assert not shown


def test_the_comparison_tells_what_happened_in_may(visit: Visit, site: str) -> None:
    text = visit.open(f"{site}/{COMPARISON}").locator("main").inner_text()

    for told in ("7,500", "30,000", "$310.00", "$1,150.00", "$0.04", "$0.035", "4.5 of 5"):
        assert told in text


def test_what_the_figures_decide_is_said_beside_the_editors_words(visit: Visit, site: str) -> None:
    """In the short answer, with a quantity that opens what it was worked out from; and drawn as it came about."""
    page = visit.open(f"{site}/{COMPARISON}")
    told = page.locator(".by-figures", has_text="18,000")
    drawn = page.get_by_role("img", name="Dagster+ Solo: $235.00 from 30 April 2026, $610.00 from 1 May 2026")

    assert "Dagster+ Solo is the cheapest up to 18,000 credits a month, Dagster+ Starter from there on" in (
        told.inner_text()
    )
    told.get_by_role("link", name="18,000").click()
    assert "Dagster+ Solo: price a month, each credit" in page.get_by_role("dialog").inner_text()
    assert drawn.is_visible()


def test_links_between_pages_lead_somewhere(visit: Visit, demo: DemoRun, site: str) -> None:
    """Walked as a reader would, from the front page."""
    ahead, seen = [f"{site}/index.html"], set()
    while ahead:
        url = ahead.pop()
        if url in seen:
            continue
        seen.add(url)
        page = visit.open(url)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        ahead += [
            link.partition("#")[0]
            for link in links
            if link.startswith(site) and link.partition("#")[0].endswith(".html")
        ]

    assert [] == visit.complaints
    assert {*PAGES, *captures(demo)} == {url.removeprefix(f"{site}/") for url in seen}


def test_headings_go_down_one_step_at_a_time(visit: Visit, site: str) -> None:
    """Readers who listen to a page find their way by them."""
    for name in PAGES:
        page = visit.open(f"{site}/{name}")
        levels = page.eval_on_selector_all("h1,h2,h3,h4,h5", "all => all.map(one => Number(one.tagName[1]))")

        assert 1 == levels[0], name
        assert all(after - before <= 1 for before, after in pairwise(levels)), (name, levels)


def test_a_file_is_enough(chromium: Browser, demo: DemoRun) -> None:
    """The edition can be opened from the disk, without a server."""
    context = chromium.new_context()
    seen = watch(context)
    page = seen.open(((demo.home / "editions/current").resolve() / "index.html").as_uri())
    page.get_by_role("link", name=re.compile("Prefect vs Dagster")).first.click()
    page.wait_for_load_state()

    assert [] == seen.complaints
    assert "Prefect vs Dagster" in page.locator("h1").inner_text()
    context.close()
