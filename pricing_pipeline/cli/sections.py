"""The list of commands in sections by what one comes to do, without the half second that Rich takes to draw help."""

from __future__ import annotations

from collections import defaultdict

import click
from typer.core import TyperGroup

LONGEST = 300


class Sections(TyperGroup):
    """A group whose commands are listed under their help panels, each with its whole first sentence."""

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
