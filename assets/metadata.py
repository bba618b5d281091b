"""What a run shows in the Dagster UI: tables in Markdown, capped so that the event log stays small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from assets.stages.capturing import Captured
from assets.stages.judgement import Judged
from assets.stages.publishing import Tables
from assets.stages.reading import Read
from pricing_pipeline.catalog import HeldObservation
from pricing_pipeline.publish.standing import Edition
from pricing_pipeline.results import Change

MOST_ROWS = 50
MOST_CHARACTERS = 8_000

Metadata = dict[str, Any]


def of_captures(done: Captured) -> Metadata:
    """What was fetched, and what came of it."""
    outcomes = [{"outcome": name, "captures": count} for name, count in sorted(done.outcomes.items())]
    sources = [
        {"source": one.source_id, "outcome": one.outcome.value, "bytes": one.size, "says": one.message}
        for one in done.captures
    ]
    return {
        "dagster/row_count": len(done.captures),
        "outcomes": table(outcomes, empty="nothing was due"),
        "captures": table(sources, empty="nothing was due"),
        "unreadable vendor files": table([{"problem": line} for line in done.problems], empty="none"),
    }


def of_observations(done: Read, extractor_version: str) -> Metadata:
    """What was read of each source, and what only confirmed."""
    rows = [
        {
            "source": capture.source_id,
            "outcome": seen.outcome.value,
            "plans": len(seen.plans),
            "terms": len(seen.terms),
            "ratings": len(seen.ratings),
        }
        for capture, seen in done.observations
    ]
    return {
        "dagster/row_count": sum(len(seen.terms) + len(seen.ratings) for _, seen in done.observations),
        "observations": table(rows, empty="nothing new to read"),
        "captures that only confirmed": done.confirmed,
        "captures still waiting": done.remaining,
        "extractor version": extractor_version,
    }


def of_decisions(done: Judged) -> Metadata:
    """What the gate decided, and why."""
    rows = [{"observation": one.observation_id, "state": one.state.value, "why": one.reason} for one in done.decisions]
    return {
        "dagster/row_count": len(rows),
        "decisions": table(rows, empty="nothing to decide"),
        "held": len(done.held),
        "waiting for a decision": table(waiting(done.held), empty="nothing is held"),
    }


def waiting(held: Sequence[HeldObservation]) -> list[dict[str, object]]:
    """What is held, and why, since when and how often it was confirmed."""
    return [
        {
            "observation": one.observation_id,
            "source": one.source_id,
            "since": f"{one.captured_at:%Y-%m-%d}",
            "captures that agree": one.confirmations,
            "why": one.reason,
        }
        for one in held
    ]


def of_changes(changes: Sequence[Change]) -> Metadata:
    """What moved, in one sentence each."""
    rows = [
        {"product": one.product, "kind": one.kind, "severity": one.severity.value, "verdict": one.verdict}
        for one in changes
    ]
    return {"dagster/row_count": len(rows), "changes": table(rows, empty="nothing changed")}


def of_tables(done: Tables) -> Metadata:
    """The comparisons, plan by plan."""
    return {"dagster/row_count": done.cells, "plans": table(done.rows, empty="no comparison")}


def of_edition(done: Edition) -> Metadata:
    """Which edition stands, and what was held back from it."""
    return {
        "dagster/uri": dg.MetadataValue.path(done.path),
        "dagster/row_count": len(done.files),
        "edition": done.id,
        "changed": done.changed,
        "problems": table([{"problem": line} for line in done.problems], empty="none"),
    }


def table(rows: Sequence[Mapping[str, object]], *, empty: str = "nothing") -> dg.MarkdownMetadataValue:
    """Rows with the same keys as a Markdown table, the first fifty of them."""
    if not rows:
        return dg.MetadataValue.md(f"_{empty}_")
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(_cell(row.get(name)) for name in names)} |" for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines.append(f"\n… and {len(rows) - MOST_ROWS} more")
    return dg.MetadataValue.md("\n".join(lines)[:MOST_CHARACTERS])


def _cell(value: object) -> str:
    text = "–" if value is None else str(value)
    for mark, safe in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("`", "\\`"), ("\n", " "), ("[", "\\[")):
        text = text.replace(mark, safe)
    return text[:300]
