from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pricing_pipeline import costs
from pricing_pipeline.exchange import Exchange
from pricing_pipeline.facts import State, Surface
from pricing_pipeline.results import CostState, PricedPlan, Side
from tests.pricing_pipeline.offers import (
    APRIL,
    MAY,
    ONE_SEAT,
    allowance,
    fee,
    offer,
    plan,
    rate,
    workload,
)

METRICS = costs.product_metrics(APRIL, MAY)


def prices(given, workloads, hosted=()):
    priced = costs.price_offer(given, workloads, vendor="dagster", product="dagster-plus", metrics=METRICS)
    return costs.rank(priced, {("dagster", "dagster-plus", slug): False for slug in hosted})


def test_the_grid_holds_named_workloads_and_every_allowance_before_and_after():
    """What a plan included is where its customers are: that is where a cut is felt."""
    grid = costs.grid(APRIL, MAY, [ONE_SEAT], product="dagster-plus")

    assert [load.slug for load in grid] == [
        "one-seat-15000-credits",
        "own-dagster-plus-solo-credit-7500",
        "own-dagster-plus-starter-credit-30000",
    ]
    assert grid[1].name == "7,500 credits (Solo's allowance)"
    assert {"seat": Decimal(1), "credit": Decimal(7500)} == grid[1].usage


def test_the_grid_leaves_out_workloads_for_other_products_and_hidden_allowances():
    other = replace(ONE_SEAT, products=("prefect-cloud",))
    hidden = offer(["solo"], allowance("solo", "credit", 9000, surface=Surface.INACTIVE_PANE))

    assert costs.grid(hidden, hidden, [other], product="dagster-plus") == ()


def test_effects_are_where_a_bill_differs():
    effects = costs.effects(APRIL, MAY, product="dagster-plus", workloads=[ONE_SEAT, workload("none", credit=0)])

    assert [
        ("solo", "own-dagster-plus-solo-credit-7500", Decimal("10.00"), Decimal("310.00")),
        ("solo", "one-seat-15000-credits", Decimal("235.00"), Decimal("610.00")),
        ("starter", "own-dagster-plus-starter-credit-30000", Decimal("100.00"), Decimal("1150.00")),
        ("starter", "one-seat-15000-credits", Decimal("100.00"), Decimal("625.00")),
    ] == [(effect.plan, effect.workload, effect.before.low, effect.after.low) for effect in effects]


def test_effects_follow_a_plan_under_its_new_name():
    before = offer(["solo"], fee("solo", "10"))
    after = offer(["personal"], fee("personal", "12"))

    (effect,) = costs.effects(before, after, product="p", workloads=[workload()], renamed={"solo": "personal"})

    assert ("personal", Decimal("10.00"), Decimal("12.00")) == (effect.plan, effect.before.low, effect.after.low)


def test_the_cheapest_dagster_plan_turns_from_starter_to_solo():
    before, after = prices(APRIL, [ONE_SEAT]), prices(MAY, [ONE_SEAT])

    assert [("starter", Decimal("100.00"))] == [(found.plan, found.cost.low) for found in costs.cheapest(before)]
    assert [("solo", Decimal("610.00"))] == [(found.plan, found.cost.low) for found in costs.cheapest(after)]


def test_plans_without_a_figure_and_plans_that_one_hosts_oneself_are_not_ranked():
    ranks = {found.plan: found.rank for found in prices(MAY, [ONE_SEAT], hosted=["solo"])}

    assert ranks == {"solo": None, "starter": 1, "pro": None}


def test_plans_that_tie_are_both_the_cheapest_in_the_order_of_the_page():
    tied = offer(["b", "a", "c"], fee("b", "10"), fee("a", "10"), fee("c", "11"))
    ranked = costs.rank(costs.price_offer(tied, [workload()], vendor="v", product="p"), {})

    assert [(found.plan, found.rank) for found in ranked] == [("b", 1), ("a", 1), ("c", 3)]


def test_a_range_ranks_by_its_upper_bound():
    ranged = offer(["wide", "sure"], fee("wide", "5", upto="15"), fee("sure", "10"))
    ranked = costs.rank(costs.price_offer(ranged, [workload()], vendor="v", product="p"), {})

    assert {found.plan: found.rank for found in ranked} == {"wide": 2, "sure": 1}


def test_the_cheapest_of_all_products_is_found_within_one_currency():
    def one(product, amount, currency="USD"):
        given = offer(["solo"], fee("solo", amount, currency=currency))
        return costs.price_offer(given, [workload()], vendor=product, product=product)

    ranked = costs.rank_across([*one("a", "10"), *one("b", "8"), *one("c", "1", "EUR")], {})

    assert {found.product: found.rank for found in ranked} == {"a": 2, "b": 1, "c": 1}


def test_dated_rates_rank_bills_of_several_currencies_together():
    """Ten dollars, nine euros at 1.20, and a bill in a currency without a rate, which is compared with nothing."""

    def one(product, amount, currency):
        given = offer(["solo"], fee("solo", amount, currency=currency))
        return costs.price_offer(given, [workload()], vendor=product, product=product)

    rates = Exchange(to="USD", on=date(2026, 5, 1), source="a bank", rates={"EUR": Decimal("1.20")})
    priced = [*one("a", "10", "USD"), *one("b", "9", "EUR"), *one("c", "1", "JPY"), *one("d", "0", "EUR")]
    ranked = costs.rank_across(priced, {}, rates)

    assert {"a": 2, "b": 3, "c": 2, "d": 1} == {found.product: found.rank for found in ranked}
    assert [found.cost for found in priced] == [found.cost for found in ranked]


