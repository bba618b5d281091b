"""`audit`: the claims of a text judged against the published facts, and against the text itself."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.options import HomeOption, VendorsOption, content_of, home_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pricing_pipeline.claims.audit import Audit
    from pricing_pipeline.claims.knowledge import Knowledge

PANEL = "Ask"


class Shape(StrEnum):
    """How an audit is printed."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"


def add_to(app: typer.Typer) -> None:
    """Give the application its command for editorial text."""
    app.command(rich_help_panel=PANEL)(audit)


def audit(
    files: Annotated[list[str], typer.Argument(help="Markdown, HTML or plain text; `-` reads standard input.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Judge as of the end of this day, as 2026-04-30. Default: the edition's."),
    ] = None,
    form: Annotated[
        Shape, typer.Option("--format", "-f", help="A table of what to look at, every claim as JSON, or SARIF for CI.")
    ] = Shape.TABLE,
    every: Annotated[bool, typer.Option("--all", help="List supported claims in the table too.")] = False,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Judge the claims of a text: line, what it says, whether the facts agree, the right value and its source.

    Exit code 1 where the facts contradict something, or the text contradicts itself; 2 where a text was too long to be
    judged to its end, and nothing in what was judged is contradicted.

    Examples:

        pricing-pipeline audit article.md

        pricing-pipeline audit drafts/*.html --as-of 2026-04-30

        pricing-pipeline audit article.md --format sarif > audit.sarif
    """
    texts = [(file, _text(file)) for file in files]
    knowledge = _knowledge(home, vendors, _day(as_of))
    from pricing_pipeline.claims.audit import Auditor

    auditor = Auditor(knowledge)
    audits = [auditor.audit(text, "standard input" if file == "-" else file) for file, text in texts]
    _print(audits, form, knowledge.as_of, every=every)
    _warn(audits)
    if not all(one.is_clean for one in audits):
        raise typer.Exit(1)
    if any(one.cut is not None for one in audits):
        raise typer.Exit(2)


def _warn(audits: Sequence[Audit]) -> None:
    """Say of each text that was not judged to its end where that ended, and of one about nobody that it is."""
    from pricing_pipeline.claims.phrases import cut_message, silence_message

    for one in audits:
        if (silence := silence_message(one)) is not None:
            print(f"{one.file}: {silence}", file=sys.stderr)
        if one.cut is not None:
            print(f"{one.file}:{one.cut.line}: {cut_message(one.cut)}", file=sys.stderr)


def _text(file: str) -> str:
    from pricing_pipeline.claims.decoding import LARGEST, NoTextError, text_of

    try:
        if file == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                data = opened.read(LARGEST + 1)
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}; name a Markdown, HTML or text file") from error
    try:
        return text_of(data)
    except NoTextError as error:
        raise typer.BadParameter(f"{file}: {error}") from error


def _day(text: str | None) -> datetime | None:
    """The last moment of a day."""
    if text is None:
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2026-04-30") from None
    if len(text) > len("2026-04-30"):
        return day.replace(tzinfo=UTC) if day.tzinfo is None else day.astimezone(UTC)
    return datetime.combine(day.date(), time.max, UTC)


def _knowledge(home: Path | None, vendors: Path | None, as_of: datetime | None) -> Knowledge:
    from pricing_pipeline import costs
    from pricing_pipeline.claims.registered import licences, renamed
    from pricing_pipeline.errors import RegistryError
    from pricing_pipeline.registry.vendors import read_what_can_be_read
    from warehouse.connection import open_reports
    from warehouse.known import known

    with open_reports(home_of(home).reports) as con:
        knowledge = known(con, as_of=as_of, price=costs.price)
    try:
        registry, _ = read_what_can_be_read(content_of(vendors).vendors)
    except RegistryError:
        # Facts are judged without the vendor files too; they only say how vendors are called and licensed.
        return knowledge
    return replace(knowledge, products=renamed(knowledge.products, registry), licences=licences(registry))


def _print(audits: Sequence[Audit], form: Shape, as_of: datetime, *, every: bool) -> None:
    from pricing_pipeline.claims.phrases import rows

    if form is Shape.SARIF:
        from importlib.metadata import version

        from pricing_pipeline.claims.sarif import sarif

        print(json.dumps(sarif(audits, version=version("pricing-pipeline")), ensure_ascii=False, indent=2))
        return
    from pricing_pipeline.cli.options import Format
    from pricing_pipeline.cli.output import emit, say

    found = [row for one in audits for row in rows(one)]
    if form is Shape.JSON:
        emit(found, form=Format.JSON)
        return
    shown = [_shown(row) for row in found if every or row["verdict"] not in ("supported", "unknown")]
    columns = ("line", "claim", "verdict", "right", "source")
    emit(shown, form=Format.TABLE, columns=columns, title="Claims", empty="nothing is contradicted")
    for one in audits:
        say(_summary(one, as_of))


def _shown(row: dict[str, Any]) -> dict[str, str]:
    """A claim as the table shows it."""
    read = f", read {row['captured_at']:%Y-%m-%d}" if row["captured_at"] is not None else ""
    said = f"{row['about']}: {row['claim']}" if row["about"] else row["claim"]
    return {
        "line": f"{row['file']}:{row['line']}",
        "claim": said,
        "verdict": row["verdict"],
        "right": "; ".join(part for part in (row["right"], row["why"]) if part),
        "source": f"{row['source']}{read}" if row["source"] else "",
    }


def _summary(one: Audit, as_of: datetime) -> str:
    counts = {
        name: sum(row.verdict.value == name for row in one.judged) for name in ("supported", "contradicted", "unknown")
    }
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{one.file}: {told}, {len(one.contradictions)} against the text itself; judged as of {as_of:%Y-%m-%d}"
