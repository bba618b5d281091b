"""A redesigned page is read again by what history knows of it: names and values that the page still holds, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, Recipe, TermKind
from pricing_pipeline.propose.repair import Repair, repair
from pricing_pipeline.results import Offer
from tests.pricing_pipeline.extract.pages import card, fees, framed, grid, names, tag
from tests.pricing_pipeline.propose.layouts import CHALLENGE, SOURCE, URL, cards, rows


def observed(page: str) -> Observation:
    return read_page(page.encode(), url=URL, kind=SOURCE.kind, currency="USD")


def known() -> Offer:
    """What was published while the page still had its cards."""
    before = observed(cards())
    return Offer(plans=before.plans, terms=before.terms)


def repaired(page: str, recipe: Recipe | None = None) -> Repair:
    return repair(page.encode(), replace(SOURCE, recipe=recipe), known())


def test_a_redesigned_page_gives_its_plans_again_by_the_proposed_selectors() -> None:
    page = rows()
    assert [] == names(observed(page)), "the generic reading finds nothing on this page, or this shows nothing"
    found = repaired(page)

    assert found.recipe is not None
    assert found.after is not None
    assert ["Solo", "Crew", "Fleet"] == names(found.after)
    assert [("10", "USD", "month", "month")] == fees(found.after, "solo")


def test_the_recipe_serves_the_reader_as_it_stands() -> None:
    """What is proposed is what the next refresh reads by."""
    page = rows()
    found = repaired(page)
    again = read_page(page.encode(), url=URL, kind=SOURCE.kind, currency="USD", recipe=found.recipe)

    assert found.after == again
    assert [] == [told for told in again.diagnostics if told.code == "recipe_failed"]


def test_a_price_that_moved_with_the_redesign_is_read_as_the_page_says_it() -> None:
    """History helps to find the place; the value is the page's."""
    found = repaired(rows(crew="$120/month"))

    assert found.after is not None
    assert [("120", "USD", "month", "month")] == fees(found.after, "crew")
    assert [("10", "USD", "month", "month")] == fees(found.after, "solo")


def test_a_plan_that_came_with_the_redesign_is_read_too() -> None:
    page = rows().replace(
        "</main>",
        "<section class='offer'><div><b>Studio</b> is the plan that most people take when they have grown</div>"
        "<div class='ask'>$40/month</div><p>2 users</p></section></main>",
    )
    found = repaired(page)

    assert found.after is not None
    assert [("40", "USD", "month", "month")] == fees(found.after, "studio")


def test_every_fact_that_is_found_again_is_quoted_from_the_page() -> None:
    page = rows()
    document = read_document(page.encode())
    found = repaired(page)

    assert found.after is not None
    assert found.after.terms
    for term in found.after.terms:
        assert document.holds(term.evidence.quote, term.evidence.surface), term.evidence.quote


def other_values() -> str:
    """The redesigned page with the plans' names and nothing else that was known of them."""
    page = rows()
    for was, now in (("$10/", "$11/"), ("$100/", "$90/"), ("7,500", "8"), ("30,000", "9"), (" user", " guest")):
        page = page.replace(was, now)
    return (
        page.replace("Unlimited users", "All")
        .replace("Contact sales", "$500/month")
        .replace("1 guest", "guests")
        .replace("3 guest", "guest")
    )


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (framed("<h1>Our story</h1><p>We began in a garage.</p>"), "does not name Solo, Crew, Fleet"),
        (rows(names=("One", "Two", "Three")), "does not name Solo, Crew, Fleet"),
        (framed("<h1>Plans</h1><p>Solo</p><p>Crew</p><p>Fleet</p>"), "no selector was found"),
        (other_values(), "no selector was found"),
    ],
    ids=["another page", "other names", "names without prices", "names with nothing else that is known"],
)  # fmt: skip
def test_where_the_page_does_not_hold_what_is_known_nothing_is_proposed(page: str, reason: str) -> None:
    """A recipe that rests on names alone would be a guess."""
    found = repaired(page)

    assert found.recipe is None
    assert found.after is None
    assert reason in found.reason
    assert found.is_needed


def test_a_page_that_is_read_well_needs_no_repair() -> None:
    found = repaired(cards())

    assert (None, False) == (found.recipe, found.is_needed)
    assert "Solo, Crew, Fleet" in found.reason


