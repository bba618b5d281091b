"""The bytes of an archived page: without the chunks and encodings in which they were served, and whole, or none."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterator
from typing import Any

from pricing_pipeline.captures.saved import MAX_BYTES
from pricing_pipeline.encodings import CHUNK_LINE, GZIP_MAGIC, ZSTD_MAGIC, capped, encodings_of, unpacked

# How packed bytes begin. Deflate and brotli have no mark of their own; what begins with `<` is a page and not packed.
_MAGIC = {"gzip": GZIP_MAGIC, "x-gzip": GZIP_MAGIC, "zstd": ZSTD_MAGIC}
_PIECE = 65_536
_LONGEST_LINE = 4_096


def payload(record: Any) -> bytes:
    """The bytes of the page in a record of warcio, without transfer and content encodings.

    Raises EncodingError, EOFError or ValueError where they are damaged, too many, or not all there.
    """
    encodings = encodings_of(header(record, "Content-Encoding"))
    pieces = iter(lambda: record.raw_stream.read(_PIECE), b"")
    if (header(record, "Transfer-Encoding") or "").strip().lower() == "chunked":
        pieces = _dechunked(record.raw_stream)
    body = b"".join(capped(pieces, MAX_BYTES))
    if record.raw_stream.limit > 0 and not record.raw_stream.read(1):  # what the record announced and did not bring
        raise EOFError("the record ends before its end")
    served = body
    for encoding in reversed(encodings):
        body = _decoded(body, encoding)
    if record.digest_checker.passed is False and not any(_is_digest_of(record, each) for each in (served, body)):
        raise ValueError("the bytes are not those that were archived: their digest differs")
    return body


def header(record: Any, name: str) -> str | None:
    """A header of the answer; of the record itself where it holds a file and no answer."""
    headers = record.http_headers or (record.rec_headers if record.rec_type == "resource" else None)
    return headers.get_header(name) if headers else None


def _dechunked(stream: Any) -> Iterator[bytes]:
    """The data of a chunked answer, or all of it as it is where the archive had undone that and left the header.

    Raises EOFError or ValueError where it is damaged, or ends before its last chunk.
    """
    line = stream.readline(_LONGEST_LINE)
    if CHUNK_LINE.fullmatch(line) is None:
        yield line
        yield from iter(lambda: stream.read(_PIECE), b"")
        return
    while stated := CHUNK_LINE.fullmatch(line):
        left = int(stated[1], 16)
        if not left:
            while stream.read(_PIECE):  # its digest is known only at the end
                pass
            return
        while left:
            piece = stream.read(min(left, _PIECE))
            if not piece:
                raise EOFError("the answer ends in the middle of a chunk")
            left -= len(piece)
            yield piece
        line = stream.readline(_LONGEST_LINE) if stream.read(2) == b"\r\n" else b""
    raise ValueError("the answer is not chunked as it says, or ends before its last chunk")


def _decoded(body: bytes, encoding: str) -> bytes:
    """Unpacked, unless the archive had done so already and left the header as it was."""
    is_packed = body.startswith(_MAGIC[encoding]) if encoding in _MAGIC else not body.lstrip().startswith(b"<")
    return b"".join(unpacked([body], [encoding], limit=MAX_BYTES)) if is_packed else body


def _is_digest_of(record: Any, body: bytes) -> bool:
    """Whether the stated digest is that of the decoded bytes: some archives state that one instead."""
    stated = (record.rec_headers.get_header("WARC-Payload-Digest") or "").strip().lower()
    digest = hashlib.sha1(body, usedforsecurity=False).digest()
    return stated in (f"sha1:{b32encode(digest).decode('ascii').lower()}", f"sha1:{digest.hex()}")
