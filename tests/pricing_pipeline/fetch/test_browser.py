"""Pages rendered in a real Chromium: what scripts show is read, and what may not be asked they do not reach."""

from __future__ import annotations

import pytest

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.pool import fetch_all
from tests.servers import LoopbackServer, answer, redirect

pytestmark = pytest.mark.browser


def rendered(client, url):
    return client.fetch(FetchRequest(url=url, render="browser", locale="en-US"))


def page(script):
    return answer(f"<!doctype html><html><body><p id=p>loading</p><script>{script}</script></body></html>".encode())


SHOW = "fetch('/data').then(r => r.text()).then(t => document.getElementById('p').textContent = t)"


@pytest.fixture
def slow_client(make_client):
    return make_client(total_seconds=30.0)


def test_what_scripts_show_is_part_of_the_page(slow_client, server):
    server.answers["/pricing"] = page(SHOW)
    server.answers["/data"] = answer("Solo 10 €".encode())

    result = rendered(slow_client, server.url("/pricing"))

    assert result.outcome == Outcome.FETCHED, result.message
    assert "Solo 10 €" in result.body.decode()
    assert server.last("/pricing").headers["user-agent"].startswith("pricing-pipeline/")
    assert {"/pricing", "/data"} <= set(server.paths())


def test_no_script_image_or_frame_reaches_a_host_that_is_not_public(slow_client, server):
    with LoopbackServer() as metadata:
        spy = metadata.url("/latest/meta-data/")
        server.answers["/pricing"] = page(
            f"{SHOW}; fetch('{spy}'); new Image().src = '{spy}'; new WebSocket('{spy}'.replace('http', 'ws'));"
            f"document.body.append(Object.assign(document.createElement('iframe'), {{src: '{spy}'}}))"
        )
        server.answers["/data"] = answer(b"Solo $10")

        result = rendered(slow_client, server.url("/pricing"))

        assert b"Solo $10" in result.body
        assert metadata.seen == []


def test_a_browser_is_not_led_to_a_host_that_is_not_public(slow_client, server):
    with LoopbackServer() as metadata:
        server.answers["/pricing"] = redirect(metadata.url("/latest/meta-data/"))

        result = rendered(slow_client, server.url("/pricing"))

        assert result.outcome == Outcome.UNSAFE_URL
        assert result.body is None
        assert metadata.seen == []


def test_the_rules_and_outcomes_are_those_of_every_page(slow_client, server):
    server.answers["/gone"] = answer(b"<html>gone", status="404 Not Found")
    server.answers["/robots.txt"] = answer(
        b"User-agent: *\nDisallow: /private", headers=[("Content-Type", "text/plain")]
    )

    assert rendered(slow_client, server.url("/gone")).outcome == Outcome.NOT_FOUND
    assert rendered(slow_client, server.url("/private")).outcome == Outcome.ROBOTS_DENIED
    assert rendered(slow_client, "http://169.254.169.254/").outcome == Outcome.UNSAFE_URL
    assert server.paths() == ["/gone"]


def test_rendered_and_plain_pages_are_fetched_side_by_side(make_client, server):
    with LoopbackServer() as other:
        client = make_client(allow_hosts=("127.0.0.1",), total_seconds=30.0)
        for each in (server, other):
            each.answers["/pricing"] = page("document.getElementById('p').textContent = 'shown'")
        requests = [FetchRequest(url=each.url("/pricing"), render="browser") for each in (server, other)]
        requests.append(FetchRequest(url=other.url("/pricing")))

        bodies = fetch_all(requests, client=client, on_result=lambda _, result: result.body)

        assert [b'<p id="p">shown</p>' in body for body in bodies] == [True, True, False]


def test_a_machine_without_a_browser_says_what_it_needs(slow_client, server, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    server.answers["/pricing"] = answer()

    result = rendered(slow_client, server.url("/pricing"))

    assert result.outcome == Outcome.NETWORK_ERROR
    assert "needs an installed Chromium" in result.message


def test_a_page_that_never_falls_silent_is_taken_as_it_stands(slow_client, server):
    server.answers["/pricing"] = page(f"{SHOW}; fetch('/stream')")
    server.answers["/data"] = answer(b"Solo $10")
    server.answers["/stream"] = lambda _, line: line.hold()

    assert b"Solo $10" in rendered(slow_client, server.url("/pricing")).body
