"""What an observation says, as one short text: two that say the same have the same digest, however they word it."""

from __future__ import annotations

import hashlib

from pricing_pipeline import changes
from pricing_pipeline.facts import Observation, Plan, Rating
from pricing_pipeline.results import Offer


def observation_id(capture_id: str, extractor_version: str) -> str:
    """16 hex digits that follow from the capture and the version that read it."""
    return hashlib.sha256(f"{capture_id}\n{extractor_version}".encode()).hexdigest()[:16]


def offer_of(observation: Observation) -> Offer:
    """What of an observation history keeps."""
    return Offer(
        plans=observation.plans,
        terms=observation.terms,
        ratings=observation.ratings,
        announcements=observation.announcements,
        cohorts=observation.cohorts,
    )


def observation_digest(observation: Observation) -> str:
    """A digest of what an observation says: its quotes, locators, order and confidence do not bear on it, but for what is
    kept word for word."""
    lines = [
        str(observation.outcome),
        changes.facts_digest(offer_of(observation)),
        *sorted(f"from {item.effective_from} {' '.join(sorted(item.plans))}" for item in observation.announcements),
        *sorted(
            f"from {item.effective_from} {' '.join(changes.value(term))}"
            for item in observation.announcements
            for term in item.terms
        ),
        *sorted(f"some {item.plan} {' '.join(item.evidence.quote.split())}" for item in observation.cohorts),
        *sorted(f"conflict {item.plan} {item.term} {item.metric}" for item in observation.conflicts),
    ]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:32]


def same_plan(before: Plan, after: Plan) -> bool:
    """Whether two plans of one slug say the same."""
    return (before.name, before.state) == (after.name, after.state)


def same_rating(before: Rating, after: Rating) -> bool:
    """Whether two ratings of one publisher say the same."""
    return _rating_facts(before) == _rating_facts(after)


def _rating_facts(rating: Rating) -> tuple[object, ...]:
    return (rating.state, rating.rating, rating.scale, rating.rating_count, rating.review_count, rating.window)
