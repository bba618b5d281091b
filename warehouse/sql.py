"""The SQL files of this package, read once and by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


@cache
def sql(name: str) -> str:
    """The text of a query file, such as `queries/source_state`."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def filled(name: str, values: Mapping[str, object]) -> str:
    """A query with its `$names` filled in as quoted literals.

    For what a person waits on at the command line: DuckDB imports pandas, which takes two seconds, when the first
    value is bound.
    """
    return re.sub(r"\$([a-z_]+)", lambda found: literal(values[found[1]]), sql(name))


def literal(value: object) -> str:
    """A value as SQL text. Strings keep every character; nothing in them is read as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Sequence):
        return f"[{', '.join(literal(one) for one in value)}]::VARCHAR[]"
    raise TypeError(f"no SQL literal for a {type(value).__name__}")
