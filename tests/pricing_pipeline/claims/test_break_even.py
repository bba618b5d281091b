"""Where two plans cost the same, and where they never do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing_pipeline.claims.break_even import Line, break_even
from tests.pricing_pipeline.publish import example


def line(fee: str | Decimal, included: str | Decimal, rate: str | Decimal, *, name: str = "a", currency: str = "USD"):
    return Line(
        name=name, fee=Decimal(fee), included=Decimal(included), rate=Decimal(rate), currency=currency, basis=()
    )


def test_before_may_2026_solo_was_cheaper_below_10_500_credits():
    assert Decimal(10500) == break_even(line("10", "7500", "0.03"), line("100", "30000", "0.03"))


def test_from_may_2026_solo_is_cheaper_below_18_000_credits():
    assert Decimal(18000) == break_even(line("10", "0", "0.040"), line("100", "0", "0.035"))


def test_a_plan_that_is_dearer_at_every_quantity_has_no_break_even():
    with pytest.raises(ValueError, match="same at every quantity"):
        break_even(line("10", "0", "0.03"), line("100", "0", "0.03"))


def test_two_currencies_are_not_compared():
    with pytest.raises(ValueError, match="USD and b in EUR"):
        break_even(line("10", "0", "1"), line("20", "0", "0", name="b", currency="EUR"))


def test_a_plan_with_unlimited_use_is_a_level_line():
    unlimited = example.term(
        example.DAGSTER, "pro", example.TermKind.ALLOWANCE, "Unlimited", metric="credit", state=example.State.UNLIMITED
    )
    fee = example.fee(example.DAGSTER, "pro", "50", "$50")

    assert Decimal(0) == Line.of("pro", "credit", fee, [unlimited]).rate


money = st.decimals(min_value=0, max_value=1000, places=2)


@given(money, money, money, money, money, money)
def test_at_the_break_even_both_cost_the_same(fee, included, rate, other_fee, other_included, other_rate):
    one, other = line(fee, included, rate), line(other_fee, other_included, other_rate)
    try:
        quantity = break_even(one, other)
    except ValueError:
        assume(False)

    assert abs(one.at(quantity) - other.at(quantity)) < Decimal("1e-15") * 1000
    assert quantity > 0
