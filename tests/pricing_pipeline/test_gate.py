from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from checks.suites import SUITES
from pricing_pipeline import gate
from pricing_pipeline.alternation import Return
from pricing_pipeline.facts import GateState, Severity, TermKind
from pricing_pipeline.results import Alternation, Finding, Thresholds

AT = datetime(2026, 5, 1, 6, tzinfo=UTC)
ACCEPTED, HELD, REJECTED = GateState.ACCEPTED, GateState.HELD, GateState.REJECTED


def finding(check, message="what was found", suspicion=None, observation_id="o1"):
    return Finding(
        check=check, observation_id=observation_id, severity=Severity.NOTICE, message=message, suspicion=suspicion
    )


def decided(*findings, **more):
    return gate.decide("o1", findings, at=AT, **more)


def test_an_observation_without_findings_is_accepted_however_large_the_step():
    """Every figure is quoted and nothing looks like a misreading: the loss of all credits raises its alarm at once."""
    decision = decided()

    assert (ACCEPTED, "no finding", "gate", AT) == (decision.state, decision.reason, decision.by, decision.at)


@pytest.mark.parametrize(
    ("check", "state"),
    [
        ("page_is_the_page", REJECTED),
        ("known_again", HELD),
        ("at_least_one_fact", HELD),
        ("evidence_in_page", REJECTED),
        ("plans_unique", HELD),
        ("amounts_in_range", HELD),
        ("rating_in_scale", HELD),
        ("no_conflicts", HELD),
        ("confident", HELD),
        ("currency_known", ACCEPTED),
        ("period_known", ACCEPTED),
        ("no_suspicious_ratio", HELD),
        ("plans_not_collapsed", HELD),
        ("counts_not_collapsed", HELD),
        ("review_count_not_falling", HELD),
        ("same_currency_view", HELD),
        ("price_not_vanished", HELD),
    ],
)
def test_each_check_has_its_consequence_and_its_reason(check, state):
    decision = decided(finding(check))

    assert state == decision.state
    assert gate.RULES[check].reason in decision.reason
    assert "what was found" in decision.reason


def test_the_gate_knows_every_check_of_its_two_suites():
    declared = {
        check.name for suite in SUITES.values() if suite.name in ("observations", "step") for check in suite.checks
    }

    assert declared == set(gate.RULES)


def test_a_reason_is_not_said_twice():
    """The check's own sentence begins with the rule's words more often than not."""
    told = decided(finding("no_conflicts", "the page contradicts itself on 2 of 11 terms"))

    assert "the page contradicts itself on 2 of 11 terms" == told.reason


def test_a_check_without_a_rule_holds():
    assert HELD == decided(finding("brand_new_check")).state


def test_the_gravest_finding_decides_and_all_reasons_of_its_kind_are_given():
    decision = decided(finding("no_conflicts", "a"), finding("page_is_the_page", "b"), finding("evidence_in_page", "c"))

    assert REJECTED == decision.state
    assert (
        "not the page that was asked for: b; a quote is not in the page, so the reading cannot be trusted: c"
        == decision.reason
    )


def test_a_page_emptied_of_its_facts_is_held_once_it_had_some():
    """A rebuilt page would otherwise be passed over in silence, or take everything that is known with it."""
    empty = finding("at_least_one_fact")

    assert HELD == decided(empty).state
    assert REJECTED == decided(empty, first=True).state
    assert REJECTED == decided(empty, late=True).state
    assert REJECTED == decided(empty, finding("page_is_the_page")).state


def test_findings_on_other_observations_are_passed_over():
    assert ACCEPTED == decided(finding("evidence_in_page", observation_id="o2")).state


def test_a_named_suspicion_is_part_of_the_reason():
    decision = decided(finding("no_suspicious_ratio", "solo/recurring_fee/month 10 -> 120", "x12"))

    assert (
        "looks like a misreading (x12, a year's total read as a month's price): solo/recurring_fee/month 10 -> 120"
        in decision.reason
    )


def test_every_suspicion_that_thresholds_name_says_what_it_looks_like():
    names = Thresholds().suspicious_ratios

    assert {*names, *(name.replace("x", "div") for name in names), "leap"} == set(gate.MISREADINGS)


def test_a_page_that_contradicts_itself_may_be_the_first_but_may_not_replace_what_stands():
    conflict = finding("no_conflicts")

    assert ACCEPTED == decided(conflict, first=True).state
    assert ACCEPTED == decided(conflict, standing=frozenset({"no_conflicts"})).state
    assert HELD == decided(conflict, standing=frozenset({"confident"})).state


