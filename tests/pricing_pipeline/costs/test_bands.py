from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_pipeline import costs
from pricing_pipeline.facts import State, TierMode
from pricing_pipeline.results import CostState
from tests.pricing_pipeline.offers import allowance, fee, rate, workload

METRICS = frozenset({"event"})


def bands(mode):
    return (
        rate("pro", "event", "0.10", tier=("0", "1000"), tier_mode=mode),
        rate("pro", "event", "0.05", tier=("1000", "5000"), tier_mode=mode),
        rate("pro", "event", "0.01", tier=("5000", None), tier_mode=mode),
    )


def priced(used, *terms):
    return costs.price("pro", [fee("pro", "0"), *terms], workload(event=used), product_metrics=METRICS)


@pytest.mark.parametrize(("used", "expected"), [(1000, "100"), (1001, "100.05"), (5000, "300"), (7000, "320")], ids=str)
def test_graduated_bands_add_up(used, expected):
    assert Decimal(expected) == priced(used, *bands(TierMode.GRADUATED)).low


@pytest.mark.parametrize(("used", "expected"), [(1000, "100"), (1001, "50.05"), (5000, "250"), (7000, "70")], ids=str)
def test_a_volume_band_holds_for_the_whole_quantity(used, expected):
    assert Decimal(expected) == priced(used, *bands(TierMode.VOLUME)).low


def test_bands_that_do_not_say_how_they_combine_give_a_range():
    cost = priced(7000, *bands(None))

    assert (CostState.RANGE, Decimal("70.00"), Decimal("320.00")) == (cost.state, cost.low, cost.high)
    assert priced(1000, *bands(None)).state == CostState.EXACT


def test_each_band_is_a_step_of_the_sum():
    steps = [step.text for step in priced(7000, *bands(TierMode.GRADUATED)).steps]

    assert "4,000 events above 1,000 × $0.05 = $200.00" in steps
    assert "2,000 events above 5,000 × $0.01 = $20.00" in steps


def test_included_units_are_taken_from_the_first_bands():
    cost = priced(7000, allowance("pro", "event", 2000), *bands(TierMode.GRADUATED))

    assert Decimal("170.00") == cost.low


def test_a_free_band_costs_nothing():
    free = rate("pro", "event", state=State.FREE, tier=("0", "1000"), tier_mode=TierMode.GRADUATED)
    paid = rate("pro", "event", "0.05", tier=("1000", None), tier_mode=TierMode.GRADUATED)

    assert Decimal("0.00") == priced(1000, free, paid).low
    assert Decimal("50.00") == priced(2000, free, paid).low


def test_beyond_the_last_band_the_price_is_unknown():
    cost = priced(2000, rate("pro", "event", "0.10", tier=("0", "1000")))

    assert (cost.state, cost.reason) == (CostState.UNKNOWN, "no price for 2,000 events is stated, only up to 1,000")


def test_below_the_first_band_the_price_is_unknown_unless_it_is_included():
    late = rate("pro", "event", "0.10", tier=("1000", None))

    assert priced(2000, late).state == CostState.UNKNOWN
    assert Decimal("100.00") == priced(2000, late, allowance("pro", "event", 1000)).low
