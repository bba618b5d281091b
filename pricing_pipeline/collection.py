"""When circular garbage is searched for: seldom where hundreds of thousands of values are made that stay, or go at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# As many new containers as some pages of 60 KB make. By default it is 700: a tree is gone through while it still grows.
_SELDOM = 100_000


@contextmanager
def paused() -> Iterator[None]:
    """Let nothing search for circular garbage inside: going through a large catalog again and again took a tenth of a
    publish, and found nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def seldom() -> Iterator[None]:
    """Search for circular garbage seldom inside. Trees of pages are circular: they must be found, but not one at a time."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
