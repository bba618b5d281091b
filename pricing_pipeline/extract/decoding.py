"""From bytes to characters: which encoding a page is in, and which pages are too big to be parsed at all."""

from __future__ import annotations

import codecs
import re

from pricing_pipeline.errors import ExtractError

MAX_BYTES = 32_000_000
# 300,000 tags take lxml and bs4 nine seconds; the largest real page measured holds some 25,000.
MAX_TAGS = 120_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# What pages call latin-1 or ascii is windows-1252 (WHATWG Encoding Standard, section 4.2).
_LATIN = {"ascii", "us-ascii", "iso8859-1", "iso-8859-1", "latin-1", "latin1"}


def decode(body: bytes, *, content_type: str | None = None) -> str:
    """The characters of a page: by byte order mark, then header, then meta, then UTF-8; cp1252 where UTF-8 does not fit.

    Raises ExtractError for a page of more bytes or tags than can be parsed in bounded time.
    """
    if len(body) > MAX_BYTES:
        raise ExtractError(
            f"page of {len(body)} bytes, more than {MAX_BYTES}: not parsed; lower the fetch cap or drop it"
        )
    if body.count(b"<") > MAX_TAGS:
        raise ExtractError(f"page of more than {MAX_TAGS} tags: not parsed; check what the source serves")
    # NUL would end the page for libxml2; no codec that is used here gives lone surrogates.
    return _characters(body, content_type).replace("\x00", " ")


def _characters(body: bytes, content_type: str | None) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for encoding in _declared(body, content_type):
        text = _attempt(body, encoding)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    head = body[:4096]
    if head[:256].count(0) * 3 > len(head[:256]):
        return ["utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"]
    told, meta = _HEADER.search(content_type or ""), _META.search(head)
    names = [told.group(1) if told else None, meta.group(1).decode("ascii") if meta else None]
    return [*(name for name in names if name), "utf-8"]


def _attempt(body: bytes, encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return None
    if name.startswith(("utf-16", "utf-32")):
        # A page whose meta tag could be read as bytes is not UTF-16, whatever it says of itself.
        return None if b"<" in body[:64] and body[:64].count(0) == 0 else body.decode(name, "replace")
    if encoding.casefold() in _LATIN or name in _LATIN:
        return _attempt_utf8(body) or body.decode("cp1252", "replace")
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        # A few stray bytes do not make a UTF-8 page another encoding: a wrong guess costs the currency signs.
        text = body.decode(name, "replace")
        return text if name != "utf-8" or text.count("�") * 1000 < len(text) else None
    except (ValueError, TypeError, AttributeError):
        return None


def _attempt_utf8(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if text.isascii() else text
