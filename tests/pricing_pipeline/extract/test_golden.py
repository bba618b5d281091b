"""Whole pages in the markup and wording of today's pricing pages, each with what a careful person reads from it.

A case is a folder, named by the law that it holds; its facts are written by hand, in the words of notation.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pricing_pipeline.facts import Surface
from tests.pricing_pipeline.extract.notation import noted
from tests.pricing_pipeline.extract.pages import read

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_a_page_says_what_a_careful_person_reads(case: str) -> None:
    """No less, no more, and no contradiction."""
    wanted = json.loads((GOLDEN / case / "facts.json").read_text(encoding="utf-8"))

    observation = read((GOLDEN / case / "page.html").read_bytes(), currency=wanted["currency"])

    assert wanted["facts"] == noted(observation)


@pytest.mark.parametrize("case", CASES)
def test_every_visible_quote_of_a_page_stands_in_its_text(case: str) -> None:
    """Looked up with another parser than the one that read the page."""
    page = (GOLDEN / case / "page.html").read_text(encoding="utf-8")
    text = "".join(BeautifulSoup(page, "html.parser").get_text().split())

    quotes = [term.evidence for term in read(page).terms if term.evidence.surface is Surface.VISIBLE]

    assert [] == [evidence.quote for evidence in quotes if "".join(evidence.quote.split()) not in text]


def test_there_are_cases() -> None:
    """A folder that lost its pages would pass without a word."""
    assert 90 <= len(CASES)
