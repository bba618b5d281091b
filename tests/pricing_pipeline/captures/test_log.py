"""The log keeps what was appended, whole lines only, whatever happens to the process that writes it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.captures.entries import (
    CaptureEntry,
    DecisionEntry,
    PrunedEntry,
    ReadingEntry,
    from_line,
    to_line,
)
from pricing_pipeline.captures.identity import capture_id
from pricing_pipeline.captures.log import CaptureLog
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Capture, Origin, Outcome

NOW = datetime(2026, 5, 1, 6, 0, 0, 123456, tzinfo=UTC)
CHECKOUT = Path(__file__).resolve().parents[3]
CAPTURE = Capture(
    id="0123456789abcdef",
    source_id="acme/app/pricing",
    url="https://acme.example/pricing",
    outcome=Outcome.FETCHED,
    captured_at=NOW,
    recorded_at=NOW,
    origin=Origin.ARCHIVE,
    final_url="https://acme.example/preise/größe",
    status=200,
    content_type="text/html",
    sha256="0" * 64,
    size=1234,
    etag='W/"1"',
    last_modified="Fri, 01 May 2026 00:00:00 GMT",
    not_before=NOW + timedelta(hours=1),
    message="a\nline, a \ud800 and \u2028",
)
READING = ReadingEntry(extractor_version="3", at=NOW)
APPROVAL = DecisionEntry(action="approve", observation_id="o1", by="Ann", why="checked", at=NOW)
PRUNED = PrunedEntry(source_id="acme/app/pricing", at=NOW, stand_ins={"a" * 64: "b" * 64, "c" * 64: "b" * 64})
CORRECTION = DecisionEntry(action="correct", by="Bob", at=NOW, details={"term": ["solo", None], "amount": "10.00"})


@pytest.fixture
def log(tmp_path):
    return CaptureLog(tmp_path / "captures" / "log.jsonl")


def entries(log, offset=0):
    return [entry for entry, _ in log.read(offset)]


def test_entries_come_back_in_their_order_as_they_were(log):
    bare = Capture(id="1", source_id="s", url="u", outcome=Outcome.BLOCKED, captured_at=NOW, recorded_at=NOW)
    written = [CaptureEntry(capture=CAPTURE), READING, APPROVAL, CORRECTION, PRUNED, CaptureEntry(capture=bare)]
    log.append(written[:2])
    log.append(iter(written[2:]))

    assert written == entries(log)


def test_every_field_of_a_capture_is_kept():
    """A field that is added to captures one day must not get lost here."""
    kept = from_line(to_line(CaptureEntry(capture=CAPTURE))).capture

    assert all(getattr(CAPTURE, field.name) is not None for field in fields(Capture))
    assert kept == CAPTURE


texts = st.text(st.characters(codec="utf-8"), max_size=30)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=4,
)


@given(st.dictionaries(texts.map("x_{}".format), plain, max_size=5), texts, st.datetimes(timezones=st.just(UTC)))
def test_a_decision_with_any_free_fields_survives_the_line(details, why, at):
    entry = DecisionEntry(action="correct", by="Ann", why=why, at=at, details=details)
    line = to_line(entry)

    assert entry == from_line(line)
    assert line.count(b"\n") == 1


def test_times_are_written_as_utc(log):
    zone = timezone(timedelta(hours=2))
    log.append([replace(READING, at=NOW.astimezone(zone))])

    assert b'"at": "2026-05-01T06:00:00.123456Z"' in log.path.read_bytes()


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="UTC and aware"):
        ReadingEntry(extractor_version="3", at=NOW.replace(tzinfo=None))


def test_the_bytes_of_a_line_that_was_never_finished_are_counted(log):
    assert 0 == log.torn_end()
    log.append([READING])
    assert 0 == log.torn_end()
    with log.path.open("ab") as file:
        file.write(b'{"type"')

    assert 7 == log.torn_end()


def test_free_fields_cannot_take_the_place_of_the_entrys_own():
    with pytest.raises(ValueError, match="by"):
        DecisionEntry(action="approve", by="Ann", at=NOW, details={"by": "Eve"})


def test_reading_goes_on_where_it_ended(log):
    log.append([READING])
    (_, offset), *_ = log.read()
    log.append([APPROVAL, CORRECTION])

    assert entries(log, offset) == [APPROVAL, CORRECTION]
    assert entries(log, log.end()) == []
    assert log.end() == log.path.stat().st_size


def test_a_log_that_is_not_there_yet_is_empty(log):
    assert entries(log) == []
    assert log.end() == 0
    log.append([])
    assert not log.path.exists()


def test_a_line_cut_anywhere_is_not_read_and_the_next_append_takes_its_place(log):
    log.append([READING])
    whole = log.path.read_bytes()
    torn = to_line(APPROVAL)
    for cut in range(1, len(torn)):
        log.path.write_bytes(whole + torn[:cut])
        assert entries(log) == [READING]
        assert log.end() == len(whole)
    log.append([CORRECTION])

    assert entries(log) == [READING, CORRECTION]


def test_a_log_that_is_one_torn_line_starts_anew(log):
    log.path.parent.mkdir()
    log.path.write_bytes(b"x" * 200_000)
    log.append([READING])

    assert entries(log) == [READING]


@pytest.mark.parametrize(
    "line",
    [b'{"type": "capt', b"[]", b"null", b'{"type": "reading"}', b'{"type": "verdict"}', b'{"type": "capture", "id": 1}',
     b"\xff\xfe", b'{"type": "reading", "extractor_version": "1", "at": "noon"}', b"", b"[" * 100_000,
     to_line(READING).strip().replace(b"}", b', "new": 1}').replace(b"reading", b"capture")],
)  # fmt: skip
def test_a_damaged_line_is_told_with_file_and_line(log, line):
    log.append([READING])
    log.path.write_bytes(log.path.read_bytes() + line + b"\n" + to_line(APPROVAL))

    with pytest.raises(CaptureError, match=r"log\.jsonl:2: "):
        entries(log)


def test_the_line_is_told_also_when_reading_began_later(log):
    log.append([READING, APPROVAL])
    offset = log.end()
    log.path.write_bytes(log.path.read_bytes() + b"{}\n")

    with pytest.raises(CaptureError, match=r"log\.jsonl:3: "):
        entries(log, offset)


@pytest.mark.parametrize("offset", [3, 10_000])
def test_an_offset_at_which_no_line_starts_is_refused(log, offset):
    log.append([READING])

    with pytest.raises(CaptureError, match="cut or replaced"):
        entries(log, offset)


def test_a_log_that_went_away_is_not_taken_for_an_empty_one(log):
    with pytest.raises(CaptureError, match="is gone"):
        entries(log, 10)


def test_a_disk_that_refuses_leaves_the_log_as_it_was(log, monkeypatch):
    log.append([READING])

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CaptureError, match="No space left on device"):
        log.append([APPROVAL])
    monkeypatch.undo()

    assert to_line(READING) == log.path.read_bytes()


class _Halting(FileIO):
    def write(self, data):
        return super().write(data[:7])


def test_a_write_that_takes_less_than_it_was_given_is_gone_on_with(log, monkeypatch):
    monkeypatch.setattr("pricing_pipeline.captures.log.FileIO", _Halting)
    log.append([READING, APPROVAL])

    assert entries(log) == [READING, APPROVAL]


_APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pricing_pipeline.captures.log import CaptureLog, ReadingEntry
log = CaptureLog(Path(sys.argv[1]))
for n in range(40):
    log.append([ReadingEntry(extractor_version=f"{sys.argv[2]}-{n}-" + "x" * 500, at=datetime.now(UTC))] * 3)
    print(n, flush=True)
"""


