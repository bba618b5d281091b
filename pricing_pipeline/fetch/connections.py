"""Connections that look at whom they reached before they say a word, and the requests session that uses no others."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, IncompleteRead, parse_headers
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from queue import Empty, Queue
from typing import Any, ClassVar, cast

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import PoolManager, ProxyManager, proxy_from_url
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from pricing_pipeline.encodings import CHUNK_LINE
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import AllowedHosts, UnsafeUrlError, is_public
from pricing_pipeline.fetch.deadlines import Deadlines
from pricing_pipeline.fetch.outcomes import OutcomeError, printable

# Interim answers (100 Continue, 103 Early Hints) before the answer itself; two are usual.
MAX_INTERIM = 10
_LONGEST_LINE = 65_536


class Dialler:
    """Opens connections to public addresses, and to the hosts that are allowed by name; within the current deadline."""

    def __init__(self, *, allowed: AllowedHosts, deadlines: Deadlines, connect_seconds: float) -> None:
        self._allowed = allowed
        self._deadlines = deadlines
        self._connect_seconds = connect_seconds

    def dial(self, host: str, port: int) -> socket.socket:
        """A connection to the first address of the host that answers; raises UnsafeUrlError where none is public."""
        trusted = self._allowed.permits(f"[{host}]" if ":" in host else host, port)
        refused, failed = "", ""
        for family, address in _looked_up(host, port, patience=self._patience()):
            if not trusted and not is_public(str(address[0])):
                refused = str(address[0])
                continue
            try:
                return self._connected(family, address, trusted=trusted)
            except OSError as error:
                failed = error.strerror or str(error)
        if failed or not refused:
            raise OutcomeError(Outcome.NETWORK_ERROR, f"{printable(host)}: no connection ({failed or 'no address'})")
        raise UnsafeUrlError(f"{printable(host)} leads to {refused}, which is not a public address")

    def watch(self, sock: socket.socket | None, *, is_reused: bool = False) -> None:
        """Put a connection under the current deadline."""
        if sock is not None:
            self._deadlines.current.watch(sock, is_reused=is_reused)

    def _patience(self) -> float:
        return min(self._connect_seconds, self._deadlines.current.remaining())

    def _connected(self, family: int, address: tuple[Any, ...], *, trusted: bool) -> socket.socket:
        patience = self._patience()
        if patience <= 0:
            raise TimeoutError("no time left")
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(patience)
            self.watch(sock)
            sock.connect(address)
            peer = str(sock.getpeername()[0])
        except BaseException:
            sock.close()
            raise
        if not trusted and not is_public(peer):
            sock.close()
            raise UnsafeUrlError(f"reached {peer}, which is not a public address")
        return sock


def _looked_up(host: str, port: int, *, patience: float) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The addresses of a host, looked up in a thread of its own: the C library's look-up cannot be given a time."""
    looked: Queue[list[Any] | Exception] = Queue()
    threading.Thread(target=_look_up, args=(host, port, looked), name="fetch-look-up", daemon=True).start()
    try:
        found = looked.get(timeout=patience)
    except Empty as error:
        raise OutcomeError(Outcome.NETWORK_ERROR, f"{printable(host)}: the name is not found in time") from error
    if isinstance(found, Exception):
        message = f"{printable(host)}: the name cannot be looked up ({printable(str(found))})"
        raise OutcomeError(Outcome.NETWORK_ERROR, message) from found
    return ((family, address) for family, _, _, _, address in found)


def _look_up(host: str, port: int, looked: Queue[list[Any] | Exception]) -> None:
    try:
        looked.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        looked.put(error)


