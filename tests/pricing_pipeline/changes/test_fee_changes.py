from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.facts import Cause, Lever, PriceKind, Severity, State, Surface
from tests.pricing_pipeline.changes.steps import kinds, one, step, whole_step
from tests.pricing_pipeline.offers import fee, limit, offer, plan, rate, workload

FREE, TALK, SILENT = State.FREE, State.CONTACT_SALES, State.NOT_STATED


def moved(before, after):
    """The step of one plan from these fees to those; a second plan stands still."""
    still = fee("team", "99")
    return step(offer(["solo", "team"], still, *before), offer(["solo", "team"], still, *after))


@pytest.mark.parametrize(
    ("before", "after", "kind", "values"),
    [
        pytest.param([fee("solo", "10")], [fee("solo", "12")], "price_increased", ("10", "12"), id="up"),
        pytest.param([fee("solo", "12")], [fee("solo", "10")], "price_decreased", ("12", "10"), id="down"),
        pytest.param(
            [fee("solo", state=FREE)], [fee("solo", "5")], "free_tier_removed", ("free", "5"), id="free-to-paid"
        ),
        pytest.param([fee("solo", "0")], [fee("solo", "5")], "free_tier_removed", ("0", "5"), id="nothing-to-paid"),
        pytest.param(
            [fee("solo", "5")], [fee("solo", state=FREE)], "free_tier_added", ("5", "free"), id="paid-to-free"
        ),
        pytest.param(
            [fee("solo", "5")], [fee("solo", state=TALK)], "price_withdrawn", ("5", "contact_sales"), id="hidden"
        ),
        pytest.param(
            [fee("solo", state=TALK)], [fee("solo", "5")], "price_published", ("contact_sales", "5"), id="shown"
        ),
        pytest.param([fee("solo", "5")], [fee("solo", state=SILENT)], "price_withdrawn", ("5", None), id="not-stated"),
        pytest.param([fee("solo", "5")], [], "price_withdrawn", ("5", None), id="gone"),
        pytest.param([], [fee("solo", "5")], "price_published", (None, "5"), id="first-stated"),
        pytest.param(
            [fee("solo", "10")],
            [fee("solo", "120", period="year")],
            "billing_period_changed",
            ("10 a month", "120 a year"),
            id="period",
        ),
        pytest.param(
            [fee("solo", "20")],
            [fee("solo", "16", commitment="year")],
            "commitment_changed",
            ("20 a month", "16 a month for a year"),
            id="commitment",
        ),
        pytest.param(
            [fee("solo", "20")],
            [fee("solo", "20", metric="seat")],
            "unit_changed",
            ("20", "20 per seat"),
            id="per-seat",
        ),
        pytest.param(
            [fee("solo", "20")],
            [fee("solo", "20", currency="EUR")],
            "currency_changed",
            ("20 USD", "20 EUR"),
            id="currency",
        ),
        pytest.param(
            [fee("solo", "20")],
            [fee("solo", "20"), fee("solo", "16", commitment="year")],
            "commitment_changed",
            (None, "16"),
            id="annual-billing-added",
        ),
        pytest.param(
            [fee("solo", "20")],
            [fee("solo", "20"), fee("solo", "5", metric="seat")],
            "meter_added",
            (None, "5"),
            id="seats-added",
        ),
        pytest.param(
            [fee("solo", "10", price_kind=PriceKind.PROMO)],
            [fee("solo", "20")],
            "price_increased",
            ("10", "20"),
            id="promo-ends",
        ),
        pytest.param(
            [fee("solo", "25")],
            [fee("solo", "25", price_kind=PriceKind.FROM)],
            "price_kind_changed",
            ("25", "from 25"),
            id="only-the-least-from-now-on",
        ),
        pytest.param(
            [fee("solo", "25", price_kind=PriceKind.FROM)],
            [fee("solo", "25")],
            "price_kind_changed",
            ("from 25", "25"),
            id="no-longer-only-the-least",
        ),
        pytest.param(
            [fee("solo", "25")],
            [fee("solo", "30", price_kind=PriceKind.FROM)],
            "price_increased",
            ("25", "30"),
            id="dearer-and-only-the-least",
        ),
        pytest.param(
            [fee("solo", "10", upto="20")],
            [fee("solo", "10", upto="30")],
            "price_increased",
            ("10–20", "10–30"),
            id="range",
        ),
    ],
)
def test_each_move_of_a_price_has_its_name(before, after, kind, values):
    change = one(moved(before, after))

    assert kind == change.kind
    assert values == (change.before, change.after)


