"""Pages that somebody saved in a folder, with a manifest that says what each is and when it was served."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pricing_pipeline.errors import CaptureError

MANIFEST = "manifest.csv"
REQUIRED = ("url", "file", "captured_at")
MAX_BYTES = 50_000_000
_TYPES = {".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".json": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """One saved answer: its bytes, when and how it was served, and its line in the manifest (its record in a WARC).

    `location` is where a redirect leads. `is_repeat` says that the bytes are those that the host said had not changed.
    """

    url: str
    body: bytes
    captured_at: datetime
    status: int
    content_type: str
    line: int
    location: str | None = None
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    url: str
    path: Path
    captured_at: datetime
    status: int


def read_saved(folder: Path, *, on_problem: Callable[[str], None] | None = None) -> Iterator[SavedPage]:
    """The pages of a folder's `manifest.csv` (`url,file,captured_at[,status]`), oldest first.

    A row that cannot be used goes to `on_problem`, as one line with file and line, and the others are read; without
    `on_problem` all such rows are raised together as a CaptureError, before the first page.
    """
    problems: list[str] = []
    rows = sorted(_rows(folder, problems), key=lambda row: (row.captured_at, row.line))
    if problems and on_problem is None:
        raise CaptureError("\n".join(problems))
    for problem in problems:
        on_problem(problem) if on_problem else None
    for row in rows:
        yield SavedPage(
            url=row.url,
            body=row.path.read_bytes(),
            captured_at=row.captured_at,
            status=row.status,
            content_type=_TYPES.get(row.path.suffix.lower(), "text/html"),
            line=row.line,
        )


def _rows(folder: Path, problems: list[str]) -> Iterator[_Row]:
    manifest = folder / MANIFEST
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or error
        raise CaptureError(
            f"{manifest}: cannot be read ({said}); it lists the pages, under the headings {','.join(REQUIRED)}"
        ) from error
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        raise CaptureError(f"{manifest}:1: no column {', '.join(missing)}; the first line names {','.join(REQUIRED)}")
    try:
        for fields in reader:
            try:
                yield _row(folder, fields, reader.line_num)
            except ValueError as error:
                problems.append(f"{manifest}:{reader.line_num}: {error}")
    except csv.Error as error:
        raise CaptureError(f"{manifest}:{reader.line_num}: {error}; write it as comma-separated values") from error


def _row(folder: Path, fields: Mapping[str, str | None], line: int) -> _Row:
    url, file, captured_at = ((fields[name] or "").strip() for name in REQUIRED)
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"url {url!r} is not an http or https address")
    return _Row(
        line=line,
        url=url,
        path=_inside(folder, file),
        captured_at=_moment(captured_at),
        status=_status((fields.get("status") or "").strip()),
    )


def _inside(folder: Path, file: str) -> Path:
    """The file of that name in the folder. Raises ValueError where it leaves the folder, also by a link."""
    if not file or "\0" in file:
        raise ValueError("no file is named")
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"file {file!r} lies outside the folder")
    if not path.is_file():
        raise ValueError(f"file {file!r} is not there")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"file {file!r} is larger than {MAX_BYTES} bytes")
    return path


def _moment(text: str) -> datetime:
    """A moment in UTC; a day alone is its beginning."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"captured_at {text!r} is no time; write it like 2026-04-15T06:00:00Z") from None
    if len(text) == len("2026-04-15"):
        return moment.replace(tzinfo=UTC)
    if moment.utcoffset() is None:
        raise ValueError(f"captured_at {text!r} names no time zone; write it like 2026-04-15T06:00:00Z")
    return moment.astimezone(UTC)


def _status(text: str) -> int:
    if not text:
        return 200
    if not (text.isascii() and text.isdigit() and 100 <= int(text[:4]) <= 599):
        raise ValueError(f"status {text!r} is no HTTP status; leave it empty for 200")
    return int(text)
