"""Laws of the bill, tried on terms that hypothesis makes up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as some

from pricing_pipeline import costs
from pricing_pipeline.facts import State, TierMode
from pricing_pipeline.results import CostState
from tests.pricing_pipeline.offers import allowance, fee, limit, minimum, rate, workload

METRICS = frozenset({"seat", "credit", "gb"})
AMOUNTS = some.decimals("0.01", "500", places=3).map(str)
COUNTS = some.integers(0, 10**6)


@some.composite
def stated(draw):
    """A plan whose bill is known for every use of credits."""
    bounds = sorted(draw(some.sets(some.integers(1, 10**5), max_size=3)))
    edges = ["0", *map(str, bounds)]
    rates = [
        rate("plan", "credit", draw(AMOUNTS), tier=(edge, following), tier_mode=TierMode.GRADUATED)
        for edge, following in zip(edges, [*edges[1:], None], strict=True)
    ]
    included = draw(some.none() | COUNTS)
    return [fee("plan", draw(AMOUNTS)), *rates, *([] if included is None else [allowance("plan", "credit", included)])]


@given(stated(), COUNTS, COUNTS)
@settings(max_examples=80, deadline=None)
def test_more_use_never_costs_less(terms, one, other):
    low, high = (
        costs.price("plan", terms, workload(credit=used), product_metrics=METRICS) for used in sorted((one, other))
    )

    assert CostState.EXACT == low.state == high.state
    assert low.low <= high.low


@given(stated(), COUNTS)
@settings(max_examples=80, deadline=None)
def test_the_steps_add_up_to_the_bill(terms, used):
    cost = costs.price("plan", terms, workload(credit=used), product_metrics=METRICS)

    assert cost.low == sum(step.low for step in cost.steps)


@some.composite
def charged_in_every_way(draw):
    """A plan with fees by the year and by the seat, minimums, packs, ranges, bands of either mode: all at once."""
    period = draw(some.sampled_from(["month", "quarter", "year", "3_years"]))
    mode = draw(some.sampled_from([TierMode.GRADUATED, TierMode.VOLUME, None]))
    bound = draw(some.integers(1, 10**5))
    low = draw(some.decimals("0.01", "500", places=3))
    return [
        fee("plan", draw(AMOUNTS), period=period, commitment=period),
        fee("plan", str(low), upto=str(low + draw(some.integers(0, 9))), metric="seat", per=draw(some.integers(1, 5))),
        minimum("plan", metric="seat", quantity=draw(some.integers(0, 9))),
        minimum("plan", amount=draw(some.decimals("1", "5000", places=2).map(str)), period=period),
        allowance("plan", "credit", draw(COUNTS), period=draw(some.sampled_from([None, "month", "year"]))),
        rate("plan", "credit", draw(AMOUNTS), tier=("0", str(bound)), tier_mode=mode, per=draw(some.integers(1, 1000))),
        rate("plan", "credit", draw(AMOUNTS), tier=(str(bound), None), tier_mode=mode),
    ]


@given(charged_in_every_way(), COUNTS, some.integers(1, 50))
@settings(max_examples=80, deadline=None)
def test_the_steps_add_up_to_the_bill_however_it_is_made_up(terms, used, seats):
    """To the last place that is kept: a twelfth is rounded once, in its own line."""
    cost = costs.price("plan", terms, workload(credit=used, seat=seats), product_metrics=METRICS)

    assert cost.state in (CostState.EXACT, CostState.RANGE)
    assert (cost.low, cost.high) == (sum(step.low for step in cost.steps), sum(step.high for step in cost.steps))
    assert cost.low <= cost.high


@given(charged_in_every_way(), COUNTS, some.integers(1, 50), some.data())
@settings(max_examples=40, deadline=None)
def test_a_bill_is_never_guessed_where_one_of_its_prices_is_not_stated(terms, used, seats, data):
    """Taking away any one price that the bill rests on leaves no figure, or one that rests on the others alone."""
    whole = costs.price("plan", terms, workload(credit=used, seat=seats), product_metrics=METRICS)
    lost = data.draw(some.sampled_from([term for term in terms if term.amount is not None and term.metric is not None]))
    silent = [
        replace(term, amount=None, amount_max=None, state=State.NOT_STATED) if term is lost else term for term in terms
    ]
    cost = costs.price("plan", silent, workload(credit=used, seat=seats), product_metrics=METRICS)

    if any(step.term_key == lost.key and step.low for step in whole.steps):
        assert (CostState.UNKNOWN, None) == (cost.state, cost.low)


@given(stated(), COUNTS.filter(bool), some.sampled_from(["fee", "rate", "metric"]))
@settings(max_examples=80, deadline=None)
def test_unknown_and_anything_is_unknown_and_never_zero(terms, used, missing):
    unknown = {
        "fee": [term for term in terms if term.metric] + [fee("plan", state=State.NOT_STATED)],
        "rate": [fee("plan", "10"), rate("plan", "credit", state=State.NOT_STATED)],
        "metric": terms,
    }[missing]
    load = workload(credit=used, gb=1) if missing == "metric" else workload(credit=used)
    cost = costs.price("plan", unknown, load, product_metrics=METRICS)

    assert (CostState.UNKNOWN, None, None) == (cost.state, cost.low, cost.high)
    assert cost.reason


@given(stated(), COUNTS, some.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_of_terms_does_not_matter(terms, used, chance):
    mixed = list(terms)
    chance.shuffle(mixed)
    load = workload(credit=used)

    assert costs.price("plan", terms, load, product_metrics=METRICS) == costs.price(
        "plan", mixed, load, product_metrics=METRICS
    )


@given(some.integers(1, 100), some.integers(1, 100))
@settings(max_examples=40, deadline=None)
def test_a_limit_is_where_feasible_ends(most, used):
    cost = costs.price(
        "plan", [fee("plan", "1"), limit("plan", "seat", most)], workload(seat=used), product_metrics=METRICS
    )

    assert (CostState.EXACT if used <= most else CostState.INFEASIBLE) == cost.state
    assert Decimal(1) == cost.low or used > most
