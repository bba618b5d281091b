from __future__ import annotations

import pytest

from pricing_pipeline.facts import Lever, PriceKind, Severity, State, Surface, TermKind, TierMode
from tests.pricing_pipeline.changes.steps import kinds, one, step, whole_step
from tests.pricing_pipeline.offers import allowance, fee, limit, offer, plan, rate, term, workload

FEE = fee("solo", "10")


def moved(before, after):
    return one(step(_with(before), _with(after)))


def _with(given):
    terms = () if given is None else given if isinstance(given, tuple) else (given,)
    return offer(["solo"], FEE, *terms)


@pytest.mark.parametrize(
    ("before", "after", "kind", "values"),
    [
        pytest.param(("50", {}), ("5", {}), "allowance_decreased", ("50", "5"), id="cut"),
        pytest.param(("50", {}), ("100", {}), "allowance_increased", ("50", "100"), id="raised"),
        pytest.param(
            (None, {"state": State.UNLIMITED}),
            ("20", {}),
            "allowance_decreased",
            ("unlimited", "20"),
            id="no-longer-unlimited",
        ),
        pytest.param(
            ("20", {}),
            (None, {"state": State.UNLIMITED}),
            "allowance_increased",
            ("20", "unlimited"),
            id="now-unlimited",
        ),
        pytest.param(
            ("20", {}), (None, {"state": State.NOT_INCLUDED}), "allowance_removed", ("20", None), id="not-included"
        ),
        pytest.param(
            ("20", {}), (None, {"state": State.NOT_STATED}), "allowance_removed", ("20", None), id="not-stated"
        ),
        pytest.param(("20", {}), ("0", {}), "allowance_removed", ("20", None), id="zero"),
        pytest.param(
            (None, {"state": State.NOT_INCLUDED}),
            ("20", {}),
            "allowance_added",
            ("not_included", "20"),
            id="now-included",
        ),
        pytest.param(
            ("10", {"period": "day"}),
            ("10", {"period": "month"}),
            "allowance_decreased",
            ("10 a day", "10 a month"),
            id="a-day-to-a-month",
        ),
        pytest.param(
            ("10", {"period": "day"}),
            ("300", {"period": "month"}),
            "billing_period_changed",
            ("10 a day", "300 a month"),
            id="the-same-by-month",
        ),
    ],
)
@pytest.mark.parametrize("sort", [allowance, limit])
def test_what_is_included_is_watched_at_an_unchanged_price(before, after, kind, values, sort):
    """The free tier that was cut from 50 GB to 5 GB moved no price at all."""
    change = moved(sort("solo", "gb", before[0], **before[1]), sort("solo", "gb", after[0], **after[1]))

    assert kind == change.kind
    assert values == (change.before, change.after)


def test_credits_that_come_with_each_user_are_another_unit_than_those_of_the_whole_plan():
    """4,000 for each of up to five users may be as many as 20,000: whether it is less depends on the team."""
    whole = allowance("solo", "credit", 20_000, unit="credits")
    change = moved(whole, allowance("solo", "credit", 4_000, unit="credits per user"))

    assert ("unit_changed", Lever.UNIT) == (change.kind, change.lever)
    assert "included credits 20,000 → 4,000 per seat" in change.verdict


def test_fewer_credits_for_each_user_are_fewer_whatever_a_user_is_called():
    each = allowance("solo", "credit", 4_000, unit="credits per user")

    assert "allowance_decreased" == moved(each, allowance("solo", "credit", 3_000, unit="credits per seat")).kind
    assert "allowance_increased" == moved(each, allowance("solo", "credit", None, state=State.UNLIMITED)).kind


def test_an_allowance_line_that_is_merely_gone_is_not_called_zero():
    gone = moved(allowance("solo", "credit", 7500), None)
    excluded = moved(allowance("solo", "credit", 7500), allowance("solo", "credit", state=State.NOT_INCLUDED))

    assert gone.verdict.startswith("Solo: included credits 7,500 → not stated; headline price unchanged")
    assert excluded.verdict.startswith("Solo: included credits 7,500 → 0; headline price unchanged")
    assert (Severity.CRITICAL, Severity.CRITICAL) == (gone.severity, excluded.severity)


