"""How facts read: one wording for each kind of value, none taken for another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_pipeline.facts import PriceKind, Rating, RatingState, State, TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.results import Cost, CostState
from tests.pricing_pipeline.publish.example import DAGSTER, evidence, term

DOLLARS = {"currency": "USD"}


def said(kind: TermKind, **values: object) -> str:
    """How a term of these values reads."""
    return phrases.term(term(DAGSTER, "solo", kind, "as printed", **values).term)


def test_eight_kinds_of_value_read_in_eight_ways():
    """Unknown is not zero, free is not unlimited, and a reader can tell."""
    fee = TermKind.RECURRING_FEE
    texts = [
        said(fee, amount=Decimal(10), billing_period="month", **DOLLARS),
        said(fee, amount=Decimal(0), billing_period="month", **DOLLARS),
        *(said(fee, state=state) for state in State if state is not State.STATED),
        phrases.NOT_APPLICABLE,
    ]

    expected = ["$10.00 a month", "$0.00 a month", "Free", "Unlimited", "Contact sales", "Not included", "Not stated"]
    assert [*expected, "Not applicable"] == texts


@pytest.mark.parametrize(
    ("expected", "kind", "values"),
    [
        ("$0.035 per credit", TermKind.USAGE_RATE, {"amount": Decimal("0.0350"), "metric": "credit"}),
        ("$9.00 per 1,000 events", TermKind.USAGE_RATE, {"amount": 9, "metric": "event", "per_quantity": 1000}),
        ("$50.00 per job a month", TermKind.USAGE_RATE, {"amount": 50, "metric": "job", "billing_period": "month"}),
        ("$8.00 per seat a month, billed annually", TermKind.RECURRING_FEE,
         {"amount": 8, "metric": "seat", "billing_period": "month", "commitment": "year"}),
        ("from $20.00 a month", TermKind.RECURRING_FEE,
         {"amount": 20, "billing_period": "month", "price_kind": PriceKind.FROM}),
        ("$20.00 a month (list price)", TermKind.RECURRING_FEE,
         {"amount": 20, "billing_period": "month", "price_kind": PriceKind.LIST}),
        ("$30.00 every 6 months", TermKind.RECURRING_FEE, {"amount": 30, "billing_period": "6_months"}),
        ("$5.00 a month, billed every 6 months", TermKind.RECURRING_FEE,
         {"amount": 5, "billing_period": "month", "commitment": "6_months"}),
        ("$4.50 once, if billed monthly", TermKind.ONE_TIME_FEE, {"amount": Decimal("4.50"), "commitment": "month"}),
        ("$500.00 once", TermKind.ONE_TIME_FEE, {"amount": 500}),
        ("7,500 credits a month", TermKind.ALLOWANCE,
         {"quantity": 7500, "metric": "credit", "billing_period": "month"}),
        ("0 credits", TermKind.ALLOWANCE, {"quantity": 0, "metric": "credit"}),
        ("at least 4 seats", TermKind.MINIMUM_SPEND, {"quantity": 4, "metric": "seat"}),
        ("$500.00 a month", TermKind.RECURRING_FEE,
         {"amount": 500, "metric": "platform_fee", "billing_period": "month"}),
        ("Required", TermKind.MINIMUM_SPEND, {"quantity": 1, "metric": "platform_fee"}),
    ],
)  # fmt: skip
def test_a_term_reads_as_a_person_would_say_it(expected, kind, values):
    decimals = {name: Decimal(value) if isinstance(value, int) else value for name, value in values.items()}

    assert expected == said(kind, **DOLLARS, **decimals)


def test_both_bounds_of_a_range_are_said():
    text = said(TermKind.USAGE_RATE, amount=Decimal("0.035"), amount_max=Decimal("0.040"), metric="credit", **DOLLARS)

    assert "$0.035" in text
    assert "$0.04 per credit" in text


def test_a_sentence_can_say_that_nothing_is_included():
    """`includes no credits`, where the figure used to be `includes 7,500 credits`."""
    gone = term(DAGSTER, "solo", TermKind.ALLOWANCE, "as printed", metric="credit", state=State.NOT_INCLUDED).term

    assert "no" == phrases.term_in_a_sentence(gone)


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        ("4.5 of 5 (124 reviews)", {"rating": Decimal("4.5"), "scale": Decimal(5), "review_count": 124}),
        ("9.1 of 10 (1,204 ratings)", {"rating": Decimal("9.1"), "scale": Decimal(10), "rating_count": 1204}),
        ("No ratings yet", {"state": RatingState.NO_RATINGS_YET}),
        ("Not stated", {"state": RatingState.NOT_STATED}),
    ],
)
def test_a_rating_says_its_scale_and_its_count(expected, values):
    rating = Rating(**{"state": RatingState.STATED, "evidence": evidence("q"), **values})

    assert expected == phrases.rating(rating)


@pytest.mark.parametrize(
    ("expected", "cost"),
    [
        ("$310.00", Cost(state=CostState.EXACT, low=Decimal(310), high=Decimal(310), currency="USD")),
        ("$0.00", Cost(state=CostState.EXACT, low=Decimal(0), high=Decimal(0), currency="USD")),
        ("Unknown", Cost(state=CostState.UNKNOWN, reason="no rate")),
        ("Does not fit", Cost(state=CostState.INFEASIBLE)),
        ("Contact sales", Cost(state=CostState.CONTACT_SALES)),
        ("Not applicable", Cost(state=CostState.NOT_APPLICABLE)),
    ],
)
def test_a_cost_is_a_figure_or_says_why_it_is_none(expected, cost):
    assert expected == phrases.cost(cost)


def test_scraped_text_cannot_reorder_or_hide_what_stands_beside_it():
    """Bidirectional overrides, zero-width letters, escapes for terminals, line breaks."""
    assert "a b c d e" == phrases.line("a\u202eb\u200b\x1bc\r\nd\u2066e")
    assert 10 == len(phrases.line("x" * 50, 10))


def test_days_read_the_same_in_every_language_of_the_machine():
    assert "1 May 2026" == phrases.day(date(2026, 5, 1))
