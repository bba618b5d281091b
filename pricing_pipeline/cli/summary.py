"""What a run did, told to the person who started it: what changed, what was held, what failed, where to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pricing_pipeline.cli.options import Format

if TYPE_CHECKING:
    from assets.runner import Ran
    from pricing_pipeline.home import Home
    from pricing_pipeline.results import Change

SEVERITY_ORDER = ("critical", "notice", "info")
MOST_LISTED = 5


def print_summary(home: Home, ran: Ran, *, fetched: bool) -> bool:
    """Print what a run did; whether it found problems (failed steps, sources without a page, files with faults).

    `fetched` says that the run was to fetch what is due.
    """
    from pricing_pipeline.cli.output import say

    if ran.first_read:
        say(f"read for the first time: {_listed(ran.first_read)}")
    if fetched and not ran.asked and not ran.failures:
        say("no page was due, so none was asked for; --force asks all the same")
    print_changes(ran.changes)
    for line in ran.problems:
        say(f"problem: {line}")
    failed = print_failures(ran.failures)
    if ran.held:
        say(f"{ran.held} held: see `pricing-pipeline held`")
    say(f"edition: {home.current_edition}")
    return failed or bool(ran.problems)


def _listed(ids: Sequence[str]) -> str:
    """The first few by name, and how many more there are."""
    more = len(ids) - MOST_LISTED
    return ", ".join(ids[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def print_changes(changes: Sequence[Change]) -> None:
    """Print changes, the gravest first."""
    from pricing_pipeline.cli.output import emit, is_wide

    ordered = sorted(changes, key=lambda change: SEVERITY_ORDER.index(change.severity.value))
    rows = [
        {
            "severity": change.severity.value,
            "product": change.product,
            "kind": change.kind if change.state.value == "accepted" else f"{change.kind} ({change.state.value})",
            "what": change.verdict,
        }
        for change in ordered
    ]
    columns = ("severity", "product", "kind", "what") if is_wide() else ("severity", "product", "what")
    emit(rows, form=Format.TABLE, title="What changed", empty="nothing changed", columns=columns, fixed=columns[:-1])


def print_failures(lines: Sequence[str]) -> bool:
    """Print what failed, one line each; whether anything did."""
    from pricing_pipeline.cli.output import say

    for line in lines:
        say(f"failed: {line}")
    return bool(lines)
