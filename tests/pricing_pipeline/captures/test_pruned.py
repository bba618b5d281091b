"""What was given up is read through what stands in for it, however often that was given up in its turn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.captures.log import CaptureLog, PrunedEntry
from pricing_pipeline.captures.pruned import StandIns, readable
from pricing_pipeline.errors import CaptureError

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
SOURCE = "acme/app/pricing"


@pytest.fixture
def log(tmp_path: Path) -> CaptureLog:
    return CaptureLog(tmp_path / "log.jsonl")


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def pruned(log: CaptureLog, source_id: str = SOURCE, **pairs: str) -> None:
    log.append([PrunedEntry(source_id=source_id, at=NOW, stand_ins=pairs)])


def test_a_stand_in_may_have_been_given_up_in_its_turn(log: CaptureLog) -> None:
    pruned(log, a="b")
    pruned(log, b="c")

    assert "c" == StandIns(log).of(SOURCE, "a", is_held={"c"}.__contains__)
    assert "b" == StandIns(log).of(SOURCE, "a", is_held={"b", "c"}.__contains__)


def test_what_is_held_needs_no_stand_in(log: CaptureLog) -> None:
    """It was given up, and came back."""
    pruned(log, a="b")

    assert "a" == StandIns(log).of(SOURCE, "a", is_held={"a", "b"}.__contains__)


def test_what_was_given_up_twice_has_the_later_stand_in(log: CaptureLog) -> None:
    """Where the two would lead round in a circle, the one that is held ends it."""
    pruned(log, a="b")
    pruned(log, b="a")
    pruned(log, a="c")

    assert "c" == StandIns(log).of(SOURCE, "b", is_held={"c"}.__contains__)
    assert StandIns(log).of(SOURCE, "b", is_held=lambda _: False) == "c"


def test_another_source_has_other_stand_ins(log: CaptureLog) -> None:
    """The same bytes may be read in another way there."""
    pruned(log, "acme/other/pricing", a="b")

    assert "a" == StandIns(log).of(SOURCE, "a", is_held={"b"}.__contains__)
    assert ["acme/other/pricing"] == StandIns(log).names("a")


def test_bytes_are_read_through_the_log_as_it_grows(log: CaptureLog, blobs: BlobStore) -> None:
    kept, gone = blobs.put(b"kept"), "0" * 64
    with pytest.raises(CaptureError, match=f"blob {gone} is missing"):
        readable(blobs, log, SOURCE, gone)
    pruned(log, **{gone: kept})

    assert b"kept" == readable(blobs, log, SOURCE, gone)


def test_a_source_finds_its_stand_ins_under_a_new_name_too(log: CaptureLog, blobs: BlobStore) -> None:
    """The log goes on calling it what it was called when its bytes were given up."""
    kept, gone = blobs.put(b"kept"), "0" * 64
    pruned(log, **{gone: kept})
    renamed = {("acme", "app"): ("apex", "app-one")}
    known = StandIns(log, renamed)

    assert kept == known.of("apex/app-one/pricing", gone, is_held=blobs.has)
    assert kept == known.of(SOURCE, gone, is_held=blobs.has)
    assert (SOURCE, gone) in known
    assert ["apex/app-one/pricing"] == known.names(gone)
    assert b"kept" == readable(blobs, log, "apex/app-one/pricing", gone, renamed=renamed)
