"""The blob store gives back what it was given, or says that it cannot."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.errors import CaptureError

PAGE = b"<html>Solo $10 \xe2\x82\xac</html>" * 50
SHA256 = hashlib.sha256(PAGE).hexdigest()
CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs with ünicode")


@given(st.binary(max_size=5000))
def test_what_was_put_is_what_is_got(tmp_path_factory, body):
    store = BlobStore(tmp_path_factory.mktemp("blobs"))

    assert body == store.get(store.put(body))


def test_a_blob_is_named_by_the_sha256_of_the_raw_bytes_and_compressed_on_disk(store):
    assert store.put(PAGE) == SHA256
    assert store.has(SHA256)
    assert store.path(SHA256).stat().st_size < len(PAGE) / 5


def test_the_same_bytes_make_the_same_file_on_every_day(store):
    store.put(PAGE)

    assert gzip.compress(PAGE, 6, mtime=0) == store.path(SHA256).read_bytes()


def test_bytes_that_are_held_are_not_written_again(store):
    store.put(PAGE)
    before = store.path(SHA256).stat()
    store.put(PAGE)

    after = store.path(SHA256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_blob_that_was_torn_is_written_anew_when_the_page_is_fetched_again(store):
    store.put(PAGE)
    store.path(SHA256).write_bytes(store.path(SHA256).read_bytes()[:-9])

    store.put(PAGE)

    assert store.get(SHA256) == PAGE


def test_many_are_put_at_once(store):
    bodies = [bytes([n]) * 100 for n in range(50)]

    assert [hashlib.sha256(body).hexdigest() for body in bodies] == store.put_many(bodies)
    assert sorted(hashlib.sha256(body).hexdigest() for body in bodies) == list(store.all())
    assert list(store.verify()) == []


def test_an_empty_store_holds_nothing(store):
    assert list(store.all()) == []
    assert list(store.verify()) == []
    assert not store.has(SHA256)


def test_a_missing_blob_is_told_with_its_name_and_what_to_do(store):
    with pytest.raises(CaptureError, match=f"{SHA256} is missing: restore .* or fetch again"):
        store.get(SHA256)


@pytest.mark.parametrize("at", range(10))
def test_a_byte_flipped_anywhere_is_noticed(store, at):
    """At each tenth of the file: header, data, checksum, length."""
    store.put(PAGE)
    path = store.path(SHA256)
    raw = bytearray(path.read_bytes())
    position = at * (len(raw) - 1) // 9
    raw[position] ^= 0xFF
    path.write_bytes(raw)

    if 4 <= position < 10:  # the header's time, level and system say nothing of the bytes
        assert store.get(SHA256) == PAGE
        return
    with pytest.raises(CaptureError, match=SHA256):
        store.get(SHA256)
    assert [problem.sha256 for problem in store.verify()] == [SHA256]


def test_bytes_under_a_false_name_are_noticed(store):
    other = store.put(b"other")
    store.put(PAGE)
    store.path(SHA256).write_bytes(store.path(other).read_bytes())

    with pytest.raises(CaptureError, match="other bytes than its name says"):
        store.get(SHA256)
    assert [problem.sha256 for problem in store.verify()] == [SHA256]


def test_drafts_and_strays_are_reported_and_never_read(store):
    store.put(PAGE)
    folder = store.path(SHA256).parent
    (folder / ".draft-1-abcd").write_bytes(b"half")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (store.root / "README").write_text("mine", encoding="utf-8")

    problems = list(store.verify())

    assert {".draft-1-abcd", "notes.txt", "README"} == {problem.path.name for problem in problems}
    assert list(store.all()) == [SHA256]


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", SHA256.upper(), SHA256 + "0", "g" * 64])
def test_only_a_sha256_is_a_name(store, name):
    with pytest.raises(CaptureError, match="is not a SHA-256"):
        store.get(name)


def test_a_disk_that_refuses_leaves_no_half_blob(store, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CaptureError, match="No space left on device"):
        store.put(PAGE)
    monkeypatch.undo()

    assert not store.has(SHA256)
    assert list(store.verify()) == []


def test_a_discarded_blob_is_gone(store):
    store.put(PAGE)

    assert store.discard(SHA256)
    assert not store.discard(SHA256)
    assert not store.has(SHA256)


_PUT_ALL = """
import sys
from pathlib import Path
from pricing_pipeline.captures.blobs import BlobStore
BlobStore(Path(sys.argv[1])).put_many(str(n).encode() * 1000 for n in range(60))
"""


def test_several_processes_may_put_the_same_bytes_at_once(store):
    command = [sys.executable, "-c", _PUT_ALL, str(store.root)]
    running = [subprocess.Popen(command, cwd=CHECKOUT) for _ in range(3)]

    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(list(store.all())) == 60
    assert list(store.verify()) == []
