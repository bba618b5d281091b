"""Which plan is the cheapest from where to where: as straight lines, and the same as pricing every quantity."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as some

from pricing_pipeline import costs
from pricing_pipeline.facts import State, Term, TierMode
from pricing_pipeline.results import CheapestRange, CostState, Offer, Workload
from tests.pricing_pipeline.offers import (
    APRIL,
    MAY,
    allowance,
    fee,
    limit,
    minimum,
    offer,
    plan,
    rate,
)

METRICS = frozenset({"seat", "credit", "gb", "serverless_minute", "deployment", "code_location"})


def ranges(of: Offer, metric: str, **usage: int) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Where each range begins and ends, who is the cheapest there, and whose bill is not known."""
    besides = {name: Decimal(used) for name, used in usage.items()}
    found = costs.lowest(costs.along(of, metric, besides, metrics=METRICS))
    return [(str(one.start), "" if one.end is None else str(one.end), one.cheapest, one.unknown) for one in found]


def of(*terms: Term, **states: State) -> Offer:
    slugs = dict.fromkeys(term.plan for term in terms if term.plan)
    plans = [plan(slug, state=states.get(slug, State.STATED)) for slug in slugs]
    return offer([*plans, *(plan(slug, state=state) for slug, state in states.items() if slug not in slugs)], *terms)


def test_who_is_the_cheapest_turns_with_the_figures():
    """Until April Starter's credits made it the cheaper one from 10,500 a month on; since May it is from 18,000."""
    solo, starter = ("solo",), ("starter",)

    assert [("0", "10500", solo, ()), ("10500", "", starter, ())] == ranges(APRIL, "credit", seat=1)
    assert [("0", "18000", solo, ()), ("18000", "", starter, ())] == ranges(MAY, "credit", seat=1)


def test_where_no_plan_fits_none_is_the_cheapest():
    plans = of(fee("one", "10"), limit("one", "seat", 2), fee("few", "30"), limit("few", "seat", 5))

    assert [("0", "2", ("one",), ()), ("2", "5", ("few",), ()), ("5", "", (), ())] == ranges(plans, "seat")


def test_a_plan_whose_bill_is_not_known_is_named_and_never_taken_to_be_the_dearer_one():
    plans = of(fee("known", "10"), rate("known", "credit", "1"), fee("open", state=State.NOT_STATED))

    assert [("0", "", ("known",), ("open",))] == ranges(plans, "credit")


def test_nothing_can_be_less_than_free():
    unlimited = allowance("gratis", "credit", None, state=State.UNLIMITED)
    plans = of(
        fee("open", state=State.NOT_STATED),
        fee("paid", "10"),
        rate("paid", "credit", "1"),
        unlimited,
        gratis=State.FREE,
    )

    assert [("0", "", ("gratis",), ())] == ranges(plans, "credit")


def test_where_ranges_overlap_no_plan_is_said_to_be_the_cheapest():
    plans = of(
        fee("vague", "0"), rate("vague", "credit", "1", upto="3"), fee("exact", "10"), rate("exact", "credit", "2")
    )

    assert [("0", "10", ("vague",), ()), ("10", "", (), ())] == ranges(plans, "credit")


def test_a_minimum_spend_bends_the_bill_at_a_quantity_that_no_term_names():
    """$50 at least, at a cent each, is flat up to 5,000."""
    pieces = costs.along(
        of(fee("a", "0"), rate("a", "credit", "0.01"), minimum("a", amount="50")), "credit", {}, metrics=METRICS
    )["a"]

    assert [(Decimal(50), 0), (Decimal(50), Decimal("0.01"))] == [(one.low, one.low_rise) for one in pieces]
    assert [5000, None] == [None if one.end is None else round(one.end) for one in pieces]


def test_what_is_sold_in_packs_has_no_straight_line():
    (piece,) = costs.along(of(fee("a", "5", metric="seat", per=10)), "seat", {}, metrics=METRICS)["a"]

    assert (CostState.UNKNOWN, "it is sold in packs", None) == (piece.state, piece.reason, piece.end)


def test_bills_in_two_currencies_are_not_compared():
    plans = of(fee("dollars", "10", metric="seat"), fee("euros", "9", metric="seat", currency="EUR"))

    assert [("0", "", (), ())] == ranges(plans, "seat")


@some.composite
def metered(draw, slug: str) -> list[Term]:
    """A plan with bands of either mode, an allowance, a minimum and a limit, as pages combine them."""
    price = some.decimals("0.01", "50", places=2).map(str)
    bound = draw(some.integers(1, 2000))
    mode = draw(some.sampled_from([TierMode.GRADUATED, TierMode.VOLUME]))
    terms = [
        fee(slug, draw(price)),
        rate(slug, "credit", draw(price), tier=("0", str(bound)), tier_mode=mode),
        rate(slug, "credit", draw(price), tier=(str(bound), None), tier_mode=mode),
    ]
    extra = [
        allowance(slug, "credit", draw(some.integers(1, 3000))),
        minimum(slug, amount=draw(price)),
        limit(slug, "credit", draw(some.integers(1, 5000))),
    ]
    return [*terms, *(one for one in extra if draw(some.booleans()))]


@given(metered("one"), metered("other"), some.lists(some.integers(1, 9000), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_ranges_say_what_pricing_each_quantity_says(one, other, quantities):
    """Whatever bends the bills: at every whole quantity the plan that is named has the lowest bill."""
    plans = of(*one, *other)
    pieces = costs.along(plans, "credit", {}, metrics=METRICS)
    found = costs.lowest(pieces)

    assert all(before.end == after.start for before, after in pairwise(found))
    for used in map(Decimal, quantities):
        load = Workload(slug="", name="", usage={"credit": used})
        bills = {slug: costs.price(slug, plans.terms, load, product_metrics=METRICS).high for slug in ("one", "other")}
        for slug, bill in bills.items():
            here = next(one for one in pieces[slug] if one.end is None or used <= one.end)
            assert here.is_known == (bill is not None)
            assert bill is None or abs(here.at(used)[1] - bill) < Decimal("0.001")
        best = _at(found, used)
        known = [bill for bill in bills.values() if bill is not None]
        assert bool(best.cheapest) == bool(known)
        assert all(bills[slug] <= min(known) + Decimal("0.02") for slug in best.cheapest)


def _at(found: tuple[CheapestRange, ...], used: Decimal) -> CheapestRange:
    return next(one for one in found if one.end is None or used <= one.end)
