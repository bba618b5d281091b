"""Dagster's own storage in the home folder, prepared before the instance is opened."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from pricing_pipeline.home import CHECKOUT, PACKAGED, Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

_SHIPPED = "dagster.yaml"
_SQLITE = "DagsterSqliteStorage"


def prepare(home: Home) -> None:
    """Make the storage folder with the shipped settings, once, and let Dagster find it; telemetry stays off."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = home.dagster / _SHIPPED
    if not settings.exists():
        packaged = PACKAGED / _SHIPPED
        shutil.copyfile(packaged if packaged.exists() else CHECKOUT / "deploy" / _SHIPPED, settings)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # Dagster starts helpers by the name `python`; they must be this environment's.
    os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])  # noqa: PTH120 - a link must stay a link


def open_instance(home: Home) -> DagsterInstance:
    """The instance of a prepared home, as its `dagster.yaml` has it; where that is SQLite, its event log is held open."""
    from dagster import DagsterInstance
    from dagster._core.instance import InstanceRef
    from dagster._serdes import ConfigurableClassData

    ref = InstanceRef.from_dir(str(home.dagster))
    stored, events = ref.storage_data, ref.event_storage_data
    if stored is None or events is None or stored.class_name != _SQLITE:
        return DagsterInstance.from_ref(ref)
    held = ConfigurableClassData("assets.event_log", "HeldEventLog", events.config_yaml)
    return DagsterInstance.from_ref(ref._replace(storage_data=None, event_storage_data=held))
