"""The client: one page asked for, with its redirects, its robots.txt and a named outcome for whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import UnsafeUrlError, authority, check_url, without_secrets
from pricing_pipeline.fetch.cookies import Cookies
from pricing_pipeline.fetch.outcomes import (
    DOUBTFUL_TYPES,
    HTML_TYPES,
    REDIRECTS,
    FetchRequest,
    FetchResult,
    OutcomeError,
    clean_etag,
    clean_last_modified,
    is_challenge,
    is_html,
    media_type,
    outcome_of_status,
    printable,
    retry_after,
)
from pricing_pipeline.fetch.robots import Robots
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.fetch.transport import Answer, Transport
from pricing_pipeline.sites import is_of_site

if TYPE_CHECKING:
    from pricing_pipeline.fetch.browser import Rendered

# A rendered page brings its scripts and data: so many times the bound of a page, all of them together.
RENDERED_BYTES = 5


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


class Client:
    """Asks for pages, from several threads if need be; `robots_cache` keeps what hosts allow for the next run."""

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        robots_cache: Path | None = None,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._clock = clock
        self._transport = Transport(self.settings)
        self._robots = Robots(
            self._transport, clock=clock, path=robots_cache, longest_wait=self.settings.max_retry_after
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(self, request: FetchRequest, *, is_retry: bool = False) -> FetchResult:
        """What came of asking for one page. A page that cannot be had is an outcome, not an error.

        A retry asks for the host's robots.txt again, too, where there was no answer to it.
        """
        try:
            url = check_url(request.url, allowed=self._transport.allowed)
            if is_retry:
                self._robots.forget_failure(url)
            if request.render == "browser":
                return self._rendered(request, url)
            with self._transport.limit():
                return self._followed(request, url)
        except OutcomeError as failure:
            return FetchResult(
                url=request.url,
                outcome=failure.outcome,
                fetched_at=self._clock(),
                not_before=failure.not_before,
                message=str(failure),
            )
        except Exception as fault:  # noqa: BLE001  # what a library trips over in one host's answer is no end for the others
            message = f"an answer that cannot be read ({type(fault).__name__}: {printable(str(fault))})"
            return FetchResult(url=request.url, outcome=Outcome.SERVER_ERROR, fetched_at=self._clock(), message=message)

    def now(self) -> datetime:
        """The client's clock."""
        return self._clock()

    def spacing(self, url: str) -> float:
        """Seconds to leave between two requests to the host of this address: ours, or the host's own if longer."""
        try:
            asked = self._robots.crawl_delay(check_url(url, allowed=self._transport.allowed))
        except UnsafeUrlError:
            return 0.0
        return max(self.settings.spacing_seconds, min(asked, self.settings.max_crawl_delay_seconds))

    def stop(self) -> None:
        """Break off every request that is under way, as when a person interrupts."""
        self._transport.stop()

    def close(self) -> None:
        """Save what robots.txt files said, and end the connections."""
        try:
            self._robots.save()
        finally:
            self._transport.close()

    def _followed(self, request: FetchRequest, url: str) -> FetchResult:
        home, cookies = url, Cookies()
        for _ in range(self.settings.max_redirects + 1):
            self._robots.require(url)
            with self._transport.get(url, {**_headers(request), **cookies.header(url)}) as answer:
                cookies.keep(url, answer.all("set-cookie"))
                if answer.status not in REDIRECTS or "location" not in answer.headers:
                    return self._judged(request, url, answer)
                target = self._next(url, answer)
                _require_site(target, home=home, also=request.also)
                url = _kept_secure(url, target)
        raise OutcomeError(
            Outcome.SERVER_ERROR, f"more than {self.settings.max_redirects} redirects, the last to {authority(url)}"
        )

    def _rendered(self, request: FetchRequest, url: str) -> FetchResult:
        from pricing_pipeline.fetch.browser import render  # only the few sources that need it pay for it
        from pricing_pipeline.fetch.gateway import REFUSED, Gateway

        settings = self.settings
        self._robots.require(url)
        may_bring = RENDERED_BYTES * settings.max_bytes
        with Gateway(self._transport, home=url, also=request.also, max_bytes=may_bring) as gateway:
            page = render(
                url,
                proxy=gateway.url,
                user_agent=settings.user_agent,
                locale=request.locale,
                seconds=settings.total_seconds,
                max_bytes=settings.max_bytes,
            )
        if page.headers.get(REFUSED) == gateway.mark:
            raise UnsafeUrlError(f"redirected by {authority(url)}: {gateway.refused[0]}")
        final_url = check_url(page.url, allowed=self._transport.allowed)
        _require_site(final_url, home=url, also=request.also)
        if _is_downgrade(url, final_url):
            raise _insecure(url)
        self._robots.require(final_url)
        return self._shown(request, final_url, page)

    def _shown(self, request: FetchRequest, url: str, page: Rendered) -> FetchResult:
        outcome = Outcome.BLOCKED if is_challenge(page.headers) else outcome_of_status(page.status)
        if outcome is Outcome.FETCHED and media_type(page.headers.get("content-type")) not in HTML_TYPES:
            outcome = Outcome.NOT_HTML
        if outcome is Outcome.FETCHED and len(page.html) > self.settings.max_bytes:
            outcome = Outcome.TOO_LARGE
        is_page = outcome is Outcome.FETCHED
        return FetchResult(
            url=request.url,
            outcome=outcome,
            fetched_at=self._clock(),
            final_url=without_secrets(url),
            status=page.status,
            content_type="text/html; charset=utf-8" if is_page else None,
            body=page.html if is_page else None,
            message=None if is_page else f"answered {page.status} to the browser",
        )

    def _next(self, url: str, answer: Answer) -> str:
        """Where a redirect leads, if that may be asked; raises OutcomeError."""
        location = answer.all("location")[0].strip()
        try:
            # Header bytes reach us as Latin-1; servers write UTF-8.
            location = location.encode("latin-1").decode("utf-8", errors="replace").replace(" ", "%20")
            return check_url(urljoin(url, location), allowed=self._transport.allowed)
        except ValueError as error:
            raise UnsafeUrlError(f"redirected to {printable(location)}, which is not an address") from error
        except UnsafeUrlError as unsafe:
            raise UnsafeUrlError(f"redirected by {authority(url)}: {unsafe}") from unsafe

    def _judged(self, request: FetchRequest, url: str, answer: Answer) -> FetchResult:
        now = self._clock()
        outcome, body, message = _verdict(request, answer)
        not_before = None
        if outcome in (Outcome.RATE_LIMITED, Outcome.SERVER_ERROR):
            not_before = retry_after(answer.headers.get("retry-after"), now=now, longest=self.settings.max_retry_after)
        etag, last_modified = _validators(request, outcome, answer.headers)
        content_type = answer.headers.get("content-type")
        return FetchResult(
            url=request.url,
            outcome=outcome,
            fetched_at=now,
            final_url=without_secrets(url),
            status=answer.status,
            content_type=printable(content_type) if content_type else None,
            body=body,
            etag=etag,
            last_modified=last_modified,
            not_before=not_before,
            message=message,
        )


