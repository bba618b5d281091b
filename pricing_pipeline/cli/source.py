"""The command that opens the captured page behind a figure: `source`."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_pipeline.cli.options import HomeOption, home_of
from pricing_pipeline.errors import CaptureError

if TYPE_CHECKING:
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.facts import Capture
    from pricing_pipeline.home import Home
    from pricing_pipeline.publish.opened import Captured, Quoted

PANEL = "Ask"


def add_to(app: typer.Typer) -> None:
    """Give the application its command for captured pages."""
    app.command(rich_help_panel=PANEL)(source)


def source(
    what: Annotated[
        str,
        typer.Argument(
            help="A figure as dagster-plus.solo.usage_rate.credit, or its id; a capture; or a source, for its newest page."
        ),
    ],
    edition: Annotated[
        str, typer.Option("--edition", help="The edition whose figure is meant; `editions` lists them.")
    ] = "current",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write the page. Default: opened/ in the home folder.")
    ] = None,
    browse: Annotated[bool, typer.Option("--open", help="Also open it in your browser.")] = False,
    home: HomeOption = None,
) -> None:
    """The captured page behind a figure, made safe to open offline, with the quote marked. Prints where it is.

    Scripts, styles, pictures, forms, frames and links are taken out: nothing runs and nothing is loaded.

    Examples:

        pricing-pipeline source dagster-plus.solo.recurring_fee --open

        pricing-pipeline source dagster/dagster-plus/pricing --out page.html
    """
    from pricing_pipeline.captures.blobs import BlobStore
    from pricing_pipeline.captures.log import CaptureLog
    from pricing_pipeline.captures.pruned import readable
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.extract.decoding import decode
    from pricing_pipeline.publish.opened import opened

    where = home_of(home)
    blobs, log = BlobStore(where.blobs), CaptureLog(where.log)
    captured, quoted, content_type = _asked(where, log, what, edition)
    body = readable(blobs, log, captured.source_id, captured.sha256)
    page = opened(decode(body, content_type=content_type), _honest(captured, blobs.has(captured.sha256)), quoted)
    name = f"{captured.capture_id}-{quoted.id}" if quoted is not None else captured.capture_id
    path = out or where.root / "opened" / f"{name}.html"
    _write(path, page.content)
    if quoted is not None:
        told = (
            f"the quote is marked {page.marks} time{'s' * (page.marks != 1)}"
            if page.marks
            else "the quote is in no text of the page"
        )
        say(f"{quoted.label}: {quoted.text}; {told}")
    print(path)
    if browse:
        import webbrowser

        webbrowser.open(path.absolute().as_uri() + ("#quote" if page.marks else ""))


def _asked(where: Home, log: CaptureLog, what: str, edition: str) -> tuple[Captured, Quoted | None, str | None]:
    """The capture that is meant, the quote to mark in it, and of what type its bytes are."""
    from pricing_pipeline.publish.editions import find
    from pricing_pipeline.publish.opened import Captured, Quoted
    from pricing_pipeline.publish.opened_figures import find_figure

    figure = find_figure(find(where.editions, edition).path, what) if where.current_edition.exists() else None
    captures = _captures(log)
    if figure is None:
        capture = _capture(captures, what)
        captured = Captured(
            capture_id=capture.id, source_id=capture.source_id, url=capture.url, captured_at=capture.captured_at,
            sha256=capture.sha256 or "",
        )  # fmt: skip
        return captured, None, capture.content_type
    if not figure.sha256:
        raise CaptureError(f"{figure.name}: was read on no page but imported from {figure.url}: look there")
    quoted = Quoted(
        id=figure.id,
        label=figure.name,
        text=figure.text,
        quote=figure.quote,
        locator=figure.locator,
        surface=figure.surface,
    )
    captured = Captured(
        capture_id=figure.capture_id, source_id=figure.source_id, url=figure.url,
        captured_at=datetime.fromisoformat(figure.captured_at), sha256=figure.sha256,
    )  # fmt: skip
    types = [one.content_type for one in captures if one.id == figure.capture_id]
    return captured, quoted, types[0] if types else None


def _captures(log: CaptureLog) -> list[Capture]:
    from pricing_pipeline.captures.entries import CaptureEntry

    return [entry.capture for entry, _ in log.read() if isinstance(entry, CaptureEntry)]


def _capture(captures: list[Capture], what: str) -> Capture:
    """The capture of this id, else the newest one with bytes of this source."""
    found = [one for one in captures if one.id == what]
    of_source = sorted((one for one in captures if one.source_id == what), key=lambda one: one.captured_at)
    read = [one for one in (*found, *of_source) if one.sha256 is not None]
    if read:
        return read[-1]
    if found or of_source:
        last = (*found, *of_source)[-1]
        raise CaptureError(
            f"{what}: no page was kept: the attempt of {last.captured_at:%Y-%m-%d} ended in {last.outcome}"
        )
    known = ", ".join(sorted({one.source_id for one in captures})[:8]) or "none yet"
    raise typer.BadParameter(f"{what!r} is no figure, capture or source; write product.plan.term, or a source: {known}")


def _honest(captured: Captured, is_held: bool) -> Captured:
    from dataclasses import replace

    return captured if is_held else replace(captured, stands_in=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(path)
