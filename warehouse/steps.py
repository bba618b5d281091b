"""Accepted observations that history has yet to take in, and when what they say began to hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from pricing_pipeline.facts import Cause, Origin, SourceKind
from pricing_pipeline.results import Offer
from warehouse import observed
from warehouse.columns import FOREVER
from warehouse.connection import Connection
from warehouse.ledger import Owner
from warehouse.sql import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An announcement of an accepted page of a product, and when it was first seen. `plans` is empty where it names
    none."""

    effective_from: date
    plans: tuple[str, ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One observation about to enter history (or, while it is held, to show what it would change).

    `captured_at` is when its page was served, `recorded_at` when it came to be believed, `previous_at` when what was
    accepted before it was last seen, and `previous_origin` where that came from. A late one is older than what its
    source's history already holds. `place` is where in the log it was settled. `corrected_since` is set where it is no
    page but a person's correction of what stands: since when that was misread.
    """

    observation_id: str
    capture_id: str
    source_id: str
    vendor: str
    product: str
    kind: SourceKind
    captured_at: datetime
    recorded_at: datetime
    previous_at: datetime | None
    previous_version: str | None
    extractor_version: str
    origin: Origin
    is_late: bool
    offer: Offer
    disputed: frozenset[observed.Disputed] = frozenset()
    place: int = 0
    corrected_since: datetime | None = None
    previous_origin: Origin | None = None

    @property
    def owner(self) -> Owner:
        """Whose product it speaks of; products of different vendors may share a slug."""
        return Owner(self.vendor, self.product)

    @property
    def cause(self) -> Cause:
        """Why it differs from what stands: the vendor's doing only if one version read two captures made live, in
        order."""
        if self.corrected_since is not None:
            return Cause.CORRECTION
        if self.is_late or Origin.ARCHIVE in (self.origin, self.previous_origin):
            return Cause.BACKFILL
        if self.previous_version is not None and self.previous_version != self.extractor_version:
            return Cause.EXTRACTOR
        return Cause.VENDOR

    @property
    def is_page(self) -> bool:
        """Whether it is a pricing page as it was served, and the newest of its source: it alone says what is asked now."""
        return self.kind is SourceKind.PRICING and not self.is_late and self.corrected_since is None

    @property
    def told_at(self) -> datetime:
        """When what it changes was noticed: on its page, or by the person who corrected it."""
        return self.captured_at if self.corrected_since is None else self.recorded_at

    def beside(self, known: Offer) -> Offer:
        """What its page says, with what it contradicts itself about as it was known before.

        Where surfaces disagree nobody picks, and a term that nobody picked is not gone: what stood of it stays until the
        page agrees with itself again.
        """
        plans = {plan.slug for plan in self.offer.plans}
        stated = {term.key for term in self.offer.terms}
        kept = tuple(
            term
            for term in known.terms
            if (term.plan, term.term, term.metric) in self.disputed
            and term.key not in stated
            and (term.plan is None or term.plan in plans)
        )
        return replace(self.offer, terms=(*self.offer.terms, *kept)) if kept else self.offer

    def begins(self, plan: str | None, stated: date | None, announcements: Iterable[Announced]) -> datetime:
        """When a new value of a plan's term began to hold at the vendor.

        The date stated for it, or announced for its plan (or for all), at 00:00 UTC if that lies after the last page
        that showed the old value and not after this one; else the time of this page.
        """
        if stated is not None and (self.previous_at is None or self.previous_at < midnight(stated)):
            return midnight(stated)
        if self.previous_at is None or self.is_late:
            return self.captured_at
        dates = (midnight(item.effective_from) for item in announcements if not item.plans or plan in item.plans)
        within = [moment for moment in dates if self.previous_at < moment <= self.captured_at]
        return max(within, default=self.captured_at)


def midnight(day: date) -> datetime:
    """The start of a day, UTC."""
    return datetime.combine(day, time.min, UTC)


def accepted(con: Connection) -> list[Step]:
    """Accepted observations that history has not taken in, in the order in which they were staged."""
    return _steps(con, "accepted")


def held(con: Connection) -> list[Step]:
    """Held observations, in the order in which they were staged."""
    return _steps(con, "held")


def announced(con: Connection, owners: Iterable[Owner]) -> dict[Owner, list[Announced]]:
    """What accepted pages of these products have announced, by product and oldest date first."""
    found: dict[Owner, list[Announced]] = {}
    names = sorted({f"{owner.vendor}/{owner.product}" for owner in owners})
    for vendor, product, effective_from, plans, seen_at in con.execute(sql("queries/announced"), [names]).fetchall():
        item = Announced(effective_from=effective_from, plans=tuple(json.loads(plans)), seen_at=seen_at)
        found.setdefault(Owner(vendor, product), []).append(item)
    return found


def let_go(con: Connection) -> list[Step]:
    """Pages that say what they said before, but from which the passage of a fact that a person added is gone."""
    return _built(con, con.execute(sql("queries/steps_let_go")).fetchall())


def again(con: Connection, observation_id: str) -> Step | None:
    """An observation that history has taken in, as the step that it was."""
    found = _built(con, con.execute(sql("queries/step_again"), [observation_id]).fetchall())
    return found[0] if found else None


def next_known(con: Connection, step: Step) -> datetime:
    """When the history of a step's source has something to say next, as known at the step's place; FOREVER where it has
    not."""
    asked = {"source": step.source_id, "at": step.captured_at, "place": step.place or None}
    found = con.execute(sql("queries/next_known"), asked).fetchall()
    return found[0][0] or FOREVER


def _steps(con: Connection, state: str) -> list[Step]:
    return _built(con, con.execute(sql("queries/steps"), [state]).fetchall())


def _built(con: Connection, rows: Sequence[Sequence[Any]]) -> list[Step]:
    ids = [row[0] for row in rows]
    offers, disputed = observed.offers(con, ids), observed.disputed(con, ids)
    return [
        Step(
            observation_id=row[0], capture_id=row[1], source_id=row[2], vendor=row[3], product=row[4],
            kind=SourceKind(row[5]), captured_at=row[6], recorded_at=row[7], previous_at=row[8],
            previous_version=row[9],
            extractor_version=row[10], origin=Origin(row[11]), is_late=row[12], offer=offers[row[0]],
            disputed=disputed.get(row[0], frozenset()), place=row[13],
            previous_origin=None if row[14] is None else Origin(row[14]),
        )
        for row in rows
    ]  # fmt: skip
