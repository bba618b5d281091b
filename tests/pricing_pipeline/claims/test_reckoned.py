"""A figure that is no published price may be reckoned from some: it is accused only if nothing around makes it."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.claims.market import audit, contradicted

HEAD = "# Prefect Cloud and Dagster+\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Somebody on Dagster+ Solo used 7,500 credits. That now makes $410 in all.", ["$410"]),
        ("Somebody on Dagster+ Solo used 7,500 credits. That now makes $310 in all.", []),
        ("Using 7,500 credits would be worth $300 on Dagster+ Solo now.", []),
        ("Using 7,500 credits would be worth $340 on Dagster+ Solo now.", ["$340"]),
        ("Prefect Cloud Team bills at least four users, and the least you pay is $400, the most $800.", []),
    ],
    ids=["no bill", "a bill", "worth so much", "not worth so much", "least and most seats"],
)
def test_an_amount_must_be_something_that_follows_from_what_is_published(text, expected):
    assert expected == contradicted(HEAD + text)


@pytest.mark.parametrize(
    "text",
    [
        "At 15,000 credits Dagster+ Starter was the choice in April. Now Solo is at $610 and Starter at $625.",
        "On Dagster+ Solo a thousand credits cost $40, on Starter $35.",
        "Dagster+ Solo suits one. The next step on either side costs $100.",
        "| Credits a month | Dagster+ Solo |\n|---|---|\n| 1,000 | $50 |\n| 15,000 | $610 |",
        "Our budget for Dagster+ Solo consulting is $4,321 in all.",
        "Somebody paid $12 to see our talk about Dagster+.",
        "Any article which tells you that Dagster+ Starter comes with 30,000 credits is out of date.",
    ],
)
def test_what_may_be_a_bill_at_the_figures_around_is_not_accused(text):
    assert [] == contradicted(HEAD + text)


def test_a_use_in_the_row_is_part_of_the_bill():
    table = "| Credits a month | Dagster+ Solo |\n|---|---|\n| 1,000 | $50 |\n| 15,000 | $50 |"
    assert [("$50", 6)] == [(one.claim.text, one.claim.place.line) for one in audit(HEAD + table).contradicted]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A user of Dagster+ Solo went from $10 to $310. That is 31 times as much.", []),
        ("A user of Dagster+ Solo went from $10 to $310. That is 12 times as much.", ["12 times as much"]),
        ("On Dagster+ Solo somebody who used 7,500 credits pays $310 now, 31 times as much.", []),
        ("Dagster+ Solo is a tenth of Starter's monthly fee.", []),
        ("Dagster+ Solo is a third of Starter's monthly fee.", ["a third of"]),
        ("We look at Dagster+ three times a week, and twelve times ten is 120.", []),
    ],
)
def test_a_multiple_must_be_one_of_two_figures(text, expected):
    assert expected == contradicted(HEAD + text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dagster+ Solo takes one user; Dagster+ Starter gives you six.", ["six"]),
        ("Dagster+ Solo takes one user; Dagster+ Starter gives you three.", []),
        ("Dagster+ Solo customers lose 8,500 a month.", ["8,500"]),
        ("Dagster+ Solo customers lose 7,500 a month.", []),
        ("Dagster+ Starter went to three and a half cents in 2026.", []),
    ],
)
def test_a_figure_without_a_unit_is_one_of_the_plan_s_or_wrong(text, expected):
    assert expected == contradicted(HEAD + text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The break-even of Dagster+ Solo and Starter sits at 18,000 credits.", []),
        ("The break-even of Dagster+ Solo and Starter sits at 12,000 credits.", ["12,000"]),
        ("Below 18,000 credits Dagster+ Solo is cheaper; above that, Dagster+ Starter wins.", []),
        ("Below 12,000 credits Dagster+ Solo is cheaper; above that, Dagster+ Starter wins.", ["12,000"]),
    ],
)
def test_where_two_plans_cost_the_same_is_reckoned(text, expected):
    assert expected == [one for one in contradicted(HEAD + text) if one[0].isdigit()]
