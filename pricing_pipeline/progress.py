"""How far long work has come, told to whoever listens: the command line draws a bar, Dagster and tests listen to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call `listener(what, done, total)` for all work reported inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def report(what: str, done: int, total: int) -> None:
    """Say that `done` of `total` pieces of the work called `what` are finished."""
    for listener in _listeners:
        listener(what, done, total)
