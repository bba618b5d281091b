"""What a suite's result means to others: findings for the gate, rows for the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from checks.declarations import CheckSeverity, Suite
from checks.results import CheckOutcome, Status, SuiteResult, sentence
from checks.suites import SUITES
from pricing_pipeline.catalog import CheckResult
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Severity
from pricing_pipeline.results import Finding

_SEVERITIES: Mapping[CheckSeverity, Severity] = {
    CheckSeverity.CRITICAL: Severity.CRITICAL,
    CheckSeverity.WARNING: Severity.NOTICE,
    CheckSeverity.INFO: Severity.INFO,
}


def findings(result: SuiteResult) -> tuple[Finding, ...]:
    """One finding for every row that failed a check, for suites whose rows are about observations; else none.

    Raises WarehouseError where one of them is broken: it names no rows, and to decide without it would be to accept
    unseen. What is staged then stays staged until it can be judged.
    """
    suite = SUITES[result.suite]
    if "observation_id" not in suite.columns:
        return ()
    broken = [
        f"check {suite.name}.{one.check.name}: {one.message}" for one in result.results if one.status is Status.BROKEN
    ]
    if broken:
        raise WarehouseError("; ".join(broken))
    return tuple(finding for outcome in result.results for finding in _findings_of(outcome, suite))


def results(result: SuiteResult, at: datetime) -> tuple[CheckResult, ...]:
    """The rows of `check_result`, one for every check of the suite, in the order of their declaration."""
    return tuple(
        CheckResult(
            suite=result.suite,
            check=outcome.check.name,
            status=outcome.status.value,
            severity=outcome.check.severity.value,
            checked=outcome.checked,
            unexpected=len(outcome.unexpected),
            message=outcome.message,
            at=at,
        )
        for outcome in result.results
    )


def _findings_of(outcome: CheckOutcome, suite: Suite) -> Iterator[Finding]:
    for row in outcome.rows:
        suspicion = row[suite.suspicion] if suite.suspicion else None
        yield Finding(
            check=outcome.check.name,
            observation_id=str(row["observation_id"]),
            severity=_SEVERITIES[outcome.check.severity],
            # a finding stands beside its source wherever it is shown
            message=sentence(outcome.check, row).removeprefix(f"{row['source_id']}: "),
            suspicion=None if suspicion is None else str(suspicion),
        )
