"""A service that answers only this machine, such as a cloud's metadata, asked for under every name it can be given.

However the address is written and by whichever way it comes (a vendor file, a redirect, a robots.txt, a page in the
browser), the service counts no visit.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import pytest

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.gateway import REFUSED, Gateway
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.fetch.transport import Transport
from tests.servers import LoopbackServer, answer, redirect

PUBLIC = "93.184.216.34"
SECRET = "/latest/meta-data/"

# Each of these is, or is read by some library as, this machine or its cloud's metadata service.
DISGUISES = [
    "http://127.0.0.1{port}/", "http://127.1{port}/", "http://127.0.1{port}/", "http://2130706433{port}/",
    "http://0x7f000001{port}/", "http://0x7f.0.0.1{port}/", "http://0177.0.0.1{port}/", "http://017700000001{port}/",
    "http://0x7f.1{port}/", "http://127.0x1{port}/", "http://0x7F.0X0.0x0.0x01{port}/", "http://0000177.0.0.01{port}/",
    "http://127.0.0.1.{port}/", "http://127.0.0.1..{port}/", "http://127.127.127.127{port}/", "http://0{port}/",
    "http://0.0.0.0{port}/", "http://localhost{port}/", "http://LOCALHOST{port}/", "http://localhost.{port}/",
    "http://www.localhost{port}/", "http://ip6-localhost{port}/", "http://localhost.localdomain{port}/",
    "http://ⓛocalhost{port}/", "http://loc\u00adalhost{port}/", "http://①②⑦.⓪.⓪.①{port}/", "http://１２７.０.０.１{port}/",
    "http://127。0。0。1{port}/", "http://127．0．0．1{port}/", "http://127｡0｡0｡1{port}/", "http://[::1]{port}/",
    "http://[0:0:0:0:0:0:0:1]{port}/", "http://[0000::0001]{port}/", "http://[::]{port}/", "http://[::ffff:127.0.0.1]{port}/",
    "http://[::ffff:7f00:1]{port}/", "http://[0:0:0:0:0:ffff:127.0.0.1]{port}/", "http://[::127.0.0.1]{port}/",
    "http://[64:ff9b::7f00:1]{port}/", "http://[64:ff9b::127.0.0.1]{port}/", "http://[64:ff9b:1::7f00:1]{port}/",
    "http://[2002:7f00:1::]{port}/", "http://[2001:0:7f00:1::]{port}/", "http://[fe80::1]{port}/", "http://[fe80::1%25lo]{port}/",
    "http://[::1%25lo]{port}/", "http://[::1%lo]{port}/", "http://[fc00::1]{port}/", "http://[fec0::1]{port}/",
    "http://[ff02::1]{port}/", "http://[100::1]{port}/", "http://[::ffff:0:127.0.0.1]{port}/",
    "http://169.254.169.254{port}/latest/meta-data/", "http://2852039166{port}/latest/meta-data/",
    "http://[::ffff:a9fe:a9fe]{port}/latest/meta-data/", "http://[fd00:ec2::254]{port}/latest/meta-data/",
    "http://100.100.100.200{port}/", "http://192.0.0.192{port}/", "http://metadata.google.internal{port}/", "http://metadata{port}/",
    "http://good.example@127.0.0.1{port}/", "http://127.0.0.1{port}\\@good.example/", "http://good.example\\@127.0.0.1{port}/",
    "http://good.example:80@127.0.0.1{port}/", "http://127.0.0.1{port}#@good.example/", "http://127.0.0.1{port}?@good.example/",
    "http:127.0.0.1{port}/", "http:/127.0.0.1{port}/", "http:///127.0.0.1{port}/", "http:\\\\127.0.0.1{port}/",
    "//127.0.0.1{port}/",
    "http://%31%32%37.0.0.1{port}/", "http://127.0.0.1%00{port}/", "http://127.0.0.1%2f{port}/", "http://127.0.0.1\t{port}/",
    "http://127.0.0.1%0d%0aHost:x{port}/", "HTTP://127.0.0.1{port}/", "hTTp://LocalHost{port}/",
]  # fmt: skip
SCHEMES = [
    "file:///etc/hostname", "file://127.0.0.1{port}/", "data:text/html,<p>$10", "ftp://127.0.0.1{port}/", "gopher://127.0.0.1{port}/_GET",
    "javascript:fetch('http://127.0.0.1{port}/')", "ws://127.0.0.1{port}/", "dict://127.0.0.1{port}/", "blob:http://127.0.0.1{port}/x",
    "view-source:http://127.0.0.1{port}/", "jar:http://127.0.0.1{port}!/", "ldap://127.0.0.1{port}/", "about:blank",
]  # fmt: skip


@dataclass(frozen=True)
class Trap:
    """A metadata service on every loopback address that this machine has, all of them at one port."""

    servers: tuple[LoopbackServer, ...]

    @property
    def port(self) -> int:
        return self.servers[0].port

    @property
    def visits(self) -> list[str]:
        return [seen.path for server in self.servers for seen in server.seen]

    def url(self, disguise: str) -> str:
        return disguise.replace("{port}", f":{self.port}")


@pytest.fixture
def trap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trap]:
    """Every name leads to it, as it would where an attacker owns the name."""
    with ExitStack() as stack:
        first = stack.enter_context(LoopbackServer())
        others = []
        with suppress(OSError):  # a machine without IPv6
            others.append(stack.enter_context(LoopbackServer(host="::1", port=first.port)))
        for server in (first, *others):
            server.answers[SECRET] = server.answers["/"] = answer(b"<html>the keys of the house")
        really = socket.getaddrinfo

        def lookup(host: str, port: int, *given: object, **named: object) -> object:
            try:
                return really(host, port, *given, **named)  # type: ignore[arg-type]  # passed on as they came
            except (OSError, UnicodeError):
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        yield Trap((first, *others))


@pytest.fixture
def stranger(trap: Trap, make_client: Callable[..., Client]) -> Client:
    """A client that may ask any host at the trap's port, but no host that is not public."""
    return make_client(allow_hosts=(), ports=(80, 443, trap.port), total_seconds=2.0)


