"""Bytes that are a text, whatever system wrote them, and those that are none."""

from __future__ import annotations

import pytest

from pricing_pipeline.claims.decoding import LARGEST, NoTextError, text_of

TEXT = "Solo costs 10 €.\nStarter costs more.\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "byte order mark", "utf-16", "utf-16 big end first", "utf-32", "windows lines", "old mac lines"],
)
def test_a_text_is_the_same_whatever_wrote_it(data):
    """So that its lines are counted alike."""
    assert TEXT == text_of(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "is binary"),
        ("naïve".encode("latin-1"), "is not UTF-8 text (byte 2); save it as UTF-8"),
        (b"\xff\xfea", "is not UTF-16 text"),
        (b"a" * (LARGEST + 1), "longer than 2 MB; cut it"),
    ],
    ids=["a picture", "another encoding", "half a letter", "a flood"],
)
def test_what_is_no_text_is_refused_in_one_line(data, words):
    with pytest.raises(NoTextError) as raised:
        text_of(data)

    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
