"""Plans that go under another name: what it looks like, and what people said of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pricing_pipeline.catalog import FormerPlan
from pricing_pipeline.changes import Said
from pricing_pipeline.errors import WarehouseError
from pricing_pipeline.facts import Plan, Rating, Term
from pricing_pipeline.results import Offer
from warehouse import names
from warehouse.columns import (
    FOREVER,
    PLAN_COLUMNS,
    RATING_COLUMNS,
    TERM_COLUMNS,
    as_text,
    insert,
    plan_from,
    rating_from,
    term_from,
)
from warehouse.connection import Connection
from warehouse.ledger import Owner

# What a decision is called in the log, and whether it says that two names are one plan.
ACTIONS: Mapping[str, bool] = {"rename": True, "tell_apart": False}
_COLUMNS = (
    "position", "vendor", "product", "former", "plan", "is_same", "made_by", "why", "made_at", "is_applied",
)  # fmt: skip
_MACROS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("plans_as_of", PLAN_COLUMNS), ("as_of", TERM_COLUMNS), ("ratings_as_of", RATING_COLUMNS),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A plan that vanished and one that came, which seem to be the same. `id` is the change that tells of it."""

    id: str
    observation_id: str
    vendor: str
    product: str
    former: str
    plan: str
    observed_at: datetime
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a person said of two plans of a product, and where in the log."""

    position: int
    owner: Owner
    former: str
    plan: str
    is_same: bool


def details(*, vendor: str, product: str, former: str, plan: str) -> Mapping[str, Any]:
    """What a decision about two names says, for the log."""
    return {"vendor": vendor, "product": product, "former": former, "plan": plan}


def keep(con: Connection, position: int, action: str, fields: str, *, by: str, why: str, at: datetime) -> None:
    """Take in one decision about two names. Raises WarehouseError where the log does not say which."""
    stated = json.loads(fields)
    try:
        owner = Owner(str(stated["vendor"]), str(stated["product"]))
        now = names.former(con).get(owner, owner)
        row = (
            position, now.vendor, now.product, str(stated["former"]), str(stated["plan"]), ACTIONS[action], by, why,
            as_text(at), False,
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise WarehouseError(f"the log's decision by {by} at {at} cannot be carried out ({error!r})") from error
    insert(con, "plan_name", _COLUMNS, [row])


def namings(con: Connection) -> list[Naming]:
    """Every decision about two names, in the order of the log."""
    return _namings(con, "true")


def said(given: Iterable[Naming], *, before: int = 0) -> dict[Owner, Said]:
    """What these decisions say of plans, by product; of two words about the same plans the later one counts.

    With `before`, only what was decided before that place of the log.
    """
    found: dict[Owner, dict[tuple[str, str], bool]] = {}
    for one in given:
        if before and one.position >= before:
            continue
        found.setdefault(one.owner, {})[one.former, one.plan] = one.is_same
    return {
        owner: Said(
            same={former: plan for (former, plan), is_same in pairs.items() if is_same},
            apart=frozenset(pair for pair, is_same in pairs.items() if not is_same),
        )
        for owner, pairs in found.items()
    }


def waiting(con: Connection) -> list[Naming]:
    """The decisions that the changes do not tell of yet, in the order of the log."""
    return _namings(con, "NOT is_applied")


def settle(con: Connection, done: Sequence[Naming]) -> None:
    """Write down that the changes tell of these decisions."""
    for one in done:
        con.execute("UPDATE plan_name SET is_applied = true WHERE position = ?", [one.position])


def suggestions(con: Connection) -> list[Suggestion]:
    """The plans that seem to go under another name and of which nobody has said anything, oldest first."""
    known = said(namings(con))
    found = []
    for row in _renamed(con):
        about = known.get(Owner(row.vendor, row.product), Said())
        if about.same.get(row.former) != row.plan and (row.former, row.plan) not in about.apart:
            found.append(row)
    return found


def former_plans(con: Connection) -> tuple[FormerPlan, ...]:
    """The former names of plans that people confirmed, by vendor, product and plan."""
    called = {
        (row[0], row[1], row[2]): row[3]
        for row in con.execute(
            "SELECT vendor, product, plan, name FROM plan ORDER BY valid_from, recorded_at"
        ).fetchall()
    }
    found = []
    for owner, about in said(namings(con)).items():
        for former, plan in about.same.items():
            name = called.get((owner.vendor, owner.product, former), former)
            found.append(
                FormerPlan(
                    vendor=owner.vendor, product=owner.product, former=former, former_name=name, plan=plan,
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.vendor, one.product, one.plan, one.former)))


def owners_of_plan(con: Connection, vendor: str | None, product: str, plan: str) -> list[Owner]:
    """The products that have, or had, a plan of this slug."""
    rows = con.execute(
        """
        SELECT DISTINCT vendor, product
        FROM plan
        WHERE product = $product AND plan = $plan AND ($vendor IS NULL OR vendor = $vendor)
        ORDER BY vendor, product
        """,
        {"vendor": vendor, "product": product, "plan": plan},
    ).fetchall()
    return [Owner(row[0], row[1]) for row in rows]


def observations_of(con: Connection, one: Naming) -> list[str]:
    """The accepted observations in which the former plan gave place to the new one, and late ones before which it did."""
    rows = con.execute(
        """
        SELECT DISTINCT observation.observation_id
        FROM plan AS came
        JOIN plan AS went
            ON went.source_id = came.source_id AND went.valid_to = came.valid_from AND went.superseded_at IS NULL
        JOIN observation
            ON observation.observation_id = came.observation_id
            OR (observation.observation_id = went.observation_id AND observation.is_late)
        WHERE came.vendor = $vendor AND came.product = $product AND came.plan = $plan AND went.plan = $former
        ORDER BY observation.observation_id
        """,
        {"vendor": one.owner.vendor, "product": one.owner.product, "plan": one.plan, "former": one.former},
    ).fetchall()
    return [row[0] for row in rows]


def around(con: Connection, observation_id: str) -> tuple[Offer, Offer] | None:
    """What a source offered before and after an observation was taken into history; None where it began nothing."""
    found = con.execute(
        """
        SELECT observation.source_id, observation.captured_at, max(row.recorded_at)
        FROM observation
        JOIN plan AS row ON row.observation_id = observation.observation_id
        WHERE observation.observation_id = ?
        GROUP BY observation.source_id, observation.captured_at
        """,
        [observation_id],
    ).fetchone()
    if found is None:
        return None
    source_id, valid, known = found
    return _as_of(con, source_id, valid, known - timedelta(microseconds=1)), _as_of(con, source_id, valid, known)


def offered(con: Connection, source_id: str, moment: datetime) -> Offer:
    """What a source is believed to have offered at a moment."""
    return _as_of(con, source_id, moment, FOREVER)


def _as_of(con: Connection, source_id: str, valid: datetime, known: datetime) -> Offer:
    plans, terms, ratings = (
        con.execute(
            # macro and columns are this module's own constants
            f"""
            SELECT {", ".join(columns)}
            FROM {macro}($valid::TIMESTAMPTZ, $known::TIMESTAMPTZ)
            WHERE source_id = $source
            ORDER BY position
            """,  # noqa: S608
            {"valid": valid, "known": known, "source": source_id},
        ).fetchall()
        for macro, columns in _MACROS
    )
    own_plans: tuple[Plan, ...] = tuple(map(plan_from, plans))
    own_terms: tuple[Term, ...] = tuple(map(term_from, terms))
    own_ratings: tuple[Rating, ...] = tuple(map(rating_from, ratings))
    return Offer(plans=own_plans, terms=own_terms, ratings=own_ratings)


def _namings(con: Connection, condition: str) -> list[Naming]:
    rows = con.execute(
        # the condition is one of this module's own
        f"SELECT position, vendor, product, former, plan, is_same FROM plan_name WHERE {condition} ORDER BY position"  # noqa: S608
    ).fetchall()
    return [
        Naming(position=row[0], owner=Owner(row[1], row[2]), former=row[3], plan=row[4], is_same=row[5]) for row in rows
    ]


def _renamed(con: Connection) -> list[Suggestion]:
    """Every accepted change that tells of a new name, with the slug of the plan that had the former one."""
    rows = con.execute(
        """
        SELECT DISTINCT
            change.change_id, change.observation_id, change.vendor, change.product, went.plan, change.plan,
            change.observed_at, change.verdict
        FROM change
        JOIN plan AS went
            ON went.vendor = change.vendor AND went.product = change.product AND went.name = change.before
            AND went.superseded_at IS NULL
        WHERE change.kind = 'plan_renamed' AND change.state = 'accepted' AND went.plan <> change.plan
        ORDER BY change.observed_at, change.change_id
        """
    ).fetchall()
    return [
        Suggestion(
            id=row[0], observation_id=row[1], vendor=row[2], product=row[3], former=row[4], plan=row[5],
            observed_at=row[6], verdict=row[7],
        )
        for row in rows
    ]  # fmt: skip
