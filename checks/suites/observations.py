"""Asked of every staged observation by itself: is this the page, and does its reading hang together?

Findings go to the gate, which alone decides; nothing here blocks, so one broken vendor never stops the others.
"""

from __future__ import annotations

from checks.declarations import Check, CheckSeverity, Suite, columns, in_words, none_of
from pricing_pipeline.facts import Outcome

_READABLE = (Outcome.FETCHED, Outcome.NOT_MODIFIED)

OBSERVATIONS = Suite(
    name="observations",
    asks_of="every staged observation, before the gate",
    identity=("observation_id",),
    columns=columns(
        words="observation_id source_id vendor kind outcome",
        counts=(
            "plan_count duplicate_plans term_count rating_count fact_count unknown_currency unknown_period "
            "out_of_range without_evidence conflicts low_confidence rating_out_of_scale hardly_known"
        ),
    ),
    checks=(
        in_words(
            "outcome",
            _READABLE,
            name="page_is_the_page",
            suite="observations",
            description="The capture is the page that was asked for, not a wall, an error or another page.",
            says="{source_id}: {outcome} instead of the page",
        ),
        none_of(
            "hardly_known",
            name="known_again",
            suite="observations",
            description="The page holds the words it is expected to hold, or half of the plans that stand.",
            says="{source_id}: words that `expect` names are gone, and most of the plans with them",
        ),
        Check(
            name="at_least_one_fact",
            suite="observations",
            expectation="expect_column_values_to_be_between",
            kwargs={"column": "fact_count", "min_value": 1},
            severity=CheckSeverity.CRITICAL,
            description="A page that was served holds at least one fact.",
            says="{source_id}: no fact was read from the page",
            where=("outcome", _READABLE),
        ),
        none_of(
            "duplicate_plans",
            name="plans_unique",
            suite="observations",
            description="No two plans of one page share a name.",
            says="{source_id}: {duplicate_plans} of {plan_count} plans share a name with another",
        ),
        none_of(
            "unknown_currency",
            name="currency_known",
            suite="observations",
            description="Every amount has a currency.",
            says="{source_id}: {unknown_currency} of {term_count} terms have an amount without a currency",
        ),
        none_of(
            "unknown_period",
            name="period_known",
            suite="observations",
            description="Every recurring fee says what period it is charged for.",
            says="{source_id}: {unknown_period} of {term_count} terms have a fee without a billing period",
        ),
        none_of(
            "out_of_range",
            name="amounts_in_range",
            suite="observations",
            description="No amount or quantity is negative or absurdly large.",
            says="{source_id}: {out_of_range} of {term_count} terms have a figure out of range",
        ),
        none_of(
            "without_evidence",
            name="evidence_in_page",
            suite="observations",
            description="Every fact's quote stands in the page it was read from.",
            says="{source_id}: {without_evidence} of {fact_count} facts have a quote that is not in the page",
        ),
        none_of(
            "conflicts",
            name="no_conflicts",
            suite="observations",
            severity=CheckSeverity.WARNING,
            description="The surfaces of a page agree with one another.",
            says="{source_id}: the page contradicts itself on {conflicts} of {term_count} terms",
        ),
        none_of(
            "low_confidence",
            name="confident",
            suite="observations",
            severity=CheckSeverity.WARNING,
            description="The reading of every fact is sure enough.",
            says="{source_id}: {low_confidence} of {fact_count} facts were read with low confidence",
        ),
        none_of(
            "rating_out_of_scale",
            name="rating_in_scale",
            suite="observations",
            description="Every rating lies within its scale.",
            says="{source_id}: {rating_out_of_scale} of {rating_count} ratings lie outside their scale",
        ),
    ),
)
