"""A page is read at its own site: what leads to another one, or out of the encrypted web, is not followed there."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.browser import Rendered
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.gateway import Gateway
from pricing_pipeline.fetch.outcomes import FetchRequest, FetchResult
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.fetch.transport import Transport
from pricing_pipeline.sites import is_of_site, site
from tests.servers import PAGE, LoopbackServer, answer, redirect

HOME = "https://acme.example/pricing"
ORIGINS = (
    "https://acme.example", "http://acme.example", "https://www.acme.example", "https://go.acme.example",
    "https://acme.test", "https://other.example",
)  # fmt: skip


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("acme.com", "acme.com"),
        ("www.pricing.acme.com", "acme.com"),
        ("shop.acme.co.uk", "acme.co.uk"),
        ("acme.github.io", "acme.github.io"),
        ("docs.acme.github.io", "acme.github.io"),
        ("www.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("co.uk", "co.uk"),
        ("github.io", "github.io"),
        ("localhost", "localhost"),
        ("10.1.2.3", "10.1.2.3"),
        ("2606:4700::1111", "2606:4700::1111"),
    ],
)
def test_a_site_is_the_name_that_somebody_registered(host: str, expected: str) -> None:
    assert expected == site(host)


@pytest.mark.parametrize(
    ("url", "also", "expected"),
    [
        ("https://www.acme.com/", (), True),
        ("https://eu.acme.com:8443/", (), True),
        ("https://acme.de/", (), False),
        ("https://acme.de/", ("www.acme.de",), True),
        ("https://acme.com.evil.com/", (), False),
        ("https://evilacme.com/", (), False),
        ("https://acme.co.uk/", ("co.uk",), False),
        ("https://co.uk/", ("co.uk",), True),
    ],
)
def test_an_address_is_of_a_site_by_its_host_alone(url: str, also: tuple[str, ...], expected: bool) -> None:
    """A rule of the vendor file for a whole country's names would allow nobody else's."""
    assert expected == is_of_site(url, home="https://acme.com/pricing", also=also)


@pytest.fixture
def town(server: LoopbackServer, make_client: Callable[..., Client]) -> Client:
    """A client for which every site of these tests is the one server."""
    return make_client(allow_hosts=(), routes=dict.fromkeys(ORIGINS, server.url("")))


def asked(client: Client, url: str = HOME, **more: tuple[str, ...]) -> FetchResult:
    return client.fetch(FetchRequest(url=url, **more))  # type: ignore[arg-type]  # `also` alone


@pytest.mark.parametrize("target", ["https://www.acme.example/plans", "https://go.acme.example/plans", "/plans"])
def test_a_redirect_within_the_site_is_followed(town: Client, server: LoopbackServer, target: str) -> None:
    server.answers["/pricing"] = redirect(target)
    server.answers["/plans"] = answer()

    assert PAGE == asked(town).body


def test_a_redirect_to_another_site_is_told_and_not_followed(town: Client, server: LoopbackServer) -> None:
    """Who bought the vendor, or its name, shows a page there that is not the one that is watched."""
    server.answers["/pricing"] = redirect("https://other.example/plans?token=CANARY&plan=solo")
    server.answers["/plans?token=CANARY&plan=solo"] = answer()

    result = asked(town)

    assert (Outcome.WRONG_PAGE, None) == (result.outcome, result.body)
    assert "https://other.example/plans?token=REDACTED&plan=solo" in (result.message or "")
    assert "also: [other.example]" in (result.message or "")
    assert ["/pricing"] == server.paths()
    assert {"acme.example"} == {seen.headers["host"] for seen in server.seen}
    (named,) = re.findall(r"`also: \[(.+)\]`", result.message or "")
    assert PAGE == asked(town, also=(named,)).body, "what the message says to write is what helps"


def test_a_site_that_the_vendor_file_names_is_followed_there_and_back(town: Client, server: LoopbackServer) -> None:
    server.answers["/pricing"] = redirect("https://acme.test/country")
    server.answers["/country"] = redirect("https://acme.example/plans")
    server.answers["/plans"] = answer()

    assert PAGE == asked(town, also=("acme.test",)).body
    assert Outcome.WRONG_PAGE is asked(town).outcome


def test_cookies_stay_with_the_host_that_set_them(town: Client, server: LoopbackServer) -> None:
    """Not with its site: another host of it, and a site that is followed, get none of them."""
    cookie = [("Set-Cookie", "session=CANARY; Domain=acme.example")]
    server.answers["/pricing"] = redirect("https://go.acme.example/go", headers=cookie)
    server.answers["/go"] = redirect("https://acme.test/on")
    server.answers["/on"] = redirect("http://acme.example/insecure")
    server.answers["/insecure"] = answer()

    asked(town, also=("acme.test",))

    assert ["/pricing", "/go", "/on"] == server.paths()[:3]
    assert [] == [seen.path for seen in server.seen if "cookie" in seen.headers and seen.path != "/insecure"]
    assert not any("authorization" in seen.headers for seen in server.seen)


def test_a_redirect_out_of_the_encrypted_web_is_asked_there_all_the_same(
    town: Client, server: LoopbackServer, make_client: Callable[..., Client]
) -> None:
    """Servers behind a proxy name http by mistake. What anybody on the way could have written is no price."""
    server.answers["/pricing"] = redirect("http://www.acme.example/pricing/")
    server.answers["/pricing/"] = answer()

    with LoopbackServer() as plain:
        plain.answers["/pricing/"] = answer(b"<html>Solo $1")
        routes = {**dict.fromkeys(ORIGINS, server.url("")), "http://www.acme.example": plain.url("")}
        result = asked(make_client(allow_hosts=(), routes=routes))

        assert ("https://www.acme.example/pricing/", PAGE) == (result.final_url, result.body)
        assert [] == plain.seen


@pytest.mark.parametrize("target", [HOME.replace("https", "http"), "http://acme.example:8080/pricing"])
def test_a_page_that_is_only_there_unencrypted_is_not_taken(
    make_client: Callable[..., Client], server: LoopbackServer, target: str
) -> None:
    client = make_client(
        allow_hosts=(), ports=(80, 443, 8080), routes={"https://acme.example": server.url("")}, connect_seconds=0.2
    )
    server.answers["/pricing"] = redirect(target)

    result = asked(client)

    assert Outcome.UNSAFE_URL is result.outcome
    assert "from https to http" in (result.message or "")


def test_a_browser_that_ends_up_unencrypted_has_no_page(town: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Rendered(url="http://acme.example/pricing", status=200, headers={"content-type": "text/html"}, html=PAGE)
    monkeypatch.setattr("pricing_pipeline.fetch.browser.render", lambda *_, **__: shown)

    result = town.fetch(FetchRequest(url=HOME, render="browser"))

    assert (Outcome.UNSAFE_URL, None) == (result.outcome, result.body)


def test_a_page_that_is_asked_for_unencrypted_may_lead_to_the_encrypted_one(
    town: Client, server: LoopbackServer
) -> None:
    server.answers["/pricing"] = redirect("https://acme.example/plans")
    server.answers["/plans"] = answer()

    assert PAGE == asked(town, "http://acme.example/pricing").body


@pytest.mark.parametrize("path", ["/robots.txt", "/pricing"])
def test_a_private_host_that_is_watched_is_not_opened_to_whoever_redirects_there(
    make_client: Callable[..., Client], server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The operator allows the wiki for the wiki's own pages; a vendor's redirect must not make us ask it for others."""
    with LoopbackServer() as wiki:
        wiki.answers["/delete-all"] = answer()
        monkeypatch.setattr(socket, "getaddrinfo", _everywhere_at("127.0.0.1"))
        server.answers["/pricing"] = answer()
        server.answers[path] = redirect(f"http://wiki.intranet:{wiki.port}/delete-all")
        client = make_client(
            allow_hosts=(f"wiki.intranet:{wiki.port}",), routes={"https://acme.example": server.url("")}
        )

        outcome = asked(client).outcome
        own = client.fetch(FetchRequest(url=f"http://wiki.intranet:{wiki.port}/delete-all"))

        assert outcome in (Outcome.WRONG_PAGE, Outcome.ROBOTS_DENIED)
        assert Outcome.FETCHED is own.outcome
        assert ["/delete-all"] == wiki.paths()


