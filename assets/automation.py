"""When the refresh runs by itself, and the job that works off a backlog. The schedule ships stopped; the UI starts it."""

import dagster as dg

from assets import metadata
from assets.raw import POOL
from assets.resources import WorkshopResource
from assets.stages.backlog import work_off

refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.groups("raw", "core", "marts", "published"),
    description="Fetch what is due, read it, check it, move history on, and publish. The command line runs this same job.",
    executor_def=dg.in_process_executor,
)


@dg.op(pool=POOL)
def work_off_backlog(context: dg.OpExecutionContext, workshop: WorkshopResource) -> None:
    """Read, judge and apply what waits, batch by batch; a run of the whole job for each would take seconds of bookkeeping."""
    done = work_off(workshop.open(), workshop.door)
    context.add_output_metadata(
        {"captures": done.captures, "batches": done.batches, **metadata.of_changes(done.changes)}
    )


@dg.job(
    name="catch_up",
    description="Work off captures that wait (a replay, a broken-off run, a new extractor), without fetching or publishing.",
    executor_def=dg.in_process_executor,
)
def catch_up_job() -> None:
    """One op, since a backlog takes many rounds of the same three stages."""
    work_off_backlog()


daily_refresh = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh_job,
    cron_schedule="0 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every morning at 06:00 UTC. The cadence of each source decides what is due within it.",
)
