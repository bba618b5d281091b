"""What the pages of a product state for a day of their own, and what became of the changes that they announced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pricing_pipeline.changes import same_value
from pricing_pipeline.changes.announced import Statement, bind, days_of
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Announcement, Origin, SourceKind, Term
from pricing_pipeline.results import Change, Offer, Promise
from warehouse import changes, steps
from warehouse.believed import Reading
from warehouse.columns import FOREVER, TERM_COLUMNS, insert, plain, term_from, term_values
from warehouse.connection import Connection
from warehouse.ledger import Owner
from warehouse.sql import sql
from warehouse.steps import Step, midnight

Key = tuple[str | None, ...]
# A day is over everywhere on Earth half a day after it is over in UTC; until then a page may still show the old terms.
DAY_IS_OVER = timedelta(hours=36)
# So long an announcement counts after its day, though its page has dropped it.
REMEMBERED = timedelta(days=90)
COLUMNS = (
    "source_id", "vendor", "product", "position", "capture_id", "observation_id", "extractor_version", "seen_at", "former",
    *TERM_COLUMNS,
)  # fmt: skip
# Behind every place in the log.
BEYOND = 2**62
_OF_THESE = "vendor || '/' || product IN (SELECT unnest(?::VARCHAR[]))"
_PROMISE_COLUMNS = ("change_id", "source_id", "effective_at", "promise", "settled_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement of a page, where it was read first, and when that was."""

    source_id: str
    statement: Statement
    reading: Reading
    seen_at: datetime

    @property
    def day(self) -> date:
        """From when what it says holds."""
        assert self.statement.term.effective_from is not None
        return self.statement.term.effective_from


@dataclass(slots=True)
class Promised:
    """A change that was told before its day. `source_id` is the pricing page that it is about."""

    source_id: str
    change: Change
    promise: Promise = Promise.STANDING
    settled_at: datetime | None = None

    @property
    def start(self) -> datetime:
        """From when it was announced to hold."""
        assert self.change.effective_at is not None
        return midnight(self.change.effective_at)

    def settle(self, promise: Promise, at: datetime) -> None:
        """Say what became of it."""
        self.promise, self.settled_at = promise, at


