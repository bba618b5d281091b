"""What is asked and what came of it, and the rules by which an answer gets the name of its outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pricing_pipeline.errors import FetchError
from pricing_pipeline.facts import Outcome

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Types that servers give to HTML by mistake; the first bytes decide.
DOUBTFUL_TYPES = frozenset({"", "text/plain", "application/octet-stream", "application/xml", "text/xml"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Headers by which protection services say that this is not the page.
CHALLENGES = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", "challenge"), ("x-amzn-waf-action", "captcha"))

_BY_STATUS = {
    status: outcome
    for outcome, statuses in {
        Outcome.FETCHED: (200, 203),
        Outcome.NOT_MODIFIED: (304,),
        Outcome.INCOMPLETE: (204, 205, 206),
        Outcome.BLOCKED: (202, 401, 402, 403, 407, 451),  # 202: a firewall's way to answer with a challenge
        Outcome.NOT_FOUND: (404, 410),
        Outcome.RATE_LIMITED: (429,),
    }.items()
    for status in statuses
}
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_OTHER_START = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"wOF")
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,512}"')


class OutcomeError(FetchError):
    """A request that ended in a named outcome other than a page; `not_before` is when the host asked us back."""

    def __init__(self, outcome: Outcome, message: str, *, not_before: datetime | None = None) -> None:
        self.outcome = outcome
        self.not_before = not_before
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One page to ask for.

    `etag` and `last_modified` are those of bytes that are still held: only then may a 304 answer. `source_id` is the
    caller's own mark and is not sent; `locale` (`en-US`) is the language that is asked for; `render` is `browser`
    where scripts must run first; `also` are hosts of other sites to which the page may lead.
    """

    url: str
    source_id: str = ""
    etag: str | None = None
    last_modified: str | None = None
    locale: str | None = None
    render: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What came of one request. `body` holds the decoded bytes where the outcome is `fetched`, and only there.

    `url` is the address as asked, `final_url` where the answer came from; secrets in its query are masked.
    `not_before` is when the host asked us to come back.
    """

    url: str
    outcome: Outcome
    fetched_at: datetime
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    body: bytes | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_before: datetime | None = None
    message: str | None = None


def outcome_of_status(status: int) -> Outcome:
    """The outcome that an HTTP status alone stands for; 200 is `fetched` until its body says otherwise."""
    return _BY_STATUS.get(status, Outcome.SERVER_ERROR)


def is_passing(result: FetchResult) -> bool:
    """Whether the same request may well succeed in a moment: no answer, half an answer, or a server that stumbled."""
    if result.outcome is Outcome.SERVER_ERROR:
        return (
            result.not_before is None and result.status is not None and (result.status >= 500 or result.status == 408)
        )
    return result.outcome in (Outcome.NETWORK_ERROR, Outcome.INCOMPLETE)


def is_challenge(headers: Mapping[str, str]) -> bool:
    """Whether the headers themselves say that a protection service answered in place of the page."""
    return any(headers.get(name, "").strip().lower() == value for name, value in CHALLENGES)


def media_type(content_type: str | None) -> str:
    """`text/html` of `Text/HTML; charset=utf-8`; empty where none is stated."""
    return (content_type or "").split(";")[0].split(",")[0].strip().lower()


def is_html(content_type: str | None, body: bytes) -> bool:
    """Whether these are the bytes of an HTML page: by the stated type, or by the first bytes where in doubt."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(_OTHER_START):
        return False
    stated = media_type(content_type)
    return stated in HTML_TYPES or (stated in DOUBTFUL_TYPES and _HTML_START.search(body[:1024]) is not None)


def retry_after(value: str | None, *, now: datetime, longest: timedelta) -> datetime | None:
    """When a Retry-After header (RFC 9110, 10.2.3) asks us to come back; None for junk and for the past."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        wait = timedelta(seconds=min(int(text[:12]), int(longest.total_seconds())))
        return now + wait if wait else None
    moment = http_date(text)
    return min(moment, now + longest) if moment is not None and moment > now else None


def http_date(text: str) -> datetime | None:
    """The moment an HTTP date names, in UTC; None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # a year outside 1..9999 overflows in astimezone
        return None


def clean_etag(value: str | None) -> str | None:
    """An entity tag that is safe to keep and to send back, else None."""
    text = (value or "").strip()
    return text if _ETAG.fullmatch(text) else None


def clean_last_modified(value: str | None) -> str | None:
    """A Last-Modified date that is safe to keep and to send back, else None."""
    text = (value or "").strip()
    return text if len(text) <= 40 and text.isascii() and text.isprintable() and http_date(text) else None


def printable(text: str, limit: int = 120) -> str:
    """Text of a server's making in a form that is harmless in a message: plain ASCII, one line, not long."""
    plain = "".join(character if " " <= character <= "~" else "?" for character in text)
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."
