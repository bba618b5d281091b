"""Asked of every staged observation against the last accepted one of its source: does the step look like a misreading?

The frame names the suspicion; each check refuses its own words and lets the other checks' words pass. A word that is
not known here fails `no_suspicious_ratio`: an unknown suspicion is a suspicion.
"""

from __future__ import annotations

from checks.declarations import Check, CheckSeverity, Suite, columns, in_words

# The suspicions that have a check of their own.
_SHAPES = ("plans_collapsed", "counts_collapsed", "review_count_fell", "currency_view", "price_vanished")


def _refuses(word: str, *, name: str, description: str, says: str, severity: CheckSeverity) -> Check:
    return Check(
        name=name,
        suite="step",
        expectation="expect_column_values_to_not_be_in_set",
        kwargs={"column": "suspicion", "value_set": [word]},
        severity=severity,
        description=description,
        says=says,
        empty_passes=True,
    )


STEP = Suite(
    name="step",
    asks_of="every staged observation against the last accepted one of its source",
    identity=("observation_id", "subject"),
    columns=columns(
        words="observation_id source_id vendor subject measure suspicion",
        numbers="before after ratio",
    ),
    suspicion="suspicion",
    checks=(
        in_words(
            "suspicion",
            _SHAPES,
            name="no_suspicious_ratio",
            suite="step",
            description="No figure moved by a factor that points to a misread period, unit, decimal sign or scale.",
            says="{source_id}: {subject} {before} -> {after} ({suspicion})",
            empty_passes=True,
        ),
        _refuses(
            "plans_collapsed",
            name="plans_not_collapsed",
            severity=CheckSeverity.CRITICAL,
            description="The page has not lost most of its plans at once.",
            says="{source_id}: plans {before} -> {after}",
        ),
        _refuses(
            "counts_collapsed",
            name="counts_not_collapsed",
            severity=CheckSeverity.WARNING,
            description="The plans have not lost most of their allowances and limits at once.",
            says="{source_id}: allowances and limits {before} -> {after}",
        ),
        _refuses(
            "review_count_fell",
            name="review_count_not_falling",
            severity=CheckSeverity.WARNING,
            description="The number of reviews has not fallen by much.",
            says="{source_id}: {subject} reviews {before} -> {after}",
        ),
        _refuses(
            "currency_view",
            name="same_currency_view",
            severity=CheckSeverity.WARNING,
            description="The page was served in the same currency and for the same country as before.",
            says="{source_id}: from {subject}",
        ),
        _refuses(
            "price_vanished",
            name="price_not_vanished",
            severity=CheckSeverity.WARNING,
            description="No plan lost its price without the page saying what holds instead.",
            says="{source_id}: {subject} {before} -> nothing",
        ),
    ),
)
