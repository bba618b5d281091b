"""Placeholders name facts that stand; what they cannot name is told with file, line and candidates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pricing_pipeline import costs
from pricing_pipeline.claims.placeholders import Filler
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.facts import State, TermKind
from tests.pricing_pipeline.publish import example

FILLER = Filler(example.CATALOG, costs.price)


def only(text: str):
    """The one segment of a text that is a single placeholder."""
    (segment,) = FILLER.fill(text)
    return segment


def test_a_text_without_placeholders_stays_as_it_is():
    assert ["Nothing to fill { } here."] == [segment.text for segment in FILLER.fill("Nothing to fill { } here.")]


def test_words_and_facts_follow_each_other_as_in_the_text():
    """So that the text around a figure is never touched."""
    segments = FILLER.fill("Solo costs {{ dagster-plus.solo.recurring_fee }} a month.")

    assert ["Solo costs ", "", " a month."] == [segment.text for segment in segments]
    assert Decimal(10) == segments[1].term.term.amount


def test_the_fee_that_is_asked_wins_over_the_hidden_annual_pane():
    """Trackers read $120 a month there; the pane's fee is a fact of its own period."""
    assert "month" == only("{{ dagster-plus.solo.recurring_fee }}").term.term.billing_period
    assert Decimal(120) == only("{{ dagster-plus.solo.recurring_fee.year }}").term.term.amount


def test_a_fee_without_more_words_is_the_one_of_the_month():
    """Also on a page that shows both panes at once; `recurring_fee.year` names the other."""
    shown = tuple(replace(row, term=replace(row.term, evidence=example.evidence("$120"))) for row in example.TERMS[:2])
    (segment,) = Filler(replace(example.CATALOG, terms=(*shown, *example.TERMS[2:]))).fill(
        "{{ dagster-plus.solo.recurring_fee }}"
    )

    assert Decimal(10) == segment.term.term.amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ dagster-plus.solo.usage_rate.credit }}", Decimal("0.040")),
        ("{{ prefect-cloud.team.recurring_fee.seat.month }}", Decimal(100)),
        ("{{ dagster/dagster-plus/starter.recurring_fee }}", Decimal(100)),
        ("{{dagster-plus.usage_rate.serverless_minute}}", Decimal("0.010")),
        ("{{ dagster-plus.solo.usage_rate.serverless_minute }}", Decimal("0.010")),
    ],
    ids=["by metric", "by metric and period", "with its vendor", "of the product", "of the product, asked at a plan"],
)
def test_a_term_is_named_by_product_plan_term_metric_and_period(text, expected):
    assert expected == only(text).term.term.amount


def test_a_term_that_every_plan_says_alike_can_be_asked_of_the_product():
    """Pages print a product-wide rate once for all plans or once at each."""
    shared = [
        example.rate(plan, "serverless_minute", "0.010", "0.005", "$0.010 per minute") for plan in ("solo", "starter")
    ]
    others = tuple(row for row in example.TERMS if row.term.metric != "serverless_minute")
    filler = Filler(replace(example.CATALOG, terms=(*others, *shared)))

    (segment,) = filler.fill("{{ dagster-plus.usage_rate.serverless_minute }}")

    assert Decimal("0.010") == segment.term.term.amount


def test_a_plan_can_be_named():
    assert "Solo" == only("{{ dagster-plus.solo }}").plan.plan.name


def test_a_rating_is_named_by_its_publisher():
    assert 124 == only("{{ prefect-cloud.rating.g2 }}").rating.rating.review_count
    assert "rating_count" == only("{{ prefect-cloud.rating.g2.count }}").verb


def test_a_state_is_given_as_a_fact_too():
    """No credits included is a fact, not an empty text."""
    assert State.NOT_INCLUDED is only("{{ dagster-plus.solo.allowance.credit }}").term.term.state


def test_costs_and_the_cheapest_plan_come_from_the_catalog():
    assert Decimal(610) == only("{{ cost dagster-plus.solo one-seat-15000-credits }}").priced.cost.low
    assert "solo" == only("{{ cheapest dagster-plus one-seat-15000-credits }}").priced.plan


def test_the_break_even_of_solo_and_starter_is_at_18_000_credits():
    """From May 2026 Solo is cheaper below it, Starter above."""
    segment = only("{{ break_even dagster-plus.solo dagster-plus.starter credit }}")

    assert Decimal(18000) == segment.quantity
    kinds = {term.term.term for term in segment.basis}
    assert {TermKind.RECURRING_FEE, TermKind.ALLOWANCE, TermKind.USAGE_RATE} == kinds


