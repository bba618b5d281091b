"""What a plan costs at first, and what it costs in the long run: the second is its price."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import facts
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag, toggled

STRUCK = "<s>$29</s> $19<span>/month</span>"


def basic(price: str, *lines: str) -> list[str]:
    return facts(framed(grid(card("Basic", price, *lines), card("Other", tag("77")))))["Basic"]


@pytest.mark.parametrize(
    ("price", "line"),
    [
        (tag("19"), "Limited offer: 35% off for the first 3 months. Regular price $29."),
        (tag("19"), "Introductory price for 3 months, then $29"),
        (tag("19"), "Introductory price. Regularly $29"),
        (tag("19"), "Then $29/month after 3 months"),
        (tag("19", "/month for the first 3 months"), "then $29/month"),
        (STRUCK, "$19/month for your first 3 months, then $29/month."),
        (STRUCK, "35% off for your first 3 months"),
        (tag("29"), "$19 for the first 3 months, then $29"),
    ],
)
def test_the_price_after_the_first_months_is_the_price(price: str, line: str) -> None:
    assert ["29 USD/month"] == basic(price, line)


def test_a_lower_price_without_an_end_is_the_price() -> None:
    assert ["19 USD/month", "list 29 USD/month"] == sorted(basic(STRUCK, "Black Friday"))


@pytest.mark.parametrize(
    "line",
    [
        "Save 20% on your first year",
        "50% off for your first 3 months. Regular price $29.",
        "$19 for each further site",
    ],
)
def test_an_offer_that_does_not_lead_from_one_price_to_the_other_changes_neither(line: str) -> None:
    """Half of $29 is not $19, and an offer that names no other price may be none of this tag."""
    assert "19 USD/month" == basic(tag("19"), line)[0]


def test_the_note_on_the_monthly_offer_says_nothing_of_the_yearly_price_below_it() -> None:
    """Panes of a toggle often repeat the whole card, its small print too."""
    note = "$19/month for your first 3 months, then $29/month."
    monthly, annual = (
        grid(card("Basic", price, note), card("Other", other))
        for price, other in (
            (STRUCK, tag("77")),
            (tag("24", "/month, billed annually"), tag("66", "/month, billed annually")),
        )
    )

    assert ["29 USD/month", "24 USD/month for a year (inactive_pane)"] == facts(framed(toggled(monthly, annual)))[
        "Basic"
    ]
