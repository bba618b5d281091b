"""A whole refresh of many generated sources on loopback: fetched, read, judged, taken into history, priced, published.

Run: python benchmarks/refresh_many.py [--sources 1000] [--kilobytes 60] [--out DIR]
The program is run as its users run it, a process each time, with Dagster, Great Expectations and the edition: for the
first time, with nothing due (what starting up costs), twice with nothing changed (304), and with a price changed on every
page.
Seconds by the clock and of the processors (which tell more on a busy machine) and the most memory of each, of all its
processes together, are printed; the last line is the most memory of all, in MB, and the budget is 700.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import psutil

VENDOR = """\
name: Vendor {number}
homepage: http://{address}:{port}/
categories: [{category}]
products:
  - slug: product-{number}
    name: Product {number}
    sources:
      - kind: pricing
        url: http://{address}:{port}/pricing
        every: 1d
        currency: USD
        expect: [Solo, Team]
"""
SETTINGS = """\
contact: https://example.org/bot
fetch:
  allow_hosts: ["127.0.0.0/8"]
"""
WORKLOADS = """\
workloads:
  - slug: one-seat
    name: One seat
    usage: {seat: 1}
  - slug: ten-thousand-credits
    name: Ten thousand credits
    usage: {seat: 1, credit: 10000}
"""
CARD = """<div class="{look}plan"><h3>{name}</h3><p class="{look}price">${fee} <span>/month</span></p><ul><li>{seats} users</li>
<li>{included} credits included</li><li>$0.0{rate} per additional credit</li></ul><a href="/start">Choose {name}</a></div>
"""
PROSE = (
    "<section><h2>Why teams stay</h2><p>Runs on time, lineage that explains itself, people who answer.</p></section>\n"
)

# The versions of a page: as it was; one price raised; another look and build of the same; nothing included any more.
PLAIN, DEARER, RESTYLED, EMPTIED = 1, 2, 3, 4


def address(number: int) -> str:
    """The loopback address of a source."""
    return f"127.0.{number // 250 + 1}.{number % 250 + 1}"


def page(number: int, version: int, kilobytes: int) -> bytes:
    """The pricing page of one source, in one of its versions."""
    look = "css-9f3a-" if version == RESTYLED else ""
    plans = [
        ("Solo", 5 + number % 40, 1),
        ("Team", 60 + number % 200 + (version == DEARER), 5),
        ("Business", 400 + number % 90, 25),
    ]
    cards = "".join(
        CARD.format(
            name=name,
            fee=fee,
            seats=seats,
            look=look,
            included="No" if version == EMPTIED else f"{seats * 2500:,}",
            rate=3 + number % 5 + (version == EMPTIED),
        )
        for name, fee, seats in plans
    )
    built = f'<meta name="build" content="{version}"><script nonce="{version * 7919:x}">window.b={version}</script>'
    start = (
        f"<!doctype html><html lang=en><head><title>Pricing</title>{built}</head><body><main><h1>Plans and pricing</h1>"
    )
    body = f'{start}<section class="{look}plans">{cards}</section>{{}}</main></body></html>'
    trusted = f"<p>Trusted by {12_031 + version * 17:,} teams</p>"  # what moves every day on a page, and says nothing
    return body.replace("{}", trusted + PROSE * (kilobytes * 1000 // len(PROSE))).encode()


class Street:
    """A process that answers at every address, on one port, with the pages of the present version, and counts them."""

    def __init__(self, count: int, kilobytes: int) -> None:
        self.count = count
        self.version: Synchronized[int] = multiprocessing.Value("i", PLAIN)
        self._answered = multiprocessing.Array("i", 2)
        here, there = multiprocessing.Pipe()
        given = (count, kilobytes, self.version, self._answered, there)
        self._process = multiprocessing.Process(target=serve, args=given, daemon=True)
        self._process.start()
        self.port: int = here.recv()

    def answered(self) -> tuple[int, int]:
        """How many pages were sent, and how often nothing had changed, since this was asked last."""
        sent, unchanged = self._answered[:]
        self._answered[:] = [0, 0]
        return sent, unchanged

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()


def serve(count: int, kilobytes: int, version: Synchronized[int], answered: Any, told: Connection) -> None:
    """What the process of a street does."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = writer.get_extra_info("sockname")[0].split(".")
        number = (int(here[2]) - 1) * 250 + int(here[3]) - 1
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(reply := _reply(request, number, version.value, kilobytes))
                if not request.startswith(b"GET /robots.txt"):
                    answered[int(reply.startswith(b"HTTP/1.1 304"))] += 1
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, address(0), 0, backlog=512)
        port = server.sockets[0].getsockname()[1]
        rest = await asyncio.start_server(answer, [address(number) for number in range(1, count)], port)
        told.send(port)
        async with server, rest:
            await asyncio.Event().wait()

    asyncio.run(run())


