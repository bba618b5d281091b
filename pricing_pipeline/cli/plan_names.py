"""Saying that two names are one plan: `renamed`, and what `approve` and `reject` do with a suggestion."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, home_of

if TYPE_CHECKING:
    from pathlib import Path

    from pricing_pipeline.captures.entries import DecisionEntry
    from warehouse.plan_names import Suggestion

PANEL = "Decide"
Plan = Annotated[str | None, typer.Argument(help="A plan: `product.plan` or `vendor/product/plan`.")]


def add_to(app: typer.Typer) -> None:
    """Give the application its command about names."""
    app.command(rich_help_panel=PANEL)(renamed)


def renamed(
    former: Plan = None,
    plan: Plan = None,
    apart: Annotated[bool, typer.Option("--apart", help="They only look alike: two plans, not one.")] = False,
    why: Annotated[str, typer.Option(help="How one knows.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who says so. Default: the user of this machine.")] = None,
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Plans that seem to go under another name; or say that two names are one plan, so that its history is one.

    What is suggested can also be confirmed with `approve ID` and denied with `reject ID`.

    Examples:

        pricing-pipeline renamed

        pricing-pipeline renamed dagster-plus.solo dagster-plus.personal --why "said in their blog"
    """
    from pricing_pipeline.cli.output import emit

    where = home_of(home)
    if former is None and plan is None:
        emit([_row(one) for one in _suggested(where.warehouse)], form=form, empty="no plan seems to have a new name")
        return
    if former is None or plan is None:
        raise typer.BadParameter("name both plans: the former one, then the one of today")
    stated = _pair(where.warehouse, former, plan)
    decide_name(where, vendors, stated, is_same=not apart, by=by, why=why)


def suggestion(path: Path, given: str) -> Suggestion | None:
    """The one suggestion that these first characters name, if one does."""
    matching = [one for one in _suggested(path) if one.id.startswith(given)]
    return matching[0] if len(matching) == 1 else None


def decide_suggestion(where: Any, vendors: Any, one: Suggestion, *, is_same: bool, by: str | None, why: str) -> None:
    """Record what a person said of a suggestion, and carry it out."""
    stated = {"vendor": one.vendor, "product": one.product, "former": one.former, "plan": one.plan}
    decide_name(where, vendors, stated, is_same=is_same, by=by, why=why)


def decide_name(where: Any, vendors: Any, stated: dict[str, str], *, is_same: bool, by: str | None, why: str) -> None:
    """Record that two names are, or are not, one plan, and carry it out."""
    from assets.runner import Order
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import run_order

    entry = _entry(stated, is_same=is_same, by=by or getpass.getuser(), why=why)
    CaptureLog(where.log).append([entry])
    said = "is the new name of" if is_same else "is another plan than"
    say(f"{stated['product']}.{stated['plan']} {said} {stated['former']}, recorded as decided by {entry.by}")
    run_order(Order(home=where, vendors_folder=None if vendors is None else str(vendors), fetch=False), where)


def _entry(stated: dict[str, str], *, is_same: bool, by: str, why: str) -> DecisionEntry:
    from pricing_pipeline.captures.entries import DecisionEntry
    from warehouse.plan_names import ACTIONS, details

    action = next(name for name, same in ACTIONS.items() if same is is_same)
    return DecisionEntry(action=action, by=by, at=datetime.now(UTC), why=why, details=details(**stated))


def _suggested(path: Path) -> list[Suggestion]:
    from warehouse.connection import open_warehouse
    from warehouse.plan_names import suggestions

    with open_warehouse(path, read_only=True) as con:
        return suggestions(con)


def _row(one: Suggestion) -> dict[str, Any]:
    short = one.id[:8]
    return {
        "id": one.id,
        "product": one.product,
        "former": one.former,
        "plan": one.plan,
        "seen": one.observed_at,
        "says": one.verdict,
        "then": f"pricing-pipeline approve {short}   or   pricing-pipeline reject {short} --why …",
    }


def _pair(path: Path, former: str, plan: str) -> dict[str, str]:
    """Both plans as history knows them. Raises BadParameter where it does not, or where they are of two products."""
    from warehouse.changes import plan_name
    from warehouse.connection import open_warehouse
    from warehouse.plan_names import owners_of_plan

    found = []
    with open_warehouse(path, read_only=True) as con:
        for name in (former, plan):
            vendor, product, slug = plan_name(name)
            owners = owners_of_plan(con, vendor, product, slug or "")
            if len(owners) != 1:
                said = "several vendors sell it, write vendor/product/plan" if owners else "no such plan was ever read"
                raise typer.BadParameter(f"{name}: {said}; `pricing-pipeline report plan_history` lists what was")
            found.append((owners[0], slug or ""))
    (owner, old), (other, new) = found
    if owner != other or old == new:
        raise typer.BadParameter(f"{former} and {plan}: name two plans of one product")
    return {"vendor": owner.vendor, "product": owner.product, "former": old, "plan": new}
