"""Undoing content encodings (RFC 9110, 8.4) in bounded pieces, and noticing data that ends before its end.

Shared by fetching and by reading archives: both get pages as servers packed them.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # brotli ships no types

from pricing_pipeline.errors import PipelineError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_ENCODINGS = 2
# Each member costs something, though it may hold nothing: half a million of them fit into a page of the largest size.
MAX_MEMBERS = 10_000
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# The line before a chunk (RFC 9112, 7.1): its size, and extensions that nobody reads. Python's readers take `-1`, too.
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r?\n", re.DOTALL)
_PIECE = 65_536
# The window that a reader of zstd must grant and need not exceed (RFC 9659): 8 MB, however much the data asks for.
_ZSTD_WINDOW_LOG = 23
_DAMAGE = (zlib.error, brotli.error, zstd.ZstdError)
# How a further member begins that is joined to the one before it; other data after the end is padding.
_MEMBERS = {"gzip": GZIP_MAGIC, "x-gzip": GZIP_MAGIC, "zstd": ZSTD_MAGIC}


class EncodingError(PipelineError):
    """Packed data that is damaged, or ends before its end."""


class UnknownEncodingError(EncodingError):
    """A content encoding that is not read."""


class TooMuchError(EncodingError):
    """More data, or more encodings one in another, than are unpacked."""


class _Unpacker(Protocol):
    """One packed member under way."""

    @property
    def is_done(self) -> bool: ...

    @property
    def rest(self) -> bytes:
        """What was given beyond the member's end."""

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """What these further bytes hold, in pieces."""


def encodings_of(header: str | None) -> list[str]:
    """The encodings that a Content-Encoding header names, in the order in which they were applied.

    Raises UnknownEncodingError or TooMuchError.
    """
    stated = [name.strip().lower() for name in (header or "").split(",")]
    names = [name for name in stated if name not in ("", "identity")]
    unknown = [name for name in names if name not in _UNPACKERS]
    if unknown:
        shown = unknown[0][:40].encode("ascii", "replace").decode()
        raise UnknownEncodingError(f"content encoding {shown!r} cannot be read")
    if len(names) > MAX_ENCODINGS:
        raise TooMuchError(f"{len(names)} nested content encodings; {MAX_ENCODINGS} are the most")
    return names


def unpacked(chunks: Iterable[bytes], encodings: Iterable[str], *, limit: int) -> Iterator[bytes]:
    """The data without these encodings, in pieces.

    Raises EncodingError where it is damaged or cut off, TooMuchError once it exceeds `limit` bytes, also in between.
    """
    for encoding in reversed(list(encodings)):
        chunks = _sound(chunks, encoding, limit)
    yield from capped(chunks, limit)


def capped(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The same pieces; raises TooMuchError once they hold more than `limit` bytes together."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooMuchError(f"more than {limit} bytes")
        yield chunk


def _sound(chunks: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    try:
        yield from capped(_pieces(chunks, encoding), limit)
    except _DAMAGE as error:
        raise EncodingError(f"damaged {encoding} data") from error


def _pieces(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """What all members hold, one after the other."""
    begins = _MEMBERS.get(encoding)
    unpacker: _Unpacker | None = None
    members = 0
    ahead = b""  # not used yet: too short to tell whether another member begins
    for chunk in chunks:
        ahead += chunk
        while ahead:
            if unpacker is not None and unpacker.is_done:
                if begins is None or not begins.startswith(ahead[: len(begins)]):
                    return
                if len(ahead) < len(begins):
                    break
                unpacker = None
            if unpacker is None:
                members += 1
                if members > MAX_MEMBERS:
                    raise TooMuchError(f"more than {MAX_MEMBERS} packed pieces")
                unpacker = _UNPACKERS[encoding](ahead)
            yield from unpacker.unpack(ahead)
            ahead = unpacker.rest
    if unpacker is not None and not unpacker.is_done:
        raise EncodingError(f"{encoding} data ends before its end")


class _Deflated:
    def __init__(self, window: int) -> None:
        self._inflater = zlib.decompressobj(window)

    @property
    def is_done(self) -> bool:
        return self._inflater.eof

    @property
    def rest(self) -> bytes:
        return self._inflater.unused_data

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while not self._inflater.eof:
            piece = self._inflater.decompress(data, _PIECE)
            data = self._inflater.unconsumed_tail
            if piece:
                yield piece
            elif not data:
                return


class _Brotli:
    rest = b""  # brotli takes data beyond the end for damage

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def is_done(self) -> bool:
        return bool(self._decompressor.is_finished())

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while not self.is_done:
            piece: bytes = self._decompressor.process(data, output_buffer_limit=_PIECE)
            data = b""
            if piece:
                yield piece
            elif self._decompressor.can_accept_more_data():
                return


class _Zstd:
    def __init__(self) -> None:
        bound = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW_LOG}
        self._decompressor = zstd.ZstdDecompressor(options=bound)

    @property
    def is_done(self) -> bool:
        return self._decompressor.eof

    @property
    def rest(self) -> bytes:
        return self._decompressor.unused_data

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while not self._decompressor.eof:
            piece = self._decompressor.decompress(data, _PIECE)
            data = b""
            if piece:
                yield piece
            if self._decompressor.needs_input:
                return


def _deflated(data: bytes) -> _Unpacker:
    """Some servers send `deflate` without the zlib header that the standard asks for."""
    is_bare = data[0] & 0x0F != 8
    return _Deflated(-zlib.MAX_WBITS if is_bare else zlib.MAX_WBITS)


def _gzipped(_: bytes) -> _Unpacker:
    return _Deflated(16 + zlib.MAX_WBITS)


# What unpacks each encoding, given the first bytes.
_UNPACKERS: dict[str, Callable[[bytes], _Unpacker]] = {
    "gzip": _gzipped,
    "x-gzip": _gzipped,
    "deflate": _deflated,
    "br": lambda _: _Brotli(),
    "zstd": lambda _: _Zstd(),
}
