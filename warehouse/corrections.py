"""Misread facts that people put right: what they say instead, and for how long."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pricing_pipeline.changes import same_value
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Term
from pricing_pipeline.results import Offer
from warehouse import changes
from warehouse.columns import TERM_COLUMNS, as_text, insert, term_from, term_from_json, term_json
from warehouse.connection import Connection

_COLUMNS = (
    "position", "source_id", "capture_id", "misread", "corrected", "until", "made_by", "why", "made_at", "is_applied",
)  # fmt: skip


@dataclass(slots=True)
class Correction:
    """One term of a source as it is misread, and as it is right. It changes as a refresh is worked through.

    `capture_id` is the page that the right reading is quoted from. It holds until the page is read otherwise, or until
    a day that was given with it.
    """

    position: int
    source_id: str
    capture_id: str
    misread: Term
    corrected: Term
    until: date | None
    made_at: datetime
    is_applied: bool = False
    ended_at: datetime | None = None
    ended_why: str | None = None

    def upon(self, offer: Offer) -> Offer | None:
        """The offer with the right term in the place of the misread one; None where it does not misread it so."""
        place = next((place for place, term in enumerate(offer.terms) if same_value(term, self.misread)), None)
        if place is None:
            return None
        others = (*offer.terms[:place], *offer.terms[place + 1 :])
        if any(term.key == self.corrected.key for term in others):
            return None  # the page states it rightly beside
        return replace(offer, terms=(*others[:place], self.corrected, *others[place:]))

    def end(self, at: datetime, why: str) -> None:
        """Let it hold no longer."""
        self.ended_at, self.ended_why = at, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A term that stands, whose it is, and the page that its source was last accepted with."""

    source_id: str
    capture_id: str
    sha256: str
    content_type: str | None
    term: Term


def details(standing: Standing, corrected: Term, until: date | None) -> Mapping[str, Any]:
    """What a decision to correct a standing term says, for the log."""
    return {
        "source_id": standing.source_id,
        "capture_id": standing.capture_id,
        "misread": json.loads(term_json(standing.term) or ""),
        "corrected": json.loads(term_json(corrected) or ""),
        "until": None if until is None else until.isoformat(),
    }


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
            AND term.valid_to = 'infinity'
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
        row = (
            position, stated["source_id"], stated["capture_id"], json.dumps(stated["misread"]), json.dumps(stated["corrected"]),
            stated["until"], by, why, as_text(at), False,
        )  # fmt: skip
        _ = (_term(row[3]), _term(row[4]))
    except (KeyError, TypeError, ValueError) as error:
        raise WarehouseError(f"the log's correction by {by} at {at} cannot be carried out ({error!r})") from error
    insert(con, "correction", _COLUMNS, [row])


def lasting(con: Connection) -> dict[str, list[Correction]]:
    """The corrections that hold, or wait for being applied, by source and in the order in which they were made."""
    rows = con.execute(
        """
        SELECT position, source_id, capture_id, misread, corrected, until, made_at, is_applied
        FROM correction
        WHERE ended_at IS NULL
        ORDER BY position
        """
    ).fetchall()
    found: dict[str, list[Correction]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(
            Correction(
                position=row[0], source_id=row[1], capture_id=row[2], misread=_term(row[3]), corrected=_term(row[4]),
                until=row[5], made_at=row[6], is_applied=row[7],
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


def _term(text: str) -> Term:
    term = term_from_json(text)
    if term is None:
        raise ValueError("no term")
    return term
