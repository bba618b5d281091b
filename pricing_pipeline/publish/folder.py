"""The folder of editions on disk: files written whole, a directory switched in at once, old ones removed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pricing_pipeline.errors import PublishError

CURRENT = "current"
MANIFEST = "manifest.json"
_MAKING = ".making-"
_NEXT = ".current-next"


@contextmanager
def alone(editions: Path) -> Iterator[None]:
    """One publish at a time; the lock goes with its process, however that ends."""
    editions.mkdir(parents=True, exist_ok=True)
    with (editions / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def manifest_of(edition: Path) -> dict[str, Any] | None:
    """The manifest of an edition; None where there is none that can be read."""
    try:
        manifest = json.loads((edition / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    known = {"edition", "inputs", "files", "comparisons", "problems"}
    return manifest if isinstance(manifest, dict) and known <= set(manifest) else None


def is_whole(edition: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether every file of an edition's manifest is there."""
    return all((edition / name).is_file() for name in manifest["files"])


def begin(editions: Path, name: str) -> Path:
    """A fresh directory to make an edition in; what an interrupted publish left is removed."""
    _clear(editions)
    making = editions / f"{_MAKING}{name}"
    making.mkdir()
    return making


def write(root: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Write files under a folder and give their SHA-256. They are safe against a lost machine once switched in."""
    digests: dict[str, str] = {}
    for name, content in files:
        path = root / name
        if not path.resolve().is_relative_to(root.resolve()):
            raise PublishError(f"{name!r}: leads out of the edition: a slug holds only letters, digits and hyphens")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digests[name] = hashlib.sha256(content).hexdigest()
    return digests


def link(root: Path, origin: Path, names: Iterable[str]) -> None:
    """Put files of another edition under a folder: one copy on the disk serves both, where the file system can do that."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.hardlink_to(origin / name)
        except OSError:
            shutil.copy2(origin / name, path)


def copy(root: Path, origin: Path, names: Iterable[str]) -> None:
    """Put copies of files of another folder under a folder: what is done to one is not done to the other."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(origin / name, path)


def discard(root: Path, names: Iterable[str]) -> None:
    """Remove files under a folder, and the folders that they leave empty."""
    for name in names:
        (root / name).unlink()
        for parent in (root / name).relative_to(root).parents:
            if parent == Path() or any((root / parent).iterdir()):
                break
            (root / parent).rmdir()


def digests(root: Path, folder: str) -> dict[str, str]:
    """The SHA-256 of the files that something else wrote into a folder, by their paths under `root`."""
    files = sorted(path for path in (root / folder).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def switch(editions: Path, making: Path, name: str) -> Path:
    """Give the finished directory its name, and point `current` at it: readers see the old set or the new one."""
    current = editions / CURRENT
    if current.exists() and not current.is_symlink():
        raise PublishError(f"{current}: is not a link to an edition: move it away and publish again")
    target = editions / name
    # A disk takes many such requests at once: one after the other took 5 s for 4,000 files.
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(_sync, (making, *making.rglob("*"))))
    if target.exists():
        _put_aside(editions, target)
    making.rename(target)
    _point(editions, name)
    _sync(editions)
    return target


def forget(editions: Path, names: Iterable[str]) -> None:
    """Remove what was put aside, and these editions; never the one that `current` points at."""
    _clear(editions)
    standing = (editions / CURRENT).resolve()
    for name in names:
        if (editions / name).resolve() != standing:
            shutil.rmtree(editions / name)


def kept(editions: Path) -> list[str]:
    """The names of the editions on disk, the oldest facts first."""
    if not editions.is_dir():
        return []
    return sorted(
        path.name
        for path in editions.iterdir()
        if not path.is_symlink() and not path.name.startswith(".") and (path / MANIFEST).is_file()
    )


def current(editions: Path) -> str | None:
    """The name of the edition that stands, None where none does."""
    link = editions / CURRENT
    return link.readlink().name if link.is_symlink() else None


def damage(edition: Path, manifest: Mapping[str, Any]) -> list[str]:
    """The files of an edition that are missing, or no longer what its manifest says."""
    return [name for name, said in manifest["files"].items() if not _is_as_said(edition / name, said)]


def point(editions: Path, name: str) -> None:
    """Point `current` at an edition on disk, at one stroke. Raises PublishError where `current` is no link."""
    link = editions / CURRENT
    if link.exists() and not link.is_symlink():
        raise PublishError(f"{link}: is not a link to an edition: move it away and publish again")
    _point(editions, name)
    _sync(editions)


def _is_as_said(path: Path, said: str | None) -> bool:
    if not path.is_file():
        return False
    return said is None or hashlib.sha256(path.read_bytes()).hexdigest() == said


def _put_aside(editions: Path, target: Path) -> None:
    """Make room for an edition whose directory stands from an earlier publish, damaged or not current."""
    aside = target.with_name(f"{_MAKING}old-{target.name}")
    current = editions / CURRENT
    is_current = current.is_symlink() and current.readlink() == Path(target.name)
    target.rename(aside)
    if is_current:
        _point(editions, aside.name)


def _point(editions: Path, name: str) -> None:
    link = editions / _NEXT
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(editions / CURRENT)


def _clear(editions: Path) -> None:
    """Remove unfinished directories, but never one that `current` points at."""
    current = editions / CURRENT
    used = current.readlink().name if current.is_symlink() else ""
    for remains in editions.glob(f"{_MAKING}*"):
        if remains.name != used:
            shutil.rmtree(remains)


def _sync(path: Path) -> None:
    if path.is_file() and path.stat().st_nlink > 1:
        return  # made certain with the edition that it was written for
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
