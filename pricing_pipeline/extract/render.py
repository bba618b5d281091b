"""An observation as the JSON object that `extract --format json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pricing_pipeline.facts import (
    Announcement,
    Cohort,
    Conflict,
    Evidence,
    Observation,
    Plan,
    PriceKind,
    Rating,
    SourceKind,
    Term,
)


def observation_json(observation: Observation, *, url: str, kind: SourceKind | str) -> dict[str, Any]:
    """The object: plans with their terms, the terms of all plans, ratings, announcements, promises to some customers only,
    conflicts and diagnostics.

    Amounts are strings, so that no reader makes floats of them. Struck-through list prices stand apart from those asked.
    """
    return {
        "url": url,
        "kind": str(kind),
        "extractor_version": observation.extractor_version,
        "outcome": str(observation.outcome),
        "plans": [_plan(plan, observation.terms) for plan in observation.plans],
        "terms": [_term(term) for term in _asked(observation.terms, None)],
        "ratings": [_rating(rating) for rating in observation.ratings],
        "announcements": [_announcement(announcement) for announcement in observation.announcements],
        "cohorts": [_cohort(cohort) for cohort in observation.cohorts],
        "conflicts": [_conflict(conflict) for conflict in observation.conflicts],
        "diagnostics": [
            {"code": diagnostic.code, "message": diagnostic.message} for diagnostic in observation.diagnostics
        ],
    }


def _plan(plan: Plan, terms: Iterable[Term]) -> dict[str, Any]:
    own = [term for term in terms if term.plan == plan.slug]
    listed = [_term(term) for term in own if term.price_kind is PriceKind.LIST]
    rendered: dict[str, Any] = {
        "plan": plan.slug,
        "name": plan.name,
        "state": str(plan.state),
        "terms": [_term(term) for term in _asked(own, plan.slug)],
    }
    if listed:
        rendered["list_prices"] = listed
    return rendered | {"evidence": _evidence(plan.evidence)}


def _asked(terms: Iterable[Term], plan: str | None) -> list[Term]:
    return [term for term in terms if term.plan == plan and term.price_kind is not PriceKind.LIST]


def _term(term: Term) -> dict[str, Any]:
    return {
        "term": str(term.term),
        "metric": term.metric,
        "state": str(term.state),
        "amount": _number(term.amount),
        "amount_max": _number(term.amount_max),
        "currency": term.currency,
        "quantity": _number(term.quantity),
        "per_quantity": _number(term.per_quantity),
        "billing_period": term.billing_period,
        "commitment": term.commitment,
        "tier_from": _number(term.tier_from),
        "tier_to": _number(term.tier_to),
        "tier_mode": term.tier_mode and str(term.tier_mode),
        "price_kind": str(term.price_kind),
        "unit_as_printed": term.unit_as_printed,
        "confidence": _number(term.confidence),
        "effective_from": term.effective_from and term.effective_from.isoformat(),
        "evidence": _evidence(term.evidence),
    }


def _rating(rating: Rating) -> dict[str, Any]:
    return {
        "publisher": rating.publisher,
        "rating": _number(rating.rating),
        "scale": _number(rating.scale),
        "rating_count": rating.rating_count,
        "review_count": rating.review_count,
        "window": rating.window,
        "state": str(rating.state),
        "evidence": _evidence(rating.evidence),
    }


def _announcement(announcement: Announcement) -> dict[str, Any]:
    return {
        "effective_from": announcement.effective_from.isoformat(),
        "plans": list(announcement.plans),
        "terms": [{"plan": term.plan, **_term(term)} for term in announcement.terms],
        "until_then": [{"plan": term.plan, **_term(term)} for term in announcement.former],
        "evidence": _evidence(announcement.evidence),
    }


def _cohort(cohort: Cohort) -> dict[str, Any]:
    return {
        "plan": cohort.plan,
        "joined_before": cohort.joined_before and cohort.joined_before.isoformat(),
        "until": cohort.until and cohort.until.isoformat(),
        "evidence": _evidence(cohort.evidence),
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "plan": conflict.plan,
        "term": str(conflict.term),
        "metric": conflict.metric,
        "readings": [_term(term) for term in conflict.readings],
    }


def _evidence(evidence: Evidence) -> dict[str, str]:
    return {"quote": evidence.quote, "locator": evidence.locator, "surface": str(evidence.surface)}


def _number(value: Decimal | None) -> str | None:
    """Plain digits, as the page wrote them: 0.040 stays 0.040, 1E+3 becomes 1000."""
    return None if value is None else f"{value:f}"
