"""Where a dated sentence is the vendor's own: in running text, and not where others speak or something is taken back."""

from __future__ import annotations

import pytest

from pricing_pipeline.extract.dated_lines import dated_lines
from pricing_pipeline.extract.document import read_document

SAID = "From 1 June 2026 Solo costs $12 a month."
PAGE = "<!doctype html><html><body><h1>Pricing</h1>{}<p>Solo costs $10 a month.</p></body></html>"


def days(html: str) -> list[str]:
    document = read_document(PAGE.format(html).encode())
    return [f"{line.day:%Y-%m-%d}" for line in dated_lines(document, is_news=False) if line.names_it]


def test_a_paragraph_of_the_vendors_own_is_read() -> None:
    assert ["2026-06-01"] == days(f"<p>{SAID}</p>")


@pytest.mark.parametrize(
    "html",
    [
        f"<blockquote><p>{SAID}</p></blockquote>", f"<nav><p>{SAID}</p></nav>", f"<footer><p>{SAID}</p></footer>",
        f"<p><del>{SAID}</del></p>", f"<table><tr><td>{SAID}</td></tr></table>", f"<p hidden>{SAID}</p>",
        f"<p>{SAID} {'More of the same. ' * 200}</p>",
    ],
    ids=["quotation", "navigation", "footer", "struck", "table", "hidden", "no paragraph"],
)  # fmt: skip
def test_what_others_say_or_what_is_taken_back_is_not(html: str) -> None:
    """Tables are read by their own rows."""
    assert [] == days(html)
