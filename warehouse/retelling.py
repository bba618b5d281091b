"""Telling changes anew, once people have said that a plan is or is not the same as one that had another name."""

from __future__ import annotations

from dataclasses import replace

from pricing_pipeline.results import Offer
from warehouse import changes, plan_names, steps
from warehouse.columns import FOREVER
from warehouse.connection import Connection
from warehouse.steps import Step
from warehouse.telling import Telling


def tell_again(con: Connection, telling: Telling) -> None:
    """Tell the changes anew in which a plan took another name that somebody has decided about since."""
    decided = plan_names.waiting(con)
    for one in decided:
        for observation_id in plan_names.observations_of(con, one):
            step, offers = steps.again(con, observation_id), plan_names.around(con, observation_id)
            if step is not None and offers is not None:
                # it has no place in the log any more: what was decided since counts, too
                again = telling.again(con, replace(step, place=0), *offers)
                changes.tell_again(con, observation_id, again, at=step.captured_at)
                _tell_joint_again(con, telling, replace(step, place=0), offers[1])
    plan_names.settle(con, decided)


def _tell_joint_again(con: Connection, telling: Telling, step: Step, after: Offer) -> None:
    """The same for what lies between a page that came late and the one that is known to follow it."""
    until = steps.next_known(con, step) if step.is_late else FOREVER
    if until == FOREVER:
        return
    following = plan_names.offered(con, step.source_id, until)
    again = telling.again(con, replace(step, captured_at=until), after, following)
    changes.tell_again(con, step.observation_id, again, at=until)
