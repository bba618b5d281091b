"""What must be bought with a plan, in the words of its card, of a note below the cards, and of an answer."""

from __future__ import annotations

import pytest

from pricing_pipeline.facts import Observation, TermKind
from tests.pricing_pipeline.extract.pages import card, framed, grid, read, tag

BOUGHT = (TermKind.RECURRING_FEE, TermKind.MINIMUM_SPEND)


def bought(observation: Observation) -> set[tuple[str | None, str, str | None, str]]:
    """(plan, kind, metric, amount a period or count) of fees and least counts beside the plans' own prices."""
    return {
        (
            term.plan,
            str(term.term),
            term.metric,
            f"{term.amount:f} a {term.billing_period}" if term.amount is not None else f"{term.quantity:f}",
        )
        for term in observation.terms
        if term.term in BOUGHT and not (term.term is TermKind.RECURRING_FEE and term.metric in (None, "seat"))
    }


def in_card(line: str) -> set[tuple[str | None, str, str | None, str]]:
    """What a line of the card of Pro says must be bought."""
    per_seat = tag("99", "per user / month")
    return bought(read(framed(grid(card("Basic", tag("49")), card("Pro", per_seat, "50 projects", line)))))


def below(*notes: str, basic: str = tag("49")) -> set[tuple[str | None, str, str | None, str]]:
    """What notes below the cards of Basic and Pro say must be bought."""
    told = "".join(f"<p>{note}</p>" for note in notes)
    per_seat = tag("99", "per user / month")
    return bought(read(framed(grid(card("Basic", basic), card("Pro", per_seat)) + f"<section>{told}</section>")))


@pytest.mark.parametrize(
    ("line", "metric", "amount", "count"),
    [
        ("Platform fee of $500/month required", "platform_fee", "500 a month", "1"),
        ("+ $500/month platform fee (required)", "platform_fee", "500 a month", "1"),
        ("A $500 monthly platform fee applies", "platform_fee", "500 a month", "1"),
        ("Platform fee: $6,000/year", "platform_fee", "6000 a year", "1"),
        ("plus a mandatory $99/month support package", "support_package", "99 a month", "1"),
        ("Mandatory support package: $99/month", "support_package", "99 a month", "1"),
        ("At least one support package ($99/month) must be added", "support_package", "99 a month", "1"),
        ("Requires the Core platform at $300/month", "core_platform", "300 a month", "1"),
        ("+$20/month for each mandatory data node", "data_node", "20 a month", "1"),
        ("Minimum of 3 data nodes, $20/month each", "data_node", "20 a month", "3"),
    ],
)
def test_a_card_says_what_must_be_bought(line: str, metric: str, amount: str, count: str) -> None:
    assert {("pro", "recurring_fee", metric, amount), ("pro", "minimum_spend", metric, count)} == in_card(line)


@pytest.mark.parametrize(
    "line",
    [
        "Optional support package: $99/month",
        "Support package $99/month",
        "SSO requires the Shield add-on at $20/month",
        "Support package ($99/month) required for HIPAA",
        "Platform fee of $500/month waived for the first year",
        "Mandatory onboarding fee $1,500 (one-time)",
        "No platform fee: save $500/month",
        "Requires a credit card",
    ],
)
def test_what_one_may_do_without_is_not_required(line: str) -> None:
    assert set() == in_card(line)


@pytest.mark.parametrize(
    ("line", "count"),
    [("Requires 3 seats minimum", "3"), ("Starts at 5 users minimum", "5"), ("3 seat minimum", "3")],
)
def test_seats_that_must_be_bought_stand_in_a_card_or_below(line: str, count: str) -> None:
    """Below the cards they bind the plan that is charged for seats."""
    assert {("pro", "minimum_spend", "seat", count)} == in_card(line) == below(line)


def test_a_price_and_what_must_be_bought_may_stand_in_one_line() -> None:
    page = framed(grid(card("Basic", tag("49")), card("Pro", "<p>$99/user/mo + $500/mo platform fee</p>")))
    observation = read(page)

    assert {
        ("pro", "recurring_fee", "platform_fee", "500 a month"),
        ("pro", "minimum_spend", "platform_fee", "1"),
    } == bought(observation)
    assert "99" in {f"{term.amount:f}" for term in observation.terms if term.plan == "pro" and term.metric == "seat"}


