"""The commands and their options. What a command does is imported when it runs, so that `--help` is quick."""

from __future__ import annotations

import typer

from pricing_pipeline.cli import care, decide, look, read, run

app = typer.Typer(
    name="pricing-pipeline",
    help=(
        "Keeps vendor pricing and reviews up to date: fetches pages, reads facts with evidence, catches changes that "
        "a price diff does not see, and publishes comparison tables.\n\n"
        "Begin with `pricing-pipeline demo`: the whole thing offline, in under a minute."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for room in (run, read, look, decide, care):
    room.add_to(app)
