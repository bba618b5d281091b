"""The name of a capture: the same attempt always gets the same one, on every machine and in every rebuild."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from pricing_pipeline.facts import Outcome


def capture_id(source_id: str, captured_at: datetime, outcome: Outcome, sha256: str | None = None) -> str:
    """16 hex digits that follow from which source was captured when, and what came of it."""
    moment = captured_at.astimezone(UTC).isoformat()
    told = "\n".join((source_id, moment, outcome, sha256 or ""))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
