"""The event that must never be missed: on 1 May 2026 Dagster+ kept its headline prices and took its credits away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_pipeline import changes, costs
from pricing_pipeline.facts import Cause, GateState, Lever, Severity
from tests.pricing_pipeline.offers import APRIL, AT, MAY, ONE_SEAT, SMALL_TEAM


@pytest.fixture(scope="module")
def found():
    return changes.diff(
        APRIL,
        MAY,
        vendor="dagster",
        product="dagster-plus",
        product_name="Dagster+",
        observed_at=AT,
        workloads=[ONE_SEAT, SMALL_TEAM],
    )


def named(found, kind, plan):
    (change,) = [change for change in found if (change.kind, change.plan) == (kind, plan)]
    return change


def test_it_is_these_changes_and_no_others(found):
    assert [
        (None, "rate_increased", "serverless_minute"),
        ("solo", "allowance_removed", "credit"),
        ("solo", "rate_increased", "credit"),
        ("solo", "cost_increased", None),
        ("starter", "allowance_removed", "credit"),
        ("starter", "rate_increased", "credit"),
        ("starter", "cost_increased", None),
    ] == [(change.plan, change.kind, change.metric) for change in found]


def test_every_one_of_them_is_critical_and_the_vendors_doing(found):
    assert {(Severity.CRITICAL, Cause.VENDOR, GateState.ACCEPTED)} == {(c.severity, c.cause, c.state) for c in found}


STARTER = (
    "Starter: included credits 30,000 → 0; headline price unchanged; at 30,000 credits a month $100.00 → $1,150.00"
)


@pytest.mark.parametrize(
    ("plan", "before", "verdict"),
    [
        (
            "solo",
            "7500",
            "Solo: included credits 7,500 → 0; headline price unchanged; at 7,500 credits a month $10.00 → $310.00",
        ),
        (
            "starter",
            "30000",
            STARTER,
        ),
    ],
)
def test_the_lost_credits_are_told_in_a_sentence(found, plan, before, verdict):
    change = named(found, "allowance_removed", plan)

    assert (Lever.ALLOWANCE, before, None) == (change.lever, change.before, change.after)
    assert verdict == change.verdict


@pytest.mark.parametrize(("plan", "after"), [("solo", "0.04"), ("starter", "0.035")])
def test_the_price_per_credit_rose(found, plan, after):
    change = named(found, "rate_increased", plan)

    assert (Lever.UNIT_PRICE, "0.03", after, "USD") == (change.lever, change.before, change.after, change.currency)


def test_the_price_per_minute_is_told_once_for_the_whole_product(found):
    change = named(found, "rate_increased", None)

    assert "Dagster+: price per serverless minute $0.005 → $0.01; headline prices unchanged" == change.verdict


def test_each_change_carries_the_bills_before_and_after(found):
    change = named(found, "allowance_removed", "solo")

    assert [
        ("own-dagster-plus-solo-credit-7500", Decimal("10.00"), Decimal("310.00")),
        ("one-seat-15000-credits", Decimal("235.00"), Decimal("610.00")),
    ] == [(effect.workload, effect.before.low, effect.after.low) for effect in change.costs]


def test_the_rise_of_each_bill_is_a_change_of_its_own(found):
    change = named(found, "cost_increased", "solo")

    assert Lever.COST == change.lever
    assert "Solo: costs more at 2 workloads; at 7,500 credits a month $10.00 → $310.00 (31x)" == change.verdict
    assert "(11.5x)" in named(found, "cost_increased", "starter").verdict


def test_the_announced_day_is_kept(found):
    assert {date(2026, 5, 1)} == {change.effective_at for change in found}


def test_the_cheapest_plan_for_15000_credits_turns(found):
    """Who should pick what is wrong from that day on."""

    def ranked(offer):
        metrics = costs.product_metrics(APRIL, MAY)
        priced = costs.price_offer(offer, [ONE_SEAT], vendor="dagster", product="dagster-plus", metrics=metrics)
        return costs.rank(priced, {})

    (change,) = changes.cheapest_changes(
        ranked(APRIL),
        ranked(MAY),
        workloads=[ONE_SEAT],
        product_names={("dagster", "dagster-plus"): "Dagster+"},
        plan_names={("dagster", "dagster-plus", plan.slug): plan.name for plan in MAY.plans},
        observed_at=AT,
    )

    assert "One seat with 15,000 credits: cheapest Dagster+ plan Starter ($100.00) → Solo ($610.00)" == change.verdict
    assert ("cheapest_plan_changed", "starter", "solo") == (change.kind, change.before, change.after)
    assert Severity.CRITICAL == change.severity
