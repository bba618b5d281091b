"""Footnotes that take back what a line of a card promises."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag


def basic(line: str, note: str) -> list[str]:
    """What a card's line states, with a note below all cards."""
    cards = grid(card("Basic", tag("29"), line), card("Other", tag("77"), "9,000 credits included"))
    return facts(framed(f"{cards}<p>{note}</p>"))["Basic"][1:]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("* During the trial only. Afterwards no credits are included.", ["not_included credit"]),
        ("* Only in the first month; no credits are included later", ["not_included credit"]),
        ("* Trial only", []),
        ("* For the first billing cycle only", []),
        ("* Not available during the trial", ["7500 credit"]),
        ("** During the trial only", ["7500 credit"]),
        ("During the trial only", ["7500 credit"]),
        ("* Fair use applies", ["7500 credit"]),
    ],
)
def test_what_a_plan_includes_for_a_first_while_only_is_not_included(note: str, told: list[str]) -> None:
    assert told == basic("7,500 credits included*", note)


def test_a_note_is_of_the_lines_that_bear_its_mark() -> None:
    assert ["7500 credit"] == basic("7,500 credits included", "* During the trial only")
    assert [] == basic("7,500 credits included †", "† During the trial only")
