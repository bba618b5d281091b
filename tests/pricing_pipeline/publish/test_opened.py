"""The captured page behind a quote: its words stay, the quote is marked, and nothing of it runs or loads."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.errors import PublishError
from pricing_pipeline.publish.opened import Captured, Opened, Quoted, opened
from pricing_pipeline.publish.opened_figures import find_figure
from tests.pricing_pipeline.publish.test_edition import made
from tests.servers import LoopbackServer

CHROMIUM = shutil.which("chromium")
CAPTURED = Captured(
    capture_id="c1", source_id="dagster/dagster-plus/pricing", url="https://dagster.io/pricing",
    captured_at=datetime(2026, 5, 1, 6, tzinfo=UTC), sha256="ab" * 32,
)  # fmt: skip
HOSTILE = """<!doctype html><html><head><base href="{origin}/"><meta http-equiv="refresh" content="0;url={origin}/refresh">
<link rel="stylesheet" href="{origin}/style.css">
<link rel="dns-prefetch" href="{origin}">
<link rel="preload" as="script" href="{origin}/pre.js">
<script src="{origin}/a.js"></script><script>document.title = "owned"; fetch("{origin}/fetch")</script>
<style>@import url({origin}/i.css); body { background: url({origin}/bg.png) } .opened { display: none }</style></head>
<body onload="document.title='owned'" style="background:url({origin}/s.png)" background="{origin}/b.png">
<h1 onclick="x()" id="quote">Pricing</h1><p>Solo costs <b style="color:red">$10</b>
 a&nbsp;month</p><div hidden>Starter costs $100</div><div style="display:none">Pro</div>