def test_what_must_be_bought_is_the_price_itself_where_nothing_else_is_asked() -> None:
    page = framed(grid(card("Basic", tag("49")), card("Pro", "<p>$500/month platform fee</p>")))
    fees = [term for term in read(page).terms if term.plan == "pro" and term.term is TermKind.RECURRING_FEE]

    assert [(None, "500")] == [(fee.metric, f"{fee.amount:f}") for fee in fees]


def test_a_sentence_about_every_plan_holds_for_the_product() -> None:
    assert {
        (None, "recurring_fee", "platform_fee", "500 a month"),
        (None, "minimum_spend", "platform_fee", "1"),
    } == below("All plans require a platform fee of $500 per month.")


def test_a_sentence_about_one_plan_holds_for_it_alone() -> None:
    assert {
        ("pro", "recurring_fee", "support_package", "99 a month"),
        ("pro", "minimum_spend", "support_package", "1"),
    } == below("Pro requires a support package, which costs $99 per month.")


def test_paid_plans_do_not_bind_a_free_one() -> None:
    found = below("Paid plans require a platform fee of $500 per month.", basic="<p>Free</p>")

    assert {"pro"} == {plan for plan, *_ in found}


@pytest.mark.parametrize(
    "note",
    [
        "Advanced security requires the Shield add-on at $20 per month.",
        "For example, a mandatory support package at $99/month adds up to $1,188.",
        "If you need more, a support package is required at $99/month.",
        "Upgrading requires the Business plan at $25/month.",
        "A minimum of 3 users is required to be eligible for a discount.",
    ],
)
def test_a_sentence_that_binds_nobody_is_passed_over(note: str) -> None:
    assert set() == below(note)


def test_a_charge_for_each_mandatory_unit_is_no_rate_for_more_of_them() -> None:
    line = "+$20/month for each mandatory data node"
    observation = read(framed(grid(card("Basic", tag("49")), card("Pro", tag("99"), line))))

    assert [] == [term for term in observation.terms if term.term is TermKind.USAGE_RATE]


@pytest.mark.parametrize(
    ("sentence", "plan", "metric"),
    [
        ("From 1 June 2026, a platform fee of $500 per month applies to all plans.", None, "platform_fee"),
        ("Effective 1 June 2026, Pro requires a platform fee of $500 per month.", "pro", "platform_fee"),
    ],
)
def test_what_must_be_bought_from_a_day_on_is_announced_and_is_no_price(
    sentence: str, plan: str | None, metric: str
) -> None:
    observation = read(framed(grid(card("Basic", tag("49")), card("Pro", tag("99"))) + f"<p>{sentence}</p>"))
    (announced,) = observation.announcements

    assert set() == bought(observation)
    assert [(plan, "recurring_fee", metric, "500"), (plan, "minimum_spend", metric, "1")] == [
        (term.plan, term.term, term.metric, f"{term.quantity if term.amount is None else term.amount:f}")
        for term in announced.terms
    ]


def test_rows_of_a_table_say_what_must_be_bought_with_each_plan() -> None:
    rows = (
        ("", "Basic", "Pro"),
        ("Platform fee", "–", "$500/mo"),
        ("Required support package", "$20/month", "$99/month"),
        ("Minimum seats", "1", "3"),
    )
    cells = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
    per_seat = [tag(amount, "per user / month") for amount in ("49", "99")]
    cards = grid(card("Basic", per_seat[0]), card("Pro", per_seat[1]))

    assert {
        ("pro", "recurring_fee", "platform_fee", "500 a month"),
        ("pro", "minimum_spend", "platform_fee", "1"),
        ("basic", "recurring_fee", "support_package", "20 a month"),
        ("basic", "minimum_spend", "support_package", "1"),
        ("pro", "recurring_fee", "support_package", "99 a month"),
        ("pro", "minimum_spend", "support_package", "1"),
        ("basic", "minimum_spend", "seat", "1"),
        ("pro", "minimum_spend", "seat", "3"),
    } == bought(read(framed(f"{cards}<table>{cells}</table>")))
