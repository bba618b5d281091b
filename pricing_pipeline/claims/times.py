"""The time for which a claim is made, and what that means for what is known."""

from __future__ import annotations

from pricing_pipeline.claims.claim import Claim
from pricing_pipeline.claims.dates import Relation
from pricing_pipeline.claims.knowledge import AnyHeld, Knowledge, Window


def window_of(claim: Claim, knowledge: Knowledge) -> Window | None:
    """The stretch in which the claim must have held at some moment; None where it lies beyond what can be known."""
    window = claim.when.window(knowledge.as_of) if claim.when is not None else None
    if window is None:
        return knowledge.now
    return None if window.start > knowledge.as_of else Window(window.start, min(window.end, knowledge.as_of))


def is_past(claim: Claim) -> bool:
    """Whether the claim says that something was so once, without a day."""
    return claim.when is not None and claim.when.relation is Relation.PAST


def is_still_open(held: AnyHeld) -> bool:
    """Whether it still holds."""
    return held.until is None
