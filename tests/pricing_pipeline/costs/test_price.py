from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_pipeline import costs
from pricing_pipeline.facts import PriceKind, State, Surface, Term
from pricing_pipeline.results import Cost, CostState, Workload
from tests.pricing_pipeline.offers import (
    APRIL,
    MAY,
    ONE_SEAT,
    SMALL_TEAM,
    allowance,
    fee,
    limit,
    minimum,
    rate,
    term,
    workload,
)

METRICS = frozenset({"seat", "credit", "serverless_minute", "event", "deployment", "node"})


def priced(load: Workload, *terms: Term, state: State = State.STATED) -> Cost:
    return costs.price("team", terms, load, product_metrics=METRICS, plan_state=state)


def texts(cost: Cost) -> list[str]:
    return [step.text for step in cost.steps]


@pytest.mark.parametrize(
    ("offer", "plan", "load", "expected"),
    [
        pytest.param(APRIL, "solo", workload(credit=7500), "10.00", id="solo-april-at-its-allowance"),
        pytest.param(MAY, "solo", workload(credit=7500), "310.00", id="solo-may-at-the-old-allowance"),
        pytest.param(APRIL, "starter", workload(credit=30000), "100.00", id="starter-april-at-its-allowance"),
        pytest.param(MAY, "starter", workload(credit=30000), "1150.00", id="starter-may-at-the-old-allowance"),
        pytest.param(MAY, "solo", workload(credit=0), "10.00", id="nothing-changes-at-zero-credits"),
        pytest.param(APRIL, "solo", ONE_SEAT, "235.00", id="solo-april-over-its-allowance"),
        pytest.param(MAY, "starter", SMALL_TEAM, "1160.00", id="starter-may-with-serverless-minutes"),
    ],
)
def test_the_dagster_shift_costs_what_a_customer_pays(offer, plan, load, expected):
    cost = costs.price(plan, offer.terms, load, product_metrics=costs.product_metrics(APRIL, MAY))

    assert cost.state == CostState.EXACT
    assert (Decimal(expected), Decimal(expected), "USD") == (cost.low, cost.high, cost.currency)


def test_every_step_of_a_sum_can_be_printed():
    cost = costs.price("starter", APRIL.terms, workload(credit=37500), product_metrics=METRICS)

    assert texts(cost) == ["Base fee $100.00", "7,500 credits over 30,000 included × $0.03 = $225.00"]
    assert [Decimal("100.00"), Decimal("225.00")] == [step.low for step in cost.steps]
    assert cost.steps[1].term_key[2] == "usage_rate"


def test_a_rate_without_an_allowance_is_charged_from_the_first_unit():
    cost = priced(workload(credit=100), fee("team", "10"), rate("team", "credit", "0.04"))

    assert Decimal("14.00") == cost.low
    assert "100 credits × $0.04 = $4.00" in texts(cost)


def test_a_rate_per_thousand_is_charged_by_its_step():
    cost = priced(workload(event=2500), fee("team", "0"), rate("team", "event", "9", per=1000))

    assert Decimal("22.50") == cost.low
    assert "2,500 events × $9.00 per 1,000 = $22.50" in texts(cost)


def test_a_range_of_rates_gives_a_range():
    cost = priced(workload(credit=1000), fee("team", "10"), rate("team", "credit", "0.035", upto="0.04"))

    assert (CostState.RANGE, Decimal("45.00"), Decimal("50.00")) == (cost.state, cost.low, cost.high)


def test_an_unlimited_allowance_adds_nothing():
    cost = priced(workload(credit=10**9), fee("team", "10"), allowance("team", "credit", state=State.UNLIMITED))

    assert (CostState.EXACT, Decimal("10.00")) == (cost.state, cost.low)


def test_an_allowance_can_be_given_to_each_seat():
    terms = (
        fee("team", "10", metric="seat"),
        allowance("team", "credit", 1000, unit="credits per user"),
        rate("team", "credit", "0.01"),
    )

    assert Decimal("40.00") == priced(workload(seat=3, credit=4000), *terms).low
    assert "1,000 credits over 3,000 included × $0.01 = $10.00" in texts(priced(workload(seat=3, credit=4000), *terms))


