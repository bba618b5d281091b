"""The published data under `v1/`: JSON documents whose shape `v1/schema/` states and never changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pricing_pipeline.catalog import Catalog, Provenance
from pricing_pipeline.facts import Evidence, Term
from pricing_pipeline.publish import phrases, recommended
from pricing_pipeline.publish.cells import cost_id, plan_id, rating_id, term_id
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.publish.shelf import Shelf, is_broken
from pricing_pipeline.publish.weighing import Weighing
from pricing_pipeline.results import Change, Cost
from pricing_pipeline.wording import text as digits

Json = dict[str, Any]
NAMES = ("plans", "terms", "ratings", "costs", "cheapest", "workloads", "changes", "announced", "freshness")


def documents(shelf: Shelf, weighings: Iterable[Weighing] = ()) -> dict[str, Json]:
    """Every document by its name. Only `freshness` says when things were verified: the others move with facts alone.
    `weighings` say which plan is the cheapest from how much use on."""
    return {
        "plans": {"plans": plans(shelf)},
        "terms": {"terms": terms(shelf)},
        "ratings": {"ratings": ratings(shelf)},
        "costs": {"costs": costs(shelf)},
        recommended.NAME: {recommended.NAME: recommended.rows(shelf, weighings)},
        "workloads": {"workloads": workloads(shelf)},
        "changes": {"changes": [change(one) for one in shelf.catalog.changes]},
        "announced": {"announced": announced(shelf)},
        "freshness": freshness(shelf.catalog),
    }


def dump(document: Mapping[str, Any]) -> bytes:
    """A document's bytes: ASCII, so that no mark in a quote can reorder or end anything; each row on a line of its own."""
    parts = ",\n ".join(f"{_encoded(name)}: {_by_line(value)}" for name, value in document.items())
    return f"{{\n {parts}\n}}\n".replace("<", "\\u003c").encode("ascii")


def _by_line(value: object) -> str:
    if isinstance(value, Mapping) and value:
        return "{\n  " + ",\n  ".join(f"{_encoded(name)}: {_encoded(one)}" for name, one in value.items()) + "\n }"
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(map(_encoded, value)) + "\n ]"
    return _encoded(value)


# Without indentation: json has no quick way to indent.
_encoded = json.JSONEncoder(ensure_ascii=True).encode


def plans(shelf: Shelf) -> list[Json]:
    """Every plan that is offered."""
    return [
        {
            "id": plan_id(row),
            "vendor": row.vendor,
            "product": row.product,
            "plan": row.plan.slug,
            "name": phrases.line(row.plan.name, 200),
            "state": row.plan.state.value,
            "hosted": row.hosted,
            "position": row.position,
            "text": phrases.STATES.get(row.plan.state, "Offered"),
            **_source(row.provenance, row.plan.evidence),
        }
        for row in shelf.catalog.plans
    ]


def terms(shelf: Shelf) -> list[Json]:
    """Every term that stands, and what it was before."""
    return [
        {
            "id": term_id(row),
            "vendor": row.vendor,
            "product": row.product,
            **_term(row.term),
            "pending": row.pending,
            "previous": None if row.previous is None else _term(row.previous),
            **_source(row.provenance, row.term.evidence),
        }
        for row in shelf.catalog.terms
    ]


def _term(term: Term) -> Json:
    return {
        "plan": term.plan,
        "term": term.term.value,
        "metric": term.metric,
        "state": term.state.value,
        "text": phrases.term(term),
        "amount": _digits(term.amount),
        "amount_max": _digits(term.amount_max),
        "currency": term.currency,
        "quantity": _digits(term.quantity),
        "per_quantity": _digits(term.per_quantity),
        "billing_period": term.billing_period,
        "commitment": term.commitment,
        "tier_from": _digits(term.tier_from),
        "tier_to": _digits(term.tier_to),
        "price_kind": term.price_kind.value,
        "country": term.country,
    }


def ratings(shelf: Shelf) -> list[Json]:
    """Every rating that stands."""
    return [
        {
            "id": rating_id(row),
            "vendor": row.vendor,
            "product": row.product,
            "publisher": row.rating.publisher,
            "state": row.rating.state.value,
            "text": phrases.rating(row.rating),
            "rating": _digits(row.rating.rating),
            "scale": _digits(row.rating.scale),
            "rating_count": row.rating.rating_count,
            "review_count": row.rating.review_count,
            "pending": row.pending,
            **_source(row.provenance, row.rating.evidence),
        }
        for row in shelf.catalog.ratings
    ]


def costs(shelf: Shelf) -> list[Json]:
    """Every plan at every workload, with each step of the sum."""
    return [
        {
            "id": cost_id(row),
            "vendor": row.vendor,
            "product": row.product,
            "plan": row.plan,
            "workload": row.workload,
            "rank": row.rank,
            **_cost(row.cost),
            "steps": [
                {"text": phrases.line(step.text), "low": _digits(step.low), "high": _digits(step.high)}
                for step in row.cost.steps
            ],
        }
        for row in shelf.catalog.costs
    ]


