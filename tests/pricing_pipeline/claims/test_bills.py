"""What somebody pays, what they paid once, and what is asked for: no price or limit of a plan, and no reason to accuse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.claims.audit import Auditor
from tests.pricing_pipeline.claims.market import ACME, KNOWN, audit, contradicted, held
from tests.pricing_pipeline.offers import fee, minimum

HEAD = "# Prefect Cloud and Dagster+\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "Prefect Cloud Team is $100 per user, so the smallest bill comes to $400 and the largest to $800.",
        "Prefect Cloud Team is $100 for each user per month, so six users pay $600.",
        "A team of eight? Prefect Cloud Team is the only option, at $800 a month.",
        "The only Prefect Cloud plan that takes five users is Team. It is the only plan that takes five users.",
        "No Dagster+ plan with a published price admits eight users.",
        "Someone who used all of the old allowance of Dagster+ Solo paid $10 and now pays $310.",
        "For our load (three seats, 30,000 credits) Dagster+ Starter comes to USD 1,150 a month.",
        "Dagster+ Starter, with three seats and 30,000 credits, went from $100 to $1,150 a month.",
        "Three of us on Prefect Cloud Starter would pay about $33 a head.",
        "A worked example: one seat and 300 serverless minutes. Dagster+ Solo: $13. Dagster+ Starter: $103.",
        "With 15,000 credits Dagster+ Starter is no longer the best, while today you pay $610 on Solo.",
        "Dagster+ Solo, for one person with 300 serverless minutes: $11.50 became $13.",
    ],
)
def test_what_somebody_pays_is_no_price(text):
    assert [] == contradicted(HEAD + text)


@pytest.mark.parametrize(
    "text",
    [
        "We were happy on Dagster+ Starter. A hundred dollars a month, 30,000 credits thrown in.",
        "Dagster+ takes $0.01 per serverless minute, double what it took in April.",
        "Dagster+ Solo's 7,500 included credits: gone.",
        "On Dagster+ Solo each credit is $0.04, up from three cents.",
        "A Dagster+ Solo credit had been $0.03.",
        "Several people asked whether Dagster+ has a free hosted tier. It does not.",
        "18,000 is how many credits at which Dagster+ Solo and Starter cost the same on one seat.",
        "A year of Dagster+ Solo is $120, a year of Prefect Cloud Starter $1,200.",
        "Dagster+ Starter has credits that are cheaper. Solo's are not: its credits are more expensive than Starter's.",
    ],
)
def test_what_was_and_what_is_asked_is_not_what_is(text):
    assert [] == contradicted(HEAD + text)


def test_both_are_the_two_that_were_named():
    text = "Dagster+ Solo is for one user. Prefect Cloud Hobby is for two. Both are limited to {} deployments."

    assert [] == contradicted(HEAD + text.replace("Both are limited to {} deployments.", "Both are hosted."))
    assert ["9 deployments", "9 deployments"] == contradicted(HEAD + text.format(9))


def test_the_former_and_the_latter_are_told_apart():
    text = "Prefect Cloud is old. Dagster+ is young. G2 gives the {} 4.5 out of 5."

    assert [] == contradicted(HEAD + text.format("former"))
    assert 1 == len(contradicted(HEAD + text.format("latter")))


def test_how_many_is_answered_by_a_count_and_not_by_money():
    text = "{}### How many credits do I get with Dagster+ Solo?\nNone. Until the end of April it was {} a month. It is $10.\n"

    assert [] == contradicted(text.format(HEAD, "7,500"))
    assert ["9,500"] == contradicted(text.format(HEAD, "9,500"))


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            "On Prefect Cloud Hobby you can run five deployments.",
            "On Prefect Cloud Hobby you can run nine deployments.",
        ),
        ("Prefect Cloud Team remembers runs for 14 days.", "Prefect Cloud Team remembers runs for 60 days."),
        (
            "Before May Dagster+ Solo had credits, 7,500 of them.",
            "Before May Dagster+ Solo had credits, 9,500 of them.",
        ),
        ("Prefect Cloud Hobby is free.", "Prefect Cloud Hobby is a paid plan."),
        ("Dagster+ Pro is sold by contact.", "Dagster+ Solo is sold by contact."),
        ("Dagster+ Solo is publicly priced.", "Dagster+ Pro is publicly priced."),
    ],
)
def test_said_so_it_is_judged(true, false):
    assert [] == contradicted(HEAD + true)
    assert contradicted(HEAD + false)


def test_several_plans_of_a_paragraph_may_be_meant_by_what_names_none():
    text = "Prefect Cloud has Hobby with 2 users, and Starter with 3 users. Team has more. {} deployments are included."

    assert [] == contradicted(HEAD + text.format(20))


class TestMandatoryFees:
    """A platform fee that must be bought is no price of the plan; a text that names it may give it."""

    AUDITOR = Auditor(
        replace(
            KNOWN,
            terms=(
                *KNOWN.terms,
                held(ACME, fee("business", "500", metric="platform_fee")),
                held(ACME, minimum("business", metric="platform_fee", quantity=1)),
                held(ACME, fee("business", "99")),
            ),
        )
    )

    def against(self, text: str) -> list[str]:
        """What the facts contradict."""
        return [one.claim.text for one in self.AUDITOR.audit(f"# Acme\n\n{text}", "a.md").contradicted]

    def test_it_is_not_what_the_plan_costs(self):
        assert ["$500/month"] == self.against("Business costs $500/month.")

    @pytest.mark.parametrize(
        "text",
        [
            "Business costs $99/month.",
            "Business has a mandatory platform fee of $500/month.",
            "Business costs $599/month in all, with its platform fee.",
        ],
    )
    def test_it_is_supported_where_it_is_named(self, text):
        assert [] == self.against(text)


def test_a_fee_for_each_seat_has_no_other_total_than_its_seats():
    assert ["$300 a month"] == contradicted(
        "Prefect Cloud Team needs at least four users, so the least is $300 a month."
    )
    assert audit("Prefect Cloud Team may cost $700 a month.").is_clean
