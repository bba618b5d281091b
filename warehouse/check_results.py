"""What the checks found, kept as rows: check results vanish from the scheduler's own views, these do not."""

from __future__ import annotations

from collections.abc import Iterable

from pricing_pipeline.catalog import CheckResult
from warehouse.columns import insert
from warehouse.connection import Connection
from warehouse.sql import sql

COLUMNS = ("suite", "check_name", "status", "severity", "checked", "unexpected", "message", "judged_at")


def record(con: Connection, results: Iterable[CheckResult]) -> None:
    """Keep what one run of the checks found."""
    rows = [
        (it.suite, it.check, it.status, it.severity, it.checked, it.unexpected, it.message, it.at) for it in results
    ]
    insert(con, "check_result", COLUMNS, rows)


def latest(con: Connection) -> tuple[CheckResult, ...]:
    """What each check found when it was judged last, by suite and check."""
    rows = con.execute(sql("queries/latest_checks")).fetchall()
    return tuple(
        CheckResult(
            suite=row[0],
            check=row[1],
            status=row[2],
            severity=row[3],
            checked=row[4],
            unexpected=row[5],
            message=row[6],
            at=row[7],
        )
        for row in rows
    )
