"""Taking accepted observations into history, changes and costs: one transaction, judged before it commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.workshop import Workshop
from checks.findings import results
from checks.results import SuiteResult
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.results import Change
from warehouse import check_results, frames
from warehouse.connection import Connection, open_warehouse
from warehouse.refresh import apply

if TYPE_CHECKING:
    from checks.door import Door


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


def apply_accepted(workshop: Workshop, door: Door) -> AppliedAndJudged:
    """Apply what the gate accepted. A blocking check of the history suite that fails or breaks undoes all of it."""
    at = workshop.now()
    judged: list[SuiteResult] = []

    def inspect(con: Connection) -> None:
        judged.append(door.run("history", frames.history(con), at=at))
        if judged[0].blocked:
            raise _UntrueError("; ".join(outcome.message for outcome in judged[0].blocked))

    with open_warehouse(workshop.home.warehouse) as con:
        try:
            done = apply(
                con,
                products=workshop.registry.products,
                workloads=workshop.workloads,
                thresholds=workshop.thresholds,
                inspect=inspect,
            )
            changes, rows, prices, refused = done.changes, done.history_rows, done.cost_rows, None
        except _UntrueError as untrue:
            changes, rows, prices, refused = (), 0, 0, str(untrue)
        moved = door.run("changes", frames.changes(con, [change.id for change in changes], workshop.thresholds), at=at)
        check_results.record(con, (*results(judged[0], at), *results(moved, at)))
    return AppliedAndJudged(
        history_rows=rows,
        cost_rows=prices,
        changes=tuple(changes),
        history_result=judged[0],
        changes_result=moved,
        refused=refused,
    )
