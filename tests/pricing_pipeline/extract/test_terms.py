"""Allowances and limits in cards, the three kinds of tables, and rates in sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_pipeline.facts import State, TermKind, TierMode
from tests.pricing_pipeline.extract.pages import card, fees, framed, grid, names, read, tag, terms


def lines(*said: str) -> set[tuple[str, str | None, str]]:
    """(kind, metric, quantity or state) of what a card's lines state."""
    observation = read(framed(grid(card("Basic", tag("10"), *said), card("Other", tag("77")))), currency="USD")
    return {
        (str(t.term), t.metric, f"{t.quantity:f}" if t.quantity is not None else str(t.state))
        for t in terms(observation, "basic")
        if t.term in (TermKind.ALLOWANCE, TermKind.LIMIT, TermKind.MINIMUM_SPEND)
    }


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("7,500 credits included", ("allowance", "credit", "7500")),
        ("Up to 3 users", ("limit", "seat", "3")),
        ("Unlimited deployments", ("limit", "deployment", "unlimited")),
        ("75 hours of serverless compute per month", ("allowance", "serverless_minute", "4500")),
        ("1 million events/mo", ("allowance", "event", "1000000")),
        ("30 Day Retention", ("limit", "retention_day", "30")),
        ("As many users as you need", ("limit", "seat", "unlimited")),
        ("Unlimited emails (fair use: up to 100,000 emails per month)", ("allowance", "email", "100000")),
        ("One user", ("limit", "seat", "1")),
        ("minimum 5 users", ("minimum_spend", "seat", "5")),
        ("No credits included", ("allowance", "credit", "not_included")),
        ("Pay as you go from the first credit", ("allowance", "credit", "not_included")),
        ("10,000 emails / month", ("allowance", "email", "10000")),
    ],
)
def test_a_line_states_what_is_included(line: str, term: tuple[str, str, str]) -> None:
    assert {term} == lines(line)


def test_the_period_of_an_allowance_may_stand_at_the_end_of_its_line() -> None:
    observation = read(
        framed(grid(card("Basic", tag("10"), "7,500 credits included per month"), card("Other", tag("77"))))
    )

    assert [(Decimal(7500), "month")] == [
        (t.quantity, t.billing_period) for t in terms(observation, "basic", TermKind.ALLOWANCE)
    ]


@pytest.mark.parametrize(
    "line", ["4,000 credits per user included", "4,000 credits / user / month", "4,000 credits for each user"]
)
def test_an_allowance_for_each_user_says_so(line: str) -> None:
    observation = read(framed(grid(card("Basic", tag("10"), line), card("Other", tag("77")))))

    (allowance,) = terms(observation, "basic", TermKind.ALLOWANCE)

    assert (Decimal(4000), "credit") == (allowance.quantity, allowance.metric)
    assert "credits per user" == allowance.unit_as_printed


def test_one_line_may_state_several() -> None:
    assert {("limit", "project", "1"), ("limit", "seat", "3")} == lines("1 project / 3 users")
    assert {("limit", "seat", "unlimited"), ("limit", "deployment", "unlimited")} == lines(
        "Unlimited users and deployments"
    )


def test_a_range_of_seats_has_a_most_and_a_least_that_is_billed() -> None:
    assert {("limit", "seat", "8"), ("minimum_spend", "seat", "4")} == lines("4 to 8 users")


@pytest.mark.parametrize(
    "line",
    [
        "14-day free trial",
        "24/7 support",
        "99.9% uptime",
        "Response within 4 hours",
        "Trusted by 30,000 users",
        "2 months free",
        "Apache 2.0 licence",
        "No credit card required",
        "Single sign-on",
        "Save 20 hours a week",
        "0 GB / month",
    ],
)
def test_a_line_that_counts_something_else_states_nothing(line: str) -> None:
    assert set() == lines(line)


def test_a_count_may_stand_over_its_label() -> None:
    body = "".join(
        f"<div class='c'><h3>{name}</h3><p>${price}/mo</p><div><div>{count}</div><div>events</div></div></div>"
        for name, price, count in (("A1", 5, "5,000"), ("B2", 9, "90,000"))
    )
    observation = read(framed(f"<div>{body}</div>"), currency="USD")

    assert [Decimal(5000)] == [t.quantity for t in terms(observation, "a1", TermKind.ALLOWANCE)]


COMPARISON = (
    "<table><thead><tr><td></td><th>Solo</th><th>Team</th></tr></thead>"
    "<tr><th>Users</th><td>1</td><td>Up to 8</td></tr><tr><th>API calls per "
    "month</th><td>1,000</td><td>Unlimited</td></tr>"
    "<tr><th>Single sign-on</th><td>–</td><td>✓</td></tr><tr><th>Additional "
    "users</th><td>–</td><td>$5</td></tr></table>"
)


