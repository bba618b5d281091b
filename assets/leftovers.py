"""Runs whose process was killed: ended on record, so that the next run does not wait for a pool slot that they still hold."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster import DagsterInstance

PROCESS = "pricing_pipeline/process"


def sign(instance: DagsterInstance, run_id: str) -> None:
    """Write on a run which process of which machine carries it out."""
    instance.add_run_tags(run_id, {PROCESS: f"{socket.gethostname()}:{_process(os.getpid())}"})


def end_killed(instance: DagsterInstance, *, but: str) -> list[str]:
    """End the runs whose process is gone, and free what ended runs still hold; `but` is the run that asks.

    Dagster's own daemon does so after five minutes where it runs; a killed command has no daemon beside it, and the
    pool of the one writer would stay taken for good.
    """
    killed = [run_id for run_id in _unfinished(instance) if run_id != but]
    for run_id in killed:
        run = instance.get_run_by_id(run_id)
        if run is not None:
            instance.report_run_failed(
                run, "The process of this run was killed; the next run takes up what was pending."
            )
    storage = instance.event_log_storage
    for run_id in storage.get_concurrency_run_ids() - {but}:
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            storage.free_concurrency_slots_for_run(run_id)
    return killed


def _unfinished(instance: DagsterInstance) -> list[str]:
    """Runs that are on record as under way although their process is not there."""
    from dagster import DagsterRunStatus, RunsFilter

    under_way = RunsFilter(statuses=[DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING])
    return [run.run_id for run in instance.get_runs(filters=under_way) if _is_gone(run.tags.get(PROCESS))]


def _is_gone(signature: str | None) -> bool:
    """Whether a signed process has ended; one of another machine, and one that did not sign, may be alive."""
    host, _, process = (signature or "").partition(":")
    if host != socket.gethostname():
        return False
    pid = int(process.partition("@")[0])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it is there, and somebody else's
    return _process(pid) != process


def _process(pid: int) -> str:
    """A process by its number and, where the system tells, the moment it began: numbers are given again."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"{pid}@"
    return f"{pid}@{stat.rpartition(')')[2].split()[19]}"