def test_the_trap_is_live(trap: Trap) -> None:
    """Who asks without looking falls into it, by some of these names at least: or it would prove nothing."""
    for host in ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0", "localhost", "attacker.example"):
        with socket.create_connection((host, trap.port), timeout=2) as sock:
            sock.sendall(f"GET {SECRET} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert b"200 OK" in sock.recv(100)

    assert 8 == len(trap.visits)


@pytest.mark.parametrize("disguise", [*DISGUISES, *SCHEMES])
def test_no_disguise_is_asked(stranger: Client, trap: Trap, disguise: str) -> None:
    result = stranger.fetch(FetchRequest(url=trap.url(disguise)))

    assert Outcome.UNSAFE_URL == result.outcome, result.message
    assert [] == trap.visits


@pytest.mark.parametrize("disguise", [*DISGUISES, *SCHEMES])
def test_no_redirect_leads_there(
    make_client: Callable[..., Client], server: LoopbackServer, trap: Trap, disguise: str
) -> None:
    """From a host that is allowed to one that is not; a blank or a backslash in it makes it no other address."""
    client = make_client(ports=(80, 443, trap.port), total_seconds=2.0)
    location = trap.url(disguise).encode().decode("latin-1").replace("\t", "%09")
    server.answers["/pricing"] = redirect(location)
    # Of these the names alone would be another site: that they are allowed as such must not help them.
    also = ("metadata.google.internal", "localhost.localdomain")

    result = client.fetch(FetchRequest(url=server.url("/pricing"), also=also))

    # Written without its slashes it is a path of the host that was asked, which does not have it.
    is_path = disguise.startswith(("http:1", "http:/1", "http:///"))
    assert result.outcome in ((Outcome.NOT_FOUND, Outcome.UNSAFE_URL) if is_path else (Outcome.UNSAFE_URL,)), (
        result.message
    )
    assert [] == trap.visits


@pytest.mark.parametrize("disguise", [*DISGUISES, *SCHEMES])
def test_no_robots_txt_leads_there(
    make_client: Callable[..., Client], server: LoopbackServer, trap: Trap, disguise: str
) -> None:
    client = make_client(ports=(80, 443, trap.port), total_seconds=2.0)
    server.answers["/robots.txt"] = redirect(trap.url(disguise).encode().decode("latin-1").replace("\t", "%09"))
    server.answers["/pricing"] = answer()

    client.fetch(FetchRequest(url=server.url("/pricing")))

    assert [] == trap.visits


@pytest.mark.parametrize("request_line", ["GET {} HTTP/1.1", "CONNECT {} HTTP/1.1"], ids=["plain", "tunnel"])
def test_no_disguise_passes_the_browsers_way_out(trap: Trap, request_line: str) -> None:
    """Whatever a page makes a browser ask for goes through the gateway, as an address or as a tunnel."""
    transport = Transport(FetchSettings(ports=(80, 443, trap.port), total_seconds=2.0))
    answers = {}
    with Gateway(transport, home="https://vendor.example/pricing", max_bytes=1_000_000) as gateway:
        for disguise in [*DISGUISES, *SCHEMES]:
            asked = trap.url(disguise)
            if request_line.startswith("CONNECT"):
                asked = asked.partition("//")[2].rstrip("/") or asked
            answers[disguise] = _answer_of(gateway, request_line.format(asked))
    transport.close()

    assert [] == trap.visits
    assert [] == [disguise for disguise, got in answers.items() if got and REFUSED.encode() not in got]
    assert len(answers) // 2 < sum(bool(got) for got in answers.values())


def _answer_of(gateway: Gateway, request: str) -> bytes:
    address = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), timeout=5) as sock, suppress(ConnectionError):
        sock.sendall(request.encode("utf-8") + b"\r\nHost: x\r\n\r\n")
        return sock.recv(1000)
    return b""


def test_a_name_with_public_and_private_addresses_is_asked_at_the_public_ones_only(
    stranger: Client, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attacker mixes them in one answer, and lets the public one fail so that a client tries the next."""
    mixed = ["127.0.0.1", PUBLIC, "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"]
    dialled: list[str] = []
    really_connect = socket.socket.connect

    def connect(sock: socket.socket, address: tuple[str, int]) -> None:
        dialled.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError(111, "Connection refused")
        really_connect(sock, address)

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [_found(address, trap.port) for address in mixed])
    monkeypatch.setattr(socket.socket, "connect", connect)

    result = stranger.fetch(FetchRequest(url=f"http://vendor.example:{trap.port}/"))

    assert Outcome.NETWORK_ERROR == result.outcome
    assert {PUBLIC} == set(dialled)
    assert [] == trap.visits


def _found(address: str, port: int) -> tuple[object, ...]:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
