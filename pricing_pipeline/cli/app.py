"""The commands and their options. What a command does is imported when it runs, so that `--help` is quick."""

from __future__ import annotations

from typing import Annotated

import typer

from pricing_pipeline.cli import (
    add,
    archives,
    audit,
    blocks,
    care,
    correct,
    decide,
    editions,
    elsewhere,
    look,
    plan_names,
    read,
    run,
    source,
)
from pricing_pipeline.cli.sections import Application, Sections

app = Application(
    name="pricing-pipeline",
    help=(
        "Keeps vendor pricing and reviews up to date: fetches pages, reads facts with evidence, catches changes that "
        "a price diff does not see, and publishes comparison tables.\n\n"
        "Begin with `pricing-pipeline demo`: the whole thing offline, in under a minute."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # Rich takes longer to draw a page of help than the program takes to start
    cls=Sections,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:
    """Print the version and end."""
    if asked:
        from importlib.metadata import version

        print(f"pricing-pipeline {version('pricing-pipeline')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    pass


for room in (
    run,
    read,
    add,
    look,
    audit,
    decide,
    correct,
    elsewhere,
    plan_names,
    blocks,
    editions,
    source,
    archives,
    care,
):
    room.add_to(app)
