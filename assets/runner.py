"""The refresh job run in this process, on the same instance that the Dagster UI shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assets.stages import notifying, standing
from assets.stages.waiting import waiting
from assets.storage import open_instance, prepare
from assets.workshop import Workshop, open_workshop
from pricing_pipeline.home import Home
from pricing_pipeline.notify.news import failed_run
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

    `asked` are the sources that were fetched, `first_read` those of which nothing had been read before, by id.
    `problems` are sources whose page could not be had, vendor files that could not be read and comparisons that are
    held back; the others went on.
    """

    run_ids: tuple[str, ...]
    changes: tuple[Change, ...]
    held: int
    problems: tuple[str, ...]
    failures: tuple[str, ...]
    asked: tuple[str, ...] = ()
    first_read: tuple[str, ...] = ()


def refresh(order: Order) -> Ran:
    """Run the refresh job until nothing that was captured waits to be read.

    Raises RegistryError for a vendor that nobody registered, SettingsError where the vendors' pages would come into the
    demo's home, and nothing for a failed step: that is told in `failures`.
    """
    prepare(order.home)
    at = order.at.isoformat() if order.at else None
    workshop = open_workshop(home=str(order.home.root), vendors=order.vendors_folder, at=at)
    if order.vendors:
        workshop.registry.only(order.vendors)
    if order.fetch and not order.routes:
        order.home.refuse_examples()  # before a run begins, which would stand in the UI as failed
    before = standing.look(workshop)
    began = workshop.now()
    with open_instance(order.home) as instance:
        runs = _Runs(order=order, instance=instance, workshop=workshop)
        # First what a broken-off run or a replay left, oldest first; only then what the web says today.
        runs.catch_up()
        if not order.fetch:
            # What was read from saved pages is news to nobody; said before the edition, which a sensor may watch.
            notifying.pass_over(workshop)
        runs.run("refresh", fetch=order.fetch)
        if runs.catch_up():
            runs.run("refresh", fetch=False)
    told = _tell(workshop, runs) if order.fetch else notifying.Told()
    now = standing.look(workshop)
    return Ran(
        run_ids=tuple(runs.run_ids),
        changes=standing.changes_beyond(workshop, before.changes),
        held=now.held,
        problems=(
            *workshop.problems,
            *now.troubles(before=before),
            *standing.edition_problems(workshop),
            *told.problems,
        ),
        failures=tuple(runs.failures),
        asked=now.asked(since=began),
        first_read=tuple(sorted(now.read() - before.read())),
    )


def _tell(workshop: Workshop, runs: _Runs) -> notifying.Told:
    """Send the digests of what a refresh found, or of how it failed."""
    failed = [failed_run(runs.run_ids[-1], tuple(runs.failures), at=workshop.now())] if runs.failures else []
    return notifying.tell(workshop, also=failed)


@dataclass(kw_only=True)
class _Runs:
    """The runs of one order, one after the other; after a failed one nothing more is run."""

    order: Order
    instance: dg.DagsterInstance
    workshop: Workshop
    run_ids: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def run(self, name: str, *, fetch: bool = False) -> None:
        """Run a job of the code location in this process."""
        from assets.definitions import defs

        if self.failures:
            return
        config = _run_config(self.order)
        if name == "refresh":
            config["ops"] = {"raw__captures": {"config": _capture_config(self.order, fetch=fetch)}}
        job = defs.resolve_job_def(name)
        result = job.execute_in_process(instance=self.instance, run_config=config, raise_on_error=False)
        self.run_ids.append(result.run_id)
        self.failures += _failures(result)

    def catch_up(self) -> bool:
        """Work off what waits to be read; whether there was anything to do."""
        if not waiting(self.workshop):
            return False
        self.run("catch_up")
        return True


def _run_config(order: Order) -> dict[str, Any]:
    workshop: dict[str, Any] = {"home": str(order.home.root), "routes": dict(order.routes)}
    if order.vendors_folder:
        workshop["vendors"] = order.vendors_folder
    if order.at:
        workshop["at"] = order.at.isoformat()
    return {
        "resources": {"workshop": {"config": workshop}},
        # The run's log is in the Dagster UI; on the command line it would bury what the person asked for.
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def _capture_config(order: Order, *, fetch: bool) -> dict[str, Any]:
    return {"vendors": list(order.vendors), "sources": list(order.sources), "force": order.force, "fetch": fetch}


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    lines = []
    for event in result.filter_events(lambda event: event.is_step_failure):
        error = event.step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        # DuckDB's messages end in a caret below the query; what happened stands in the first line.
        said = error.message.strip().splitlines()[0] if error is not None and error.message.strip() else "failed"
        lines.append(f"{(event.step_key or 'run').replace('__', '/')}: {said}")
    return lines
