"""Pages of help: commands in sections by what one comes to do, examples as one types them; without Rich's half second."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from typing import Any, get_type_hints

import click
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.models import ArgumentInfo

LONGEST = 300
_INDENTED = re.compile(r"(?<=\n\n)(?= {4})")


class Application(typer.Typer):
    """An application whose commands have a whole page of help."""

    def command(self, name: str | None = None, **rest: Any) -> Any:
        """As Typer's, with `Explained` as the kind of command where none is named."""
        return super().command(name, **{"cls": Explained, **rest})


class Explained(TyperCommand):
    """A command whose help says what each argument is, and shows its examples as they are typed."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _give_back_help(self)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's way
        """Write what the command does."""
        _write_as_typed(self.help, formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: Typer writes the arguments above the options, and Click 8.5 would write them once more."""


class Sections(TyperGroup):
    """A group whose commands are listed under their help panels, each with its whole first sentence."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's way
        """Write what the group is for."""
        _write_as_typed(self.help, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section for each panel, in the order in which their first commands were added."""
        sections: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                panel = getattr(command, "rich_help_panel", None)
                title = panel if isinstance(panel, str) else "Commands"
                sections[title].append((name, command.get_short_help_str(limit=LONGEST)))
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


def _write_as_typed(text: str | None, formatter: click.HelpFormatter) -> None:
    """Prose is wrapped; an example, which is indented, stays as it is, so that it can be copied."""
    if not text:
        return
    formatter.write_paragraph()
    with formatter.indentation():
        # \b is Click's mark of a paragraph that is not to be wrapped.
        formatter.write_text(_INDENTED.sub("\b\n", inspect.cleandoc(text)))


def _give_back_help(command: click.Command) -> None:
    """Since Click 8.5 an argument has a help of its own, by which it empties the one that Typer 0.25 had set before."""
    function = inspect.unwrap(command.callback) if command.callback is not None else None
    told = get_type_hints(function, include_extras=True) if function is not None else {}
    for argument in command.params:
        if isinstance(argument, TyperArgument) and not argument.help:
            marks = getattr(told.get(argument.name or ""), "__metadata__", ())
            argument.help = next((mark.help for mark in marks if isinstance(mark, ArgumentInfo)), None)
