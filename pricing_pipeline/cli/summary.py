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


def print_summary(home: Home, ran: Ran) -> bool:
    """Print what a run did; whether it found problems (failed steps, sources without a page, files with faults)."""
    from pricing_pipeline.cli.output import say

    print_changes(ran.changes)
    for line in ran.problems:
        say(f"problem: {line}")
    failed = print_failures(ran.failures)
    if ran.held:
        say(f"{ran.held} held: see `pricing-pipeline held`")
    say(f"edition: {home.current_edition}")
    return failed or bool(ran.problems)


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
