"""Spans that are no month and no year: four weeks, 28 days, two years. None of them is taken for a month."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag, toggled


def basic(price: str, *lines: str) -> list[str]:
    """The facts of a plan in a pane that is headed as one of months."""
    shown = grid(card("Basic", price, *lines), card("Other", tag("77")))
    yearly = grid(card("Basic", tag("300", "/year")), card("Other", tag("700", "/year")))
    return [said for said in facts(framed(toggled(shown, yearly)))["Basic"] if "inactive" not in said]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/ 4 weeks", "29 USD/4_weeks"),
        ("every 4 weeks", "29 USD/4_weeks"),
        ("every four weeks", "29 USD/4_weeks"),
        ("every other week", "29 USD/2_weeks"),
        ("every 28 days", "29 USD/28_days"),
        ("per 30 days", "29 USD/30_days"),
        ("every two years", "29 USD/2_years"),
        ("every 3 months", "29 USD/quarter"),
        ("/week", "29 USD/week"),
    ],
)
def test_a_price_is_charged_as_often_as_the_page_says(said: str, told: str) -> None:
    assert [told] == basic(tag("29", said))


@pytest.mark.parametrize(
    "said",
    [
        "/month, billed every two years",
        "/month, billed every 2 years",
        "/month, billed biennially",
        "/month on a two-year plan",
        "/month with a 24-month contract",
    ],
)
def test_a_month_that_is_paid_for_two_years_at_once_commits_to_two_years(said: str) -> None:
    assert ["29 USD/month for a 2_years"] == basic(tag("29", said))


def test_credits_come_as_often_as_the_page_says() -> None:
    assert ["29 USD/month", "5000 credit/2_weeks"] == basic(tag("29"), "5,000 credits every 2 weeks")


def test_a_price_from_nothing_to_something_is_not_free() -> None:
    assert ["0-29 USD/month"] == basic("<span>$0–$29</span><span>/month</span>")
    assert ["free"] == basic(tag("0"))


def test_a_range_from_nothing_in_a_table_is_not_free_either() -> None:
    rows = (
        "<tr><td></td><td>Basic</td><td>Pro</td></tr><tr><td>Price</td><td>$0–$10 / month</td><td>$30 / month</td></tr>"
    )

    assert ["0-10 USD/month"] == facts(framed(f"<table>{rows}</table>"))["Basic"]
