"""The example pages on loopback: one server plays every host, by Host header and path, on the day that it is set to."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PAGES = Path(__file__).resolve().parent / "pages"

_ROBOTS = b"User-agent: *\nDisallow: /admin/\nAllow: /\n"
_ABSENT = (
    b"<!DOCTYPE html><html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an address answers on a day."""

    day: date
    url: str
    file: Path
    status: int = 200

    @property
    def body(self) -> bytes:
        """The bytes that are served."""
        return self.file.read_bytes()


def pages(folder: Path = PAGES) -> tuple[Page, ...]:
    """Every page that `pages.yaml` of a folder lists, in its order."""
    # The registry's YAML reader is wanted here only, not by whoever imports the site's types.
    from pricing_pipeline.demo.listing import read_listing

    return tuple(
        Page(day=entry.day, url=entry.url, file=folder / entry.file, status=entry.status)
        for entry in read_listing(folder / "pages.yaml")
    )


def days(folder: Path = PAGES) -> tuple[date, ...]:
    """The days that there are pages of, oldest first."""
    return tuple(sorted({page.day for page in pages(folder)}))


@dataclass(slots=True)
class DemoSite:
    """A running site. Set `day` to let time pass; `requests` holds the address of each request, in order.

    `routes` sends each origin that the pages stand for to this server, in the form that fetch settings take.
    """

    base: str
    day: date
    routes: Mapping[str, str]
    requests: list[str] = field(default_factory=list)


@contextmanager
def serve(day: date, *, folder: Path = PAGES) -> Iterator[DemoSite]:
    """The pages of a day on 127.0.0.1, on a port of the system's choice, until the block ends."""
    listed = pages(folder)
    answers = {(page.day, urlsplit(page.url).netloc, urlsplit(page.url).path): page for page in listed}
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        base = f"http://127.0.0.1:{server.server_address[1]}"
        site = DemoSite(base=base, day=day, routes={_origin(page.url): base for page in listed})
        server.daemon_threads = True
        server.RequestHandlerClass = type("Handler", (_Handler,), {"site": site, "answers": answers})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection; `site` and `answers` are set on a subclass for each server."""

    site: DemoSite
    answers: Mapping[tuple[date, str, str], Page]
    protocol_version = "HTTP/1.1"
    timeout = 5  # seconds; an idle connection does not outlive the demo
    server_version = "demo"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with the page of the site's day, or 304 where the client holds it."""
        host, path = self.headers.get("Host", ""), urlsplit(self.path).path
        self.site.requests.append(f"{host}{path}")
        page = self.answers.get((self.site.day, host, path))
        if path == "/robots.txt":
            self._send(200, "text/plain; charset=utf-8", _ROBOTS)
        elif page is None:
            self._send(404, "text/html; charset=utf-8", _ABSENT)
        else:
            self._send_page(page)

    def _send_page(self, page: Page) -> None:
        body = page.body
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if self.headers.get("If-None-Match") == tag:
            self._send(304, "text/html; charset=utf-8", b"", tag)
        else:
            self._send(page.status, "text/html; charset=utf-8", body, tag)

    def _send(self, status: int, content_type: str, body: bytes, tag: str | None = None) -> None:
        self.send_response(status)
        if status != 304:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: what was asked stands in `site.requests`."""
