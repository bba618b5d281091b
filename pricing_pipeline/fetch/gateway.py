"""The one way out of the browser: a proxy on loopback that lets through what may be asked, and nothing else."""

from __future__ import annotations

import secrets
import selectors
import socket
import threading
from base64 import b64encode
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from pricing_pipeline.fetch.addresses import DEFAULT_PORTS, check_url
from pricing_pipeline.fetch.outcomes import OutcomeError
from pricing_pipeline.fetch.transport import Transport

REFUSED = "pricing-pipeline-refused"
_CHUNK = 65_536
_HOP_HEADERS = (b"proxy-", b"connection:", b"keep-alive:")


class Gateway:
    """Answers one browser, which shows the page `home`, whose vendor has the sites `also`, too.

    Addresses are checked like those of the client, and so is whom each connection reached.
    """

    def __init__(self, transport: Transport, *, home: str, also: tuple[str, ...] = (), max_bytes: int) -> None:
        self._transport = transport
        self._home = home
        self._also = also
        self._left = max_bytes
        self.refused: list[str] = []
        self.mark = secrets.token_hex(8)  # so that no host can pass its own refusal off as ours
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for sock in [self._listener, *self._open]:
            with suppress(OSError):  # closed meanwhile
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()
        self._listener.close()

    def _start(self, work: object, *given: socket.socket) -> None:
        thread = threading.Thread(target=work, args=given, name="fetch-gateway", daemon=True)  # type: ignore[arg-type]  # methods
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was shut
            while True:
                sock, _ = self._listener.accept()
                self._open.add(sock)
                self._start(self._serve, sock)

    def _serve(self, browser: socket.socket) -> None:
        try:
            with self._transport.limit(), browser:
                self._answer(browser)
        except OutcomeError as refusal:
            self.refused.append(str(refusal))
        except OSError:
            pass  # either side has left; the browser tells what it missed
        finally:
            self._open.discard(browser)

    def _answer(self, browser: socket.socket) -> None:
        head, rest = _head(browser)
        method, _, stated = head.split(b"\r\n")[0].partition(b" ")
        asked = stated.split(b" ")[0].decode("latin-1")
        is_tunnel = method == b"CONNECT"
        try:
            url = check_url(f"https://{asked}/" if is_tunnel else asked, allowed=self._transport.allowed)
            self._transport.require_own(url, home=self._home, also=self._also)
            target = self._transport.routed(url)
            proxy = self._transport.proxy_of(target)
            host = self._dialled(proxy or target)
        except OutcomeError:
            headers = f"{REFUSED}: {self.mark}\r\nContent-Length: 7\r\nConnection: close\r\n"
            browser.sendall(f"HTTP/1.1 403 Forbidden\r\n{headers}\r\nrefused".encode("ascii"))
            raise
        self._open.add(host)
        with host:
            if is_tunnel and proxy:
                _open_tunnel(host, target, proxy)
            if is_tunnel:
                browser.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                host.sendall(_request(head, target, proxy) + rest)
                self._transport.dialler.watch(host)
                answered, start = _head(host)
                browser.sendall(_closing(answered) + start)
            self._relay(browser, host)

    def _dialled(self, base: str) -> socket.socket:
        parts = urlsplit(base)
        return self._transport.dialler.dial(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])

    def _relay(self, browser: socket.socket, host: socket.socket) -> None:
        """Carry bytes both ways until one side ends, the time is up or too much has come."""
        self._transport.dialler.watch(host)
        with selectors.DefaultSelector() as selector:
            selector.register(browser, selectors.EVENT_READ, host)
            selector.register(host, selectors.EVENT_READ, browser)
            while self._left > 0:
                for key, _ in selector.select():
                    source: socket.socket = key.fileobj  # type: ignore[assignment]  # we registered sockets
                    data = source.recv(_CHUNK)
                    if not data:
                        return
                    self._left -= len(data)
                    key.data.sendall(data)


def _head(sock: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        data = sock.recv(_CHUNK)
        received += data
        if not data or len(received) > _CHUNK:
            raise ConnectionError("no request or answer")
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


def _request(head: bytes, target: str, proxy: str | None) -> bytes:
    """The browser's request as its host wants it, a path in place of the address; as a proxy does, the whole of it."""
    parts = urlsplit(target)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    first, *headers = head.split(b"\r\n")
    stated = b" ".join([first.partition(b" ")[0], (target if proxy else path).encode("ascii"), b"HTTP/1.1"])
    return _closing(b"\r\n".join([stated, *headers]), *_credentials(proxy))


def _open_tunnel(host: socket.socket, target: str, proxy: str) -> None:
    """Have a proxy lead on to the host and port of an address; raises ConnectionError where it does not."""
    parts = urlsplit(target)
    asked = parts.netloc if parts.port else f"{parts.netloc}:{DEFAULT_PORTS[parts.scheme]}"
    lines = [f"CONNECT {asked} HTTP/1.1".encode("ascii"), f"Host: {asked}".encode("ascii"), *_credentials(proxy)]
    host.sendall(b"\r\n".join([*lines, b"", b""]))
    answered, _ = _head(host)
    if answered.split(b" ")[1:2] != [b"200"]:
        raise ConnectionError("the proxy opens no tunnel")


def _credentials(proxy: str | None) -> list[bytes]:
    """The header for a proxy whose address holds a name and a password."""
    parts = urlsplit(proxy or "")
    if parts.username is None:
        return []
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [b"Proxy-Authorization: Basic " + b64encode(pair.encode("utf-8"))]


def _closing(head: bytes, *more: bytes) -> bytes:
    """The same head, with more headers, for one exchange a connection: the browser's next request may be for another host."""
    first, *headers = head.split(b"\r\n")
    kept = [line for line in headers if not line.lower().startswith(_HOP_HEADERS)]
    return b"\r\n".join([first, *kept, *more, b"Connection: close", b"", b""])
