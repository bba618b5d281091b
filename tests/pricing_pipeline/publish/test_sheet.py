"""The lines of a captured page, and quotes found in them however they are set."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pricing_pipeline.publish.opened_quote import BLANK
from pricing_pipeline.publish.sheet import Tree

WORDS = some.lists(some.sampled_from(["a", "ab", "b a", "\u200b", "$10", "\u00adx", " "]), min_size=1, max_size=400)


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>one <b>two</b>\n three</p>", "one two three"),
        ("<p>one</p><!-- not this --><p>two<br>three", "one\ntwo\nthree"),
        ("<ul><li>one<li>two</ul><script>no</script>tail", "one\ntwo\ntail"),
        ("<style>p {}</style><template><p>no</p></template><noscript>no</noscript>one", "one"),
        ("<p>one<span hidden>no</span> two<span style='display: none'>no</span></p>", "one two"),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_a_page_is_read_in_the_lines_that_it_shows(page, lines):
    assert lines == Tree(page).shown.text.strip("\n\ufffd")


def test_what_is_hidden_stands_among_all_of_the_text():
    assert "one\nhidden\ntwo" == Tree("<p>one</p><p hidden>hidden</p><p>two</p>").every.text.strip()


@settings(max_examples=60, deadline=None)
@given(words=WORDS, start=some.integers(0, 300), length=some.integers(1, 120))
def test_a_quote_is_found_where_its_letters_stand_first(words, start, length):
    """Whatever white space stands between them, near the beginning or far from it."""
    sheet = Tree(f"<p>{''.join(words)}</p>").shown
    letters = BLANK.sub("", sheet.text)
    needle = letters[start : start + length]

    span = sheet.find(needle, None)

    if not needle:
        assert span is None
    else:
        assert span is not None
        assert needle == BLANK.sub("", sheet.text[slice(*span)])
        assert letters.find(needle) == len(BLANK.sub("", sheet.text[: span[0]]))


@pytest.mark.parametrize("between", ["", "<p>far</p>" * 200], ids=["near", "far"])
def test_a_quote_is_found_from_the_tag_on_in_which_it_was_read_and_else_from_the_top(between):
    page = f"<main><p>$10</p><div><p>Two</p>{between}<p>$10</p></div></main>"
    tree = Tree(page)
    first, second = tree.shown.text.find("$10"), tree.shown.text.rfind("$10")

    assert (second, second + 3) == tree.shown.find("$10", tree.located("html > body > main > div"))
    assert (first, first + 3) == tree.shown.find("$10", tree.located("main > div > p:nth-of-type(9999)"))
    assert (first, first + 3) == tree.shown.find("$10", None)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("#plans > li:nth-of-type(2)", "two"),
        ("html > body > ul > li", "one"),
        ("li.last", "three"),
        ("span[aria-label]", "label"),
        ("body > li", None),
        ("script:contains('x')", None),
        ("", None),
    ],
)
def test_a_path_leads_to_its_first_tag(path, expected):
    page = "<ul id=plans><li>one</li><li>two</li><li class='x last'>three</li></ul><span aria-label=x>label</span>"
    tag = Tree(page).located(path)

    assert expected == (None if tag is None else tag.text)


def test_scripts_come_before_attributes_where_a_page_shows_nothing_of_a_quote():
    page = "<p title='in an attribute'>shown</p><script>in a script</script><template><b>in a template</b></template>"

    assert ["in a script", "in a template", "in an attribute"] == list(Tree(page).unseen())
