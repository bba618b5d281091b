"""Imported facts beside the pages, as a refresh works them through: taken into history, yielding where a page speaks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pricing_pipeline.elsewhere import Claim, ImportedFact, claim, is_open
from pricing_pipeline.facts import Rating, Term
from pricing_pipeline.results import Offer
from warehouse.believed import Believed, Reading, holding
from warehouse.columns import FOREVER
from warehouse.grid import pricing_of
from warehouse.imports import VERSION, Import, capture_of, publisher_of
from warehouse.ledger import Ledger, Owner
from warehouse.readings import SourceReading
from warehouse.taking import Ledgers, offer_at

# Before anything can hold.
BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00+00:00")

Rows = dict[Hashable, list[Believed[Any]]]
Terms = tuple[Term, ...]


@dataclass(slots=True)
class Elsewhere:
    """What is imported beside the pages of some products.

    `sources` are the sources of imported facts, with the product that each speaks of; `former` the former names of
    products.
    """

    ledgers: Ledgers
    sources: Mapping[str, Owner]
    former: Mapping[Owner, Owner] = field(default_factory=dict)

    def offer(self, owner: Owner, moment: datetime) -> Offer:
        """What is imported of a product and holds at a moment, file by file."""
        offers = [offer_at(self.ledgers, source_id, moment) for source_id in self._of(owner)]
        return Offer(
            plans=tuple(plan for offer in offers for plan in offer.plans),
            terms=tuple(term for offer in offers for term in offer.terms),
            ratings=tuple(rating for offer in offers for rating in offer.ratings),
        )

    def turns(self, owner: Owner) -> set[datetime]:
        """The moments at which an imported fact about a product begins or ceases to hold."""
        return {moment for source_id in self._of(owner) for moment in turning_points(self.ledgers, source_id)}

    def take(self, one: Import, source_id: str, pages: Sequence[str]) -> datetime | None:
        """Bring a file's facts about one product into history, and give the moment from which anything changed.

        A fact holds from the day it was observed to its last. One that the file holds no longer ends now. Where one of
        the product's `pages` states the same, the page speaks: from then on the fact does not hold.
        """
        own = [fact for fact in one.facts if Owner(fact.vendor, fact.product) == self.sources[source_id]]
        terms, ratings = self._rows(own, one, pages, Term), self._rows(own, one, pages, Rating)
        moved = [
            *self._restate(self.ledgers.plans, source_id, _plan_rows(own, terms), one.made_at),
            *self._restate(self.ledgers.terms, source_id, terms, one.made_at),
            *self._restate(self.ledgers.ratings, source_id, ratings, one.made_at),
        ]
        return min(moved, default=None)

    def give_way(self, owner: Owner, page: str, moment: datetime, *, recorded_at: datetime) -> Terms:
        """End what is imported of a product where its page states the same now; gives the page's terms of those."""
        terms = self._give_way(self.ledgers.terms, owner, page, moment, recorded_at)
        self._give_way(self.ledgers.ratings, owner, page, moment, recorded_at)
        return tuple(row.fact for row in terms)

    def pivots(self, state_of: Mapping[str, SourceReading]) -> dict[str, datetime]:
        """When the facts of products moved last that are priced by what is imported alone, by their pricing source."""
        found: dict[str, datetime] = {}
        for source_id, owner in self.sources.items():
            page, moment = pricing_of(owner), state_of[source_id].applied_at
            if page in state_of and state_of[page].applied_at is None and moment is not None:
                found[page] = max(moment, found.get(page, moment))
        return found

    def _give_way(
        self, ledger: Ledger[Any], owner: Owner, page: str, moment: datetime, recorded_at: datetime
    ) -> list[Believed[Any]]:
        stated = _stated(ledger, page, moment)
        told = []
        for source_id in self._of(owner):
            for key in ledger.keys(source_id):
                mine = ledger.rows(source_id, key)
                theirs = stated.get(claim(mine[0].fact)) if mine else None
                if theirs is None or all(row.end <= theirs.start for row in mine):
                    continue
                at = max(recorded_at, *(row.recorded_at for row in mine))  # an older page may be replayed
                if holding(mine, moment) is not None:
                    told.append(theirs)
                ledger.overwrite(source_id, key, [], start=theirs.start, end=FOREVER, at=at)
        return told

    def _rows(self, facts: Iterable[ImportedFact], one: Import, pages: Sequence[str], kind: type) -> Rows:
        """The rows of one kind of fact, by key, cut where a page speaks."""
        rows: Rows = {}
        ledger: Ledger[Any] = self.ledgers.terms if kind is Term else self.ledgers.ratings
        stated = {key: row for page in pages for key, row in _stated(ledger, page, one.made_at).items()}
        for position, fact in enumerate(facts):
            if not isinstance(fact.fact, kind):
                continue
            theirs = stated.get(claim(fact.fact))
            end = fact.end if theirs is None else min(fact.end, theirs.start)
            if fact.start < end:
                capture = capture_of(fact, one.file, self.former)
                reading = Reading(capture_id=capture, observation_id=capture, extractor_version=VERSION)
                row = Believed(
                    fact=fact.fact, reading=reading, start=fact.start, end=end, recorded_at=one.made_at,
                    position=position,
                )  # fmt: skip
                rows.setdefault(ledger.kind.key(fact.fact), []).append(row)
        return rows

    def _restate(self, ledger: Ledger[Any], source_id: str, rows: Rows, at: datetime) -> list[datetime]:
        """Make these all that is believed of a source's facts of one kind; gives from when each key has changed."""
        moved = []
        for key in dict.fromkeys((*ledger.keys(source_id), *rows)):
            old = ledger.rows(source_id, key)
            gone = key not in rows
            news = [replace(row, end=min(row.end, at), row_id=None) for row in old if row.start < at]
            news = news if gone else rows[key]
            differing = {_span(row) for row in old} ^ {_span(row) for row in news}
            if differing:
                # taken away first: an equal value would keep its former quote and document
                ledger.overwrite(source_id, key, [], start=BEGINNING, end=FOREVER, at=at)
                ledger.overwrite(source_id, key, news, start=BEGINNING, end=FOREVER, at=at)
                moved.append(at if gone else min(span[1] for span in differing))
        return moved

    def _of(self, owner: Owner) -> list[str]:
        return [source_id for source_id, whose in self.sources.items() if whose == owner]


