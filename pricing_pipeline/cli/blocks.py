"""The command that keeps managed blocks in an editor's own files: `blocks`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_pipeline.cli.options import HomeOption, VendorsOption, home_of
from pricing_pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pricing_pipeline.publish.blocks_files import FileOutcome

PANEL = "Publish"


def add_to(app: typer.Typer) -> None:
    """Give the application its command for blocks."""
    app.command(rich_help_panel=PANEL)(blocks)


def blocks(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE...]", help="Markdown or HTML files. Default: those that settings.yaml names under `managed`."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 where a block is out of date.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also replace what somebody changed by hand inside a block.")
    ] = False,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Bring the managed blocks of your own Markdown and HTML files up to date; everything around them stays as it is.

    A block stands between <!-- pricing-pipeline:begin NAME table=tiers product=dagster-plus --> and
    <!-- pricing-pipeline:end NAME -->. It shows table=tiers, costs, own-costs, cheapest, ratings, glance or changes of a
    comparison=, product= or vendor=, or one figure="dagster-plus.solo.recurring_fee".

    Examples:

        pricing-pipeline blocks article.md

        pricing-pipeline blocks --check pages/*.html
    """
    from assets.stages.publishing import shown
    from assets.workshop import open_workshop
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.publish.blocks_files import problems_of, refresh_file
    from pricing_pipeline.publish.managed import find_files

    where = home_of(home)
    if not where.warehouse.exists():
        raise SettingsError(
            f"{where.warehouse}: there is no warehouse yet; `pricing-pipeline refresh` begins with fetching"
        )
    workshop = open_workshop(home=str(where.root), vendors=None if vendors is None else str(vendors))
    found, problems = (
        (list(files), [])
        if files
        else find_files(workshop.settings.managed, workshop.content.beside("settings.yaml").parent)
    )
    if not found and not problems:
        raise typer.BadParameter("no file is named, and settings.yaml names none under `managed`")
    contents = shown(workshop)
    outcomes = [refresh_file(path, contents, check=check, force=force) for path in found]
    for one in outcomes:
        say(_said(one, check=check, named=bool(files)))
    problems += problems_of(outcomes)
    for problem in problems:
        say(f"problem: {problem}")
    if problems or (check and any(one.moved for one in outcomes)):
        raise typer.Exit(1)


def _said(one: FileOutcome, *, check: bool, named: bool) -> str:
    """What became of a file, in a line."""
    if one.moved:
        return f"{one.path}: {'out of date' if check else 'wrote'}: {', '.join(one.moved)}"
    if one.problems:
        return f"{one.path}: left as it is"
    if not one.blocks:
        return f"{one.path}: {'has no managed block' if named else 'no blocks'}"
    return f"{one.path}: up to date"
