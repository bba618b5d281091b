"""The laws of two clocks, on keys that are revised in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from warehouse.believed import Believed, Reading, revise
from warehouse.columns import FOREVER

ZERO = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return FOREVER if number >= 100 else ZERO + timedelta(days=number)


READING = Reading(capture_id="c", observation_id="o", extractor_version="1")

# A revision: what holds from when, up to when, by what was recorded when; None says that nothing holds.
spans = st.tuples(st.integers(0, 20), st.integers(1, 20) | st.just(200), st.sampled_from(["a", "b", None]))


def written(steps: list[tuple[int, int, str | None]]) -> list[tuple[Believed[str], datetime]]:
    """Every row ever made with when it was superseded, after these revisions, recorded one day after another."""
    ids = count(1)
    alive: list[Believed[str]] = []
    rows: list[tuple[Believed[str], datetime]] = []
    for recorded, (start, length, fact) in enumerate(steps):
        begin, end, at = day(start), day(start + length), day(recorded)
        news = [] if fact is None else [Believed(fact=fact, reading=READING, start=begin, end=end, recorded_at=at)]
        revision = revise(alive, news, start=begin, end=end, recorded_at=at, same=lambda one, other: one == other)
        gone = {row.row_id for row in revision.gone}
        rows += [(row, at) for row in alive if row.row_id in gone]
        made = [
            Believed(
                fact=row.fact,
                reading=row.reading,
                start=row.start,
                end=row.end,
                recorded_at=row.recorded_at,
                row_id=next(ids),
            )
            for row in revision.made
        ]
        alive = [row for row in alive if row.row_id not in gone] + made
    return rows + [(row, FOREVER) for row in alive]


def as_of(rows: list[tuple[Believed[str], datetime]], valid: datetime, known: datetime) -> list[str]:
    return [
        row.fact for row, superseded in rows if row.start <= valid < row.end and row.recorded_at <= known < superseded
    ]


@given(st.lists(spans, max_size=8))
def test_believed_rows_of_a_key_never_overlap(steps: list[tuple[int, int, str | None]]) -> None:
    alive = sorted((row for row, superseded in written(steps) if superseded == FOREVER), key=lambda row: row.start)

    assert all(one.end <= other.start for one, other in pairwise(alive))
    assert all(row.start < row.end for row in alive)


@given(st.lists(spans, max_size=8), st.integers(0, 40), st.integers(0, 10))
def test_at_most_one_value_holds_at_a_moment_as_known_at_another(
    steps: list[tuple[int, int, str | None]], valid: int, known: int
) -> None:
    assert 1 >= len(as_of(written(steps), day(valid), day(known)))


@given(st.lists(spans, min_size=1, max_size=8), st.integers(0, 40))
def test_what_was_known_once_stays_what_was_known(steps: list[tuple[int, int, str | None]], valid: int) -> None:
    """Whatever is learnt later, history as known before is the same."""
    before = written(steps[:-1])
    known = day(len(steps) - 1) - timedelta(hours=1)

    assert as_of(before, day(valid), known) == as_of(written(steps), day(valid), known)


@given(st.lists(spans, min_size=1, max_size=8), st.integers(0, 40))
def test_the_last_word_holds_over_its_span_and_nothing_else_moves(
    steps: list[tuple[int, int, str | None]], valid: int
) -> None:
    start, length, fact = steps[-1]
    now = day(len(steps))

    after = as_of(written(steps), day(valid), now)

    if day(start) <= day(valid) < day(start + length):
        assert ([] if fact is None else [fact]) == after
    else:
        assert as_of(written(steps[:-1]), day(valid), now) == after


@given(st.lists(spans, max_size=8))
def test_saying_the_same_again_moves_nothing(steps: list[tuple[int, int, str | None]]) -> None:
    rows = [row for row, superseded in written(steps) if superseded == FOREVER]
    for row in rows:
        again = Believed(fact=row.fact, reading=READING, start=row.start, end=row.end, recorded_at=day(50))

        told = revise(
            rows, [again], start=row.start, end=row.end, recorded_at=day(50), same=lambda one, other: one == other
        )

        assert ((), ()) == (told.gone, told.made)
