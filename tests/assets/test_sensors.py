"""What happens by itself: an edited vendor file is refreshed, a finished edition is told of, a failed run too."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from assets import sensors
from assets.definitions import defs
from tests.assets.street import Street, street


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    """A street whose folders the environment names, as a running Dagster has them."""
    with street(tmp_path, ["alder", "beech"]) as made:
        monkeypatch.setenv("PRICING_PIPELINE_HOME", str(made.home.root))
        monkeypatch.setenv("PRICING_PIPELINE_VENDORS", str(made.vendors))
        return made


def look(cursor: str | None) -> tuple[list[dg.RunRequest], str]:
    """One evaluation of the sensor of vendor files: what it asks for, and where it stands afterwards."""
    context = dg.build_sensor_context(cursor=cursor)
    result = sensors.edited_vendor_files(context)
    if isinstance(result, dg.SkipReason):
        return [], str(context.cursor)
    assert isinstance(result, dg.SensorResult)
    return list(result.run_requests or []), str(result.cursor)


def asked(requests: list[dg.RunRequest]) -> list[str]:
    """The vendors that the one request fetches."""
    (request,) = requests
    vendors: list[str] = request.run_config["ops"]["raw__captures"]["config"]["vendors"]
    return vendors


def test_a_new_or_edited_vendor_file_is_refreshed_once_and_a_touched_one_is_not(files: Street) -> None:
    """The first look only remembers, so that starting the sensor does not fetch everything."""
    first, cursor = look(None)
    (files.vendors / "alder.yaml").touch()
    touched, cursor = look(cursor)
    text = (files.vendors / "beech.yaml").read_text()
    (files.vendors / "beech.yaml").write_text(text.replace("1d", "2d"))
    (files.vendors / "cedar.yaml").write_text(text.replace("beech", "cedar").replace("Beech", "Cedar"))
    edited, cursor = look(cursor)
    again, _ = look(cursor)

    assert ([], [], []) == (first, touched, again)
    assert ["beech", "cedar"] == asked(edited)


def test_the_request_is_one_that_the_job_accepts(files: Street) -> None:
    """Its configuration is checked as Dagster would before a run."""
    _, cursor = look(None)
    (files.vendors / "alder.yaml").write_text((files.vendors / "alder.yaml").read_text().replace("1d", "2d"))
    (request,), _ = look(cursor)

    assert dg.validate_run_config(defs.resolve_job_def("refresh"), request.run_config)
    assert "alder" in json.loads(look(cursor)[1])


def test_every_sensor_ships_stopped_and_says_what_it_does() -> None:
    shipped = {sensor.name: sensor for sensor in defs.sensors or ()}

    assert {"edited_vendor_files", "tell_changes", "tell_failed_runs"} == set(shipped)
    assert all(sensor.default_status is dg.DefaultSensorStatus.STOPPED for sensor in shipped.values())
    assert all(sensor.description for sensor in shipped.values())
