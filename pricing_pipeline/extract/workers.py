"""Pages read side by side, each within a time: one that takes for ever costs itself, and none of the others."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION
from pricing_pipeline.extract.worker import Job, receive, send
from pricing_pipeline.facts import Observation

# The slowest of our saved pages, of 1.6 MB, takes some 3 s; a machine may be ten times as busy.
PAGE_SECONDS = 60.0
# Starting a process takes as long as reading some fifteen pages of 60 KB.
PAGES_PER_PROCESS = 40
_FOLDER = Path(__file__).resolve().parents[2]

Read = Observation | ExtractError


def processes_for(count: int) -> int:
    """How many processes reading so many pages is worth; 0 where they are better read here."""
    return min(os.cpu_count() or 1, count // PAGES_PER_PROCESS)


def read_side_by_side(
    jobs: Iterable[Job], *, processes: int, seconds: float = PAGE_SECONDS
) -> Iterator[tuple[int, Read]]:
    """Each job's place with what its page says, or why it cannot be read, as they are done.

    Jobs are taken as there are processes free for them. Raises ExtractError where no process can be started at all.
    """
    waiting = enumerate(jobs)
    idle = [_Process() for _ in range(processes)]
    busy: list[_Process] = []
    try:
        while True:
            while idle and (job := next(waiting, None)) is not None:
                busy.append(idle.pop())
                busy[-1].give(*job, seconds=seconds)
            if not busy:
                return
            for process in _ended(busy):
                busy.remove(process)
                place, said = process.place, process.take()
                idle.append(process if process.is_alive else _Process())
                yield place, said
    finally:
        for process in (*idle, *busy):
            process.end()


@contextmanager
def time_box(url: str, *, seconds: float = PAGE_SECONDS) -> Iterator[None]:
    """Give what is read here this much time, then raise ExtractError. Only a main thread can be interrupted so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUp as error:
        raise _too_slow(url, seconds) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _TimeIsUp(BaseException):  # not an Exception: nothing that reads may take it for a fault of its page
    """The alarm rang."""


class _Process:
    """One process that reads a page at a time."""

    def __init__(self) -> None:
        # No `-m` and no current folder on the path: a file lying about must not be taken for one of our modules.
        command = [sys.executable, "-P", "-c", "from pricing_pipeline.extract.worker import serve; serve()"]
        path = os.pathsep.join(filter(None, [str(_FOLDER), os.environ.get("PYTHONPATH")]))
        self._popen = subprocess.Popen(  # noqa: S603  # our own interpreter and our own words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._jobs, self._said = self._popen.stdin, self._popen.stdout
        self._is_ready = False
        self._job: Job | None = None
        self.place = -1
        self.is_alive = True
        self.ends = 0.0

    def give(self, place: int, job: Job, *, seconds: float) -> None:
        """Let it read this page; its time starts now."""
        if not self._is_ready:
            version = self._said.readline().decode().strip()
            if version != EXTRACTOR_VERSION:
                found = f"it is version {version} of the reader" if version else "it did not start; see the lines above"
                raise ExtractError(f"pages cannot be read in another process: {found}; run it again")
            self._is_ready = True
        self.place, self._job = place, job
        self.ends, self._seconds = time.monotonic() + seconds, seconds
        with suppress(BrokenPipeError):  # it ended; `take` tells
            send(self._jobs, job)

    def take(self) -> Read:
        """What it says of its page, if it has answered; else it is ended and the page given up."""
        assert self._job is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._said, selectors.EVENT_READ)
            has_answered = bool(selector.select(0))
        try:
            if has_answered:
                said = receive(self._said)
                assert isinstance(said, Observation | ExtractError)
                return said
        except EOFError:
            self.end()
            return ExtractError(
                f"{self._job.url}: reading the page ended its process (exit code {self._popen.returncode})"
            )
        self.end()
        return _too_slow(self._job.url, self._seconds)

    def fileno(self) -> int:
        """What becomes readable when it has answered, or has ended."""
        return self._said.fileno()

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        self.is_alive = False
        self._popen.kill()
        self._popen.wait()
        for stream in (self._jobs, self._said):
            with suppress(OSError):  # what could not be sent any more
                stream.close()


def _ended(busy: list[_Process]) -> list[_Process]:
    """Those that have answered or run out of time; waits until there is one."""
    with selectors.DefaultSelector() as selector:
        for process in busy:
            selector.register(process, selectors.EVENT_READ)
        patience = max(0.0, min(process.ends for process in busy) - time.monotonic())
        answered = {key.fileobj for key, _ in selector.select(patience)}
    now = time.monotonic()
    return [process for process in busy if process in answered or process.ends <= now]


def _too_slow(url: str, seconds: float) -> ExtractError:
    return ExtractError(f"{url}: the page could not be read within {seconds:g} s")