@pytest.mark.parametrize("check", ["amounts_in_range", "no_suspicious_ratio", "plans_not_collapsed"])
def test_what_looks_like_a_misreading_is_held_even_where_it_stood_before(check):
    assert HELD == decided(finding(check), first=True, standing=frozenset({check})).state


def test_only_old_and_new_figure_in_one_quote_vouch_for_a_suspicious_step():
    """A date on a banner does not: the page that announces is the page with the stale annual pane."""
    assert gate.vouched_for(Decimal(10), Decimal(100), [[Decimal("10.00"), Decimal(100)], []])
    assert not gate.vouched_for(Decimal(10), Decimal(100), [[Decimal(10)], [Decimal(100)]])


@pytest.mark.parametrize(
    ("before", "after", "kind", "expected"),
    [
        ("10", "120", TermKind.RECURRING_FEE, "x12"),
        ("120", "10", TermKind.RECURRING_FEE, "div12"),
        ("10", "100", TermKind.RECURRING_FEE, "x10"),
        ("0.04", "40", TermKind.USAGE_RATE, "x1000"),
        ("40", "0.04", TermKind.USAGE_RATE, "div1000"),
        ("49", "4900", TermKind.RECURRING_FEE, "x100"),
        ("10", "119.5", TermKind.RECURRING_FEE, "x12"),
        ("10", "119.3", TermKind.RECURRING_FEE, None),
        ("10", "310", TermKind.RECURRING_FEE, None),
        ("100", "1150", TermKind.RECURRING_FEE, None),
        ("10", "10", TermKind.RECURRING_FEE, None),
        ("500", "5000", TermKind.ALLOWANCE, None),
        ("500", "6000", TermKind.LIMIT, None),
        ("7.5", "7500", TermKind.ALLOWANCE, "x1000"),
        ("0", "10", TermKind.RECURRING_FEE, None),
        ("0.002", "25", TermKind.USAGE_RATE, "leap"),
        ("25", "0.002", TermKind.USAGE_RATE, "leap"),
        ("0.03", "2.9", TermKind.USAGE_RATE, None),
        ("0.002", "0.0025", TermKind.USAGE_RATE, None),
        ("20", "250000", TermKind.ALLOWANCE, None),
    ],
)
def test_a_step_by_a_telling_factor_has_a_name(before, after, kind, expected):
    assert expected == gate.step_suspicion(Decimal(before), Decimal(after), kind=kind)


def test_a_leap_is_what_the_thresholds_say():
    thresholds = Thresholds(suspicious_leap=Decimal(5))

    assert "leap" == gate.step_suspicion(Decimal(2), Decimal(11), kind=TermKind.USAGE_RATE, thresholds=thresholds)
    assert None is gate.step_suspicion(Decimal(2), Decimal(10), kind=TermKind.USAGE_RATE, thresholds=thresholds)


def test_an_unknown_figure_makes_no_step():
    assert None is gate.step_suspicion(None, Decimal(10))
    assert None is gate.step_suspicion(Decimal(10), None)


def test_a_step_is_judged_by_the_thresholds_given():
    thresholds = Thresholds(suspicious_ratios={"x7": Decimal(7)}, suspicious_ratio_tolerance=Decimal("0.1"))

    assert "x7" == gate.step_suspicion(Decimal(1), Decimal("7.5"), thresholds=thresholds)
    assert None is gate.step_suspicion(Decimal(1), Decimal(12), thresholds=thresholds)


@pytest.mark.parametrize(
    ("captures", "hours", "expected"),
    [
        pytest.param(1, 0, False, id="nothing-followed"),
        pytest.param(3, 47, False, id="three-but-too-soon"),
        pytest.param(2, 48, False, id="late-enough-but-two"),
        pytest.param(3, 48, True, id="three-over-two-days"),
    ],
)
def test_a_held_observation_is_confirmed_by_enough_captures_over_enough_hours(captures, hours, expected):
    assert expected is gate.confirmed(captures, timedelta(hours=hours))


def test_what_a_page_goes_back_and_forth_about_must_stay_for_longer():
    assert False is gate.confirmed(9, timedelta(hours=48), alternates=True)
    assert True is gate.confirmed(9, timedelta(days=14), alternates=True)


def test_a_return_is_held_until_it_stays_and_one_that_was_told_both_ways_says_since_when():
    told = Alternation(since=AT, times=3)

    first, again = decided(back=Return()), decided(back=Return(alternation=told))

    assert (HELD, None) == (first.state, first.alternation)
    assert "flips back to a state that was seen before" in first.reason
    assert (HELD, told) == (again.state, again.alternation)
    assert "since 2026-05-01, 3 times: waits until it has stayed for 14 days" in again.reason
