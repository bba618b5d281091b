"""A file that may be packed with gzip, read as one stream that knows where in the file each of its bytes came from."""

from __future__ import annotations

import zlib
from collections import deque
from typing import BinaryIO

from pricing_pipeline.encodings import GZIP_MAGIC

_PIECE = 65_536
# Member starts that are remembered: more than a reader is ever ahead of the record that it is asked about.
_STARTS = 100_000


class Unpacked:
    """Reads forward only. A file may be packed as a whole, record by record, or not at all."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packed = file.read(2)
        self._is_packed = self._packed == GZIP_MAGIC
        self._inflater: zlib._Decompress | None = None
        self._given = 0
        self._starts: deque[tuple[int, int]] = deque([(0, 0)], maxlen=_STARTS)

    def read(self, size: int = _PIECE) -> bytes:
        """The next bytes, `size` at most; none at the end. Raises EOFError where a member ends in the middle."""
        piece = self._inflated(max(size, 1)) if self._is_packed else self._plain(max(size, 1))
        self._given += len(piece)
        return piece

    def tell(self) -> int:
        """How many unpacked bytes were given so far."""
        return self._given

    def place(self, given: int) -> int:
        """Where in the file the unpacked byte of this number stands: the start of the member that holds it."""
        if not self._is_packed:
            return given
        while len(self._starts) > 1 and self._starts[1][0] <= given:
            self._starts.popleft()
        return self._starts[0][1]

    def _plain(self, size: int) -> bytes:
        if self._packed:
            piece, self._packed = self._packed, b""
            return piece + self._file.read(size)
        return self._file.read(size)

    def _inflated(self, size: int) -> bytes:
        while True:
            if not self._packed:
                self._packed = self._file.read(_PIECE)
                if not self._packed and self._inflater is None:
                    return b""
                if not self._packed:
                    raise EOFError("the file ends in the middle of a packed record")
            if self._inflater is None and not self._next_member():
                return b""
            assert self._inflater is not None
            piece = self._inflater.decompress(self._packed, size)
            self._packed = self._inflater.unconsumed_tail
            if self._inflater.eof:
                self._packed, self._inflater = self._inflater.unused_data, None
            if piece:
                return piece

    def _next_member(self) -> bool:
        """Begin to unpack what comes next; whether anything but padding does."""
        while not (rest := self._packed.lstrip(b"\0")):  # some tools pad their files
            self._packed = self._file.read(_PIECE)
            if not self._packed:
                return False
        self._packed = rest
        start = (self._given, self._file.tell() - len(self._packed))
        if self._starts[-1] != start:
            self._starts.append(start)
        self._inflater = zlib.decompressobj(31)
        return True
