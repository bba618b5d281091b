"""Archive files as other programs write them, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pricing_pipeline.captures.saved import SavedPage
from pricing_pipeline.captures.warc import read_warc

URL = "https://acme.example/pricing?plan=solo"
HTML = [("Content-Type", "text/html")]
Record = tuple[str, str, Sequence[tuple[str, str]] | None, bytes, Mapping[str, str]]


def read(path: Path, **options: Any) -> tuple[list[SavedPage], list[str]]:
    """The pages of a file, and what was told about it."""
    told: list[str] = []
    return list(read_warc(path, on_problem=told.append, **options)), told


def foreign(path: Path, *records: Record, is_gzip: bool = True) -> Path:
    """A file of another program's making: (type, url, http headers or None, payload, record headers)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=is_gzip)
        for kind, url, http, payload, headers in records:
            http_headers = StatusAndHeaders("200 OK", list(http), protocol="HTTP/1.1") if http is not None else None
            stated = {"WARC-Date": "2020-01-02T03:04:05Z", **headers}
            writer.write_record(
                writer.create_warc_record(
                    url, kind, payload=BytesIO(payload), length=len(payload), http_headers=http_headers,
                    warc_headers_dict=stated,
                )
            )  # fmt: skip
    return path
