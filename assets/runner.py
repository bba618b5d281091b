"""The refresh job run in this process, on the same instance that the Dagster UI shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assets.stages import standing
from assets.stages.waiting import waiting
from assets.storage import prepare
from assets.workshop import open_workshop
from pricing_pipeline.home import Home
from pricing_pipeline.results import Change

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to refresh, and in which folders. `at` and `routes` are for demonstrations."""

    home: Home
    vendors_folder: str | None = None
    vendors: Sequence[str] = ()
    sources: Sequence[str] = ()
    force: bool = False
    fetch: bool = True
    at: datetime | None = None
    routes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a refresh ended: Dagster's run ids, what changed, how many observations are held, and what failed, one line each.

    `problems` are sources whose page could not be had and vendor files that could not be read; the others went on.
    """

    run_ids: tuple[str, ...]
    changes: tuple[Change, ...]
    held: int
    problems: tuple[str, ...]
    failures: tuple[str, ...]


def refresh(order: Order) -> Ran:
    """Run the refresh job until nothing that was captured waits to be read. Raises nothing for a failed step."""
    prepare(order.home)
    import dagster as dg

    workshop = open_workshop(home=str(order.home.root), vendors=order.vendors_folder)
    known = {change.id for change in standing.changes(workshop)}
    began = workshop.now() if order.at is None else order.at
    run_ids: list[str] = []
    failures: list[str] = []
    with dg.DagsterInstance.get() as instance:
        left = waiting(workshop)
        while not failures:
            result = _run_once(order, instance, fetch=order.fetch and not run_ids)
            run_ids.append(result.run_id)
            failures += _failures(result)
            before, left = left, waiting(workshop)
            if not left or (left == before and len(run_ids) > 1):
                break
    return Ran(
        run_ids=tuple(run_ids),
        changes=tuple(change for change in standing.changes(workshop) if change.id not in known),
        held=standing.held_count(workshop),
        problems=(*workshop.problems, *standing.troubles(workshop, since=began)),
        failures=tuple(failures),
    )


def _run_once(order: Order, instance: dg.DagsterInstance, *, fetch: bool) -> dg.ExecuteInProcessResult:
    from assets.definitions import defs

    job = defs.resolve_job_def("refresh")
    return job.execute_in_process(instance=instance, run_config=_run_config(order, fetch=fetch), raise_on_error=False)


def _run_config(order: Order, *, fetch: bool) -> dict[str, Any]:
    workshop: dict[str, Any] = {"home": str(order.home.root), "routes": dict(order.routes)}
    if order.vendors_folder:
        workshop["vendors"] = order.vendors_folder
    if order.at:
        workshop["at"] = order.at.isoformat()
    captures = {"vendors": list(order.vendors), "sources": list(order.sources), "force": order.force, "fetch": fetch}
    return {
        "resources": {"workshop": {"config": workshop}},
        "ops": {"raw__captures": {"config": captures}},
        # The run's log is in the Dagster UI; on the command line it would bury what the person asked for.
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    lines = []
    for event in result.filter_events(lambda event: event.is_step_failure):
        error = event.step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        said = error.message.strip().splitlines()[-1] if error is not None and error.message.strip() else "failed"
        lines.append(f"{(event.step_key or 'run').replace('__', '/')}: {said}")
    return lines
