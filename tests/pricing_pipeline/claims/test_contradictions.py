"""A text that says two things of one thing is told of it, whatever the facts are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.claims.audit import Auditor
from tests.pricing_pipeline.claims.market import KNOWN

# Nothing is known but names, so that only the text can speak against itself.
IGNORANT = Auditor(replace(KNOWN, terms=(), ratings=(), licences={}))


def against_itself(text: str) -> list[tuple[int, str]]:
    """The lines and words of what contradicts the text itself."""
    return [(one.claim.place.line, one.claim.text) for one in IGNORANT.audit(text, "a.md").contradictions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Prefect Cloud Starter costs $400 a month.\n\n| Plan | Price |\n|---|---|\n| Prefect Cloud Starter | $450/month |",
            [(5, "$450/month")],
        ),
        ("Prefect Cloud is paid only.\n\n- Hobby: free", [(3, "Hobby: free")]),
        ("Prefect Cloud has a free tier.\n\nThere is no free plan on Prefect Cloud.", [(3, "free plan")]),
        ("Dagster+ Solo includes 7,500 credits.\n\nDagster+ Solo includes no credits.", [(3, "no credits")]),
        ("Prefect is rated 4.5/5 on G2.\n\nOn G2, Prefect has 4.7 out of 5.", [(3, "4.7 out of 5")]),
        ("Prefect has no ratings yet on G2.\n\nPrefect is rated 4.5/5 on G2.", [(3, "4.5/5")]),
        (
            "The cheapest plan of Dagster+ is Solo.\n\nThe cheapest plan of Dagster+ is Starter.",
            [(3, "The cheapest")],
        ),
        (
            "Dagster+ Solo costs $10 a month.\n\nDagster+ Starter costs $100 a month.\n\nDagster+ Solo is dearer than Starter.",
            [(5, "dearer")],
        ),
        (
            "## Choose Dagster+ if\n\n- budget matters: Solo costs $10 a month against Prefect's free Hobby plan",
            [(3, "$10 a month")],
        ),
    ],
    ids=[
        "two prices",
        "paid only",
        "free tier",
        "allowance",
        "ratings",
        "no ratings",
        "cheapest",
        "own prices",
        "reason",
    ],
)
def test_a_contradiction_is_found(text, expected):
    assert expected == against_itself(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dagster+ Solo costs $10 a month.\n\nDagster+ Solo costs $120 a year.",
        "Until April 2026 Dagster+ Solo included 7,500 credits.\n\nDagster+ Solo includes no credits.",
        "Prefect is rated 4.5/5 on G2.\n\nPrefect is rated 4.3/5 on Capterra.",
        "Prefect is rated 4.46/5 on G2.\n\nPrefect is rated 4.5/5 on G2.",
        "Prefect has over 100 reviews on G2.\n\nPrefect has 124 reviews on G2.",
        "Acme Basic costs about $10 a month.\n\nAcme Basic costs $9.90 a month.",
        "Dagster+ Starter costs $100 a month.\n\nPrefect Cloud Starter costs $90 a month.",
        "At 15,000 credits Dagster+ Solo comes to $610 a month.\n\nDagster+ Solo costs $10 a month.",
        "## Choose Prefect Cloud if\n\n- budget matters: Hobby is free, and Dagster+ Solo costs $10 a month",
        "Dagster+ Solo went from $9 to $10 a month.\n\nDagster+ Solo costs $10 a month.",
    ],
)
def test_two_statements_that_may_both_be_true_are_none(text):
    assert [] == against_itself(text)


def test_the_other_line_is_named():
    (one,) = IGNORANT.audit("Prefect Cloud is paid only.\n\nPrefect Cloud has a free tier.", "a.md").contradictions

    assert "something is free here, nothing is free in line 1" == one.why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# Zenith vs Apogee\n\nZenith Core costs $400 a month.\n\n| Plan | Price |\n|---|---|\n| Zenith Core | $450/month |",
            [(7, "$450/month")],
        ),
        (
            "# Zenith pricing\n\nThe Core plan costs $400 a month.\n\n| Plan | Price |\n|---|---|\n| Core | $450/month |",
            [(7, "$450/month")],
        ),
        (
            "# Zenith vs Apogee\n\nZenith is paid only.\n\n| | Zenith | Apogee |\n|---|---|---|\n| Free tier | Yes | No |",
            [(7, "Yes")],
        ),
        ("# Zenith vs Apogee\n\nZenith Core costs $400 a month. Apogee Core costs $450 a month.", []),
    ],
    ids=["two prices", "one product", "paid only", "two products"],
)
def test_a_text_about_strangers_is_held_against_itself_too(text, expected):
    """Nobody has to be watched for a text to contradict itself."""
    found = IGNORANT.audit(text, "a.md")

    assert expected == [(one.claim.place.line, one.claim.text) for one in found.contradictions]
    assert () == found.contradicted
