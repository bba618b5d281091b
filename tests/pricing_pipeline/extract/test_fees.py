"""What a card asks for: amount, period and commitment as the page prints them, and nothing where it is ambiguous."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_pipeline.facts import PriceKind, State, Surface, TermKind
from tests.pricing_pipeline.extract.pages import card, fees, framed, grid, read, tag, terms


def page(price: str, *lines: str) -> str:
    return framed(grid(card("Basic", price, *lines), card("Other", tag("77"))))


@pytest.mark.parametrize(
    ("price", "fee"),
    [
        ("$10/month", ("10", "USD", "month", "month")),
        ("<span>$</span><b>10</b><small>/mo</small>", ("10", "USD", "month", "month")),
        ("<p>$10</p><p>per month</p>", ("10", "USD", "month", "month")),
        ("<p>Monthly</p><p>$10</p>", ("10", "USD", "month", "month")),
        ("$1,200 <small>per year</small>", ("1200", "USD", "year", "year")),
        ("$8/month, billed annually", ("8", "USD", "month", "year")),
        ("<p>$8</p><p>per month</p><p>(billed annually)</p>", ("8", "USD", "month", "year")),
        ("<p>$8</p><p>/month paid annually</p>", ("8", "USD", "month", "year")),
        ("$96 billed annually", ("96", "USD", "year", "year")),
        ("from $9/month", ("9", "USD", "month", "month")),
        ("<p>starting at</p><p>$52</p><p>annually</p>", ("52", "USD", "year", "year")),
        ("$10 month-to-month", ("10", "USD", "month", "month")),
        ("<s>$20</s> $10 / month", ("10", "USD", "month", "month")),
        ("<span class='old-price'>$20</span> <span>$10 / month</span>", ("10", "USD", "month", "month")),
        ("<span>$9<sup>99</sup></span> /mo", ("9.99", "USD", "month", "month")),
        ("<span>$9</span><span class='cents'>99</span> /mo", ("9.99", "USD", "month", "month")),
        ("$10 / month <b>Save 20%</b>", ("10", "USD", "month", "month")),
        ("<p>$5/month for the first 3 months</p><p>then $10/month</p>", ("10", "USD", "month", "month")),
        ("$1.5k/mo", ("1500", "USD", "month", "month")),
        ("29,90 € / Monat", None),
    ],
)
def test_a_price_has_its_period_and_commitment(price: str, fee: tuple[str, str, str, str] | None) -> None:
    found = fees(read(page(price), currency="USD"), "basic")

    assert ([fee] if fee else [("29.90", "EUR", "month", "month")]) == (
        found if fee else fees(read(page(price), locale="de-DE"), "basic")
    )


def test_two_prices_of_a_plan_keep_their_commitments() -> None:
    observation = read(
        page("<p>$20</p><p>per month (paid annually)</p><p>When billed annually or $25/mo if billed monthly</p>"),
        currency="USD",
    )

    assert [("20", "USD", "month", "year"), ("25", "USD", "month", "month")] == fees(observation, "basic")


def test_digits_that_only_a_tag_parts_are_no_price() -> None:
    """$1 and 29 may be 129, or 1.29, or a price and a count."""
    assert [] == fees(read(page("<span>$1</span><span>29</span>/mo"), currency="USD"), "basic")


def test_a_struck_price_is_the_list_price() -> None:
    observation = read(page("<s>$20</s> $10 / month"), currency="USD")

    assert [(Decimal(20), PriceKind.LIST)] == [
        (t.amount, t.price_kind) for t in terms(observation, "basic") if t.price_kind is PriceKind.LIST
    ]


@pytest.mark.parametrize("text", ["Save $40 a year", "$200 in free credits", "Worth $500", "Get $50 off"])
def test_money_that_is_not_asked_for_is_no_fee(text: str) -> None:
    assert [("10", "USD", "month", "month")] == fees(read(page("$10/month", text), currency="USD"), "basic")


@pytest.mark.parametrize(
    ("price", "state"),
    [
        ("Free", State.FREE),
        ("$0", State.FREE),
        ("$0 / month", State.FREE),
        ("Free forever", State.FREE),
        ("<s>$9/month</s> <b>free</b>", State.FREE),
        ("Custom", State.CONTACT_SALES),
        ("Contact us", State.CONTACT_SALES),
        ("Let's talk", State.CONTACT_SALES),
        ("Contact Us/mo", State.CONTACT_SALES),
        ("Auf Anfrage", State.CONTACT_SALES),
        ("$10/mo", State.STATED),
    ],
)
def test_free_and_on_request_are_states_not_amounts(price: str, state: State) -> None:
    observation = read(page(price), currency="USD")

    assert state is next(plan.state for plan in observation.plans if plan.slug == "basic")
    assert [State.STATED] != [
        t.state for t in terms(observation, "basic", TermKind.RECURRING_FEE)
    ] or state is State.STATED


def test_a_seat_price_names_its_metric() -> None:
    (term,) = terms(read(page("<p>$15</p><p>per user / month</p>"), currency="USD"), "basic", TermKind.RECURRING_FEE)

    assert ("seat", "month", Decimal(15)) == (term.metric, term.billing_period, term.amount)


@pytest.mark.parametrize(
    ("line", "rate"),
    [
        ("Then $0.03 per additional credit", ("credit", "0.03", None, None)),
        ("$10/mo for additional users", ("seat", "10", None, "month")),
        ("$0.80 per 1,000 emails", ("email", "0.80", "1000", None)),
        ("Additional jobs $50/month each", None),
    ],
)
def test_what_comes_on_top_is_a_rate(line: str, rate: tuple[str, str, str | None, str | None] | None) -> None:
    observation = read(page("$10/month", line), currency="USD")
    rates = [
        (t.metric, str(t.amount), str(t.per_quantity) if t.per_quantity else None, t.billing_period)
        for t in terms(observation, "basic", TermKind.USAGE_RATE)
    ]

    assert [("10", "USD", "month", "month")] == fees(observation, "basic")
    assert rate is None or [rate] == rates


def test_a_fee_and_a_rate_may_stand_in_one_line() -> None:
    observation = read(page("$50/month + $10/month per VM"), currency="USD")

    assert [("50", "USD", "month", "month")] == fees(observation, "basic")
    assert [("vm", Decimal(10))] == [(t.metric, t.amount) for t in terms(observation, "basic", TermKind.USAGE_RATE)]


def test_a_plan_may_be_all_usage() -> None:
    observation = read(
        framed(grid(card("Events", "$0.00005/event", "Free tier: 1 million events/mo"), card("Rows", "$0.000015/row"))),
        currency="USD",
    )

    assert [("event", Decimal("0.00005"))] == [
        (t.metric, t.amount) for t in terms(observation, "events", TermKind.USAGE_RATE)
    ]
    assert [Decimal(1_000_000)] == [t.quantity for t in terms(observation, "events", TermKind.ALLOWANCE)]


def test_a_set_up_fee_is_charged_once() -> None:
    observation = read(page("$10/month", "$99 one-time setup fee"), currency="USD")

    assert [Decimal(99)] == [t.amount for t in terms(observation, "basic", TermKind.ONE_TIME_FEE)]
    assert [("10", "USD", "month", "month")] == fees(observation, "basic")


@pytest.mark.parametrize(
    ("annual", "fee"),
    [
        ("$100", ("100", "USD", "year", "year")),
        ("$8", ("8", "USD", "month", "year")),
        ("$8/mo", ("8", "USD", "month", "year")),
        ("$96/year", ("96", "USD", "year", "year")),
    ],
)
def test_an_annual_pane_shows_a_total_or_a_months_share(annual: str, fee: tuple[str, str, str, str]) -> None:
    """Which of the two, its words say, else its relation to the monthly price."""
    shown, hidden = page("$10/mo"), grid(card("Basic", annual), card("Other", "$800"))
    observation = read(
        shown.replace("</body>", f"<div id='annual' style='display:none'>{hidden}</div></body>"), currency="USD"
    )

    assert [("10", "USD", "month", "month"), fee] == fees(observation, "basic")
    assert [Surface.VISIBLE, Surface.INACTIVE_PANE] == [
        t.evidence.surface for t in observation.terms if t.plan == "basic" and t.amount
    ]


def test_the_active_side_of_a_toggle_gives_bare_prices_their_period() -> None:
    toggle = "<div><button class='tab active'>Monthly</button><button class='tab'>Yearly</button></div>"
    body = toggle + grid(card("Basic", "$10"), card("Pro", "$20"))

    assert [("10", "USD", "month", "month")] == fees(read(framed(body), currency="USD"), "basic")


def test_a_period_that_nobody_states_stays_unknown() -> None:
    (term,) = terms(read(page("$10"), currency="USD"), "basic", TermKind.RECURRING_FEE)

    assert (None, None) == (term.billing_period, term.commitment)
    assert term.confidence < 1


def test_what_a_page_says_of_all_its_plans_is_their_commitment() -> None:
    observation = read(
        page("$10 per month").replace("</body>", "<p>All plans are billed annually.</p></body>"), currency="USD"
    )

    assert [("10", "USD", "month", "year")] == fees(observation, "basic")


def test_an_attribute_that_holds_the_annual_price_is_read_as_such() -> None:
    body = "<b data-monthly='$39' data-yearly='$390/year'>$39</b> / mo"
    observation = read(page(body), currency="USD")

    assert [("39", "USD", "month", "month"), ("390", "USD", "year", "year")] == fees(observation, "basic")
    assert [Surface.ATTRIBUTE] == [t.evidence.surface for t in observation.terms if t.amount == 390]


def test_a_bare_number_in_an_attribute_is_no_price() -> None:
    """32,5 may be anything."""
    observation = read(page("<b data-monthly='39' data-yearly='32,5'>$39</b> / mo"), currency="USD")

    assert [("39", "USD", "month", "month")] == fees(observation, "basic")


def test_a_toggle_on_its_annual_side_makes_monthly_prices_annual_commitments() -> None:
    """The page shows 16 a month instead of 20 because it opens on annual billing: no price was cut."""
    toggle = "<label><input type='radio' name='p'> Monthly</label><label><input type='radio' name='p' checked> Annual</label>"
    body = toggle + grid(card("Basic", "$16 / month"), card("Pro", "$64 / month"))

    assert [("16", "USD", "month", "year")] == fees(read(framed(body), currency="USD"), "basic")


def test_one_price_in_two_currencies_is_two_views_of_it() -> None:
    assert [("19", "USD", "month", "month"), ("17", "EUR", "month", "month")] == fees(
        read(page("$19 / €17 per month"), currency="USD"), "basic"
    )


def test_a_price_for_students_is_not_the_price() -> None:
    assert [("10", "USD", "month", "month")] == fees(
        read(page("$10/month", "Students: $5/month"), currency="USD"), "basic"
    )


def test_a_least_charge_is_a_minimum_spend() -> None:
    observation = read(page("$0.10 per task", "$10 monthly minimum"), currency="USD")

    assert [(Decimal(10), "month")] == [
        (t.amount, t.billing_period) for t in terms(observation, "basic", TermKind.MINIMUM_SPEND)
    ]
    assert [] == fees(observation, "basic")


def test_what_is_paid_once_is_no_recurring_fee() -> None:
    observation = read(
        framed(grid(card("Personal", "$49 one-time"), card("Team", "$149 one-time payment"))), currency="USD"
    )

    assert [Decimal(49)] == [t.amount for t in terms(observation, "personal", TermKind.ONE_TIME_FEE)]
    assert [] == fees(observation, "personal")