def test_a_price_that_becomes_the_least_of_several_is_told_and_alarms_nobody():
    """What it comes to cannot be told from the page: no bill moves, and the figure stands."""
    change = one(moved([fee("solo", "25")], [fee("solo", "25", price_kind=PriceKind.FROM)]))

    assert "Solo: price $25.00 → from $25.00 a month" == change.verdict
    assert (Lever.STRUCTURE, Severity.INFO, ()) == (change.lever, change.severity, change.costs)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([fee("solo", "10")], [fee("solo", "10.00", commitment="month")], id="month-spelled-out"),
        pytest.param([fee("solo", "10")], [fee("solo", "10", quote="$10 a month, really")], id="other-quote"),
        pytest.param(
            [fee("solo", "10")],
            [fee("solo", "10"), fee("solo", "20", price_kind=PriceKind.LIST)],
            id="list-price-beside",
        ),
        pytest.param(
            [fee("solo", "10"), fee("solo", "16", price_kind=PriceKind.LIST)],
            [fee("solo", "10"), fee("solo", "20", price_kind=PriceKind.LIST)],
            id="list-price-moves",
        ),
        pytest.param(
            [fee("solo", "20"), fee("solo", "16", commitment="year", surface=Surface.INACTIVE_PANE)],
            [fee("solo", "20", surface=Surface.INACTIVE_PANE), fee("solo", "16", commitment="year")],
            id="other-pane-shown-first",
        ),
        pytest.param([fee("solo", "10")], [fee("solo", "10", price_kind=PriceKind.PROMO)], id="called-a-promotion"),
        pytest.param([fee("solo", state=FREE)], [fee("solo", "0")], id="free-and-nothing"),
    ],
)
def test_what_only_looks_different_is_no_change(before, after):
    assert () == moved(before, after)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([fee("solo", "10")], [fee("solo", "12")], "Solo: price $10.00 → $12.00 a month"),
        (
            [fee("solo", "8", metric="seat")],
            [fee("solo", "10", metric="seat")],
            "Solo: price per seat $8.00 → $10.00 a month",
        ),
        ([fee("solo", state=FREE)], [fee("solo", "5")], "Solo: price free → $5.00 a month"),
        ([fee("solo", "100")], [fee("solo", state=TALK)], "Solo: price $100.00 a month → contact sales"),
        (
            [fee("solo", "20")],
            [fee("solo", "16", commitment="year")],
            "Solo: price $20.00 a month → $16.00 a month (billed annually)",
        ),
        (
            [fee("solo", "10")],
            [fee("solo", "12", metric="seat")],
            "Solo: price $10.00 a month → price per seat $12.00 a month",
        ),
    ],
)
def test_the_verdict_can_be_printed(before, after, sentence):
    assert sentence == one(moved(before, after)).verdict


def test_a_price_that_reaches_from_nothing_to_something_is_no_free_tier():
    assert ["price_decreased"] == kinds(
        step(offer(["solo"], fee("solo", "29")), offer(["solo"], fee("solo", "0", upto="29")))
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"period": "4_weeks"}, "$29.00 a month → $29.00 every 4 weeks"),
        ({}, {"commitment": "2_years"}, "$29.00 a month → $29.00 a month (billed every 2 years)"),
    ],
)
def test_long_and_odd_spans_are_told_in_words(before, after, words):
    told = step(offer(["solo"], fee("solo", "29", **before)), offer(["solo"], fee("solo", "29", **after)))

    assert [f"Solo: price {words}"] == [
        change.verdict.partition(";")[0] for change in told if change.lever == "structure"
    ]


