"""The believed rows of some sources, revised in memory and written back at one stroke: one ledger for each kind of
fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from pricing_pipeline.changes import same_value
from pricing_pipeline.facts import Cohort, Plan, Rating, Term
from warehouse.believed import Believed, Reading, holding, revise
from warehouse.columns import (
    COHORT_COLUMNS,
    FOREVER,
    PLAN_COLUMNS,
    RATING_COLUMNS,
    TERM_COLUMNS,
    as_text,
    cohort_from,
    cohort_values,
    insert,
    plan_from,
    plan_values,
    rating_from,
    rating_values,
    term_from,
    term_values,
)
from warehouse.connection import Connection
from warehouse.digest import same_plan, same_rating

Fact = TypeVar("Fact")

ROW_COLUMNS = ("row_id", "source_id", "vendor", "product", "position")
ROW_IDS_AT_ONCE = 1_000
TIME_COLUMNS = (
    "capture_id", "observation_id", "extractor_version", "valid_from", "valid_to", "recorded_at", "superseded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Fact]):
    """How one kind of fact rests: its tables, its columns, what makes two the same fact and what makes them equal."""

    table: str
    columns: tuple[str, ...]
    build: Callable[[Sequence[Any]], Fact]
    values: Callable[[Fact], tuple[object, ...]]
    key: Callable[[Fact], Hashable]
    same: Callable[[Fact, Fact], bool]


PLANS: Kind[Plan] = Kind(
    table="plan", columns=PLAN_COLUMNS, build=plan_from, values=plan_values, key=lambda plan: plan.slug, same=same_plan
)
TERMS: Kind[Term] = Kind(
    table="term", columns=TERM_COLUMNS, build=term_from, values=term_values, key=lambda term: term.key, same=same_value
)
RATINGS: Kind[Rating] = Kind(
    table="rating", columns=RATING_COLUMNS, build=rating_from, values=rating_values, key=lambda it: it.publisher,
    same=same_rating
)  # fmt: skip
COHORTS: Kind[Cohort] = Kind(
    table="cohort", columns=COHORT_COLUMNS, build=cohort_from, values=cohort_values,
    key=lambda it: (it.plan, " ".join(it.evidence.quote.split())),
    same=lambda before, after: (before.joined_before, before.until) == (after.joined_before, after.until),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose facts a source states."""

    vendor: str
    product: str


