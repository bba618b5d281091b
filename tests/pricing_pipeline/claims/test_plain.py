"""Words as figures, each in its place, and tables whose names are said once for several rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.claims.markdown import markdown_passages
from pricing_pipeline.claims.markup import html_passages
from pricing_pipeline.claims.passages import Block, Place
from pricing_pipeline.claims.plain import changed, in_digits, without_sayings
from pricing_pipeline.claims.plaintext import plain_passages


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("ten dollars", "$10"),
        ("a hundred bucks a month", "$100 a month"),
        ("half a cent a minute", "$0.005 a minute"),
        ("three and a half cents", "$0.035"),
        ("it is a cent now", "it is $0.01 now"),
        ("a quarter of a million events", "250000 events"),
        ("half a million rows", "500000 rows"),
        ("100 euros", "€100"),
        ("two dozen seats", "24 seats"),
        ("USD 100 per month", "$100 per month"),
        ("five named users", "5 users"),
        ("doesn't cost a cent", "doesn't cost a cent"),
    ],
)
def test_money_and_parts_in_words_are_read_as_figures(written, figure):
    read = in_digits(written)

    assert figure.split() == read.split()
    assert len(written) == len(read)


def test_figures_without_a_sign_are_money_where_a_text_uses_one():
    assert "it is$40 a month" == in_digits("it is 40 a month", "$")
    assert "it is 40 a month" == in_digits("it is 40 a month")
    assert "500 a month are included" == in_digits("500 a month are included", "$")


@given(st.text(alphabet="a half one ten cents dollars million 5$¢€.,USD\n", max_size=80))
def test_nothing_moves(text):
    """A place in what is read is a place in what was written."""
    read = in_digits(text, "$")

    assert len(text) == len(read)
    assert all(text[start:end] != read[start:end] for start, end in changed(text, read))


def test_what_others_say_of_themselves_is_left_out():
    assert "He said:" == without_sayings("He said: “We paid $900 a month for that.”").strip()
    assert "The “Starter plan for small teams” it is" == without_sayings("The “Starter plan for small teams” it is")


MARKDOWN = "| Product | Plan | Price |\n|---|---|---|\n| Dagster+ | Solo | 10 |\n| | Starter | 100 |"
HTML = (
    "<table><tr><th>Product</th><th>Plan</th><th>Price</th></tr><tr><td rowspan=2>Dagster+</td><td>Solo</td><td>10</td></tr>"
    "<tr><td>Starter</td><td>100</td></tr></table>"
)


@pytest.mark.parametrize("passages", [markdown_passages(MARKDOWN), html_passages(HTML)], ids=["pipes", "rowspan"])
def test_a_name_that_is_said_once_names_the_rows_below_it(passages):
    prices = [(one.row, one.column, one.text) for one in passages if one.column == "Price"]

    assert [("Dagster+ Solo", "Price", "10"), ("Dagster+ Starter", "Price", "100")] == prices


def test_plain_text_has_titles_items_and_quoted_questions():
    passages = plain_passages("PRICES 2026\n\n> How much?\n\nTen.\n- one\n- two")

    blocks = [Block.HEADING, Block.HEADING, Block.PARAGRAPH, Block.ITEM, Block.ITEM]
    assert blocks == [one.block for one in passages]
    assert ("PRICES 2026", "How much?") == passages[2].headings
    assert Place(3, 3) == passages[1].place(0)
