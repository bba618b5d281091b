"""One request and its answer, with no redirects: where it goes, how long it may take, how much is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, LineTooLong
from urllib.parse import urlsplit

import requests
import urllib3

from pricing_pipeline.encodings import EncodingError, TooMuchError, UnknownEncodingError, encodings_of, unpacked
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import AllowedHosts, UnsafeUrlError, authority, check_url, origin
from pricing_pipeline.fetch.connections import Dialler, session
from pricing_pipeline.fetch.deadlines import Deadline, Deadlines
from pricing_pipeline.fetch.outcomes import OutcomeError, printable
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.sites import is_of_site

_CHUNK = 65_536
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}


class Answer:
    """Status and headers of one answer; its body is read on demand, and once."""

    def __init__(self, response: requests.Response, deadline: Deadline, *, limit: int) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._raw: urllib3.HTTPResponse = response.raw
        self._deadline = deadline
        self._limit = limit

    def all(self, name: str) -> list[str]:
        """Every value of a header that may be repeated."""
        return list(self._raw.headers.getlist(name))

    def body(self) -> bytes:
        """The decoded body. Raises OutcomeError: incomplete, too_large, server_error or network_error."""
        stated = self.headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and int(stated[:18]) > self._limit:
            raise OutcomeError(Outcome.TOO_LARGE, f"{stated[:18]} bytes announced; {self._limit} are the most")
        return b"".join(self._pieces())

    def beginning(self, size: int) -> bytes:
        """The first bytes of the decoded body, `size` at most; the rest is not read. Raises like `body`."""
        start = b""
        for piece in self._pieces():
            start += piece
            if len(start) >= size:
                break
        return start[:size]

    def close(self) -> None:
        """Give the connection back where nothing is left on it, else end it."""
        if self._raw.length_remaining == 0:
            self._raw.drain_conn()
        self._raw.close()
        self._raw.release_conn()

    def _pieces(self) -> Iterator[bytes]:
        try:
            yield from unpacked(self._chunks(), encodings_of(self.headers.get("content-encoding")), limit=self._limit)
        except (OutcomeError, EncodingError) as failure:
            if self._deadline.passed:
                raise _too_slow() from failure
            raise failure if isinstance(failure, OutcomeError) else _unreadable(failure) from failure
        if self._deadline.passed:  # a connection that was shut looks like a body that ended
            raise _too_slow()

    def _chunks(self) -> Iterator[bytes]:
        size = 0
        try:
            while chunk := self._raw.read(_CHUNK, decode_content=False):
                size += len(chunk)
                if size > self._limit:
                    raise OutcomeError(Outcome.TOO_LARGE, f"more than {self._limit} bytes")
                yield chunk
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise OutcomeError(Outcome.INCOMPLETE, f"the body broke off after {size} bytes") from error


class Transport:
    """Asks for one address at a time, at public hosts and at those that the settings allow."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._routes = {_normal_origin(base): target.rstrip("/") for base, target in settings.routes.items()}
        targets = [urlsplit(target).netloc for target in self._routes.values()]
        self.allowed = AllowedHosts.of([*settings.allow_hosts, *targets], ports=settings.ports)
        proxies = [urlsplit(settings.proxy).netloc.rpartition("@")[2]] if settings.proxy else []
        dialled = AllowedHosts.of([*settings.allow_hosts, *targets, *proxies])
        self._deadlines = Deadlines()
        self.dialler = Dialler(allowed=dialled, deadlines=self._deadlines, connect_seconds=settings.connect_seconds)
        self._session = session(
            self.dialler,
            headers={"User-Agent": settings.user_agent, **_HEADERS},
            ca_bundle=settings.ca_bundle,
            hosts=2 * settings.concurrency,
        )

    @contextmanager
    def limit(self) -> Iterator[None]:
        """The time that everything asked for inside may take together; an inner limit has a time of its own."""
        with self._deadlines.limit(self._settings.total_seconds):
            yield

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[Answer]:
        """The answer to one checked address, inside a `limit`. Raises OutcomeError where there is none."""
        answer = self._asked(url, headers, self._deadlines.current)
        try:
            if sum(len(name) + len(value) for name, value in answer.headers.items()) > self._settings.max_header_bytes:
                raise OutcomeError(Outcome.TOO_LARGE, f"headers of more than {self._settings.max_header_bytes} bytes")
            yield answer
        finally:
            answer.close()

    def stop(self) -> None:
        """Break off everything that is being asked, at once."""
        self._deadlines.cut_all()

    def close(self) -> None:
        """End the connections that are kept open."""
        self._session.close()
        self._deadlines.close()

    def _asked(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        target = self.routed(url)
        request = requests.Request("GET", target, headers={**headers, "Host": authority(url)})
        proxies = self._proxies(target)
        try:
            prepared = self._session.prepare_request(request)
            try:
                response = self._sent(prepared, proxies)
            except requests.ConnectionError:
                # A host may close a connection that it kept open just as we ask again on it (RFC 9112, 9.3.1).
                if not deadline.is_reused or deadline.passed:
                    raise
                response = self._sent(prepared, proxies)
        except OutcomeError:
            raise
        except (OSError, HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise _too_slow() if deadline.passed else _failure(error) from error
        answer = Answer(response, deadline, limit=self._settings.max_bytes)
        if deadline.passed:  # headers that were shut off look like headers that ended
            answer.close()
            raise _too_slow()
        return answer

    def _sent(self, prepared: requests.PreparedRequest, proxies: dict[str, str]) -> requests.Response:
        patience = (self._settings.connect_seconds, self._settings.total_seconds)
        return self._session.send(prepared, stream=True, allow_redirects=False, timeout=patience, proxies=proxies)

    def _proxies(self, target: str) -> dict[str, str]:
        proxy = self.proxy_of(target)
        return {} if proxy is None else {"http": proxy, "https": proxy}

    def proxy_of(self, target: str) -> str | None:
        """The proxy through which an address is asked, where one is configured and its host is not allowed by name."""
        return None if self.allowed.exempts(target) else self._settings.proxy

    def require_own(self, url: str, *, home: str, also: Iterable[str] = ()) -> None:
        """Return unless a page of another site than `home` leads to a host that is allowed: raises UnsafeUrlError.

        A host of the private network that is watched, too, is allowed for its own pages and not for whoever links there.
        """
        if self.allowed.exempts(url) and not is_of_site(url, home=home, also=also):
            message = f"{authority(home)} leads to {authority(url)}, which is allowed for pages of its own only"
            raise UnsafeUrlError(message)

    def routed(self, url: str) -> str:
        """Where a checked address is really asked: itself, unless its origin has a route."""
        base = origin(url)
        return self._routes[base] + url.removeprefix(base) if base in self._routes else url


def _normal_origin(base: str) -> str:
    return origin(check_url(base, allowed=AllowedHosts.of([urlsplit(base).netloc])))


def _unreadable(failure: EncodingError) -> OutcomeError:
    """The outcome of a body that cannot be unpacked."""
    if isinstance(failure, TooMuchError):
        return OutcomeError(Outcome.TOO_LARGE, str(failure))
    is_unknown = isinstance(failure, UnknownEncodingError)
    return OutcomeError(Outcome.SERVER_ERROR if is_unknown else Outcome.INCOMPLETE, str(failure))


def _too_slow() -> OutcomeError:
    return OutcomeError(Outcome.NETWORK_ERROR, "no full answer within the time that one page is given")


def _failure(error: BaseException) -> OutcomeError:
    """The named failure behind what requests raised, told by the types in its chain and never by their text."""
    causes = list(_chain(error))
    if any(isinstance(cause, requests.Timeout | TimeoutError) for cause in causes):
        return _too_slow()
    if any(isinstance(cause, LineTooLong) or type(cause) is HTTPException for cause in causes):
        return OutcomeError(Outcome.TOO_LARGE, "more or longer headers than are read")
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return OutcomeError(Outcome.SERVER_ERROR, f"an answer that makes no sense ({printable(str(error))})")
    root = causes[-1]
    text = getattr(root, "verify_message", "") or getattr(root, "strerror", "") or str(root)
    kind = "TLS certificate or handshake" if isinstance(error, requests.exceptions.SSLError) else "no answer"
    return OutcomeError(Outcome.NETWORK_ERROR, f"{kind}: {printable(text)}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
