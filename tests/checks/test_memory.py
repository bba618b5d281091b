"""What was judged is remembered for just the frame, the declaration and the library that it was said of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.door import Door
from checks.memory import Memory, Verdict, Verdicts
from checks.suites import SUITES
from tests.checks.rows import SOUND, failed, frame

SUITE = SUITES["captures"]
ROWS = [dict(SOUND["captures"]), {**SOUND["captures"], "source_id": "acme/acme-cloud/reviews", "overdue": True}]
SAID: Verdicts = {check.name: Verdict(success=True, checked=2) for check in SUITE.checks} | {
    "verified_within_cadence": Verdict(checked=2, places=(1,))
}


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory that holds what was said of these rows."""
    kept = Memory(tmp_path)
    kept.keep(SUITE, ROWS, SAID)
    return kept


def test_the_same_rows_have_the_same_verdicts(memory: Memory) -> None:
    assert SAID == memory.recall(SUITE, [dict(row) for row in ROWS])


def test_what_no_check_reads_makes_no_difference(memory: Memory) -> None:
    """The hours since a page was confirmed move with every run; whether it is overdue does not."""
    assert SAID == memory.recall(SUITE, [{**row, "age_hours": 9.75} for row in ROWS])


READ = dict.fromkeys((*SUITE.identity, *(name for check in SUITE.checks for name in check.columns)))


@pytest.mark.parametrize("column", READ)
def test_any_other_value_that_a_check_reads_is_judged_anew(memory: Memory, column: str) -> None:
    other: Any = "another" if isinstance(ROWS[0][column], str) else not ROWS[0][column]

    assert memory.recall(SUITE, [{**ROWS[0], column: other}, ROWS[1]]) is None


def test_other_rows_another_order_and_another_declaration_are_judged_anew(memory: Memory) -> None:
    stricter = replace(
        SUITE, checks=(replace(SUITE.checks[0], kwargs={"column": "outcome", "value_set": []}), *SUITE.checks[1:])
    )

    assert memory.recall(SUITE, ROWS[:1]) is None
    assert memory.recall(SUITE, ROWS[::-1]) is None
    assert memory.recall(stricter, ROWS) is None


def test_another_version_of_the_library_is_asked_anew(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.memory.version", lambda _: "0.0")

    assert memory.recall(SUITE, ROWS) is None


def test_a_check_that_raised_is_not_remembered(tmp_path: Path) -> None:
    memory = Memory(tmp_path)

    memory.keep(SUITE, ROWS, {**SAID, "outcome_known": Verdict(raised="no such column")})

    assert memory.recall(SUITE, ROWS) is None


@given(torn=st.binary(max_size=40))
def test_a_torn_memory_is_no_memory(tmp_path_factory: pytest.TempPathFactory, torn: bytes) -> None:
    folder = tmp_path_factory.mktemp("torn")
    (folder / "captures.json").write_bytes(torn)

    assert Memory(folder).recall(SUITE, ROWS) is None


def test_a_door_that_remembers_asks_once_and_tells_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the figures of the rows as they are now."""
    first = Door(tmp_path, remembers=True).run("captures", frame("captures", {}, {"overdue": True, "age_hours": 80.0}))
    monkeypatch.setattr(Door, "_validate", lambda *_: pytest.fail("Great Expectations was asked again"))

    again = Door(tmp_path, remembers=True).run("captures", frame("captures", {}, {"overdue": True, "age_hours": 81.0}))

    assert ["verified_within_cadence"] == failed(first.results) == failed(again.results)
    assert [(one.status, one.checked) for one in first.results] == [(one.status, one.checked) for one in again.results]
    (said,) = (one.message for one in again.results if one.check.name == "verified_within_cadence")
    assert "81 hours ago" in said
