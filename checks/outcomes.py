"""How the checks of a suite ended on a frame, whoever answered them: sentences and states out of bare verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checks.declarations import Check, Suite
from checks.frame import Frame, check_fault, column_faults, rows_of
from checks.memory import Verdicts
from checks.results import CheckOutcome, Status, SuiteResult, sentence

Rows = Sequence[Mapping[str, object]]
# Answers every check of a suite on rows, of which some columns (with the reason) cannot be judged.
Answer = Callable[[Suite, Rows, Mapping[str, str]], Verdicts]
_SENTENCES = 3


def outcomes(suite: Suite, frame: Frame, answer: Answer) -> SuiteResult:
    """Every check of the suite on this frame. `answer` is asked only where there is something to judge."""
    rows = rows_of(frame)
    faults = column_faults(suite, frame)
    reasons = {check.name: check_fault(check, suite, faults) for check in suite.checks}
    verdicts: Verdicts = answer(suite, rows, faults) if rows and not all(reasons.values()) else {}
    ended = (_outcome(check, suite, rows, reasons[check.name], verdicts) for check in suite.checks)
    return SuiteResult(suite=suite.name, results=tuple(ended))


def _outcome(check: Check, suite: Suite, rows: Rows, fault: str | None, verdicts: Verdicts) -> CheckOutcome:
    """Passed, failed, broken or empty: Great Expectations says success to no rows, and failure to what raised."""
    if fault is not None:
        return CheckOutcome(check=check, status=Status.BROKEN, message=fault)
    if not rows:
        return CheckOutcome(check=check, status=Status.EMPTY, message="nothing checked: the frame has no rows")
    verdict = verdicts[check.name]
    if verdict.raised is not None:
        return CheckOutcome(check=check, status=Status.BROKEN, message=f"the check itself raised: {verdict.raised}")
    if verdict.checked == 0:
        return CheckOutcome(check=check, status=Status.EMPTY, message="nothing checked: no row of this kind")
    if verdict.success:
        return CheckOutcome(
            check=check, status=Status.PASSED, checked=verdict.checked, message=f"{verdict.checked} checked"
        )
    return _failed(check, suite, verdict.checked, [rows[place] for place in verdict.places])


def _failed(check: Check, suite: Suite, checked: int, rows: Rows) -> CheckOutcome:
    said = [sentence(check, row) for row in rows[:_SENTENCES]]
    more = f"; and {len(rows) - _SENTENCES} more" if len(rows) > _SENTENCES else ""
    return CheckOutcome(
        check=check,
        status=Status.FAILED,
        checked=checked,
        unexpected=tuple("/".join(str(row[name]) for name in suite.identity if row[name] is not None) for row in rows),
        rows=tuple(rows),
        message=f"{len(rows)} of {checked}: {'; '.join(said)}{more}",
    )
