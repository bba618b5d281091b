"""The lean parse gives the soup that bs4 gives, only sooner."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.extract.parsing import parse

DEMO = Path(__file__).resolve().parents[3] / "pricing_pipeline" / "demo" / "pages"
PIECES = (
    "<p>", "</p>", "<div class='a  b'>", "</div>", "<b>", "</b>", "<pre>", "</pre>", "<textarea>", "</textarea>", "<br>",
    "<svg viewBox='0 0 1 1'><path d='M0'/></svg>", "<o:p>", "</o:p>", "<a href=x rel='nofollow noopener'>", "</a>",
    "<script>var a = '<b>' ;\n\n</script>", "<style> .x { } </style>", "<template>", "</template>", "<!-- note -->",
    "<![CDATA[x]]>", "<meta charset='latin-1'>", "<td>", "</table>", "&nbsp;", "&amp;", " ", "\n \t", "\u00a0", "$10", "Solo",
    "<",
)  # fmt: skip


def shape(node: PageElement) -> list[object]:
    """A tree as plain values: the kind of every element and text, its names and attributes with class names as written."""
    if not isinstance(node, Tag):
        return [type(node).__name__, str(node)]
    attributes = {key: " ".join(value) if isinstance(value, list) else value for key, value in node.attrs.items()}
    folded = {key: " ".join(str(value).split()) for key, value in attributes.items()}
    return [node.name, node.prefix, folded, [shape(child) for child in node.contents]]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_markup_gives_the_same_tree_as_bs4_itself(markup: str) -> None:
    assert shape(BeautifulSoup(f"<html><body>{markup}", "lxml")) == shape(parse(f"<html><body>{markup}"))


@pytest.mark.parametrize("path", sorted(DEMO.rglob("*.html")), ids=lambda path: path.stem)
def test_a_whole_page_gives_the_same_tree_as_bs4_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert shape(BeautifulSoup(text, "lxml")) == shape(parse(text))


def test_tags_are_kept_in_page_order() -> None:
    soup = parse("<title>Acme</title><ul><li>one<b>1</b><li>two</ul><p>end")

    assert ["html", "head", "title", "body", "ul", "li", "b", "li", "p"] == [tag.name for tag in soup.tags]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_tags_are_those_that_a_search_of_the_tree_finds(markup: str) -> None:
    soup = parse(markup)

    assert [id(tag) for tag in soup.find_all(True)] == [id(tag) for tag in soup.tags]


def test_class_names_stay_as_they_are_written() -> None:
    (tag,) = parse("<p class=' price   old '>$5").find_all("p")

    assert " price   old " == tag["class"]


def test_the_links_between_elements_are_whole() -> None:
    """Searches and siblings walk along them."""
    soup = parse("<div>a<b>b</b> <i>c</i></div><p>d</p>")
    first = soup.contents[0]
    walked = [first, *first.next_elements]

    assert ["html", "body", "div", "a", "b", "b", " ", "i", "c", "p", "d"] == [
        getattr(node, "name", None) or str(node) for node in walked
    ]
    assert ["b"] == [tag.name for tag in soup.find("i").find_previous_siblings()]  # type: ignore[union-attr]


def test_names_of_attributes_stay_as_they_are_written() -> None:
    """A template's own tags may be left between them."""
    (tag,) = parse("<a {if} href=x>").find_all("a")

    assert {"{if}": "", "href": "x"} == tag.attrs


def test_a_tag_can_be_copied_out_of_its_page() -> None:
    (tag,) = parse("<p class=plan><b>Solo</b> $10</p>").find_all("p")

    assert '<p class="plan"><b>Solo</b> $10</p>' == str(copy(tag))