def test_a_page_in_the_browser_cannot_ask_a_private_host_that_is_watched_for_its_own_pages(
    server: LoopbackServer,
) -> None:
    """Its scripts could not read the answer, but they could send a form."""
    server.answers["/"] = answer()
    transport = Transport(FetchSettings(allow_hosts=(server.netloc,), total_seconds=2.0))
    said = {}
    for home in ("https://acme.example/pricing", server.url("/wiki")):
        with Gateway(transport, home=home, max_bytes=1_000_000) as gateway:
            port = int(gateway.url.rpartition(":")[2])
            for asked in (f"POST {server.url('/')}", f"CONNECT {server.netloc}"):
                with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
                    sock.sendall(f"{asked} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                    said[home, asked.split()[0]] = sock.recv(1000).split(b" ")[1]
    transport.close()

    assert [b"403", b"403", b"200", b"200"] == list(said.values())
    assert ["/"] == server.paths()


def _everywhere_at(address: str) -> Callable[..., list[object]]:
    return lambda _, port, *__, **___: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


@pytest.mark.parametrize("first", ["https://acme.example", "http://acme.example"])
def test_the_rules_of_one_origin_say_nothing_about_another(
    make_client: Callable[..., Client], server: LoopbackServer, first: str
) -> None:
    """Another scheme or port of the same host is another server, and may be another's (RFC 9309, 2.3)."""
    second = "http://acme.example" if first.startswith("https") else "https://acme.example"
    with LoopbackServer() as other:
        server.answers["/robots.txt"] = answer(b"User-agent: *\nAllow: /", headers=[("Content-Type", "text/plain")])
        other.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /", headers=[("Content-Type", "text/plain")])
        server.answers["/pricing"] = other.answers["/pricing"] = answer()
        routes = {first: server.url(""), second: other.url(""), "https://acme.example:8443": other.url("")}
        client = make_client(allow_hosts=(), ports=(80, 443, 8443), routes=routes)

        outcomes = [
            asked(client, f"{base}/pricing").outcome for base in (first, second, "https://acme.example:8443", first)
        ]

    denied = Outcome.ROBOTS_DENIED
    assert [Outcome.FETCHED, denied, denied, Outcome.FETCHED] == outcomes
