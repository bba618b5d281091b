"""An archive is asked politely and within bounds, and only what the vendor served is taken from it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.archive import Archive, ArchiveError, Listed
from pricing_pipeline.fetch.outcomes import OutcomeError
from pricing_pipeline.fetch.settings import FetchSettings, agent
from tests.servers import answer, redirect
from tests.wayback import OWN_PAGE, Copy, Wayback, wayback

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
URL = "https://acme.example/pricing"
SERVED_THEN = ("Memento-Datetime", "Fri, 01 Jan 2021 00:00:00 GMT")
PAGE = b"<!DOCTYPE html><html><body><h1>Solo</h1><p>$10</p></body></html>"


class Pauses:
    """Waits for nothing, and remembers for how long it was asked to."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        if seconds:
            self.seconds.append(round(seconds))

    def ticks(self) -> float:
        return float(sum(self.seconds))


@pytest.fixture
def held() -> Iterator[Wayback]:
    with wayback() as made:
        yield made


def asking(held: Wayback, *, pauses: Pauses | None = None, allow: bool = True, spacing: float = 5) -> Archive:
    settings = FetchSettings(
        allow_hosts=(held.server.netloc,) if allow else (),
        spacing_seconds=spacing,
        user_agent=agent("mailto:us@pricing.example"),
    )
    wait = pauses or Pauses()
    return Archive(held.url, settings, clock=lambda: NOW, wait=wait, ticks=wait.ticks)


def listed(archive: Archive, collapse: str = "digest") -> list[Listed]:
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
    return list(archive.listed(URL, start=start, end=end, collapse=collapse))


def at(stamp: str, url: str = URL) -> Listed:
    moment = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return Listed(moment=moment, url=url, mimetype="text/html", status="200", digest="X")


def test_the_index_is_read_to_its_end(held: Wayback) -> None:
    """Piece by piece, with the key that each piece ends in."""
    held.hold(
        *((f"202{year}0101000000", PAGE + b"%d" % year) for year in range(6)), url="http://www.acme.example:80/pricing"
    )
    held.rows_at_once = 4
    with asking(held) as archive:
        rows = listed(archive)

    assert [2020, 2021, 2022, 2023, 2024, 2025] == [row.moment.year for row in rows]
    assert {("http://www.acme.example:80/pricing", "200", "text/html")} == {(r.url, r.status, r.mimetype) for r in rows}
    assert 2 == len(held.server.paths())


def test_rows_of_the_index_that_make_no_sense_are_left_out(held: Wayback) -> None:
    """Old indexes name months that do not exist."""
    held.hold(("20210101000000", PAGE), url=URL)
    held.noise = (
        f"example,x)/ 20210001000000 {URL} text/html 200 A 1\nonly three columns\nx 20210101000000 ftp://a b 1 c 2\n"
    )
    with asking(held) as archive:
        assert [2021] == [row.moment.year for row in listed(archive)]


ROW = f"example,x)/ 20210101000000 {URL} text/html 200 A 1"
AS_TEXT = [("Content-Type", "text/plain")]


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        (answer(gzip.compress(f"{ROW}\n".encode()), headers=[*AS_TEXT, ("Content-Encoding", "gzip")]), 1),
        (answer(f"{ROW}\r\n\r\n".encode(), headers=AS_TEXT), 1),
        (answer(f"{ROW}\n{ROW}".encode()), 2),
        (answer(b"", headers=AS_TEXT), 0),
        (answer(b"\n\n\n", headers=AS_TEXT), 0),
        (answer(b"\xff\xfe\x00", headers=AS_TEXT), 0),
        (answer(b'[["urlkey","timestamp"]]', headers=[("Content-Type", "application/json")]), 0),
        (answer(f"{ROW[:-2]}\n".encode(), headers=AS_TEXT), 0),
        (answer(f"{ROW} more\n".encode(), headers=AS_TEXT), 0),
    ],
    ids=["packed", "lines of Windows", "twice the same", "nothing", "blank lines", "no text", "JSON", "too few", "too many"],
)  # fmt: skip
def test_an_index_is_read_however_it_is_served(held: Wayback, index: bytes, rows: int) -> None:
    held.index_troubles = [index]
    with asking(held) as archive:
        assert rows == len(listed(archive))


@pytest.mark.parametrize(
    "index",
    [
        answer(b"<html><body>Too many requests. Please slow down.</body></html>"),
        answer(f"{ROW}\n".encode(), headers=[*AS_TEXT, ("Connection", "close")], length=10_000),
        answer(b"", status="404 Not Found"),
        redirect("/login"),
    ],
    ids=["a page in its place", "broken off", "not found", "a redirect"],
)
def test_what_is_no_index_is_told_and_not_taken_for_an_empty_one(held: Wayback, index: bytes) -> None:
    held.index_troubles = [index] * 3
    with asking(held, spacing=0) as archive, pytest.raises(ArchiveError):
        listed(archive)


def test_an_index_that_goes_round_in_circles_ends(held: Wayback) -> None:
    """Its pieces end in keys that were given before."""
    pieces = [f"{ROW}\n\nkey-{key}\n" for key in ("a", "b", "a", "b", "a")]
    held.index_troubles = [answer(piece.encode(), headers=AS_TEXT) for piece in pieces]
    with asking(held) as archive:
        assert 3 == len(listed(archive))

    assert 3 == len(held.server.paths())


