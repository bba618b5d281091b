"""Garbage is searched for as before once the work is done, however it ended."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from pricing_pipeline.collection import paused, seldom


@pytest.mark.parametrize("work", [paused, seldom])
def test_it_is_as_it_was_after_work_that_failed(work: Callable[[], AbstractContextManager[None]]) -> None:
    before = (gc.isenabled(), gc.get_threshold())
    with pytest.raises(ZeroDivisionError), work():
        raise ZeroDivisionError

    assert before == (gc.isenabled(), gc.get_threshold())


def test_nothing_is_searched_while_it_is_paused() -> None:
    with paused():
        assert not gc.isenabled()


def test_trees_that_hold_themselves_are_still_found_where_it_is_seldom() -> None:
    """A page's tags hold one another: a reader of thousands of pages would keep them all."""
    with seldom():
        assert gc.isenabled()
        assert 700 < gc.get_threshold()[0] < 1_000_000
