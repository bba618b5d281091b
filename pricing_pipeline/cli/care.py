"""Looking after an installation: `verify`, `doctor` and `notify`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, content_of, home_of
from pricing_pipeline.errors import SettingsError

PANEL = "Look after"


def add_to(app: typer.Typer) -> None:
    """Give the application its caring commands."""
    for command in (verify, doctor, notify):
        app.command(rich_help_panel=PANEL)(command)


def verify(home: HomeOption = None, vendors: VendorsOption = None, form: FormatOption = Format.TABLE) -> None:
    """Check that captured bytes are what they were, that every quote is in its page, and that history holds together.

    Exit code 1 where something is wrong; each line says what to do about it.

    Example:

        pricing-pipeline verify
    """
    from assets.stages.verifying import verify as look
    from assets.workshop import open_workshop
    from pricing_pipeline.cli.output import emit, say
    from pricing_pipeline.cli.run import bar

    with bar():
        checked, problems = look(
            open_workshop(home=str(home_of(home).root), vendors=None if vendors is None else str(vendors))
        )
    emit([{"problem": problem} for problem in problems], form=form, title="Problems", empty=f"sound: {checked}")
    if problems:
        say(f"{len(problems)} problems; {checked}")
        raise typer.Exit(1)


def doctor(home: HomeOption = None, vendors: VendorsOption = None, form: FormatOption = Format.TABLE) -> None:
    """What is configured, stale, blocked, broken or held, and what to do about each.

    Exit code 1 where something needs a person.

    Example:

        pricing-pipeline doctor
    """
    from pricing_pipeline.cli.doctor import examine
    from pricing_pipeline.cli.output import emit

    rows: list[dict[str, Any]] = examine(home_of(home), content_of(vendors))
    emit(rows, form=form, title="Doctor", columns=("state", "what", "says", "do"))
    if any(row["state"] == "problem" for row in rows):
        raise typer.Exit(1)


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send every target a trial message.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Tell the targets of settings.yaml what is new: changes, held observations, broken sources. `refresh` does so itself.

    Nothing is told twice, and a target that is down gets it with the next try.

    Examples:

        pricing-pipeline notify --test

        pricing-pipeline notify --dry-run
    """
    import os

    from assets.stages import notifying
    from assets.workshop import open_workshop
    from pricing_pipeline.cli.output import say

    workshop = open_workshop(home=str(home_of(home).root), vendors=None if vendors is None else str(vendors))
    if not workshop.settings.notify.targets:
        raise SettingsError(
            "settings.yaml: nobody to tell; add a target under `notify`, as - ${PRICING_PIPELINE_NOTIFY}"
        )
    if test:
        tried = notifying.try_out(workshop, os.environ)
        for name, result in tried:
            say(f"{name}: {result}")
        raise typer.Exit(any(result != "taken" for _, result in tried))
    if dry_run:
        for _, one in notifying.waiting(workshop):
            print(f"To {one.target.name}\n{one.message.title}\n\n{one.message.body}")
        return
    told = notifying.tell(workshop)
    for problem in told.problems:
        say(f"problem: {problem}")
    say(f"{told.sent} {'digest' if told.sent == 1 else 'digests'} sent")
    raise typer.Exit(bool(told.problems))
