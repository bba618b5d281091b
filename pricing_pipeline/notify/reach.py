"""Whom a message may reach: Apprise looks names up and connects by itself, so it is watched at the sockets while it does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# The sockets of the whole process are watched, for one sender at a time; other threads are let through as they come.
_ALONE = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Who may be asked: the hosts that are allowed by name and port, and every address that is public."""

    is_allowed: Callable[[str, int], bool]
    is_public: Callable[[str], bool]


class RefusedError(OSError):
    """A connection that was not made because of where it leads."""


@contextmanager
def kept_within(reach: Reach) -> Iterator[list[str]]:
    """Let this thread connect only where it may, whatever a name means by then and wherever a redirect leads.

    What is connected to is an address that the one look-up gave, and those that may not be asked are taken out of its
    answer. The list fills with the hosts that were refused.
    """
    watch = _Watch(reach)
    with (
        _ALONE,
        _swapped(socket, getaddrinfo=watch.looked_up),
        _swapped(socket.socket, **{name: watch.guarded(name) for name in ("connect", "connect_ex", "sendto")}),
    ):
        yield watch.refused


class _Watch:
    """One sending: what its thread looked up, and what it was refused."""

    def __init__(self, reach: Reach) -> None:
        self.refused: list[str] = []
        self._reach = reach
        self._look_up = socket.getaddrinfo
        self._thread = threading.get_ident()
        self._passed: set[str] = set()

    def looked_up(self, host: Any, port: Any, *given: Any, **named: Any) -> list[Any]:
        """Stands in for `socket.getaddrinfo`."""
        found = self._look_up(host, port, *given, **named)
        if threading.get_ident() != self._thread:
            return found
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        kept = [each for each in found if self._may_ask(name, each[4])]
        if not kept:
            self.refused.append(name)
            raise RefusedError(f"{name} leads to a private address")
        self._passed.update(str(each[4][0]) for each in kept)
        return kept

    def guarded(self, name: str) -> Callable[..., Any]:
        """Stands in for a method of sockets whose last argument is an address."""
        method = getattr(socket.socket, name)

        def call(sock: socket.socket, *given: Any) -> Any:
            return method(sock, *given[:-1], self._pinned(sock, given[-1]))

        return call

    def _pinned(self, sock: socket.socket, address: Any) -> Any:
        """The address as it is, where the look-up gave it; else what the look-up makes of it."""
        is_remote = sock.family in (socket.AF_INET, socket.AF_INET6)
        if threading.get_ident() != self._thread or not is_remote or str(address[0]) in self._passed:
            return address
        return self.looked_up(address[0], address[1], sock.family, sock.type)[0][4]

    def _may_ask(self, name: str, address: Any) -> bool:
        return self._reach.is_allowed(name.lower(), address[1]) or self._reach.is_public(str(address[0]))


@contextmanager
def _swapped(owner: Any, **members: Any) -> Iterator[None]:
    """Put these in the place of an object's members for a while."""
    own = {name: vars(owner)[name] for name in members if name in vars(owner)}
    for name, member in members.items():
        setattr(owner, name, member)
    try:
        yield
    finally:
        for name in members:
            delattr(owner, name)
        for name, member in own.items():
            setattr(owner, name, member)