def test_an_allowance_of_each_project_is_no_figure_for_the_plan():
    each = allowance("team", "credit", 1000, unit="credits per project")
    cost = priced(workload(credit=4000), fee("team", "10"), each, rate("team", "credit", "0.01"))

    assert CostState.UNKNOWN == cost.state
    assert "its included credits are counted per project: no figure for the plan" in cost.reason


def test_a_yearly_allowance_counts_by_the_month():
    terms = (fee("team", "10"), allowance("team", "credit", 12000, period="year"), rate("team", "credit", "1"))

    assert Decimal("11.00") == priced(workload(credit=1001), *terms).low


@pytest.mark.parametrize(
    ("load", "terms", "reason"),
    [
        pytest.param(workload(), (), "its base fee is not stated", id="no-fee"),
        pytest.param(workload(), (rate("team", "credit", "1"),), "its base fee is not stated", id="only-a-rate"),
        pytest.param(workload(credit=1), (fee("team", "10"),), "it says nothing of credits", id="metric-not-mentioned"),
        pytest.param(
            workload(credit=11),
            (fee("team", "10"), allowance("team", "credit", 10)),
            "no price for credits beyond the 10 included is stated",
            id="over-the-allowance-without-a-rate",
        ),
        pytest.param(
            workload(credit=1),
            (fee("team", "10"), allowance("team", "credit", state=State.NOT_STATED)),
            "neither included credits nor their price are stated",
            id="allowance-not-stated",
        ),
        pytest.param(
            workload(credit=1),
            (fee("team", "10"), allowance("team", "credit", 10, period="day")),
            "its included credits are counted per day: no figure for a month",
            id="allowance-per-day",
        ),
        pytest.param(
            workload(),
            (fee("team", "99", price_kind=PriceKind.FROM),),
            "it starts from $99.00: the page does not say what it comes to",
            id="from-price",
        ),
        pytest.param(
            workload(), (fee("team", "10", period=None),), "its fee of $10.00 has no stated period", id="no-period"
        ),
        pytest.param(
            workload(), (fee("team", "10", period="hour"),), "its fee of $10.00 is charged per hour", id="per-hour"
        ),
        pytest.param(
            workload(credit=1),
            (fee("team", "10"), rate("team", "credit", "1", currency="EUR")),
            "its prices are in EUR and USD",
            id="two-currencies",
        ),
        pytest.param(
            workload(),
            (fee("team", "10"), fee("team", "12")),
            "two base fees are stated: $10.00 and $12.00",
            id="two-fees",
        ),
        pytest.param(
            workload(credit=1),
            (fee("team", "10"), rate("team", "credit", "1"), rate("team", "credit", "2")),
            "two prices for credits are stated",
            id="two-rates",
        ),
        pytest.param(
            workload(),
            (fee("team", "10", metric="node"),),
            "it is charged per node: the workload does not say how many",
            id="charged-for-something-else",
        ),
    ],
)
def test_what_is_not_known_is_unknown_and_says_why(load, terms, reason):
    cost = priced(load, *terms)

    assert cost.state == CostState.UNKNOWN
    assert (cost.low, cost.high) == (None, None)
    assert reason == cost.reason


def test_a_use_that_does_not_fit_is_infeasible_even_where_the_price_is_on_request():
    cost = priced(workload(seat=4), fee("team", state=State.CONTACT_SALES), limit("team", "seat", 3))

    assert (cost.state, cost.reason) == (CostState.INFEASIBLE, "4 seats: it allows at most 3")


def test_a_use_within_a_limit_is_part_of_the_plan():
    cost = priced(workload(deployment=5), fee("team", "10"), limit("team", "deployment", 5))

    assert (CostState.EXACT, Decimal("10.00")) == (cost.state, cost.low)
    assert "5 deployments within its limit of 5" in texts(cost)


