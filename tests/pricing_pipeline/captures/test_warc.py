"""Archived pages come in as they were served, captures go out whole, and a damaged file gives no false page."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
import zlib
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from pricing_pipeline.captures.export import write_warc
from pricing_pipeline.captures.warc import Bodies
from pricing_pipeline.encodings import zstd
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Capture, Outcome
from tests.pricing_pipeline.captures.foreign import HTML, URL, foreign, read

THEN = datetime(2024, 3, 1, 6, 30, 15, 250_000, tzinfo=UTC)
PAGES = [f"<html>Solo ${n} €</html>".encode() * 40 for n in range(4)]


def capture(number, body, **fields):
    return Capture(
        id=f"{number:016x}",
        source_id="acme/app/pricing",
        url=URL,
        outcome=Outcome.FETCHED,
        captured_at=THEN + timedelta(days=number),
        recorded_at=THEN,
        status=200,
        content_type="text/html; charset=utf-8",
        sha256=hashlib.sha256(body).hexdigest(),
        etag='"1"',
        **fields,
    )


CAPTURES = [(capture(n, body), body) for n, body in enumerate(PAGES)]


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
def test_what_is_exported_is_what_is_imported(tmp_path, name):
    assert write_warc(tmp_path / "new" / name, CAPTURES) == len(CAPTURES)

    pages, told = read(tmp_path / "new" / name)

    assert told == []
    assert [body for _, body in CAPTURES] == [page.body for page in pages]
    assert [taken.captured_at for taken, _ in CAPTURES] == [page.captured_at for page in pages]
    assert {(URL, 200, "text/html; charset=utf-8")} == {(page.url, page.status, page.content_type) for page in pages}


def test_bytes_that_recur_are_written_once_and_read_each_time(tmp_path):
    body = bytes(range(256)) * 400
    days = [(capture(n, body), body) for n in range(30)]
    write_warc(tmp_path / "many.warc", days)

    pages, told = read(tmp_path / "many.warc")

    assert told == []
    assert [body] * 30 == [page.body for page in pages]
    assert [taken.captured_at for taken, _ in days] == [page.captured_at for page in pages]
    assert (tmp_path / "many.warc").stat().st_size < 2 * len(body)


def test_the_same_captures_make_the_same_file(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_warc(tmp_path / name / "out.warc.gz", CAPTURES)

    assert (tmp_path / "one" / "out.warc.gz").read_bytes() == (tmp_path / "two" / "out.warc.gz").read_bytes()


def test_a_capture_without_bytes_is_not_exported(tmp_path):
    blocked = replace(capture(1, b""), outcome=Outcome.BLOCKED, sha256=None)

    with pytest.raises(CaptureError, match="has no bytes"):
        write_warc(tmp_path / "out.warc.gz", [*CAPTURES, (blocked, b"")])
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("is_gzip", [True, False])
def test_pages_of_other_programs_are_read_without_their_encodings(tmp_path, is_gzip):
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PAGES[0][:50], PAGES[0][50:])) + b"0\r\n\r\n"
    path = foreign(
        tmp_path / "x",
        ("response", URL, [*HTML, ("Transfer-Encoding", "chunked")], chunked, {}),
        ("response", URL, [*HTML, ("Content-Encoding", "gzip")], gzip.compress(PAGES[1]), {}),
        ("response", URL, [*HTML, ("Content-Encoding", "gzip")], PAGES[2], {}),
        ("resource", URL, None, PAGES[3], {"Content-Type": "text/html"}),
        is_gzip=is_gzip,
    )

    pages, told = read(path)

    assert told == []
    assert [page.body for page in pages] == PAGES
    assert {"text/html"} == {page.content_type for page in pages}
    assert datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC) == pages[0].captured_at


@pytest.mark.parametrize(("encoding", "pack"), PACKERS.items())
def test_a_page_is_read_whichever_way_its_server_packed_it(tmp_path, encoding, pack):
    """Crawlers that drive a browser record what it was sent; some undo the packing and leave the header as it was."""
    path = foreign(
        tmp_path / "x",
        ("response", URL, [*HTML, ("Content-Encoding", encoding)], pack(PAGES[0]), {}),
        ("response", URL, [*HTML, ("Content-Encoding", encoding)], PAGES[1], {}),
    )

    pages, told = read(path)

    assert (PAGES[:2], []) == ([page.body for page in pages], told)


def test_a_file_that_was_packed_as_a_whole_is_read(tmp_path):
    write_warc(tmp_path / "out.warc", CAPTURES)
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress((tmp_path / "out.warc").read_bytes()))

    pages, told = read(tmp_path / "whole.warc.gz")

    assert (len(CAPTURES), []) == (len(pages), told)


def test_only_wanted_pages_are_read_and_nothing_but_pages(tmp_path):
    path = foreign(
        tmp_path / "x",
        ("request", URL, HTML, b"", {}),
        ("response", "https://other.example/", HTML, PAGES[0], {}),
        ("response", "dns:acme.example", HTML, PAGES[0], {}),
        ("metadata", URL, None, b"x", {}),
        ("response", URL, HTML, PAGES[1], {}),
    )

    pages, told = read(path, wanted=lambda url: url == URL)

    assert ([PAGES[1]], []) == ([page.body for page in pages], told)
    assert pages[0].line == 5


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (("response", URL, [*HTML, ("Content-Encoding", "aws-chunked")], b"x", {}), "content encoding 'aws-chunked'"),
        (("response", URL, [*HTML, ("Content-Encoding", "br")], b"x", {}), "br data"),
        (("response", URL, [*HTML, ("Content-Encoding", "zstd")], zstd.compress(PAGES[0])[:-1], {}), "zstd data ends"),
        (("response", URL, HTML, PAGES[0], {"WARC-Payload-Digest": "sha1:" + "A" * 32}), "digest differs"),
        (("response", URL, HTML, PAGES[0], {"WARC-Date": "yesterday"}), "is no time"),
        (("response", URL, HTML, PAGES[0], {"WARC-Date": "2020-01-02T03:04:05"}), "names no time zone"),
        (("revisit", URL, HTML, b"", {"WARC-Payload-Digest": "sha1:" + "A" * 32}), "a page that is not held"),
    ],
)
def test_a_record_that_cannot_be_trusted_is_told_and_the_others_are_read(tmp_path, record, reason):
    path = foreign(tmp_path / "x", record, ("response", URL, HTML, PAGES[1], {}))

    pages, told = read(path)

    assert [PAGES[1]] == [page.body for page in pages]
    assert len(told) == 1
    assert f"{path}: record 1 at byte 0: " in told[0]
    assert reason in told[0]


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
def test_a_file_cut_anywhere_gives_fewer_pages_and_never_another_one(tmp_path, name):
    write_warc(tmp_path / name, CAPTURES)
    whole = (tmp_path / name).read_bytes()
    for twentieth in range(20):
        (tmp_path / name).write_bytes(whole[: len(whole) * twentieth // 20])

        pages, _ = read(tmp_path / name)

        assert [page.body for page in pages] == PAGES[: len(pages)]
        assert len(pages) < len(PAGES)


@pytest.mark.parametrize("content", [b"", b"not an archive\n", b"\x1f\x8bnot gzip", b"<html></html>"])
def test_a_file_that_is_no_archive_gives_no_page(tmp_path, content):
    (tmp_path / "x").write_bytes(content)

    pages, told = read(tmp_path / "x")

    assert pages == []
    assert 1 == len(told)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CaptureError, match=r"none\.warc: cannot be read"):
        read(tmp_path / "none.warc")


def test_a_revisit_in_a_later_file_has_the_bytes_of_the_earlier_one(tmp_path):
    """Crawlers that come every week write a page once, and then only that it was the same."""
    digest = {"WARC-Payload-Digest": "sha1:" + b32encode(hashlib.sha1(PAGES[0]).digest()).decode()}
    first = foreign(tmp_path / "1", ("response", URL, HTML, PAGES[0], digest))
    second = foreign(tmp_path / "2", ("revisit", URL, HTML, b"", {**digest, "WARC-Date": "2020-01-09T03:04:05Z"}))
    with Bodies() as bodies:
        read(first, bodies=bodies)
        pages, told = read(second, bodies=bodies)

    assert ([PAGES[0]], []) == ([page.body for page in pages], told)


def test_a_revisit_may_refer_to_what_was_imported_long_ago(tmp_path):
    asked = []
    refers = {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": "2020-01-02T03:04:05Z"}
    path = foreign(tmp_path / "x", ("revisit", URL, HTML, b"", {"WARC-Payload-Digest": "sha1:" + "A" * 32, **refers}))

    pages, told = read(path, recall=lambda url, at: asked.append((url, at)) or PAGES[2])

    assert ([PAGES[2]], []) == ([page.body for page in pages], told)
    assert [(URL, datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC))] == asked


def test_a_capture_that_only_confirmed_comes_back_as_one(tmp_path):
    body = PAGES[0]
    repeat = replace(capture(1, body), outcome=Outcome.NOT_MODIFIED, status=304)
    write_warc(tmp_path / "x", [(capture(0, body), body), (repeat, body)])

    pages, told = read(tmp_path / "x")

    assert told == []
    assert [(body, 200, False), (body, 200, True)] == [(page.body, page.status, page.is_repeat) for page in pages]


def test_a_capture_that_confirms_nothing_is_not_exported(tmp_path):
    repeat = replace(capture(1, PAGES[0]), outcome=Outcome.NOT_MODIFIED, status=304)

    with pytest.raises(CaptureError, match="only confirms"):
        write_warc(tmp_path / "x", [(repeat, PAGES[0])])


def test_every_page_is_exported_with_what_was_asked(tmp_path):
    write_warc(tmp_path / "x", CAPTURES)
    with (tmp_path / "x").open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Concurrent-To"), str(record.http_headers.statusline))
            for record in ArchiveIterator(file)
        ]

    assert ["request", "response"] * len(PAGES) == [kind for kind, _, _ in records]
    assert "/pricing?plan=solo HTTP/1.1" == records[0][2]
    assert records[0][1] is not None


def test_a_redirect_tells_where_it_leads(tmp_path):
    path = foreign(tmp_path / "x", ("response", URL, [*HTML, ("Location", "/plans")], b"", {}))

    assert ["/plans"] == [page.location for page in read(path)[0]]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_content_that_breaks_off_is_no_page(tmp_path, encoding):
    """A reader that keeps what it could unpack would take half a price list for a whole one."""
    packed = gzip.compress(bytes(range(256)) * 50) if encoding == "gzip" else zlib.compress(bytes(range(256)) * 50)
    path = foreign(
        tmp_path / "x", ("response", URL, [*HTML, ("Content-Encoding", encoding)], packed[: len(packed) // 2], {})
    )

    pages, told = read(path)

    assert pages == []
    assert "ends before its end" in told[0]


@pytest.mark.parametrize(("encoding", "pack"), PACKERS.items())
def test_a_page_that_unpacks_to_too_much_is_told(tmp_path, monkeypatch, encoding, pack):
    monkeypatch.setattr("pricing_pipeline.captures.payloads.MAX_BYTES", 100_000)
    bomb = pack(b"0" * 10_000_000)
    path = foreign(
        tmp_path / "x",
        ("response", URL, [*HTML, ("Content-Encoding", encoding)], bomb, {}),
        ("response", URL, HTML, PAGES[1], {}),
    )

    pages, told = read(path)

    assert [PAGES[1]] == [page.body for page in pages]
    assert "more than 100000 bytes" in told[0]


@pytest.mark.parametrize("headers", [b"X: " + b"a" * 20_000_000, b"X: a\r\n" * 1_000_000])
def test_headers_without_an_end_do_not_fill_the_memory(tmp_path, headers):
    (tmp_path / "x").write_bytes(gzip.compress(b"WARC/1.0\r\n" + headers))
    tracemalloc.start()

    pages, told = read(tmp_path / "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert ([], 1) == (pages, len(told))
    assert "headers without an end" in told[0]
    assert peak < 8_000_000


def test_a_problem_names_the_place_in_the_packed_file(tmp_path):
    """The offset is that of the file, where other tools find the record, too."""
    path = foreign(
        tmp_path / "x",
        *[("response", "https://other.example/", HTML, PAGES[0], {})] * 3,
        ("response", URL, HTML, PAGES[1], {"WARC-Date": "yesterday"}),
    )
    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        offsets = [iterator.get_record_offset() for _ in iterator]

    told = read(path, wanted=lambda url: url == URL)[1]

    assert f"record 4 at byte {offsets[3]}: " in told[0]


def test_nothing_is_printed_about_what_is_mended(tmp_path, capsys, caplog):
    path = foreign(tmp_path / "x", ("response", "https://acme.example/a b", HTML, PAGES[0], {}), is_gzip=False)
    path.write_bytes(path.read_bytes() + b"\x00\x00\r\n")

    pages, _ = read(path)

    assert ["https://acme.example/a%20b"] == [page.url for page in pages]
    assert ("", "", []) == (*capsys.readouterr(), caplog.messages)
