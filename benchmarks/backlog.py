"""A backlog of one source, a price moved on every page: worked off, as a multiple of reading the same pages and nothing more.

Run: python benchmarks/backlog.py [--captures 300] [--kilobytes 60]
Seconds of this process and of those that it starts, Great Expectations' loading left out; the last line is the multiple, and the
budget is 1.3.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from refresh_many import PLAIN, address, lay_out, page

from assets.stages.backlog import work_off
from assets.stages.reading import read_captures
from assets.stages.replaying import replay
from assets.workshop import Workshop, open_workshop
from checks.door import Door
from pricing_pipeline.captures.entries import CaptureEntry
from pricing_pipeline.captures.saved import SavedPage

PORT = 8099
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def pages(captures: int, kilobytes: int) -> Iterator[SavedPage]:
    """A page a day, its second plan a dollar dearer each time."""
    plain = page(0, PLAIN, kilobytes)
    for day in range(captures):
        yield SavedPage(
            url=f"http://{address(0)}:{PORT}/pricing", body=plain.replace(b">$60 ", b">$%d " % (60 + day)),
            captured_at=FIRST + timedelta(days=day), status=200, content_type="text/html", line=day + 1,
        )  # fmt: skip


def spent() -> float:
    """Seconds of the processors so far, of this process and of those that it started and that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def reading(workshop: Workshop) -> float:
    """What it takes to read every capture of the log."""
    captures = [entry.capture for entry, _ in workshop.log.read() if isinstance(entry, CaptureEntry)]
    began = spent()
    read_captures(workshop, captures)
    return spent() - began


def main() -> None:
    """Measure and print; the multiple comes last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=300)
    parser.add_argument("--kilobytes", type=int, default=60)
    given = parser.parse_args()
    import great_expectations  # noqa: F401  # loaded once however much waits

    with tempfile.TemporaryDirectory(prefix="backlog-") as folder:
        lay_out(Path(folder), 1, PORT)
        workshop = open_workshop(home=str(Path(folder, "home")), vendors=str(Path(folder, "vendors")))
        replay(workshop, pages(given.captures, given.kilobytes))
        alone = reading(workshop)
        began = spent()
        done = work_off(workshop, Door())
        whole = spent() - began
    print(f"reading alone: {alone:.1f} s; {done.captures} captures in {done.batches} turns: {whole:.1f} s, ", end="")
    print(f"{len(done.changes)} changes")
    print(f"{whole / alone:.2f}")


if __name__ == "__main__":
    main()