def turning_points(ledgers: Ledgers, source_id: str) -> set[datetime]:
    """The moments at which anything that is believed of a source begins or ceases to hold."""
    all_of: tuple[Ledger[Any], ...] = (ledgers.plans, ledgers.terms, ledgers.ratings)
    rows = [row for ledger in all_of for key in ledger.keys(source_id) for row in ledger.rows(source_id, key)]
    return {moment for row in rows for moment in (row.start, row.end)} - {FOREVER}


def _stated(ledger: Ledger[Any], page: str, moment: datetime) -> dict[Claim, Believed[Any]]:
    """What a page states at a moment, by what it is about; what it leaves open is no statement."""
    publisher = publisher_of(page)
    return {claim(row.fact, publisher=publisher): row for row in ledger.holding(page, moment) if not is_open(row.fact)}


def _span(row: Believed[Any]) -> tuple[str, datetime, datetime]:
    return (row.reading.capture_id, row.start, row.end)


def _plan_rows(facts: Iterable[ImportedFact], terms: Rows) -> Rows:
    """A row for each plan that the facts are about, from its first fact's day to its last one's."""
    rows: Rows = {}
    plans = {fact.plan.slug: fact.plan for fact in facts if fact.plan is not None}
    for slug, plan in plans.items():
        own = sorted(
            (row for found in terms.values() for row in found if row.fact.plan == slug), key=lambda row: row.start
        )
        if own:
            end = max(row.end for row in own)
            rows[slug] = [replace(own[0], fact=plan, end=end)]
    return rows
