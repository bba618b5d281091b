"""Asked of the whole warehouse before a transaction commits: a failure here makes everything downstream untrue."""

from __future__ import annotations

from checks.declarations import Suite, columns, none_of

HISTORY = Suite(
    name="history",
    asks_of="every product's history, before the transaction commits",
    identity=("vendor", "product"),
    columns=columns(
        words="vendor product",
        counts="current_terms overlaps duplicate_current without_evidence orphan_terms",
    ),
    checks=(
        none_of(
            "overlaps",
            name="intervals_do_not_overlap",
            suite="history",
            blocking=True,
            description="A term never holds two values at the same moment.",
            says="{vendor}/{product}: pairs of intervals that overlap: {overlaps}",
        ),
        none_of(
            "duplicate_current",
            name="one_current_row_per_key",
            suite="history",
            blocking=True,
            description="Every term has at most one current row.",
            says="{vendor}/{product}: {duplicate_current} of {current_terms} current terms have more than one row",
        ),
        none_of(
            "without_evidence",
            name="current_terms_have_evidence",
            suite="history",
            blocking=True,
            description="Every current term has a quote and the capture it was read from.",
            says="{vendor}/{product}: {without_evidence} of {current_terms} current terms have no evidence",
        ),
        none_of(
            "orphan_terms",
            name="terms_belong_to_a_plan",
            suite="history",
            blocking=True,
            description="Every current term belongs to a plan that is offered, or to the whole product.",
            says="{vendor}/{product}: {orphan_terms} of {current_terms} current terms belong to no plan",
        ),
    ),
)
