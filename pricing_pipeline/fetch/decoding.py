"""Undoing content encodings within a bound, and noticing data that ends before its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import OutcomeError, printable

MAX_ENCODINGS = 2
_PIECE = 65_536
_WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_GZIP_MAGIC = b"\x1f\x8b"


def decoded(chunks: Iterable[bytes], content_encoding: str | None, *, limit: int) -> Iterator[bytes]:
    """The body without its content encodings, in pieces; raises OutcomeError where damaged, cut off or too large."""
    for encoding in reversed(_encodings(content_encoding)):
        chunks = _inflated(chunks, encoding, limit)
    yield from _capped(chunks, limit)


def _encodings(header: str | None) -> list[str]:
    stated = [name.strip().lower() for name in (header or "").split(",")]
    names = [name for name in stated if name not in ("", "identity")]
    if len(names) > MAX_ENCODINGS:
        raise OutcomeError(Outcome.TOO_LARGE, f"{len(names)} nested content encodings; {MAX_ENCODINGS} are the most")
    unknown = [name for name in names if name not in _WINDOW]
    if unknown:
        raise OutcomeError(
            Outcome.SERVER_ERROR, f"content encoding {printable(unknown[0], 40)}, which was not asked for"
        )
    return names


def _capped(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise OutcomeError(Outcome.TOO_LARGE, f"more than {limit} bytes")
        yield chunk


def _inflated(chunks: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    try:
        yield from _capped(_pieces(chunks, encoding), limit)
    except zlib.error as error:
        raise OutcomeError(Outcome.INCOMPLETE, f"damaged {encoding} data") from error


def _pieces(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Decompressed pieces of bounded size; gzip may hold several members, one after the other."""
    inflater = None
    for chunk in chunks:
        data = chunk
        while data:
            if inflater is None:
                inflater = zlib.decompressobj(_window(encoding, data))
            yield inflater.decompress(data, _PIECE)
            data = inflater.unconsumed_tail
            if inflater.eof:
                data = inflater.unused_data
                if not data.startswith(_GZIP_MAGIC):  # padding after the end is ignored, as browsers do
                    data = b""
                inflater = None if data else inflater
    while inflater is not None and not inflater.eof and (rest := inflater.decompress(b"", _PIECE)):
        yield rest
    if inflater is not None and not inflater.eof:
        raise OutcomeError(Outcome.INCOMPLETE, f"{encoding} data ends before its end")


def _window(encoding: str, data: bytes) -> int:
    """Some servers send `deflate` without the zlib header that the standard asks for."""
    is_bare = encoding == "deflate" and data[0] & 0x0F != 8
    return -15 if is_bare else _WINDOW[encoding]