def test_a_feature_that_is_not_included_does_not_fit():
    cost = priced(workload(deployment=1), fee("team", "10"), limit("team", "deployment", state=State.NOT_INCLUDED))

    assert cost.state == CostState.INFEASIBLE


def test_a_metric_that_the_product_has_never_mentioned_is_not_applicable():
    cost = costs.price("team", [fee("team", "10")], workload(row=1), product_metrics=METRICS)

    assert (cost.state, cost.reason) == (CostState.NOT_APPLICABLE, "it has no rows")


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param((fee("team", state=State.CONTACT_SALES),), id="fee"),
        pytest.param((fee("team", "10"), allowance("team", "credit", state=State.CONTACT_SALES)), id="allowance"),
        pytest.param((fee("team", "10"), rate("team", "credit", state=State.CONTACT_SALES)), id="rate"),
    ],
)
def test_a_price_on_request_stays_on_request(terms):
    assert priced(workload(credit=10), *terms).state == CostState.CONTACT_SALES


def test_a_plans_own_state_speaks_where_no_fee_does():
    assert Decimal(0) == priced(workload(), state=State.FREE).low
    assert priced(workload(), state=State.CONTACT_SALES).state == CostState.CONTACT_SALES


def test_a_free_fee_is_zero_and_not_unknown():
    assert (CostState.EXACT, Decimal(0)) == (priced(workload(), fee("team", state=State.FREE)).state, Decimal(0))


def test_seats_are_billed_at_least_to_the_minimum():
    terms = (
        fee("team", "100", metric="seat"),
        limit("team", "seat", 8),
        minimum("team", metric="seat", quantity=4),
    )

    assert Decimal("400.00") == priced(workload(seat=1), *terms).low
    assert "4 seats (at least 4 are billed) × $100.00 = $400.00" in texts(priced(workload(seat=1), *terms))
    assert Decimal("600.00") == priced(workload(seat=6), *terms).low
    assert priced(workload(seat=9), *terms).state == CostState.INFEASIBLE


def test_a_minimum_spend_is_the_floor_of_the_bill():
    terms = (fee("team", "0"), rate("team", "credit", "1"), minimum("team", amount="50", period="month"))

    assert Decimal("50.00") == priced(workload(credit=10), *terms).low
    assert "Up to the minimum spend of $50.00" in texts(priced(workload(credit=10), *terms))
    assert Decimal("60.00") == priced(workload(credit=60), *terms).low


def test_the_monthly_offer_comes_before_the_annual_one():
    """A twelfth of the annual price never stands in for a monthly price that is stated."""
    monthly = fee("team", "20", commitment="month")
    cheaper = fee("team", "16", commitment="year")
    annual = fee("team", "180", period="year")

    assert Decimal("20.00") == priced(workload(), annual, cheaper, monthly).low
    assert Decimal("16.00") == priced(workload(), annual, cheaper).low
    assert texts(priced(workload(), annual, cheaper)) == ["Base fee $16.00 (committed for a year)"]
    assert Decimal("15.00") == priced(workload(), annual).low
    assert texts(priced(workload(), annual)) == ["Base fee $180.00 per year ÷ 12 = $15.00"]


def test_who_binds_themselves_for_a_year_pays_the_yearly_price_where_there_is_one():
    """$20 a month, $16 with a year's commitment; the rate for jobs knows no commitment and stays."""
    terms = (
        fee("team", "20", commitment="month"),
        fee("team", "16", commitment="year"),
        rate("team", "job", "0.50"),
    )
    load = workload(job=10)

    assert Decimal("25.00") == costs.price("team", terms, load, product_metrics=frozenset({"job"})).low
    bound = costs.price("team", terms, load, product_metrics=frozenset({"job"}), commitment="year")
    assert Decimal("21.00") == bound.low
    assert ["Base fee $16.00 (committed for a year)", "10 jobs × $0.50 = $5.00"] == texts(bound)


