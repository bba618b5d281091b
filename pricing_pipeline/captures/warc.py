"""Reading WARC files (ISO 28500), and ARC files, their forerunners: archived pages as they were served."""

from __future__ import annotations

import logging
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]  # warcio ships no types
from warcio.bufferedreaders import DecompressingBufferedReader  # type: ignore[import-untyped]  # as above
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # as above
from warcio.recordloader import ArcWarcRecordLoader  # type: ignore[import-untyped]  # as above

from pricing_pipeline import progress
from pricing_pipeline.captures.payloads import header, payload
from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.captures.unpacked import Unpacked
from pricing_pipeline.encodings import EncodingError
from pricing_pipeline.errors import CaptureError

# More than any honest record has; a file that holds more would only fill the memory.
MAX_HEADER_LINE = 1_000_000
MAX_HEADER_LINES = 10_000
MAX_CHUNKS = 1_000_000
MAX_RECORDS = 50_000_000
_READ_TYPES = frozenset({"response", "resource", "revisit"})
_DAMAGE = (ValueError, EOFError, zlib.error, EncodingError)
_NOT_MODIFIED = 304
_MEGABYTE = 1_000_000

Recall = Callable[[str, datetime], bytes | None]


class Bodies:
    """Pages of the files read so far, for later records that only refer to them; kept on disk, gone when closed."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with this object
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def keep(self, names: list[str], body: bytes) -> None:
        """Keep a page under each of these names."""
        packed = zlib.compress(body, 1)
        place = (self._file.seek(0, 2), len(packed))
        self._file.write(packed)
        self._places.update(dict.fromkeys(names, place))

    def get(self, names: list[str]) -> bytes | None:
        """The page of the first of these names that there is one of."""
        place = next((self._places[name] for name in names if name in self._places), None)
        if place is None:
            return None
        self._file.seek(place[0])
        return zlib.decompress(self._file.read(place[1]))


def read_warc(
    path: Path,
    *,
    on_problem: Callable[[str], None],
    wanted: Callable[[str], bool] = lambda _: True,
    bodies: Bodies | None = None,
    recall: Recall | None = None,
) -> Iterator[SavedPage]:
    """The pages of one file whose address is `wanted`, in the file's order; `wanted` is asked as each is reached.

    What cannot be read goes to `on_problem`, as one line with file, record and offset; a file that ends in the middle
    gives what is before that. A page that was archived as a revisit of an earlier one has the bytes of the earlier one:
    of this file, of one read before with the same `bodies`, or of what `recall` gives for an address and a time.
    """
    with Bodies() as own:
        yield from _Archive(path, on_problem, bodies or own, recall or (lambda _url, _at: None)).pages(wanted)


class _Archive:
    """One file under way: which record it has come to, and where in the file that begins."""

    def __init__(self, path: Path, on_problem: Callable[[str], None], bodies: Bodies, recall: Recall) -> None:
        self._path = path
        self._on_problem = on_problem
        self._bodies = bodies
        self._recall = recall
        self._number = 0
        self._offset = 0
        self._is_told = False

    def pages(self, wanted: Callable[[str], bool]) -> Iterator[SavedPage]:
        """The wanted pages; a file in which nothing could be one is told."""
        could_be = 0
        for record in self._records():
            url = str(record.rec_headers.get_header("WARC-Target-URI") or "")
            if record.rec_type not in _READ_TYPES or not url.lower().startswith(("http://", "https://")):
                continue
            could_be += 1
            if wanted(url) and (page := self._page(record, url)) is not None:
                yield page
        if not could_be and not self._is_told:
            self._on_problem(f"{self._path}: none of its {self._number} records holds the answer of a web page")

    def _records(self) -> Iterator[Any]:
        """Every record; a fault of the file itself is told and ends it."""
        try:
            with self._path.open("rb") as file, _quiet():
                size = max(1, self._path.stat().st_size // _MEGABYTE)
                unpacked = Unpacked(file)
                iterator = _Iterator(unpacked, arc2warc=True, check_digests=True)
                for record in iterator:
                    self._number += 1
                    self._offset = unpacked.place(iterator.offset)
                    if record.length is None:
                        raise ValueError(f"record {self._number} does not say how long it is")
                    progress.report(f"reading {self._path.name} (MB)", min(file.tell() // _MEGABYTE, size), size)
                    yield record
                    if self._number >= MAX_RECORDS:
                        raise ValueError(f"more than {MAX_RECORDS} records")
        except (ArchiveLoadFailed, *_DAMAGE) as error:
            self._tell(f"the file is damaged or ends here ({_first_line(error)}); what follows is not read")
        except OSError as error:
            raise CaptureError(f"{self._path}: cannot be read ({error.strerror or error}); give a WARC file") from error

    def _page(self, record: Any, url: str) -> SavedPage | None:
        """The page in this record, or None, and told, where it holds none that can be trusted."""
        try:
            moment = _moment(record.rec_headers.get_header("WARC-Date") or "")
            status = _status(record)
            is_repeat = record.rec_type == "revisit" and status == _NOT_MODIFIED
            return SavedPage(
                url=url,
                body=self._earlier(record) if record.rec_type == "revisit" else self._own(record, url),
                captured_at=moment,
                status=200 if is_repeat else status,
                content_type=header(record, "Content-Type") or "",
                line=self._number,
                location=header(record, "Location"),
                is_repeat=is_repeat,
            )
        except _DAMAGE as error:
            self._tell(f"{url}: {_first_line(error)}")
            return None

    def _own(self, record: Any, url: str) -> bytes:
        if (why := record.rec_headers.get_header("WARC-Truncated")) is not None:
            raise ValueError(f"archived in part only ({why[:40]!a})")
        body = payload(record)
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        named = [digest] if digest else []
        self._bodies.keep([*named, _visit(url, record.rec_headers.get_header("WARC-Date") or "")], body)
        return body

    def _earlier(self, record: Any) -> bytes:
        """The bytes that a revisit refers to, by their digest or by where and when they were served."""
        stated = record.rec_headers.get_header
        digest, url, date = (
            stated(name) or "" for name in ("WARC-Payload-Digest", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
        )
        body = self._bodies.get([digest, _visit(url, date)])
        if body is None and url and date:
            body = self._recall(url, _moment(date))
            if body is not None and digest:
                self._bodies.keep([digest], body)
        if body is None:
            raise ValueError("a revisit of a page that is not held; import the file that holds it first")
        return body

    def _tell(self, problem: str) -> None:
        self._is_told = True
        self._on_problem(f"{self._path}: record {self._number} at byte {self._offset}: {problem}")


class _Iterator(ArchiveIterator):  # type: ignore[misc]  # warcio ships no types
    """warcio's iterator with bounded headers, and without its messages on standard error."""

    INC_RECORD = ""

    def __init__(self, stream: Unpacked, **options: bool) -> None:
        super().__init__(stream, **options)
        self.reader = _Reader(stream)
        # A first line that is none of HTTP would end the file for warcio; `_status` judges it for its record alone.
        self.loader = _Loader(verify_http=False, arc2warc=options["arc2warc"])

    def _next_record(self, next_line: bytes | None) -> Any:
        self.reader.lines = 0
        record = super()._next_record(next_line)
        self.reader.lines = -MAX_CHUNKS
        return record


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]  # as above
    """Loads records that do not say what they are of, too: they are nobody's page, and those that follow are read."""

    def load_http_headers(self, rec_type: str, uri: str | None, stream: Any, length: int | None) -> Any:
        return None if uri is None else super().load_http_headers(rec_type, uri, stream, length)


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]  # as above
    """Lines only as long, and for one record only as many, as headers may be."""

    lines = 0

    def readline(self, length: int | None = None) -> bytes:
        """The next line. Raises ValueError where a header goes on for ever."""
        limit = min(length or MAX_HEADER_LINE, MAX_HEADER_LINE)
        line = b""
        while len(line) < limit and not line.endswith(b"\n"):  # warcio may give less than a line that has a limit
            piece: bytes = super().readline(limit - len(line))
            if not piece:
                break
            line += piece
        self.lines += 1
        if len(line) >= MAX_HEADER_LINE or self.lines > MAX_HEADER_LINES:
            raise ValueError("headers without an end")
        return line


def _visit(url: str, date: str) -> str:
    return f"{date} {url}"


def _moment(stamp: str) -> datetime:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        raise ValueError(f"WARC-Date {stamp[:40]!r} is no time") from None
    if moment.utcoffset() is None:
        raise ValueError(f"WARC-Date {stamp!r} names no time zone")
    return moment.astimezone(UTC)


def _status(record: Any) -> int:
    if record.http_headers is None:
        if record.rec_type == "response":
            raise ValueError("a response without HTTP headers")
        return 200
    if not record.http_headers.protocol.upper().startswith("HTTP/"):
        raise ValueError("a response that does not begin as one of HTTP")
    code = record.http_headers.get_statuscode()
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise ValueError(f"status {code[:20]!r} is no HTTP status")
    return int(code)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


@contextmanager
def _quiet() -> Iterator[None]:
    """warcio logs what it mends in a record, without saying in which file; standard error is not the place for it."""
    logger = logging.getLogger("warcio")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
