"""What was packed comes back as it was, in however many pieces it arrives, and whole or not at all."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.encodings import EncodingError, TooMuchError, UnknownEncodingError, encodings_of, unpacked, zstd

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": lambda body: zstd.compress(body[:9]) + zstd.compress(body[9:]),
}
PAGE = b"<!doctype html><html><h1>Solo</h1><p>$10 a month</p></html>" * 20


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@given(st.binary(max_size=2000), st.lists(st.sampled_from(sorted(PACK)), max_size=2), st.integers(1, 50))
def test_packed_data_comes_back_however_it_is_cut_into_pieces(body: bytes, encodings: list[str], size: int) -> None:
    """Members that are joined to one another, and a piece that ends within the mark of the next, among them."""
    packed = body
    for encoding in encodings:
        packed = PACK[encoding](packed)

    assert body == b"".join(unpacked(in_pieces(packed, size), encodings, limit=10_000))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_data_that_ends_before_its_end_is_no_data(encoding: str) -> None:
    packed = {**PACK, "zstd": zstd.compress}[encoding](PAGE)
    for length in range(1, len(packed)):
        with pytest.raises(EncodingError):
            list(unpacked([packed[:length]], [encoding], limit=10_000))


@pytest.mark.parametrize("encoding", sorted(PACK))
@given(junk=st.binary(min_size=1, max_size=100))
def test_junk_is_told_from_data(encoding: str, junk: bytes) -> None:
    """Whatever is not refused was data, and keeps to the bound."""
    try:
        found = b"".join(unpacked([junk], [encoding], limit=1000))
    except EncodingError:
        return

    assert len(found) <= 1000


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_nobody_unpacks_more_than_the_bound(encoding: str) -> None:
    """The first piece beyond it is the last that is made; what is packed twice is bounded in between, too."""
    packed = PACK[encoding](bytes(5_000_000))
    given_out: list[int] = []
    with pytest.raises(TooMuchError):
        given_out.extend(map(len, unpacked([packed], [encoding], limit=100_000)))
    with pytest.raises(TooMuchError):
        list(unpacked([gzip.compress(packed)], [encoding, "gzip"], limit=100_000))

    assert sum(given_out) <= 100_000


def test_zstd_that_asks_for_a_large_window_is_refused() -> None:
    """A few bytes could claim two gigabytes of memory before the first byte comes out."""
    wide = {int(zstd.CompressionParameter.window_log): 27, int(zstd.CompressionParameter.content_size_flag): 0}
    compressor = zstd.ZstdCompressor(options=wide)
    packed = compressor.compress(PAGE) + compressor.flush()

    with pytest.raises(EncodingError, match="damaged zstd"):
        list(unpacked([packed], ["zstd"], limit=10_000))


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, []), ("", []), ("identity", []), ("gzip", ["gzip"]), (" GZip , br", ["gzip", "br"]), ("zstd,,", ["zstd"])],
)
def test_a_header_names_encodings_in_the_order_in_which_they_were_applied(
    header: str | None, expected: list[str]
) -> None:
    assert expected == encodings_of(header)


@pytest.mark.parametrize(
    ("header", "error"),
    [("aws-chunked", UnknownEncodingError), ("gzip, \u2028x", UnknownEncodingError), ("gzip, br, gzip", TooMuchError)],
)
def test_a_header_that_cannot_be_followed_is_told(header: str, error: type[EncodingError]) -> None:
    with pytest.raises(error) as told:
        encodings_of(header)

    assert str(told.value).isprintable()
