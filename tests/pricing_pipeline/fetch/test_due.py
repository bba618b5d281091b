"""Which sources are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pricing_pipeline.catalog import SourceState
from pricing_pipeline.facts import Source, SourceKind
from pricing_pipeline.fetch.due import due, retry_wait

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)


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
