"""Records that are damaged, cut or made to do harm: each is told by itself, and none gives a page that was not served."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pricing_pipeline.captures.foreign import HTML, URL, foreign, read

PAGES = [f"<html>Solo ${n} €</html>".encode() * 10 for n in range(4)]
CHUNKED = [*HTML, ("Transfer-Encoding", "chunked")]
HALVES = b"<html>Solo ", b"$100</html>"


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


@pytest.mark.parametrize("end", [b"0\r\n\r\n", b"0;x\r\nTrailer: 1\r\n\r\n", b"0\r\n", b"000\r\n\r\nleft over"])
def test_a_chunked_page_is_read_to_its_last_chunk(tmp_path: Path, end: bytes) -> None:
    path = foreign(tmp_path / "x", ("response", URL, CHUNKED, chunked(*HALVES) + end, {}))

    pages, told = read(path)

    assert ([b"".join(HALVES)], []) == ([page.body for page in pages], told)


@pytest.mark.parametrize(
    "body",
    [
        chunked(*HALVES),
        chunked(*HALVES)[:-4],
        chunked(HALVES[0]),
        chunked(HALVES[0]) + b"-1\r\n" + HALVES[1],
        chunked(HALVES[0]) + b"junk\r\n" + HALVES[1] + b"\r\n0\r\n\r\n",
        b"d\r\n<html>Solo $1000\r\n\r\n",
    ],
    ids=["no last chunk", "in the middle of a chunk", "after a chunk", "a size below nothing", "no size", "longer than it says"],
)  # fmt: skip
def test_a_chunked_page_that_is_not_whole_is_none(tmp_path: Path, body: bytes) -> None:
    """A crawler that stopped in the middle keeps half a price list, and a reader that guesses takes it for a whole one."""
    records = ("response", URL, CHUNKED, body, {}), ("response", URL, HTML, PAGES[1], {})

    pages, told = read(foreign(tmp_path / "x", *records))

    assert [PAGES[1]] == [page.body for page in pages]
    assert 1 == len(told)
    assert "record 1 at byte 0: " in told[0]


def test_a_chunked_page_that_its_digest_denies_is_none(tmp_path: Path) -> None:
    body = chunked(*HALVES) + b"0\r\n\r\n"
    path = foreign(tmp_path / "x", ("response", URL, CHUNKED, body, {"WARC-Payload-Digest": "sha1:" + "A" * 32}))

    pages, told = read(path)

    assert [] == pages
    assert "digest differs" in told[0]


def test_a_page_of_many_small_chunks_is_read(tmp_path: Path) -> None:
    body = b"<html>" + b"$10 " * 20_000
    parts = (body[start : start + 4] for start in range(0, len(body), 4))
    path = foreign(tmp_path / "x", ("response", URL, CHUNKED, chunked(*parts) + b"0\r\n\r\n", {}))

    assert [body] == [page.body for page in read(path)[0]]


def test_a_chunk_of_any_size_takes_no_more_memory_than_a_page_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pricing_pipeline.captures.payloads.MAX_BYTES", 100_000)
    path = foreign(tmp_path / "x", ("response", URL, CHUNKED, chunked(bytes(20_000_000)), {}))
    tracemalloc.start()

    pages, told = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert ([], 1) == (pages, len(told))
    assert "more than 100000 bytes" in told[0]
    assert peak < 3_000_000


def test_a_page_that_was_archived_in_part_is_none(tmp_path: Path) -> None:
    """Crawlers cut long pages off, and say so."""
    records = ("response", URL, HTML, PAGES[0], {"WARC-Truncated": "length"}), ("response", URL, HTML, PAGES[1], {})

    pages, told = read(foreign(tmp_path / "x", *records))

    assert [PAGES[1]] == [page.body for page in pages]
    assert "archived in part only ('length')" in told[0]


def plain(*lines: str, body: bytes = b"", first: str = "HTTP/1.1 200 OK") -> bytes:
    """One record as bytes: what the test leaves out is not there."""
    answer = f"{first}\r\nContent-Type: text/html\r\n\r\n".encode() + body
    stated = ["WARC/1.1", "WARC-Type: response", "WARC-Date: 2020-01-02T03:04:05Z", *lines]
    return "\r\n".join(stated).replace("{length}", str(len(answer))).encode() + b"\r\n\r\n" + answer + b"\r\n\r\n"


SOUND = plain(f"WARC-Target-URI: {URL}", "Content-Length: {length}", body=PAGES[1])


@pytest.mark.parametrize(
    ("record", "problems"),
    [
        (plain("Content-Length: {length}", body=PAGES[0]), []),
        (plain(f"WARC-Target-URI: {URL}", "Content-Length: {length}", first="SSH-2.0 x"), ["does not begin as one of HTTP"]),
        (plain(f"WARC-Target-URI: {URL}", "Content-Length: {length}", first="HTTP/1.1 2OO OK"), ["is no HTTP status"]),
    ],
    ids=["of no address", "no answer", "no status"],
)  # fmt: skip
def test_a_record_that_lacks_what_it_needs_does_not_end_the_file(
    tmp_path: Path, record: bytes, problems: list[str]
) -> None:
    """Packed record by record, as most files are."""
    (tmp_path / "x").write_bytes(gzip.compress(record) + gzip.compress(SOUND))

    pages, told = read(tmp_path / "x")

    assert [PAGES[1]] == [page.body for page in pages]
    assert len(problems) == len(told)
    assert all(problem in line for problem, line in zip(problems, told, strict=True))


def test_a_record_of_no_length_ends_the_file_and_that_is_told(tmp_path: Path) -> None:
    """Nobody can say where the next one begins."""
    (tmp_path / "x").write_bytes(SOUND + plain(f"WARC-Target-URI: {URL}", body=PAGES[0]) + SOUND)

    pages, told = read(tmp_path / "x")

    assert [PAGES[1]] == [page.body for page in pages]
    assert 1 == len(told)
    assert "(record 2 does not say how long it is); what follows is not read" in told[0]


@pytest.mark.parametrize("first", ["HTTP/2 200", "HTTP/1.0 200 OK", "HTTP/3 200", "http/1.1 200 ok"])
def test_answers_of_every_version_of_http_are_read(tmp_path: Path, first: str) -> None:
    record = plain(f"WARC-Target-URI: {URL}", "Content-Length: {length}", body=PAGES[0], first=first)
    (tmp_path / "x").write_bytes(record)

    assert [PAGES[0]] == [page.body for page in read(tmp_path / "x")[0]]


edits = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(edits=edits, is_gzip=st.booleans())
def test_however_a_file_is_damaged_it_is_told_and_nothing_is_raised(
    tmp_path: Path, edits: list[tuple[int, int, bytes]], is_gzip: bool
) -> None:
    """And what is read are bytes that were served, or some that their own digest does not deny."""
    records = [("response", f"{URL}{n}", HTML, page, {}) for n, page in enumerate(PAGES)]
    content = foreign(tmp_path / "x", *records, is_gzip=is_gzip).read_bytes()
    for start, length, new in edits:
        at = start % len(content)
        content = content[:at] + new + content[at + length :]
    (tmp_path / "x").write_bytes(content)

    pages, told = read(tmp_path / "x")

    assert len(pages) + len(told) >= 1
    assert all(line.startswith(str(tmp_path / "x")) and "\n" not in line for line in told)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_bit_that_flipped_makes_no_other_page(tmp_path: Path, at: int, bit: int) -> None:
    records = [("response", f"{URL}{n}", HTML, page, {}) for n, page in enumerate(PAGES)]
    content = bytearray(foreign(tmp_path / "x", *records, is_gzip=False).read_bytes())
    content[at % len(content)] ^= 1 << bit
    (tmp_path / "x").write_bytes(content)

    assert {page.body for page in read(tmp_path / "x")[0]} <= set(PAGES)