def test_a_price_that_is_withdrawn_or_no_longer_free_is_critical():
    gone = one(moved([fee("solo", "5")], [fee("solo", state=TALK)]))
    paid = one(moved([fee("solo", state=FREE)], [fee("solo", "5")]))

    assert (Severity.CRITICAL, Severity.CRITICAL) == (gone.severity, paid.severity)


@pytest.mark.parametrize(
    ("after", "severity"), [("10.40", Severity.NOTICE), ("12.50", Severity.NOTICE), ("12.51", Severity.CRITICAL)]
)
def test_a_higher_price_is_as_grave_as_the_bill(after, severity):
    found = whole_step(offer(["solo"], fee("solo", "10")), offer(["solo"], fee("solo", after)), workloads=[workload()])

    assert severity == next(change for change in found if change.kind == "price_increased").severity


def test_a_lower_price_is_information_and_the_bill_falls():
    found = whole_step(offer(["solo"], fee("solo", "10")), offer(["solo"], fee("solo", "8")), workloads=[workload()])

    assert [("price_decreased", Severity.INFO), ("cost_decreased", Severity.INFO)] == [
        (c.kind, c.severity) for c in found
    ]


def test_a_plans_own_state_speaks_where_it_states_no_fee():
    def given(state):
        return offer([plan("solo", state=state), "team"], fee("team", "99"))

    assert ["price_withdrawn"] == kinds(step(given(FREE), given(TALK)))
    assert ["free_tier_removed"] == kinds(step(given(FREE), given(State.STATED)))
    assert () == step(given(TALK), given(TALK))
    first = step(given(FREE), offer(["solo", "team"], fee("team", "99"), fee("solo", "5")))
    assert [("free_tier_removed", "free", "5")] == [(change.kind, change.before, change.after) for change in first]


def test_the_same_page_in_another_currency_is_a_view_and_no_change_of_price():
    """Prices that follow the reader's country are not news; they once were published as price rises."""
    before = offer(["solo", "team"], fee("solo", "10"), fee("team", "100"), rate(None, "credit", "0.03"))
    after = offer(
        ["solo", "team"],
        fee("solo", "9", currency="EUR"),
        fee("team", "90", currency="EUR"),
        rate(None, "credit", "0.028", currency="EUR"),
    )
    change = one(whole_step(before, after, workloads=[workload(credit=100)]))

    assert ("currency_changed", Cause.VIEW, Severity.INFO) == (change.kind, change.cause, change.severity)
    assert ("USD", "EUR", None) == (change.before, change.after, change.plan)


def test_a_view_does_not_hide_what_else_changed():
    before = offer(["solo"], fee("solo", "10"), limit("solo", "seat", 3))
    after = offer(["solo"], fee("solo", "9", currency="EUR"), limit("solo", "seat", 2))

    assert {("currency_changed", Cause.VIEW), ("allowance_decreased", Cause.VENDOR)} == {
        (change.kind, change.cause) for change in step(before, after)
    }


def test_a_currency_that_changes_together_with_the_plans_is_the_vendors_doing():
    before = offer(["free"], fee("free", "0", currency="EUR"))
    after = offer(["free", "paid"], fee("free", "0"), fee("paid", "10"))

    found = step(before, after)

    assert {"plan_added"} <= set(kinds(found))
    assert {Cause.VENDOR} == {change.cause for change in found}


def test_the_lever_of_a_price_is_the_headline():
    assert Lever.HEADLINE == one(moved([fee("solo", "10")], [fee("solo", "12")])).lever


