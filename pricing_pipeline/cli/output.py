"""Printing rows for people and programs: tables that can be read, JSON and CSV with nothing else on standard output."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pricing_pipeline.cli.options import Format

PIPED_WIDTH = 200


def emit(
    rows: Sequence[Mapping[str, Any]], *, form: Format, title: str = "", columns: Sequence[str] = (), empty: str = ""
) -> None:
    """Print rows, all with the same keys, in the form asked for; `columns` picks and orders those of a table or CSV."""
    if form is Format.JSON:
        print(json.dumps([{k: plain(v) for k, v in row.items()} for row in rows], indent=2, ensure_ascii=False))
        return
    names = list(columns) or (list(rows[0]) if rows else [])
    if form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_guarded(row.get(name)) for name in names] for row in rows)
        return
    _table(rows, names, title, empty)


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

    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


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


def _table(rows: Sequence[Mapping[str, Any]], names: Sequence[str], title: str, empty: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = (
        Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=PIPED_WIDTH, no_color=True)
    )
    if not rows:
        say(empty or "nothing to show")
        return
    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        numeric = all(isinstance(row.get(name), int | Decimal) or row.get(name) is None for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_printed(row.get(name))) for name in names))
    console.print(table)


def _printed(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    value = plain(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(c for c in text if c.isprintable() or c == "\n")
