"""A price of nothing: free, and in the currency that the page writes its zero in."""

from __future__ import annotations

import pytest

from pricing_pipeline.facts import State, TermKind
from tests.pricing_pipeline.extract.pages import card, framed, grid, read, tag, terms


def free_fees(page: str) -> list[tuple[State, str | None]]:
    """The free plan's fees as (state, currency)."""
    found = terms(read(page), "free", TermKind.RECURRING_FEE)
    return [(term.state, term.currency) for term in found]


@pytest.mark.parametrize(
    ("price", "currency"), [(tag("0", sign="€"), "EUR"), ("<span>£0</span>", "GBP"), ("<span>Free</span>", None)]
)
def test_a_zero_is_free_in_its_own_currency(price: str, currency: str | None) -> None:
    """So that a page which moves from euros to dollars is seen to move, though nothing of it costs anything."""
    page = framed(grid(card("Free", price, "1 user"), card("Pro", tag("9", sign="€"), "5 users")))

    assert [(State.FREE, currency)] == free_fees(page)


def test_a_zero_in_a_table_is_free_in_its_own_currency() -> None:
    rows = "<tr><th>Price</th><td>€0</td><td>€9 / month</td></tr><tr><th>Users</th><td>1</td><td>5</td></tr>"
    page = framed(f"<table><tr><th></th><th>Free</th><th>Pro</th></tr>{rows}</table>")

    assert [(State.FREE, "EUR")] == free_fees(page)


def test_free_and_a_zero_beside_it_are_one_price() -> None:
    """A card may say "€0" and "Free", each with a currency of its own or none."""
    free = card("Free", tag("0", sign="€"), "1 user")
    again = card("Free", "<span>Free</span>", "1 user")
    paid = card("Pro", tag("9", sign="€"), "5 users")
    page = framed(grid(free, paid) + grid(again, paid))

    assert [(State.FREE, "EUR")] == free_fees(page)


def test_the_tags_of_a_template_are_no_words_of_what_is_counted() -> None:
    """What they stand between is: SMS and WhatsApp alerts, not just SMS."""
    lines = "5 SMS {% if has_chat %}&amp; WhatsApp{% endif %} alerts per month"
    page = framed(grid(card("Free", tag("0"), lines), card("Pro", tag("9"), "5 users")))

    assert ["sms_whatsapp_alert"] == [term.metric for term in terms(read(page), "free", TermKind.ALLOWANCE)]
