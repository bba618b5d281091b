"""Deciding on observations that the gate held back: `held`, `approve`, `reject`."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from pricing_pipeline.cli import plan_names
from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, content_of, home_of

PANEL = "Decide"
Id = Annotated[
    str, typer.Argument(help="The observation as `held` lists it, or a new name; the first characters are enough.")
]
By = Annotated[str | None, typer.Option("--by", help="Who decides. Default: the user of this machine.")]


def add_to(app: typer.Typer) -> None:
    """Give the application its deciding commands."""
    for command in (held, approve, reject):
        app.command(rich_help_panel=PANEL)(command)


def held(home: HomeOption = None, vendors: VendorsOption = None, form: FormatOption = Format.TABLE) -> None:
    """What waits for confirmation or for you: why it was held, what it would change, and what to do.

    Where a page contradicts itself, every figure is shown with the words that it was read from.

    Example:

        pricing-pipeline held
    """
    from pricing_pipeline.cli.held import card, row
    from pricing_pipeline.cli.output import cards, emit
    from pricing_pipeline.thresholds import read_thresholds
    from warehouse.connection import open_warehouse
    from warehouse.observations import held as waiting

    thresholds = read_thresholds(content_of(vendors).beside("thresholds.yaml"))
    with open_warehouse(home_of(home).warehouse, read_only=True) as con:
        found = waiting(con)
    if form is Format.TABLE:
        cards([card(one, thresholds) for one in found], empty="nothing is held")
    else:
        emit([row(one, thresholds, whole=form is Format.JSON) for one in found], form=form, empty="nothing is held")


def approve(
    observation: Id,
    by: By = None,
    why: Annotated[str, typer.Option(help="Why it is right.")] = "",
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Accept a held observation: it goes into history as of when you decide, and the edition is made again.

    Of a plan that seems to go under another name (`renamed` lists them), say that it is the same plan.

    Example:

        pricing-pipeline approve 3f9a --why "checked on the page"
    """
    _decide("approve", observation, by, why, home, vendors)


def reject(
    observation: Id,
    why: Annotated[str, typer.Option(help="Why it is wrong.")],
    by: By = None,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Refuse a held observation: what was known stays, and the same reading is not held again.

    Of a plan that seems to go under another name (`renamed` lists them), say that it is another plan.

    Example:

        pricing-pipeline reject 3f9a --why "read from the annual pane"
    """
    _decide("reject", observation, by, why, home, vendors)


def _decide(action: str, given: str, by: str | None, why: str, home: Any, vendors: Any) -> None:
    from assets.runner import Order
    from pricing_pipeline.captures.entries import DecisionEntry
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import run_order

    where = home_of(home)
    suggested = plan_names.suggestion(where.warehouse, given)
    if suggested is not None:
        plan_names.decide_suggestion(where, vendors, suggested, is_same=action == "approve", by=by, why=why)
        return
    observation_id = _known(where.warehouse, given)
    entry = DecisionEntry(
        action=action, by=by or getpass.getuser(), at=datetime.now(UTC), why=why, observation_id=observation_id
    )
    CaptureLog(where.log).append([entry])
    say(f"{'approved' if action == 'approve' else 'rejected'} {observation_id}, recorded as decided by {entry.by}")
    run_order(Order(home=where, vendors_folder=None if vendors is None else str(vendors), fetch=False), where)


def _known(path: Any, given: str) -> str:
    """The held observation that these first characters name. Raises BadParameter where none or several do."""
    from warehouse.connection import open_warehouse
    from warehouse.observations import held as waiting

    with open_warehouse(path, read_only=True) as con:
        ids = [one.observation_id for one in waiting(con)]
    matching = [one for one in ids if one.startswith(given)]
    if len(matching) != 1:
        said = (
            f"several held observations begin so: {', '.join(matching)}"
            if matching
            else "no held observation begins so; " + (f"held are: {', '.join(ids)}" if ids else "nothing is held")
        )
        raise typer.BadParameter(f"{given!r}: {said}")
    return matching[0]
