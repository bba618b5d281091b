"""The stored rows of observations: written in bulk when staged, read back as offers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pricing_pipeline.facts import Announcement, Conflict, Evidence, Observation, Surface, Term, TermKind
from pricing_pipeline.results import Offer
from warehouse.columns import (
    COHORT_COLUMNS,
    EVIDENCE_COLUMNS,
    PLAN_COLUMNS,
    RATING_COLUMNS,
    TERM_COLUMNS,
    cohort_from,
    cohort_values,
    insert,
    plan_from,
    plan_values,
    rating_from,
    rating_values,
    term_from,
    term_from_json,
    term_json,
    term_values,
)
from warehouse.connection import Connection

ANNOUNCEMENT_COLUMNS = ("effective_from", "plans", *EVIDENCE_COLUMNS)

STATEMENT_COLUMNS = ("announcement", "is_former", *TERM_COLUMNS)

# Which announcement of its page a term belongs to, and whether it is what held until then.
_Stated = tuple[int, bool, Term]
Values = Callable[[Any], tuple[object, ...]]
# Plan, term and metric of what a page contradicts itself about.
Disputed = tuple[str | None, str, str | None]


def write(con: Connection, observations: Iterable[tuple[str, Observation]]) -> None:
    """Store everything that these observations hold, under their ids."""
    given = list(observations)
    _write(con, "observed_plan", PLAN_COLUMNS, [(id_, item.plans) for id_, item in given], plan_values)
    _write(con, "observed_term", TERM_COLUMNS, [(id_, item.terms) for id_, item in given], term_values)
    _write(con, "observed_rating", RATING_COLUMNS, [(id_, item.ratings) for id_, item in given], rating_values)
    announced = [(id_, item.announcements) for id_, item in given]
    _write(con, "observed_announcement", ANNOUNCEMENT_COLUMNS, announced, _announcement_values)
    _write(
        con,
        "observed_statement",
        STATEMENT_COLUMNS,
        [(id_, _statements(its)) for id_, its in announced],
        _statement_values,
    )
    _write(con, "observed_cohort", COHORT_COLUMNS, [(id_, item.cohorts) for id_, item in given], cohort_values)
    conflicts = [(id_, item.conflicts) for id_, item in given]
    _write(con, "observed_conflict", ("plan", "term", "metric", "readings"), conflicts, _conflict_values)
    _write(
        con,
        "diagnostic",
        ("code", "message"),
        [(id_, item.diagnostics) for id_, item in given],
        lambda it: (it.code, it.message),
    )


def offers(con: Connection, observation_ids: Iterable[str]) -> dict[str, Offer]:
    """The stored offers of these observations, each in the order of its page."""
    ids = sorted(set(observation_ids))
    plans = _read(con, "observed_plan", PLAN_COLUMNS, ids, plan_from)
    terms = _read(con, "observed_term", TERM_COLUMNS, ids, term_from)
    ratings = _read(con, "observed_rating", RATING_COLUMNS, ids, rating_from)
    announcements = _read(con, "observed_announcement", ANNOUNCEMENT_COLUMNS, ids, _announcement_from)
    cohorts = _read(con, "observed_cohort", COHORT_COLUMNS, ids, cohort_from)
    statements = _read(con, "observed_statement", STATEMENT_COLUMNS, ids, _statement_from)
    return {
        id_: Offer(
            plans=tuple(plans[id_]),
            terms=tuple(terms[id_]),
            ratings=tuple(ratings[id_]),
            announcements=_with_statements(announcements[id_], statements[id_]),
            cohorts=tuple(cohorts[id_]),
        )
        for id_ in ids
    }


def disputed(con: Connection, observation_ids: Iterable[str]) -> dict[str, frozenset[Disputed]]:
    """What each of these observations found its page to contradict itself about; those that found nothing are left
    out."""
    query = """
        SELECT observation_id, plan, term, metric
        FROM observed_conflict
        WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))
    """
    found: dict[str, set[Disputed]] = defaultdict(set)
    for id_, plan, term, metric in con.execute(query, [sorted(set(observation_ids))]).fetchall():
        found[id_].add((plan, term, metric))
    return {id_: frozenset(about) for id_, about in found.items()}


def conflicts(con: Connection, observation_ids: Iterable[str]) -> dict[str, tuple[Conflict, ...]]:
    """What each of these observations found its page to contradict itself about, with every reading of it."""
    found = _read(
        con, "observed_conflict", ("plan", "term", "metric", "readings"), sorted(set(observation_ids)), _conflict_from
    )
    return {id_: tuple(items) for id_, items in found.items()}


def _write(
    con: Connection,
    table: str,
    columns: Sequence[str],
    observations: Sequence[tuple[str, Sequence[Any]]],
    values: Values,
) -> None:
    rows = [(id_, position, *values(item)) for id_, items in observations for position, item in enumerate(items)]
    insert(con, table, ("observation_id", "position", *columns), rows)


def _read(
    con: Connection, table: str, columns: Sequence[str], ids: Sequence[str], build: Callable[[Sequence[Any]], Any]
) -> dict[str, list[Any]]:
    # table and columns come from this module's own constants
    query = f"""
        SELECT observation_id, {", ".join(columns)}
        FROM {table}
        WHERE observation_id IN (SELECT unnest(?::VARCHAR[]))
        ORDER BY observation_id, position
    """  # noqa: S608
    found: dict[str, list[Any]] = defaultdict(list)
    for row in con.execute(query, [ids]).fetchall():
        found[row[0]].append(build(row[1:]))
    return found


def _announcement_values(item: Announcement) -> tuple[object, ...]:
    evidence = item.evidence
    return (item.effective_from, json.dumps(list(item.plans)), evidence.quote, evidence.locator, evidence.surface)


def _announcement_from(row: Sequence[Any]) -> Announcement:
    effective_from, plans, quote, locator, surface = row
    evidence = Evidence(quote=quote, locator=locator, surface=Surface(surface))
    return Announcement(effective_from=effective_from, plans=tuple(json.loads(plans)), evidence=evidence)


def _statements(announcements: Sequence[Announcement]) -> list[_Stated]:
    return [
        (place, is_former, term)
        for place, one in enumerate(announcements)
        for is_former, terms in ((False, one.terms), (True, one.former))
        for term in terms
    ]


def _statement_values(item: _Stated) -> tuple[object, ...]:
    place, is_former, term = item
    return (place, is_former, *term_values(term))


def _statement_from(row: Sequence[Any]) -> _Stated:
    place, is_former, *term = row
    return (place, is_former, term_from(term))


def _with_statements(announcements: Sequence[Announcement], stated: Sequence[_Stated]) -> tuple[Announcement, ...]:
    """Announcements with the terms that they state."""
    return tuple(
        replace(
            one,
            terms=tuple(term for of, is_former, term in stated if of == place and not is_former),
            former=tuple(term for of, is_former, term in stated if of == place and is_former),
        )
        for place, one in enumerate(announcements)
    )


def _conflict_values(item: Conflict) -> tuple[object, ...]:
    return (item.plan, item.term, item.metric, json.dumps([term_json(term) for term in item.readings]))


def _conflict_from(row: Sequence[Any]) -> Conflict:
    plan, term, metric, readings = row
    terms = (term_from_json(text) for text in json.loads(readings))
    return Conflict(plan=plan, term=TermKind(term), metric=metric, readings=tuple(term for term in terms if term))