def _reply(request: bytes, number: int, version: int, kilobytes: int) -> bytes:
    if request.startswith(b"GET /robots.txt"):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    etag = f'"v{version}"'
    if f"If-None-Match: {etag}".encode() in request:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
    body = page(number, version, kilobytes)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def lay_out(out: Path, count: int, port: int) -> None:
    """A vendor file for each source, beside settings and workloads."""
    (out / "vendors").mkdir(parents=True)
    (out / "comparisons").mkdir()
    (out / "settings.yaml").write_text(SETTINGS)
    (out / "workloads.yaml").write_text(WORKLOADS)
    for number in range(count):
        text = VENDOR.format(number=number, address=address(number), port=port, category=f"field-{number % 10}")
        (out / "vendors" / f"vendor-{number}.yaml").write_text(text)


@dataclass(frozen=True)
class Run:
    """What one run of the program took."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    outcomes: Counter[str]
    changes: int


def watched(process: subprocess.Popen[bytes]) -> tuple[float, float, float]:
    """Wait for a process to end; its seconds by the clock and of the processors, and its most memory in MB."""
    began = time.perf_counter()
    most, ended = 0.0, threading.Event()

    def look() -> None:
        nonlocal most
        while not ended.wait(0.2):
            most = max(most, _resident(process.pid) / 1e6)

    looking = threading.Thread(target=look)
    looking.start()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    looking.join()
    return seconds, used.ru_utime + used.ru_stime, max(most, used.ru_maxrss / 1000)


def _resident(pid: int) -> int:
    """Bytes of memory of a process and of all that it started."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
    return total


def refresh(out: Path, *options: str) -> Run:
    """Run the program once, and look at what it published."""
    environment = {
        **os.environ,
        "PRICING_PIPELINE_HOME": str(out / "home"),
        "PRICING_PIPELINE_VENDORS": str(out / "vendors"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling all modules anew each time is not what is measured
    with (out / "output.txt").open("ab") as output:
        command = [sys.executable, "-m", "pricing_pipeline.cli", "refresh", *options]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        seconds, cpu_seconds, megabytes = watched(process)
    if process.returncode != 0:
        raise SystemExit(f"exit code {process.returncode}: see {out / 'output.txt'}")
    published = out / "home" / "editions" / "current" / "v1"
    sources = json.loads((published / "freshness.json").read_text("utf-8"))["sources"]
    changes = json.loads((published / "changes.json").read_text("utf-8"))["changes"]
    return Run(seconds, cpu_seconds, megabytes, Counter(source["outcome"] for source in sources), len(changes))


def main() -> None:
    """Measure and print; the memory comes last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--kilobytes", type=int, default=60)
    parser.add_argument("--out", type=Path, help="where everything is put; default: a temporary folder")
    given = parser.parse_args()
    out = given.out or Path(tempfile.mkdtemp(prefix="refresh-many-"))
    street = Street(given.sources, given.kilobytes)
    lay_out(out, given.sources, street.port)
    runs = {"first": refresh(out), "nothing due": refresh(out), "nothing changed": refresh(out, "--force")}
    # The day after: what it finds is what the last one found, too.
    runs["nothing changed again"] = refresh(out, "--force")
    street.version.value = DEARER
    runs["everything changed"] = refresh(out, "--force")
    street.close()
    for name, run in runs.items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(run.outcomes.items()))
        took = f"{run.seconds:.1f} s ({run.cpu_seconds:.1f} s of processors), {run.megabytes:.0f} MB"
        print(f"{name}: {took}; {told}; {run.changes} changes on record")
    print(f"everything in {out}")
    print(f"{max(run.megabytes for run in runs.values()):.0f}")


if __name__ == "__main__":
    main()