@dataclass(slots=True)
class Statements:
    """The statements that stand, by product, and the announced changes that nothing has become of yet."""

    stated: dict[Owner, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    promised: dict[str, list[Promised]] = field(default_factory=lambda: defaultdict(list))

    def restate(self, step: Step) -> None:
        """Make what a page says now all that its source states. What it said before keeps its first reading."""
        reading = Reading(
            capture_id=step.capture_id, observation_id=step.observation_id, extractor_version=step.extractor_version
        )
        known = self.stated[step.owner]
        own = [one for one in known if one.source_id == step.source_id]
        # Once its day has come, an announcement may go: that takes nothing back.
        said = [one for one in own if step.kind is SourceKind.ANNOUNCEMENT and _has_come(one, step.captured_at)]
        for announcement in step.offer.announcements:
            for term in announcement.terms:
                new = Statement(term=term, former=former_of(announcement, term))
                first = next((one for one in own if _says_the_same(one.statement, new)), None)
                if first not in said:
                    said.append(
                        first
                        or Stated(source_id=step.source_id, statement=new, reading=reading, seen_at=step.captured_at)
                    )
        self.stated[step.owner] = [one for one in known if one.source_id != step.source_id] + said

    def coming(
        self, owner: Owner, source_id: str, offer: Offer, *, after: datetime, own: Offer | None = None
    ) -> list[tuple[Stated, Term]]:
        """What is stated for later than `after`, as terms of a product, each with who said so; oldest day first.

        `offer` is what stands. Where the pricing page (`source_id`) says anything of a term's future, nobody else is
        asked; `own` is what its own statements may be about, where that is more than what stands.
        """
        later = [one for one in self.stated[owner] if midnight(one.day) > after]
        found: list[tuple[Stated, Term]] = []
        for is_own, known in ((True, own or offer), (False, offer)):
            settled = {term.key for _, term in found}
            these = sorted((one for one in later if (one.source_id == source_id) is is_own), key=_order)
            days: set[tuple[Key, date | None]] = set()
            for stated, term in _bound(these, known):
                if term.key not in settled and (term.key, term.effective_from) not in days:
                    days.add((term.key, term.effective_from))
                    found.append((stated, term))
        return found

    def days(self, owner: Owner, offer: Offer, *, after: datetime | None, until: datetime) -> dict[Key, date]:
        """Since when each term of an offer holds by what is stated, if that is later than `after` and not than `until`."""
        within = [
            one.statement
            for one in self.stated[owner]
            if midnight(one.day) <= until and (after is None or midnight(one.day) > after)
        ]
        return days_of(within, offer)

    def said_here(self, owner: Owner, source_id: str, known: Offer, *, until: datetime) -> dict[Key, Term]:
        """What a pricing page states to hold since a day that has come, the newest statement of each term."""
        here = [one for one in self.stated[owner] if one.source_id == source_id and midnight(one.day) <= until]
        return {term.key: term for _, term in _bound(here, known)}


def _order(one: Stated) -> tuple[date, datetime, str]:
    return (one.day, one.seen_at, one.source_id)


def _bound(stated: Sequence[Stated], offer: Offer) -> list[tuple[Stated, Term]]:
    by_statement = {id(one.statement): one for one in stated}
    return [(by_statement[id(one)], term) for one, term in bind([one.statement for one in stated], offer)]


def former_of(announcement: Announcement, term: Term) -> Decimal | None:
    """The figure that an announcement says a term had until then."""
    alike = [
        one for one in announcement.former if (one.plan, one.term, one.metric) == (term.plan, term.term, term.metric)
    ]
    figures = {one.amount if one.amount is not None else one.quantity for one in alike}
    return figures.pop() if len(figures) == 1 else None


def _has_come(one: Stated, moment: datetime) -> bool:
    return midnight(one.day) <= moment < midnight(one.day) + REMEMBERED


def _says_the_same(one: Statement, other: Statement) -> bool:
    days = (one.term.effective_from, one.former)
    return days == (other.term.effective_from, other.former) and same_value(one.term, other.term)


def load(con: Connection, owners: Iterable[Owner]) -> Statements:
    """What the pages of these products state, and the changes of theirs that were announced and are not settled."""
    names = sorted({f"{owner.vendor}/{owner.product}" for owner in owners})
    found = Statements()
    query = f"SELECT {', '.join(COLUMNS)} FROM statement WHERE {_OF_THESE} ORDER BY source_id, position"  # noqa: S608  # own constants
    for row in con.execute(query, [names]).fetchall():
        found.stated[Owner(row[1], row[2])].append(_stated_from(row))
    waiting = con.execute(
        "SELECT promise.change_id, promise.source_id FROM promise JOIN change ON change.change_id = promise.change_id "
        "WHERE promise.promise = 'standing' AND change.vendor || '/' || change.product IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY promise.effective_at, promise.change_id",
        [names],
    ).fetchall()
    by_id = {change.id: change for change in changes.by_ids(con, [row[0] for row in waiting])}
    for change_id, source_id in waiting:
        found.promised[source_id].append(Promised(source_id=source_id, change=by_id[change_id]))
    return found


def save(con: Connection, found: Statements, owners: Iterable[Owner]) -> None:
    """Put these in the place of what was kept of these products."""
    names = sorted({f"{owner.vendor}/{owner.product}" for owner in owners})
    con.execute(f"DELETE FROM statement WHERE {_OF_THESE}", [names])  # noqa: S608  # own constant
    rows = []
    for owner, stated in found.stated.items():
        for source_id in dict.fromkeys(one.source_id for one in stated):
            own = [one for one in stated if one.source_id == source_id]
            rows += [_values(one, owner, position) for position, one in enumerate(own)]
    insert(con, "statement", COLUMNS, rows)
    promised = [one for waiting in found.promised.values() for one in waiting]
    con.execute(
        "DELETE FROM promise WHERE change_id IN (SELECT unnest(?::VARCHAR[]))", [[one.change.id for one in promised]]
    )
    insert(
        con, "promise", _PROMISE_COLUMNS,
        [(one.change.id, one.source_id, one.change.effective_at, one.promise, one.settled_at) for one in promised],
    )  # fmt: skip


def awaited(con: Connection) -> dict[str, datetime]:
    """The pricing pages of which something is stated for later than they were taken in, with the first such moment."""
    return dict(con.execute(sql("queries/awaited")).fetchall())


def _stated_from(row: Sequence[Any]) -> Stated:
    source_id, _, _, _, capture_id, observation_id, version, seen_at, former, *term = row
    return Stated(
        source_id=source_id,
        statement=Statement(term=term_from(term), former=plain(former)),
        reading=Reading(capture_id=capture_id, observation_id=observation_id, extractor_version=version),
        seen_at=seen_at,
    )


def _values(one: Stated, owner: Owner, position: int) -> tuple[object, ...]:
    reading = one.reading
    return (
        one.source_id, owner.vendor, owner.product, position, reading.capture_id, reading.observation_id,
        reading.extractor_version, one.seen_at, one.statement.former, *term_values(one.statement.term),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A capture of a page that says what was accepted of it before: whose facts it repeats, and when."""

    position: int
    source_id: str
    observation_id: str
    captured_at: datetime
    recorded_at: datetime


def seen_again(con: Connection, sources: Iterable[str], *, since: int | None) -> list[Seen]:
    """The captures that may confirm or belie what is stated for a day, in the order of the log.

    Those of pages that are waited for, and of these `sources` the ones that stand from a place in the log on.
    """
    waited = awaited(con)
    listed = sorted({*waited, *sources})
    if not listed:
        return []
    never = FOREVER.replace(year=FOREVER.year - 1).isoformat()
    moments = [waited[source_id].isoformat() if source_id in waited else never for source_id in listed]
    place = since if since is not None else BEYOND
    rows = con.execute(sql("queries/seen_again"), {"sources": listed, "moments": moments, "since": place}).fetchall()
    return [
        Seen(position=row[0], source_id=row[1], observation_id=row[2], captured_at=row[3], recorded_at=row[4])
        for row in rows
    ]


def step_of(con: Connection, one: Seen, applied_at: datetime) -> Step:
    """What a page said before, as the step of the capture that says it again; `applied_at` is when it was read before."""
    found = steps.again(con, one.observation_id)
    if found is None:
        raise WarehouseError(
            f"{one.observation_id}: no such observation; `pricing-pipeline rebuild` mends the warehouse"
        )
    return replace(
        found, captured_at=one.captured_at, recorded_at=one.recorded_at, place=one.position, previous_at=applied_at,
        previous_version=found.extractor_version, is_late=False, origin=Origin.LIVE,
    )  # fmt: skip


def read_until(con: Connection, source_id: str, place: int, applied_at: datetime) -> datetime:
    """When a page was read last, by what stands before a place in the log."""
    found = con.execute(sql("queries/read_until"), {"source": source_id, "place": place}).fetchall()[0][0]
    return max(applied_at, found or applied_at)
