"""What a run is told to have brought, by how things stood before it and stand after it."""

from __future__ import annotations

from datetime import UTC, datetime

from assets.stages.standing import Standing
from pricing_pipeline.catalog import SourceState
from pricing_pipeline.facts import Outcome

SAVED = datetime(2026, 9, 1, 6, tzinfo=UTC)
LATER = datetime(2026, 9, 2, 6, tzinfo=UTC)


def standing(outcome: Outcome, at: datetime) -> Standing:
    state = SourceState(
        source_id="fir/fir/pricing", outcome=outcome, checked_at=at, message="the page ends in the middle"
    )
    return Standing(states={state.source_id: state})


def test_a_saved_page_that_was_not_the_page_is_told_by_the_run_that_read_it() -> None:
    """However long before the run it was saved."""
    (told,) = standing(Outcome.INCOMPLETE, LATER).troubles(before=standing(Outcome.FETCHED, SAVED))

    assert "fir/fir/pricing: incomplete (the page ends in the middle)" in told
    assert 1 == len(standing(Outcome.WRONG_PAGE, SAVED).troubles(before=Standing()))


def test_a_trouble_is_told_once_until_the_source_is_asked_again() -> None:
    broken = standing(Outcome.WRONG_PAGE, SAVED)

    assert () == broken.troubles(before=broken)
    assert 1 == len(standing(Outcome.WRONG_PAGE, LATER).troubles(before=broken))


def test_a_page_that_was_served_is_no_trouble() -> None:
    assert () == standing(Outcome.FETCHED, LATER).troubles(before=standing(Outcome.INCOMPLETE, SAVED))
