"""Whose turn it is: one request at a time per host, with a pause between two. Knows no clock and no threads."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Turns(Generic[Item]):
    """Items grouped by host. Moments are seconds of any one monotonic clock; hosts take turns in the order given."""

    def __init__(self, items: Iterable[tuple[Hashable, Item]]) -> None:
        self._queues: dict[Hashable, deque[Item]] = {}
        for host, item in items:
            self._queues.setdefault(host, deque()).append(item)
        # (moment from which the host may be asked, order, host); a host that is being asked is not in here.
        self._next = [(0.0, order, host) for order, host in enumerate(self._queues)]
        self._order = len(self._next)

    def take(self, now: float) -> tuple[Hashable, Item] | None:
        """The next host that may be asked now, and what for; it gets no other turn before `done`."""
        if not self._next or self._next[0][0] > now:
            return None
        _, _, host = heapq.heappop(self._next)
        return host, self._queues[host].popleft()

    def done(self, host: Hashable, next_from: float) -> None:
        """The host has answered, and may be asked again from this moment on."""
        if self._queues[host]:
            self._order += 1
            heapq.heappush(self._next, (next_from, self._order, host))

    def again(self, host: Hashable, item: Item, next_from: float) -> None:
        """The host has answered, but this must be asked for once more, before anything else and from this moment on."""
        self._queues[host].appendleft(item)
        self.done(host, next_from)

    def rest(self, host: Hashable) -> list[Item]:
        """Take away all that this host was still to be asked for, as when it wants to be left alone."""
        left = list(self._queues[host])
        self._queues[host].clear()
        return left

    def waits_until(self) -> float | None:
        """The moment from which the next waiting host may be asked; None where no host waits."""
        return self._next[0][0] if self._next else None
