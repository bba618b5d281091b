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


_UNDER_A_MEMORY_LIMIT = """
import resource, sys
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.settings import FetchSettings
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with Client(FetchSettings(allow_hosts=("127.0.0.1",), max_bytes=2_000_000)) as client:
    print(client.fetch(FetchRequest(url=sys.argv[1])).outcome)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def _gzip_bomb(megabytes):
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def _brotli_bomb(megabytes):
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(1_000_000)) for _ in range(megabytes)) + packer.finish()


def _zstd_bomb(megabytes):
    packer = zstd.ZstdCompressor()
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", _gzip_bomb), ("br", _brotli_bomb), ("zstd", _zstd_bomb)])
def test_a_bomb_of_300_megabytes_costs_a_few(server, encoding, pack):
    """Some 10 to 300 KB that a browser's way of reading turns into 300 MB of memory."""
    server.answers["/pricing"] = answer(pack(300), headers=[("Content-Encoding", encoding)])
    command = [sys.executable, "-c", _UNDER_A_MEMORY_LIMIT, server.url("/pricing")]

    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=True)

    outcome, kilobytes = done.stdout.split()
    assert outcome == "too_large"
    assert int(kilobytes) < 30_000
