"""How many of something one has to take at least, and how many one may have at most, told in one line."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag


def basic(line: str) -> set[str]:
    """The counts that a line of a card states."""
    return set(facts(framed(grid(card("Basic", tag("29"), line), card("Other", tag("77")))))["Basic"][1:])


@pytest.mark.parametrize(
    "line",
    [
        "Up to 5 users, 3-user minimum",
        "Up to 5 users (min. 3)",
        "Up to 5 users. At least 3 seats are billed.",
        "Up to 5 users, at least 3 are billed",
        "Minimum 3 users, up to 5",
        "Minimum of 3 users, maximum of 5 users",
        "5 seats included (at least 3 billed)",
        "5 users, minimum 3 users",
        "Min. 3 / max. 5 users",
        "3 seats minimum, 5 maximum",
        "3 to 5 users",
    ],
)
def test_a_line_with_a_least_keeps_its_most(line: str) -> None:
    assert {"5 seat", "at least 3 seat"} == basic(line)


@pytest.mark.parametrize(
    "line", ["Minimum 3 users", "3-user minimum", "3 users (minimum)", "Minimum purchase: 3 seats"]
)
def test_the_only_figure_of_a_line_is_the_least_wherever_the_word_stands(line: str) -> None:
    assert {"at least 3 seat"} == basic(line)


def test_a_least_of_one_thing_is_none_of_another() -> None:
    assert {"10 dashboard", "at least 3 seat"} == basic("10 dashboards, minimum 3 users")
    assert {"5 seat"} == basic("Up to 5 users. Minimum contract value applies")
