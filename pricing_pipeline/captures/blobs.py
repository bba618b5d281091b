"""Captured bytes, each under its own SHA-256: written once, compressed, and verified whenever they are read."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pricing_pipeline.captures.disk import sync_folder
from pricing_pipeline.errors import CaptureError

LEVEL = 6
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DRAFT = ".draft-"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobProblem:
    """One file in the store that is not what it should be, and what to do; `sha256` is None for a stray file."""

    sha256: str | None
    path: Path
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class BlobStore:
    """A folder of blobs. Several processes may write to it at once: who comes second finds the blob already there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, body: bytes) -> str:
        """Keep these bytes for good, and give their SHA-256. Raises CaptureError where they cannot be written."""
        return self.put_many([body])[0]

    def put_many(self, bodies: Iterable[bytes]) -> list[str]:
        """Keep each of these for good; quicker than one by one. Nothing is certain to be kept before it returns."""
        touched: set[Path] = set()
        digests = []
        try:
            for body in bodies:
                sha256 = hashlib.sha256(body).hexdigest()
                digests.append(sha256)
                path = self.path(sha256)
                if not _holds(path, body):
                    touched.update(self._write(path, body))
            for folder in sorted(touched):
                sync_folder(folder)
        except OSError as error:
            raise CaptureError(f"{self.root}: a capture cannot be kept: {error}; free or repair the disk") from error
        return digests

    def get(self, sha256: str) -> bytes:
        """The bytes of this SHA-256. Raises CaptureError where they are missing or no longer the same."""
        path = self.path(sha256)
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError as error:
            raise CaptureError(f"blob {sha256} is missing: restore {path} from a backup, or fetch again") from error
        except (OSError, EOFError, zlib.error) as error:
            raise CaptureError(f"blob {sha256} is damaged ({error}): {_cure(path)}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise CaptureError(f"blob {sha256} holds other bytes than its name says: {_cure(path)}")
        return body

    def has(self, sha256: str) -> bool:
        """Whether there is a blob of this name; `get` and `verify` say whether it is sound."""
        return self.path(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where the blob of this SHA-256 rests. Raises CaptureError for anything that is not one."""
        if not _SHA256.fullmatch(sha256):
            raise CaptureError(f"{sha256[:80]!r} is not a SHA-256: 64 hexadecimal digits in lower case are one")
        return self.root / sha256[:2] / f"{sha256}.gz"

    def all(self) -> Iterator[str]:
        """The SHA-256 of every blob, in order."""
        for path in self._files():
            if path.name.endswith(".gz") and _SHA256.fullmatch(path.name.removesuffix(".gz")):
                yield path.name.removesuffix(".gz")

    def verify(self) -> Iterator[BlobProblem]:
        """Everything in the store that is not a sound blob; reads every file."""
        for path in self._files():
            sha256 = path.name.removesuffix(".gz")
            if path.name.startswith(_DRAFT):
                yield BlobProblem(sha256=None, path=path, message="left by a process that was killed: delete it")
            elif not _SHA256.fullmatch(sha256) or path != self.path(sha256):
                yield BlobProblem(sha256=None, path=path, message="not a blob: move it elsewhere")
            else:
                yield from self._problem(sha256, path)

    def discard(self, sha256: str) -> bool:
        """Delete a blob that no retention policy keeps; tells whether there was one."""
        path = self.path(sha256)
        existed = path.is_file()
        path.unlink(missing_ok=True)
        return existed

    def sweep(self) -> int:
        """Delete what killed processes left half-written, while nobody writes; how many files."""
        drafts = [path for path in self._files() if path.name.startswith(_DRAFT)]
        for path in drafts:
            path.unlink(missing_ok=True)
        return len(drafts)

    def _problem(self, sha256: str, path: Path) -> Iterator[BlobProblem]:
        try:
            self.get(sha256)
        except CaptureError as error:
            yield BlobProblem(sha256=sha256, path=path, message=str(error))

    def _files(self) -> Iterator[Path]:
        folders = sorted(self.root.iterdir()) if self.root.is_dir() else []
        for folder in folders:
            yield from sorted(folder.iterdir()) if folder.is_dir() else [folder]

    def _write(self, path: Path, body: bytes) -> list[Path]:
        """Write under another name, sync, rename; gives the folders that must be synced before this is certain."""
        folders = [path.parent]
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.append(self.root)
        draft = path.with_name(f"{_DRAFT}{os.getpid()}-{secrets.token_hex(4)}")
        try:
            with draft.open("wb") as file:
                file.write(gzip.compress(body, LEVEL, mtime=0))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return folders


def _holds(path: Path, body: bytes) -> bool:
    """Whether the blob is there and ends in the CRC-32 and length of these bytes (RFC 1952): a torn one does not."""
    try:
        with path.open("rb") as file:
            file.seek(-8, os.SEEK_END)
            trailer = file.read(8)
    except OSError:
        return False
    expected = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return trailer == expected


def _cure(path: Path) -> str:
    return f"restore {path} from a backup, or delete it and fetch again"
