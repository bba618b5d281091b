"""The demo: example pages on loopback, fetched on two days, and what the pipeline made of the difference."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.home import Home

if TYPE_CHECKING:
    from assets.runner import Ran
    from pricing_pipeline.demo.server import DemoSite
    from pricing_pipeline.results import Change

HOUR = 6
MARK = "This folder was made by `pricing-pipeline demo` from example pages. Delete it whenever you like.\n"


def demonstrate(given: Path | None) -> bool:
    """Run the demo; whether anything failed. Days whose pages are captured already are not fetched again."""
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import bar
    from pricing_pipeline.cli.summary import print_changes, print_failures
    from pricing_pipeline.demo.server import days, serve

    began = time.monotonic()
    home = _home(given)
    say("Example pages of Dagster and Prefect, written for this demo, are served on this machine alone.")
    runs: list[Ran] = []
    with serve(days()[0]) as site, bar():
        for day in days():
            say(f"Refreshing as of {day:%d %B %Y} …")
            runs += _refresh(home, site, day)
    failed = print_failures([line for ran in runs for line in ran.failures])
    print_changes([change for ran in runs for change in ran.changes] if runs else _on_record(home))
    for line in dict.fromkeys(problem for ran in runs for problem in ran.problems):
        say(line)
    again = "" if runs else "; both days were there already, so nothing changed now: the above is on record"
    say(f"\nDone in {time.monotonic() - began:.0f} s{again}.")
    for what, where in _where_to_look(home):
        say(f"  {what:<31}{where}")
    return failed


def _on_record(home: Home) -> Sequence[Change]:
    from assets.stages.standing import changes_beyond
    from assets.workshop import open_workshop

    return changes_beyond(open_workshop(home=str(home.root)), frozenset())


def _where_to_look(home: Home) -> list[tuple[str, object]]:
    """What the demo made, and where it is."""
    docs = sorted(home.data_docs.rglob("local_site/index.html"))
    return [
        ("Published pages", home.current_edition / "index.html"),
        ("DuckDB reports", home.reports),
        ("Great Expectations' Data Docs", docs[0] if docs else home.data_docs),
        ("Lineage in Dagster", "make dev"),
        ("Ask at the command line", f"pricing-pipeline changes --home {shlex.quote(str(home.root))}"),
    ]


def _home(given: Path | None) -> Home:
    """The demo's own folder. One that holds pages of real vendors is refused: examples never mix with them."""
    home = Home.locate(given) if given or "PRICING_PIPELINE_HOME" in os.environ else Home(Home.locate().root / "demo")
    if home.log.exists() and not home.is_example:
        raise SettingsError(f"{home.root} holds captures of real pages; name another folder with --home for the demo")
    home.root.mkdir(parents=True, exist_ok=True)
    home.example_mark.write_text(MARK, encoding="utf-8")
    return home


def _refresh(home: Home, site: DemoSite, day: date) -> list[Ran]:
    """Fetch what was not fetched on this day yet, and finish what a broken-off run left; nothing to do is no run."""
    from assets.runner import Order, refresh
    from assets.stages.waiting import is_waiting
    from assets.workshop import open_workshop

    site.day = day
    moment = datetime(day.year, day.month, day.day, HOUR, tzinfo=UTC)
    workshop = open_workshop(home=str(home.root))
    last = _last_captured(home)
    missing = [
        source.id
        for source in workshop.registry.sources()
        if last.get(source.id, moment) < moment or source.id not in last
    ]
    if missing:
        return [refresh(Order(home=home, sources=missing, at=moment, routes=site.routes))]
    return [refresh(Order(home=home, fetch=False))] if is_waiting(workshop) else []


def _last_captured(home: Home) -> dict[str, datetime]:
    """When each source was captured last, by its id."""
    from pricing_pipeline.captures.entries import CaptureEntry
    from pricing_pipeline.captures.log import CaptureLog

    if not home.log.exists():
        return {}
    captures = [entry.capture for entry, _ in CaptureLog(home.log).read() if isinstance(entry, CaptureEntry)]
    return {
        capture.source_id: capture.captured_at for capture in sorted(captures, key=lambda capture: capture.captured_at)
    }
