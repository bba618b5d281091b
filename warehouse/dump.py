"""The warehouse as text, to compare one that was rebuilt with the one that lived: equal dumps, not equal files."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.connection import Connection

# Everything that follows from the log. Left out are the results of checks, which belong to the runs that made them,
# the numbers that only count rows (row_id, ordinal), and what the registry says, which lives in its own files.
TABLES = (
    "capture", "decision", "reading", "log_position", "pending", "source_state", "source_reading", "observation",
    "confirmation", "observed_plan", "observed_term", "observed_rating", "observed_announcement", "observed_statement",
    "observed_cohort",
    "statement", "promise", "observed_conflict",
    "diagnostic", "finding", "plan", "term", "rating", "cohort", "cost", "change", "change_cost", "product_metric",
    "correction", "passage", "import", "imported_fact", "plan_name",
)  # fmt: skip
COUNTERS = frozenset({"row_id", "ordinal"})


def canonical_dump(con: Connection) -> str:
    """Every row of every table that is a function of the log, one line each, sorted."""
    return "".join(f"{line}\n" for table in TABLES for line in _lines(con, table))


def differences(one: str, other: str, *, limit: int = 20) -> list[str]:
    """The lines that only one of two dumps holds, up to `limit`, the first dump's marked with - and the other's with
    +."""
    ours, theirs = set(one.splitlines()), set(other.splitlines())
    marked = [*(f"- {line}" for line in sorted(ours - theirs)), *(f"+ {line}" for line in sorted(theirs - ours))]
    return marked[:limit]


def _lines(con: Connection, table: str) -> Iterator[str]:
    described = con.execute(f"SELECT * FROM {table} LIMIT 0").description or ()  # noqa: S608  # table is one of TABLES
    columns = [column[0] for column in described if column[0] not in COUNTERS]
    # a NULL, an empty text and a text that spells NULL stay three things
    cells = ", ".join(f"coalesce(to_json({column}::VARCHAR)::VARCHAR, 'null')" for column in columns)
    query = f"SELECT concat_ws(' ', '{table}', {cells}) FROM {table} ORDER BY 1"  # noqa: S608  # as above
    return (row[0] for row in con.execute(query).fetchall())
