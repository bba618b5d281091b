"""Archived pages come in as they were served, captures go out whole, and a damaged file gives no false page."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pricing_pipeline.captures.warc import read_warc, write_warc
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Capture, Outcome

THEN = datetime(2024, 3, 1, 6, 30, 15, 250_000, tzinfo=UTC)
PAGES = [f"<html>Solo ${n} €</html>".encode() * 40 for n in range(4)]
URL = "https://acme.example/pricing?plan=solo"


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


def read(path, **options):
    told = []
    return list(read_warc(path, on_problem=told.append, **options)), told


def foreign(path, *records, is_gzip=True):
    """A file of another program's making: (type, url, http headers or None, payload, record headers)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=is_gzip)
        for kind, url, http, payload, headers in records:
            http_headers = StatusAndHeaders("200 OK", http, protocol="HTTP/1.1") if http is not None else None
            stated = {"WARC-Date": "2020-01-02T03:04:05Z", **headers}
            writer.write_record(
                writer.create_warc_record(
                    url, kind, payload=BytesIO(payload), length=len(payload), http_headers=http_headers,
                    warc_headers_dict=stated,
                )
            )  # fmt: skip
    return path


HTML = [("Content-Type", "text/html")]


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
        (("response", URL, [*HTML, ("Content-Encoding", "br")], b"x", {}), "content encoding 'br'"),
        (("response", URL, HTML, PAGES[0], {"WARC-Payload-Digest": "sha1:" + "A" * 32}), "digest differs"),
        (("response", URL, HTML, PAGES[0], {"WARC-Date": "yesterday"}), "isoformat"),
        (("response", URL, HTML, PAGES[0], {"WARC-Date": "2020-01-02T03:04:05"}), "names no time zone"),
        (("revisit", URL, HTML, b"", {"WARC-Payload-Digest": "sha1:" + "A" * 32}), "does not hold before it"),
    ],
)
def test_a_record_that_cannot_be_trusted_is_told_and_the_others_are_read(tmp_path, record, reason):
    path = foreign(tmp_path / "x", record, ("response", URL, HTML, PAGES[1], {}))

    pages, told = read(path)

    assert [PAGES[1]] == [page.body for page in pages]
    assert len(told) == 1
    assert f"{path}: record 1: " in told[0]
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
    assert content == b"" or len(told) == 1


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CaptureError, match=r"none\.warc: cannot be read"):
        read(tmp_path / "none.warc")
