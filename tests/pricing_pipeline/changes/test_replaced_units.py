"""A unit that takes the place of another: told once, and an alarm only where something became dearer with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.facts import Severity, Term, TermKind
from pricing_pipeline.results import Offer
from tests.pricing_pipeline.changes.steps import kinds, one, step, whole_step
from tests.pricing_pipeline.offers import allowance, fee, offer, rate, term, workload

SAID = term(None, TermKind.UNIT_DEFINITION, metric="unit", unit="10 credits", quote="One unit replaces ten credits.")
USE = [workload("use", "4,000 credits", credit=4000)]


def sold(unit: str, solo: int, team: int, price: str, *more: Term) -> Offer:
    """Two plans that include so many of a unit and charge the same for more."""
    fees = (fee("solo", "10"), fee("team", "100"))
    included = (allowance("solo", unit, solo), allowance("team", unit, team))
    return offer(["solo", "team"], *fees, *included, rate("solo", unit, price), rate("team", unit, price), *more)


CREDITS = sold("credit", 1000, 20000, "0.002")


@pytest.mark.parametrize("said", [pytest.param((SAID,), id="stated"), pytest.param((), id="shown by every figure")])
def test_ten_credits_that_become_one_unit_at_equal_cost_are_one_line_and_no_alarm(said: tuple[Term, ...]) -> None:
    change = one(whole_step(CREDITS, sold("unit", 100, 2000, "0.02", *said), workloads=USE))

    assert ("unit_changed", "unit", Severity.INFO) == (change.kind, change.metric, change.severity)
    assert change.verdict.startswith("Thing: credits are now units, each for 10 credits (")
    assert ("One unit replaces ten credits." in change.verdict) == bool(said)


def test_a_unit_of_stated_size_that_costs_more_is_told_by_what_became_dearer() -> None:
    """And the bill of whoever used credits is known: 3,000 of them beyond the allowance at $0.003 instead of $0.002."""
    found = step(CREDITS, sold("unit", 100, 2000, "0.03", SAID), workloads=USE)

    assert ["rate_increased", "rate_increased", "unit_changed"] == sorted(kinds(found))
    (solo,) = (change for change in found if change.plan == "solo")
    assert Severity.CRITICAL == solo.severity
    assert solo.verdict.startswith("Solo: price per credit $0.002 → $0.003")
    assert solo.verdict.endswith("for 4,000 credits $16.00 → $19.00")


def test_fewer_of_a_unit_of_stated_size_are_a_cut() -> None:
    found = step(CREDITS, sold("unit", 50, 2000, "0.02", SAID))

    assert [("allowance_decreased", "solo")] == [(one.kind, one.plan) for one in found if one.kind != "unit_changed"]


def test_a_unit_of_unknown_size_is_not_taken_for_another_scale() -> None:
    """The counts fell by ten and the rates rose by fifteen: whether a unit is ten credits is anybody's guess."""
    found = step(CREDITS, sold("unit", 100, 2000, "0.03"))

    assert Severity.CRITICAL in {change.severity for change in found}
    assert not any("each for" in change.verdict for change in found)


def test_a_definition_beside_the_unit_that_is_still_sold_replaces_nothing() -> None:
    both = sold("credit", 1000, 20000, "0.002", allowance("solo", "unit", 5), SAID)

    assert not any("are now units" in change.verdict for change in step(CREDITS, both))


@given(st.integers(2, 10_000), st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_change_of_scale_alone_is_never_an_alarm(factor: int, solo: int, team: int) -> None:
    """Whatever the size of the new unit."""
    price = f"{Decimal('0.002') * factor:f}"
    found = whole_step(sold("credit", solo * factor, team * factor, "0.002"), sold("unit", solo, team, price))

    assert [("unit_changed", Severity.INFO)] == [(change.kind, change.severity) for change in found]
