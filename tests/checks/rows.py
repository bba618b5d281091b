"""Frames to judge: for every suite a sound row, and for every check the cells that break it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.results import CheckOutcome, Status
from checks.suites import SUITES

SOUND: Mapping[str, dict[str, object]] = {
    "captures": {
        "source_id": "acme/acme-cloud/pricing",
        "vendor": "acme",
        "kind": "pricing",
        "outcome": "fetched",
        "failures": 0,
        "overdue": False,
        "never_fetched": False,
        "blocked": False,
        "in_future": False,
        "age_hours": 3.5,
        "every_hours": 24.0,
    },
    "observations": {
        "observation_id": "o1",
        "source_id": "acme/acme-cloud/pricing",
        "vendor": "acme",
        "kind": "pricing",
        "outcome": "fetched",
        "plan_count": 3,
        "duplicate_plans": 0,
        "term_count": 9,
        "rating_count": 1,
        "fact_count": 10,
        "unknown_currency": 0,
        "unknown_period": 0,
        "out_of_range": 0,
        "without_evidence": 0,
        "conflicts": 0,
        "low_confidence": 0,
        "rating_out_of_scale": 0,
        "hardly_known": 0,
    },
    "step": {
        "observation_id": "o1",
        "source_id": "acme/acme-cloud/pricing",
        "vendor": "acme",
        "subject": "solo/recurring_fee/month",
        "measure": "amount",
        "before": 10.0,
        "after": 12.0,
        "ratio": 1.2,
        "suspicion": None,
    },
    "history": {
        "vendor": "acme",
        "product": "acme-cloud",
        "current_terms": 9,
        "overlaps": 0,
        "duplicate_current": 0,
        "without_evidence": 0,
        "orphan_terms": 0,
    },
    "changes": {
        "change_id": "c1",
        "vendor": "acme",
        "product": "acme-cloud",
        "plan": "solo",
        "lever": "headline",
        "kind": "price_decreased",
        "severity": "info",
        "headline_moved": True,
        "cost_ratio": None,
        "silent_cost_rise": False,
        "allowance_removed": False,
        "rate_raised": False,
        "unit_or_meter_changed": False,
        "free_tier_gone": False,
        "price_hidden": False,
        "rating_or_reviews_dropped": False,
    },
    "comparison_tables": {
        "comparison": "acme-vs-zenith",
        "product": "acme-cloud",
        "plan": "solo",
        "cells": 8,
        "missing": 0,
        "without_evidence": 0,
        "oldest_age_hours": 3.5,
        "every_hours": 24.0,
        "stale": False,
        "pending": 0,
        "contradicted_claims": 0,
        "claims": "",
    },
    "edition": {
        "path": "index.html",
        "exists": True,
        "empty": False,
        "broken_links": 0,
        "schema_errors": 0,
        "figures_differ": 0,
    },
}

BROKEN: Mapping[tuple[str, str], dict[str, object]] = {
    ("captures", "outcome_known"): {"outcome": "vanished"},
    ("captures", "outcome_recorded"): {"outcome": None},
    ("captures", "ever_fetched"): {"never_fetched": True, "outcome": None, "age_hours": None},
    ("captures", "verified_within_cadence"): {"overdue": True, "age_hours": 80.0},
    ("captures", "age_not_negative"): {"in_future": True, "age_hours": -1.0},
    ("captures", "content_is_html"): {"outcome": "not_html"},
    ("captures", "few_blocked"): {"blocked": True, "outcome": "blocked"},
    ("captures", "not_failing_for_long"): {"failures": 3},
    ("observations", "page_is_the_page"): {"outcome": "wrong_page"},
    ("observations", "known_again"): {"hardly_known": 1},
    ("observations", "at_least_one_fact"): {"fact_count": 0},
    ("observations", "plans_unique"): {"duplicate_plans": 1},
    ("observations", "currency_known"): {"unknown_currency": 1},
    ("observations", "period_known"): {"unknown_period": 1},
    ("observations", "amounts_in_range"): {"out_of_range": 1},
    ("observations", "evidence_in_page"): {"without_evidence": 1},
    ("observations", "no_conflicts"): {"conflicts": 1},
    ("observations", "confident"): {"low_confidence": 1},
    ("observations", "rating_in_scale"): {"rating_out_of_scale": 1},
    ("step", "no_suspicious_ratio"): {"after": 120.0, "ratio": 12.0, "suspicion": "x12"},
    ("step", "plans_not_collapsed"): {"before": 4.0, "after": 1.0, "suspicion": "plans_collapsed"},
    ("step", "counts_not_collapsed"): {"before": 8.0, "after": 0.0, "suspicion": "counts_collapsed"},
    ("step", "review_count_not_falling"): {"before": 120.0, "after": 12.0, "suspicion": "review_count_fell"},
    ("step", "same_currency_view"): {"suspicion": "currency_view"},
    ("step", "price_not_vanished"): {"after": None, "ratio": None, "suspicion": "price_vanished"},
    ("history", "intervals_do_not_overlap"): {"overlaps": 1},
    ("history", "one_current_row_per_key"): {"duplicate_current": 1},
    ("history", "current_terms_have_evidence"): {"without_evidence": 1},
    ("history", "terms_belong_to_a_plan"): {"orphan_terms": 1},
    ("changes", "no_allowance_removed"): {"allowance_removed": True},
    ("changes", "no_rate_raised"): {"rate_raised": True},
    ("changes", "no_unit_or_meter_changed"): {"unit_or_meter_changed": True},
    ("changes", "no_silent_cost_rise"): {"silent_cost_rise": True, "headline_moved": False, "cost_ratio": 31.0},
    ("changes", "no_free_tier_gone"): {"free_tier_gone": True},
    ("changes", "no_price_hidden"): {"price_hidden": True},
    ("changes", "no_rating_or_reviews_dropped"): {"rating_or_reviews_dropped": True},
    ("comparison_tables", "no_cell_without_evidence"): {"without_evidence": 1},
    ("comparison_tables", "fresh_by_the_oldest_cell"): {"stale": True, "oldest_age_hours": 90.0},
    ("comparison_tables", "no_contradicted_claim"): {"contradicted_claims": 1},
    ("comparison_tables", "complete"): {"missing": 1},
    ("comparison_tables", "nothing_pending"): {"pending": 1},
    ("edition", "files_present"): {"exists": False},
    ("edition", "no_empty_file"): {"empty": True},
    ("edition", "links_resolve"): {"broken_links": 1},
    ("edition", "schemas_validate"): {"schema_errors": 1},
    ("edition", "same_figures_everywhere"): {"figures_differ": 1},
}


@dataclass(frozen=True)
class Rows:
    """A frame as any other part would hand it in."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def frame(suite: str, *changed: Mapping[str, object], without: str | None = None) -> Rows:
    """The suite's sound row once for each mapping given, with those cells changed, and a column left out on request."""
    names = tuple(name for name in SOUND[suite] if name != without)
    return Rows(names, [tuple({**SOUND[suite], **cells}[name] for name in names) for cells in changed])


def named(suite: str, row: str) -> dict[str, object]:
    """The cells that give a row of the suite its own identity."""
    return {SUITES[suite].identity[-1]: row}


def failed(outcomes: Sequence[CheckOutcome]) -> list[str]:
    """The names of the checks that failed."""
    return [outcome.check.name for outcome in outcomes if outcome.status is Status.FAILED]
