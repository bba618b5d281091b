"""What the client makes of what servers do: every way to answer has its named outcome, and nothing is raised."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pricing_pipeline.encodings import zstd
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import FetchRequest
from tests.servers import PAGE, answer, redirect

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


def fetched(client, server, path="/pricing", **request):
    return client.fetch(FetchRequest(url=server.url(path), **request))


def test_a_page_comes_back_as_the_bytes_that_were_served(client, server):
    body = "<!doctype html><p>10 €".encode("cp1252")
    headers = [
        ("Content-Type", "text/html; charset=windows-1252"),
        ("ETag", 'W/"a-1"'),
        ("Last-Modified", "Fri, 01 May 2026 00:00:00 GMT"),
    ]
    server.answers["/pricing"] = answer(body, headers=headers)

    result = fetched(client, server)

    assert result.outcome == Outcome.FETCHED
    assert body == result.body
    assert result.content_type == "text/html; charset=windows-1252"
    assert result.etag == 'W/"a-1"'
    assert result.last_modified == "Fri, 01 May 2026 00:00:00 GMT"
    assert server.url("/pricing") == result.url == result.final_url


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("201 Created", Outcome.SERVER_ERROR),
        ("202 Accepted", Outcome.BLOCKED),
        ("204 No Content", Outcome.INCOMPLETE),
        ("206 Partial Content", Outcome.INCOMPLETE),
        ("300 Multiple Choices", Outcome.SERVER_ERROR),
        ("400 Bad Request", Outcome.SERVER_ERROR),
        ("401 Unauthorized", Outcome.BLOCKED),
        ("403 Forbidden", Outcome.BLOCKED),
        ("404 Not Found", Outcome.NOT_FOUND),
        ("410 Gone", Outcome.NOT_FOUND),
        ("429 Too Many Requests", Outcome.RATE_LIMITED),
        ("451 Unavailable For Legal Reasons", Outcome.BLOCKED),
        ("500 Internal Server Error", Outcome.SERVER_ERROR),
        ("503 Service Unavailable", Outcome.SERVER_ERROR),
        ("999 Request Denied", Outcome.SERVER_ERROR),
    ],
)
def test_every_status_has_an_outcome_and_only_a_page_has_a_body(client, server, status, outcome):
    server.answers["/pricing"] = answer(PAGE if not status.startswith("204") else b"", status=status)

    result = fetched(client, server)

    assert outcome == result.outcome
    assert int(status[:3]) == result.status
    assert result.body is None
    assert result.message


def test_a_challenge_that_names_itself_in_the_headers_is_a_block_whatever_its_status(client, server):
    server.answers["/pricing"] = answer(PAGE, headers=[("cf-mitigated", "challenge")])

    assert fetched(client, server).outcome == Outcome.BLOCKED


def test_a_page_that_did_not_change_is_not_sent_again(client, server):
    server.answers["/pricing"] = lambda seen, line: (
        b"HTTP/1.1 304 Not Modified\r\n\r\n" if seen.headers.get("if-none-match") == '"v1"' else answer()
    )

    result = fetched(client, server, etag='"v1"', last_modified="Fri, 01 May 2026 00:00:00 GMT")

    assert result.outcome == Outcome.NOT_MODIFIED
    assert result.etag == '"v1"'
    assert result.body is None
    assert server.last("/pricing").headers["if-modified-since"] == "Fri, 01 May 2026 00:00:00 GMT"


def test_what_follows_a_not_modified_is_neither_read_nor_taken_for_the_next_answer(client, server):
    """There is no body by the standard; a bomb or a forged answer may stand there all the same."""
    bomb = gzip.compress(b"<html>Solo $1" + bytes(10_000_000))
    stated = f"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    server.answers["/pricing"] = stated.encode() + bomb + answer(b"<html>Solo $1")
    server.answers["/plans"] = answer()

    first = fetched(client, server, etag='"v1"')
    second = fetched(client, server, "/plans")

    assert (Outcome.NOT_MODIFIED, None) == (first.outcome, first.body)
    assert second.body == PAGE


@pytest.mark.parametrize("request_headers", [{}, {"etag": 'bad "tag"\r\nX: y'}, {"last_modified": "yesterday"}])
def test_not_modified_is_an_error_where_nothing_is_held(client, server, request_headers):
    """A cache between us and the vendor may answer so; there would be no page to go by."""
    server.answers["/pricing"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"

    assert fetched(client, server, **request_headers).outcome == Outcome.SERVER_ERROR


@pytest.mark.parametrize(
    ("content_type", "body", "outcome"),
    [
        ("application/pdf", b"%PDF-1.7", Outcome.NOT_HTML),
        ("application/json", b"{}", Outcome.NOT_HTML),
        ("image/png", b"\x89PNG", Outcome.NOT_HTML),
        ("text/html", b"%PDF-1.7 served as a page", Outcome.NOT_HTML),
        ("text/plain", b"Solo $10", Outcome.NOT_HTML),
        ("text/plain", PAGE, Outcome.FETCHED),
        ("", PAGE, Outcome.FETCHED),
        ("application/xhtml+xml", PAGE, Outcome.FETCHED),
        ("TEXT/HTML;charset=UTF-8", PAGE, Outcome.FETCHED),
        ("text/html", b" \n", Outcome.INCOMPLETE),
    ],
)
def test_only_html_is_a_page_by_its_type_and_by_its_first_bytes(client, server, content_type, body, outcome):
    server.answers["/pricing"] = answer(body, headers=[("Content-Type", content_type)])

    assert outcome == fetched(client, server).outcome


@pytest.mark.parametrize("locale", ["en-US\r\nX-Evil: 1", "en\nCookie: a=b", "dé", "\x00"])
def test_nothing_that_a_file_says_becomes_a_header_of_its_own(client, server, locale):
    server.answers["/pricing"] = answer()

    assert fetched(client, server, locale=locale).outcome == Outcome.FETCHED
    assert {"user-agent", "accept", "accept-encoding", "connection", "host"} == set(server.last("/pricing").headers)


@pytest.mark.parametrize(
    ("retry_after", "not_before"),
    [
        ("120", NOW + timedelta(seconds=120)),
        ("Fri, 01 May 2026 07:00:00 GMT", NOW + timedelta(hours=1)),
        ("Thu, 01 Jan 2099 00:00:00 GMT", NOW + timedelta(days=7)),
        ("99999999999999999999", NOW + timedelta(days=7)),
        ("Wed, 01 Apr 2026 00:00:00 GMT", None),
        ("-3", None),
        ("abc", None),
        ("", None),
        ("1e9", None),
        ("٣٥", None),
        ("Thu, 99 Foo 2099", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_host_that_wants_to_be_left_alone_says_until_when_and_is_not_waited_for(
    make_client, server, status, retry_after, not_before
):
    raw = retry_after.encode().decode("latin-1")
    server.answers["/pricing"] = answer(b"", status=status, headers=[("Retry-After", raw)])

    result = fetched(make_client(clock=lambda: NOW), server)

    assert not_before == result.not_before


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])),
        ("gzip", gzip.compress(PAGE) + b"\0\0\0"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE, wbits=-15)),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstd.compress(PAGE)),
        ("identity", PAGE),
    ],
    ids=[
        "gzip",
        "two gzip members",
        "gzip padded",
        "deflate",
        "bare deflate",
        "gzip twice",
        "both",
        "br",
        "zstd",
        "identity",
    ],
)
def test_a_compressed_page_is_the_page(client, server, encoding, body):
    """Only gzip and deflate are asked for; caches of some hosts serve what another visitor asked for."""
    server.answers["/pricing"] = answer(body, headers=[("Content-Encoding", encoding)])

    assert fetched(client, server).body == PAGE


@pytest.mark.parametrize(
    ("encoding", "body", "outcome"),
    [
        ("gzip", gzip.compress(PAGE)[:-12], Outcome.INCOMPLETE),
        ("gzip", gzip.compress(PAGE)[:-1], Outcome.INCOMPLETE),
        ("gzip", b"not gzip at all", Outcome.INCOMPLETE),
        ("deflate", zlib.compress(PAGE, wbits=-15)[:-4], Outcome.INCOMPLETE),
        ("gzip", b"", Outcome.INCOMPLETE),
        ("br", PAGE, Outcome.INCOMPLETE),
        ("br", brotli.compress(PAGE)[:-1], Outcome.INCOMPLETE),
        ("zstd", b"\x28\xb5\x2f\xfd" + PAGE, Outcome.INCOMPLETE),
        ("zstd", zstd.compress(PAGE)[:-1], Outcome.INCOMPLETE),
        ("gzip, br", gzip.compress(PAGE), Outcome.INCOMPLETE),
        ("aws-chunked", PAGE, Outcome.SERVER_ERROR),
        ("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(PAGE))), Outcome.TOO_LARGE),
    ],
    ids=[
        "gzip without its end", "gzip without its last byte", "no gzip", "deflate without its end", "nothing", "no br",
        "br without its last byte", "no zstd", "zstd without its last byte", "gzip alone", "unknown", "too often packed",
    ],
)  # fmt: skip
def test_a_compressed_page_that_cannot_be_trusted_is_none(client, server, encoding, body, outcome):
    server.answers["/pricing"] = answer(body, headers=[("Content-Encoding", encoding)])

    assert outcome == fetched(client, server).outcome


@pytest.mark.parametrize(
    "reply",
    [
        answer(PAGE, length=len(PAGE) + 1, headers=[("Connection", "close")]),
        CHUNKED + b"5\r\n<html",
        CHUNKED + b"zz\r\n<html",
    ],
    ids=["announced one byte more", "chunks without an end", "broken chunks"],
)
def test_a_page_that_breaks_off_is_incomplete(client, server, reply):
    server.answers["/pricing"] = reply

    assert fetched(client, server).outcome == Outcome.INCOMPLETE


def test_a_connection_reset_in_the_middle_of_a_page_is_incomplete(client, server):
    def cut(_, line):
        line.send(answer(PAGE, length=10_000))
        line.reset()

    server.answers["/pricing"] = cut

    assert fetched(client, server).outcome == Outcome.INCOMPLETE


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"", Outcome.NETWORK_ERROR),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Outcome.NETWORK_ERROR),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", Outcome.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", Outcome.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 60_000 + b"\r\nZ: " + b"y" * 60_000 + b"\r\n\r\n", Outcome.TOO_LARGE),
        (answer(PAGE, headers=[("Content-Length", "7")]), Outcome.NETWORK_ERROR),
        (b"<!doctype html><html><p>Solo $10</html>", Outcome.NETWORK_ERROR),
        (b"\x16\x03\x01\x02\x00\x01", Outcome.NETWORK_ERROR),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, Outcome.TOO_LARGE),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 10_000, Outcome.TOO_LARGE),
        (b"HTTP/1.1 103 Early Hints\r\n" + b"Link: </a>\r\n" * 500, Outcome.TOO_LARGE),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", Outcome.SERVER_ERROR),
    ],
    ids=[
        "nothing",
        "not http",
        "200 headers",
        "a long header",
        "many bytes of headers",
        "two lengths",
        "a page without headers",
        "tls where none was asked",
        "a flood of 100",
        "a flood of 103",
        "a 103 of 500 headers",
        "101",
    ],
)
def test_an_answer_beyond_reason_is_named(make_client, server, reply, outcome):
    server.answers["/pricing"] = lambda _, line: line.send(reply)

    assert outcome == fetched(make_client(max_header_bytes=100_000), server).outcome


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"]
)
def test_interim_answers_are_passed_over(client, server, interim):
    server.answers["/pricing"] = interim * 2 + answer()

    assert fetched(client, server).body == PAGE


def test_what_is_sent_beyond_the_announced_length_becomes_no_other_page(client, server):
    """Left on the connection, it would be taken for the answer to whatever is asked next."""
    forged = answer(b"<html>Solo $1")
    server.answers["/pricing"] = answer(PAGE) + forged
    server.answers["/plans"] = answer(b"<html>Team $20")

    first, second = fetched(client, server), fetched(client, server, "/plans")

    assert (PAGE, b"<html>Team $20") == (first.body, second.body)


def test_repeated_headers_do_no_harm(client, server):
    twice = [("Content-Type", "text/html"), ("Content-Type", "text/html"), ("ETag", '"a"'), ("ETag", '"b"')]
    server.answers["/pricing"] = answer(PAGE, headers=twice)

    result = fetched(client, server)

    assert result.outcome == Outcome.FETCHED
    assert result.etag is None


def test_a_host_that_is_not_there_is_a_network_error(client, server):
    with_nobody = server.url()
    server.__exit__()

    result = client.fetch(FetchRequest(url=with_nobody))

    assert result.outcome == Outcome.NETWORK_ERROR
    assert "refused" in result.message


def test_redirects_are_followed_and_the_last_address_is_told(client, server):
    server.answers["/pricing"] = redirect("/plans", status="301 Moved Permanently")
    server.answers["/plans"] = redirect("plans/new?x=1#top", status="307 Temporary Redirect")
    server.answers["/plans/new?x=1"] = answer()

    result = fetched(client, server)

    assert result.body == PAGE
    assert server.url("/pricing") == result.url
    assert server.url("/plans/new?x=1") == result.final_url


def test_a_maze_of_links_is_not_walked_into(client, server):
    """Decoys laid out for crawlers catch nobody who asks for one page and goes."""
    maze = "".join(
        f"<a href=/maze/{n}>pricing {n}</a><link rel=next href=/maze/{n}><img src=/maze/{n}.png>" for n in range(500)
    )
    server.answers["/pricing"] = answer(f"<html>{maze}".encode())

    assert fetched(client, server).outcome == Outcome.FETCHED
    assert [seen.path for seen in server.seen] == ["/robots.txt", "/pricing"]


def test_a_redirect_without_end_is_given_up(client, server):
    server.answers["/pricing"] = redirect("/pricing")

    result = fetched(client, server)

    assert result.outcome == Outcome.SERVER_ERROR
    assert len(server.paths()) == 6


def test_a_redirect_with_an_address_in_utf_8_and_blanks_is_followed(client, server):
    server.answers["/pricing"] = redirect("/prix à jour".encode().decode("latin-1"))
    server.answers["/prix%20%C3%A0%20jour"] = answer()

    assert fetched(client, server).outcome == Outcome.FETCHED


def test_a_redirects_own_body_is_never_read(make_client, server):
    """Following redirects the library's way would read it all, however large."""

    def endless(_, line):
        line.send(b"HTTP/1.1 302 Found\r\nLocation: /plans\r\nTransfer-Encoding: chunked\r\n\r\n")
        line.drip((b"1\r\nx\r\n" for _ in range(10_000)), every=0.01)

    server.answers["/pricing"] = endless
    server.answers["/plans"] = answer()

    assert fetched(make_client(total_seconds=1.0), server).outcome == Outcome.FETCHED