def test_prices_that_go_over_to_several_currencies_are_no_view():
    before = offer(["solo", "team"], fee("solo", "10"), fee("team", "100"))
    after = offer(["solo", "team"], fee("solo", "9", currency="EUR"), fee("team", "95", currency="GBP"))

    assert {("currency_changed", Cause.VENDOR)} == {(change.kind, change.cause) for change in step(before, after)}


def test_another_commitment_for_the_same_seats_is_no_new_meter():
    monthly = fee("team", "10", metric="seat")
    yearly = fee("team", "8", metric="seat", commitment="year")
    added = one(step(offer(["team"], monthly), offer(["team"], monthly, yearly)))
    gone = one(step(offer(["team"], monthly, yearly), offer(["team"], monthly)))

    assert ["commitment_changed", "commitment_changed"] == [added.kind, gone.kind]


def test_a_price_for_seats_beside_a_flat_one_is_a_new_meter():
    flat = fee("team", "10")

    assert ["meter_added"] == kinds(step(offer(["team"], flat), offer(["team"], flat, fee("team", "2", metric="seat"))))


def test_a_free_plan_that_is_priced_in_another_currency_says_so():
    """A page that moves from euros to dollars moves its free plan, too: nothing to pay, but a sign of what comes."""
    change = one(step(offer(["solo"], free("solo", "EUR")), offer(["solo"], free("solo", "USD"))))

    assert ("currency_changed", Lever.STRUCTURE) == (change.kind, change.lever)
    assert "Solo: still free, priced in USD instead of EUR" == change.verdict


def test_a_free_plan_that_writes_out_its_zero_says_the_same():
    """ "Free" carries no currency and "$0" does: one price in two wordings."""
    assert () == step(offer(["solo"], free("solo", None)), offer(["solo"], free("solo", "USD")))


def free(plan, currency):
    return replace(fee(plan, state=State.FREE), currency=currency)


def test_a_bill_is_told_to_the_cent():
    """A twelfth of a year's price has no end, and nobody prints ten places."""
    found = whole_step(
        offer(["solo"], fee("solo", "98.20", period="year")),
        offer(["solo"], fee("solo", "198.20", period="year")),
        workloads=[workload("one", "One seat", seat=1)],
    )

    assert [
        "Solo: price $98.20 → $198.20 a year; for one seat $8.18 → $16.52",
        "Solo: costs more at 1 workload; for one seat $8.18 → $16.52 (2x)",
    ] == [each.verdict for each in found]


def test_how_many_times_is_said_only_where_it_says_something():
    def told(before, after):
        steps = whole_step(
            offer(["solo"], fee("solo", before)), offer(["solo"], fee("solo", after)), workloads=[workload("one")]
        )
        return next(change.verdict for change in steps if change.kind == "cost_increased")

    assert told("1000", "1001").endswith("$1,000.00 → $1,001.00")
    assert told("1", "12345").endswith("$1.00 → $12,345.00 (12,345x)")


def test_a_monthly_price_that_is_gone_makes_nothing_cheaper():
    """Left is the annual one, which was there before: a choice less, worth a notice, and no fall of any bill."""
    annual = fee("solo", "16", commitment="year")
    found = whole_step(
        offer(["solo"], fee("solo", "20"), annual), offer(["solo"], annual), workloads=[workload("idle", seat=1)]
    )

    change = one(found)
    assert ("commitment_changed", Severity.NOTICE) == (change.kind, change.severity)
    assert (
        "Solo: price of $20.00 a month no longer offered; what is left is $16.00 a month (billed annually)"
        == change.verdict
    )


def test_an_annual_price_that_is_gone_is_worth_a_notice():
    monthly = fee("solo", "20")
    change = one(step(offer(["solo"], monthly, fee("solo", "16", commitment="year")), offer(["solo"], monthly)))

    assert ("commitment_changed", Severity.NOTICE) == (change.kind, change.severity)
    assert change.verdict.endswith("no longer offered; what is left is $20.00 a month")
