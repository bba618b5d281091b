"""Saved pages are read by their manifest; a bad row is told by file and line and costs the others nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pricing_pipeline.captures.saved import read_saved
from pricing_pipeline.errors import CaptureError

HEADER = "url,file,captured_at,status\n"
GOOD = "https://acme.example/pricing,a.html,2026-04-15T06:00:00Z,200\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.html").write_bytes(b"<html>\xff</html>")
    (tmp_path / "outside.html").write_bytes(b"secret")
    return tmp_path / "saved"


def write(folder, text, *, encoding="utf-8"):
    (folder / "manifest.csv").write_text(text, encoding=encoding)
    return folder


def test_a_page_is_read_with_all_that_the_manifest_says(folder):
    (page,) = read_saved(write(folder, HEADER + GOOD))

    assert page.url == "https://acme.example/pricing"
    assert page.body == b"<html>\xff</html>"
    assert page.captured_at == datetime(2026, 4, 15, 6, tzinfo=UTC)
    assert (page.status, page.content_type) == (200, "text/html")
    assert page.line == 2


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2026-04-15", datetime(2026, 4, 15, tzinfo=UTC)),
        ("2026-04-15T08:00:00+02:00", datetime(2026, 4, 15, 6, tzinfo=UTC)),
        ("2026-04-15 06:00:00Z", datetime(2026, 4, 15, 6, tzinfo=UTC)),
    ],
)
def test_times_are_utc_however_they_are_written(folder, stated, moment):
    (page,) = read_saved(write(folder, f"url,file,captured_at\nhttps://acme.example/,a.html,{stated}\n"))

    assert moment == page.captured_at
    assert page.captured_at.tzinfo is UTC
    assert page.status == 200


def test_pages_come_oldest_first_whatever_the_order_of_the_rows(folder):
    rows = [f"https://acme.example/{n},a.html,2026-0{month}-01,200\n" for n, month in enumerate((5, 3, 4, 3))]

    assert [page.url[-1] for page in read_saved(write(folder, HEADER + "".join(rows)))] == ["1", "3", "2", "0"]


def test_a_manifest_from_a_spreadsheet_is_read(folder):
    text = 'status,note,captured_at,file,url\r\n404,"a, b",2026-04-15,a.html,https://acme.example/\r\n\r\n'
    (page,) = read_saved(write(folder, text, encoding="utf-8-sig"))

    assert page.status == 404


BAD = {
    "https://acme.example/,../outside.html,2026-04-15,": "outside the folder",
    "https://acme.example/,/etc/passwd,2026-04-15,": "outside the folder",
    "https://acme.example/,link.html,2026-04-15,": "outside the folder",
    "https://acme.example/,missing.html,2026-04-15,": "is not there",
    "https://acme.example/,.,2026-04-15,": "is not there",
    "https://acme.example/,,2026-04-15,": "no file is named",
    "https://acme.example/,a.html,yesterday,": "is no time",
    "https://acme.example/,a.html,2026-04-15T06:00:00,": "names no time zone",
    "https://acme.example/,a.html,2026-02-30,": "is no time",
    "https://acme.example/,a.html,2026-04-15,abc": "is no HTTP status",
    "https://acme.example/,a.html,2026-04-15,99": "is no HTTP status",
    "file:///etc/passwd,a.html,2026-04-15,": "not an http or https address",
    ",a.html,2026-04-15,": "not an http or https address",
    "https://acme.example/": "no file is named",
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_told_and_the_others_are_read(folder, row):
    (folder / "link.html").symlink_to("../outside.html")
    told = []

    pages = list(read_saved(write(folder, HEADER + GOOD + row + "\n" + GOOD), on_problem=told.append))

    assert len(pages) == 2
    assert len(told) == 1
    assert f"{folder / 'manifest.csv'}:3: " in told[0]
    assert BAD[row] in told[0]


def test_without_a_listener_all_bad_rows_are_raised_before_the_first_page(folder):
    with pytest.raises(CaptureError) as raised:
        next(read_saved(write(folder, HEADER + GOOD + "\n".join(BAD) + "\n")))

    assert len(BAD) == len(str(raised.value).splitlines())


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "no column url, file"), ("url,file\n", "no column captured_at"), (None, "cannot be")],
)
def test_a_folder_without_a_proper_manifest_is_told(folder, text, told):
    if text is not None:
        write(folder, text)
    with pytest.raises(CaptureError, match=told):
        list(read_saved(folder))
