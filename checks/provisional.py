"""The checks answered without Great Expectations, which takes half a second a suite: for the many rounds of a backlog.

The gate decides about one page of a source before the next, so a backlog of 300 pages is 300 rounds. Each is answered here
from the same declarations, and all of them together are then judged by Great Expectations, which must say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from checks.declarations import Check, Suite
from checks.frame import Frame
from checks.memory import Verdict, Verdicts
from checks.outcomes import Rows, outcomes
from checks.results import SuiteResult
from checks.suites import SUITES
from pricing_pipeline.errors import WarehouseError

if TYPE_CHECKING:
    from checks.door import Door

Row = tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """The rows of several frames as one: a product's history stands in every round, mostly as it was, so each row once."""

    columns: Sequence[str]
    seen: dict[Row, None] = field(default_factory=dict)

    @property
    def rows(self) -> Sequence[Row]:
        """Every row, in the order in which it came first."""
        return tuple(self.seen)


@dataclass(slots=True)
class Provisional:
    """Answers round by round, and keeps what it was asked and said until Great Expectations has confirmed it."""

    _asked: dict[str, Gathered] = field(default_factory=dict)
    _failed: dict[str, set[tuple[str, Row]]] = field(default_factory=dict)

    def run(self, suite: str, frame: Frame, *, at: datetime | None = None) -> SuiteResult:  # noqa: ARG002  # as a Door is asked; no page shows this moment
        """How every check of the suite ended on this frame. Raises ValueError for an expectation it has no answer to."""
        result = outcomes(SUITES[suite], frame, answer)
        asked = self._asked.setdefault(suite, Gathered(columns=tuple(frame.columns)))
        asked.seen.update(dict.fromkeys(map(tuple, frame.rows)))
        self._failed.setdefault(suite, set()).update(_failures(result))
        return result

    def confirmed(self, door: Door, *, at: datetime) -> tuple[SuiteResult, ...]:
        """What Great Expectations says of everything that was asked since the last time.

        Raises WarehouseError where that is something else: an installed version judges otherwise than declared.
        """
        results = tuple(door.run(suite, frame, at=at) for suite, frame in self._asked.items())
        for result in results:
            differing = {name for name, _ in self._failed[result.suite] ^ set(_failures(result))}
            if differing:
                raise WarehouseError(
                    f"Great Expectations judges otherwise than the gate did: {result.suite} "
                    f"({', '.join(sorted(differing))}); install the version of the lock file, then `pricing-pipeline rebuild`"
                )
        self._asked.clear()
        self._failed.clear()
        return results


def answer(suite: Suite, rows: Rows, faults: Mapping[str, str]) -> Verdicts:
    """The verdicts by check name, as Great Expectations would give them; a check of a faulty column has none."""
    return {check.name: _verdict(check, rows) for check in suite.checks if not faults.keys() & set(check.columns)}


def _verdict(check: Check, rows: Rows) -> Verdict:
    if check.expectation not in _FAILS:
        raise ValueError(f"check {check.suite}.{check.name}: {check.expectation} is for Great Expectations alone")
    fails, column = _FAILS[check.expectation], str(check.kwargs["column"])
    asked = [place for place, row in enumerate(rows) if check.where is None or row[check.where[0]] in check.where[1]]
    stated = [place for place in asked if rows[place][column] is not None]
    places = tuple(place for place in stated if fails(rows[place][column], check.kwargs))
    return Verdict(success=not places, checked=len(asked if check.empty_passes else stated), places=places)


def _is_outside(value: Any, bounds: Mapping[str, Any]) -> bool:
    low, high = bounds.get("min_value"), bounds.get("max_value")
    return (low is not None and value < low) or (high is not None and value > high)


def _is_stranger(value: object, words: Mapping[str, Any]) -> bool:
    return value not in words["value_set"]


def _is_refused(value: object, words: Mapping[str, Any]) -> bool:
    return value in words["value_set"]


# Whether a cell that is not empty fails, by expectation: those that the rounds of a backlog ask.
_FAILS: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "expect_column_values_to_be_between": _is_outside,
    "expect_column_values_to_be_in_set": _is_stranger,
    "expect_column_values_to_not_be_in_set": _is_refused,
}


def _failures(result: SuiteResult) -> list[tuple[str, Row]]:
    """The checks that failed with each row that failed them; one that broke, with no row."""
    return [
        (outcome.check.name, tuple(_comparable(value) for value in row.values()))
        for outcome in result.results
        for row in (outcome.rows or ({},) if outcome.status.value == "broken" else outcome.rows)
    ]


def _comparable(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
