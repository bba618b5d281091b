"""What a visitor reads of a text, with the line and column of every character."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.claims.markdown import markdown_passages
from pricing_pipeline.claims.markup import html_passages
from pricing_pipeline.claims.passages import Block, Place
from pricing_pipeline.claims.plaintext import plain_passages
from pricing_pipeline.claims.reading import read_passages


def places(passages, word: str) -> list[Place]:
    """Where a word stands."""
    return [one.place(one.text.index(word)) for one in passages if word in one.text]


def test_emphasis_and_links_are_read_as_their_words():
    (passage,) = markdown_passages("Solo **costs** `$10` a [month](https://x.example), *now*.")

    assert "Solo costs $10 a month, now." == passage.text


def test_a_word_is_found_in_its_line_and_column():
    text = "# Title\n\nSolo **costs**\n$10 a month.\n"

    assert [Place(4, 1)] == places(markdown_passages(text), "$10")
    assert [Place(3, 8)] == places(markdown_passages(text), "costs")


def test_headings_stand_above_what_follows_them():
    passages = markdown_passages("# A\n\n## B\n\nx\n\n## C\n\ny")

    assert [(), ("A",), ("A", "B"), ("A",), ("A", "C")] == [one.headings for one in passages]


def test_a_list_knows_the_sentence_that_leads_to_it():
    passages = markdown_passages("Choose Solo if:\n\n- it is cheap\n- it is small")

    assert ["", "Choose Solo if:", "Choose Solo if:"] == [one.lead for one in passages]


def test_a_cell_knows_its_row_and_its_column():
    passages = markdown_passages("| Plan | Price |\n|---|---|\n| Solo | **$10** |\n")
    cell = next(one for one in passages if one.text == "$10")

    assert (Block.CELL, "Solo", "Price", "Plan") == (cell.block, cell.row, cell.column, cell.corner)
    assert Place(3, 12) == cell.place(0)


def test_code_comments_and_front_matter_are_not_read():
    text = "---\nprice: $99\n---\n```\n$98\n```\n<!-- $97\n$96 -->\nSolo costs $10."

    assert ["Solo costs $10."] == [one.text for one in markdown_passages(text)]


def test_hidden_and_struck_out_parts_of_a_page_are_not_read():
    text = (
        "<title>$99</title><p>Solo <del>$12</del> $10</p><div hidden>$98</div><p style='display: none'>$97</p>"
        "<script>'$96'</script><template>$95</template>"
    )

    assert ["Solo $10"] == [one.text for one in html_passages(text)]


def test_entities_stand_where_they_are_written():
    (passage,) = html_passages("<p>a &amp; b&nbsp;c\n &lt;d</p>")

    assert "a & b c <d" == passage.text
    assert Place(2, 2) == passage.place(passage.text.index("<"))


def test_end_tags_may_be_left_out():
    """As the standard allows."""
    text = "<ul><li>One<li>Two</ul><table><tr><th>Plan<th>Price<tr><td>Solo<td>$10</table>"
    passages = html_passages(text)

    assert ["One", "Two", "Plan", "Price", "Solo", "$10"] == [one.text for one in passages]
    assert ("Solo", "Price") == (passages[-1].row, passages[-1].column)


def test_an_empty_cell_keeps_its_column():
    passages = html_passages(
        "<table><tr><td></td><th>A</th><th>B</th></tr><tr><th>x</th><td></td><td>2</td></tr></table>"
    )

    assert ("x", "B") == (passages[-1].row, passages[-1].column)


def test_words_in_boxes_of_their_own_are_kept_apart():
    (passage,) = html_passages("<p>15,000 credits<small>Cheapest</small></p>")

    assert "15,000 credits Cheapest" == passage.text


def test_plain_text_has_paragraphs():
    passages = plain_passages("one\ntwo\n\nthree")

    assert ["one two", "three"] == [one.text for one in passages]
    assert Place(4, 1) == passages[1].place(0)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.md", "**x**"), ("a.html", "<p>x</p>"), ("-", "<!DOCTYPE html><p>x</p>"), ("a.txt", "x")],
)
def test_the_form_is_told_by_name_or_beginning(name, text):
    assert ["x"] == [one.text for one in read_passages(text, name)]


@given(st.text(alphabet="ab|*_`[]()#->~\\ \n$1&<>/;", max_size=120))
def test_every_character_stands_where_it_says(text):
    """Whatever the text: a place leads to a line that there is."""
    lines = text.count("\n") + 1
    for read in (markdown_passages, html_passages, plain_passages):
        for passage in read(text):
            for offset in range(len(passage.text)):
                assert 1 <= passage.place(offset).line <= lines


@pytest.mark.parametrize("text", ["<div>" * 20000, "<p " * 20000, "<table><tr><td>" * 3000, "<b>" * 30000, "[" * 5000])
def test_no_text_takes_long(text):
    """Deep nesting and tags that never end once took minutes."""
    started = time.process_time()
    html_passages(text)
    markdown_passages(text)

    assert time.process_time() - started < 20
