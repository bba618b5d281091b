"""Rows for the checks to judge: ids, slugs, numbers, flags and enumerated words only, never scraped text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pricing_pipeline import gate
from pricing_pipeline.currencies import CODES
from pricing_pipeline.facts import TermKind
from pricing_pipeline.money import read_amounts
from pricing_pipeline.results import Thresholds
from warehouse.connection import Connection
from warehouse.sql import sql

DEFAULTS = Thresholds()
# Beside them stand counted ones, such as `4_weeks` and `2_years` (see `pricing_pipeline.periods`).
PERIODS = ("hour", "day", "week", "month", "quarter", "half_year", "year", "once")


@dataclass(frozen=True, slots=True)
class Frame:
    """Named columns, and rows in a fixed order."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def captures(con: Connection, *, at: datetime) -> Frame:
    """One row per registered source: how its last attempt ended, and how long ago its facts were verified."""
    return _frame(con, "captures", {"now": at})


def observations(con: Connection, thresholds: Thresholds = DEFAULTS) -> Frame:
    """One row per staged observation: what it holds, and how much of that is out of shape."""
    values = {"currencies": sorted(CODES), "periods": list(PERIODS), "low_confidence": str(thresholds.low_confidence)}
    return _frame(con, "observations", values)


def step(con: Connection, thresholds: Thresholds = DEFAULTS) -> Frame:
    """What moved between the last accepted observation of a source and each staged one, and which misreading it looks
    like."""
    values = {"collapse": str(thresholds.plan_collapse_ratio), "review_fall": str(thresholds.review_count_fall_ratio)}
    found = _frame(con, "step", values)
    place = {name: found.columns.index(name) for name in ("before", "after", "suspicion", "kind", "quote")}
    # quotes are scraped text, and go no further
    kept = [column for column in range(len(found.columns)) if column not in (place["kind"], place["quote"])]

    def named(row: tuple[object, ...]) -> tuple[object, ...]:
        kind, before, after, quote = (row[place[name]] for name in ("kind", "before", "after", "quote"))
        said = row[place["suspicion"]]
        if kind is not None:
            said = _suspicion(TermKind(str(kind)), Decimal(str(before)), Decimal(str(after)), str(quote), thresholds)
        return tuple(said if column == place["suspicion"] else row[column] for column in kept)

    return Frame(tuple(found.columns[column] for column in kept), [named(row) for row in found.rows])


def _suspicion(kind: TermKind, before: Decimal, after: Decimal, quote: str, thresholds: Thresholds) -> str | None:
    name = gate.step_suspicion(before, after, kind=kind, thresholds=thresholds)
    if name is None:
        return None
    printed = [amount.amount for amount in read_amounts(quote, currency="USD")]
    return None if gate.vouched_for(before, after, [printed]) else name


def history(con: Connection) -> Frame:
    """One row per product: its standing terms, and what must not be among them.

    Inside a refresh only rows that end after the earliest moment it revised are compared for overlaps: older ones have
    not changed since they were judged.
    """
    since = con.execute("SELECT getvariable('revised_since')").fetchall()[0][0]
    return _frame(con, "history", {"since": since})


def changes(con: Connection, change_ids: Sequence[str], thresholds: Thresholds = DEFAULTS) -> Frame:
    """One row per accepted change of these that is the vendor's doing: which levers it moved, and what that costs."""
    return _frame(con, "changes", {"ids": list(change_ids), "threshold": str(thresholds.critical_cost_ratio)})


def _frame(con: Connection, name: str, values: Mapping[str, object]) -> Frame:
    done = con.execute(sql(f"frames/{name}"), dict(values))
    rows = done.fetchall()
    return Frame(tuple(column[0] for column in done.description or ()), rows)
