"""Which sources are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.catalog import Rhythm, SourceState
from pricing_pipeline.facts import Outcome, Source, SourceKind
from pricing_pipeline.fetch.due import MOST_SLACK, cadence, due, due_at, is_quiet, retry_wait

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def source(name="acme", url="https://acme.example/pricing", every_hours=24):
    return Source(
        id=f"{name}/app/pricing", vendor=name, product="app", kind=SourceKind.PRICING, url=url, every_hours=every_hours
    )


def state(hours_ago, *, name="acme", **fields):
    checked_at = NOW - timedelta(hours=hours_ago)
    return {f"{name}/app/pricing": SourceState(source_id=f"{name}/app/pricing", checked_at=checked_at, **fields)}


def test_a_source_that_was_never_captured_is_due():
    assert [source()] == due([source()], {}, now=NOW)


@pytest.mark.parametrize(
    ("every_hours", "hours_ago", "is_due"),
    [
        (24, 22, False),
        (24, 23.9, True),
        (24, 25, True),
        (1, 0.5, False),
        (1, 0.95, True),
        (168, 160, False),
        (168, 168, True),
    ],
)
def test_a_source_is_due_by_its_own_cadence(every_hours, hours_ago, is_due):
    """A daily run that starts a little earlier than yesterday's still finds its daily sources due."""
    assert is_due == bool(due([source(every_hours=every_hours)], state(hours_ago), now=NOW))


@pytest.mark.parametrize(
    ("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 72), (5000, 72)]
)
def test_a_source_that_fails_is_tried_again_soon_and_then_less_and_less(failures, hours):
    assert timedelta(hours=hours) == retry_wait(failures)
    assert due([source()], state(hours - 0.1, failures=failures), now=NOW) == []
    assert [source()] == due([source()], state(hours, failures=failures), now=NOW)


@pytest.mark.parametrize("force", [False, True])
def test_a_host_is_never_asked_before_the_time_it_named_for_any_of_its_pages(force):
    sources = [
        source(),
        source("acme-reviews", "https://ACME.example/reviews"),
        source("other", "https://other.example/"),
    ]
    states = state(30, not_before=NOW + timedelta(minutes=1))

    assert [sources[2]] == due(sources, states, now=NOW, force=force)
    assert sources == due(sources, states, now=NOW + timedelta(minutes=1), force=force)


def test_force_asks_for_what_is_not_due_and_for_what_fails():
    assert [source()] == due([source()], state(0.1, failures=3), now=NOW, force=True)


def test_a_clock_that_was_set_back_stops_no_source():
    assert [source()] == due([source()], state(-1000), now=NOW)


def quiet(days, *announced):
    return Rhythm(quiet_since=NOW - timedelta(days=days), announced=announced)


@pytest.mark.parametrize(
    ("every", "days", "waits"),
    [
        (1, 0, 1),
        (1, 30, 1),
        (1, 36, 1.2),
        (1, 45, 1.5),
        (1, 4000, 1.5),
        (7, 200, 7),
        (7, 315, 10.5),
    ],
)
def test_a_page_that_has_long_said_the_same_is_looked_at_less_often(every, days, waits):
    """But never so seldom that a late run would make it stale, which is after twice its `every`."""
    assert DAY * waits == cadence(DAY * every, quiet(days), checked_at=NOW)


@pytest.mark.parametrize("days", [-6, -1, 0, 1, 7])
def test_a_page_is_looked_at_as_often_as_allowed_around_an_announced_day(days):
    announced = (NOW + days * DAY).date()

    assert cadence(DAY, quiet(400, announced), checked_at=NOW) == DAY


def test_a_longer_wait_ends_with_the_day_that_was_announced():
    announced = (NOW + 9 * DAY).date()

    assert timedelta(days=8, hours=18) == cadence(7 * DAY, quiet(4000, announced), checked_at=NOW)


def test_a_page_whose_reading_waits_for_another_is_looked_at_as_often_as_allowed():
    """A held reading is settled by the captures that follow it."""
    held = SourceState(source_id=source().id, checked_at=NOW, held=True)

    assert NOW + DAY - MOST_SLACK == due_at(source(), held, quiet(4000))


def test_a_quiet_page_is_told_apart_from_one_that_fails():
    sound = SourceState(source_id=source().id, checked_at=NOW)
    failing = SourceState(source_id=source().id, checked_at=NOW, failures=2)

    assert [True, False, False] == [
        is_quiet(source(), sound, quiet(400)),
        is_quiet(source(), sound, quiet(4)),
        is_quiet(source(), failing, quiet(400)),
    ]


def test_the_rhythm_of_a_source_decides_when_it_is_due():
    states = state(30)

    assert [source()] == due([source()], states, now=NOW)
    assert due([source()], states, now=NOW, rhythms={source().id: quiet(400)}) == []
    assert [source()] == due([source()], states, now=NOW + DAY / 4, rhythms={source().id: quiet(400)})


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.NOT_FOUND, Outcome.ROBOTS_DENIED, Outcome.WRONG_PAGE])
def test_an_answer_that_is_no_page_is_not_asked_for_again_before_its_time(outcome):
    """A wall is not knocked at every hour."""
    failing = state(20, outcome=outcome, failures=1)

    assert due([source()], failing, now=NOW) == []
    assert [source()] == due([source()], failing, now=NOW + 4 * DAY / 24)


def test_a_source_of_every_week_that_fails_for_long_is_tried_every_week():
    assert 7 * DAY == retry_wait(50, every=7 * DAY, outcome=Outcome.NETWORK_ERROR)


spans = st.timedeltas(timedelta(hours=1), timedelta(days=60))
moments = st.timedeltas(timedelta(days=-2000), timedelta(days=2000)).map(lambda span: NOW + span)
rhythms = st.builds(
    Rhythm,
    quiet_since=st.none() | moments,
    announced=st.lists(st.dates(date(2025, 1, 1), date(2027, 1, 1)), max_size=4).map(tuple),
)


@given(spans, rhythms, moments)
def test_no_page_is_looked_at_more_often_than_its_file_allows_nor_becomes_stale(every, rhythm, checked_at):
    assert every <= cadence(every, rhythm, checked_at=checked_at) <= every * 1.5


@given(spans, moments, st.timedeltas(timedelta(), timedelta(days=900)), st.timedeltas(timedelta(), timedelta(days=900)))
def test_the_longer_a_page_has_been_quiet_the_longer_is_the_wait(every, checked_at, one, other):
    less, more = sorted([one, other])

    assert cadence(every, Rhythm(quiet_since=checked_at - less), checked_at=checked_at) <= cadence(
        every, Rhythm(quiet_since=checked_at - more), checked_at=checked_at
    )


@given(spans, rhythms, moments, st.integers(0, 40))
def test_news_only_ever_brings_the_next_look_nearer(every, rhythm, checked_at, days):
    news = (checked_at + timedelta(days=days)).date()
    told = Rhythm(quiet_since=rhythm.quiet_since, announced=(*rhythm.announced, news))

    assert cadence(every, told, checked_at=checked_at) <= cadence(every, rhythm, checked_at=checked_at)


@given(st.integers(1, 60), spans, st.sampled_from([Outcome.BLOCKED, Outcome.NETWORK_ERROR, Outcome.SERVER_ERROR]))
def test_each_further_failure_waits_no_less(failures, every, outcome):
    waits = [retry_wait(count, every=every, outcome=outcome) for count in (failures, failures + 1)]

    assert waits == sorted(waits)
    assert waits[1] <= max(every, timedelta(hours=72))