class Ledger(Generic[Fact]):
    """What is believed of some sources, by source and key."""

    def __init__(self, kind: Kind[Fact], ids: Iterator[int]) -> None:
        self.kind = kind
        self._ids = ids
        self._rows: dict[str, dict[Hashable, list[Believed[Fact]]]] = defaultdict(lambda: defaultdict(list))
        self._is_standing: dict[int, bool] = {}  # of rows that the tables hold
        self._gone: dict[int, tuple[Believed[Fact], str, datetime]] = {}
        self._made: dict[int, str] = {}

    def load(self, con: Connection, sources: Sequence[str], *, with_past: Sequence[str] = ()) -> None:
        """Take in what stands of these sources, and for some of them also what is believed of the past."""
        self._take(con, "standing", "true", sources)
        if with_past:
            self._take(con, "past", "superseded_at = 'infinity'", with_past)

    def keys(self, source_id: str) -> list[Hashable]:
        """The keys that anything is believed of."""
        return list(self._rows[source_id])

    def rows(self, source_id: str, key: Hashable) -> list[Believed[Fact]]:
        """The believed rows of one key that were taken in."""
        return self._rows[source_id][key]

    def holding(self, source_id: str, moment: datetime) -> list[Believed[Fact]]:
        """What holds at a moment, in the order of the page."""
        held = (holding(rows, moment) for rows in self._rows[source_id].values())
        return sorted(
            (row for row in held if row is not None), key=lambda row: (row.position, repr(self.kind.key(row.fact)))
        )

    def overwrite(
        self,
        source_id: str,
        key: Hashable,
        news: Iterable[Believed[Fact]],
        *,
        start: datetime,
        end: datetime,
        at: datetime,
    ) -> bool:
        """Revise one key from `start` up to `end`, as recorded `at`; says whether anything moved."""
        rows = self._rows[source_id][key]
        revision = revise(rows, news, start=start, end=end, recorded_at=at, same=self.kind.same)
        if not revision.gone and not revision.made:
            return False
        gone_ids = {row.row_id for row in revision.gone}
        made = [replace(row, row_id=next(self._ids)) for row in revision.made]
        self._rows[source_id][key] = [row for row in rows if row.row_id not in gone_ids] + made
        self._forget(revision.gone, source_id, at)
        for row in made:
            self._made[_id(row)] = source_id
        return True

    def write(self, con: Connection, owners: dict[str, Owner], pivots: dict[str, datetime]) -> int:
        """Write what was revised and say how many rows were made.

        Rows whose end lies beyond their source's pivot (the newest capture) stand; the others belong to the past.
        """
        standing, past, made = self._sorted_out(owners, pivots)
        columns = (*ROW_COLUMNS, *self.kind.columns, *TIME_COLUMNS)
        table = self.kind.table
        taken = [row_id for row_id in self._gone if self._is_standing.get(row_id)]
        if taken:
            con.execute(f"DELETE FROM {table}_standing WHERE row_id IN (SELECT unnest(?::BIGINT[]))", [taken])  # noqa: S608  # own constants
        self._supersede_past(con)
        insert(con, f"{table}_standing", columns, standing)
        insert(con, f"{table}_past", columns, past)
        return made

    def _sorted_out(
        self, owners: dict[str, Owner], pivots: dict[str, datetime]
    ) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], int]:
        standing: list[tuple[object, ...]] = []
        past: list[tuple[object, ...]] = []
        live = [
            (row, source)
            for source, keyed in self._rows.items()
            for rows in keyed.values()
            for row in rows
            if _id(row) in self._made
        ]
        for row, source_id in live:
            beyond = row.end > pivots[source_id]
            (standing if beyond else past).append(self._values(row, source_id, owners[source_id], FOREVER))
        for row_id, (row, source_id, at) in self._gone.items():
            if self._is_standing.get(row_id, True):
                past.append(self._values(row, source_id, owners[source_id], at))
        return standing, past, len(live)

    def _values(self, row: Believed[Fact], source_id: str, owner: Owner, superseded_at: datetime) -> tuple[object, ...]:
        reading = row.reading
        return (
            _id(row), source_id, owner.vendor, owner.product, row.position, *self.kind.values(row.fact),
            reading.capture_id,
            reading.observation_id, reading.extractor_version, row.start, row.end, row.recorded_at, superseded_at,
        )  # fmt: skip

    def _forget(self, gone: Iterable[Believed[Fact]], source_id: str, at: datetime) -> None:
        for row in gone:
            self._gone[_id(row)] = (row, source_id, at)
            self._made.pop(_id(row), None)

    def _supersede_past(self, con: Connection) -> None:
        gone = [(row_id, at) for row_id, (_, _, at) in self._gone.items() if self._is_standing.get(row_id) is False]
        if gone:
            # the table is this module's own constant
            query = f"""
                UPDATE {self.kind.table}_past SET superseded_at = gone.at
                FROM (SELECT unnest(?::BIGINT[]) AS row_id, unnest(?::TIMESTAMPTZ[]) AS at) AS gone
                WHERE {self.kind.table}_past.row_id = gone.row_id
            """  # noqa: S608
            con.execute(query, [[row_id for row_id, _ in gone], [as_text(at) for _, at in gone]])

    def _take(self, con: Connection, part: str, condition: str, sources: Sequence[str]) -> None:
        # table, columns and condition are this module's own constants
        query = f"""
            SELECT
                row_id, source_id, position, capture_id, observation_id, extractor_version,
                valid_from, NULLIF(valid_to, 'infinity'), recorded_at, {", ".join(self.kind.columns)}
            FROM {self.kind.table}_{part}
            WHERE source_id IN (SELECT unnest(?::VARCHAR[])) AND {condition}
            ORDER BY row_id
        """  # noqa: S608
        for row in con.execute(query, [list(sources)]).fetchall():
            fact = self.kind.build(row[9:])
            believed = Believed(
                fact=fact, reading=Reading(capture_id=row[3], observation_id=row[4], extractor_version=row[5]),
                start=row[6],
                end=row[7] or FOREVER, recorded_at=row[8], position=row[2], row_id=row[0],
            )  # fmt: skip
            self._is_standing[row[0]] = part == "standing"
            self._rows[row[1]][self.kind.key(fact)].append(believed)


def _id(row: Believed[Any]) -> int:
    if row.row_id is None:
        raise ValueError("a believed row is named before it is kept")
    return row.row_id


def row_ids(con: Connection) -> Iterator[int]:
    """Numbers for new rows, without an end."""
    while True:
        rows = con.execute("SELECT nextval('history_row') FROM range(?)", [ROW_IDS_AT_ONCE]).fetchall()
        yield from (row[0] for row in rows)