def _appending(log, name, **options):
    return subprocess.Popen([sys.executable, "-c", _APPEND, str(log.path), name], cwd=CHECKOUT, **options)


def test_several_processes_append_without_losing_or_mixing_a_line(log):
    running = [_appending(log, str(n), stdout=subprocess.DEVNULL) for n in range(3)]

    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(entries(log)) == 3 * 40 * 3


def test_what_append_returned_from_is_there_after_a_kill(log):
    with _appending(log, "a", stdout=subprocess.PIPE, text=True) as process:
        told = [process.stdout.readline() for _ in range(5)]
        process.kill()

    assert len(entries(log)) >= 3 * len(told)
    log.append([READING])
    assert entries(log)[-1] == READING


def test_a_captures_name_follows_from_what_it_is():
    assert capture_id("acme/app/pricing", NOW, Outcome.FETCHED, "0" * 64) == "803807aeb84f6880"


@pytest.mark.parametrize(
    "other",
    [
        ("other", NOW, Outcome.FETCHED, "a"),
        ("acme", NOW + timedelta(microseconds=1), Outcome.FETCHED, "a"),
        ("acme", NOW, Outcome.BLOCKED, "a"),
        ("acme", NOW, Outcome.FETCHED, "b"),
        ("acme", NOW, Outcome.FETCHED, None),
    ],
)
def test_captures_that_differ_have_different_names(other):
    assert capture_id("acme", NOW, Outcome.FETCHED, "a") != capture_id(*other)


def test_the_zone_a_time_is_written_in_does_not_change_the_name():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))

    assert capture_id("acme", NOW, Outcome.FETCHED) == capture_id("acme", elsewhere, Outcome.FETCHED)
