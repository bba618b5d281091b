"""Units have one name each, and counts keep their unit, period and bound."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.units import Quantity, is_known, metric, period, read_per, read_quantities


def one(text: str, locale: str = "en-US") -> Quantity:
    found = read_quantities(text, locale=locale)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("users", "seat"),
        ("seats", "seat"),
        ("team members", "seat"),
        ("editors", "seat"),
        ("people", "seat"),
        ("licences", "seat"),
        ("viewers", "viewer"),
        ("monthly active users", "monthly_active_user"),
        ("credits", "credit"),
        ("extra credit", "credit"),
        ("monthly credits", "credit"),
        ("serverless minutes", "serverless_minute"),
        ("hours of serverless compute", "serverless_minute"),
        ("serverless compute minutes", "serverless_minute"),
        ("compute hours", "compute_hour"),
        ("GPU hours", "gpu_hour"),
        ("GB", "gb"),
        ("gigabytes", "gb"),
        ("GB of storage", "storage_gb"),
        ("GB-hour", "gb_hour"),
        ("day retention", "retention_day"),
        ("API calls", "api_call"),
        ("log entries", "log_entry"),
        ("queries", "query"),
        ("businesses", "business"),
        ("story-points", "story_point"),
        ("flux capacitors", "flux_capacitor"),
        ("", None),
        ("1000", None),
    ],
)
def test_a_unit_has_one_name(words: str, expected: str | None) -> None:
    """Two names for one unit would be two terms in the history, and a change that never was."""
    assert expected == metric(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("month", "month"),
        ("mo", "month"),
        ("/mo.", "month"),
        ("monthly", "month"),
        ("per annum", "year"),
        ("yr", "year"),
        ("Monat", "month"),
        ("mois", "month"),
        ("月", "month"),
        ("quarterly", "quarter"),
        ("hour", "hour"),
        ("one-time", "one_time"),
        ("minute", None),
        ("user", None),
        ("m", None),
    ],
)
def test_a_period_has_one_name(words: str, expected: str | None) -> None:
    assert expected == period(words)


@pytest.mark.parametrize(
    ("text", "quantity", "name"),
    [
        ("7,500 credits", "7500", "credit"),
        ("30k credits", "30000", "credit"),
        ("1M requests", "1000000", "request"),
        ("0 credits included", "0", "credit"),
        ("1 user", "1", "seat"),
        ("3 team members", "3", "seat"),
        ("Includes 1 business", "1", "business"),
        ("5 SMS & WhatsApp credits", "5", "sms_whatsapp_credit"),
        ("100 GB bandwidth", "100", "bandwidth_gb"),
        ("10 GB of storage", "10", "storage_gb"),
        ("14-day retention", "14", "retention_day"),
        ("30 days data retention", "30", "data_retention_day"),
        ("Data retention: 30 days", "30", "data_retention_day"),
        ("6 months retention", "6", "retention_month"),
        ("75 hours of serverless compute", "4500", "serverless_minute"),
        ("500 serverless minutes", "500", "serverless_minute"),
        ("20 pooled support hours", "20", "pooled_support_hour"),
        ("3 users $100", "3", "seat"),
        ("$5 100 users", "100", "seat"),
        ("$10 per month, 3 users", "3", "seat"),
        ("20 Hours Pooled Support", "20", "pooled_support_hour"),
        ("2 team training sessions", "2", "team_training_session"),
        ("45-day free trial", "45", "trial_day"),
        ("5 Google Ads accounts", "5", "google_ads_account"),
        ("10 VMs", "10", "vm"),
    ],
)
def test_a_count_and_its_unit(text: str, quantity: str, name: str) -> None:
    found = one(text)

    assert (Decimal(quantity), name) == (found.quantity, found.metric)


@pytest.mark.parametrize(
    "text",
    [
        "$10 per month",
        "10 USD",
        "€5",
        "24/7 support",
        "99.9% uptime",
        "2nd user",
        "GPT-4 tokens",
        "v2 users",
        "pay per 1,000 events",
        "4.5 stars",
        "5 000 events",
        "3 of them",
        "unlimited",
        "March 3",
        "© 2021 Grove Technologies",
        "1-844-CALL-US",
    ],
)
def test_money_and_other_numbers_are_no_counts(text: str) -> None:
    assert () == read_quantities(text)


@pytest.mark.parametrize(
    ("text", "bound", "high"),
    [
        ("up to 3 users", "max", None),
        ("3+ seats", "min", None),
        ("minimum of 5 seats", "min", None),
        ("4 to 8 users", None, "8"),
        ("10-20 jobs", None, "20"),
    ],
)
def test_bounds_and_ranges_are_kept(text: str, bound: str | None, high: str | None) -> None:
    found = one(text)

    assert (bound, None if high is None else Decimal(high)) == (found.bound, found.quantity_max)


@pytest.mark.parametrize(
    ("text", "span", "per"),
    [
        ("30k credits / month", "month", None),
        ("500 requests per month", "month", None),
        ("30,000 monthly credits", "month", None),
        ("100 log entries per check", None, "check"),
        ("10 GB per user per month", "month", "user"),
        ("7,500 credits", None, None),
    ],
)
def test_a_counts_period_and_what_it_is_for(text: str, span: str | None, per: str | None) -> None:
    found = one(text)

    assert (span, per) == (found.period, found.per)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Unlimited deployments", "deployment"), ("unlimited team members", "seat"), ("Users: unlimited", "seat")],
)
def test_unlimited_is_no_number(text: str, name: str) -> None:
    found = one(text)

    assert (True, None, name) == (found.unlimited, found.quantity, found.metric)


@pytest.mark.parametrize("text", ["5 projects / 10 users", "5 projects/10 users", "5 projects, 10 users"])
def test_a_stroke_parts_two_counts(text: str) -> None:
    assert [("project", 5, None), ("seat", 10, None)] == [(q.metric, q.quantity, q.per) for q in read_quantities(text)]


@pytest.mark.parametrize(
    "text", ["Unlimited projects / users", "Unlimited projects and users", "unlimited projects & users"]
)
def test_unlimited_may_hold_for_two(text: str) -> None:
    assert [("project", True), ("seat", True)] == [(q.metric, q.unlimited) for q in read_quantities(text)]


def test_serverless_hours_rest_as_minutes_and_keep_their_words() -> None:
    """A vendor that turns hours into minutes has changed nothing."""
    hours, minutes = one("1.5 hours of serverless compute"), one("90 serverless minutes")

    assert minutes.quantity == hours.quantity
    assert "hours of serverless compute" == hours.unit_as_printed


def test_several_counts_of_one_line_come_in_order() -> None:
    text = "1 user, 7,500 credits and unlimited deployments"

    assert ["seat", "credit", "deployment"] == [found.metric for found in read_quantities(text)]
    assert "7,500 credits" == read_quantities(text)[1].text


def test_a_unit_that_vendors_meter_is_told_from_any_noun() -> None:
    assert is_known("log_entry") is is_known("storage_gb") is is_known("seat") is True
    assert not is_known("simple_reason")


@pytest.mark.parametrize(
    "text", ["1" * 500_000, "1 " * 200_000, "1 a " * 50_000, "a " * 300_000, "unlimited " * 50_000, "1-" * 200_000]
)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    """Ten seconds would mean backtracking."""
    began = time.perf_counter()
    read_quantities(text)

    assert time.perf_counter() - began < 10


@given(st.text(alphabet="0123456789.,kM+- usercdithGBof&%$/p\u200b", max_size=60))
def test_whatever_is_read_stands_in_the_text(text: str) -> None:
    for found in read_quantities(text):
        assert found.text == text[found.start : found.end]
        assert found.unlimited is (found.quantity is None)


@pytest.mark.parametrize(
    ("text", "step", "name"),
    [
        (" per additional 100 events", 100, "event"),
        (" for every extra 1,000 rows", 1000, "row"),
        (" per additional million actions", 1_000_000, "action"),
        (" for each additional user", None, "seat"),
    ],
)
def test_the_step_of_a_rate_for_more(text: str, step: int | None, name: str) -> None:
    """So much for each hundred more."""
    found = read_per(text, 0)

    assert found is not None
    assert (step, name) == (found.per_quantity, found.metric)


@pytest.mark.parametrize("text", ["1.234 users", "1.234 events", "12.345 credits"])
def test_thousandths_of_a_count_are_another_country(text: str) -> None:
    """Nobody sells a thousandth of a user."""
    assert () == read_quantities(text, locale="en-US")


@pytest.mark.parametrize(
    "text", ["Usuarios ilimitados", "Usuários ilimitados", "utilisateurs illimités", "utenti illimitati"]
)
def test_without_limit_behind_the_noun(text: str) -> None:
    """As Romance languages say it; what follows them is no unit."""
    assert [("seat", True)] == [(quantity.metric, quantity.unlimited) for quantity in read_quantities(text)]


def test_without_limit_to_something_is_no_count() -> None:
    """ "Acesso ilimitado ao site" counts neither accesses nor sites."""
    assert () == read_quantities("Acesso ilimitado ao site", locale="pt-BR")
