"""The declarations themselves, which are plain data and need no Great Expectations."""

from __future__ import annotations

import string

import pytest

from checks.declarations import Check, CheckSeverity, ColumnKind, Suite
from checks.suites import SUITES
from tests.checks.rows import BROKEN, SOUND

CHECKS = [check for suite in SUITES.values() for check in suite.checks]


def test_every_declared_check_has_a_frame_that_breaks_it() -> None:
    """A check that cannot fail is worse than none; a new one must come with what breaks it."""
    assert [(check.suite, check.name) for check in CHECKS] == list(dict.fromkeys(BROKEN))


def test_the_frames_are_the_ones_agreed_with_the_warehouse() -> None:
    assert {name: set(row) for name, row in SOUND.items()} == {
        name: set(suite.columns) for name, suite in SUITES.items()
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.suite}.{check.name}")
def test_the_sentence_of_a_check_speaks_only_of_columns_that_are_there(check: Check) -> None:
    named = {field for _, field, _, _ in string.Formatter().parse(check.says) if field}

    assert set() == named - set(SUITES[check.suite].columns)
    assert check.name in {one.name for one in SUITES[check.suite].checks}
    assert check.description.endswith(".")


def test_only_what_makes_everything_downstream_untrue_blocks() -> None:
    """One broken vendor never stops the others, and a contradicted claim stops its own page only."""
    assert {"history", "edition"} == {check.suite for check in CHECKS if check.blocking}
    assert all(check.blocking for check in CHECKS if check.suite in ("history", "edition"))
    assert {CheckSeverity.CRITICAL} == {check.severity for check in CHECKS if check.blocking}


def test_the_two_suites_of_the_gate_share_no_name() -> None:
    """They are shown on one asset, and the gate knows a rule by the name of its check alone."""
    names = [check.name for check in CHECKS if check.suite in ("observations", "step")]

    assert sorted(set(names)) == sorted(names)


def test_the_vendors_doing_is_a_warning_and_no_fault_of_ours() -> None:
    assert {CheckSeverity.WARNING} == {check.severity for check in SUITES["changes"].checks}


def test_a_check_of_a_column_that_its_frame_lacks_cannot_be_declared() -> None:
    check = Check(
        name="lost",
        suite="trial",
        expectation="expect_column_values_to_not_be_null",
        kwargs={"column": "price"},
        severity=CheckSeverity.INFO,
        description="A column that nobody gives.",
        says="{id}",
    )

    with pytest.raises(ValueError, match=r"trial\.lost reads columns that its frame does not hold: \['price'\]"):
        Suite(name="trial", asks_of="a trial", identity=("id",), columns={"id": ColumnKind.WORD}, checks=(check,))


def test_rows_named_by_a_column_that_the_frame_lacks_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="names its rows by columns"):
        Suite(name="trial", asks_of="a trial", identity=("price",), columns={"id": ColumnKind.WORD}, checks=())
