"""Quotes in the words around them: marked where they were read, cut where nobody needs more, and never as markup."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from pricing_pipeline.catalog import Provenance
from pricing_pipeline.facts import Surface
from pricing_pipeline.publish.captured_pages import Captures, captured_pages, links, without_lost
from pricing_pipeline.publish.contexts import Contexts, Passage, Wanted, contexts
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.site import Site
from tests.pricing_pipeline.publish import example

PAGE = """<html><head><title>$10 in the title</title></head><body><h1>Prices</h1>
<div class="card"><h2>Solo</h2><p><span>$10</span> <b>/month</b></p><p>Up to 1 user</p></div>
<div class="card"><h2>Starter</h2><p>$10 <b>/month</b> at first</p></div>
<div hidden><p>$120 /year</p></div>
<script type="application/json">{"credits": "7,500"}</script></body></html>"""


def wanted(quote: str, locator: str = "", surface: Surface = Surface.VISIBLE, figure: str = "t-1") -> Wanted:
    return Wanted(figure=figure, quote=quote, locator=locator, surface=surface)


def marked(passage: Passage) -> str:
    """A passage as text, with brackets around what is marked."""
    return "".join(f"[{piece.text}]" if piece.is_quote else piece.text for piece in passage.pieces)


def found(*quotes: Wanted, around: int | None = None, page: str = PAGE) -> Contexts:
    return contexts(page, quotes, around=around)


def test_a_quote_is_marked_in_the_text_of_the_page() -> None:
    """Whatever tags part it; and neither the title nor what is hidden is among that text."""
    (passage,) = found(wanted("$10 /month")).shown

    assert "Prices\nSolo\n[$10 /month]\nUp to 1 user\nStarter\n$10 /month at first" == marked(passage).strip()


def test_a_quote_that_stands_twice_is_marked_where_it_was_read() -> None:
    (passage,) = found(wanted("$10 /month", "div.card:nth-of-type(2)")).shown

    assert "Starter\n[$10 /month] at first" in marked(passage)
    assert "Solo\n$10 /month\n" in marked(passage)


def test_so_many_characters_around_a_quote_are_shown_in_whole_words() -> None:
    (passage,) = found(wanted("Up to 1 user"), around=8).shown

    assert "/month\n[Up to 1 user]" == marked(passage).strip()
    assert (True, True) == passage.is_cut


def test_quotes_that_stand_close_together_share_a_passage() -> None:
    first, second = wanted("$10 /month", figure="t-1"), wanted("Up to 1 user", figure="t-2")

    assert 1 == len(found(first, second, around=20).shown)
    assert frozenset({"t-1", "t-2"}) == found(first, second, around=20).found


def test_a_quote_within_another_has_a_place_of_its_own() -> None:
    (passage,) = found(wanted("$10 /month", figure="t-1"), wanted("/month", ".card b", figure="t-2")).shown

    assert [("$10 ", ("t-1",)), ("/month", ("t-2",))] == [
        (one.text, one.figures) for one in passage.pieces if one.figures
    ]


def test_what_the_page_hid_at_first_is_told_apart() -> None:
    told = found(wanted("$120 /year", surface=Surface.INACTIVE_PANE), around=0)

    assert () == told.shown
    assert ["[$120 /year]"] == [marked(one) for one in told.hidden]


def test_a_quote_out_of_data_is_shown_as_it_is_written() -> None:
    ((figure, excerpt),) = found(wanted("7,500", surface=Surface.STRUCTURED)).written

    assert ("t-1", '{"credits": "', "7,500", '"}') == (figure, excerpt.before, excerpt.quote, excerpt.after)


def test_a_quote_that_is_not_there_is_said_to_be_missing() -> None:
    told = found(wanted("$99"))

    assert ("t-1",) == told.missing
    assert frozenset() == told.found


@given(some.lists(some.text(some.characters(exclude_categories=("Cs", "Cc")), max_size=30), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_the_pieces_of_a_passage_are_the_text_itself(words: list[str]) -> None:
    """Cutting it up for marks loses and adds nothing."""
    import html

    page = "".join(f"<p>{html.escape(word)}</p>" for word in words)
    whole = found(wanted("Prices"), page=f"<h1>Prices</h1>{page}")
    also = found(wanted("Prices"), *(wanted(word, figure=f"t-{word}") for word in words), page=f"<h1>Prices</h1>{page}")

    text = "".join(piece.text for one in whole.shown for piece in one.pieces)
    assert text == "".join(piece.text for one in also.shown for piece in one.pieces)


def read(page: str) -> Captures:
    def text_of(provenance: Provenance) -> str | None:
        return page if provenance.source_id == "dagster/dagster-plus/pricing" else None

    return Captures(read=text_of, around=300)


def test_a_capture_has_a_page_and_every_quote_found_there_leads_to_it() -> None:
    """A capture whose bytes are gone has none."""
    shelf = Shelf(example.CATALOG, example.REGISTRY)
    (page,) = captured_pages(shelf, read("<p>Solo: $10 /month</p>"))

    assert "captures/capture-dagster-pricing.html" == page.path
    assert {f"{page.path}#{figure}" for figure in page.contexts.found} == set(links([page]).values())
    assert page.contexts.found < {entry.id for entry in page.entries}


def test_a_hostile_page_stays_text() -> None:
    """What the page wrote as words stays words; nothing that it runs or loads comes along."""
    shelf = Shelf(example.CATALOG, example.REGISTRY)
    hostile = "<p>&lt;script&gt;alert(1)&lt;/script&gt; $10 /month <img src=https://x.example onerror=alert(1)></p>"
    site = Site(shelf, title="Prices", captures=read(hostile))
    ((_, content),) = site.captured()

    assert b"&lt;script&gt;alert(1)&lt;/script&gt; <mark" in content
    assert b"x.example" not in content
    assert b'<meta name="robots" content="noindex">' in content


def test_a_page_that_is_kept_from_an_earlier_edition_loses_links_to_quotes_that_are_gone() -> None:
    page = b'<q><a href="../captures/a.html#t-1">one</a></q><q><a href="../captures/b.html#t-2">two</a></q>'

    assert (
        b'<q><a href="../captures/a.html#t-1">one</a></q><q>two</q>'
        == without_lost(page, frozenset({"captures/a.html#t-1"}))
    )  # fmt: skip


def test_the_same_capture_gives_the_same_page() -> None:
    shelf = Shelf(replace(example.CATALOG), example.REGISTRY)
    pages = [list(Site(shelf, title="Prices", captures=read(PAGE)).captured()) for _ in range(2)]

    assert pages[0] == pages[1]
