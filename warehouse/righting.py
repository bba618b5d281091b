"""Corrections on their way through a refresh: carried out once, then laid over each page that is misread in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pricing_pipeline.results import Offer
from warehouse import corrections
from warehouse.believed import holding
from warehouse.connection import Connection
from warehouse.corrections import Correction
from warehouse.steps import Step
from warehouse.taking import Ledgers


@dataclass(slots=True)
class Righting:
    """The corrections that hold, by source. `gone` are the passages that pages under way hold no longer."""

    con: Connection
    lasting: dict[str, list[Correction]] = field(default_factory=dict)
    gone: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def load(cls, con: Connection, steps: Iterable[Step]) -> Righting:
        """What people put right, and what of it these steps bear on."""
        gone = corrections.gone_passages(con, [step.capture_id for step in steps])
        return cls(con, corrections.lasting(con), gone)

    def new(self) -> list[Correction]:
        """Those that are not carried out yet."""
        return [one for given in self.lasting.values() for one in given if not one.is_applied]

    def put_right(self, step: Step, *, is_final: bool) -> Offer:
        """What a page says, with what is known to be misread on it put right; a correction ends where the page moves
        on."""
        offer = step.offer
        for one in self.lasting.get(step.source_id, []):
            if not one.is_applied or one.ended_at is not None:
                continue
            is_over = one.until is not None and step.captured_at.date() >= one.until
            is_gone = (step.capture_id, one.position) in self.gone
            corrected = None if is_over or is_gone else one.upon(offer)
            if corrected is not None:
                offer = corrected
            elif is_final:
                why = "its passage is gone from the page" if is_gone else "the page is read otherwise"
                one.end(step.captured_at, "its day came" if is_over else why)
        return offer

    def since(self, one: Correction, ledgers: Ledgers, applied_at: datetime) -> datetime:
        """From when a fact was misread; for one that was missed, from when the page that it is quoted from was served."""
        if one.misread is None:
            return corrections.captured_at(self.con, one.capture_id) or applied_at
        misread = holding(ledgers.terms.rows(one.source_id, one.misread.key), applied_at)
        return misread.start if misread else applied_at

    def save(self) -> None:
        """Write down what became of them."""
        corrections.save(self.con, [one for given in self.lasting.values() for one in given])
