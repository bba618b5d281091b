"""What became of a suite: an outcome for every declared check, where Great Expectations knows only success or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.declarations import Check


class Status(StrEnum):
    """How a check ended. Only `passed` is green."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"  # it raised, or could not be judged: nothing is known
    EMPTY = "empty"  # it had no row to judge


# What a suite as a whole is called, by the first of these among its checks. Empty comes last: beside checks that
# passed, one that had no row of its kind to judge takes nothing away.
_WORST = (Status.BROKEN, Status.FAILED, Status.PASSED, Status.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """How one check ended: the rows it judged, and the ids and rows that failed it, in the frame's order."""

    check: Check
    status: Status
    checked: int = 0
    unexpected: tuple[str, ...] = ()
    rows: tuple[Mapping[str, object], ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteResult:
    """How every check of one suite ended, in the order of their declaration."""

    suite: str
    results: tuple[CheckOutcome, ...]

    @property
    def status(self) -> Status:
        """The worst status among the checks that had something to judge; empty where none of them had."""
        found = {outcome.status for outcome in self.results}
        return next((status for status in _WORST if status in found), Status.EMPTY)

    @property
    def blocked(self) -> tuple[CheckOutcome, ...]:
        """The outcomes that must stop everything downstream: blocking checks that failed or broke."""
        return tuple(
            outcome
            for outcome in self.results
            if outcome.check.blocking and outcome.status in (Status.FAILED, Status.BROKEN)
        )


def sentence(check: Check, row: Mapping[str, object]) -> str:
    """What a check says of one row that failed it, with the row's own figures."""
    return check.says.format_map({name: _plain(value) for name, value in row.items()})


def _plain(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float):
        # Two places tell a ratio of 11.05 from one of 11; a rate below one keeps the digits that it has.
        return f"{value:.{2 if abs(value) >= 1 else 10}f}".rstrip("0").rstrip(".")
    return str(value)
