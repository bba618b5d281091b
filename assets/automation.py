"""When the refresh runs by itself, and who is told: shipped stopped, started in the UI or by its switch."""

from __future__ import annotations

import dagster as dg

refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.groups("raw", "core", "marts", "published"),
    description="Fetch what is due, read it, check it, move history on, and publish. The command line runs this same job.",
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
