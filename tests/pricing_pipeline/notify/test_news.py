"""What is worth a message, and worth it once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pricing_pipeline.catalog import Catalog, HeldObservation
from pricing_pipeline.facts import GateState
from pricing_pipeline.notify.news import find
from pricing_pipeline.results import Alternation

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def key(observation_id: str, alternation: Alternation | None) -> str:
    held = HeldObservation(
        observation_id=observation_id, source_id="acme/app/pricing", vendor="acme", product="app", captured_at=MAY,
        state=GateState.HELD, reason="flips back", confirmations=1, alternation=alternation,
    )  # fmt: skip
    (news,) = find(Catalog(as_of=MAY, held=(held,)), names={})
    return news.key


def test_a_page_that_goes_back_and_forth_is_news_once() -> None:
    """It is held anew at every turn; another such episode is news again."""
    turns = [
        Alternation(since=MAY, times=3),
        Alternation(since=MAY, times=5),
        Alternation(since=MAY + timedelta(1), times=3),
    ]

    first, again, later = (key(f"o{place}", one) for place, one in enumerate(turns))

    assert first == again
    assert first != later
    assert key("o1", None) != key("o2", None)
