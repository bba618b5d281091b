"""Pages rendered in a real Chromium: what scripts show is read, and what may not be asked they do not reach."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress

import psutil
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


EVERY_WAY = """
<link rel=stylesheet href="{spy}css"><link rel=preload as=fetch href="{spy}preload"><link rel=prefetch href="{spy}prefetch">
<link rel=preconnect href="{spy}"><link rel=dns-prefetch href="{spy}"><link rel=icon href="{spy}icon">
<style>@import "{spy}import";
p {{ background: url({spy}background) }} @font-face {{ font-family: f; src: url({spy}font) }} p {{ font-family: f }}</style>
<script src="{spy}script"></script><script type=module src="{spy}module"></script><img src="{spy}img" srcset="{spy}srcset 2x">
<iframe src="{spy}frame"></iframe><object data="{spy}object"></object><embed src="{spy}embed">
<video src="{spy}video" poster="{spy}poster">
</video><audio src="{spy}audio" autoplay></audio>
<form id=f action="{spy}form" method=post target=t></form><iframe name=t></iframe>
<a id=a href="{spy}link" ping="{spy}ping" target=w>x</a><a id=d href="{spy}download" target=w download>x</a>
"""
EVERY_SCRIPT = """
fetch(spy + 'fetch', {mode: 'no-cors'}).catch(() => 0); navigator.sendBeacon(spy + 'beacon', 'x');
new EventSource(spy + 'events');
const x = new XMLHttpRequest(); x.open('GET', spy + 'xhr'); x.send(); new WebSocket(spy.replace('http', 'ws') + 'socket');
import(spy + 'imported').catch(() => 0); window.open(spy + 'window'); document.getElementById('f').submit();
try { new Worker(spy + 'worker') } catch (e) {} navigator.serviceWorker?.register(spy + 'service').catch(() => 0);
const rtc = new RTCPeerConnection({iceServers: [{urls: 'stun:' + new URL(spy).host}]});
rtc.createDataChannel('c'); rtc.createOffer().then(o => rtc.setLocalDescription(o)); document.getElementById('a').click();

"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_none_of_the_ways_a_page_can_ask_reaches_a_host_that_is_not_public(slow_client, server, host):
    """Markup, styles, scripts, frames, beacons, pings, sockets and WebRTC, under several names of the same machine."""
    with LoopbackServer() as metadata:
        spy = f"http://{host}:{metadata.port}/latest/meta-data/"
        markup, script = EVERY_WAY.format(spy=spy), EVERY_SCRIPT
        shown = f"<!doctype html><html><body><p id=p>loading</p>{markup}<script>const spy = '{spy}';"
        server.answers["/pricing"] = answer(f"{shown}{SHOW};{script}</script></body></html>".encode())
        server.answers["/data"] = answer(b"Solo $10")

        result = rendered(slow_client, server.url("/pricing"))

        assert result.outcome == Outcome.FETCHED, result.message
        assert metadata.seen == []


def test_a_page_that_moves_on_by_itself_is_not_followed_to_a_private_host(slow_client, server):
    with LoopbackServer() as metadata:
        moving = f'<meta http-equiv=refresh content="0;url={metadata.url("/keys")}">'
        server.answers["/pricing"] = answer(f"<html><head>{moving}</head><body>Solo $10</body></html>".encode())

        result = rendered(slow_client, server.url("/pricing"))

        assert metadata.seen == []
        assert result.outcome in (Outcome.UNSAFE_URL, Outcome.FETCHED)


def test_what_a_page_offers_for_download_is_not_taken(slow_client, server):
    attachment = [("Content-Disposition", "attachment; filename=prices.html")]
    server.answers["/pricing"] = answer(b"<html>Solo $10", headers=attachment)

    result = rendered(slow_client, server.url("/pricing"))

    assert result.outcome == Outcome.NETWORK_ERROR
    assert result.body is None


