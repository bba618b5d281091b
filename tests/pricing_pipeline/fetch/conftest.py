"""A server that a test may break, and a client that is allowed to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.settings import FetchSettings
from tests.servers import LoopbackServer


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


@pytest.fixture
def make_client(server: LoopbackServer) -> Iterator[Callable[..., Client]]:
    """Clients with these settings; the server is allowed unless `allow_hosts` is given."""
    with ExitStack() as stack:

        def make(*, clock: Any = None, robots_cache: Any = None, **settings: Any) -> Client:
            settings = {"allow_hosts": (server.netloc,), "spacing_seconds": 0.0, "total_seconds": 5.0, **settings}
            settings.setdefault("retries", 0)
            given = {"clock": clock} if clock else {}
            client = Client(FetchSettings(**settings), robots_cache=robots_cache, **given)
            return stack.enter_context(client)

        yield make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()
