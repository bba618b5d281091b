"""Pages tell days: what each check moves within a day does not move them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pricing_pipeline.catalog import Catalog, SourceState
from pricing_pipeline.facts import Outcome
from pricing_pipeline.publish.days import by_day, mark, stale_sources
from tests.pricing_pipeline.publish import example

SECONDS = st.integers(0, 24 * 3600 - 1)
MORNING = datetime(2026, 5, 2, tzinfo=UTC)


def checked(at: datetime, outcome: Outcome = Outcome.FETCHED, **told: object) -> Catalog:
    """The example after a check at that moment which confirmed every fact and every source."""
    states = [
        SourceState(source_id=source.id, outcome=outcome, checked_at=at, verified_at=at, since=at, **told)  # type: ignore[arg-type]  # names of its fields
        for source in example.SOURCES
    ]
    terms = [replace(row, provenance=replace(row.provenance, verified_at=at)) for row in example.TERMS]
    return replace(example.CATALOG, as_of=at, states=tuple(states), terms=tuple(terms))


@settings(deadline=None, max_examples=20)
@given(SECONDS, SECONDS)
def test_two_checks_of_a_day_give_the_same_pages(one: int, other: int) -> None:
    assert by_day(checked(MORNING + timedelta(seconds=one))) == by_day(checked(MORNING + timedelta(seconds=other)))


@settings(deadline=None, max_examples=20)
@given(SECONDS)
def test_the_next_day_gives_others(second: int) -> None:
    at = MORNING + timedelta(seconds=second)

    assert by_day(checked(at)) != by_day(checked(at + timedelta(days=1)))


def test_whether_a_page_was_sent_again_or_not_modified_is_the_same_to_readers() -> None:
    sent, spared = checked(MORNING, etag='"1"'), checked(MORNING, Outcome.NOT_MODIFIED)

    assert by_day(sent) == by_day(spared)


def test_what_keeps_a_page_from_being_read_is_told_with_its_moment() -> None:
    (state, *_) = by_day(checked(MORNING, Outcome.BLOCKED, message="a challenge")).states

    assert (Outcome.BLOCKED, MORNING, "a challenge") == (state.outcome, state.since, state.message)


def test_no_day_ends_before_what_happened_on_it() -> None:
    """Or a price that came in the morning would not stand in the charts of its day."""
    shown = by_day(checked(MORNING))

    assert shown.as_of > MORNING
    assert MORNING.date() == shown.as_of.date()


def test_a_day_is_marked_as_a_day_and_a_moment_as_a_moment() -> None:
    assert "2026-05-02" == mark(by_day(checked(MORNING)).as_of)
    assert "2026-05-02T00:00:00Z" == mark(MORNING)


def test_a_source_is_stale_from_the_exact_hour_on() -> None:
    """Days alone could tell it a day too late."""
    source = example.SOURCES[0]
    turns = timedelta(hours=2 * source.every_hours)
    state = SourceState(source_id=source.id, outcome=Outcome.FETCHED, checked_at=MORNING, verified_at=MORNING)
    just = replace(example.CATALOG, as_of=MORNING + turns, states=(state,))
    over = replace(just, as_of=MORNING + turns + timedelta(seconds=1))

    assert (frozenset(), frozenset({source.id})) == (stale_sources(just), stale_sources(over))
