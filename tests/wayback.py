"""A web archive on loopback that answers like a Wayback Machine: an index (CDX), mementos, redirects to the nearest copy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from tests.servers import Answer, LoopbackServer, answer, redirect

STAMP = "%Y%m%d%H%M%S"
OWN_PAGE = b"<!DOCTYPE html><html><head><title>Archive</title></head><body>This page is not available.</body></html>"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One archived answer of a vendor."""

    stamp: str
    url: str
    body: bytes
    status: int = 200
    mimetype: str = "text/html"
    is_revisit: bool = False

    @property
    def digest(self) -> str:
        """As an archive states it: SHA-1 in base 32."""
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()

    @property
    def row(self) -> str:
        """Its row of the index."""
        kind, status = ("warc/revisit", "-") if self.is_revisit else (self.mimetype, str(self.status))
        return f"example,x)/ {self.stamp} {self.url} {kind} {status} {self.digest} {len(self.body)}"


@dataclass
class Wayback:
    """What the archive holds, and how it behaves: `troubles` are answers given first, one for each memento asked for."""

    server: LoopbackServer
    copies: list[Copy] = field(default_factory=list)
    troubles: list[bytes] = field(default_factory=list)
    index_troubles: list[bytes] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)  # stamps of which only the nearest other copy is given
    toolbar: bool = False
    rows_at_once: int = 1000
    robots: bytes = answer(b"", status="404 Not Found")
    noise: str = ""

    @property
    def url(self) -> str:
        return self.server.url("").rstrip("/")

    @property
    def asked(self) -> list[str]:
        """The stamps of the mementos that were asked for."""
        return [found[1] for path in self.server.paths() if (found := re.match(r"/web/(\d{14})id_/", path))]

    def hold(self, *stamped: tuple[str, bytes], url: str) -> None:
        """Hold these pages of an address."""
        self.copies += [Copy(stamp=stamp, url=url, body=body) for stamp, body in stamped]

    def get(self, path: str, _: object = None) -> Answer:
        """The answer to one request."""
        if path == "/robots.txt":
            return self.robots
        if path.startswith("/cdx/search/cdx?"):
            return self.index_troubles.pop(0) if self.index_troubles else self._index(path)
        return self.troubles.pop(0) if self.troubles else self._memento(path)

    def _index(self, path: str) -> bytes:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        held = sorted(self.copies, key=lambda copy: copy.stamp)
        rows = [copy for copy in held if query["from"] <= copy.stamp <= query["to"] and _same(copy.url, query["url"])]
        rows = list(_collapsed(rows, query.get("collapse", "")))
        start = int(query.get("resumeKey", "example,x)/ 0").split()[-1])
        shown = rows[start : start + self.rows_at_once]
        text = self.noise + "".join(f"{copy.row}\n" for copy in shown)
        if start + self.rows_at_once < len(rows):
            text += f"\nexample,x)/ {start + self.rows_at_once}\n"
        return answer(text.encode(), headers=[("Content-Type", "text/plain;charset=UTF-8")])

    def _memento(self, path: str) -> bytes:
        found = re.fullmatch(r"/web/(\d{14})id_/(.*)", path)
        of = [copy for copy in self.copies if found and _same(copy.url, found[2])]
        if not found or not of:
            return answer(OWN_PAGE, status="404 Not Found")
        there = [copy for copy in of if copy.stamp not in self.missing]
        nearest = min(there, key=lambda copy: abs(int(copy.stamp) - int(found[1])))
        if nearest.stamp != found[1]:
            return redirect(f"/web/{nearest.stamp}id_/{nearest.url}")
        moment = datetime.strptime(nearest.stamp, STAMP).replace(tzinfo=UTC)
        body = nearest.body
        if self.toolbar:
            body = body.replace(b"<body>", b"<body><!-- BEGIN WAYBACK TOOLBAR INSERT --><div>1 captures</div>")
        headers = [("Content-Type", nearest.mimetype), ("Memento-Datetime", format_datetime(moment, usegmt=True))]
        return answer(body, status=f"{nearest.status} Then", headers=headers)


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(url: str) -> str:
    return re.sub(r"^https?://(www\.)?|:80(?=/)|/$", "", url)


def _collapsed(copies: Iterable[Copy], how: str) -> Iterator[Copy]:
    last = None
    for copy in copies:
        key = copy.digest if how == "digest" else copy.stamp[: int(how.partition(":")[2] or 14)]
        if key != last:
            yield copy
        last = key


@contextmanager
def wayback() -> Iterator[Wayback]:
    """An archive that holds nothing yet."""
    with LoopbackServer() as server:
        made = Wayback(server=server)
        server.answers = made  # type: ignore[assignment]  # all that is asked of it is `get`
        yield made