def test_the_yearly_price_of_a_hidden_pane_counts_for_who_asks_for_it():
    pane = fee("team", "96", period="year", surface=Surface.INACTIVE_PANE)
    terms = (fee("team", "10", commitment="month"), pane)

    assert Decimal("10.00") == priced(workload(), *terms).low
    assert Decimal("8.00") == costs.price("team", terms, workload(), product_metrics=METRICS, commitment="year").low
    assert (
        Decimal("10.00") == costs.price("team", terms[:1], workload(), product_metrics=METRICS, commitment="year").low
    )


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (["$10 a month", "$20 excl. VAT"], "excluded"),
        (["€10 zzgl. MwSt."], "excluded"),
        (["€10 plus applicable taxes"], "excluded"),
        (["£12 incl. VAT"], "included"),
        (["12 € TTC"], "included"),
        (["£10 ex VAT", "£12 inc VAT", "£12 including VAT"], None),
        (["$10 a month, vat of coffee"], None),
        ([], None),
    ],
)
def test_what_pages_say_of_tax_is_known_and_nothing_else(quotes, expected):
    assert expected == costs.tax_of(fee("team", "10", quote=quote) for quote in quotes)


def test_a_hidden_annual_pane_is_used_only_where_nothing_else_is_stated():
    """A toggle's hidden pane once made trackers publish a year's total as a month's price."""
    pane = fee("team", "120", period="year", surface=Surface.INACTIVE_PANE)
    stale = allowance("team", "credit", 7500, surface=Surface.INACTIVE_PANE)

    assert Decimal("10.00") == priced(workload(), fee("team", "10"), pane).low
    assert Decimal("10.00") == priced(workload(), pane).low
    shown = (fee("team", "10"), pane, stale, rate("team", "credit", "0.04"))
    assert Decimal("310.00") == priced(workload(credit=7500), *shown).low


def test_a_struck_through_price_costs_nothing():
    listed = fee("team", "20", price_kind=PriceKind.LIST)

    assert Decimal("10.00") == priced(workload(), listed, fee("team", "10")).low


def test_what_holds_for_every_plan_holds_unless_the_plan_says_otherwise():
    wide = rate(None, "credit", "1")

    assert Decimal("20.00") == priced(workload(credit=10), fee("team", "10"), wide).low
    assert Decimal("30.00") == priced(workload(credit=10), fee("team", "10"), wide, rate("team", "credit", "2")).low
    assert Decimal("20.00") == priced(workload(credit=10), fee("team", "10"), wide, rate("solo", "credit", "2")).low


def test_a_base_fee_and_a_fee_per_seat_add_up():
    cost = priced(workload(seat=3), fee("team", "20"), fee("team", "5", metric="seat"))

    assert Decimal("35.00") == cost.low
    assert texts(cost) == ["Base fee $20.00", "3 seats × $5.00 = $15.00"]


def test_packs_of_seats_are_bought_whole():
    assert Decimal("40.00") == priced(workload(seat=6), fee("team", "20", metric="seat", per=5)).low


def test_one_time_fees_are_no_part_of_a_month():
    setup = term("team", kind=minimum("team").term.ONE_TIME_FEE, amount="500")

    assert Decimal("10.00") == priced(workload(), fee("team", "10"), setup).low


def test_a_twelfth_without_an_end_is_kept_to_ten_places():
    assert Decimal("8.3333333333") == priced(workload(), fee("team", "100", period="year")).low


def test_a_count_beside_a_price_for_additional_ones_is_what_is_included():
    """One concurrent job, and each additional one for $50: three jobs are to be had."""
    terms = (fee("team", "19"), limit("team", "deployment", 1))
    extra = rate("team", "deployment", "50", period="month", quote="Additional deployment is $50/month.")
    each = rate("team", "deployment", "50", period="month", quote="$50 per deployment")

    assert Decimal("119.00") == priced(workload(deployment=3), *terms, extra).low
    assert CostState.INFEASIBLE == priced(workload(deployment=3), *terms, each).state
