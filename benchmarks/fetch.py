"""1,000 sources on 1,000 loopback hosts: the fetch stage against a bare concurrent requests loop over the same pages.

Run: python benchmarks/fetch.py [--sources 1000] [--kilobytes 100] [--rounds 3]
The last line is the ratio when nothing has changed (304), robots.txt known; the budget is 1.5.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import requests

from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.pool import fetch_all
from pricing_pipeline.fetch.settings import FetchSettings

ETAG = '"v1"'
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
NOT_MODIFIED = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()


def addresses(count: int) -> list[str]:
    """As many addresses of 127.0.0.0/8 as there are sources."""
    return [f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(count)]


def serve(count: int, kilobytes: int, told: Connection) -> None:
    """One process that answers at every address, on the same port."""
    body = b"<!doctype html><html><body>" + b"<p>Solo $10 a month</p>" * (kilobytes * 1000 // 23) + b"</body></html>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: {ETAG}\r\nContent-Length: {len(body)}\r\n\r\n"
    page = head.encode() + body

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                if request.startswith(b"GET /robots.txt"):
                    writer.write(NOT_FOUND)
                else:
                    writer.write(NOT_MODIFIED if b"If-None-Match" in request else page)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, addresses(count)[0], 0)
        port = server.sockets[0].getsockname()[1]
        rest = await asyncio.start_server(answer, addresses(count)[1:], port)
        told.send(port)
        async with server, rest:
            await asyncio.Event().wait()

    asyncio.run(run())


def bare(urls: Sequence[str], *, concurrency: int, headers: dict[str, str]) -> None:
    """The loop that one would write in ten lines: a pool of threads, a session each."""
    local = threading.local()

    def get(url: str) -> int:
        if not hasattr(local, "session"):
            local.session = requests.Session()
        return len(local.session.get(url, headers=headers, timeout=30).content)

    with ThreadPoolExecutor(concurrency) as workers:
        list(workers.map(get, urls))


def ours(urls: Sequence[str], *, robots: Path, etag: str | None) -> None:
    """The fetch stage as a refresh calls it, without what is done with the answers."""
    settings = FetchSettings(allow_hosts=("127.0.0.0/8",))
    asked = [FetchRequest(url=url, etag=etag) for url in urls]
    with Client(settings, robots_cache=robots) as client:
        outcomes = fetch_all(asked, client=client, on_result=lambda _, result: result.outcome)
    expected = "not_modified" if etag else "fetched"
    if set(outcomes) != {expected}:
        raise SystemExit(f"expected {expected} only, got {sorted(set(outcomes))}")


def seconds(work: Callable[[], None]) -> float:
    """How long this takes by the wall clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(urls: Sequence[str], *, robots: Path, rounds: int, etag: str | None) -> float:
    """Print the medians of both, taken in turns, and give their ratio."""
    headers = {"If-None-Match": etag} if etag else {}
    concurrency = FetchSettings().concurrency
    theirs, own = [], []
    for _ in range(rounds):
        theirs.append(seconds(lambda: bare(urls, concurrency=concurrency, headers=headers)))
        own.append(seconds(lambda: ours(urls, robots=robots, etag=etag)))
    ratio = statistics.median(own) / statistics.median(theirs)
    what = "nothing changed (304)" if etag else "everything sent (200)"
    bare_seconds, own_seconds = statistics.median(theirs), statistics.median(own)
    print(f"{what}: bare loop {bare_seconds:.2f} s, fetch stage {own_seconds:.2f} s, ratio {ratio:.2f}")
    return ratio


def main() -> None:
    """Measure and print; the ratio comes last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--kilobytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(given.sources, given.kilobytes, there), daemon=True)
    server.start()
    port = here.recv()
    urls = [f"http://{address}:{port}/pricing" for address in addresses(given.sources)]
    with tempfile.TemporaryDirectory() as folder:
        robots = Path(folder) / "robots.jsonl"
        first = seconds(lambda: ours(urls, robots=robots, etag=None))
        print(f"first run, robots.txt of every host asked, too: {first:.2f} s")
        compare(urls, robots=robots, rounds=given.rounds, etag=None)
        ratio = compare(urls, robots=robots, rounds=given.rounds, etag=ETAG)
    server.terminate()
    server.join()
    print(f"{ratio:.2f}")


if __name__ == "__main__":
    main()
