"""What people decided or brought: held observations, misread facts, imports, names; carried out in the log's order."""

from __future__ import annotations

from pricing_pipeline.facts import GateState
from pricing_pipeline.results import Decision
from warehouse import corrections, gating, imports, plan_names
from warehouse.connection import Connection, transaction
from warehouse.source_states import restate
from warehouse.sql import sql

STATE_AFTER = {"approve": GateState.ACCEPTED, "reject": GateState.REJECTED}


def settle(con: Connection) -> int:
    """Carry out the decisions that no unread capture stands before, and say how many there were.

    A decision about an observation that is not held any more (it was confirmed or overtaken before) changes nothing.
    """
    rows = con.execute(sql("queries/decisions_due")).fetchall()
    if not rows:
        return 0
    with transaction(con):
        for position, action, observation_id, source_id, made_by, why, made_at, fields in rows:
            if action == "correct":
                corrections.keep(con, position, fields, by=made_by, why=why, at=made_at)
            elif action == "import":
                imports.keep(con, position, fields, by=made_by, at=made_at)
            elif action in plan_names.ACTIONS:
                plan_names.keep(con, position, action, fields, by=made_by, why=why, at=made_at)
            state = STATE_AFTER.get(action)
            if state is not None and gating.is_held(con, observation_id):
                decision = Decision(observation_id=observation_id, state=state, reason=why, by=made_by, at=made_at)
                gating.conclude(con, [decision], settled={observation_id: position})
                restate(con, [source_id])
            con.execute("UPDATE decision SET is_done = true WHERE position = ?", [position])
    return len(rows)
