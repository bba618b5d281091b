"""A message goes to its target and nowhere else: no name, redirect or proxy makes it reach the private network."""

from __future__ import annotations

import json
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.fetch.addresses import AllowedHosts, is_public
from pricing_pipeline.notify.digest import Digest
from pricing_pipeline.notify.post import post
from pricing_pipeline.notify.reach import Reach, RefusedError, kept_within

PUBLIC = "93.184.216.34"
MESSAGE = Digest(title="Pricing: 1 change", body="Solo: included credits 7,500 → none\n")


class Hook:
    """A service on loopback that takes what is posted to it, or sends the poster elsewhere; counts who connects."""

    def __init__(self) -> None:
        self.connections = 0
        self.taken: list[dict[str, Any]] = []
        self.leads_to: str | None = None
        hook = self

        class Server(ThreadingHTTPServer):
            def verify_request(self, *_: object) -> bool:
                hook.connections += 1
                return True

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.leads_to is None:
                    hook.taken.append(json.loads(body))
                self.send_response(307 if hook.leads_to else 200)
                if hook.leads_to:
                    self.send_header("Location", hook.leads_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]


@pytest.fixture
def hooks() -> Iterator[Callable[[], Hook]]:
    made: list[tuple[Hook, threading.Thread]] = []

    def make() -> Hook:
        hook = Hook()
        thread = threading.Thread(target=hook.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        made.append((hook, thread))
        return hook

    yield make
    for hook, thread in made:
        hook.server.shutdown()
        thread.join()
        hook.server.server_close()


@pytest.fixture
def trap(hooks: Callable[[], Hook]) -> Hook:
    """What nobody may reach."""
    return hooks()


def reach(*allowed: str) -> Reach:
    return Reach(is_allowed=AllowedHosts.of(allowed).permits, is_public=is_public)


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> None:
    """Every look-up of a name gives the next of these answers, the last one for ever."""
    left, really = list(answers), socket.getaddrinfo

    def look_up(host: Any, port: Any, *given: Any, **named: Any) -> list[Any]:
        if str(host)[0].isdigit():
            return really(host, port, *given, **named)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def unreachable(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make the public address refuse; what was dialled, in order."""
    dialled, really = [], socket.socket.connect

    def connect(sock: socket.socket, address: Any) -> None:
        dialled.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError(111, "Connection refused")
        really(sock, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return dialled


def test_a_name_that_is_public_when_looked_at_and_private_when_asked_gains_nothing(
    trap: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the addresses that are judged are those that are connected to."""
    leads_to(monkeypatch, (PUBLIC,), ("127.0.0.1",))
    dialled = unreachable(monkeypatch)
    url = f"json://rebind.example:{trap.port}/"

    assert not post(url, MESSAGE, name="HOOK", reach=reach())
    with pytest.raises(SettingsError, match=r"HOOK: leads to a private address \(rebind\.example\)"):
        post(url, MESSAGE, name="HOOK", reach=reach())

    assert [PUBLIC] == dialled
    assert 0 == trap.connections


def test_of_public_and_private_addresses_only_the_public_ones_are_asked(
    trap: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, ("127.0.0.1", PUBLIC, "10.0.0.1"))
    dialled = unreachable(monkeypatch)

    assert not post(f"json://mixed.example:{trap.port}/", MESSAGE, name="HOOK", reach=reach())
    assert {PUBLIC} == set(dialled)
    assert 0 == trap.connections


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "169.254.169.254"]
)
def test_a_private_host_is_refused_under_every_name(trap: Hook, host: str) -> None:
    with pytest.raises(SettingsError, match="HOOK: "):
        post(f"json://{host}:{trap.port}/", MESSAGE, name="HOOK", reach=reach())

    assert 0 == trap.connections


def test_a_target_does_not_lead_a_message_on_into_the_private_network(hooks: Callable[[], Hook], trap: Hook) -> None:
    """The target itself may be allowed; where it redirects to is not by that."""
    target = hooks()
    target.leads_to = f"http://127.0.0.1:{trap.port}/latest/meta-data/"

    with pytest.raises(SettingsError, match="leads to a private address"):
        post(f"json://127.0.0.1:{target.port}/", MESSAGE, name="HOOK", reach=reach(f"127.0.0.1:{target.port}"))

    assert (1, 0) == (target.connections, trap.connections)


def test_mail_goes_no_other_way(trap: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Apprise uses for a kind of target: requests for webhooks, smtplib for mail."""
    leads_to(monkeypatch, ("127.0.0.1",))
    with pytest.raises(SettingsError, match=r"private address \(mail\.example\)"):
        post(f"mailto://us:secret@mail.example:{trap.port}", MESSAGE, name="MAIL", reach=reach())

    assert 0 == trap.connections


def test_a_proxy_of_the_environment_in_the_private_network_is_not_used_unasked(
    trap: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{trap.port}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{trap.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    leads_to(monkeypatch, (PUBLIC,))

    with pytest.raises(SettingsError, match=r"private address \(127\.0\.0\.1\)"):
        post("json://hook.example/", MESSAGE, name="HOOK", reach=reach())
    assert 0 == trap.connections


def test_a_host_of_ones_own_is_reached_by_the_name_that_the_settings_allow(
    hooks: Callable[[], Hook], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = hooks()
    leads_to(monkeypatch, ("127.0.0.1",))

    assert post(
        f"json://Hook.Intranet:{target.port}/", MESSAGE, name="HOOK", reach=reach(f"hook.intranet:{target.port}")
    )
    assert [MESSAGE.title] == [message["title"] for message in target.taken]


@pytest.mark.parametrize(
    "leave",
    [
        lambda port: socket.create_connection(("127.0.0.1", port)),
        lambda port: socket.socket().connect(("127.0.0.1", port)),
        lambda port: socket.socket().connect(("localhost", port)),
        lambda port: socket.socket().connect_ex(("127.0.0.1", port)),
        lambda port: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)),
        lambda port: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", 0, ("localhost", port)),
        lambda port: smtplib.SMTP("127.0.0.1", port),
    ],
    ids=["create_connection", "connect", "connect by name", "connect_ex", "sendto", "sendto with flags", "smtplib"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the sockets that a refusal leaves behind
def test_there_is_no_way_past(trap: Hook, leave: Callable[[int], object]) -> None:
    with kept_within(reach()) as refused, pytest.raises(RefusedError):
        leave(trap.port)

    assert 1 == len(refused)
    assert 0 == trap.connections


def test_what_other_threads_do_meanwhile_is_their_own_business(trap: Hook) -> None:
    with kept_within(reach()) as refused:
        thread = threading.Thread(target=lambda: socket.create_connection(("127.0.0.1", trap.port)).close())
        thread.start()
        thread.join()
        with pytest.raises(RefusedError):
            socket.create_connection(("127.0.0.1", trap.port))

    assert ["127.0.0.1"] == refused


def test_afterwards_everything_is_as_it_was(trap: Hook) -> None:
    before = socket.getaddrinfo, dict(vars(socket.socket))
    with pytest.raises(ValueError, match="sent badly"), kept_within(reach()):
        raise ValueError("sent badly")

    assert before == (socket.getaddrinfo, dict(vars(socket.socket)))
    socket.create_connection(("127.0.0.1", trap.port)).close()