def test_a_lost_allowance_whose_cost_is_unknown_says_unknown():
    change = moved(allowance("solo", "credit", 7500), None)

    assert change.verdict.endswith("at 7,500 credits a month $10.00 → unknown")


def test_a_limit_that_is_no_longer_printed_is_less_than_an_allowance_that_is():
    assert Severity.NOTICE == moved(limit("solo", "seat", 3), None).severity


def test_a_limit_in_the_words_of_an_allowance_is_the_same_promise():
    assert () == step(_with(limit("solo", "seat", 3)), _with(allowance("solo", "seat", 3)))
    assert "allowance_decreased" == moved(limit("solo", "seat", 3), allowance("solo", "seat", 2)).kind


def test_a_month_that_is_merely_spelled_out_is_no_change():
    assert () == step(_with(allowance("solo", "credit", 5)), _with(allowance("solo", "credit", 5, period="month")))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        pytest.param(
            rate("solo", "job", "40", period="month"),
            rate("solo", "job", "50", period="month"),
            "rate_increased",
            id="up",
        ),
        pytest.param(
            rate("solo", "job", "50", period="month"),
            rate("solo", "job", "40", period="month"),
            "rate_decreased",
            id="down",
        ),
        pytest.param(
            rate("solo", "job", state=State.FREE), rate("solo", "job", "0.15"), "rate_increased", id="no-longer-free"
        ),
        pytest.param(
            rate("solo", "job", "0", per=1000),
            rate("solo", "job", "0.15", per=1000000),
            "rate_increased",
            id="from-nothing",
        ),
        pytest.param(
            rate("solo", "job", "9", per=1000), rate("solo", "job", "0.01"), "rate_increased", id="by-another-step"
        ),
        pytest.param(
            rate("solo", "job", "0.03"), rate("solo", "job", "0.03", upto="0.04"), "rate_increased", id="upper-bound"
        ),
        pytest.param(
            rate("solo", "job", "0.03", currency="EUR"),
            rate("solo", "job", "0.03", currency="CHF"),
            None,
            id="currency",
        ),
    ],
)
def test_unit_prices_are_watched_at_an_unchanged_price(before, after, kind):
    found = step(_with((allowance("solo", "job", 1), before)), _with((allowance("solo", "job", 1), after)))

    assert [kind or "currency_changed"] == kinds(found)


def test_the_same_rate_by_another_step_is_no_change():
    before, after = rate("solo", "event", "9", per=1000), rate("solo", "event", "0.009")

    assert () == step(_with(before), _with(after))


def test_a_rate_that_is_added_where_the_metric_was_known_adds_no_meter():
    before = _with(allowance("solo", "job", 1))
    after = _with((allowance("solo", "job", 1), rate("solo", "job", "50", period="month")))

    assert ["rate_added"] == kinds(step(before, after))
    assert ["rate_removed"] == kinds(step(after, before))


def test_a_metric_that_is_charged_for_the_first_time_is_a_new_meter():
    found = step(_with(None), _with(rate("solo", "connection", "0.5")))

    assert {"rate_added", "meter_added"} == set(kinds(found))
    meter = next(change for change in found if change.kind == "meter_added")
    assert (Lever.METER, Severity.CRITICAL, None) == (meter.lever, meter.severity, meter.plan)
    assert "Thing: connections are now metered ($0.50 per connection)" in meter.verdict


def test_a_rate_for_every_plan_that_moves_into_the_plans_is_the_same_rate():
    wide = offer(["solo", "team"], rate(None, "minute", "0.005"))
    own = offer(["solo", "team"], rate("solo", "minute", "0.005"), rate("team", "minute", "0.005"))
    dearer = offer(["solo", "team"], rate("solo", "minute", "0.010"), rate("team", "minute", "0.010"))

    assert () == step(wide, own)
    assert () == step(own, wide)
    assert [("rate_increased", None)] == [(change.kind, change.plan) for change in step(wide, dearer)]


