"""No server can make one page take more time or memory than it is given."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
import zlib
from contextlib import suppress
from pathlib import Path

import brotli
import pytest

from pricing_pipeline.encodings import zstd
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.deadlines import Deadline
from pricing_pipeline.fetch.outcomes import FetchRequest
from tests.servers import LoopbackServer, answer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHECKOUT = Path(__file__).resolve().parents[3]


def _drip_body(_, line):
    line.send(HEAD + b"\r\n<html>")
    line.drip((b"x" for _ in range(10_000)), every=0.02)


def _drip_chunks(_, line):
    line.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    line.drip((b"1\r\nx\r\n" for _ in range(10_000)), every=0.02)


def _drip_headers(_, line):
    line.send(HEAD)
    line.drip((b"X: y\r\n" for _ in range(10_000)), every=0.02)


def _drip_one_header(_, line):
    line.send(HEAD + b"X: ")
    line.drip((b"y" for _ in range(10_000)), every=0.02)


def _silence(_, line):
    line.hold()


def _slow_redirects(seen, line):
    line.drip([b"HTTP/1.1 302 Found\r\n", f"Location: {seen.path}x\r\n".encode()], every=0.1)
    return b"Content-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    "behaviour", [_drip_body, _drip_chunks, _drip_headers, _drip_one_header, _silence, _slow_redirects]
)
def test_a_server_that_drips_is_left_when_the_time_is_up(make_client, server, behaviour):
    """The time-out of a socket holds for one read: a byte each second would go on for ever."""
    server.answers.update(dict.fromkeys(("/pricing", "/pricingx", "/pricingxx", "/pricingxxx"), behaviour))
    client = make_client(total_seconds=0.3)
    started = time.monotonic()

    result = client.fetch(FetchRequest(url=server.url("/pricing")))

    assert result.outcome == Outcome.NETWORK_ERROR
    assert "within the time" in result.message
    assert time.monotonic() - started < 1.3


class _SlowToGreet(LoopbackServer):
    """Opens the handshake with a record that it announces as long, and never ends it; or says nothing at all."""

    def __init__(self, start: bytes) -> None:
        super().__init__()
        self._start = start

    def _serve(self, sock: socket.socket) -> None:
        self._open.add(sock)
        with suppress(OSError), sock:
            sock.sendall(self._start)
            while not self._stopping.wait(0.02):
                sock.sendall(self._start[:1])


@pytest.mark.parametrize("start", [b"", b"\x16\x03\x03\x40\x00\x02"], ids=["silence", "a byte at a time"])
def test_a_tls_handshake_that_never_comes_is_left_when_the_time_is_up(make_client, start):
    with _SlowToGreet(start) as slow:
        client = make_client(allow_hosts=("127.0.0.1",), total_seconds=0.3)
        started = time.monotonic()

        result = client.fetch(FetchRequest(url=f"https://{slow.netloc}/pricing"))

        assert result.outcome == Outcome.NETWORK_ERROR
        assert "within the time" in result.message
        assert 0.3 <= time.monotonic() - started < 1.3


def test_a_name_that_does_not_exist_is_a_network_error(make_client, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    result = make_client().fetch(FetchRequest(url="https://acme.example/pricing"))

    assert result.outcome == Outcome.NETWORK_ERROR
    assert "acme.example: the name cannot be looked up" in result.message


def test_a_name_that_is_never_found_is_left_when_the_time_is_up(make_client, monkeypatch):
    found = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found.wait() and [])
    started = time.monotonic()

    result = make_client(total_seconds=0.3).fetch(FetchRequest(url="https://acme.example/pricing"))

    found.set()
    assert result.outcome == Outcome.NETWORK_ERROR
    assert time.monotonic() - started < 1.3


def test_a_connection_that_is_opened_when_the_time_is_up_is_shut_at_once():
    """Between the end of a look-up and the connection that follows it, the time may have ended."""
    here, there = socket.socketpair()
    with here, there:
        deadline = Deadline(time.monotonic())
        deadline.cut()
        deadline.watch(here, is_reused=False)
        there.settimeout(5)

        assert there.recv(1) == b""


def test_the_next_page_has_its_time_to_itself(make_client, server):
    server.answers["/slow"] = _drip_body
    server.answers["/pricing"] = answer()
    client = make_client(total_seconds=0.3)
    client.fetch(FetchRequest(url=server.url("/slow")))

    assert client.fetch(FetchRequest(url=server.url("/pricing"))).outcome == Outcome.FETCHED


def _endless(_, line):
    line.send(HEAD + b"\r\n")
    while True:
        line.send(b"x" * 65_536)


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"x" * 10, length=500_000_000),
        answer(b"x" * 100_001),
        _endless,
        answer(gzip.compress(b"<html>" + bytes(1_000_000)), headers=[("Content-Encoding", "gzip")]),
        answer(
            gzip.compress(gzip.compress(b"<html>" + bytes(3_000_000))), headers=[("Content-Encoding", "gzip, gzip")]
        ),
        answer(zlib.compress(b"<html>" + bytes(1_000_000)), headers=[("Content-Encoding", "deflate")]),
    ],
    ids=["announced", "one byte too many", "endless", "gzip bomb", "gzip bomb in gzip", "deflate bomb"],
)
def test_a_page_larger_than_the_bound_is_refused(make_client, server, reply):
    server.answers["/pricing"] = reply

    result = make_client(max_bytes=100_000).fetch(FetchRequest(url=server.url("/pricing")))

    assert result.outcome == Outcome.TOO_LARGE
    assert result.body is None


def test_a_page_of_just_the_bound_is_taken(make_client, server):
    server.answers["/pricing"] = answer(b"<html>" + b"x" * 99_994)

    result = make_client(max_bytes=100_000).fetch(FetchRequest(url=server.url("/pricing")))

    assert len(result.body) == 100_000


_MEMORY_TAKEN = """
import resource, sys
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.settings import FetchSettings
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with Client(FetchSettings(allow_hosts=("127.0.0.1",), max_bytes=2_000_000, total_seconds=20.0)) as client:
    for url in sys.argv[1:]:
        print(client.fetch(FetchRequest(url=url)).outcome)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
