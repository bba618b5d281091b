"""A bound on the whole of a request: timeouts of sockets hold for one read each, and a server may drip for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Deadline:
    """The end of one request's time; the connections it uses are shut when it comes.

    `is_reused` tells whether the last of them had been used before.
    """

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.passed = False
        self.is_reused = False
        self._sockets: list[socket.socket] = []

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.ends - time.monotonic())

    def watch(self, sock: socket.socket, *, is_reused: bool) -> None:
        """Shut this connection, too, when the time is up."""
        self.is_reused = is_reused
        self._sockets.append(sock)
        if self.passed:
            self.cut()

    def cut(self) -> None:
        """Shut every connection: whoever reads from one of them sees its end at once."""
        self.passed = True
        self.ends = min(self.ends, time.monotonic())
        for sock in self._sockets:
            with suppress(OSError):  # already closed
                # Not SSLSocket.shutdown, which takes the TLS state away from under the reader.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class Deadlines:
    """All running deadlines, and the one thread that keeps them; it starts with the first and ends with `close`."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: set[Deadline] = set()
        self._wakes = float("inf")
        self._thread: threading.Thread | None = None
        self._closed = False
        self._here = threading.local()

    @property
    def current(self) -> Deadline:
        """The deadline under which this thread is asking."""
        deadline: Deadline = self._here.deadline
        return deadline

    @contextmanager
    def limit(self, seconds: float) -> Iterator[Deadline]:
        """Let what this thread asks for take this long at most; limits may be nested, the inner one holds."""
        deadline = Deadline(time.monotonic() + seconds)
        outer = getattr(self._here, "deadline", None)
        self._start(deadline)
        self._here.deadline = deadline
        try:
            yield deadline
        finally:
            self._here.deadline = outer
            with self._changed:
                self._running.discard(deadline)

    def cut_all(self) -> None:
        """Shut everything that runs, as when a person interrupts."""
        with self._changed:
            for deadline in self._running:
                deadline.cut()

    def close(self) -> None:
        """End the thread; nothing may be asked any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _start(self, deadline: Deadline) -> None:
        with self._changed:
            if self._closed:
                raise RuntimeError("asked after close")
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="fetch-deadlines", daemon=True)
                self._thread.start()
            self._running.add(deadline)
            if deadline.ends < self._wakes:
                self._changed.notify()

    def _keep(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for deadline in [running for running in self._running if running.ends <= now]:
                    self._running.discard(deadline)
                    deadline.cut()
                self._wakes = min((running.ends for running in self._running), default=float("inf"))
                self._changed.wait(None if self._wakes == float("inf") else max(0.0, self._wakes - now))
