"""WARC files (ISO 28500): archived pages in, our captures out. ARC, WARC's forerunner, is read too."""

from __future__ import annotations

import gzip
import hashlib
import os
import uuid
import zlib
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from pricing_pipeline.captures.disk import sync_folder
from pricing_pipeline.captures.saved import MAX_BYTES, SavedPage
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.facts import Capture

_READ_TYPES = frozenset({"response", "resource", "revisit"})
_READABLE_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_DAMAGE = (ValueError, EOFError, zlib.error, gzip.BadGzipFile)
_GZIP_MAGIC = b"\x1f\x8b"
# Namespace of the record ids: the same capture has the same id in every export.
_NAMESPACE = uuid.UUID("6f0c8f0a-5b0e-5c39-9a5e-0e6f5a9d1c11")


def read_warc(
    path: Path, *, on_problem: Callable[[str], None], wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[SavedPage]:
    """The pages of one file whose address is `wanted`, in the file's order.

    What cannot be read goes to `on_problem`, as one line with file and record; a file that ends in the middle gives
    what is before that. A page that was archived as a revisit of an earlier one has the bytes of the earlier one.
    """
    archive = _Archive(path, on_problem)
    for record in archive.records():
        url = str(record.rec_headers.get_header("WARC-Target-URI") or "")
        if record.rec_type in _READ_TYPES and url.startswith(("http://", "https://")) and wanted(url):
            page = archive.page(record, url)
            if page is not None:
                yield page


class _Archive:
    """One file under way: how many records were read, and the bodies that later records may refer to."""

    def __init__(self, path: Path, on_problem: Callable[[str], None]) -> None:
        self._path = path
        self._on_problem = on_problem
        self._number = 0
        self._bodies: dict[str, bytes] = {}

    def records(self) -> Iterator[Any]:
        """Every record; a fault of the file itself is told and ends it."""
        iterator, fault = _warcio_reader()
        try:
            with _opened(self._path) as stream:
                for record in iterator(stream, arc2warc=True, check_digests=True):
                    self._number += 1
                    yield record
        except (fault, *_DAMAGE) as error:
            self._tell(f"the file is damaged or ends here ({_first_line(error)}); what follows is not read")
        except OSError as error:
            raise CaptureError(f"{self._path}: cannot be read: {error}; give a WARC file") from error

    def page(self, record: Any, url: str) -> SavedPage | None:
        """The page in this record, or None, and told, where it holds none that can be trusted."""
        try:
            body = self._body(record)
            return SavedPage(
                url=url,
                body=body,
                captured_at=_moment(record.rec_headers.get_header("WARC-Date") or ""),
                status=_status(record),
                content_type=_content_type(record),
                line=self._number,
            )
        except _DAMAGE as error:
            self._tell(f"{url}: {_first_line(error)}")
            return None

    def _body(self, record: Any) -> bytes:
        digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
        if record.rec_type == "revisit":
            if digest not in self._bodies:
                raise ValueError("a revisit of a page that this file does not hold before it")
            return zlib.decompress(self._bodies[digest])
        body = _content(record)
        if digest:
            self._bodies[digest] = zlib.compress(body, 1)
        return body

    def _tell(self, problem: str) -> None:
        self._on_problem(f"{self._path}: record {self._number}: {problem}")


def write_warc(path: Path, captures: Iterable[tuple[Capture, bytes]]) -> int:
    """Write captures with their bytes as a WARC 1.1 file, and give their number; the same captures make the same file.

    Bytes that recur are written once and then referred to. Headers that were not kept, cookies among them, are not
    made up.
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
    writer = _warcio_writer()(file, gzip=is_gzip, warc_version="WARC/1.1")
    first: dict[str, Capture] = {}
    number = 0
    for capture, body in captures:
        if capture.sha256 is None:
            raise CaptureError(f"capture {capture.id} has no bytes: export those that were fetched")
        known = first.setdefault(capture.sha256, capture)
        if known is capture:
            writer.write_record(_response(writer, capture, body))
        else:
            writer.write_record(_revisit(writer, capture, known, body))
        number += 1
    return number


def _response(writer: Any, capture: Capture, body: bytes) -> Any:
    return writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=_http_headers(capture, body),
        warc_headers_dict=_record_headers(capture, body),
    )


def _revisit(writer: Any, capture: Capture, known: Capture, body: bytes) -> Any:
    headers = _record_headers(capture, body)
    digest = headers.pop("WARC-Payload-Digest")
    return writer.create_revisit_record(
        capture.url,
        digest,
        refers_to_uri=known.url,
        refers_to_date=_stamp(known.captured_at),
        http_headers=_http_headers(capture, body),
        warc_headers_dict=headers,
    )


def _record_headers(capture: Capture, body: bytes) -> dict[str, str]:
    digest = b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(_NAMESPACE, capture.id)}>",
        "WARC-Date": _stamp(capture.captured_at),
        "WARC-Payload-Digest": f"sha1:{digest}",
    }


def _http_headers(capture: Capture, body: bytes) -> Any:
    from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]  # warcio ships no types

    kept = {"Content-Type": capture.content_type, "ETag": capture.etag, "Last-Modified": capture.last_modified}
    stated = [(name, value) for name, value in kept.items() if value]
    stated.append(("Content-Length", str(len(body))))
    return StatusAndHeaders(str(capture.status or 200), stated, protocol="HTTP/1.1")


def _content(record: Any) -> bytes:
    """The page's bytes without transfer and content encodings. Raises ValueError where they are damaged or too many."""
    headers = record.http_headers
    encoding = (headers.get_header("Content-Encoding") or "").strip().lower() if headers else ""
    if encoding not in _READABLE_ENCODINGS:
        raise ValueError(f"content encoding {encoding[:40]!r} cannot be read")
    stream, body = record.content_stream(), b""
    while len(body) <= MAX_BYTES and (more := stream.read(MAX_BYTES + 1 - len(body))):
        body += more
    if len(body) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    if record.raw_stream.limit > 0 and not record.raw_stream.read(1):  # what the record announced and did not bring
        raise EOFError("the record ends before its end")
    if record.digest_checker.passed is False and not _is_digest_of(record, body):
        raise ValueError("the bytes are not those that were archived: their digest differs")
    return body


def _is_digest_of(record: Any, body: bytes) -> bool:
    """Whether the stated digest is that of the decoded bytes: some archives state that one instead."""
    stated = (record.rec_headers.get_header("WARC-Payload-Digest") or "").strip().lower()
    digest = hashlib.sha1(body, usedforsecurity=False).digest()
    return stated in (f"sha1:{b32encode(digest).decode('ascii').lower()}", f"sha1:{digest.hex()}")


def _moment(stamp: str) -> datetime:
    moment = datetime.fromisoformat(stamp)
    if moment.utcoffset() is None:
        raise ValueError(f"WARC-Date {stamp!r} names no time zone")
    return moment.astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _status(record: Any) -> int:
    if record.http_headers is None and record.rec_type != "resource":
        raise ValueError("a response without HTTP headers")
    code = record.http_headers.get_statuscode() if record.http_headers else "200"
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise ValueError(f"status {code[:20]!r} is no HTTP status")
    return int(code)


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked by us: warcio refuses files that were packed as a whole instead of record by record."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP_MAGIC
        file.seek(0)
        if not is_gzip:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield cast(BinaryIO, unpacked)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def _warcio_reader() -> tuple[Any, type[Exception]]:
    try:
        from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]  # warcio ships no types
        from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
    except ImportError as error:
        raise _without_warcio() from error
    return ArchiveIterator, ArchiveLoadFailed


def _warcio_writer() -> Any:
    try:
        from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]  # warcio ships no types
    except ImportError as error:
        raise _without_warcio() from error
    return WARCWriter


def _without_warcio() -> CaptureError:
    return CaptureError("WARC files need the package warcio, which is not installed: pip install warcio")