def _cost(cost: Cost) -> Json:
    return {
        "state": cost.state.value,
        "text": phrases.cost(cost),
        "low": _digits(cost.low),
        "high": _digits(cost.high),
        "currency": cost.currency,
        "reason": phrases.line(cost.reason),
    }


def workloads(shelf: Shelf) -> list[Json]:
    """Every workload: what is used a month."""
    return [
        {
            "workload": row.slug,
            "name": phrases.line(row.name),
            "products": list(row.products),
            "usage": {metric: digits(quantity) for metric, quantity in row.usage.items()},
        }
        for row in shelf.catalog.workloads
    ]


def change(row: Change) -> Json:
    """One change, as the command line prints it."""
    return {
        "id": row.id,
        "vendor": row.vendor,
        "product": row.product,
        "plan": row.plan,
        "lever": row.lever.value,
        "kind": row.kind,
        "metric": row.metric,
        "before": row.before,
        "after": row.after,
        "currency": row.currency,
        "observed_at": phrases.stamp(row.observed_at),
        "announced_at": None if row.announced_at is None else phrases.stamp(row.announced_at),
        "effective_at": None if row.effective_at is None else row.effective_at.isoformat(),
        "cause": row.cause.value,
        "severity": row.severity.value,
        "state": row.state.value,
        "verdict": phrases.line(row.verdict, 1000),
        "costs": [
            {
                "workload": effect.workload,
                "plan": effect.plan,
                "before": _bill(effect.before),
                "after": _bill(effect.after),
            }
            for effect in row.costs
        ],
    }


def announced(shelf: Shelf) -> list[Json]:
    """Every term as it is announced to be from a day to come, and what holds until then."""
    return [
        {
            "vendor": row.vendor,
            "product": row.product,
            **_term(row.term),
            "effective_from": None if row.term.effective_from is None else row.term.effective_from.isoformat(),
            "announced_at": phrases.stamp(row.provenance.captured_at),
            "until_then": None if row.before is None else _term(row.before),
            "evidence": _evidence(row.term.evidence),
            "source": row.provenance.source_id,
            "url": safe_url(row.provenance.url),
            "capture": row.provenance.capture_id,
            "sha256": row.provenance.sha256,
        }
        for row in shelf.catalog.announced
    ]


def freshness(catalog: Catalog) -> Json:
    """How old everything is: when each source was last checked, and when its facts were last verified."""
    rows, states = [], {state.source_id: state for state in catalog.states}
    for source in catalog.sources:
        state = states.get(source.id)
        rows.append(
            {
                "source": source.id,
                "vendor": source.vendor,
                "product": source.product,
                "url": safe_url(source.url),
                "every_hours": source.every_hours,
                "outcome": state.outcome.value if state and state.outcome else None,
                "checked_at": _stamp(state.checked_at if state else None),
                "verified_at": _stamp(state.verified_at if state else None),
                "broken_since": _stamp(state.since) if state and is_broken(state) else None,
                "held": bool(state and state.held),
            }
        )
    return {"as_of": phrases.stamp(catalog.as_of), "demo": catalog.demo, "sources": rows}


def _source(provenance: Provenance, evidence: Evidence) -> Json:
    return {
        "evidence": _evidence(evidence),
        "source": provenance.source_id,
        "url": safe_url(provenance.url),
        "capture": provenance.capture_id,
        "sha256": provenance.sha256,
        "captured_at": phrases.stamp(provenance.captured_at),
        "since": phrases.stamp(provenance.valid_from),
        **_imported(provenance),
    }


def _imported(provenance: Provenance) -> Json:
    """What stands beside a fact that was read on no page; nothing beside the others."""
    if provenance.imported is None:
        return {}
    imported = provenance.imported
    document = phrases.line(provenance.url, 300)
    return {
        "imported": {
            "file": imported.file, "document": document, "who": phrases.line(imported.who, 120),
            "until": imported.until.isoformat(),
        }
    }  # fmt: skip


def _evidence(evidence: Evidence) -> Json:
    return {"quote": evidence.quote, "locator": evidence.locator, "surface": evidence.surface.value}


def _bill(cost: Cost) -> str | None:
    """A cost as one text: two decimals at least, both bounds of a range, None where it has no figure."""
    if cost.low is None:
        return None
    low = _cents(cost.low)
    return low if cost.high is None or cost.high == cost.low else f"{low}-{_cents(cost.high)}"


def _cents(value: Decimal) -> str:
    tidy = Decimal(digits(value))
    exponent = tidy.as_tuple().exponent
    return f"{tidy:.{max(2, -exponent if isinstance(exponent, int) else 2)}f}"


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else digits(value)


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else phrases.stamp(moment)
