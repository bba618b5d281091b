"""The bytes of a file as the text that somebody wrote, or one line that says why they are none."""

from __future__ import annotations

import codecs

LARGEST = 2_000_000
"""Bytes of the longest text that is audited: some hundred pages."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NoTextError(ValueError):
    """What was read is no text that can be audited; the message says what to do."""


def text_of(data: bytes) -> str:
    """The text, its lines ended by "\\n" alone, whatever system wrote it.

    Raises NoTextError for what is binary, in an unknown encoding, or longer than `LARGEST`.
    """
    if len(data) > LARGEST:
        raise NoTextError(f"is longer than {LARGEST // 1_000_000} MB; cut it into several files")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None and b"\0" in data:
        raise NoTextError("is binary; name a Markdown, HTML or text file")
    try:
        text = data.decode("utf-8-sig" if encoding in (None, "utf-8") else encoding)
    except UnicodeDecodeError as error:
        raise NoTextError(
            f"is not {(encoding or 'utf-8').upper()} text (byte {error.start}); save it as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