def test_a_unit_under_another_name_is_a_changed_unit():
    change = moved(allowance("solo", "sms_alert", 50), allowance("solo", "sms_credit", 50))

    assert ("unit_changed", Lever.UNIT, Severity.CRITICAL) == (change.kind, change.lever, change.severity)


def test_a_unit_that_is_renamed_in_a_rate_is_renamed_in_what_is_included():
    """Otherwise every plan would seem to lose its included events on the day on which they are called tasks."""
    before = offer(
        ["solo"],
        fee("solo", "10"),
        allowance("solo", "event", 10000),
        rate("solo", "event", "0.01"),
        limit("solo", "seat", 3),
    )
    after = offer(
        ["solo"],
        fee("solo", "10"),
        allowance("solo", "task", 10000),
        rate("solo", "task", "0.01"),
        limit("solo", "seat", 3),
    )

    assert {"unit_changed"} == set(kinds(step(before, after)))


def test_fewer_of_a_renamed_unit_are_fewer():
    before = offer(["solo"], fee("solo", "10"), allowance("solo", "event", 10000), rate("solo", "event", "0.01"))
    after = offer(["solo"], fee("solo", "10"), allowance("solo", "task", 5000), rate("solo", "task", "0.01"))

    assert {"unit_changed", "allowance_decreased"} == set(kinds(step(before, after)))


def test_other_things_that_come_and_go_are_no_changed_unit():
    found = step(_with(allowance("solo", "cache", 20)), _with(allowance("solo", "agent", 5)))

    assert {"allowance_removed", "allowance_added"} == set(kinds(found))


def test_a_unit_that_is_defined_differently_is_a_changed_unit():
    """A credit that buys half as much moves no figure on the page."""

    def defined(words):
        return term(None, TermKind.UNIT_DEFINITION, metric="credit", unit=words)

    change = moved(defined("one asset materialisation or op"), defined("one step of an op"))

    assert ("unit_changed", Severity.CRITICAL) == (change.kind, change.severity)
    assert () == step(_with(defined("One op, or asset.")), _with(defined("one op or asset")))


def test_a_discount_that_starts_later_is_a_higher_price():
    def bands(bound):
        return (
            rate("solo", "event", "0.10", tier=("0", bound), tier_mode=TierMode.GRADUATED),
            rate("solo", "event", "0.05", tier=(bound, None), tier_mode=TierMode.GRADUATED),
        )

    assert "rate_increased" in kinds(step(_with(bands("1000")), _with(bands("2000"))))
    assert "rate_decreased" in kinds(step(_with(bands("2000")), _with(bands("1000"))))


def test_a_free_band_that_ends_earlier_is_a_higher_price():
    def bands(bound):
        return (
            rate("solo", "event", state=State.FREE, tier=("0", bound), tier_mode=TierMode.GRADUATED),
            rate("solo", "event", "0.05", tier=(bound, None), tier_mode=TierMode.GRADUATED),
        )

    assert "rate_increased" in kinds(step(_with(bands("2000")), _with(bands("1000"))))


def test_seats_that_are_billed_at_least_are_part_of_the_price():
    def least(seats):
        return term("solo", TermKind.MINIMUM_SPEND, metric="seat", quantity=seats)

    change = moved(least(2), least(4))

    assert ("price_increased", "2", "4") == (change.kind, change.before, change.after)
    assert "seats billed at least 2 → 4" in change.verdict


def test_a_bill_that_rises_by_more_than_the_threshold_is_critical_whatever_lever_moved():
    before = _with((allowance("solo", "event", 1000), rate("solo", "event", "0.01")))
    after = _with((allowance("solo", "event", 400), rate("solo", "event", "0.01")))

    change = next(found for found in step(before, after) if found.kind == "allowance_decreased")
    assert Severity.CRITICAL == change.severity
    assert "at 1,000 events a month $10.00 → $16.00" in change.verdict
    mild = step(before, after, workloads=[workload("l", event=10000)], ratio="2")
    assert Severity.NOTICE == next(found for found in mild if found.kind == "allowance_decreased").severity


