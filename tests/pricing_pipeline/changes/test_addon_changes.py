"""What must be bought with a plan raises its bill though its price stands still."""

from __future__ import annotations

from decimal import Decimal

from pricing_pipeline.facts import Lever, Severity, Term
from tests.pricing_pipeline.changes.steps import kinds, one, step, whole_step
from tests.pricing_pipeline.offers import fee, minimum, offer, plan, workload

SEATS = fee("pro", "99", metric="seat")
PLATFORM = (fee("pro", "500", metric="platform_fee"), minimum("pro", metric="platform_fee", quantity=1))
NODES = (fee("pro", "20", metric="data_node"), minimum("pro", metric="data_node", quantity=3))
TEAM = (workload("team", "Team of three", seat=3),)


def pro(*terms: Term):
    return offer([plan("pro")], *terms)


def test_a_mandatory_addon_that_appears_is_critical_though_the_headline_stands_still():
    found = whole_step(pro(SEATS), pro(SEATS, *PLATFORM), workloads=TEAM)

    assert [("meter_added", Severity.CRITICAL), ("cost_increased", Severity.CRITICAL)] == [
        (change.kind, change.severity) for change in found
    ]
    assert (None, "500", "platform_fee", Lever.METER) == (
        found[0].before,
        found[0].after,
        found[0].metric,
        found[0].lever,
    )
    assert (
        "Pro: platform fee of $500.00 a month is now mandatory; headline price unchanged; for team of three "
        "$297.00 → $797.00" == found[0].verdict
    )
    assert [(Decimal("297.00"), Decimal("797.00"))] == [(cost.before.low, cost.after.low) for cost in found[0].costs]


def test_several_that_must_be_bought_are_told_with_their_number():
    change = one(step(pro(fee("pro", "99")), pro(fee("pro", "99"), *NODES), workloads=[workload("load", "One seat")]))

    assert (
        "Pro: 3 data nodes at $20.00 a month each are now mandatory; headline price unchanged; for one seat "
        "$99.00 → $159.00" == change.verdict
    )


def test_an_addon_that_is_gone_is_told_once():
    change = one(step(pro(SEATS, *PLATFORM), pro(SEATS), workloads=TEAM))

    assert ("meter_removed", "500", None) == (change.kind, change.before, change.after)
    assert "platform fee of $500.00 a month is no longer mandatory" in change.verdict


def test_an_addon_whose_price_rises_leaves_the_headline_unchanged():
    dearer = (fee("pro", "800", metric="platform_fee"), PLATFORM[1])
    change = one(step(pro(SEATS, *PLATFORM), pro(SEATS, *dearer), workloads=TEAM))

    assert ("price_increased", "500", "800", Severity.CRITICAL) == (
        change.kind,
        change.before,
        change.after,
        change.severity,
    )
    assert (
        "Pro: platform fee $500.00 → $800.00 a month; headline price unchanged; for team of three $797.00 → $1,097.00"
        == change.verdict
    )


def test_an_option_that_becomes_mandatory_is_judged_by_what_the_bill_does():
    found = step(pro(fee("pro", "99"), NODES[0]), pro(fee("pro", "99"), *NODES), workloads=[workload("load", "One")])

    assert [("price_increased", Severity.CRITICAL)] == [(change.kind, change.severity) for change in found]
    assert (
        "Pro: data nodes billed at least not stated → 3; headline price unchanged; for one $99.00 → $159.00"
        == found[0].verdict
    )


def test_more_seats_that_must_be_bought_are_critical_where_the_bill_rises():
    """Twice as many billed at least is twice the bill of whoever has one."""
    before, after = (pro(SEATS, minimum("pro", metric="seat", quantity=seats)) for seats in (2, 4))
    change = one(step(before, after, workloads=[workload("load", "One seat")]))

    assert Severity.CRITICAL == change.severity
    assert (
        "Pro: seats billed at least 2 → 4; headline price unchanged; for one seat $198.00 → $396.00" == change.verdict
    )


def test_a_price_and_an_addon_that_move_together_are_two_changes():
    found = step(pro(SEATS), pro(fee("pro", "109", metric="seat"), *PLATFORM), workloads=TEAM)

    assert ["price_increased", "meter_added"] == kinds(found)
    assert "headline price unchanged" not in found[1].verdict


def test_a_new_plan_is_known_by_its_own_price_and_not_by_its_addon():
    basic = fee("basic", "9")
    change = one(step(offer([plan("basic")], basic), offer([plan("basic"), plan("pro")], basic, SEATS, *PLATFORM)))

    assert "Pro: new plan ($99.00 a month)" == change.verdict
