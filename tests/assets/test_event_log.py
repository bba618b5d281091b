"""Dagster's event log held open by a refresh, beside those who read it."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets.event_log import HeldEventLog
from assets.storage import open_instance, prepare
from pricing_pipeline.home import Home


@dg.op
def look() -> None:
    """Does nothing, on record."""


@dg.job(executor_def=dg.in_process_executor)
def looking() -> None:
    """One step."""
    look()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED", "PATH"):
        monkeypatch.setenv(name, "")
    home = Home(tmp_path / "home")
    prepare(home)
    return home


def test_an_event_is_seen_by_others_as_soon_as_it_is_stored(home: Home) -> None:
    """The UI reads the same files while the refresh that writes them has them open."""
    with open_instance(home) as writing, dg.DagsterInstance.from_config(str(home.dagster)) as beside:
        assert isinstance(writing.event_log_storage, HeldEventLog)
        assert type(beside.event_log_storage) is SqliteEventLogStorage

        done = looking.execute_in_process(instance=writing)

        told = [record.dagster_event_type for record in beside.all_logs(done.run_id) if record.is_dagster_event]
        assert told
        assert [one.dagster_event_type for one in writing.all_logs(done.run_id) if one.is_dagster_event] == told
        assert dg.DagsterRunStatus.SUCCESS == beside.get_runs()[0].status


def test_many_runs_leave_no_file_open(home: Home) -> None:
    """Each run has a file of its own; the log of all runs and that of the present one are enough to hold."""
    with open_instance(home) as instance:
        runs = [looking.execute_in_process(instance=instance).run_id for _ in range(4)]

        assert all(instance.all_logs(run) for run in runs)
        assert [] == _open_in(home, but=2)
    assert [] == _open_in(home, but=0)


def test_another_storage_stays_what_the_settings_say(home: Home, tmp_path: Path) -> None:
    """Several machines share one in Postgres, which is nobody's to replace."""
    settings = home.dagster / "dagster.yaml"
    elsewhere = f"storage:\n  sqlite:\n    base_dir: {tmp_path / 'elsewhere'}\n"
    settings.write_text(settings.read_text("utf-8") + elsewhere, "utf-8")
    with open_instance(home) as instance:
        looking.execute_in_process(instance=instance)

    assert sorted((tmp_path / "elsewhere").rglob("*.db"))
    assert [] == sorted(home.dagster.rglob("*.db"))


def _open_in(home: Home, *, but: int) -> list[str]:
    """The databases of a home that this process has open, beyond so many."""
    held = {str(path.resolve()) for path in Path("/proc/self/fd").iterdir() if path.exists()}
    return sorted(
        path for path in held if path.startswith(str(home.dagster / "history" / "runs")) and path.endswith(".db")
    )[but:]
