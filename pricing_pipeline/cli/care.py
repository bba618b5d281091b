"""Looking after an installation: `verify` and `doctor`."""

from __future__ import annotations

from typing import Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, content_of, home_of

PANEL = "Look after"


def add_to(app: typer.Typer) -> None:
    """Give the application its caring commands."""
    for command in (verify, doctor):
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
