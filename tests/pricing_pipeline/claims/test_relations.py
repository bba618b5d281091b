"""What a text says without a figure: what rose, what is included, what a fee is for, who has more, and what is answered."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.claims.market import contradicted

HEAD = "# Prefect Cloud and Dagster+\n\n"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Dagster raised its usage rates on 1 May 2026.", "Dagster cut its usage rates on 1 May 2026."),
        ("The fees of Dagster+ did not change.", "The fees of Dagster+ went up."),
        ("Dagster+ usage rates rose.", "Dagster+ usage rates are unchanged."),
        ("Dagster+ credits are no longer included in Solo.", "Dagster+ credits are still included in Solo."),
        ("Each Dagster+ credit is billed. Neither Solo nor Dagster+ Starter includes any.",
         "Each Dagster+ credit is billed. Both Solo and Dagster+ Starter include some."),
        ("Prefect Cloud Team is billed per user.", "Prefect Cloud Team is billed as one flat fee."),
        ("Dagster+ Starter is a $100 flat fee.", "Dagster+ Starter is no longer a $100 flat fee."),
        ("Dagster+ Starter still costs $100.", "Dagster+ Starter no longer costs $100."),
        ("Dagster+ Solo asks more. Its credits are more expensive than Dagster+ Starter's.",
         "Dagster+ Solo asks more. Its credits are cheaper than Dagster+ Starter's."),
        ("Users of Dagster+ Pro are unlimited.", "On Dagster+ Pro, users are capped at ten."),
        ("Dagster+ gives no discount to those who pay by the year.",
         "Dagster+ gives a discount to those who pay by the year."),
        ("Dagster+ has not been rated on G2 yet.", "Dagster+ has been rated on G2 too."),
        ("For Dagster+ we found none on G2.", "For Dagster+ we found hundreds on G2."),
        ("Start with Prefect Cloud Hobby: nothing is cheaper.",
         "Start with Prefect Cloud Hobby: nothing is more expensive."),
        ("Dagster+ Solo is the cheapest paid plan.", "Dagster+ Solo is the second cheapest paid plan."),
        ("I tried Prefect Cloud Hobby first. It is free.", "I tried Prefect Cloud Hobby first. It is not free."),
        ("Four plans has Dagster+, of which two have a published fee.",
         "Four plans has Dagster+, of which one have a published fee."),
    ],
)  # fmt: skip
def test_the_true_sentence_stands_and_the_false_one_is_accused(true, false):
    assert [] == contradicted(HEAD + true)
    assert [] != contradicted(HEAD + false)


@pytest.mark.parametrize(
    ("question", "true", "false"),
    [
        ("How many credits do I get with Dagster+ Solo?", "None.", "Plenty."),
        ("Does Dagster+ Starter include credits?", "No, it does not.", "Yes, it does."),
        ("Do I save by paying Dagster+ annually?", "You don't.", "You do."),
        ("Is there a free plan of Prefect Cloud?", "Yes.", "No."),
    ],
)
def test_an_answer_says_what_was_asked(question, true, false):
    assert [] == contradicted(f"{HEAD}### {question}\n\n{true}")
    assert [] != contradicted(f"{HEAD}### {question}\n\n{false}")


def test_and_of_somebody_else_asks_the_question_before_it():
    asked = f"{HEAD}### Is there a free plan of Prefect Cloud?\n\nYes.\n\n### And of Dagster+?\n\n"
    assert [] == contradicted(f"{asked}Not as a hosted plan.")
    assert ["Yes"] == contradicted(f"{asked}Yes, as a hosted plan.")


@pytest.mark.parametrize(
    "text",
    [
        "Prefect Cloud has raised its prices in 2024.",
        "If its fees went up, nobody would stay with Dagster+.",
        "Whether credits are included in Dagster+ Solo is what everybody asks.",
        "The included credits of Dagster+ Solo were generous.",
        "Dagster+ Starter is for teams; billed per user it would be dear.",
        "The step from Starter to Prefect Cloud Team is a step from a flat fee to a fee for each user.",
    ],
)
def test_what_is_not_known_or_not_claimed_is_left_open(text):
    assert [] == contradicted(HEAD + text)


def test_a_licence_is_the_one_that_is_known():
    assert [] == contradicted("Prefect is open source under the Apache licence.")
    assert ["under the GPL"] == contradicted("Prefect is open source under the GPL licence.")
