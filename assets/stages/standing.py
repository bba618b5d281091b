"""How things stand, asked of the warehouse before and after a run."""

from __future__ import annotations

from datetime import datetime

from assets.workshop import Workshop
from pricing_pipeline.facts import Outcome
from pricing_pipeline.publish.folder import manifest_of
from pricing_pipeline.registry.comparisons import read_comparisons
from pricing_pipeline.results import Change
from warehouse import captures
from warehouse.changes import list_changes
from warehouse.connection import open_warehouse
from warehouse.observations import held

_SERVED = (Outcome.FETCHED, Outcome.NOT_MODIFIED)


def changes(workshop: Workshop) -> tuple[Change, ...]:
    """Every change on record, oldest first; none where there is no warehouse yet."""
    if not workshop.home.warehouse.is_file():
        return ()
    with open_warehouse(workshop.home.warehouse) as con:
        return list_changes(con)


def read_until_now(workshop: Workshop) -> frozenset[str]:
    """The sources of which a reading was accepted, by id; none where there is no warehouse yet."""
    if not workshop.home.warehouse.is_file():
        return frozenset()
    with open_warehouse(workshop.home.warehouse) as con:
        return frozenset(key for key, state in captures.states(con).items() if state.verified_at is not None)


def asked(workshop: Workshop, *, since: datetime) -> tuple[str, ...]:
    """The sources that were asked since then, by id."""
    with open_warehouse(workshop.home.warehouse) as con:
        states = captures.states(con)
    return tuple(
        key for key, state in sorted(states.items()) if state.checked_at is not None and state.checked_at >= since
    )


def held_count(workshop: Workshop) -> int:
    """How many observations wait for confirmation or for a person."""
    with open_warehouse(workshop.home.warehouse) as con:
        return len(held(con))


def edition_problems(workshop: Workshop) -> tuple[str, ...]:
    """A line for each comparison whose file has a fault, or that the standing edition holds back."""
    _, faults = read_comparisons(workshop.content.beside("comparisons"))
    manifest = manifest_of(workshop.home.current_edition)
    return (*faults, *(manifest["problems"] if manifest else ()))


def troubles(workshop: Workshop, *, since: datetime) -> tuple[str, ...]:
    """A line for each source that was checked since then and whose page could not be had."""
    with open_warehouse(workshop.home.warehouse) as con:
        states = captures.states(con)
    return tuple(
        f"{state.source_id}: {state.outcome} ({state.message or 'no reason given'}); what was known stays published"
        for state in states.values()
        if state.outcome is not None
        and state.outcome not in _SERVED
        and state.checked_at is not None
        and state.checked_at >= since
    )
