"""Taking accepted observations into history, changes and costs: one transaction, judged before it commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assets.workshop import Workshop
from checks.findings import results
from checks.results import SuiteResult
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.results import Change
from warehouse import check_results, frames
from warehouse.connection import Connection, open_warehouse
from warehouse.refresh import Applied, apply

if TYPE_CHECKING:
    from checks.door import Door
    from checks.provisional import Provisional


@dataclass(frozen=True, kw_only=True)
class AppliedAndJudged:
    """What moved, how the suites judged it, and, where history would have become untrue, why nothing moved at all."""

    history_rows: int
    cost_rows: int
    changes: tuple[Change, ...]
    history_result: SuiteResult
    changes_result: SuiteResult
    refused: str | None = None


class _UntrueError(WarehouseError):
    """History would hold what cannot be; the transaction is rolled back."""


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What a transaction brought, how its history was judged, and why it was undone where it was."""

    applied: Applied
    result: SuiteResult
    refused: str | None = None


def apply_accepted(workshop: Workshop, door: Door) -> AppliedAndJudged:
    """Apply what the gate accepted. A blocking check of the history suite that fails or breaks undoes all of it."""
    at = workshop.now()
    with open_warehouse(workshop.home.warehouse) as con:
        done = take_into_history(con, workshop, door, at=at)
        moved = judge_changes(con, workshop, door, done.applied.changes, at=at)
        check_results.record(con, (*results(done.result, at), *results(moved, at)))
    return AppliedAndJudged(
        history_rows=done.applied.history_rows,
        cost_rows=done.applied.cost_rows,
        changes=done.applied.changes,
        history_result=done.result,
        changes_result=moved,
        refused=done.refused,
    )


def take_into_history(con: Connection, workshop: Workshop, door: Door | Provisional, *, at: datetime) -> TakenIn:
    """Apply what the gate accepted in an open warehouse; the results are not kept."""
    judged: list[SuiteResult] = []

    def inspect(con: Connection) -> None:
        judged.append(door.run("history", frames.history(con), at=at))
        if judged[0].blocked:
            raise _UntrueError("; ".join(outcome.message for outcome in judged[0].blocked))

    try:
        done = apply(
            con,
            products=workshop.registry.products,
            workloads=workshop.workloads,
            thresholds=workshop.thresholds,
            inspect=inspect,
        )
    except _UntrueError as untrue:
        return TakenIn(applied=Applied(), result=judged[0], refused=str(untrue))
    return TakenIn(applied=done, result=judged[0])


def judge_changes(
    con: Connection, workshop: Workshop, door: Door, changes: Sequence[Change], *, at: datetime
) -> SuiteResult:
    """What the changes suite says of these."""
    frame = frames.changes(con, [change.id for change in changes], workshop.thresholds)
    return door.run("changes", frame, at=at)
