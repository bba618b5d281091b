"""How changes, history and held observations read to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pricing_pipeline.catalog import CohortPeriod, HeldObservation, TermPeriod
from pricing_pipeline.cli.held import card
from pricing_pipeline.cli.rows import (
    change_row,
    cohort_row,
    conflict_row,
    conflict_text,
    lasting_cohort_row,
    lasting_row,
    told_row,
)
from pricing_pipeline.facts import Cause, Cohort, Conflict, Evidence, GateState, Surface, Term, TermKind
from pricing_pipeline.results import Alternation, Change, Thresholds
from tests.pricing_pipeline.changes.steps import whole_step
from tests.pricing_pipeline.offers import AT, allowance, fee, offer

BEFORE = offer(["solo"], fee("solo", "10"))
AFTER = offer(["solo"], fee("solo", "12"))


def told(**more: object) -> Change:
    return whole_step(BEFORE, AFTER, **more)[0]


def test_a_change_stands_under_its_day_and_its_product() -> None:
    row = told_row(told(), "Thing")

    assert ("1 May 2026, Thing", "notice", "price_increased") == (row["heading"], row["severity"], row["kind"])
    assert "Solo: price $10.00 → $12.00 a month" == row["what changed"]


def test_what_the_verdict_does_not_say_itself_stands_before_it() -> None:
    assert told_row(told(state=GateState.HELD), "Thing")["what changed"].startswith("held back, not published: Solo")
    assert told_row(told(cause=Cause.EXTRACTOR), "Thing")["what changed"].startswith("(we read the page better now) ")
    assert told_row(told(cause=Cause.CORRECTION), "Thing")["what changed"].startswith("(a misreading put right) ")


def test_a_day_that_is_not_that_of_the_page_is_named() -> None:
    dated = offer(["solo"], fee("solo", "12", effective_from=date(2026, 9, 21)))
    coming = whole_step(BEFORE, dated)[0]

    assert told_row(coming, "Thing")["what changed"].endswith("; from 21 September 2026")
    assert date(2026, 9, 21) == change_row(coming)["effective_at"]


def _period(term: Term, days: int | None = None) -> TermPeriod:
    end = None if days is None else AT + timedelta(days=days)
    return TermPeriod(vendor="v", product="p", term=term, valid_from=AT, valid_to=end, recorded_at=AT)


def test_history_is_told_in_words() -> None:
    row = lasting_row(_period(allowance("solo", "credit", 7500), days=3))

    assert ("solo", "included credits", "7,500", "2026-05-01", "2026-05-04", "“as printed”") == tuple(row.values())


def test_what_one_does_not_see_at_once_is_said_to_be_hidden() -> None:
    row = lasting_row(_period(fee("solo", "120", period="year", surface=Surface.INACTIVE_PANE)))

    assert ("$120.00 a year (hidden until one switches)", "today") == (row["value"], row["to"])


def test_the_past_of_a_merged_product_is_marked() -> None:
    row = lasting_row(replace(_period(fee("solo", "8")), product="lite", is_of_merged=True))

    assert "price of lite, merged into it" == row["what"]


def test_a_promise_to_some_customers_is_quoted_in_the_history() -> None:
    quote = "Existing customers keep\n $8 until 31 December 2026."
    cohort = Cohort(plan="solo", until=date(2026, 12, 31), evidence=Evidence(quote=quote, locator="p"))
    period = CohortPeriod(vendor="v", product="p", cohort=cohort, valid_from=AT, valid_to=None)
    said = "Existing customers keep $8 until 31 December 2026."

    assert ("for some customers only", "today", f"“{said}”") == tuple(
        lasting_cohort_row(period)[name] for name in ("what", "to", "as printed")
    )
    assert ("cohort", said, date(2026, 12, 31)) == tuple(
        cohort_row(period)[name] for name in ("kind", "value", "until")
    )


CONFLICT = Conflict(
    plan="solo",
    term=TermKind.ALLOWANCE,
    metric="credit",
    readings=(
        allowance("solo", "credit", 7500, quote="7,500 credits"),
        allowance("solo", "credit", 0, quote="no credits", surface=Surface.STRUCTURED),
    ),
)


def test_a_contradiction_shows_every_figure_with_its_words() -> None:
    said = "solo, included credits: 7,500 in “7,500 credits” (visible) against 0 in “no credits” (structured)"

    assert said == conflict_text(CONFLICT)
    assert [("7500", "7,500 credits"), ("0", "no credits")] == [
        (reading["value"], reading["quote"]) for reading in conflict_row(CONFLICT)["readings"]
    ]


def test_a_held_observation_says_why_what_and_what_to_do() -> None:
    since = datetime(2026, 5, 1, 6, tzinfo=UTC)
    one = HeldObservation(
        observation_id="3f9a12bc55667788",
        source_id="acme/cloud/pricing",
        vendor="acme",
        product="cloud",
        captured_at=since,
        state=GateState.HELD,
        reason="the page contradicts itself: on 1 of 9 terms",
        confirmations=2,
        confirmed_at=since + timedelta(hours=25),
        conflicts=(CONFLICT,),
        changes=(told(state=GateState.HELD),),
        url="https://acme.example/pricing",
    )
    shown = card(one, Thresholds())

    assert "3f9a12bc  acme/cloud/pricing, held since 1 May 2026" == shown["heading"]
    assert "by 2 of 3 captures, over 25 of 48 hours" == shown["confirmed"]
    turning = replace(one, alternation=Alternation(since=since, times=3))
    assert "by 2 of 3 captures, over 25 of 336 hours" == card(turning, Thresholds())["confirmed"]
    assert "Solo: price $10.00 → $12.00 a month" == shown["it would change"]
    assert "against 0 in “no credits”" in shown["the page says"]
    assert "pricing-pipeline approve 3f9a12bc" in shown["then"]
