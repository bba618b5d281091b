"""Nothing reaches an address that is not public, and nothing of ours reaches a host that it is not for."""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Callable

import pytest

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.gateway import Gateway
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.fetch.transport import Transport
from tests.servers import PAGE, Certificates, LoopbackServer, answer, redirect

PUBLIC = "93.184.216.34"


@pytest.fixture
def stranger(server: LoopbackServer, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client that may ask any host at the server's port, but no host that is not public. Names lead to the server."""
    monkeypatch.setattr(socket, "getaddrinfo", _leads_to("127.0.0.1"))
    return make_client(allow_hosts=(), ports=(80, 443, server.port))


def _leads_to(*addresses: str):
    """A stand-in for name resolution: each look-up gives the next address, the last one for ever."""
    left = list(addresses)

    def lookup(host, port, *_, **__):
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return lookup


def test_a_public_name_that_leads_to_a_private_address_is_not_asked(stranger, server):
    result = stranger.fetch(FetchRequest(url=f"http://vendor.example:{server.port}/"))

    assert result.outcome == Outcome.UNSAFE_URL
    assert "127.0.0.1" in result.message
    assert server.seen == []


def test_a_name_that_is_public_when_checked_and_private_when_asked_gains_nothing(stranger, server, monkeypatch):
    """DNS rebinding: the address that was judged is the one that is connected to; there is no second look-up."""
    monkeypatch.setattr(socket, "getaddrinfo", _leads_to(PUBLIC, "127.0.0.1"))
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address[0]) or _refuse())
    request = FetchRequest(url=f"http://vendor.example:{server.port}/")

    outcomes = [stranger.fetch(request).outcome for _ in range(2)]

    assert outcomes == [Outcome.NETWORK_ERROR, Outcome.NETWORK_ERROR]  # the second out of memory: no robots.txt
    assert asked == [PUBLIC]
    assert stranger.fetch(FetchRequest(url=f"http://other.example:{server.port}/")).outcome == Outcome.UNSAFE_URL
    assert asked == [PUBLIC]
    assert server.seen == []


def _refuse():
    raise ConnectionRefusedError(111, "Connection refused")


def test_the_peer_that_was_reached_counts_and_not_the_address_that_was_dialled(stranger, server, monkeypatch):
    """Whatever turned the connection round on its way: nothing is sent on it."""
    really_connect = socket.socket.connect
    monkeypatch.setattr(socket, "getaddrinfo", _leads_to(PUBLIC))
    turned = lambda sock, _: really_connect(sock, ("127.0.0.1", server.port))  # noqa: E731 it is patched in as it is
    monkeypatch.setattr(socket.socket, "connect", turned)

    result = stranger.fetch(FetchRequest(url=f"http://vendor.example:{server.port}/"))

    assert result.outcome == Outcome.UNSAFE_URL
    assert server.seen == []


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2:{port}/", "//127.0.0.2:{port}/", "http://[::1]:{port}/", "http://169.254.169.254/latest/meta-data/",
     "http://2130706434:{port}/", "https://127.0.0.2/", "file:///etc/passwd", "http://a@127.0.0.2:{port}/", "http://[::1",
     "javascript:alert(1)", "http://127.0.0.1:{port}\\@x/", "http://127.0.0.1:22/"],
)  # fmt: skip
def test_a_redirect_to_a_private_address_is_not_followed(client, server, location):
    with LoopbackServer(host="127.0.0.2", port=server.port) as metadata:
        server.answers["/pricing"] = redirect(location.format(port=server.port))

        result = client.fetch(FetchRequest(url=server.url("/pricing")))

        assert result.outcome == Outcome.UNSAFE_URL
        assert server.paths() == ["/pricing"]
        assert metadata.seen == []


def test_a_redirect_to_an_allowed_host_carries_no_cookie_and_asks_its_robots_first(make_client, server):
    with LoopbackServer() as other:
        server.answers["/pricing"] = redirect(other.url("/plans"), headers=[("Set-Cookie", "session=CANARY")])
        other.answers["/plans"] = answer()

        result = make_client(allow_hosts=("127.0.0.1",)).fetch(FetchRequest(url=server.url("/pricing")))

        assert result.outcome == Outcome.FETCHED
        assert [seen.path for seen in other.seen] == ["/robots.txt", "/plans"]
        assert "CANARY" not in repr(other.seen)


def test_the_robots_of_a_redirects_target_count(make_client, server):
    with LoopbackServer() as other:
        server.answers["/pricing"] = redirect(other.url("/plans"))
        other.answers["/robots.txt"] = answer(
            b"User-agent: *\nDisallow: /plans", headers=[("Content-Type", "text/plain")]
        )

        result = make_client(allow_hosts=("127.0.0.1",)).fetch(FetchRequest(url=server.url("/pricing")))

        assert result.outcome == Outcome.ROBOTS_DENIED
        assert other.paths() == []


