"""What a run works with: folders, registry, settings, clock and the way to the web. Plain values; no Dagster here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pricing_pipeline import demo
from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.captures.log import CaptureLog
from pricing_pipeline.fetch.settings import FetchSettings
from pricing_pipeline.home import Content, Home
from pricing_pipeline.registry import Registry
from pricing_pipeline.registry.memory import read_with_memory
from pricing_pipeline.registry.settings import Settings, read_settings
from pricing_pipeline.registry.workloads import read_workloads
from pricing_pipeline.results import Thresholds, Workload
from pricing_pipeline.thresholds import read_thresholds


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Everything that the stages of one run need, read once.

    `problems` are the lines about vendor files that could not be read; the others go on without them.
    `now` gives the time at which pages are fetched; a fixed one serves demonstrations and tests.
    """

    home: Home
    content: Content
    registry: Registry
    problems: tuple[str, ...]
    workloads: tuple[Workload, ...]
    thresholds: Thresholds
    settings: Settings
    fetch_settings: FetchSettings
    now: Callable[[], datetime]

    @property
    def log(self) -> CaptureLog:
        """The log of captures and decisions."""
        return CaptureLog(self.home.log)

    @property
    def blobs(self) -> BlobStore:
        """The captured bytes."""
        return BlobStore(self.home.blobs)


def open_workshop(
    *,
    home: str | None = None,
    vendors: str | None = None,
    at: str | None = None,
    routes: Mapping[str, str] | None = None,
) -> Workshop:
    """Read what people edited. Raises SettingsError or RegistryError only where nothing could go on."""
    content = Content.locate(Path(vendors) if vendors else None)
    rests = Home.locate(Path(home) if home else None)
    registry, problems = read_with_memory(content.vendors, rests.registry)
    if rests.is_example:
        registry = Registry(tuple(vendor for vendor in registry.vendors if vendor.slug in demo.VENDORS))
    settings = read_settings(content.beside("settings.yaml"), environ=os.environ)
    fixed = datetime.fromisoformat(at).astimezone(UTC) if at else None
    return Workshop(
        home=rests,
        content=content,
        registry=registry,
        problems=tuple(problems),
        workloads=read_workloads(content.beside("workloads.yaml")),
        thresholds=read_thresholds(content.beside("thresholds.yaml")),
        settings=settings,
        fetch_settings=FetchSettings.of(settings, environ=os.environ, routes=routes),
        now=(lambda: fixed) if fixed else lambda: datetime.now(UTC),
    )
