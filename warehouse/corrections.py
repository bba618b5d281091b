"""Facts that were misread, missed or made up, as people put them right: what holds instead, and for how long."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pricing_pipeline.changes import same_value
from pricing_pipeline.elsewhere import plan_state
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Evidence, Plan, Term
from pricing_pipeline.results import Offer
from warehouse import changes, names
from warehouse.columns import TERM_COLUMNS, as_text, insert, term_from, term_from_json, term_json
from warehouse.connection import Connection

_COLUMNS = (
    "position", "source_id", "capture_id", "misread", "corrected", "until", "made_by", "why", "made_at", "is_applied",
    "plan_name",
)  # fmt: skip


@dataclass(slots=True)
class Correction:
    """One term of a source as it is misread, and as it is right. It changes as a refresh is worked through.

    Where nothing was misread, a term was missed; where nothing is right, one was made up. `capture_id` is the page that
    the right reading is quoted from. It holds until the page is read otherwise (for a missed term: until the passage is
    gone), or until a day that was given with it.
    """

    position: int
    source_id: str
    capture_id: str
    misread: Term | None
    corrected: Term | None
    until: date | None
    made_at: datetime
    plan_name: str | None = None
    is_applied: bool = False
    ended_at: datetime | None = None
    ended_why: str | None = None

    def upon(self, offer: Offer) -> Offer | None:
        """The offer with the right term in the place of the misread one; None where it does not misread it so."""
        if self.misread is None:
            return self._with_the_missed(offer)
        misread = self.misread
        place = next((place for place, term in enumerate(offer.terms) if same_value(term, misread)), None)
        if place is None:
            return None
        others = (*offer.terms[:place], *offer.terms[place + 1 :])
        if self.corrected is None:
            return replace(offer, terms=others)
        if any(term.key == self.corrected.key for term in others):
            return None  # the page states it rightly beside
        return replace(offer, terms=(*others[:place], self.corrected, *others[place:]))

    def _with_the_missed(self, offer: Offer) -> Offer | None:
        """The offer with the term that was missed, and its plan where that was missed too; None where it is read."""
        term = self.corrected
        if term is None or any(one.key == term.key for one in offer.terms):
            return None
        plans = offer.plans
        if term.plan is not None and term.plan not in {plan.slug for plan in plans}:
            name = self.plan_name or " ".join(word.capitalize() for word in term.plan.split("-"))
            plans = (*plans, Plan(slug=term.plan, name=name, state=plan_state([term]), evidence=term.evidence))
        return replace(offer, plans=plans, terms=(*offer.terms, term))

    def end(self, at: datetime, why: str) -> None:
        """Let it hold no longer."""
        self.ended_at, self.ended_why = at, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page that a source was last accepted with."""

    source_id: str
    capture_id: str
    sha256: str
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Page):
    """A term that stands, whose it is, and the page that its source was last accepted with."""

    term: Term


def details(standing: Standing, corrected: Term | None, until: date | None) -> Mapping[str, Any]:
    """What a decision to correct a standing term, or to take it away, says for the log."""
    return {**_details(standing, until), "misread": _plain(standing.term), "corrected": _plain(corrected)}


def details_of_missed(page: Page, missed: Term, until: date | None, plan_name: str | None) -> Mapping[str, Any]:
    """What a decision to add a term that was missed says, for the log."""
    return {**_details(page, until), "misread": None, "corrected": _plain(missed), "plan_name": plan_name}


def _details(page: Page, until: date | None) -> dict[str, Any]:
    return {
        "source_id": page.source_id,
        "capture_id": page.capture_id,
        "until": None if until is None else until.isoformat(),
    }


def _plain(term: Term | None) -> Any:
    return None if term is None else json.loads(term_json(term) or "")


def pages(con: Connection, plan: str) -> list[Page]:
    """The pricing pages that a plan's product was last accepted with; several where vendors share the product's slug."""
    vendor, product, _ = changes.plan_name(plan)
    rows = con.execute(
        """
        SELECT source.source_id, capture.capture_id, capture.sha256, capture.content_type
        FROM source
        JOIN source_reading ON source_reading.source_id = source.source_id
        JOIN capture ON capture.capture_id = source_reading.accepted_capture_id
        WHERE source.kind = 'pricing'
            AND source.product = $product
            AND ($vendor IS NULL OR source.vendor = $vendor)
            AND capture.sha256 IS NOT NULL
        ORDER BY source.source_id
        """,
        {"vendor": vendor, "product": product},
    ).fetchall()
    return [Page(source_id=row[0], capture_id=row[1], sha256=row[2], content_type=row[3]) for row in rows]


