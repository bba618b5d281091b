"""Many pages at once: many hosts side by side, each host one page at a time."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import UnsafeUrlError, authority, check_url
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.outcomes import FetchRequest, FetchResult, is_passing
from pricing_pipeline.fetch.politeness import Turns

Made = TypeVar("Made")

# A host that has been silent for so many pages in a row, each with its retries, is left alone until the next run: its
# other pages, of which a review site may have hundreds, would take half a minute each.
MOST_SILENCES = 3


def fetch_all(
    requests: Sequence[FetchRequest],
    *,
    client: Client,
    on_result: Callable[[FetchRequest, FetchResult], Made],
    clock: Callable[[], float] = time.monotonic,
) -> list[Made]:
    """Ask for all pages; gives what `on_result` makes of each, in the order of the requests.

    `on_result` is called in this thread, once per request, as the answers come in: it may write files and keep what it
    needs of a body, so that not all bodies are held at once. When it raises, or a person interrupts, everything under
    way is broken off and the error goes on. A failure of a moment is asked for again, as the settings say. Once a host
    asks to be left alone (Retry-After), its other pages are not asked for: they get `rate_limited`, too; and once it
    did not answer for several pages in a row, they get `network_error`.
    """
    return _Round(requests, client=client, on_result=on_result, clock=clock).run()


class _Round(Generic[Made]):
    """One call of `fetch_all`. Workers only fetch; this thread gives out turns and takes in results."""

    def __init__(
        self,
        requests: Sequence[FetchRequest],
        *,
        client: Client,
        on_result: Callable[[FetchRequest, FetchResult], Made],
        clock: Callable[[], float],
    ) -> None:
        self._requests = requests
        self._client = client
        self._on_result = on_result
        self._clock = clock
        self._turns = Turns((_host(request), index) for index, request in enumerate(requests))
        self._made: dict[int, Made] = {}
        self._arrived: deque[tuple[Hashable, int, Future[FetchResult]]] = deque()
        self._arrival = threading.Condition()
        self._running = 0
        self._retried: Counter[int] = Counter()
        self._silences: Counter[Hashable] = Counter()

    def run(self) -> list[Made]:
        workers = ThreadPoolExecutor(self._client.settings.concurrency, thread_name_prefix="fetch")
        try:
            while len(self._made) < len(self._requests):
                self._give_turns(workers)
                self._wait()
                self._take_in()
        except BaseException:
            workers.shutdown(wait=False, cancel_futures=True)
            self._client.stop()
            raise
        finally:
            workers.shutdown(wait=True, cancel_futures=True)
        return [self._made[index] for index in range(len(self._requests))]

    def _give_turns(self, workers: ThreadPoolExecutor) -> None:
        while self._running < self._client.settings.concurrency and (turn := self._turns.take(self._clock())):
            host, index = turn
            self._running += 1
            future = workers.submit(self._client.fetch, self._requests[index], is_retry=index in self._retried)
            future.add_done_callback(partial(self._arrive, host, index))

    def _arrive(self, host: Hashable, index: int, future: Future[FetchResult]) -> None:
        with self._arrival:
            self._arrived.append((host, index, future))
            self._arrival.notify()

    def _wait(self) -> None:
        """Until a result is in, or a waiting host may be asked and there is a worker for it."""
        until = self._turns.waits_until() if self._running < self._client.settings.concurrency else None
        patience = None if until is None else max(0.0, until - self._clock())
        with self._arrival:
            if not self._arrived:
                self._arrival.wait(patience)

    def _take_in(self) -> None:
        """One result at a time, so that no worker waits for turns while several are kept."""
        with self._arrival:
            if not self._arrived:
                return
            host, index, future = self._arrived.popleft()
        self._running -= 1
        self._keep(host, index, future.result())

    def _keep(self, host: Hashable, index: int, result: FetchResult) -> None:
        request = self._requests[index]
        if is_passing(result) and self._retried[index] < self._client.settings.retries:
            self._retried[index] += 1
            pause = max(self._client.settings.retry_seconds, self._client.spacing(request.url))
            self._turns.again(host, index, self._clock() + pause)
            return
        self._silences[host] = self._silences[host] + 1 if result.outcome is Outcome.NETWORK_ERROR else 0
        if result.not_before is not None or self._silences[host] >= MOST_SILENCES:
            for other in self._turns.rest(host):
                spared = _spared(self._requests[other], result)
                self._made[other] = self._on_result(self._requests[other], spared)
        self._turns.done(host, self._clock() + self._client.spacing(request.url))
        self._made[index] = self._on_result(request, result)


def _spared(request: FetchRequest, result: FetchResult) -> FetchResult:
    """What becomes of a page that was not asked for because of what its host did for another one."""
    wants_peace = result.not_before is not None
    why = "wants to be left alone" if wants_peace else f"gave no answer for {MOST_SILENCES} pages in a row"
    return FetchResult(
        url=request.url,
        outcome=Outcome.RATE_LIMITED if wants_peace else Outcome.NETWORK_ERROR,
        fetched_at=result.fetched_at,
        not_before=result.not_before,
        message=f"not asked: the host {why}",
    )


def _host(request: FetchRequest) -> str:
    """Whose turn a request waits for. An address that will be refused waits for nobody."""
    try:
        return authority(check_url(request.url))
    except UnsafeUrlError:
        return authority(request.url) if "//" in request.url else request.url