def test_a_break_even_counts_what_must_be_bought_too():
    """A mandatory $20 with Solo moves the point from 18,000 to 14,000 credits."""
    addon = example.fee(example.DAGSTER, "solo", "20", "Platform fee $20 a month", metric="platform_fee")
    least = example.term(
        example.DAGSTER, "solo", TermKind.MINIMUM_SPEND, "Required", metric="platform_fee", quantity=Decimal(1)
    )
    filler = Filler(replace(example.CATALOG, terms=(*example.TERMS, addon, least)), costs.price)
    (segment,) = filler.fill("{{ break_even dagster-plus.solo dagster-plus.starter credit }}")

    assert Decimal(14000) == segment.quantity
    assert addon in segment.basis


def test_the_price_of_a_plan_is_not_that_of_what_must_be_bought_with_it():
    addon = example.fee(example.DAGSTER, "solo", "20", "Platform fee $20 a month", metric="platform_fee")
    least = example.term(
        example.DAGSTER, "solo", TermKind.MINIMUM_SPEND, "Required", metric="platform_fee", quantity=Decimal(1)
    )
    filler = Filler(replace(example.CATALOG, terms=(*example.TERMS, addon, least)))
    (segment,) = filler.fill("{{ dagster-plus.solo.recurring_fee }}")

    assert Decimal(10) == segment.term.term.amount


def test_without_the_arithmetic_of_bills_a_break_even_is_refused():
    with pytest.raises(ClaimError, match="nobody says what plans cost"):
        Filler(example.CATALOG).fill("{{ break_even dagster-plus.solo dagster-plus.starter credit }}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ dagstr-plus.solo.recurring_fee }}", ["unknown product 'dagstr-plus'", "dagster-plus"]),
        ("{{ dagster-plus.sol.recurring_fee }}", ["unknown plan of dagster-plus 'sol'", "solo"]),
        ("{{ dagster-plus.solo.price }}", ["unknown term 'price'", "allowance"]),
        ("{{ dagster-plus.solo.limit.deployment }}", ["names no term that stands", "dagster-plus.solo.limit.seat"]),
        ("{{ prefect-cloud.team.limit }}", ["could mean several", "team.limit.seat", "team.limit.automation"]),
        ("{{ prefect-cloud.rating.capterra }}", ["unknown rating of prefect-cloud 'capterra'", "g2"]),
        ("{{ prefect-cloud.rating.g2.stars }}", ["unknown part of a rating 'stars'", "count"]),
        ("{{ cost dagster-plus.solo no-such-workload }}", ["unknown workload", "one-seat-15000-credits"]),
        ("{{ cost dagster-plus.open-source one-seat-15000-credits }}", ["is not priced"]),
        ("{{ cost dagster-plus.solo }}", ["1 arguments: cost takes 2"]),
        ("{{ cheapest dagster-plus own-dagster-plus-solo-credit-7500 now }}", ["3 arguments"]),
        ("{{ break_even dagster-plus.solo prefect-cloud.team credit }}", ["has no figure", "prefect-cloud.team"]),
        ("{{ break_even dagster-plus.solo dagster-plus.pro credit }}", ["has no figure", "dagster-plus.pro"]),
        ("{{ break_even dagster-plus.solo dagster-plus.solo credit }}", ["same at every quantity"]),
        ("{{ please fill }}", ["is not a placeholder"]),
        ("{{ }}", ["is not a placeholder"]),
        ("{{ dagster-plus.solo", ["is not closed"]),
        ("{{ acme/dagster-plus/solo.recurring_fee }}", ["unknown product 'acme/dagster-plus'"]),
    ],
)
def test_what_cannot_be_named_is_told_with_the_candidates(text, words):
    with pytest.raises(ClaimError) as caught:
        FILLER.fill(f"One line.\n{text}", file="comparisons/a.yaml", line=7)

    message = str(caught.value)
    assert message.startswith("comparisons/a.yaml:")
    assert [] == [word for word in words if word not in message]
    assert "\n" not in message


def test_the_line_of_a_fault_counts_from_where_the_text_begins():
    with pytest.raises(ClaimError, match=r"a\.yaml:9: "):
        FILLER.fill("one\ntwo {{ dagster-plus.solo }}\n{{ dagster-plus.sol.limit }}", file="a.yaml", line=7)


def test_a_cheapest_plan_that_is_not_known_is_told():
    catalog = replace(example.CATALOG, costs=tuple(replace(row, rank=None) for row in example.COSTS))

    with pytest.raises(ClaimError, match="no plan of dagster-plus has a known cost"):
        Filler(catalog).fill("{{ cheapest dagster-plus one-seat-15000-credits }}")
