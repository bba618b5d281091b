"""Selectors that a person would have written: short, by what an element is, not by how it looks or which build made it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from pricing_pipeline.propose.selectors import built_stem, is_telling, select, shared, within


def soup(body: str) -> BeautifulSoup:
    return BeautifulSoup(f"<html><body>{body}</body></html>", "lxml")


@pytest.mark.parametrize("name", ["plan", "plan-card", "tier", "offer", "PricingCard", "c-price", "plan-2"])
def test_names_that_say_what_an_element_is_are_used(name: str) -> None:
    assert is_telling(name)


@pytest.mark.parametrize(
    "name",
    ["mt-4", "w-1/2", "md:flex", "text-lg", "css-1x2y3z4", "plan_base__58430", "sc-bdVaJa", "grid", "p-2", "bg-white"],
)
def test_names_that_say_how_it_looks_or_which_build_made_it_are_not(name: str) -> None:
    assert not is_telling(name)


def test_what_stands_before_a_builds_digest_is_kept() -> None:
    assert "plan_base__" == built_stem("plan_base__58430")
    assert built_stem("plan-card") is None


def test_elements_of_one_build_are_selected_by_the_part_that_the_next_build_keeps() -> None:
    page = soup("<li class='plan_base__58430'>a</li><li class='plan_base__58430 plan_hot__91a22'>b</li>")
    first = next(shared(page.find_all("li")))

    assert 'li[class*="plan_base__"]' == first
    assert 2 == len(select(page, first))


def test_a_test_id_is_preferred_to_a_class() -> None:
    page = soup("<div class='x' data-testid='plan'>a</div><div class='x' data-testid='plan'>b</div>")

    assert "div[data-testid=plan]" == next(shared(page.find_all("div")))


def test_only_what_all_elements_share_is_used() -> None:
    page = soup("<div class='card solo'>a</div><div class='card crew'>b</div>")

    assert "div.card" == next(shared(page.find_all("div")))


def test_the_selector_within_a_container_finds_its_target_first() -> None:
    page = soup("<div class='p'><i>new</i><b>Solo</b></div><div class='p'><b>Crew</b></div>")
    containers = page.select("div.p")

    assert ["b"] == list(within(containers, page.find_all("b")))
    assert [] == list(within(containers, [page.find("i"), page.find_all("b")[1]]))


def test_a_text_that_is_no_selector_selects_nothing() -> None:
    assert [] == select(soup("<p>a</p>"), "p[[")
