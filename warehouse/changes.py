"""Changes as rows: written with their costs, and listed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from pricing_pipeline.catalog import TermPeriod
from pricing_pipeline.facts import Cause, GateState, Lever, Severity
from pricing_pipeline.results import Change, CostEffect, Promise
from warehouse.columns import TERM_COLUMNS, insert, rating_from_json, rating_json, term_from, term_from_json, term_json
from warehouse.connection import Connection
from warehouse.pricing import cost_of, steps_json
from warehouse.sql import filled

COLUMNS = (
    "change_id", "observation_id", "vendor", "product", "plan", "lever", "kind", "metric", "before", "after",
    "currency",
    "observed_at", "announced_at", "effective_at", "cause", "severity", "state", "verdict", "before_term", "after_term",
    "before_rating", "after_rating",
)  # fmt: skip
COST_COLUMNS = (
    "change_id", "state", "position", "workload", "workload_name", "plan", "before_state", "before_low", "before_high",
    "before_currency", "before_steps", "before_reason", "after_state", "after_low", "after_high", "after_currency",
    "after_steps", "after_reason",
)  # fmt: skip


def write(con: Connection, changes: Sequence[Change]) -> None:
    """Keep changes in their order. One that is kept already (worked out again) stays as it is."""
    ids = [change.id for change in changes]
    known = {
        row[0]
        for row in con.execute(
            "SELECT change_id FROM change WHERE state <> 'held' AND change_id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        ).fetchall()
    }
    _insert(con, [change for change in changes if change.id not in known])


def forget_joints(con: Connection, joints: Sequence[tuple[str, datetime]]) -> None:
    """Take back what was told as a backfill of these sources at these moments: another page than then comes before each
    of them now. What the vendor was seen to do stays told."""
    if not joints:
        return
    rows = con.execute(
        """
        SELECT change.change_id
        FROM (SELECT unnest(?::VARCHAR[]) AS source_id, unnest(?::TIMESTAMPTZ[]) AS moment) AS joint
        JOIN change ON change.observed_at = joint.moment AND change.cause = 'backfill' AND change.state = 'accepted'
        JOIN observation
            ON observation.observation_id = change.observation_id AND observation.source_id = joint.source_id
        """,
        [[source_id for source_id, _ in joints], [moment.isoformat() for _, moment in joints]],
    ).fetchall()
    _forget(con, [row[0] for row in rows])


def without_joints(
    told: list[Change], joints: Sequence[tuple[str, datetime]], source_of: Mapping[str, str]
) -> list[Change]:
    """What `forget_joints` leaves of changes that are not written yet, by the sources of their observations."""
    if not joints:
        return told
    return [
        one
        for one in told
        if one.cause is not Cause.BACKFILL
        or (source_of.get(one.observation_id or "", ""), one.observed_at) not in joints
    ]


def tell_again(con: Connection, observation_id: str, changes: Sequence[Change], *, at: datetime) -> None:
    """Make these the changes that an observation brought for a moment, but for those of the cheapest plans, and what it
    announced, which stay."""
    told = {change.id: change for change in changes}
    rows = con.execute(
        "SELECT change_id FROM change WHERE observation_id = ? AND observed_at = ? AND state = 'accepted' "
        "AND kind <> 'cheapest_plan_changed' "
        "AND kind NOT LIKE 'announcement_%' AND change_id NOT IN (SELECT change_id FROM promise)",
        [observation_id, at],
    ).fetchall()
    _forget(con, [row[0] for row in rows if row[0] not in told])
    for row in rows:
        if (change := told.get(row[0])) is not None:
            con.execute(
                "UPDATE change SET verdict = ?, severity = ? WHERE change_id = ? AND state = 'accepted'",
                [change.verdict, change.severity.value, change.id],
            )
    write(con, changes)


def replace_held(con: Connection, changes: Sequence[Change]) -> None:
    """Make these the changes that wait for a decision."""
    con.execute("DELETE FROM change WHERE state = 'held'")
    con.execute("DELETE FROM change_cost WHERE state = 'held'")
    _insert(con, changes)


def list_changes(
    con: Connection, since: datetime | None = None, vendor: str | None = None, severity: Severity | None = None
) -> tuple[Change, ...]:
    """Accepted and held changes, oldest first; those of this severity or a graver one where it is given."""
    order = list(Severity)
    graver = order[order.index(severity) :] if severity else order
    rows = con.execute(
        filled(
            "queries/changes",
            {"since": since, "vendor": vendor, "severities": [str(one) for one in graver], "ids": None},
        )
    ).fetchall()
    return _built(con, rows)


def on_record(con: Connection) -> frozenset[tuple[str, GateState]]:
    """The ids of all changes on record, each with its state: a held one keeps its id when it is accepted."""
    rows = con.execute("SELECT change_id, state FROM change").fetchall()
    return frozenset((row[0], GateState(row[1])) for row in rows)


def beyond(con: Connection, known: AbstractSet[tuple[str, GateState]]) -> tuple[Change, ...]:
    """The changes on record but for those that were known in the same state, oldest first; one that was held and is
    accepted now is news."""
    new = on_record(con) - known
    return tuple(one for one in _of_ids(con, sorted({key for key, _ in new})) if (one.id, one.state) in new)


def by_ids(con: Connection, ids: Sequence[str]) -> tuple[Change, ...]:
    """The accepted changes of these ids, oldest first."""
    return tuple(one for one in _of_ids(con, ids) if one.state is not GateState.HELD)


def _of_ids(con: Connection, ids: Sequence[str]) -> tuple[Change, ...]:
    """The accepted and the held changes of these ids, oldest first."""
    if not ids:
        return ()
    severities = [str(one) for one in Severity]
    values = {"since": None, "vendor": None, "severities": severities, "ids": list(ids)}
    return _built(con, con.execute(filled("queries/changes", values)).fetchall())


def held_changes(con: Connection) -> dict[str, tuple[Change, ...]]:
    """What each held observation would change, by its id."""
    found: dict[str, list[Change]] = defaultdict(list)
    ids = con.execute("SELECT change_id FROM change WHERE state = 'held'").fetchall()
    for change in _of_ids(con, [row[0] for row in ids]):
        if change.state is GateState.HELD and change.observation_id:
            found[change.observation_id].append(change)
    return {id_: tuple(changes) for id_, changes in found.items()}


def history_of(con: Connection, plan: str) -> tuple[TermPeriod, ...]:
    """Every believed interval of a plan's terms, by term and time. A plan is named `product.plan` or
    `vendor/product/plan`."""
    vendor, product, slug = plan_name(plan)
    rows = con.execute(filled("queries/history_of", {"vendor": vendor, "product": product, "plan": slug})).fetchall()
    return tuple(period(row) for row in rows)


def period(row: Sequence[Any]) -> TermPeriod:
    """An interval out of vendor, product, valid_from, valid_to, recorded_at and TERM_COLUMNS."""
    vendor, product, valid_from, valid_to, recorded_at, *term = row
    return TermPeriod(
        vendor=vendor, product=product, term=term_from(term[: len(TERM_COLUMNS)]), valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=recorded_at,
    )  # fmt: skip


def plan_name(plan: str) -> tuple[str | None, str, str | None]:
    """Vendor, product and slug of a plan named `product.plan` or `vendor/product/plan`."""
    if "/" in plan:
        vendor, product, slug = (*plan.split("/"), "", "")[:3]
        return vendor, product, slug or None
    product, _, slug = plan.partition(".")
    return None, product, slug or None


def _forget(con: Connection, ids: Sequence[str]) -> None:
    for table in ("change", "change_cost"):
        con.execute(
            f"DELETE FROM {table} WHERE state = 'accepted' AND change_id IN (SELECT unnest(?::VARCHAR[]))",  # noqa: S608  # one of two constants
            [ids],
        )


def _insert(con: Connection, changes: Iterable[Change]) -> None:
    given = list({change.id: change for change in changes}.values())
    insert(con, "change", COLUMNS, [_values(change) for change in given])
    insert(
        con, "change_cost", COST_COLUMNS,
        [_cost_values(change, position, effect) for change in given for position, effect in enumerate(change.costs)],
    )  # fmt: skip


def _values(change: Change) -> tuple[object, ...]:
    return (
        change.id, change.observation_id or "", change.vendor, change.product, change.plan, change.lever, change.kind,
        change.metric,
        change.before, change.after, change.currency, change.observed_at, change.announced_at, change.effective_at,
        change.cause,
        change.severity, change.state, change.verdict, term_json(change.before_term), term_json(change.after_term),
        rating_json(change.before_rating), rating_json(change.after_rating),
    )  # fmt: skip


def _cost_values(change: Change, position: int, effect: CostEffect) -> tuple[object, ...]:
    sides = (
        side
        for cost in (effect.before, effect.after)
        for side in (cost.state, _ten(cost.low), _ten(cost.high), cost.currency, steps_json(cost), cost.reason)
    )
    return (change.id, change.state, position, effect.workload, effect.workload_name, effect.plan, *sides)


def _ten(amount: Any) -> Any:
    """A computed amount with the ten places of its column: DuckDB refuses nothing, it would round in silence."""
    return None if amount is None else round(amount, 10)


def _built(con: Connection, rows: Sequence[Sequence[Any]]) -> tuple[Change, ...]:
    effects: dict[tuple[str, str], list[CostEffect]] = defaultdict(list)
    ids = [row[0] for row in rows]
    for row in con.execute(filled("queries/change_costs", {"ids": ids})).fetchall():
        effects[(row[0], row[1])].append(
            CostEffect(
                workload=row[2],
                workload_name=row[3],
                plan=row[4],
                before=cost_of(*row[5:11]),
                after=cost_of(*row[11:17]),
            )
        )
    return tuple(_change(row, effects[(row[0], row[16])]) for row in rows)


def _change(row: Sequence[Any], effects: Sequence[CostEffect]) -> Change:
    return Change(
        id=row[0], observation_id=row[1] or None, vendor=row[2], product=row[3], plan=row[4], lever=Lever(row[5]),
        kind=row[6],
        metric=row[7], before=row[8], after=row[9], currency=row[10], observed_at=row[11], announced_at=row[12],
        effective_at=row[13], cause=Cause(row[14]), severity=Severity(row[15]), state=GateState(row[16]),
        verdict=row[17],
        before_term=term_from_json(row[18]), after_term=term_from_json(row[19]),
        before_rating=rating_from_json(row[20]),
        after_rating=rating_from_json(row[21]), costs=tuple(effects),
        promise=None if row[22] is None else Promise(row[22]), settled_at=row[23],
    )  # fmt: skip
