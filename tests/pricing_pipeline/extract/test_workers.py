"""Pages read in processes of their own: as they would be read here, and one that never ends costs only itself."""

from __future__ import annotations

import re
import signal
import threading
import time

import pytest

from pricing_pipeline.errors import ExtractError
from pricing_pipeline.extract.worker import Job
from pricing_pipeline.extract.workers import PAGES_PER_PROCESS, processes_for, read_side_by_side, time_box
from pricing_pipeline.facts import Observation, Recipe, SourceKind

URL = "https://acme.example/pricing"
# Backtracks for longer than the sun will shine.
HOPELESS = re.compile(r"(a+)+$")


class Endless(str):
    """A text that takes for ever to be looked at. Pickled by its name, so that it is endless over there, too."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        return re.compile(HOPELESS.pattern).search, ("a" * 60 + "!",)


def job(price: int, **more: object) -> Job:
    page = f"<!doctype html><html><body><div class=plan><h3>Solo</h3><p>${price} /month</p></div></body></html>"
    return Job(**{"body": page.encode(), "url": URL, "kind": SourceKind.PRICING, "currency": "USD", **more})  # type: ignore[arg-type]


def test_pages_read_side_by_side_say_what_they_say_here() -> None:
    jobs = [job(price, recipe=Recipe(plan=".plan") if price % 2 else None) for price in range(10, 16)]

    said = dict(read_side_by_side(jobs, processes=2))

    assert {place: one.read() for place, one in enumerate(jobs)} == said


def test_a_page_that_cannot_be_read_says_why_and_the_others_are_read() -> None:
    deep = job(10, body=b"<div>" * 60_000)

    said = dict(read_side_by_side([job(10), deep, job(12)], processes=1))

    assert isinstance(said[1], ExtractError)
    assert [True, True] == [isinstance(said[place], Observation) for place in (0, 2)]


def test_pages_that_are_a_burden_to_read_cost_a_moment_and_the_others_are_read() -> None:
    """As large as a page may be fetched: one text, tags without end, nesting, and data blocks; each an answer or an error."""
    offer = (
        b'<script type="application/ld+json">{"@type":"Product","offers":{"price":"10","priceCurrency":"USD"}}</script>'
    )
    burdens = [
        b"<html><body><p>" + b"Solo $10 a month " * 580_000,
        b"<p>" * 300_000,
        b"<div>" * 50_000 + b"$10/month",
        b"<html><body>" + offer * 10_000,
    ]
    started = time.monotonic()

    said = dict(read_side_by_side([*(job(0, body=body) for body in burdens), job(10)], processes=1, seconds=30.0))

    assert [False, True, True, False] == [isinstance(said[place], ExtractError) for place in range(4)]
    assert isinstance(said[4], Observation)
    assert time.monotonic() - started < 60


def test_a_page_that_takes_for_ever_is_given_up_and_the_others_are_read() -> None:
    said = dict(read_side_by_side([job(10), job(11, url=Endless()), job(12)], processes=1, seconds=2.0))

    assert isinstance(said[1], ExtractError)
    assert "within 2 s" in str(said[1])
    assert [True, True] == [isinstance(said[place], Observation) for place in (0, 2)]


class Deadly(str):
    """A text that ends whoever reads it."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        import os

        return os._exit, (3,)


def test_a_page_that_ends_its_process_is_given_up_and_the_others_are_read() -> None:
    said = dict(read_side_by_side([job(10), job(11, url=Deadly()), job(12)], processes=1))

    assert "exit code 3" in str(said[1])
    assert [True, True] == [isinstance(said[place], Observation) for place in (0, 2)]


def test_nobody_who_stops_early_leaves_a_process_behind() -> None:
    import psutil

    before = {child.pid for child in psutil.Process().children()}
    said = read_side_by_side((job(10) for _ in range(100)), processes=2)
    next(said)
    said.close()  # type: ignore[attr-defined]  # it is a generator

    assert before == {child.pid for child in psutil.Process().children()}


def test_what_takes_for_ever_here_is_given_up_too() -> None:
    with (
        pytest.raises(ExtractError, match=r"acme\.example/pricing: the page could not be read within 0\.2 s"),
        time_box(URL, seconds=0.2),
    ):
        HOPELESS.search("a" * 60 + "!")


def test_the_alarm_is_put_back_as_it_was() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_box(URL, seconds=5.0):
        pass

    assert before == signal.getsignal(signal.SIGALRM)
    assert (0.0, 0.0) == signal.getitimer(signal.ITIMER_REAL)


def test_reading_in_another_thread_is_no_error() -> None:
    done = []

    def read() -> None:
        with time_box(URL):
            done.append(job(10).read())

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()

    assert 1 == len(done)


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 0), (PAGES_PER_PROCESS - 1, 0), (PAGES_PER_PROCESS, 1)])
def test_few_pages_are_not_worth_a_process(count: int, expected: int) -> None:
    assert expected == processes_for(count)