def test_a_page_that_brings_more_than_it_may_is_cut_off(make_client, server):
    """Pages bring their scripts and data with them; all of it together has a bound."""
    client = make_client(total_seconds=20.0, max_bytes=200_000)
    server.answers["/pricing"] = page(
        "fetch('/flood').then(r => r.text()).then(t => document.title = 'all ' + t.length)"
    )
    server.answers["/flood"] = answer(b"x" * 5_000_000)

    result = rendered(client, server.url("/pricing"))

    assert b"all 5000000" not in (result.body or b"")


@pytest.mark.parametrize(
    "script",
    [
        "setTimeout(() => { while (true) {} }, 50)",
        "const held = []; setTimeout(() => { while (true) held.push(new Array(1e6).fill(Math.random())) }, 50)",
    ],
    ids=["for ever", "until the memory is full"],
)
def test_a_page_whose_scripts_never_end_is_given_up(make_client, server, script):
    """The browser itself would wait for such a page for ever, and the run with it."""
    server.answers["/pricing"] = page(script)

    result = rendered(make_client(total_seconds=6.0), server.url("/pricing"))

    assert result.outcome == Outcome.NETWORK_ERROR
    assert "the browser could not show the page" in result.message


def test_a_page_cannot_take_the_memory_of_the_machine(slow_client, server):
    """Buffers lie outside the memory that scripts are given: four gigabytes of them, one tenth of one after the other."""
    server.answers["/pricing"] = page(
        "setTimeout(() => { const held = []; let n = 0;"
        "try { for (; n < 40; n++) { held.push(new Uint8Array(1e8).fill(1)) } } catch (e) {}"
        "document.getElementById('p').textContent = 'held ' + (n < 40 ? 'some' : 'all') }, 50)"
    )
    with _peak_of_children() as peak:
        result = rendered(slow_client, server.url("/pricing"))

    assert b"held all" not in (result.body or b"")
    assert max(peak) < 3_000_000_000


@contextmanager
def _peak_of_children():
    """What the processes that this one started take together, looked at ten times a second."""
    seen, done = [0], threading.Event()

    def look():
        while not done.wait(0.1):
            sizes = []
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):  # it has ended meanwhile
                    sizes.append(child.memory_info().rss)
            seen.append(sum(sizes))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def test_a_page_that_grows_beyond_the_bound_is_not_taken_whatever_it_says_of_its_length(make_client, server):
    server.answers["/pricing"] = page(
        "document.getElementById('p').textContent = 'x'.repeat(3e6);"
        "Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'short'})"
    )

    result = rendered(make_client(total_seconds=30.0, max_bytes=2_000_000), server.url("/pricing"))

    assert (Outcome.TOO_LARGE, None) == (result.outcome, result.body)
    assert "once its scripts ran" in result.message


@pytest.mark.parametrize("leave", ["location = 'http://other.example/plans'", "location.replace('/away')"])
def test_a_page_that_moves_on_to_another_site_is_not_that_page(make_client, server, leave):
    server.answers["/pricing"] = page(leave)
    server.answers["/away"] = redirect("http://other.example/plans")
    server.answers["/plans"] = answer(b"<html><body>Solo $1")
    routes = dict.fromkeys(("http://acme.example", "http://other.example"), server.url(""))
    client = make_client(total_seconds=30.0, allow_hosts=(), routes=routes)

    result = rendered(client, "http://acme.example/pricing")

    assert (Outcome.WRONG_PAGE, None) == (result.outcome, result.body), result.message


def test_one_rendering_knows_nothing_of_the_one_before(slow_client, server):
    """Cookies and what scripts keep are gone: a page is read as a visitor sees it for the first time."""
    server.answers["/pricing"] = page(
        "const was = localStorage.seen + document.cookie; localStorage.seen = 'CANARY'; document.cookie = 'seen=CANARY';"
        "document.getElementById('p').textContent = 'found ' + was"
    )

    bodies = [rendered(slow_client, server.url("/pricing")).body for _ in range(2)]

    assert [True, True] == [b"found undefined<" in body for body in bodies]
    assert all("CANARY" not in seen.headers.get("cookie", "") for seen in server.seen)


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
