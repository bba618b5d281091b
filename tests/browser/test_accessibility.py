"""Every kind of page is open to everybody: axe-core finds nothing, and the keyboard reaches what a mouse does."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, watch
from tests.browser.test_pages import COMPARISON, PAGES


def violations(page: Page) -> list[tuple[str, Any]]:
    """What axe-core has against a page as it stands: the rule, and where."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:4]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_axe_finds_nothing_on_any_page(chromium: Browser, site: str, scheme: str, width: int) -> None:
    """All of its rules, with every fold opened."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of its words
    )
    visit = watch(context)
    for name in PAGES:
        page = visit.open(f"{site}/{name}")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")

        assert [] == violations(page), name
    assert [] == visit.complaints
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(chromium: Browser, site: str, scheme: str) -> None:
    """Neither in the evidence of a figure, nor in the answers of the search."""
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
    page = watch(context).open(f"{site}/{COMPARISON}")
    page.locator("td a.figure").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()

    assert [] == violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill("solo")
    expect(page.get_by_role("search").get_by_role("link")).to_have_count(1)

    assert [] == violations(page)
    context.close()


def test_evidence_opens_and_closes_by_keyboard(visit: Visit, site: str) -> None:
    """Enter shows it, Escape goes back to the figure."""
    page = visit.open(f"{site}/{COMPARISON}")
    figure = page.locator("td a.figure").first
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(figure).to_be_focused()


def test_the_first_stop_skips_to_the_content(visit: Visit, site: str) -> None:
    page = visit.open(f"{site}/index.html")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


@pytest.mark.parametrize("name", ["index.html", COMPARISON])
def test_search_leads_to_a_plan_by_keyboard(visit: Visit, site: str, name: str) -> None:
    """From any folder of the site."""
    page = visit.open(f"{site}/{name}")
    page.get_by_role("searchbox").fill("prefect team")
    expect(page.get_by_role("search").get_by_role("link")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vendors/prefect.html#p-*")

    expect(page.locator(":target")).to_contain_text("Prefect Cloud Team")


def test_search_says_when_nothing_is_found(visit: Visit, site: str) -> None:
    page = visit.open(f"{site}/index.html")
    page.get_by_role("searchbox").fill("nobody of that name")

    expect(page.get_by_text("Nothing of that name is watched.")).to_be_visible()
