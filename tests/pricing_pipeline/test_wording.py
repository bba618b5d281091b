from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pricing_pipeline import wording


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7500", "7,500"),
        ("0.50", "0.5"),
        ("0", "0"),
        ("0.00", "0"),
        ("1E+6", "1,000,000"),
        ("1500.0000000000", "1,500"),
    ],
)
def test_a_quantity_reads_with_separators_and_without_idle_zeros(value, expected):
    assert expected == wording.number(Decimal(value))


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("10", "USD", "$10.00"),
        ("0.040", "USD", "$0.04"),
        ("0.035", "USD", "$0.035"),
        ("1150.0000000000", "USD", "$1,150.00"),
        ("5", None, "5.00"),
    ],
)
def test_money_reads_as_it_is_written(amount, currency, expected):
    assert expected == wording.money(Decimal(amount), currency)


def test_a_range_of_one_amount_is_the_amount():
    assert "$1.00" == wording.money_range(Decimal(1), Decimal("1.0"), "USD")
    assert "$1.00–$2.00" == wording.money_range(Decimal(1), Decimal(2), "USD")


@pytest.mark.parametrize(
    ("metric", "count", "expected"),
    [
        ("credit", 2, "credits"),
        ("credit", 1, "credit"),
        ("serverless_minute", None, "serverless minutes"),
        ("gb", 5, "GB"),
        ("query", 2, "queries"),
        ("key", 2, "keys"),
        ("api_call", 2, "API calls"),
        ("index", 2, "indices"),
        ("batch", 2, "batches"),
    ],
)
def test_a_metric_reads_as_a_noun(metric, count, expected):
    assert expected == wording.noun(metric, None if count is None else Decimal(count))


@given(some.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**10, places=6))
def test_numbers_as_data_keep_their_value(value):
    assert value == Decimal(wording.text(value))
    assert wording.text(value) == wording.text(value.normalize())
