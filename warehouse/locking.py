"""The lock file beside the warehouse: who holds it, and waiting for it no longer than agreed."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pricing_pipeline.errors import WarehouseError

POLL_SECONDS = 0.05


@contextlib.contextmanager
def locked(path: Path, *, shared: bool, wait_seconds: float) -> Iterator[None]:
    """Hold the lock of the file `path` while the body runs; readers share it, a writer has it alone.

    Raises WarehouseError naming the process that holds it when `wait_seconds` have passed.
    """
    lock = path.with_name(path.name + ".lock")
    handle = _open(lock, shared=shared)
    if handle is None:
        yield
        return
    try:
        _wait(handle, path, lock, shared=shared, wait_seconds=wait_seconds)
        _sign(handle)
        yield
    finally:
        os.close(handle)  # closing gives the lock back, also after an error


def _open(lock: Path, *, shared: bool) -> int | None:
    """The lock file; None for a reader where nobody can write, so that there is no writer to wait for."""
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if shared and error.errno in (errno.EROFS, errno.EACCES) and not os.access(lock.parent, os.W_OK):
            return None
        raise WarehouseError(
            f"{lock}: cannot make the lock file ({error.strerror}); check the folder and its permissions"
        ) from error


def _wait(handle: int, path: Path, lock: Path, *, shared: bool, wait_seconds: float) -> None:
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise WarehouseError(_refusal(path, lock, wait_seconds)) from error
            time.sleep(POLL_SECONDS)
        else:
            return


def _sign(handle: int) -> None:
    command = " ".join(sys.argv)[:200].replace("\n", " ")
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\t{command}\n".encode(errors="replace"), 0)


def _refusal(path: Path, lock: Path, wait_seconds: float) -> str:
    return (
        f"{path}: still in use by {_holder(lock)} after waiting {wait_seconds:g} s; "
        "let it finish (or stop it), then run this again"
    )


def _holder(lock: Path) -> str:
    pid, _, command = lock.read_text(encoding="utf-8", errors="replace").strip().partition("\t")
    return f"process {pid} ({command})" if pid else "another process"
