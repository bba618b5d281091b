"""Starts refreshes that a test may kill: each in a fork of one process that has everything imported and nothing open.

One order a line on standard input, `folder|routes|time`: the process id of the refresh is printed as it starts, its exit status
(negative for a signal) as it ends. `wait` ends the refreshes that are under way first.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from assets.stages import applying, capturing, judgement, publishing, reading
from assets.stages.waiting import waiting
from assets.workshop import open_workshop
from checks.results import CheckOutcome, Status, SuiteResult
from checks.suites import SUITES
from pricing_pipeline.errors import PipelineError
from warehouse.frames import Frame


class OpenDoor:
    """Finds nothing wrong with anything, and does not wait for Great Expectations to load."""

    def run(self, suite: str, frame: Frame, *, at: datetime | None = None) -> SuiteResult:
        outcomes = [
            CheckOutcome(check=check, status=Status.PASSED, checked=len(frame.rows)) for check in SUITES[suite].checks
        ]
        return SuiteResult(suite=suite, results=tuple(outcomes))


def refresh(folder: Path, routes: Mapping[str, str], at: str) -> None:
    """The stages in their order until nothing waits, and the edition."""
    workshop = open_workshop(home=str(folder / "home"), vendors=str(folder / "vendors"), at=at, routes=routes)
    door = OpenDoor()
    capturing.capture_due(workshop)
    while True:
        reading.read_pending(workshop)
        judgement.judge_observations(workshop, door)  # type: ignore[arg-type]  # all that is asked of a door
        applying.apply_accepted(workshop, door)  # type: ignore[arg-type]  # as above
        if not waiting(workshop):
            break
    publishing.make_edition(workshop)


def _start(order: str) -> int:
    child = os.fork()
    if child:
        return child
    folder, routes, at = order.split("|")
    try:
        refresh(Path(folder), json.loads(routes), at)
    except PipelineError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(3)
    except BaseException as error:  # noqa: BLE001 - the child of a fork must not go on as its parent
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(4)
    os._exit(0)


def main() -> None:
    """Take orders until the input ends."""
    for line in sys.stdin:
        orders = line.strip().split("&")
        children = [_start(order) for order in orders]
        print(*children, flush=True)
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(*ended, flush=True)


if __name__ == "__main__":
    main()