def test_a_plans_terms_are_not_told_again_when_the_plan_itself_comes_or_goes():
    alone = offer(["solo"], FEE)
    both = offer(
        ["solo", plan("team")], FEE, fee("team", "50"), allowance("team", "credit", 5), limit("team", "seat", 3)
    )

    assert ["plan_added"] == kinds(step(alone, both))
    assert ["plan_removed"] == kinds(step(both, alone))


def test_an_edition_that_one_runs_oneself_has_no_bill():
    before = offer(["oss", "team"], fee("oss", state=State.FREE), fee("team", "9"), rate(None, "minute", "1"))
    after = offer(["oss", "team"], fee("oss", state=State.FREE), fee("team", "9"), rate(None, "minute", "2"))
    found = whole_step(before, after, workloads=[workload("load", minute=10)], hosted={"oss": False})

    assert [(None, "rate_increased"), ("team", "cost_increased")] == [(change.plan, change.kind) for change in found]


def test_a_limit_that_now_shuts_a_workload_out_shows_it():
    before, after = (offer(["solo"], FEE, limit("solo", "seat", seats)) for seats in (5, 2))
    change = one(step(before, after, workloads=[workload("three", "Three seats", seat=3)]))

    assert (
        "Solo: limit on seats 5 → 2; headline price unchanged; for three seats $10.00 → does not fit" == change.verdict
    )


def test_a_bill_is_told_only_with_the_change_that_moved_it():
    """A price per minute that moved the bill by $5 is not told with the $1,000 that the credits moved it, and is not listed
    with that bill either."""
    before = _with((allowance("solo", "credit", 100), rate("solo", "credit", "1"), rate("solo", "minute", "0.01")))
    after = _with((allowance("solo", "credit", 10), rate("solo", "credit", "1"), rate("solo", "minute", "0.02")))
    found = {change.metric: change for change in step(before, after, workloads=[workload("l", credit=200, minute=100)])}

    assert "Solo: price per minute $0.01 → $0.02; headline price unchanged" == found["minute"].verdict
    assert "$10.00 → $100.00" in found["credit"].verdict
    assert ([], 2) == ([*found["minute"].costs], len(found["credit"].costs))


def test_what_stands_in_the_hidden_pane_of_a_toggle_is_no_part_of_the_offer():
    """The stale annual pane went on saying 7,500 credits long after they were gone."""
    before, after = (allowance("solo", "credit", count, surface=Surface.INACTIVE_PANE) for count in (7500, 30000))

    assert () == step(_with(before), _with(after))


def test_a_cut_price_is_no_alarm_although_the_bill_rises_for_another_reason():
    before = _with((allowance("solo", "credit", 100), rate("solo", "credit", "1")))
    after = _with((allowance("solo", "credit", state=State.NOT_INCLUDED), rate("solo", "credit", "0.90")))
    found = {change.kind: change.severity for change in step(before, after)}

    assert {"allowance_removed": Severity.CRITICAL, "rate_decreased": Severity.INFO} == found


def test_a_unit_price_that_doubles_is_critical_even_where_every_named_workload_uses_little():
    before, after = (_with(rate("solo", "minute", amount)) for amount in ("0.005", "0.010"))
    change = one(step(before, after, workloads=[workload("little", minute=100)]))

    assert ("rate_increased", Severity.CRITICAL) == (change.kind, change.severity)


def test_a_unit_with_a_word_more_is_a_changed_unit_by_the_pages_own_words():
    """We call users seats; the page's "premium users" still are users."""
    before = limit("solo", "seat", 3, unit="users")
    change = moved(before, limit("solo", "premium_user", 3, unit="premium users"))

    assert ("unit_changed", "3 seat", "3 premium_user", Severity.NOTICE) == (
        change.kind,
        change.before,
        change.after,
        change.severity,
    )