def test_a_challenge_in_the_pages_place_is_nothing_to_learn_from() -> None:
    found = repaired(CHALLENGE)

    assert found.recipe is None
    assert "no whole page" in found.reason


def test_a_page_that_was_cut_off_is_nothing_to_learn_from() -> None:
    assert "no whole page" in repaired(rows()[:600]).reason


def test_without_history_there_is_nothing_to_look_for() -> None:
    found = repair(rows().encode(), SOURCE, Offer())

    assert "history knows no plan" in found.reason


def test_a_recipe_that_stopped_matching_is_replaced_and_what_it_ignores_is_kept() -> None:
    old = Recipe(plan=".tier", name=".title", ignore=(".promo",))
    found = repaired(rows(extra="<div class='promo'><b>Solo</b> $1/month for 3 months</div>"), old)

    assert found.recipe is not None
    assert (".promo",) == found.recipe.ignore
    assert ".tier" != found.recipe.plan


def test_a_recipe_that_is_in_the_way_of_the_generic_reading_is_taken_out() -> None:
    """The page went back to ordinary cards; the recipe of the time between picks the wrong parts."""
    page = cards().replace("<h1>", "<div class='offer'><h3>Gift card</h3><p>$5</p></div><h1>")
    found = repaired(page, Recipe(plan=".offer"))

    assert Recipe() == found.recipe
    assert found.after is not None
    assert {"Solo", "Crew", "Fleet"} <= set(names(found.after))


def test_class_names_that_a_build_tool_made_are_not_relied_on() -> None:
    """`who__77aa12` is called otherwise after the next build."""
    found = repaired(rows())

    assert found.recipe is not None
    written = " ".join(filter(None, (found.recipe.plan, found.recipe.name, found.recipe.price)))
    assert "77aa12" not in written
    assert "4f2a91" not in written


def test_the_same_page_gives_the_same_proposal() -> None:
    assert repaired(rows()) == repaired(rows())


def test_names_in_a_menu_do_not_mislead() -> None:
    """A plan is named in many places of a page; the one beside its price counts."""
    heads = "".join(f"<th>{name}</th>" for name in ("Feature", "Solo", "Crew", "Fleet"))
    page = rows(extra=f"<table><tr>{heads}</tr><tr><td>SSO</td><td>–</td><td>–</td><td>Yes</td></tr></table>")
    page = page.replace("<h1>", "<nav><a>Solo</a><a>Crew</a><a>Fleet</a></nav><h1>")
    found = repaired(page)

    assert found.after is not None
    assert [("10", "USD", "month", "month")] == fees(found.after, "solo")
    assert ["Solo", "Crew", "Fleet"] == names(found.after)


def test_what_history_knows_of_inactive_panes_is_not_taken_for_the_visible_price() -> None:
    """A year's total that matches by chance is no value of the plan as it is shown."""
    before = known()
    annual = tuple(
        replace(term, billing_period="year", commitment="year")
        for term in before.terms
        if term.term is TermKind.RECURRING_FEE and term.amount
    )
    found = repair(rows().encode(), SOURCE, Offer(plans=before.plans, terms=(*before.terms, *annual)))

    assert found.after is not None
    assert [("10", "USD", "month", "month")] == fees(found.after, "solo")


def test_words_that_the_source_expects_and_the_page_lost_are_told() -> None:
    """Otherwise the page would count as another one, recipe or not."""
    source = replace(SOURCE, expect=("Solo", "Book a demo"))
    well = repair(cards().encode(), source, known())
    redesigned = repair(rows().encode(), source, known())

    assert ("Book a demo",) == redesigned.lost_anchors
    assert well.is_needed
    assert "Book a demo of `expect` is not on the page" in well.reason


def test_a_recipe_never_costs_a_plan_that_is_read_without_it() -> None:
    """Cards of new plans above, the known ones below in rows: selectors for the rows alone would lose the cards."""
    page = rows().replace(
        "<main>", grid(card("Nano", tag("3"), "1 user"), card("Micro", tag("5"), "1 user")) + "<main>"
    )
    found = repaired(page)

    assert ["Nano", "Micro"] == names(found.before)
    assert found.recipe is None or {"Nano", "Micro"} <= set(names(found.after or found.before))
