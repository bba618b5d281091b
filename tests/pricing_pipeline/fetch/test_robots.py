"""robots.txt by RFC 9309: what each answer to it allows, and that it is asked for once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import FetchRequest
from tests.servers import LoopbackServer, answer, redirect

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
TEXT = [("Content-Type", "text/plain")]


def robots(text: str) -> bytes:
    return answer(text.encode(), headers=TEXT)


def outcome(client, server, path="/pricing"):
    return client.fetch(FetchRequest(url=server.url(path))).outcome


@pytest.fixture(autouse=True)
def page(server):
    server.answers["/pricing"] = server.answers["/plans"] = answer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Outcome.FETCHED),
        ("User-agent: *\nDisallow:", Outcome.FETCHED),
        ("User-agent: *\nDisallow: /", Outcome.ROBOTS_DENIED),
        ("User-agent: pricing-pipeline\nDisallow: /\nUser-agent: *\nAllow: /", Outcome.ROBOTS_DENIED),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Pricing-Pipeline\nAllow: /", Outcome.FETCHED),
        ("User-agent: other\nDisallow: /", Outcome.FETCHED),
        ("User-agent: *\nDisallow: /pric", Outcome.ROBOTS_DENIED),
        ("User-agent: *\nDisallow: /pricing\nAllow: /pricing$", Outcome.FETCHED),
        ("User-agent: *\nDisallow: /*ing", Outcome.ROBOTS_DENIED),
        ("User-agent: *\r\nDisallow: /pricing\r\n", Outcome.ROBOTS_DENIED),
        ("\ufeffUser-agent: *\nDisallow: /pricing", Outcome.ROBOTS_DENIED),
        ("<!doctype html><html><p>User-agent: *\nDisallow: /</p>", Outcome.FETCHED),
        ("\x00\xff garbage\nDisallow: /\n", Outcome.FETCHED),
        ("# " + "x" * 600_000 + "\nUser-agent: *\nDisallow: /", Outcome.FETCHED),
        ("User-agent: *\nDisallow: /pricing\n# " + "x" * 2_000_000, Outcome.ROBOTS_DENIED),
    ],
)  # fmt: skip
def test_the_rules_are_kept_to(client, server, text, expected):
    server.answers["/robots.txt"] = robots(text)

    assert expected == outcome(client, server)
    assert (["/pricing"] if expected is Outcome.FETCHED else []) == server.paths()


def test_a_rule_that_stands_where_reading_ends_is_left_out(client, server):
    """Cut off in the middle it would say more than it says: `/pri` of `/private`."""
    text = "User-agent: *\nAllow: /\n"
    rule = "Disallow: /private"
    text += "#" * (500 * 1024 - len(text) - len(rule[:-4]) - 1) + f"\n{rule}\n"
    server.answers["/robots.txt"] = robots(text)

    assert outcome(client, server) == Outcome.FETCHED


@pytest.mark.parametrize("status", ["400 Bad", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"])
def test_a_host_without_rules_allows_everything(client, server, status):
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /", status=status)

    assert outcome(client, server) == Outcome.FETCHED


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"])
def test_a_host_whose_rules_cannot_be_served_allows_nothing(client, server, status):
    server.answers["/robots.txt"] = answer(b"", status=status)

    assert outcome(client, server) == Outcome.ROBOTS_DENIED
    assert server.paths() == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [("429 Too Many Requests", Outcome.RATE_LIMITED), ("503 Service Unavailable", Outcome.ROBOTS_DENIED)],
)
def test_a_host_that_wants_to_be_left_alone_before_it_says_its_rules_is(make_client, server, status, expected):
    """By its number 429 allows everything; by its words it does not, and the time it names counts for all its pages."""
    server.answers["/robots.txt"] = answer(b"", status=status, headers=[("Retry-After", "120")])
    client = make_client(clock=lambda: NOW)

    results = [client.fetch(FetchRequest(url=server.url(path))) for path in ("/pricing", "/plans")]

    assert [expected] * 2 == [result.outcome for result in results]
    assert [NOW + timedelta(seconds=120)] * 2 == [result.not_before for result in results]
    assert [seen.path for seen in server.seen] == ["/robots.txt"]


def test_a_host_that_does_not_answer_is_a_network_error_and_no_rule(client, server):
    server.answers["/robots.txt"] = lambda _, line: line.reset()

    assert outcome(client, server) == Outcome.NETWORK_ERROR
    assert server.paths() == []


def test_rules_that_break_off_are_told_as_such_and_asked_again_with_the_page(client, server):
    """Else it would seem to be the page that breaks off."""
    server.answers["/robots.txt"] = answer(b"User-agent", length=100, headers=[("Connection", "close")])
    request = FetchRequest(url=server.url("/pricing"))

    first = client.fetch(request)
    server.answers["/robots.txt"] = robots("")
    retried = client.fetch(request, is_retry=True)

    assert (Outcome.INCOMPLETE, Outcome.FETCHED) == (first.outcome, retried.outcome)
    assert first.message.startswith("robots.txt: ")
    assert server.paths() == ["/pricing"]


def test_rules_are_read_through_redirects(client, server):
    server.answers["/robots.txt"] = redirect("/1")
    server.answers.update({f"/{n}": redirect(f"/{n + 1}") for n in range(1, 5)})
    server.answers["/5"] = robots("User-agent: *\nDisallow: /pricing")

    assert outcome(client, server) == Outcome.ROBOTS_DENIED


def test_rules_behind_too_many_redirects_are_taken_as_none(client, server):
    server.answers["/robots.txt"] = redirect("/robots.txt")

    assert outcome(client, server) == Outcome.FETCHED


def test_rules_that_lead_to_a_private_address_are_not_read(client, server):
    with LoopbackServer() as metadata:
        server.answers["/robots.txt"] = redirect(metadata.url("/latest/meta-data/"))

        assert outcome(client, server) == Outcome.ROBOTS_DENIED
        assert metadata.seen == []
        assert server.paths() == []


def test_rules_are_read_once_for_all_pages_of_a_host(client, server):
    outcome(client, server)
    outcome(client, server, "/plans")

    assert [seen.path for seen in server.seen] == ["/robots.txt", "/pricing", "/plans"]


def test_rules_are_kept_for_the_next_run_and_asked_again_after_a_day(make_client, server, tmp_path):
    server.answers["/robots.txt"] = robots("User-agent: *\nDisallow: /pricing")
    cache = tmp_path / "captures" / "robots.jsonl"
    for hours in (0, 1, 23):
        with make_client(robots_cache=cache, clock=lambda hours=hours: NOW + timedelta(hours=hours)) as client:
            assert outcome(client, server) == Outcome.ROBOTS_DENIED
    assert len(server.seen) == 1

    server.answers["/robots.txt"] = robots("")
    with make_client(robots_cache=cache, clock=lambda: NOW + timedelta(hours=24)) as client:
        assert outcome(client, server) == Outcome.FETCHED


def test_rules_that_could_not_be_had_are_not_kept_for_the_next_run(make_client, server, tmp_path):
    server.answers["/robots.txt"] = answer(b"", status="503 Service Unavailable")
    with make_client(robots_cache=tmp_path / "robots.jsonl") as client:
        outcome(client, server)
    server.answers["/robots.txt"] = robots("")

    with make_client(robots_cache=tmp_path / "robots.jsonl") as client:
        assert outcome(client, server) == Outcome.FETCHED


@pytest.mark.parametrize(
    "text", ["", "{", "[]\n", '{"origin": 1}\n', '{"origin":"x","read_at":"then","text":""}', "\0"]
)
def test_a_damaged_cache_of_rules_is_only_asked_for_again(make_client, server, tmp_path, text):
    cache = tmp_path / "robots.jsonl"
    cache.write_text(text, encoding="utf-8")
    with make_client(robots_cache=cache) as client:
        assert outcome(client, server) == Outcome.FETCHED

    assert server.url("")[:-1] in cache.read_text(encoding="utf-8") or server.netloc in cache.read_text(
        encoding="utf-8"
    )


def test_two_runs_at_once_keep_what_both_have_read(make_client, server, tmp_path):
    cache = tmp_path / "robots.jsonl"
    with LoopbackServer() as other:
        one = make_client(robots_cache=cache)
        two = make_client(robots_cache=cache, allow_hosts=(other.netloc,))
        outcome(one, server)
        outcome(two, other)
        one.close()
        two.close()

        assert {server.netloc, other.netloc} <= set(_netlocs(cache))


def _netlocs(cache):
    import json

    return [json.loads(line)["origin"].removeprefix("http://") for line in cache.read_text().splitlines()]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 1.0),
        ("Crawl-delay: 10", 10.0),
        ("Crawl-delay: 0.2", 1.0),
        ("Crawl-delay: 86400", 60.0),
        ("Crawl-delay: x", 1.0),
    ],
)
def test_a_host_may_ask_for_a_longer_pause_up_to_a_bound(make_client, server, text, seconds):
    server.answers["/robots.txt"] = robots(f"User-agent: *\n{text}\n")
    client = make_client(spacing_seconds=1.0)
    outcome(client, server)

    assert seconds == client.spacing(server.url("/pricing"))