def _require_site(target: str, *, home: str, also: Iterable[str]) -> None:
    """Return if an address to which the page `home` leads is of its own site, or of those `also`; raises OutcomeError.

    What another site shows is not what the vendor file names: a parked domain, a buyer's front page, a decoy.
    """
    if not is_of_site(target, home=home, also=also):
        host = urlsplit(target).hostname
        found = f"redirected to {printable(without_secrets(target), 90)}, another site"
        cure = f"if the page has moved, correct its url; if both are the vendor's, add `also: [{host}]`"
        raise OutcomeError(Outcome.WRONG_PAGE, f"{found}: {cure}")


def _kept_secure(url: str, target: str) -> str:
    """The target of a redirect, over TLS where the page was asked over TLS; raises UnsafeUrlError where that is in vain.

    Servers behind a proxy often name http by mistake, and forward it to https again: anybody on the way could answer.
    """
    if not _is_downgrade(url, target):
        return target
    secure = f"https:{target.removeprefix('http:')}"
    if urlsplit(target).port is not None or secure == url:
        raise _insecure(url)
    return secure


def _is_downgrade(url: str, target: str) -> bool:
    return url.startswith("https:") and target.startswith("http:")


def _insecure(url: str) -> UnsafeUrlError:
    return UnsafeUrlError(f"redirected by {authority(url)} from https to http, where anybody on the way could answer")


def _headers(request: FetchRequest) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    if etag := clean_etag(request.etag):
        headers["If-None-Match"] = etag
    if last_modified := clean_last_modified(request.last_modified):
        headers["If-Modified-Since"] = last_modified
    if request.locale and request.locale.isascii() and request.locale.isprintable():
        language = request.locale.partition("-")[0]
        headers["Accept-Language"] = f"{request.locale}, {language};q=0.8" if language != request.locale else language
    return headers


def _validators(request: FetchRequest, outcome: Outcome, headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The ETag and Last-Modified to ask with next time; a 304 need not repeat those that it was asked with."""
    if outcome not in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return None, None
    etag, last_modified = clean_etag(headers.get("etag")), clean_last_modified(headers.get("last-modified"))
    if outcome is Outcome.NOT_MODIFIED:
        return etag or clean_etag(request.etag), last_modified or clean_last_modified(request.last_modified)
    return etag, last_modified


def _verdict(request: FetchRequest, answer: Answer) -> tuple[Outcome, bytes | None, str | None]:
    """The outcome, the body where it is a page, and what to tell where it is not."""
    if is_challenge(answer.headers):
        return Outcome.BLOCKED, None, f"answered {answer.status} with a challenge in place of the page"
    outcome = outcome_of_status(answer.status)
    if outcome is Outcome.NOT_MODIFIED:
        if clean_etag(request.etag) or clean_last_modified(request.last_modified):
            return outcome, None, None
        return Outcome.SERVER_ERROR, None, "answered 304 (not modified) although nothing of this page is held"
    if outcome is not Outcome.FETCHED:
        return outcome, None, f"answered {answer.status}"
    return _page(answer)


def _page(answer: Answer) -> tuple[Outcome, bytes | None, str | None]:
    content_type = answer.headers.get("content-type")
    kind = media_type(content_type)
    not_html = f"{printable(kind, 60) or 'data of no stated type'}, not an HTML page"
    if kind not in HTML_TYPES and kind not in DOUBTFUL_TYPES:
        return Outcome.NOT_HTML, None, not_html
    try:
        body = answer.body()
    except OutcomeError as failure:
        return failure.outcome, None, str(failure)
    if not body.strip():
        return Outcome.INCOMPLETE, None, f"answered {answer.status} with an empty page"
    if not is_html(content_type, body):
        return Outcome.NOT_HTML, None, not_html
    return Outcome.FETCHED, body, None
