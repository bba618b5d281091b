"""Fetched pages on their way into the store and the log: some at a time, and none twice or never."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.stages import capturing
from pricing_pipeline import progress
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.facts import Capture, Outcome
from tests.assets.street import VENDORS, Street, pricing, street


def logged(town: Street) -> list[Capture]:
    """The captures of the log, in its order."""
    return [entry.capture for entry, _ in town.workshop().log.read() if isinstance(entry, CaptureEntry)]


def test_what_came_before_a_person_interrupted_is_kept(town: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was asked of the vendors' hosts already, and must not be asked again for nothing."""

    def interrupt(_what: str, done: int, _of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(progress, "report", interrupt)
    with pytest.raises(KeyboardInterrupt):
        capturing.capture_due(town.workshop())

    assert 3 == len(logged(town))
    assert all(town.workshop().blobs.get(capture.sha256 or "") for capture in logged(town))


@pytest.mark.parametrize(
    ("waiting", "size"), [(1, 10**9), (4, 10**9), (100, 1)], ids=["one by one", "by four", "by size"]
)
def test_it_makes_no_difference_how_many_are_kept_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: int, size: int
) -> None:
    monkeypatch.setattr(capturing, "MOST_WAITING", waiting)
    monkeypatch.setattr(capturing, "MOST_WAITING_BYTES", size)
    with street(tmp_path) as town:
        town.serve("alder", pricing(), status="404 Not Found")
        made = capturing.capture_due(town.workshop()).captures

        assert {f"{vendor}/{vendor}-cloud/pricing" for vendor in VENDORS} == {capture.source_id for capture in made}
        assert list(made) == logged(town)
        assert [None] == [capture.sha256 for capture in made if capture.outcome is Outcome.NOT_FOUND]
        assert 5 == sum(capture.outcome is Outcome.FETCHED and capture.sha256 is not None for capture in made)
