"""The rounds of a backlog are judged by the declarations themselves, and Great Expectations has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from checks.door import Door
from checks.findings import findings
from checks.provisional import Provisional
from checks.results import CheckOutcome, SuiteResult
from checks.suites import SUITES
from pricing_pipeline.errors import WarehouseError
from tests.checks.rows import BROKEN, Rows, frame, named

AT = datetime(2026, 5, 1, 6, tzinfo=UTC)
ROUNDS = ("observations", "step", "history")
IDS = [".".join(key) for key in BROKEN if key[0] in ROUNDS]


def row(suite: str, name: str, **cells: object) -> dict[str, object]:
    return {**named(suite, name), **cells}


def everything(suite: str) -> list[dict[str, object]]:
    """A sound row, one that breaks each check of a suite, and one with every cell empty that may be."""
    spoilt = [row(suite, f"b{place}", **cells) for place, ((of, _), cells) in enumerate(BROKEN.items()) if of == suite]
    kinds = SUITES[suite].columns
    bare = row(suite, "bare", **{name: None for name in kinds if kinds[name] in ("number",)})
    return [named(suite, "sound"), *spoilt, bare]


def told(outcome: CheckOutcome) -> tuple[object, ...]:
    return outcome.check.name, outcome.status, outcome.checked, outcome.unexpected, outcome.rows, outcome.message


@pytest.fixture(scope="module")
def door() -> Door:
    """One door without a folder, since opening one costs seconds."""
    return Door()


@pytest.mark.parametrize("suite", ROUNDS)
def test_the_answers_are_those_of_great_expectations(door: Door, suite: str) -> None:
    rows = frame(suite, *everything(suite))

    assert [*map(told, door.run(suite, rows, at=AT).results)] == [*map(told, Provisional().run(suite, rows).results)]


@pytest.mark.parametrize("key", [key for key in BROKEN if key[0] in ROUNDS], ids=IDS)
def test_every_check_of_a_round_fails_where_its_row_is_broken(key: tuple[str, str]) -> None:
    suite, check = key
    found = Provisional().run(suite, frame(suite, named(suite, "a"), row(suite, "b", **BROKEN[key])))

    assert [check] == [outcome.check.name for outcome in found.results if outcome.unexpected]


def test_a_count_that_is_missing_is_broken_and_not_passed_over() -> None:
    found = Provisional().run("observations", frame("observations", row("observations", "a", conflicts=None)))

    with pytest.raises(WarehouseError, match="no_conflicts"):
        findings(found)


def test_what_only_great_expectations_can_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="for Great Expectations alone"):
        Provisional().run("captures", frame("captures", named("captures", "a")))


def test_all_rounds_are_confirmed_at_once_and_a_row_that_stood_in_several_is_asked_once() -> None:
    rounds, last_word = Provisional(), Recorder()
    for name in ("a", "b"):
        rounds.run("history", frame("history", named("history", "acme"), named("history", name)))
    rounds.confirmed(last_word, at=AT)  # type: ignore[arg-type]  # all that is asked of a door
    rounds.confirmed(last_word, at=AT)  # type: ignore[arg-type]  # as above

    assert [("history", 3)] == last_word.asked


def test_great_expectations_saying_otherwise_stops_everything() -> None:
    rounds = Provisional()
    rounds.run("step", frame("step", row("step", "a", suspicion="x12")))

    with pytest.raises(WarehouseError, match=r"judges otherwise than the gate did: step \(no_suspicious_ratio\)"):
        rounds.confirmed(Recorder(forgives="no_suspicious_ratio"), at=AT)  # type: ignore[arg-type]  # as above


@dataclass
class Recorder:
    """Answers as declared, but for one check that it forgives; keeps how many rows it was asked about."""

    forgives: str = ""

    def __post_init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def run(self, suite: str, rows: Rows, *, at: datetime) -> SuiteResult:  # as a door is asked
        self.asked.append((suite, len(rows.rows)))
        honest = Provisional().run(suite, rows)
        return replace(honest, results=self._forgiven(honest.results))

    def _forgiven(self, outcomes: Sequence[CheckOutcome]) -> tuple[CheckOutcome, ...]:
        return tuple(replace(one, rows=()) if one.check.name == self.forgives else one for one in outcomes)
