"""Writing captures as a WARC file (ISO 28500), for other programs and other homes to read."""

from __future__ import annotations

import hashlib
import os
import uuid
from base64 import b32encode
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]  # warcio ships no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]  # as above

from pricing_pipeline.captures.disk import sync_folder
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Capture, Outcome

# Namespace of the record ids: the same capture has the same id in every export.
_NAMESPACE = uuid.UUID("6f0c8f0a-5b0e-5c39-9a5e-0e6f5a9d1c11")


def write_warc(path: Path, captures: Iterable[tuple[Capture, bytes]]) -> int:
    """Write captures with their bytes as a WARC 1.1 file, and give their number; the same captures make the same file.

    Each is a request and a response record; bytes that recur are written once and then referred to by revisit records.
    Headers that were not kept, cookies among them, are not made up. Raises CaptureError where one has no bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            number = _write_all(file, captures, is_gzip=path.suffix == ".gz")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise CaptureError(f"{path}: cannot be written: {error}; free or repair the disk") from error
    finally:
        draft.unlink(missing_ok=True)
    return number


def _write_all(file: BinaryIO, captures: Iterable[tuple[Capture, bytes]], *, is_gzip: bool) -> int:
    writer = WARCWriter(file, gzip=is_gzip, warc_version="WARC/1.1")
    first: dict[str, Capture] = {}
    number = 0
    for capture, body in captures:
        if capture.sha256 is None:
            raise CaptureError(f"capture {capture.id} has no bytes: export those that were fetched")
        known = first.get(capture.sha256)
        if known is None and capture.outcome is not Outcome.NOT_MODIFIED:
            known = first[capture.sha256] = capture
        if known is None:
            raise CaptureError(f"capture {capture.id} only confirms bytes that are not exported before it")
        is_first = known is capture
        writer.write_record(_request(writer, capture))
        writer.write_record(_response(writer, capture, body) if is_first else _revisit(writer, capture, known, body))
        number += 1
    return number


def _response(writer: Any, capture: Capture, body: bytes) -> Any:
    return writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=_http_headers(capture, len(body)),
        warc_headers_dict=_record_headers(capture, "response", body),
    )


def _revisit(writer: Any, capture: Capture, known: Capture, body: bytes) -> Any:
    headers = _record_headers(capture, "response", body)
    digest = headers.pop("WARC-Payload-Digest")
    return writer.create_revisit_record(
        capture.url,
        digest,
        refers_to_uri=known.url,
        refers_to_date=_stamp(known.captured_at),
        http_headers=_http_headers(capture, None if capture.outcome is Outcome.NOT_MODIFIED else len(body)),
        warc_headers_dict={**headers, "WARC-Refers-To": _record_id(known, "response")},
    )


def _request(writer: Any, capture: Capture) -> Any:
    """What was asked, as far as it was kept: the address."""
    parts = urlsplit(capture.url)
    asked = f"GET {parts.path or '/'}{'?' if parts.query else ''}{parts.query} HTTP/1.1"
    return writer.create_warc_record(
        capture.url,
        "request",
        payload=BytesIO(b""),
        length=0,
        http_headers=StatusAndHeaders(asked, [("Host", parts.netloc)], is_http_request=True),
        warc_headers_dict={
            "WARC-Record-ID": _record_id(capture, "request"),
            "WARC-Date": _stamp(capture.captured_at),
            "WARC-Concurrent-To": _record_id(capture, "response"),
        },
    )


def _record_headers(capture: Capture, kind: str, body: bytes) -> dict[str, str]:
    digest = b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")
    return {
        "WARC-Record-ID": _record_id(capture, kind),
        "WARC-Date": _stamp(capture.captured_at),
        "WARC-Payload-Digest": f"sha1:{digest}",
    }


def _record_id(capture: Capture, kind: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {capture.id}')}>"


def _http_headers(capture: Capture, length: int | None) -> StatusAndHeaders:
    kept = {
        "Content-Type": capture.content_type,
        "ETag": capture.etag,
        "Last-Modified": capture.last_modified,
        "Content-Length": None if length is None else str(length),
    }
    stated = [(name, value) for name, value in kept.items() if value]
    return StatusAndHeaders(str(capture.status or 200), stated, protocol="HTTP/1.1")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
