"""The commands that move things on: `demo`, `refresh`, `replay`, `publish`, `rebuild`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_pipeline.cli.options import HomeOption, VendorsOption, home_of
from pricing_pipeline.errors import SettingsError

if TYPE_CHECKING:
    from assets.runner import Order
    from assets.workshop import Workshop
    from pricing_pipeline.home import Home
    from pricing_pipeline.publish.standing import Edition

PANEL = "Run"


def add_to(app: typer.Typer) -> None:
    """Give the application its running commands."""
    for command in (demo, refresh, replay, publish, rebuild):
        app.command(rich_help_panel=PANEL)(command)


def demo(home: HomeOption = None) -> None:
    """The whole pipeline offline, in under a minute: April 2026, then May 2026, and what changed between them.

    Example pages are served on loopback, fetched, read, checked and published, in a home folder of their own
    (data/demo unless you name another). Running it twice changes nothing the second time.

    Example:

        pricing-pipeline demo
    """
    from pricing_pipeline.cli.demonstration import demonstrate

    if demonstrate(home):
        raise typer.Exit(1)


def refresh(
    vendor: Annotated[
        list[str] | None, typer.Option("--vendor", help="Only this vendor; may be given several times.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also what is not due yet. A host's own wish to be left alone is kept.")
    ] = False,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Fetch what is due, and everything right of it: read, check, compare, cost, publish.

    The run is the same job that the Dagster UI and the schedule start, and shows up there.

    Examples:

        pricing-pipeline refresh

        pricing-pipeline refresh --vendor dagster --force
    """
    from assets.runner import Order

    where = home_of(home)
    order = Order(home=where, vendors_folder=_text(vendors), vendors=tuple(vendor or ()), force=force)
    run_order(order, where)


def replay(
    saved: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER...",
            help="Folders of saved pages, each with a manifest.csv (url,file,captured_at[,status]).",
        ),
    ],
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Read saved pages as if they had been fetched when they were saved. No notifications are sent.

    The addresses in the manifest must be those of registered sources.

    Example:

        pricing-pipeline replay saved-pages/
    """
    from assets.runner import Order
    from assets.stages.replaying import replay as keep
    from assets.workshop import open_workshop
    from pricing_pipeline.captures.saved import read_saved
    from pricing_pipeline.cli.output import say

    where = home_of(home)
    problems: list[str] = []
    with bar():
        workshop = open_workshop(home=str(where.root), vendors=_text(vendors))
        for folder in saved:
            kept = keep(workshop, read_saved(folder, on_problem=problems.append))
            problems += [f"{folder}/manifest.csv:{problem}" for problem in kept.problems]
            say(f"{folder}: {kept.added} captures added, {kept.known} already there")
    for problem in problems:
        say(f"problem: {problem}")
    run_order(Order(home=where, vendors_folder=_text(vendors), fetch=False), where, problems=bool(problems))


def publish(
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Make it beside, say how it differs from the one that stands, switch nothing."),
    ] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="Where the preview is made. Default: preview/ in the home folder.")
    ] = None,
    edition: Annotated[
        str | None, typer.Option("--edition", help="Go back to this earlier edition instead; `editions` lists them.")
    ] = None,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Make the edition from what the warehouse holds. Nothing changed means nothing written.

    Examples:

        pricing-pipeline publish

        pricing-pipeline publish --preview --into /tmp/look

        pricing-pipeline publish --edition previous
    """
    from pricing_pipeline.cli import editions

    where = home_of(home)
    if edition is not None:
        if preview or into is not None:
            raise typer.BadParameter("--edition goes back to what was published: it has no preview")
        editions.go_back(where, edition)
        return
    _require(where.warehouse, "there is no warehouse yet")
    if preview or into is not None:
        editions.show_preview(where, into or where.root / "preview", _text(vendors))
        return
    _publish(where, _text(vendors))


def _publish(where: Home, vendors: str | None) -> None:
    from assets.stages.unchanged import kept
    from assets.workshop import open_workshop
    from pricing_pipeline.cli.output import say

    with bar():
        workshop = open_workshop(home=str(where.root), vendors=vendors)
        edition = kept(workshop) or _made(workshop)
    for note in edition.notes:
        say(f"note: {note}")
    for problem in edition.problems:
        say(f"problem: {problem}")
    say(f"edition {edition.id}: {'published' if edition.changed else 'nothing changed'}, {edition.path}")
    if edition.problems:
        raise typer.Exit(1)


def _made(workshop: Workshop) -> Edition:
    # what makes editions takes half a second to load, more than seeing that there is nothing to make
    from assets.stages.publishing import make_edition

    return make_edition(workshop)


def rebuild(home: HomeOption = None, vendors: VendorsOption = None) -> None:
    """Make the warehouse again from the captures and the decisions beside them, and put it in the old one's place.

    Example:

        pricing-pipeline rebuild
    """
    from assets.stages.rebuilding import rebuild as again
    from assets.workshop import open_workshop
    from pricing_pipeline.cli.output import say

    where = home_of(home)
    _require(where.log, "there are no captures to rebuild from")
    with bar():
        count = again(open_workshop(home=str(where.root), vendors=_text(vendors)))
    say(f"rebuilt from {count} captures; `pricing-pipeline publish` makes the edition again")


@contextmanager
def bar() -> Iterator[None]:
    """A progress bar on standard error for work that takes long, where a person looks on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from pricing_pipeline import progress

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        tasks = {"": shown.add_task("starting", total=None)}

        def draw(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what)
            shown.update(tasks[""], visible=False)
            shown.update(tasks[what], completed=done, total=total)

        with progress.listening(draw):
            yield


def run_order(order: Order, home: Home, *, problems: bool = False) -> None:
    """Run the refresh job, say what came of it, and exit with 1 where problems were found."""
    from assets.runner import refresh as start
    from pricing_pipeline.cli.summary import print_summary

    with bar():
        ran = start(order)
    found = print_summary(home, ran, fetched=order.fetch)
    if found or problems:
        raise typer.Exit(1)


def _require(path: Path, missing: str) -> None:
    if not path.exists():
        raise SettingsError(f"{path}: {missing}; `pricing-pipeline refresh` begins with fetching")


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