def test_a_page_that_asks_for_its_own_cookie_gets_it_back(client, server):
    server.answers["/pricing"] = lambda seen, _: (
        answer()
        if seen.headers.get("cookie") == "seen=1; lang=en"
        else redirect("/pricing", headers=[("Set-Cookie", "seen=1; Path=/; HttpOnly"), ("Set-Cookie", "lang=en")])
    )

    assert fetched(client, server).outcome == Outcome.FETCHED


def test_cookies_are_forgotten_with_the_page(client, server):
    server.answers["/pricing"] = answer(headers=[("Set-Cookie", "visitor=7")])
    fetched(client, server)

    fetched(client, server)

    assert "cookie" not in server.last("/pricing").headers


def test_the_request_says_honestly_who_asks_and_in_which_language(make_client, server):
    from pricing_pipeline.fetch.settings import agent

    server.answers["/pricing"] = answer()
    fetched(make_client(user_agent=agent("https://example.org/bot")), server, locale="de-DE")

    headers = server.last("/pricing").headers
    assert headers["user-agent"].startswith("pricing-pipeline/")
    assert headers["user-agent"].endswith("(+https://example.org/bot)")
    assert headers["accept-language"] == "de-DE, de;q=0.8"


def test_a_route_leads_a_vendors_address_to_another_server_under_its_own_name(make_client, server):
    server.answers["/pricing?plan=solo"] = redirect("https://vendor.example/plans")
    server.answers["/plans"] = answer()
    client = make_client(allow_hosts=(), routes={"https://vendor.example": server.url("")})

    result = client.fetch(FetchRequest(url="https://vendor.example/pricing?plan=solo"))

    assert result.body == PAGE
    assert result.final_url == "https://vendor.example/plans"
    assert {"vendor.example"} == {seen.headers["host"] for seen in server.seen}