def test_a_comparison_table_adds_to_its_plans() -> None:
    observation = read(framed(grid(card("Solo", tag("10")), card("Team", tag("50"))) + COMPARISON), currency="USD")

    assert ["Solo", "Team"] == names(observation)
    assert {("seat", Decimal(1)), ("api_call", Decimal(1000))} == {
        (t.metric, t.quantity) for t in terms(observation, "solo") if t.quantity
    }
    assert [("api_call", State.UNLIMITED)] == [
        (t.metric, t.state) for t in terms(observation, "team", TermKind.ALLOWANCE)
    ]
    assert [("seat", Decimal(5))] == [(t.metric, t.amount) for t in terms(observation, "team", TermKind.USAGE_RATE)]


def test_a_card_and_a_table_that_disagree_are_a_conflict() -> None:
    observation = read(
        framed(grid(card("Solo", tag("10"), "2 users"), card("Team", tag("50"))) + COMPARISON), currency="USD"
    )

    assert [("solo", "seat", {Decimal(1), Decimal(2)})] == [
        (c.plan, c.metric, {r.quantity for r in c.readings}) for c in observation.conflicts
    ]


def test_plans_may_be_columns() -> None:
    table = (
        "<table><tr><th></th><th>Free</th><th>Pro</th></tr>"
        "<tr><td>Price</td><td>Free</td><td>$12/user/month</td></tr>"
        "<tr><td>Projects</td><td>3</td><td>50</td></tr></table>"
    )
    observation = read(framed(table), currency="USD")

    assert [("Free", State.FREE), ("Pro", State.STATED)] == [(p.name, p.state) for p in observation.plans]
    assert [("12", "USD", "month", "month")] == fees(observation, "pro")
    assert [Decimal(50)] == [t.quantity for t in terms(observation, "pro", TermKind.LIMIT)]


def test_plans_may_be_rows() -> None:
    table = (
        "<table><tr><th>Plan</th><th>Monthly</th><th>Yearly</th><th>Users</th></tr><tr><td>Basic</td><td>$10</td><td>$100</td><td>5</td></tr>"
        "<tr><td>Enterprise</td><td>Contact us</td><td>Contact us</td><td>Unlimited</td></tr></table>"
    )
    observation = read(framed(table), currency="USD")

    assert [("Basic", State.STATED), ("Enterprise", State.CONTACT_SALES)] == [
        (p.name, p.state) for p in observation.plans
    ]
    assert [("10", "USD", "month", "month"), ("100", "USD", "year", "year")] == fees(observation, "basic")
    assert [Decimal(5)] == [t.quantity for t in terms(observation, "basic", TermKind.LIMIT)]


def test_rows_may_be_models_with_rates_in_and_out() -> None:
    table = (
        "<table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        "<tr><td>small-1</td><td>$0.15 / 1M tokens</td><td>$0.60 / 1M tokens</td></tr></table>"
    )
    observation = read(framed(table), currency="USD")

    assert [
        ("input_token", Decimal("0.15"), Decimal(1_000_000)),
        ("output_token", Decimal("0.60"), Decimal(1_000_000)),
    ] == [(t.metric, t.amount, t.per_quantity) for t in terms(observation, "small-1", TermKind.USAGE_RATE)]


def test_a_cell_that_spans_rows_stands_in_each() -> None:
    table = (
        "<table><tr><th>Plan</th><th>Region</th><th>Price per month</th></tr><tr><td "
        "rowspan=2>Basic</td><td>EU</td><td>$10</td></tr>"
        "<tr><td>US</td><td>$10</td></tr><tr><td>Pro</td><td>US</td><td>$30</td></tr></table>"
    )
    observation = read(framed(table), currency="USD")

    assert ["Basic", "Pro"] == names(observation)
    assert [("30", "USD", "month", "month")] == fees(observation, "pro")


def test_a_rate_table_may_name_a_plan_in_its_row() -> None:
    table = (
        "<table><tr><th>Meter</th><th>Rate</th></tr>"
        "<tr><th>Serverless compute</th><td>$0.010 per minute</td></tr>"
        "<tr><th>Credits on Solo</th><td>$0.040 per credit</td></tr></table>"
    )
    observation = read(framed(grid(card("Solo", tag("10")), card("Team", tag("50"))) + table), currency="USD")

    assert [("serverless_minute", Decimal("0.010"))] == [(t.metric, t.amount) for t in terms(observation, None)]
    assert [("credit", Decimal("0.040"))] == [
        (t.metric, t.amount) for t in terms(observation, "solo", TermKind.USAGE_RATE)
    ]


def test_bands_of_use_are_tiers() -> None:
    """A tier runs from above its start up to and including its end."""
    table = (
        "<table><tr><th>Messages</th><th>Price per message</th></tr><tr><td>First 1,000</td><td>Free</td></tr>"
        "<tr><td>Next 9,000</td><td>$0.01</td></tr><tr><td>10,001+</td><td>$0.005</td></tr></table>"
    )
    found = terms(read(framed(table), currency="USD"), None, TermKind.USAGE_RATE)

    assert [(0, 1000, None), (1000, 10000, Decimal("0.01")), (10000, None, Decimal("0.005"))] == [
        (t.tier_from, t.tier_to, t.amount) for t in found
    ]
    assert {TierMode.GRADUATED} == {t.tier_mode for t in found}