<img src="{origin}/i.png" srcset="{origin}/i2.png 2x" onerror="document.title='owned'" alt="A picture">
<a href="javascript:document.title='owned'" ping="{origin}/ping">link</a><a href="{origin}/go">go</a>
<form action="{origin}/form"><input name="a" autofocus onfocus="document.title='owned'">
<button formaction="{origin}/f">Buy</button></form>
<iframe src="{origin}/frame" srcdoc="<script>parent.document.title='owned'</script>"></iframe>
<object data="{origin}/o"></object><embed src="{origin}/e"><video src="{origin}/v" poster="{origin}/vp" autoplay></video>
<svg onload="document.title='owned'"><script>document.title='owned'</script>
<image href="{origin}/svg.png"/><use href="{origin}/u#x"/></svg>
<math><mtext><style><img src={origin}/m onerror=document.title='owned'></style></mtext></math>
<noscript><p title="</noscript><img src={origin}/n onerror=document.title='owned'>"></noscript>
<template><img src="{origin}/t"></template><details ontoggle="document.title='owned'"><summary>More</summary>Kept words</details>
<!-- --!><img src={origin}/c onerror=document.title='owned'> --><![CDATA[<img src={origin}/cd>]]>
<x-card onmouseover="x()">Custom words</x-card>
<table background="{origin}/tb"><tr><td colspan="2" onclick="x()">Cell</td></tr></table>
<textarea></textarea><script>document.title='owned'</script></textarea><plaintext><script>document.title='owned'</script>"""

PLAIN = HOSTILE.replace("{origin}", "https://elsewhere.example")


def quoted(quote: str, locator: str = "", surface: str = "visible") -> Quoted:
    """A quote to mark."""
    return Quoted(
        label="dagster-plus.solo.recurring_fee", text="$10.00 a month", quote=quote, locator=locator, surface=surface
    )


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: Opened) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def body(page: Opened) -> str:
    """What was kept of the captured page."""
    return page.content.decode().split("</section>", 1)[1]


def test_a_quote_is_marked_where_it_stands_across_tags_and_white_space():
    page = opened(PLAIN, CAPTURED, quoted("Solo costs $10 a month"))

    assert 1 == page.marks
    assert '<mark class="quote" id="quote">Solo costs</mark>' in body(page).replace("costs </mark>", "costs</mark>")
    assert '<b><mark class="quote">$10</mark></b>' in body(page)


def test_of_several_the_one_that_was_read_is_marked():
    text = "<div id=a><p>$10</p></div><div id=b><p>$10</p></div>"
    page = opened(text, CAPTURED, quoted("$10", "#b"))

    assert 1 == page.marks
    assert body(page).index("<p>$10</p>") < body(page).index('<p><mark class="quote" id="quote">$10</mark></p>')


def test_a_quote_in_a_hidden_pane_is_shown_with_its_pane():
    page = opened(PLAIN, CAPTURED, quoted("Starter costs $100", surface="inactive_pane"))

    assert '<div class="was-hidden"><mark class="quote" id="quote">Starter costs $100</mark></div>' in body(page)


def test_a_quote_that_is_in_no_text_is_shown_as_it_was_written():
    text = '<script type="application/ld+json">{"price": "10", "x": "</b>"}</script><p aria-label="ten dollars">x</p>'
    structured = opened(text, CAPTURED, quoted('"price": "10"', surface="structured")).content.decode()
    attribute = opened(text, CAPTURED, quoted("ten dollars", surface="attribute")).content.decode()

    assert '<mark class="quote">&quot;price&quot;: &quot;10&quot;</mark>' in structured
    assert "in its structured data" in structured
    assert '<mark class="quote">ten dollars</mark>' in attribute


def test_words_stay_and_everything_that_runs_or_loads_goes():
    page = opened(PLAIN, CAPTURED)

    for words in ("Pricing", "Kept words", "Custom words", "[A picture]", "Buy", "Cell"):
        assert words in body(page)
    inside = [one for one in Tags(page).found if "http-equiv" not in one[1]]
    assert {"class", "open", "colspan", "id", "lang", "charset", "name", "content", "aria-label", "href", "rel"} >= {
        name for _, attributes in inside for name in attributes
    }
    assert ["https://dagster.io/pricing"] == [attributes["href"] for _, attributes in inside if "href" in attributes]
    assert not {"script", "iframe", "form", "object", "embed", "svg", "img", "input", "link", "base"} & {
        tag for tag, _ in inside
    }


def test_an_address_that_is_none_of_the_web_is_no_link():
    from dataclasses import replace

    page = opened("x", replace(CAPTURED, url="javascript:alert(1)"), None).content.decode()

    assert "href" not in page


def test_a_page_that_nests_without_end_is_opened():
    page = opened("<div>" * 20_000 + "$10" + "</div>" * 20_000, CAPTURED, quoted("$10"))

    assert b"captured page" in page.content


@given(st.text("<>/\"'=! -abscriptonlmgvhef:\x00", max_size=200))
def test_whatever_a_page_holds_only_what_is_named_comes_out(text):
    kept = Tags(opened(text, CAPTURED, quoted("a"))).found

    assert not {"script", "img", "svg", "iframe", "form", "object", "embed", "base", "math"} & {tag for tag, _ in kept}
    assert not [name for _, attributes in kept for name in attributes if name.startswith("on") or name == "src"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: the browser test did not run")
def test_a_hostile_page_runs_nothing_and_asks_for_nothing(tmp_path):
    """In a real browser, with a server listening for what it might ask."""
    from playwright.sync_api import sync_playwright

    with LoopbackServer() as server, sync_playwright() as playwright:
        origin = server.url("").rstrip("/")
        path = tmp_path / "page.html"
        path.write_bytes(
            opened(HOSTILE.replace("{origin}", origin), CAPTURED, quoted("Solo costs $10 a month")).content
        )
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(path.as_uri() + "#quote")
        page.mouse.move(200, 400)
        page.keyboard.press("Tab")
        title, marked = page.title(), page.locator("mark.quote").first.is_visible()
        shown = page.locator(".opened").is_visible()
        colour = page.locator("mark.quote").first.evaluate("one => getComputedStyle(one).backgroundColor")
        browser.close()

    assert [path.as_uri() + "#quote"] == asked or [path.as_uri()] == asked
    assert [] == server.paths()
    assert "Captured page: https://dagster.io/pricing" == title
    assert (True, True, "rgb(255, 224, 102)") == (marked, shown, colour)


def test_a_published_figure_leads_to_its_capture(tmp_path):
    edition = made(tmp_path).path
    figure = find_figure(edition, "dagster-plus.solo.recurring_fee")

    assert figure is not None
    assert ("$10.00 a month", "capture-dagster-pricing") == (figure.text, figure.capture_id)
    assert figure == find_figure(edition, figure.id)
    assert find_figure(edition, "dagster-plus.solo").name == "dagster-plus.solo"
    assert find_figure(edition, "dagster-plus.rating.g2").surface == "visible"
    assert None is find_figure(edition, "capture-dagster-pricing")


def test_a_name_of_several_figures_is_told_with_all_of_them(tmp_path: Path):
    edition = made(tmp_path).path

    with pytest.raises(
        PublishError, match=r"could be several figures: prefect-cloud.hobby.limit.seat \(2 seats\) is t-\w+; "
    ):
        find_figure(edition, "prefect-cloud.hobby.limit")
