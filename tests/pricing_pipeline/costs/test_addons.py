"""What must be bought with a plan is on its bill whether or not a workload names it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_pipeline import costs
from pricing_pipeline.addons import is_addon
from pricing_pipeline.facts import State, Term
from pricing_pipeline.results import Cost, CostState, Workload
from tests.pricing_pipeline.offers import allowance, fee, limit, minimum, offer, plan, rate, workload

METRICS = frozenset({"seat", "credit", "platform_fee", "data_node", "support_package"})
SEATS = fee("pro", "99", metric="seat")
PLATFORM = (fee("pro", "500", metric="platform_fee"), minimum("pro", metric="platform_fee", quantity=1))


def priced(load: Workload, *terms: Term, state: State = State.STATED) -> Cost:
    return costs.price("pro", terms, load, product_metrics=METRICS, plan_state=state)


def texts(cost: Cost) -> list[str]:
    return [step.text for step in cost.steps]


def test_a_mandatory_fee_is_on_every_bill():
    cost = priced(workload(seat=3), SEATS, *PLATFORM)

    assert (CostState.EXACT, Decimal("797.00")) == (cost.state, cost.low)
    assert ["Platform fee (mandatory) $500.00", "3 seats × $99.00 = $297.00"] == texts(cost)


def test_a_mandatory_fee_by_the_year_is_brought_to_the_month():
    yearly = (fee("pro", "6000", metric="platform_fee", period="year"), PLATFORM[1])

    assert "Platform fee (mandatory) $6,000.00 per year ÷ 12 = $500.00" in texts(priced(workload(), SEATS, *yearly))


@pytest.mark.parametrize(
    ("used", "expected", "step"),
    [
        (0, "159.00", "3 data nodes (mandatory) × $20.00 = $60.00"),
        (2, "159.00", "3 data nodes (at least 3 are billed) × $20.00 = $60.00"),
        (3, "159.00", "3 data nodes × $20.00 = $60.00"),
        (4, "179.00", "4 data nodes × $20.00 = $80.00"),
    ],
)
def test_so_many_are_billed_at_least(used, expected, step):
    terms = (fee("pro", "99"), fee("pro", "20", metric="data_node"), minimum("pro", metric="data_node", quantity=3))
    cost = priced(workload(data_node=used), *terms)

    assert Decimal(expected) == cost.low
    assert step in texts(cost)


@pytest.mark.parametrize(("used", "expected"), [(0, "159.00"), (3, "159.00"), (4, "179.00")])
def test_so_many_are_billed_at_least_by_a_rate_too(used, expected):
    terms = (fee("pro", "99"), rate("pro", "data_node", "20"), minimum("pro", metric="data_node", quantity=3))
    cost = priced(workload(data_node=used), *terms)

    assert Decimal(expected) == cost.low
    assert ("At least 3 data nodes must be bought" in texts(cost)) == (used < 3)


def test_what_is_included_counts_towards_the_least():
    terms = (
        fee("pro", "99"),
        rate("pro", "credit", "1"),
        allowance("pro", "credit", 100),
        minimum("pro", metric="credit", quantity=120),
    )

    assert Decimal("119.00") == priced(workload(), *terms).low


def test_additional_units_come_on_top_of_the_least():
    """Five seats at least, each additional one for $10: the five are what the base fee is for."""
    extra = rate("pro", "seat", "10", quote="additional seat $10")

    assert Decimal("99.00") == priced(workload(), fee("pro", "99"), allowance("pro", "seat", 5), extra).low
    assert (
        Decimal("99.00")
        == priced(
            workload(), fee("pro", "99"), allowance("pro", "seat", 5), extra, minimum("pro", metric="seat", quantity=5)
        ).low
    )


def test_a_choice_of_mandatory_packages_gives_a_range():
    package = fee("pro", "99", upto="299", metric="support_package")
    cost = priced(workload(), fee("pro", "49"), package, minimum("pro", metric="support_package", quantity=1))

    assert (CostState.RANGE, Decimal("148.00"), Decimal("348.00")) == (cost.state, cost.low, cost.high)


def test_a_mandatory_package_on_request_leaves_no_figure():
    package = fee("pro", state=State.CONTACT_SALES, metric="support_package")
    cost = priced(workload(), fee("pro", "49"), package, minimum("pro", metric="support_package", quantity=1))

    assert (CostState.CONTACT_SALES, None) == (cost.state, cost.low)


def test_seats_that_must_be_bought_at_a_price_that_is_not_stated_are_not_taken_to_be_free():
    cost = priced(workload(), fee("pro", "99"), minimum("pro", metric="seat", quantity=5))

    assert CostState.UNKNOWN == cost.state
    assert "at least 5 seats must be bought: their price is not stated" == cost.reason


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.FREE, (CostState.EXACT, Decimal("500.00"))),
        (State.CONTACT_SALES, (CostState.CONTACT_SALES, None)),
        (State.STATED, (CostState.UNKNOWN, None)),
    ],
)
def test_what_every_plan_must_take_is_no_price_of_a_plan_that_states_none(state, expected):
    wide = (fee(None, "500", metric="platform_fee"), minimum(None, metric="platform_fee", quantity=1))
    cost = priced(workload(), *wide, state=state)

    assert expected == (cost.state, cost.low)


def test_a_plan_that_is_charged_by_the_node_alone_needs_to_know_how_many():
    terms = (fee("pro", "20", metric="data_node"), minimum("pro", metric="data_node", quantity=3))

    assert CostState.UNKNOWN == priced(workload(seat=5), *terms).state
    assert Decimal("60.00") == priced(workload(data_node=1), *terms).low


def test_a_limit_is_on_what_is_used_and_the_least_on_what_is_billed():
    terms = (
        fee("pro", "99"),
        fee("pro", "20", metric="data_node"),
        minimum("pro", metric="data_node", quantity=3),
        limit("pro", "data_node", 5),
    )

    assert Decimal("159.00") == priced(workload(), *terms).low
    assert Decimal("199.00") == priced(workload(data_node=5), *terms).low
    assert CostState.INFEASIBLE == priced(workload(data_node=6), *terms).state


def test_a_mandatory_fee_beside_the_price_is_an_addon_and_the_price_itself_is_none():
    terms = (SEATS, *PLATFORM, minimum("pro", metric="seat", quantity=3))

    assert is_addon(PLATFORM[0], terms)
    assert not is_addon(SEATS, terms)
    assert not is_addon(PLATFORM[0], (SEATS, PLATFORM[0]))
    assert not is_addon(PLATFORM[0], PLATFORM)


def test_an_addon_is_on_the_bills_before_and_after():
    before, after = offer([plan("pro")], SEATS), offer([plan("pro")], SEATS, *PLATFORM)
    (effect,) = costs.effects(before, after, product="acme", workloads=[workload("three", seat=3)])

    assert (Decimal("297.00"), Decimal("797.00")) == (effect.before.low, effect.after.low)
