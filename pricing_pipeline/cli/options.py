"""Options that several commands share, and the folders they name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pricing_pipeline.home import Content, Home


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Captures, warehouse and editions. Default: PRICING_PIPELINE_HOME, else data/ in the checkout."
    ),
]
VendorsOption = Annotated[
    Path | None,
    typer.Option(
        "--vendors", help="The folder of vendor files. Default: PRICING_PIPELINE_VENDORS, else the ones that ship."
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print: a table, JSON or CSV.")]


def home_of(given: Path | None) -> Home:
    """The home folder that a command works in."""
    return Home.locate(given)


def content_of(given: Path | None) -> Content:
    """The vendor files, and what stands beside them."""
    return Content.locate(given)
