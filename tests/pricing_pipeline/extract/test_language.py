"""How a page writes its numbers: as its source says, else as the page itself declares, else nobody can tell what is ambiguous."""

from __future__ import annotations

import pytest

from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.language import page_locale
from tests.pricing_pipeline.extract.pages import fees, read


def page(attributes: str, head: str = "") -> str:
    """A page in a language, with a price that means two things in two countries."""
    return (
        f"<!DOCTYPE html><html {attributes}><head><title>Pricing</title>{head}</head><body><div><div class='c'><h3>One</h3>"
        "<p>1.234 €/month</p></div><div class='c'><h3>Two</h3><p>29,90 €/month</p></div></div></body></html>"
    )


OG = "<meta property='og:locale' content='{}'>"


@pytest.mark.parametrize(
    ("attributes", "head", "locale"),
    [
        ("", "", "en-US"),
        ("lang='de'", "", "de"),
        ("lang='de-CH'", "", "de-CH"),
        ("lang='pt_br'", "", "pt-BR"),
        ("lang='zh-Hans-CN'", "", "zh-CN"),
        ("lang='en'", OG.format("en_IN"), "en-IN"),
        ("", OG.format("fr_FR"), "fr-FR"),
        ("lang='en'", OG.format("de_DE"), "und"),
        ("lang='x'", "", "en-US"),
        ("lang='und'", "", "en-US"),
    ],
)
def test_a_page_declares_its_locale(attributes: str, head: str, locale: str) -> None:
    assert locale == page_locale(read_document(page(attributes, head).encode()))


def test_what_the_source_says_holds() -> None:
    assert "de-AT" == page_locale(read_document(page("lang='en'").encode()), "de-AT")


@pytest.mark.parametrize(
    ("attributes", "head", "first"),
    [
        ("lang='de'", "", [("1234", "EUR", "month", "month")]),
        ("lang='en'", "", []),
        ("lang='en'", OG.format("de_DE"), []),
    ],
)
def test_a_figure_that_means_two_things_is_read_by_the_page_or_not_at_all(
    attributes: str, head: str, first: list[tuple[str, str, str, str]]
) -> None:
    observation = read(page(attributes, head))

    assert first == fees(observation, "one")
    assert [("29.90", "EUR", "month", "month")] == fees(observation, "two")