def test_proxies_and_passwords_of_the_environment_are_not_used(make_client, server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login us password CANARY\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.answers["/pricing"] = answer()

    result = make_client().fetch(FetchRequest(url=server.url("/pricing")))

    assert result.outcome == Outcome.FETCHED
    assert "authorization" not in server.last("/pricing").headers


def test_a_proxy_that_is_configured_is_asked_for_hosts_that_are_not_allowed(make_client, server):
    with LoopbackServer() as proxy:
        proxy.answers["http://vendor.example/pricing"] = answer()
        server.answers["/pricing"] = answer(b"<html>direct")
        client = make_client(proxy=f"http://us:CANARY@{proxy.netloc}")

        through = client.fetch(FetchRequest(url="http://vendor.example/pricing"))
        direct = client.fetch(FetchRequest(url=server.url("/pricing")))
        secure = client.fetch(FetchRequest(url="https://vendor.example/pricing"))

        assert (through.body, direct.body) == (PAGE, b"<html>direct")
        assert proxy.last("http://vendor.example/pricing").headers["host"] == "vendor.example"
        assert proxy.last("http://vendor.example/pricing").headers["proxy-authorization"].startswith("Basic ")
        assert proxy.seen[-1].path == "vendor.example:443"
        assert secure.outcome == Outcome.NETWORK_ERROR
        assert "CANARY" not in repr((through, secure))
        assert not any("proxy-authorization" in seen.headers for seen in server.seen)


@pytest.mark.parametrize(("opens", "expected"), [("200 OK", b"200"), ("407 Proxy Authentication Required", b"")])
def test_the_browser_takes_the_way_of_the_configured_proxy_too(opens, expected):
    """Whoever has one wants everything to go through it, and may have no other way out."""
    with LoopbackServer() as proxy:
        proxy.answers["vendor.example:443"] = answer(b"", status=opens, headers=[("Connection", "close")])
        proxy.answers["http://vendor.example/pricing?a=1"] = answer(headers=[("Connection", "close")])
        transport = Transport(FetchSettings(proxy=f"http://us:CAN%40RY@{proxy.netloc}", total_seconds=2.0))
        with Gateway(transport, home="https://vendor.example/pricing", max_bytes=1_000_000) as gateway:
            tunnel = _said(gateway, b"CONNECT vendor.example:443 HTTP/1.1\r\nHost: vendor.example:443\r\n\r\n")
            plain = _said(gateway, b"GET http://vendor.example/pricing?a=1 HTTP/1.1\r\nHost: vendor.example\r\n\r\n")
        transport.close()

        assert expected == b"".join(tunnel.split(b" ")[1:2])
        assert plain.endswith(PAGE)
        assert {f"Basic {b64encode(b'us:CAN@RY').decode()}"} == {
            seen.headers["proxy-authorization"] for seen in proxy.seen
        }


def _said(gateway: Gateway, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(gateway.url.rpartition(":")[2])), timeout=5) as sock:
        sock.sendall(request)
        said = b""
        while not said.startswith(b"HTTP/1.1 200 Connection") and (piece := sock.recv(65_536)):
            said += piece
        return said


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://metadata/"])
def test_a_proxy_is_not_asked_for_what_is_plainly_not_public(make_client, url):
    with LoopbackServer() as proxy:
        result = make_client(proxy=f"http://{proxy.netloc}").fetch(FetchRequest(url=url))

        assert result.outcome == Outcome.UNSAFE_URL
        assert proxy.seen == []


@pytest.mark.parametrize(
    ("certificate", "outcome"),
    [
        ({}, Outcome.FETCHED),
        ({"signed": False}, Outcome.NETWORK_ERROR),
        ({"expired": True}, Outcome.NETWORK_ERROR),
        ({"name": "other.example"}, Outcome.NETWORK_ERROR),
    ],
    ids=["good", "self-signed", "expired", "of another host"],
)
def test_a_certificate_that_does_not_hold_ends_the_matter(
    make_client, server, tmp_path, monkeypatch, certificate, outcome
):
    certificates = Certificates(tmp_path)
    context = certificates.server("127.0.0.1", **certificate)
    with LoopbackServer(tls=context) as secure:
        secure.answers["/pricing"] = answer()
        client = make_client(allow_hosts=("127.0.0.1",), ca_bundle=_written(certificates))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")

        result = client.fetch(FetchRequest(url=secure.url("/pricing")))

        assert outcome == result.outcome, result.message
        assert (PAGE if outcome is Outcome.FETCHED else None) == result.body
        assert outcome is Outcome.FETCHED or "TLS" in result.message
        assert outcome is Outcome.FETCHED or secure.seen == []


def _written(certificates: Certificates):
    certificates.server("127.0.0.1")  # writes the authority
    return certificates.authority


def test_the_public_authorities_are_trusted_by_default_and_no_others(make_client, server, tmp_path):
    with LoopbackServer(tls=Certificates(tmp_path).server("127.0.0.1")) as secure:
        result = make_client(allow_hosts=("127.0.0.1",)).fetch(FetchRequest(url=secure.url("/pricing")))

        assert result.outcome == Outcome.NETWORK_ERROR
        assert secure.seen == []