@pytest.mark.parametrize(
    ("sentence", "plan", "rate"),
    [
        ("Serverless compute costs $0.010 per minute and is billed in addition.", None, ("serverless_minute", "0.010")),
        ("You pay $0.040 per credit on Solo.", "solo", ("credit", "0.040")),
        ("On Solo, each credit costs $0.040.", "solo", ("credit", "0.040")),
        ("$50/month for additional concurrent job.", None, ("concurrent_job", "50")),
    ],
)
def test_a_sentence_states_a_rate(sentence: str, plan: str | None, rate: tuple[str, str]) -> None:
    body = f"{grid(card('Solo', tag('10')), card('Team', tag('50')))}<h2>FAQ</h2><p>{sentence}</p>"

    assert [rate] == [
        (t.metric, str(t.amount)) for t in terms(read(framed(body), currency="USD"), plan, TermKind.USAGE_RATE)
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "For example, 1,000 credits at $0.04 per credit cost $40.",
        "If you use 15 GB you pay $0.50 per GB.",
        "Credits used to cost $0.03 per credit.",
        "We save you $0.50 per GB compared with others.",
        "20 requests * 4 KB * $0.15/GB = $7.88",
    ],
)
def test_examples_and_stories_state_no_rate(sentence: str) -> None:
    body = f"{grid(card('Solo', tag('10')), card('Team', tag('50')))}<h2>FAQ</h2><p>{sentence}</p>"

    assert [] == [t for t in read(framed(body), currency="USD").terms if t.term is TermKind.USAGE_RATE]


def test_what_is_additional_is_additional_to_the_paid_plans_that_hold_some() -> None:
    body = grid(
        card("Open", "Free", "1 concurrent job"), card("Pro", tag("50"), "2 concurrent jobs"), card("Lite", tag("5"))
    )
    observation = read(framed(f"{body}<h2>$25/month for additional concurrent job.</h2>"), currency="USD")

    assert ["pro"] == [t.plan for t in observation.terms if t.term is TermKind.USAGE_RATE]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Effective May 1, 2026, prices change.", ["2026-05-01"]),
        ("From 1 June 2026 the Solo plan costs $20.", ["2026-06-01"]),
        ("New pricing takes effect on 2026-07-01.", ["2026-07-01"]),
        ("© May 1, 2026 Vendor. Prices may change.", []),
        ("Last updated: May 1, 2026. Prices in USD.", []),
        ("Join our webinar on May 1, 2026 about new pricing.", []),
        ("The offer ends on May 31, 2026 for new plans.", []),
    ],
)
def test_dated_changes_are_announcements(text: str, days: list[str]) -> None:
    assert days == [
        a.effective_from.isoformat()
        for a in read(framed(f"<p>{text}</p>{grid(card('Solo', tag('10')), card('Team', tag('50')))}")).announcements
    ]


def test_a_page_that_sells_one_thing_has_one_plan() -> None:
    body = "<h1>Acme Pricing</h1><p>One simple plan.</p><div>$29/month</div><ul><li>Unlimited projects</li><li>5 users</li></ul>"
    observation = read(framed(body), currency="USD")

    assert ["Acme"] == names(observation)
    assert [("29", "USD", "month", "month")] == fees(observation, "acme")
    assert {"project", "seat"} == {t.metric for t in terms(observation, "acme", TermKind.LIMIT)}


def test_a_page_of_sentences_may_sell_by_use_alone() -> None:
    body = (
        "<h1>Pricing</h1><p>For on-demand pricing, Cache costs $0.50/GB transferred.</p>"
        "<p>Your first 5 GB transferred each month are free, no credit card needed.</p>"
    )
    observation = read(framed(body), currency="USD")

    assert ["On-demand"] == names(observation)
    assert [("gb_transferred", Decimal("0.50"))] == [
        (t.metric, t.amount) for t in terms(observation, "on-demand", TermKind.USAGE_RATE)
    ]
    assert [("gb_transferred", Decimal(5), "month")] == [
        (t.metric, t.quantity, t.billing_period) for t in terms(observation, "on-demand", TermKind.ALLOWANCE)
    ]


def test_a_table_of_meters_gives_rates_not_plans() -> None:
    table = (
        "<table><tr><th>Dimension</th><th>Charge</th></tr><tr><td>Storage</td><td>$0/GB</td></tr>"
        "<tr><td>Connections</td><td>$0.15/million connections</td></tr></table>"
    )
    observation = read(framed(table), currency="USD")

    assert [] == names(observation)
    assert [("storage_gb", Decimal(0), None), ("connection", Decimal("0.15"), Decimal(1_000_000))] == [
        (t.metric, t.amount, t.per_quantity) for t in terms(observation, None)
    ]