def turns(one, other, terms):
    """Where the cheaper of two plans of a product changes, along credits."""
    sides = [Side(name=each, plan=each, terms=tuple(terms), product_metrics=METRICS) for each in (one, other)]
    return costs.turning_points(*sides, "credit")


def test_plans_of_two_vendors_break_even_too():
    """$10 with 1,000 events and a cent for each more, against two cents for each event: 500 events come to $10."""
    bundle = (fee("team", "10"), allowance("team", "event", 1000), rate("team", "event", "0.01"))
    metered = (fee("go", "0"), rate("go", "event", "0.02"))
    metrics = frozenset({"event", "seat"})
    one = Side(name="Acme Team", plan="team", terms=bundle, product_metrics=metrics)
    other = Side(name="Beta Go", plan="go", terms=metered, product_metrics=metrics)

    (turn,) = costs.turning_points(one, other, "event")

    assert (Decimal(500), "Beta Go", "Acme Team") == (turn.quantity, turn.cheaper_below, turn.cheaper_above)
    assert (turn,) == costs.turning_points(other, one, "event")
    assert (
        costs.bill_of(one, {"event": Decimal(500)}).low
        == costs.bill_of(other, {"event": Decimal(500)}).low
        == Decimal(10)
    )


def test_solo_and_starter_cost_the_same_at_18000_credits():
    (turn,) = turns("solo", "starter", MAY.terms)

    assert (Decimal(18000), "solo", "starter") == (turn.quantity, turn.cheaper_below, turn.cheaper_above)


def test_before_the_shift_they_cost_the_same_at_10500_credits():
    (turn,) = turns("solo", "starter", APRIL.terms)

    assert Decimal(10500) == turn.quantity


def test_plans_can_break_even_twice():
    """A plan with a large allowance and a steep rate is the cheaper one only in between."""
    terms = (
        fee("flat", "0"),
        rate("flat", "credit", "0.01"),
        fee("bundle", "50"),
        allowance("bundle", "credit", 10000),
        rate("bundle", "credit", "0.02"),
    )
    found = turns("flat", "bundle", terms)

    assert [(Decimal(5000), "bundle"), (Decimal(15000), "flat")] == [(t.quantity, t.cheaper_above) for t in found]


def test_a_break_even_is_a_whole_number_of_units_from_which_on_the_other_is_cheaper():
    """$10 with 4 cents a credit and $570 without end meet at 14,000; with 4.5 cents within the 12,445th credit."""
    flat = (fee("flat", "570"), allowance("flat", "credit", state=State.UNLIMITED))

    def turn(price):
        return turns("metered", "flat", (fee("metered", "10"), rate("metered", "credit", price), *flat))[0].quantity

    assert ["14000", "12445"] == [str(turn("0.04")), str(turn("0.045"))]
    assert "33.34" == str(turn("16.8")), "few units may be parts of one"


def test_two_turns_within_a_unit_are_none():
    """Whoever buys whole units never sees the plan that is the cheaper one between 150.2 and 150.8 of them."""
    terms = (
        fee("metered", "0"),
        rate("metered", "credit", "1"),
        fee("banded", "150.20"),
        allowance("banded", "credit", Decimal("150.6")),
        rate("banded", "credit", "3"),
    )

    assert () == turns("metered", "banded", terms)


def test_plans_of_which_one_is_always_cheaper_never_break_even():
    terms = (fee("a", "1"), rate("a", "credit", "1"), fee("b", "2"), rate("b", "credit", "1"))

    assert turns("a", "b", terms) == ()


def test_a_plan_without_a_figure_has_no_break_even():
    assert turns("solo", "pro", MAY.terms) == ()


def test_a_plan_that_states_no_fee_is_priced_by_its_own_state():
    free = offer([plan("hobby", state=State.FREE)])

    (priced,) = costs.price_offer(free, [workload()], vendor="v", product="p")

    assert isinstance(priced, PricedPlan)
    assert (CostState.EXACT, Decimal(0)) == (priced.cost.state, priced.cost.low)


def test_what_is_free_is_cheaper_than_a_bill_in_any_currency():
    """A free plan names no currency; beside one for $100 it is the only cheapest."""
    given = offer(["hobby", "starter"], fee("hobby", state=State.FREE), fee("starter", "100"))
    ranked = costs.rank(costs.price_offer(given, [workload()], vendor="v", product="p"), {})

    assert {"hobby": 1, "starter": 2} == {found.plan: found.rank for found in ranked}


def test_prices_for_every_plan_are_those_of_the_hosted_service():
    given = offer(["oss", "team"], fee("oss", state=State.FREE), fee("team", "10"), rate(None, "minute", "1"))
    priced = costs.price_offer(given, [workload(minute=5)], vendor="v", product="p", hosted={"oss": False})

    assert [CostState.UNKNOWN, CostState.EXACT] == [found.cost.state for found in priced]


def test_a_plan_is_priced_by_its_terms_of_now_however_often_it_was_priced_before():
    """What was worked out is remembered for the very same terms only."""
    again = [prices(APRIL, [ONE_SEAT]), prices(replace(APRIL, announcements=()), [ONE_SEAT])]
    doubled = replace(APRIL, terms=tuple(replace(it, amount=it.amount * 2) if it.amount else it for it in APRIL.terms))

    assert again[0] == again[1]
    assert [one.cost.high for one in again[0]] != [one.cost.high for one in prices(doubled, [ONE_SEAT])]
