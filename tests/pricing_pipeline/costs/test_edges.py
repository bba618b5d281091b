"""Bills right at the edges: what is included is just used up, a band just filled, a limit just reached, a choice just made."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pricing_pipeline import costs
from pricing_pipeline.facts import State, Term, TermKind, TierMode
from pricing_pipeline.results import Cost, CostState
from tests.pricing_pipeline.offers import allowance, fee, limit, minimum, rate, workload

METRICS = frozenset({"seat", "credit", "data_node"})
AMOUNTS = some.decimals("0.001", "500", places=3)
COUNTS = some.integers(1, 10**6)


def priced(terms: list[Term], *, commitment: str | None = None, **usage: int) -> Cost:
    return costs.price("plan", terms, workload(**usage), product_metrics=METRICS, commitment=commitment)


@given(AMOUNTS, AMOUNTS, COUNTS)
@settings(max_examples=60, deadline=None)
def test_the_last_included_unit_is_free_and_the_next_one_costs_its_rate(base, each, included):
    terms = [fee("plan", str(base)), allowance("plan", "credit", included), rate("plan", "credit", str(each))]

    assert base == priced(terms, credit=included).low == priced(terms).low
    assert base + each == priced(terms, credit=included + 1).low


@given(AMOUNTS, AMOUNTS, COUNTS)
@settings(max_examples=60, deadline=None)
def test_a_full_band_costs_its_own_rate_and_the_next_unit_that_of_its_mode(first, second, bound):
    def bands(mode):
        return [
            fee("plan", "0"),
            rate("plan", "credit", str(first), tier=("0", str(bound)), tier_mode=mode),
            rate("plan", "credit", str(second), tier=(str(bound), None), tier_mode=mode),
        ]

    filled = first * bound
    assert {filled} == {priced(bands(mode), credit=bound).low for mode in (*TierMode, None)}
    assert filled + second == priced(bands(TierMode.GRADUATED), credit=bound + 1).low
    assert second * (bound + 1) == priced(bands(TierMode.VOLUME), credit=bound + 1).low
    either = priced(bands(None), credit=bound + 1)
    assert {filled + second, second * (bound + 1)} == {either.low, either.high}


@given(COUNTS, some.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_one_unit_over_the_limit_does_not_fit_whatever_else_is_known(most, over):
    """A price on request, or a rate for more, does not make it fit."""
    for price_ in (fee("plan", "1"), fee("plan", state=State.CONTACT_SALES)):
        terms = [price_, limit("plan", "credit", most), rate("plan", "credit", "1")]

        assert CostState.INFEASIBLE == priced(terms, credit=most + 1 + over).state
        assert CostState.INFEASIBLE != priced(terms, credit=most).state


@given(AMOUNTS, AMOUNTS, AMOUNTS, some.integers(1, 9), some.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_a_commitment_takes_its_own_price_and_nothing_else_changes(monthly, yearly, addon, least, seats):
    """Minimums and mandatory add-ons hold for whoever binds themselves, too."""
    besides = [
        minimum("plan", metric="seat", quantity=least),
        fee("plan", str(addon), metric="data_node"),
        minimum("plan", metric="data_node", quantity=2),
    ]
    terms = [
        fee("plan", str(monthly), metric="seat", commitment="month"),
        fee("plan", str(yearly), metric="seat", commitment="year"),
        *besides,
    ]
    billed = max(seats, least)

    assert monthly * billed + addon * 2 == priced(terms, seat=seats).low
    assert yearly * billed + addon * 2 == priced(terms, seat=seats, commitment="year").low


@given(AMOUNTS, some.integers(1, 100), some.integers(0, 200), some.sampled_from(["fee", "rate"]))
@settings(max_examples=60, deadline=None)
def test_what_must_be_bought_costs_the_same_until_more_is_used(each, least, used, form):
    price_ = fee("plan", str(each), metric="data_node") if form == "fee" else rate("plan", "data_node", str(each))
    terms = [fee("plan", "10"), price_, minimum("plan", metric="data_node", quantity=least)]

    assert 10 + each * max(least, used) == priced(terms, data_node=used).low


@given(AMOUNTS, some.decimals("1", "5000", places=2), COUNTS)
@settings(max_examples=60, deadline=None)
def test_a_minimum_spend_ends_where_the_bill_reaches_it(each, least, used):
    terms = [fee("plan", "0"), rate("plan", "credit", str(each)), minimum("plan", amount=str(least), period="month")]

    assert max(least, each * used) == priced(terms, credit=used).low


@pytest.mark.parametrize(
    ("state", "none", "some_"),
    [
        (State.UNLIMITED, CostState.EXACT, CostState.EXACT),
        (State.NOT_INCLUDED, CostState.EXACT, CostState.UNKNOWN),
        (State.NOT_STATED, CostState.EXACT, CostState.UNKNOWN),
        (State.CONTACT_SALES, CostState.EXACT, CostState.CONTACT_SALES),
    ],
)
def test_words_for_an_allowance_matter_from_the_first_unit_on(state, none, some_):
    terms = [fee("plan", "10"), allowance("plan", "credit", state=state)]

    assert (none, some_) == (priced(terms, credit=0).state, priced(terms, credit=1).state)


def test_a_range_keeps_both_of_its_bounds_through_every_part_of_a_bill():
    """$99–$199 for each of three seats at least, and 2–4 cents for each of ten credits over the hundred included."""
    terms = [
        fee("plan", "99", upto="199", metric="seat"),
        minimum("plan", metric="seat", quantity=3),
        allowance("plan", "credit", 100),
        rate("plan", "credit", "0.02", upto="0.04"),
    ]
    cost = priced(terms, credit=110)

    assert (CostState.RANGE, Decimal("297.20"), Decimal("597.40")) == (cost.state, cost.low, cost.high)
    assert TermKind.MINIMUM_SPEND not in {step.term_key[2] for step in cost.steps if step.term_key}
