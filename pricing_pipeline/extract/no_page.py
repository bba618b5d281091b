"""What bytes are that are no page: nothing at all, a picture, a document, something packed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pricing_pipeline.facts import Diagnostic, Outcome

_EMPTY = "there is nothing in it; fetch or save the page again"
_PACKED = "packed with {}, not a page; unpack it first"
_KINDS: Mapping[bytes, str] = {
    b"%PDF-": "a PDF document, not a page; save the page itself as HTML",
    b"\x89PNG": "a picture (PNG), not a page; save the page itself as HTML",
    b"GIF8": "a picture (GIF), not a page; save the page itself as HTML",
    b"\xff\xd8\xff": "a picture (JPEG), not a page; save the page itself as HTML",
    b"RIFF": "a picture or a sound (RIFF), not a page; save the page itself as HTML",
    b"PK\x03\x04": _PACKED.format("zip, or an office document"),
    b"\x1f\x8b": _PACKED.format("gzip"),
    b"\x28\xb5\x2f\xfd": _PACKED.format("zstd"),
    b"SQLite format 3": "a database (SQLite), not a page",
}
# No page has more of these than now and then. Left out are those that switch character sets (14, 15, 27), and 0, which
# UTF-16 has beside every plain letter.
_CONTROL = re.compile(rb"[\x01-\x08\x10-\x1a\x1c-\x1f\x7f]")
_LOOKED_AT, _MOST = 4096, 0.03


def described(body: bytes, url: str) -> Diagnostic | None:
    """What these bytes are, where they are no page; None where they may be one. For bytes that no fact was read from: a
    page in an encoding of two bytes a letter may look like no text."""
    head = body.removeprefix(b"\xef\xbb\xbf")[:_LOOKED_AT]
    if not head.strip(b"\x00 \t\r\n\f") and len(body) <= _LOOKED_AT:
        return Diagnostic(code=str(Outcome.INCOMPLETE), message=f"{url}: {_EMPTY}")
    kind = next((what for magic, what in _KINDS.items() if head.startswith(magic)), None)
    if kind is None and len(_CONTROL.findall(head)) > _MOST * len(head):
        kind = "no text that could be a page"
    return None if kind is None else Diagnostic(code=str(Outcome.NOT_HTML), message=f"{url}: {kind}")
