"""What a unit is, by the page's own words: the figures count, not how the sentence is put."""

from __future__ import annotations

import pytest

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import SourceKind, Term, TermKind

PAGE = """<html><head><title>Pricing - Acme</title></head><body><h1>Pricing</h1><div class="plans">
<div class="plan"><h3>Solo</h3><p class="price">$10 / month</p><ul><li>500 credits per month</li>
<li>$0.04 per additional credit</li></ul></div>
<div class="plan"><h3>Team</h3><p class="price">$30 / month</p><ul><li>5,000 credits per month</li></ul></div></div>
<section><h2>FAQ</h2><h3>What is a credit?</h3><p>{said}</p></section></body></html>"""


def defined(said: str) -> list[Term]:
    seen = read_page(
        PAGE.format(said=said).encode(), url="https://acme.example/pricing", kind=SourceKind.PRICING, currency="USD"
    )
    return [term for term in seen.terms if term.term is TermKind.UNIT_DEFINITION]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("One credit equals one minute of processing.", "1 minute"),
        ("Every credit is worth 1 minute of compute time.", "1 minute"),
        ("1 credit = 30 seconds", "30 seconds"),
        ("One credit equals an hour of use.", "1 hour"),
        ("Each credit covers up to 1,000 tokens.", "1,000 tokens"),
        ("One credit replaces ten tasks.", "10 tasks"),
        ("A credit takes the place of 100 tasks.", "100 tasks"),
        ("1 Credit is equal to 1 GB of traffic or 1000 image transformations", "1 GB, 1,000 image transformations"),
    ],
)
def test_a_sentence_that_says_what_a_unit_is_defines_it(said: str, expected: str) -> None:
    (term,) = defined(said)

    assert ("credit", None, expected) == (term.metric, term.plan, term.unit_as_printed)
    assert term.evidence.quote in said


@pytest.mark.parametrize(
    "said",
    [
        "A credit is a unit of work.",
        "A credit used to be 1 minute.",
        "From 1 June one credit equals 2 minutes.",
        "For example, one credit is 10 exports.",
        "1 credit = $0.01",
        "Every pizza is 8 slices.",
    ],
)
def test_what_defines_nothing_today_is_no_definition(said: str) -> None:
    assert [] == defined(said)