def test_a_page_comes_as_it_was_served(held: Wayback) -> None:
    held.hold(("20210101000000", PAGE), url=URL)
    with asking(held) as archive:
        page = archive.memento(at("20210101000000"))

    assert (PAGE, URL, datetime(2021, 1, 1, tzinfo=UTC), "text/html") == (
        page.body,
        page.url,
        page.moment,
        page.content_type,
    )
    assert [f"/web/20210101000000id_/{URL}"] == held.server.paths()


def test_the_nearest_copy_that_the_archive_leads_to_has_its_own_time(held: Wayback) -> None:
    held.hold(("20210101000000", PAGE), ("20210101003000", PAGE), url=URL)
    held.missing = {"20210101000000"}
    with asking(held) as archive:
        assert datetime(2021, 1, 1, 0, 30, tzinfo=UTC) == archive.memento(at("20210101000000")).moment


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(OWN_PAGE), "page of its own"),
        (answer(OWN_PAGE, status="404 Not Found"), "answered 404"),
        (answer(b"", status="403 Forbidden", headers=[("X-Archive-Wayback-Runtime-Error", "Blocked Site Error")]), "Blocked"),
        (answer(PAGE, status="404 Not Found", headers=[SERVED_THEN]), "the vendor answered 404"),
        (answer(PAGE, status="429 Slow", headers=[SERVED_THEN]), "the vendor answered 429"),
        (redirect("/account/login"), "is no copy of it"),
        (redirect("https://elsewhere.example/web/20210101000000id_/https://acme.example/pricing"), "is no copy of it"),
        (redirect("http://169.254.169.254/latest/meta-data"), "169.254.169.254"),
    ],
)  # fmt: skip
def test_what_is_not_the_vendors_page_is_not_taken(held: Wayback, reply: bytes, reason: str) -> None:
    held.troubles = [reply]
    with asking(held) as archive, pytest.raises(OutcomeError, match=reason) as refused:
        archive.memento(at("20210101000000"))

    assert not isinstance(refused.value, ArchiveError), "the next page may be there"


def test_a_page_that_the_archive_has_rewritten_is_not_taken(held: Wayback) -> None:
    held.hold(("20210101000000", PAGE), url=URL)
    held.toolbar = True
    with asking(held) as archive, pytest.raises(OutcomeError, match="rewritten"):
        archive.memento(at("20210101000000"))


def test_there_is_a_pause_between_two_requests(held: Wayback) -> None:
    held.hold(("20210101000000", PAGE), url=URL)
    pauses = Pauses()
    with asking(held, pauses=pauses) as archive:
        for _ in range(3):
            archive.memento(at("20210101000000"))

    assert [5, 5] == pauses.seconds
    assert held.server.seen[-1].headers["user-agent"].endswith("(+mailto:us@pricing.example)")


def test_a_longer_crawl_delay_is_kept_to(held: Wayback) -> None:
    held.hold(("20210101000000", PAGE), url=URL)
    held.robots = answer(b"User-agent: *\nCrawl-delay: 20\n", headers=[("Content-Type", "text/plain")])
    pauses = Pauses()
    with asking(held, pauses=pauses) as archive:
        for _ in range(2):
            archive.memento(at("20210101000000"))

    assert [20] == pauses.seconds


def test_an_archive_that_asks_for_a_pause_gets_it(held: Wayback) -> None:
    held.hold(("20210101000000", PAGE), url=URL)
    held.troubles = [answer(b"", status="429 Too Many Requests", headers=[("Retry-After", "30")])]
    pauses = Pauses()
    with asking(held, pauses=pauses) as archive:
        assert PAGE == archive.memento(at("20210101000000")).body

    assert 30 in pauses.seconds


@pytest.mark.parametrize("retry", [[("Retry-After", "86400")], []])
def test_an_archive_that_wants_to_be_left_alone_is(held: Wayback, retry: list[tuple[str, str]]) -> None:
    held.troubles = [answer(b"", status="429 Too Many Requests", headers=retry)] * 9
    pauses = Pauses()
    with asking(held, pauses=pauses) as archive, pytest.raises(ArchiveError) as stop:
        archive.memento(at("20210101000000"))

    assert Outcome.RATE_LIMITED is stop.value.outcome
    assert len(held.server.paths()) == (1 if retry else 3)
    assert sum(pauses.seconds) < 300


def test_an_archive_that_does_not_give_out_a_site_says_so(held: Wayback) -> None:
    held.index_troubles = [answer(b"Blocked Site Error", status="403 Forbidden")]
    with asking(held) as archive, pytest.raises(ArchiveError, match=r"gives no index of https://acme\.example.*403"):
        listed(archive)


def test_a_robots_txt_that_forbids_it_is_kept_to(held: Wayback) -> None:
    held.robots = answer(b"User-agent: *\nDisallow: /\n", headers=[("Content-Type", "text/plain")])
    with asking(held) as archive, pytest.raises(ArchiveError, match=r"robots\.txt"):
        listed(archive)

    assert [] == held.server.paths()


def test_an_archive_on_this_machine_is_not_asked_unless_it_is_named(held: Wayback) -> None:
    with asking(held, allow=False) as archive, pytest.raises(ArchiveError, match=r"127\.0\.0\.1"):
        listed(archive)

    assert [] == held.server.seen


def test_a_copy_of_a_revisit_is_named_as_such(held: Wayback) -> None:
    held.copies = [Copy(stamp="20210101000000", url=URL, body=PAGE, is_revisit=True)]
    with asking(held) as archive:
        assert [("-", "warc/revisit")] == [(row.status, row.mimetype) for row in listed(archive)]
