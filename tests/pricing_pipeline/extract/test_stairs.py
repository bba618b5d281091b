"""Rates that fall with use, told in one line of a card that has a price of its own."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag


def basic(line: str) -> list[str]:
    return facts(framed(grid(card("Basic", tag("29"), line), card("Other", tag("77")))))["Basic"]


@pytest.mark.parametrize(
    "line",
    [
        "$0.003 per credit for the first 100,000, then $0.001",
        "$0.003 per credit for the first 100k credits, $0.001 after",
        "$0.003 per credit up to 100,000, then $0.001 per credit",
        "First 100,000 credits $0.003 each, then $0.001 each",
        "The first 100,000 credits are $0.003 each, then $0.001",
    ],
)
def test_the_first_so_many_and_what_comes_after_them_are_rates(line: str) -> None:
    """ "For the first 100,000" is no introductory while, so what comes then is no price of the plan."""
    rates = ["0.003 USD per credit above 0", "0.001 USD per credit above 100000"]

    assert sorted(["29 USD/month", *rates]) == sorted(basic(line))


def test_the_next_so_many_have_a_rate_of_their_own() -> None:
    rates = ["0.003 USD per credit above 0", "0.002 USD per credit above 10000", "0.001 USD per credit above 100000"]

    told = basic("First 10k credits at $0.003, next 90k at $0.002, then $0.001")

    assert sorted(["29 USD/month", *rates]) == sorted(told)


def test_steps_in_time_are_no_steps_in_use() -> None:
    assert ["29 USD/month"] == basic("$19 for the first 3 months, then $29")