def test_secrets_in_an_address_are_masked_in_what_is_kept(client, server):
    server.answers["/pricing"] = redirect("/plans?session_id=CANARY&plan=solo", headers=[("Set-Cookie", "a=CANARY")])
    server.answers["/plans?session_id=CANARY&plan=solo"] = answer(headers=[("Set-Cookie", "b=CANARY")])

    result = fetched(client, server)

    assert "plan=solo" in result.final_url
    assert "CANARY" not in repr(result)


def test_a_connection_that_the_host_closed_in_silence_is_opened_anew(client, server):
    """Some hosts keep a connection open after robots.txt, and close it when the page is asked for on it."""
    connections = []

    def only_first(seen, line):
        connections.append(line)
        return None if len(connections) == 1 else answer()

    server.answers["/pricing"] = only_first

    assert fetched(client, server).outcome == Outcome.FETCHED
    assert len(connections) == 2


def test_a_host_that_always_closes_in_silence_is_not_asked_for_ever(client, server):
    server.answers["/pricing"] = lambda *_: None

    assert fetched(client, server).outcome == Outcome.NETWORK_ERROR
    assert len(server.paths()) == 2


parts = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 304 Not Modified", b"HTTP/1.0 302 Found", b"HTTP/1.1 100 Continue",
     b"HTTP/9.9 -1 x", b"\r\n",
     b"\n", b"\r\n\r\n", b": ", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
     b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Content-Type: text/html",
     b"Location: /pricing", b"Location: http://[", b"Location: //\xff", b"Location: \xe2\x82\xac",
     b"Set-Cookie: a=b; \x01",
     b"Retry-After: \xb2", b"ETag: \xff", b"5\r\n", b"0\r\n\r\n", b"<html>", b"\x1f\x8b\x08", b"\x00", b"\xff"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.lists(parts, max_size=12).map(b"".join))
def test_whatever_bytes_a_server_sends_there_is_an_outcome(client, server, reply):
    server.answers["/pricing"] = lambda _, line: line.send(reply)

    result = fetched(client, server)

    assert isinstance(result.outcome, Outcome)
    assert (result.body is not None) == (result.outcome is Outcome.FETCHED)
    assert result.message is None or result.message.isprintable()
