"""How things stand, asked of the warehouse before and after a run."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from assets.workshop import Workshop
from pricing_pipeline.catalog import SourceState
from pricing_pipeline.facts import GateState, Outcome
from pricing_pipeline.publish.folder import manifest_of
from pricing_pipeline.registry.comparisons import read_comparisons
from pricing_pipeline.results import Change
from warehouse import captures, changes
from warehouse.connection import open_warehouse
from warehouse.observations import held

_SERVED = (Outcome.FETCHED, Outcome.NOT_MODIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All changes on record by id and state, where each source stands, by its id, and how many observations wait for
    confirmation or for a person."""

    changes: frozenset[tuple[str, GateState]] = frozenset()
    states: Mapping[str, SourceState] = field(default_factory=dict)
    held: int = 0

    def checked_at(self, source_id: str) -> datetime | None:
        """When a source was last captured; None where it never was."""
        state = self.states.get(source_id)
        return state.checked_at if state else None

    def read(self) -> frozenset[str]:
        """The sources of which a reading was accepted, by id."""
        return frozenset(key for key, state in self.states.items() if state.verified_at is not None)

    def asked(self, *, since: datetime) -> tuple[str, ...]:
        """The sources that were asked since then, by id."""
        return tuple(key for key, state in sorted(self.states.items()) if _was_checked(state, since))

    def troubles(self, *, before: Standing) -> tuple[str, ...]:
        """A line for each source of which something was captured after an earlier standing, be it on an earlier day as
        saved pages are, and whose page could not be had."""
        return tuple(
            f"{state.source_id}: {state.outcome} ({state.message or 'no reason given'}); "
            + ("nothing is known of it yet" if state.verified_at is None else "what was known stays published")
            for state in self.states.values()
            if state.outcome is not None and state.outcome not in _SERVED
            if state.checked_at != before.checked_at(state.source_id)
        )


def look(workshop: Workshop) -> Standing:
    """How things stand now; nothing where there is no warehouse yet."""
    if not workshop.home.warehouse.is_file():
        return Standing()
    with open_warehouse(workshop.home.warehouse) as con:
        return Standing(changes=changes.on_record(con), states=captures.states(con), held=len(held(con)))


def changes_beyond(workshop: Workshop, known: AbstractSet[tuple[str, GateState]]) -> tuple[Change, ...]:
    """The changes on record but for those known in the same state, oldest first; none where there is no warehouse yet."""
    if not workshop.home.warehouse.is_file():
        return ()
    with open_warehouse(workshop.home.warehouse) as con:
        return changes.beyond(con, known)


def edition_problems(workshop: Workshop) -> tuple[str, ...]:
    """A line for each comparison whose file has a fault, or that the standing edition holds back."""
    _, faults = read_comparisons(workshop.content.beside("comparisons"))
    manifest = manifest_of(workshop.home.current_edition)
    return (*faults, *(manifest["problems"] if manifest else ()))


def _was_checked(state: SourceState, since: datetime) -> bool:
    return state.checked_at is not None and state.checked_at >= since