def test_things_that_share_but_a_word_of_many_are_not_one():
    """As where every line of a page begins alike: "use chat views" and "use doc tags" are two things."""
    found = step(
        _with((limit("solo", "use_chat_view", 100), limit("solo", "use_goal", 100))),
        _with((limit("solo", "use_doc_tag_list", 100), limit("solo", "use_team_goal", 100))),
    )

    assert ["allowance_added", "allowance_removed", "unit_changed"] == sorted(kinds(found))
    assert {"use_team_goal"} == {change.metric for change in found if change.kind == "unit_changed"}


def test_limits_follow_what_the_price_is_charged_for():
    """The price per agent becomes one per seat; "unlimited agents" on the free plan become two seats."""
    before = offer(["free", "pro"], limit("free", "agent", state=State.UNLIMITED), fee("pro", "8", metric="agent"))
    after = offer(["free", "pro"], limit("free", "seat", 2), fee("pro", "8", metric="seat"))
    found = step(before, after)

    assert {("free", "allowance_decreased"), ("pro", "unit_changed")} == {(one.plan, one.kind) for one in found}
    (cut,) = [change for change in found if change.plan == "free"]
    assert ("unlimited", "2") == (cut.before, cut.after)


def test_a_rate_for_another_quantity_says_for_which():
    """Nine dollars before and after; what they buy is a tenth."""
    change = moved(rate("solo", "event", "9", per=1000), rate("solo", "event", "9", per=100))

    assert ("rate_increased", "9 per 1000 event", "9 per 100 event") == (change.kind, change.before, change.after)
    assert (
        "price per event $0.009 → $0.09 (printed as $9.00 per 1,000 events and then $9.00 per 100 events)"
        in change.verdict
    )


def test_an_ordinary_move_is_told_by_bare_figures():
    """Programs read them as numbers; a month that is spelled out on one side only is no difference."""
    change = moved(allowance("solo", "credit", 7500), allowance("solo", "credit", 5000, period="month"))

    assert ("7500", "5000") == (change.before, change.after)


def test_a_rate_by_the_terabyte_is_the_one_by_the_gigabyte_on_another_scale():
    """$100 per TB is $0.10 per GB: nothing changed. $120 is a rise, and no new meter."""
    by_gigabyte, same, dearer = rate("solo", "gb", "0.10"), rate("solo", "tb", "100"), rate("solo", "tb", "120")

    assert () == step(_with(by_gigabyte), _with(same))
    assert ["rate_increased"] == kinds(step(_with(by_gigabyte), _with(dearer)))


def test_an_allowance_on_a_larger_scale_is_raised_and_not_gone():
    """500 GB become 1 TB; at 500 GB nobody pays more."""
    found = whole_step(_with(allowance("solo", "storage_gb", "500")), _with(allowance("solo", "storage_tb", "1")))

    change = one(found)
    assert ("allowance_increased", "500", "1000") == (change.kind, change.before, change.after)


def test_what_is_measured_on_two_scales_at_once_is_two_things():
    """100 GB of one kind and 1 TB of another: nobody can tell which has become the 2 TB."""
    before = _with((allowance("solo", "gb", "100"), allowance("solo", "tb", "1")))

    assert "allowance_removed" in kinds(step(before, _with(allowance("solo", "tb", "2"))))


def test_a_band_that_moves_is_told_with_both_bounds():
    def bands(bound):
        return (rate("solo", "email", "0.010"), rate("solo", "email", "0.008", tier=(bound, None)))

    change = one(step(_with(bands("10000")), _with(bands("5000"))))

    assert change.verdict.startswith("Solo: the price of $0.008 per email begins above 5,000 instead of above 10,000")


def test_a_unit_price_that_becomes_the_least_of_several_is_told_and_alarms_nobody():
    change = moved(rate("solo", "credit", "0.03"), rate("solo", "credit", "0.03", price_kind=PriceKind.FROM))

    assert ("price_kind_changed", "0.03", "from 0.03") == (change.kind, change.before, change.after)
    assert (Lever.STRUCTURE, Severity.INFO) == (change.lever, change.severity)
