"""What of a page its reader sees, in which encoding, and whether it is all there."""

from __future__ import annotations

import pytest

from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.facts import Surface


def document(body: str) -> Document:
    return read_document(f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>".encode())


def lines(body: str) -> list[str]:
    return [block.text for block in document(body).blocks if block.surface is Surface.VISIBLE]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>10 €</p>".encode(), None),
        ("<p>10 €</p>".encode(), "text/html"),
        ("<p>10 €</p>".encode("cp1252"), None),
        ("<meta charset='windows-1252'><p>10 €</p>".encode("cp1252"), None),
        ("<p>10 €</p>".encode("iso8859-15"), "text/html; charset=ISO-8859-15"),
        (b"\xef\xbb\xbf" + "<p>10 €</p>".encode(), "text/html; charset=latin-1"),
        ("<p>10 €</p>".encode("utf-16"), None),
        ("<p>10 €</p>".encode("utf-16-le"), None),
        ("<p>10 €</p>".encode("utf-16-be"), None),
        ("<meta charset='utf-16'><p>10 €</p>".encode(), None),
        ("<meta charset='no-such-charset'><p>10 €</p>".encode(), None),
        ("<meta charset='iso-8859-1'><p>10 €</p>".encode(), None),
        ("<p>10 €</p>".encode() + b"\xff" + b" " * 2000, None),
    ],
    ids=[
        "plain",
        "no charset",
        "cp1252",
        "meta",
        "header",
        "bom wins",
        "utf-16",
        "le",
        "be",
        "false utf-16",
        "unknown",
        "false latin",
        "stray",
    ],
)
def test_the_currency_sign_survives_the_encoding(body: bytes, content_type: str | None) -> None:
    """Without a charset, HTTP's default would turn it into another letter and the currency would be lost."""
    assert "10 €" in read_document(body, content_type=content_type).text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>$1</p>",
        "<p style='display:none'>$1</p>",
        "<p style='color: red; visibility: hidden'>$1</p>",
        "<p aria-hidden='true'>$1</p>",
        "<div class='hidden'><p>$1</p></div>",
        "<div class='d-none'><p>$1</p></div>",
        "<template><p>$1</p></template>",
        "<noscript><p>$1</p></noscript>",
        "<style>.x7 { display: none }</style><p class='x7'>$1</p>",
        "<style>#gone{display:none}</style><p id='gone'>$1</p>",
        "<script>document.write('$1')</script>",
        "<!-- $1 -->",
        "<textarea>$1</textarea>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    found = document(f"<p>$10</p>{hidden}<p>$20</p>")

    assert ["$10", "$20"] == [block.text for block in found.blocks]
    assert not found.holds("$1", Surface.INACTIVE_PANE)


@pytest.mark.parametrize(
    "shown",
    [
        "<div class='hidden md:block'>$5</div>",
        "<div class='d-none d-lg-block'>$5</div>",
        "<style>@media (max-width: 600px){.w{display:none}}</style><div class='w'>$5</div>",
        "<style>.w:hover{display:none}</style><div class='w'>$5</div>",
        "<div style='opacity: 0.5'>$5</div>",
    ],
)
def test_what_is_hidden_only_on_some_screens_is_read(shown: str) -> None:
    assert ["$5"] == lines(shown)


@pytest.mark.parametrize(
    "pane",
    [
        "<div role='tabpanel' hidden>$120</div>",
        "<div id='annual-plans' style='display:none'>$120</div>",
        "<div class='price yearly hidden'>$120</div>",
        "<div data-period='annual' hidden>$120</div>",
    ],
)
def test_the_inactive_pane_of_a_toggle_is_kept_apart(pane: str) -> None:
    found = document(f"<p>$10</p>{pane}")

    assert [Surface.VISIBLE, Surface.INACTIVE_PANE] == [block.surface for block in found.blocks]
    assert "$120" not in found.text
    assert found.holds("$120", Surface.INACTIVE_PANE)
    assert not found.holds("$120")


@pytest.mark.parametrize(
    "struck",
    [
        "<s>$20</s>",
        "<del>$20</del>",
        "<strike>$20</strike>",
        "<span style='text-decoration: line-through'>$20</span>",
        "<i class='old-price'>$20</i>",
    ],
)
def test_struck_text_is_marked(struck: str) -> None:
    (block,) = document(f"<p>{struck} $10</p>").blocks

    assert [("$20", True), ("$10", False)] == [(block.text[s.start : s.end], s.struck) for s in block.segments]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p><span>$</span><span>10</span><span>/mo</span></p>", "$10/mo"),
        ("<p><span>Solo</span><span>Most popular</span></p>", "Solo Most popular"),
        ("<p><b>$15</b>Per Month</p>", "$15 Per Month"),
        ("<p>$<b>1</b>,<b>200</b></p>", "$1,200"),
        ("<p>a\n\n   b\t c</p>", "a b c"),
        ("<p>zero​width</p>", "zerowidth"),
    ],
)
def test_a_line_reads_as_on_the_screen(body: str, text: str) -> None:
    assert [text] == lines(body)


def test_lines_end_where_blocks_do() -> None:
    assert ["Solo", "$10", "per month", "a", "b"] == lines("<div>Solo<div>$10</div>per month</div>a<br>b")


def test_a_block_knows_the_headings_above_it() -> None:
    found = document("<h1>Pricing</h1><h2>Cloud</h2><h3>Solo</h3><p>$10</p><h2>Server</h2><p>$20</p>").blocks

    assert ("Pricing", "Cloud", "Solo") == found[3].headings
    assert ("Pricing", "Server") == found[5].headings


def test_a_locator_finds_its_element_again() -> None:
    found = document("<div><p>a</p></div><div id='x1'><ul><li>b</li><li>$10</li></ul></div>")
    (block,) = [block for block in found.blocks if block.text == "$10"]

    assert "#x1 > ul > li:nth-of-type(2)" == block.locator
    assert "$10" == found.soup.select_one(block.locator).get_text()  # type: ignore[union-attr]


def test_a_quote_is_not_held_across_what_is_hidden() -> None:
    """The page does not say "$20 $10" where a decoy stands between."""
    found = document("<p>$20 <span style='display:none'>$1</span> $10</p>")

    assert found.holds("$20")
    assert not found.holds("$20 $10")


def test_scripts_are_kept_with_their_type_and_id() -> None:
    found = document("<script type='application/json' id='state'>{\"a\": 1}</script>")

    assert (("application/json", "state", '{"a": 1}'),) == found.scripts


@pytest.mark.parametrize(
    ("page", "complete"),
    [
        ("<html><body><div><p>a</p></div></body></html>", True),
        ("<html><body><div><p>a</p></div></body></html><!-- cached -->\n", True),
        ("<html lang=en><body><div><p>a</div>", True),
        ("<html><body><div><p>a", False),
        ("<html><body><div><p>a</p>\n\n\n\n", True),
        ("<html><body><div><p>a</p></div><div", False),
        ("<html><body><script>var a = '</div>", False),
        ("<html><body><section><p>$1</p>", False),
        ("<div><p>a page's body without its frame</p></div>", True),
        ("<div><p>cut within a t", True),
        ("<div><p>cut within a tag</p", False),
    ],
)
def test_a_page_that_ends_in_the_middle_is_incomplete(page: str, complete: bool) -> None:
    assert complete is read_document(page.encode()).is_complete


def test_what_a_recipe_ignores_is_taken_out() -> None:
    assert (
        "$77" not in read_document(b"<p>$10</p><aside class='ad'>$77</aside>", ignore=(".ad", "not a [selector")).text
    )
