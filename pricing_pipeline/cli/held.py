"""Held observations as rows: why, what they would change, how far they are confirmed, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pricing_pipeline.cli.rows import change_row, conflict_row, conflict_text
from pricing_pipeline.gate import needed

if TYPE_CHECKING:
    from pricing_pipeline.catalog import HeldObservation
    from pricing_pipeline.results import Thresholds


def row(one: HeldObservation, thresholds: Thresholds, *, whole: bool) -> dict[str, Any]:
    """A held observation as programs read it; `whole` with its changes and contradictions as objects."""
    return {
        "id": one.observation_id,
        "source": one.source_id,
        "url": one.url,
        "captured_at": one.captured_at,
        "why": one.reason,
        "confirmations": one.confirmations,
        "confirmations_needed": thresholds.confirm_captures if one.confirms_itself else None,
        "hours_needed": _hours_needed(one, thresholds) if one.confirms_itself else None,
        "confirmed_at": one.confirmed_at,
        "contradictions": [conflict_row(conflict) for conflict in one.conflicts]
        if whole
        else "\n".join(conflict_text(conflict) for conflict in one.conflicts),
        "changes": [change_row(change) for change in one.changes]
        if whole
        else "\n".join(change.verdict for change in one.changes),
    }


def card(one: HeldObservation, thresholds: Thresholds) -> dict[str, str]:
    """A held observation as a person reads it."""
    short = one.observation_id[:8]
    return {
        "heading": f"{short}  {one.source_id}, held since {one.captured_at:%d %B %Y}".replace("since 0", "since "),
        "why": one.reason.replace("; ", "\n"),
        "the page says": "\n".join(conflict_text(conflict) for conflict in one.conflicts),
        "it would change": "\n".join(change.verdict for change in one.changes) or "nothing that can be told",
        "confirmed": _confirmed(one, thresholds),
        "look at": one.url,
        "then": f"pricing-pipeline approve {short} --why …   or   pricing-pipeline reject {short} --why …",
    }


def _confirmed(one: HeldObservation, thresholds: Thresholds) -> str:
    """How far a held observation is from being accepted by itself."""
    if not one.confirms_itself:
        return "not by itself, however often the page is served so: it waits for you"
    last = one.confirmed_at or one.captured_at
    hours = int((last - one.captured_at).total_seconds() // 3600)
    return (
        f"by {one.confirmations} of {thresholds.confirm_captures} captures, "
        f"over {hours} of {_hours_needed(one, thresholds)} hours"
    )


def _hours_needed(one: HeldObservation, thresholds: Thresholds) -> int:
    return int(needed(thresholds, alternates=one.alternation is not None).total_seconds() // 3600)
