"""Printing rows for people and programs: tables that can be read, JSON and CSV with nothing else on standard output."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from pricing_pipeline.cli.options import Format
from pricing_pipeline.wording import number

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PIPED_WIDTH = 200
# Longer ones are folded wherever they stand; between two columns are so many blanks.
LONGEST_WORD = 24
GAP = 3
# Columns from which on a table shows what is nice to have.
ROOMY = 120


def emit(
    rows: Sequence[Mapping[str, Any]],
    *,
    form: Format,
    title: str = "",
    columns: Sequence[str] = (),
    empty: str = "",
    group: str | None = None,
    fixed: Sequence[str] = (),
) -> None:
    """Print rows, all with the same keys, in the form asked for; `columns` picks and orders those of a table or CSV.

    A table has a part for each run of rows with the same `group`, under that as its heading; the `fixed` columns are
    never folded, so that the last one gets the room.
    """
    if form is Format.JSON:
        print(json.dumps([{k: plain(v) for k, v in row.items()} for row in rows], indent=2, ensure_ascii=False))
        return
    names = list(columns) or (list(rows[0]) if rows else [])
    if form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_guarded(row.get(name)) for name in names] for row in rows)
        return
    if not rows:
        say(empty or "nothing to show")
        return
    if group is None:
        _table(rows, names, title, fixed)
        return
    for heading, part in groupby(rows, key=lambda row: row[group]):
        _table(list(part), names, str(heading), fixed)


def fits(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bool:
    """Whether a table of these columns would break no word apart; an address or an id may be."""
    words = [[*name.split("_"), *(word for row in rows for word in shown(row[name]).split())] for name in columns]
    return sum(min(max(map(len, one)), LONGEST_WORD) + GAP for one in words) <= _console().width


def shown(value: Any) -> str:
    """A value as a person reads it; nothing where there is none."""
    return "" if value is None else _printed(value)


def is_wide() -> bool:
    """Whether there is room for columns that are nice to have."""
    return _console().width >= ROOMY


def cards(rows: Sequence[Mapping[str, Any]], *, empty: str) -> None:
    """Print each row as a card: a line for each of its values that is not empty, named at the left. The first is the
    card's heading."""
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(empty)
        return
    for row in rows:
        (_, heading), *lines = row.items()
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in lines:
            if value:
                grid.add_row(Text(f"  {name}", style="dim"), Text(_printed(value)))
        for drawn in (Text(_printed(heading), style="bold"), grid, ""):
            draw(drawn)


def plain(value: Any) -> Any:
    """A value as JSON holds it: decimals as text without an exponent, times in ISO 8601 with Z."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def say(text: str) -> None:
    """Tell the person something that is not data: on standard error, so that piped output stays clean."""
    from rich.console import Console

    Console(stderr=True, highlight=False, soft_wrap=True).print(printable(text), markup=False)


def printable(text: str) -> str:
    """Text for a terminal: whatever a page says, nothing in it colours, moves, turns or hides what stands there."""
    return "".join(c for c in text.replace("\t", " ") if c.isprintable() or c == "\n")


def _guarded(value: Any) -> str:
    """Text for a CSV cell; what a spreadsheet would run as a formula is prefixed, numbers are left alone."""
    value = plain(value)
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        Decimal(text)
    except ArithmeticError:
        return (
            f"'{text}"
            if text.lstrip(" '\"").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
            else text
        )
    return text


def _console(stream: TextIO | None = None) -> Console:
    from rich.console import Console

    stream = stream or sys.stdout
    if stream.isatty():
        return Console(file=stream, highlight=False)
    return Console(file=stream, highlight=False, width=PIPED_WIDTH, no_color=True)


def _table(rows: Sequence[Mapping[str, Any]], names: Sequence[str], title: str, fixed: Sequence[str]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title, style="bold") if title else None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for name in names:
        numeric = all(isinstance(row.get(name), int | Decimal) or row.get(name) is None for row in rows)
        table.add_column(
            name.replace("_", " "),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=name in fixed,
        )
    for row in rows:
        table.add_row(*(Text(_printed(row.get(name))) for name in names))
    draw(table)


def draw(drawn: RenderableType, stream: TextIO | None = None) -> None:
    """Print what Rich draws, on standard output if not elsewhere; without the blanks to its right where nobody sees the
    frame, as in a file or a pipe."""
    stream = stream or sys.stdout
    console = _console(stream)
    if stream.isatty():
        console.print(drawn)
        return
    with console.capture() as held:
        console.print(drawn)
    stream.write("".join(f"{line.rstrip()}\n" for line in held.get().splitlines()))


def _printed(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    # ten places are for programs: a person reads 1,150, not 1150.0000000000
    value = number(value) if isinstance(value, Decimal) else plain(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return printable(text)
