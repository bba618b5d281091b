"""From outcomes to findings, rows of the warehouse and a summary, without Great Expectations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.findings import findings, results
from checks.results import CheckOutcome, Status, SuiteResult, sentence
from checks.suites import SUITES
from pricing_pipeline.catalog import CheckResult
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Severity
from pricing_pipeline.results import Finding
from tests.checks.rows import BROKEN, SOUND

AT = datetime(2026, 5, 1, 6, tzinfo=UTC)


def outcome(suite: str, check: str, status: Status, *, message: str = "") -> CheckOutcome:
    """How a check of the suite might have ended; a failed one has one row, broken as its check expects it."""
    declared = next(one for one in SUITES[suite].checks if one.name == check)
    rows = ({**SOUND[suite], **BROKEN[suite, check]},) if status is Status.FAILED else ()
    ids = tuple(str(row[SUITES[suite].identity[0]]) for row in rows)
    checked = 3 if status in (Status.FAILED, Status.PASSED) else 0
    return CheckOutcome(check=declared, status=status, checked=checked, unexpected=ids, rows=rows, message=message)


def result(suite: str, *outcomes: CheckOutcome) -> SuiteResult:
    return SuiteResult(suite=suite, results=outcomes)


def test_a_row_that_failed_is_a_finding_in_words_with_its_figures() -> None:
    judged = result("step", outcome("step", "no_suspicious_ratio", Status.FAILED))

    expected = Finding(
        check="no_suspicious_ratio",
        observation_id="o1",
        severity=Severity.CRITICAL,
        message="solo/recurring_fee/month 10 -> 120 (x12)",
        suspicion="x12",
    )
    assert (expected,) == findings(judged)


def test_a_suite_without_suspicions_names_none() -> None:
    judged = result("observations", outcome("observations", "no_conflicts", Status.FAILED))

    (finding,) = findings(judged)

    assert (None, Severity.NOTICE) == (finding.suspicion, finding.severity)
    assert "the page contradicts itself on 1 of 9 terms" == finding.message


@pytest.mark.parametrize("status", [Status.PASSED, Status.EMPTY])
def test_what_did_not_fail_is_no_finding(status: Status) -> None:
    assert () == findings(result("observations", outcome("observations", "no_conflicts", status)))


def test_nothing_is_decided_while_a_check_could_not_look() -> None:
    """An observation without findings is accepted, so a check that broke must not look like one that found nothing."""
    broken = outcome("observations", "evidence_in_page", Status.BROKEN, message="column without_evidence is missing")

    with pytest.raises(WarehouseError, match=r"observations\.evidence_in_page: column without_evidence is missing"):
        findings(result("observations", outcome("observations", "no_conflicts", Status.FAILED), broken))


def test_suites_about_other_things_than_observations_give_the_gate_nothing() -> None:
    assert () == findings(result("history", outcome("history", "intervals_do_not_overlap", Status.FAILED)))


def test_every_outcome_is_a_row_of_the_warehouse() -> None:
    judged = result("history", outcome("history", "intervals_do_not_overlap", Status.FAILED, message="1 of 3: overlap"))

    expected = CheckResult(
        suite="history",
        check="intervals_do_not_overlap",
        status="failed",
        severity="critical",
        checked=3,
        unexpected=1,
        message="1 of 3: overlap",
        at=AT,
    )
    assert (expected,) == results(judged, AT)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.PASSED, Status.FAILED, Status.BROKEN), Status.BROKEN),
        ((Status.PASSED, Status.FAILED, Status.EMPTY), Status.FAILED),
        ((Status.PASSED, Status.EMPTY), Status.PASSED),
        ((Status.EMPTY, Status.EMPTY), Status.EMPTY),
    ],
    ids=["broken", "failed", "passed", "empty"],
)
def test_a_suite_is_called_by_the_worst_of_its_checks(statuses: tuple[Status, ...], expected: Status) -> None:
    names = [check.name for check in SUITES["history"].checks]
    judged = result("history", *(outcome("history", name, one) for name, one in zip(names, statuses, strict=False)))

    assert expected == judged.status


@pytest.mark.parametrize(
    ("suite", "check", "status", "stops"),
    [
        ("history", "intervals_do_not_overlap", Status.FAILED, True),
        ("history", "intervals_do_not_overlap", Status.BROKEN, True),
        ("history", "intervals_do_not_overlap", Status.EMPTY, False),
        ("changes", "no_silent_cost_rise", Status.FAILED, False),
        ("changes", "no_silent_cost_rise", Status.BROKEN, False),
    ],
)
def test_a_blocking_check_stops_what_follows_when_it_failed_or_could_not_look(
    suite: str, check: str, status: Status, stops: bool
) -> None:
    assert stops == bool(result(suite, outcome(suite, check, status)).blocked)


@pytest.mark.parametrize(
    ("value", "shown"), [(10.0, "10"), (0.035, "0.035"), (None, "nothing"), (31, "31"), (-1.5, "-1.5"), (100.0, "100")]
)
def test_figures_are_told_without_decimals_that_say_nothing(value: float | None, shown: str) -> None:
    check = next(check for check in SUITES["step"].checks if check.name == "price_not_vanished")

    assert f"acme: solo {shown} -> nothing" == sentence(
        check, {"source_id": "acme", "subject": "solo", "before": value}
    )