class _Response(HTTPResponse):
    """Passes over interim answers (1xx), of which http.client knows only 100; a flood of them ends in HTTPException.

    Takes chunks only as the standard writes them: of a chunk of the size `-1` http.client would read without end.
    """

    chunk_left: int | None

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(MAX_INTERIM + 1):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # typeshed leaves it out
            if not HTTPStatus.CONTINUE <= status < HTTPStatus.OK or status == HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)
        raise HTTPException(f"more than {MAX_INTERIM} interim answers")

    def _get_chunk_left(self) -> int | None:
        """How much of the chunk under way is still to come, None behind the last. Raises IncompleteRead (RFC 9112, 7.1)."""
        if self.chunk_left:
            return self.chunk_left
        if self.chunk_left == 0 and self.fp.read(2) != b"\r\n":
            raise IncompleteRead(b"")
        stated = CHUNK_LINE.fullmatch(self.fp.readline(_LONGEST_LINE))
        if stated is None:
            raise IncompleteRead(b"")
        self.chunk_left = int(stated[1], 16) or None
        if self.chunk_left is None:
            self._read_and_discard_trailer()  # type: ignore[attr-defined]  # typeshed leaves it out
            self._close_conn()  # type: ignore[attr-defined]  # as above
        return self.chunk_left


class _Connection(HTTPConnection):
    dialler: ClassVar[Dialler]
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return self.dialler.dial(self.host.strip("[]"), self.port)

    def connect(self) -> None:
        super().connect()
        self.dialler.watch(self.sock)


class _TlsConnection(HTTPSConnection):
    dialler: ClassVar[Dialler]
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return self.dialler.dial(self.host.strip("[]"), self.port)

    def connect(self) -> None:
        super().connect()
        self.dialler.watch(self.sock)


class _Pool(HTTPConnectionPool):
    dialler: ClassVar[Dialler]

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        self.dialler.watch(getattr(connection, "sock", None), is_reused=True)
        return connection


class _TlsPool(HTTPSConnectionPool):
    dialler: ClassVar[Dialler]

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        self.dialler.watch(getattr(connection, "sock", None), is_reused=True)
        return connection


def _pools(dialler: Dialler) -> dict[str, type[HTTPConnectionPool]]:
    """Pool classes bound to one dialler: urllib3 passes classes around, not instances."""
    plain = type("Connection", (_Connection,), {"dialler": dialler})
    tls = type("TlsConnection", (_TlsConnection,), {"dialler": dialler})
    return {
        "http": type("Pool", (_Pool,), {"ConnectionCls": plain, "dialler": dialler}),
        "https": type("TlsPool", (_TlsPool,), {"ConnectionCls": tls, "dialler": dialler}),
    }


class _Adapter(HTTPAdapter):
    """Mounts the pools; one TLS context for all, since reading the authorities takes some 10 ms a time."""

    def __init__(self, *, dialler: Dialler, context: ssl.SSLContext, hosts: int) -> None:
        self._dialler = dialler
        self._context = context
        super().__init__(pool_connections=hosts, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        """Called by requests: a pool manager that knows only our connections."""
        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = _pools(self._dialler)
        self.poolmanager = manager
        self._hosts = connections

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        """Called by requests: the same pools, which then dial the proxy."""
        if proxy not in self.proxy_manager:
            headers = self.proxy_headers(proxy)
            options = {"num_pools": self._hosts, "ssl_context": self._context, "proxy_headers": headers, **kwargs}
            manager = proxy_from_url(proxy, **options)
            manager.pool_classes_by_scheme = _pools(self._dialler)
            self.proxy_manager[proxy] = manager
        return cast(ProxyManager, self.proxy_manager[proxy])

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Called by requests: the context holds the authorities already, and there is no way to switch it off."""
        del url, verify, cert
        conn.cert_reqs = "CERT_REQUIRED"


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: requests would read a redirect's body without bound; we follow redirects ourselves."""
        del resp
        return None


def session(dialler: Dialler, *, headers: Mapping[str, str], ca_bundle: Path | None, hosts: int) -> requests.Session:
    """A session that takes nothing from the environment: no proxy, no netrc, no certificate paths."""
    context = create_urllib3_context()
    context.load_verify_locations(str(ca_bundle) if ca_bundle else DEFAULT_CA_BUNDLE_PATH)
    adapter = _Adapter(dialler=dialler, context=context, hosts=hosts)
    made = _Session()
    made.trust_env = False
    made.headers.clear()
    made.headers.update(headers)
    made.adapters.clear()
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # one jar for all hosts would mix them
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made
