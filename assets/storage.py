"""Dagster's own storage in the home folder, prepared before the instance is opened."""

from __future__ import annotations

import os
import shutil
import sys

from pricing_pipeline.home import CHECKOUT, PACKAGED, Home

_SHIPPED = "dagster.yaml"


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