MEGABYTE = bytes(1_000_000)
MUCH = 100  # megabytes that each bomb would be


def _bomb(packer, end) -> bytes:
    return (
        b"".join((packer.process if hasattr(packer, "process") else packer.compress)(MEGABYTE) for _ in range(MUCH))
        + end()
    )


def _bombs() -> dict[str, bytes]:
    """Some 1 to 100 KB each, by the encoding that turns them into a hundred megabytes."""
    packers = {
        "gzip": zlib.compressobj(wbits=31),
        "deflate": zlib.compressobj(),
        "deflate, bare": zlib.compressobj(wbits=-15),
    }
    made = {name: _bomb(packer, packer.flush) for name, packer in packers.items()}
    made["br"] = _bomb(squeezer := brotli.Compressor(quality=1), squeezer.finish)
    made["zstd"] = _bomb(packer := zstd.ZstdCompressor(), packer.flush)
    return {**made, "gzip, gzip": gzip.compress(made["gzip"]), "br, zstd": zstd.compress(made["br"])}


def _endless_chunk(_, line):
    """To some readers -1 is the size of a chunk that never ends."""
    line.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n")
    for _ in range(MUCH):
        line.send(MEGABYTE)


def test_no_bomb_takes_more_memory_than_its_bound_allows(server):
    """Each is a hundred megabytes once a browser has read it; here all of them together cost less than a third of one."""
    bombs = _bombs()
    for number, (encoding, bomb) in enumerate(bombs.items()):
        stated = encoding.removesuffix(", bare")
        server.answers[f"/{number}"] = answer(bomb, headers=[("Content-Encoding", stated)])
    server.answers["/chunk"] = _endless_chunk
    urls = [server.url(f"/{number}") for number in range(len(bombs))]

    done = subprocess.run(
        [sys.executable, "-c", _MEMORY_TAKEN, *urls, server.url("/chunk")],
        capture_output=True, text=True, cwd=CHECKOUT, check=True,
    )  # fmt: skip

    *outcomes, kilobytes = done.stdout.split()
    assert [*["too_large"] * len(bombs), "incomplete"] == outcomes
    assert int(kilobytes) < 30_000
