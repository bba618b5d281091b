"""The Great Expectations context that a door stands in: kept in a folder, made anew when torn, shown as Data Docs."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.offline_docs import take_offline
from checks.suites import SUITES

if TYPE_CHECKING:
    from great_expectations.data_context.data_context.abstract_data_context import AbstractDataContext

# Each run is a page of Data Docs and a file beside it; the warehouse keeps every result, so old pages are only weight.
KEPT_RUNS = 30

# What Great Expectations lays out in a folder, so that nothing else there is ever removed.
_CONFIGURATION = "great_expectations.yml"
_KEPT_FOLDERS = ("expectations", "validation_definitions", "checkpoints", "plugins", "uncommitted")


@contextmanager
def third_party_warnings_ignored() -> Iterator[None]:
    """Great Expectations and pandas deprecate at each other, which nobody here can act on. Telemetry is off, too."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def open_context(folder: Path | None) -> AbstractDataContext:
    """The context kept in the folder, or one in memory where there is none."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    if folder is None:
        context: AbstractDataContext = gx.get_context(mode="ephemeral")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        _drop_torn_results(folder)
        context = gx.get_context(mode="file", context_root_dir=folder)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.variables.save()
    return context


def open_context_anew(folder: Path) -> AbstractDataContext:
    """A fresh context in the folder. What Great Expectations kept there can be lost: results rest in the warehouse."""
    (folder / _CONFIGURATION).unlink(missing_ok=True)
    for name in _KEPT_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    return open_context(folder)


def data_docs_index(folder: Path) -> Path:
    """The front page of the Data Docs in a folder; it is there once something was judged and published."""
    return _site(folder) / "index.html"


def memory_of(folder: Path) -> Path:
    """Where the verdicts are kept that Data Docs in a folder show: with the results, so that they are lost together."""
    return folder / "uncommitted" / "verdicts"


def publish_data_docs(context: AbstractDataContext, folder: Path, judged: Sequence[Any]) -> Path:
    """Data Docs with what was judged since the last time (Great Expectations' identifiers): their front page."""
    _forget_old_runs(folder)
    # What UpdateDataDocsAction does after each checkpoint, once for all. Its front page shows nothing without the web.
    context.build_data_docs(resource_identifiers=list(judged), build_index=False)
    take_offline(_site(folder), _results(folder))
    return data_docs_index(folder)


def _drop_torn_results(folder: Path) -> None:
    """Data Docs read every kept result to build their index, and one that was torn would stop them for good."""
    for kept in _results(folder).rglob("*.json"):
        try:
            json.loads(kept.read_bytes())
        except ValueError:
            kept.unlink()


def _forget_old_runs(folder: Path) -> None:
    """All but the newest runs of each suite, in the results and in Data Docs alike."""
    for suite in SUITES:
        runs = sorted(
            (_results(folder) / suite).glob("*"), key=lambda run: (run.stat().st_mtime_ns, run.name), reverse=True
        )
        for run in runs[KEPT_RUNS:]:
            shutil.rmtree(run)
            shutil.rmtree(_site(folder) / "validations" / suite / run.name, ignore_errors=True)


def _results(folder: Path) -> Path:
    return folder / "uncommitted" / "validations"


def _site(folder: Path) -> Path:
    return folder / "uncommitted" / "data_docs" / "local_site"