def standing(con: Connection, plan: str) -> list[Standing]:
    """What stands of a plan (`product.plan` or `vendor/product/plan`), as it is published, in the order of its page."""
    vendor, product, slug = changes.plan_name(plan)
    columns = ", ".join(f"term.{name}" for name in TERM_COLUMNS)
    # columns are this module's own constants
    query = f"""
        SELECT term.source_id, capture.capture_id, capture.sha256, capture.content_type, {columns}
        FROM term_standing AS term
        JOIN source_reading ON source_reading.source_id = term.source_id
        JOIN capture ON capture.capture_id = source_reading.accepted_capture_id
        WHERE term.product = $product
            AND ($vendor IS NULL OR term.vendor = $vendor)
            AND term.plan IS NOT DISTINCT FROM $plan
            AND term.valid_from <= source_reading.applied_at
            AND term.valid_to > source_reading.applied_at
            AND capture.sha256 IS NOT NULL
        ORDER BY term.source_id, term.position
    """  # noqa: S608
    rows = con.execute(query, {"vendor": vendor, "product": product, "plan": slug}).fetchall()
    return [
        Standing(source_id=row[0], capture_id=row[1], sha256=row[2], content_type=row[3], term=term_from(row[4:]))
        for row in rows
    ]


def keep(con: Connection, position: int, fields: str, *, by: str, why: str, at: datetime) -> None:
    """Take in one decision to correct. Raises WarehouseError where the log does not say what."""
    stated = json.loads(fields)
    try:
        source_id = names.source_today(stated["source_id"], names.former(con))
        texts = [None if stated[key] is None else json.dumps(stated[key]) for key in ("misread", "corrected")]
        row = (
            position, source_id, stated["capture_id"], *texts, stated["until"], by, why, as_text(at), False,
            stated.get("plan_name"),
        )  # fmt: skip
        if all(term_from_json(text) is None for text in texts):
            raise ValueError("no term")
    except (KeyError, TypeError, ValueError) as error:
        raise WarehouseError(f"the log's correction by {by} at {at} cannot be carried out ({error!r})") from error
    insert(con, "correction", _COLUMNS, [row])


def lasting(con: Connection) -> dict[str, list[Correction]]:
    """The corrections that hold, or wait for being applied, by source and in the order in which they were made."""
    rows = con.execute(
        """
        SELECT position, source_id, capture_id, misread, corrected, until, made_at, is_applied, plan_name
        FROM correction
        WHERE ended_at IS NULL
        ORDER BY position
        """
    ).fetchall()
    found: dict[str, list[Correction]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(
            Correction(
                position=row[0], source_id=row[1], capture_id=row[2], misread=term_from_json(row[3]),
                corrected=term_from_json(row[4]), until=row[5], made_at=row[6], is_applied=row[7], plan_name=row[8],
            )
        )  # fmt: skip
    return found


def save(con: Connection, corrections: Iterable[Correction]) -> None:
    """Write down what became of corrections."""
    for one in corrections:
        con.execute(
            "UPDATE correction SET is_applied = ?, ended_at = ?, ended_why = ? WHERE position = ?",
            [one.is_applied, one.ended_at, one.ended_why, one.position],
        )


def quoted(con: Connection) -> dict[str, list[tuple[int, Evidence]]]:
    """The passages that missed facts are quoted from and last with, by source, each with its correction's position."""
    found: dict[str, list[tuple[int, Evidence]]] = defaultdict(list)
    for source_id, given in lasting(con).items():
        for one in given:
            if one.misread is None and one.corrected is not None:
                found[source_id].append((one.position, one.corrected.evidence))
    return found


def keep_passages(con: Connection, found: Iterable[tuple[str, int, bool]]) -> None:
    """Keep whether passages stand in captured pages: the capture, the correction's position, and whether it does."""
    rows = list(found)
    if rows:
        con.execute("DELETE FROM passage WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))", [[row[0] for row in rows]])
        insert(con, "passage", ("capture_id", "position", "is_there"), rows)


def gone_passages(con: Connection, capture_ids: Iterable[str]) -> set[tuple[str, int]]:
    """Where a passage stands no longer: capture and correction's position."""
    rows = con.execute(
        "SELECT capture_id, position FROM passage WHERE NOT is_there AND capture_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(capture_ids)],
    ).fetchall()
    return {(row[0], row[1]) for row in rows}


def captured_at(con: Connection, capture_id: str) -> datetime | None:
    """When a page was captured."""
    row = con.execute("SELECT captured_at FROM capture WHERE capture_id = ?", [capture_id]).fetchone()
    return None if row is None else row[0]
