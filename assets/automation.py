"""When the refresh runs by itself, and who is told: shipped stopped, started in the UI or by its switch."""

from __future__ import annotations

import dagster as dg

from assets.core import CHANGES, COSTS, GATED, HISTORY
from assets.raw import OBSERVATIONS

refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.groups("raw", "core", "marts", "published"),
    description="Fetch what is due, read it, check it, move history on, and publish. The command line runs this same job.",
    executor_def=dg.in_process_executor,
)

catch_up_job = dg.define_asset_job(
    "catch_up",
    selection=dg.AssetSelection.keys(OBSERVATIONS, GATED, HISTORY, CHANGES, COSTS),
    description="Read and apply the next captures that wait, without fetching or publishing: one batch of a backlog.",
    executor_def=dg.in_process_executor,
)

daily_refresh = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh_job,
    cron_schedule="0 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every morning at 06:00 UTC. The cadence of each source decides what is due within it.",
)
