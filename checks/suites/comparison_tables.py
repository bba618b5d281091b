"""Asked of the comparison tables before publishing: complete, sourced, fresh and free of contradiction?"""

from __future__ import annotations

from checks.declarations import CheckSeverity, Suite, columns, flag_is, none_of

COMPARISON_TABLES = Suite(
    name="comparison_tables",
    asks_of="every plan of every comparison, before publishing",
    identity=("comparison", "product", "plan"),
    columns=columns(
        words="comparison product plan claims",
        counts="cells missing without_evidence pending contradicted_claims",
        flags="stale",
        numbers="oldest_age_hours every_hours",
    ),
    checks=(
        none_of(
            "without_evidence",
            name="no_cell_without_evidence",
            suite="comparison_tables",
            description="Every figure of every table has its source and quote.",
            says="{comparison}: {product}/{plan} has {without_evidence} of {cells} cells without evidence",
        ),
        flag_is(
            "stale",
            name="fresh_by_the_oldest_cell",
            suite="comparison_tables",
            description="The oldest cell of every plan is within its cadence; a newer neighbour does not hide it.",
            says="{comparison}: {product}/{plan} has a cell {oldest_age_hours} hours old, due every {every_hours}",
        ),
        none_of(
            "contradicted_claims",
            name="no_contradicted_claim",
            suite="comparison_tables",
            description="No editorial statement is contradicted by the facts; such a page keeps its last edition.",
            says="{comparison}: {contradicted_claims} statements that touch {product}/{plan} are contradicted: {claims}",
        ),
        none_of(
            "missing",
            name="complete",
            suite="comparison_tables",
            severity=CheckSeverity.WARNING,
            description="Every cell of every table is filled.",
            says="{comparison}: {product}/{plan} lacks {missing} of {cells} cells",
        ),
        none_of(
            "pending",
            name="nothing_pending",
            suite="comparison_tables",
            severity=CheckSeverity.INFO,
            description="No cell waits for a held observation to be decided.",
            says="{comparison}: {product}/{plan} has {pending} cells with a change pending: `pricing-pipeline held`",
        ),
    ),
)
