"""Units that are sold so many at a time: the price is that of the pack, never that of one unit, and never the plan's own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pricing_pipeline.money import read_amounts
from tests.pricing_pipeline.extract.notation import ALL, facts
from tests.pricing_pipeline.extract.pages import card, framed, grid, tag


def basic(line: str) -> list[str]:
    """What a card with a price of its own and one more line states."""
    return facts(framed(grid(card("Basic", tag("29"), line), card("Other", tag("77")))))["Basic"]


@pytest.mark.parametrize(
    "line",
    [
        "Buy 10,000 more credits for $25",
        "10,000 extra credits for $25",
        "Additional 10,000 credits: $25",
        "$25 for 10,000 more credits",
        "$25 for another 10,000 credits",
        "$25 per 10,000 extra credits",
        "$25 per pack of 10,000 credits",
        "10,000-credit pack: $25",
        "Top up 10k credits for $25",
        "Extra credits: $25 for 10,000",
        "Additional credits: 10,000 for $25",
        "+10,000 credits $25",
        "10,000 credits for $25",
        "$25 for 10,000 credits",
    ],
)
def test_a_pack_of_credits_costs_what_it_costs(line: str) -> None:
    assert ["29 USD/month", "25 USD per 10000 credit"] == basic(line)


@pytest.mark.parametrize("label", ["Extra credits", "Credit packs"])
@pytest.mark.parametrize("cell", ["$25 for 10,000 credits", "10,000 credits for $25"])
def test_a_table_may_say_what_a_pack_costs(label: str, cell: str) -> None:
    rows = (("", "Basic", "Pro"), ("Price", "$10/month", "$30/month"), (label, cell, cell))
    table = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)

    assert ["10 USD/month", "25 USD per 10000 credit"] == facts(framed(f"<table>{table}</table>"))["Basic"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Additional credits can be purchased at $25 for 10,000 credits.",
        "Extra credits cost $25 for 10,000.",
        "You can buy 10,000 extra credits for $25.",
    ],
)
def test_a_sentence_may_say_what_a_pack_costs(sentence: str) -> None:
    cards = grid(card("Basic", tag("29"), "1 user"), card("Other", tag("77"), "2 users"))

    assert ["25 USD per 10000 credit"] == facts(framed(f"{cards}<h3>What if I run out?</h3><p>{sentence}</p>"))[ALL]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Add 10,000 credits for $25/month", "25 USD per 10000 credit/month"),
        ("$25/month for 10,000 more credits", "25 USD per 10000 credit/month"),
        ("5 extra users for $40/month", "40 USD per 5 seat/month"),
        ("1 extra user for $10/month", "10 USD per seat/month"),
    ],
)
def test_a_pack_may_be_bought_each_month(line: str, told: str) -> None:
    assert ["29 USD/month", told] == basic(line)


def test_whether_so_many_more_at_a_price_is_for_each_or_for_all_of_them_is_not_guessed() -> None:
    assert ["29 USD/month"] == basic("10,000 more credits at $25")
    assert ["29 USD/month", "10 USD per seat/month"] == basic("1 extra user at $10/month")


@pytest.mark.parametrize(
    "text",
    [
        "20,000 credits for $29/month",
        "Includes 20,000 credits for $29",
        "Up to 20,000 credits for $29",
        "2 months for $29",
        "$29 for 3 more months",
        "$29/month for 1,000 contacts",
        "$29 for 1,000 contacts",
    ],
)
def test_what_a_price_holds_is_not_what_it_is_the_price_of(text: str) -> None:
    (amount,) = read_amounts(text, currency="USD")

    assert (None, None) == (amount.metric, amount.per_quantity)


@given(count=some.integers(2, 9_999_999), cents=some.integers(1, 999_999))
def test_any_pack_reads_the_same_whichever_comes_first(count: int, cents: int) -> None:
    price = f"${Decimal(cents) / 100:.2f}"

    for text in (f"{count:,} extra credits for {price}", f"{price} for {count:,} more credits"):
        (amount,) = read_amounts(text, currency="USD")
        assert (Decimal(cents) / 100, "credit", count) == (amount.amount, amount.metric, amount.per_quantity)
