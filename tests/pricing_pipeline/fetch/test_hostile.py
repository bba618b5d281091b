"""Answers that were made to do harm: none of them hangs, fills the memory, stops the run, or passes for another page."""

from __future__ import annotations

import gzip
import threading
import tracemalloc

import pytest

from pricing_pipeline.encodings import MAX_MEMBERS
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.pool import fetch_all
from pricing_pipeline.fetch.rules import RobotsRules
from tests.servers import PAGE, LoopbackServer, answer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def fetched(client, server, reply, path="/pricing"):
    server.answers[path] = lambda _, line: line.send(reply)
    return client.fetch(FetchRequest(url=server.url(path)))


@pytest.mark.parametrize("size", ["-1", "-ffffff", "+6", "0x6", "0_6", "٦", "", " ", ";x=6", "6" * 17, "6 6", "zz"])
def test_a_chunk_of_a_size_that_is_none_is_no_page(client, server, size):
    """Python reads each of the first six as a number, and of -1 bytes reads without end."""
    reply = CHUNKED + size.encode() + b"\r\n<html>\r\n0\r\n\r\n"

    assert Outcome.INCOMPLETE == fetched(client, server, reply).outcome


@pytest.mark.parametrize("size", ["6", "06", "0000000000000006", "6 ", "6;name=value", '6;name="a;b"', "6; \x00"])
def test_a_chunk_as_the_standard_has_it_is_read(client, server, size):
    assert fetched(client, server, CHUNKED + size.encode() + b"\r\n<html>\r\n0\r\n\r\n").body == b"<html>"


def test_a_chunk_that_is_longer_than_it_says_is_no_page(client, server):
    """Of `Solo $1000` a reader that takes two bytes for the end of a line, unseen, makes `Solo $1`."""
    reply = CHUNKED + b"d\r\n<html>Solo $1000\r\n\r\n"

    assert Outcome.INCOMPLETE == fetched(client, server, reply).outcome


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 6\r\nContent-Length: 60\r\n\r\n",
        b"Content-Length: 6, 60\r\n\r\n",
        b"X: a\rContent-Length: 60\r\nContent-Length: 6\r\n\r\n",
    ],
    ids=["twice", "a list", "behind a lone carriage return"],
)
def test_an_answer_of_two_lengths_is_no_page(client, server, head):
    """Two readers of it would see two pages."""
    assert Outcome.NETWORK_ERROR == fetched(client, server, HEAD + head + b"<html>").outcome


def test_chunks_count_before_a_length_and_what_follows_them_is_nobodys_page(client, server):
    """RFC 9112, 6.3: the way by which answers are smuggled into one another."""
    forged = answer(b"<html>Solo $1")
    reply = HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n0\r\n\r\n" + forged
    server.answers["/pricing"] = reply
    server.answers["/plans"] = answer()

    first, second = (client.fetch(FetchRequest(url=server.url(path))) for path in ("/pricing", "/plans"))

    assert (b"<html>", PAGE) == (first.body, second.body)


def test_a_forged_answer_that_is_sent_late_becomes_no_other_page(make_client, server):
    """When the page was read and the connection given back, and before it is used again."""
    given_back, forged = threading.Event(), threading.Event()

    def forging(_, line):
        line.send(answer())
        given_back.wait(5)
        line.send(answer(b"<html>Solo $1"))
        forged.set()
        line.hold()

    def meanwhile(*_):
        given_back.set()
        forged.wait(5)
        return answer()

    with LoopbackServer() as other:
        other.answers.update({"/pricing": forging, "/plans": answer()})
        server.answers["/pricing"] = meanwhile
        client = make_client(allow_hosts=("127.0.0.1",))
        pages = [other.url("/pricing"), server.url("/pricing"), other.url("/plans")]

        assert [PAGE] * 3 == [client.fetch(FetchRequest(url=url)).body for url in pages]


def test_packed_pieces_that_hold_nothing_are_given_up(client, server):
    """Half a million of them fit into a page of the largest size, and each has to be begun and ended."""
    empty = gzip.compress(b"", mtime=0)
    packed = gzip.compress(PAGE) + empty * (MAX_MEMBERS - 1)
    outcomes = []
    for body in (packed, packed + empty):
        server.answers["/pricing"] = answer(body, headers=[("Content-Encoding", "gzip")])
        outcomes.append(client.fetch(FetchRequest(url=server.url("/pricing"))).outcome)

    assert [Outcome.FETCHED, Outcome.TOO_LARGE] == outcomes


@pytest.mark.parametrize(
    "header",
    [
        b"Set-Cookie: a=b; expires=1 " + b" " * 60_000 + b"!",
        b'Set-Cookie2: a="' + b'\\"' * 30_000,
        b"Set-Cookie: " + b"a=b, " * 12_000,
        b"Content-Type: text/html" + b"; a=b" * 12_000,
        b'ETag: "' + b"a" * 60_000 + b'"',
        b"Last-Modified: " + b"(" * 60_000,
        b"Content-Encoding: " + b"identity, " * 6_000,
        b"Retry-After: " + b"9" * 60_000,
        b"Date: \xff\x01",
        b"=?utf-8?b?//8=?=: x",
        b"X: y\r\n folded",
        b"no colon",
    ],
    ids=lambda header: header[:20].decode("latin-1"),
)
def test_no_header_keeps_the_page_from_being_read(client, server, header):
    reply = HEAD + header + b"\r\nContent-Length: 6\r\n\r\n<html>"

    assert fetched(client, server, reply).body == b"<html>"


def test_rules_for_many_names_cost_no_more_than_their_text():
    """A reader that copies each rule for each name of its group makes two million of these 30 KB, and more of more."""
    names = "".join(f"User-agent: bot{number}\n" for number in range(1_500))
    rules = "".join(f"Disallow: /{number}\n" for number in range(1_500))
    tracemalloc.start()

    found = RobotsRules(f"{names}User-agent: *\n{rules}")
    answers = [found.allows(f"https://acme.example{path}", "pricing-pipeline") for path in ("/7", "/x")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [False, True] == answers
    assert peak < 10_000_000


def test_an_answer_that_a_library_trips_over_is_told_and_the_others_are_fetched(client, server, monkeypatch):
    """One host must not end the run for all: http.client, the cookie jar and their like meet whatever hosts think up."""
    really = client._followed

    def followed(request, url):
        if url.endswith("/odd"):
            raise TypeError("odd \x1b[31m")
        return really(request, url)

    monkeypatch.setattr(client, "_followed", followed)
    server.answers["/pricing"] = answer()
    urls = [server.url(path) for path in ("/odd", "/pricing")]

    odd, page = fetch_all([FetchRequest(url=url) for url in urls], client=client, on_result=lambda _, result: result)

    assert (Outcome.SERVER_ERROR, Outcome.FETCHED) == (odd.outcome, page.outcome)
    assert "an answer that cannot be read (TypeError: odd ?[31m)" == odd.message
