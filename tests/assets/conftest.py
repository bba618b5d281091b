"""Dagster and Great Expectations are imported once for this folder; what they leave in the environment is taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.door import Door
from tests.assets.street import Street, street


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the person at this machine has set, and nothing left behind for the next test."""
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED", "PATH"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # put back afterwards, whatever a run made of it
    for name in ("PRICING_PIPELINE_HOME", "PRICING_PIPELINE_VENDORS", "PRICING_PIPELINE_CONTACT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Street]:
    """A street of six vendors, nothing fetched yet."""
    with street(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def door() -> Door:
    """One door to Great Expectations that keeps nothing, since opening one costs seconds."""
    return Door()
