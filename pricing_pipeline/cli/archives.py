"""Captures in and out: `import-warc`, `export-warc`, `backfill`, `prune`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, home_of
from pricing_pipeline.errors import SettingsError

if TYPE_CHECKING:
    from assets.stages.archiving import Imported
    from assets.stages.backfilling import Backfilled
    from assets.stages.pruning import Pruned
    from assets.workshop import Workshop
    from pricing_pipeline.facts import Source

PANEL = "Captures"
SHOWN = 10


def add_to(app: typer.Typer) -> None:
    """Give the application its commands for captures."""
    for command in (import_warc, export_warc, backfill, prune):
        app.command(rich_help_panel=PANEL)(command)


def import_warc(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="WARC or ARC files, packed with gzip or not.")],
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Read archived pages of registered sources, each under the time at which it was archived.

    They enter history between what is known already, alert nobody, and do not count as a fresh look at a source. What
    cannot be used is told with file, record and offset. Importing a file again adds nothing. Exit code 1 where a file
    or record could not be used.

    Example:

        pricing-pipeline import-warc crawl-2024.warc.gz crawl-2025.warc.gz
    """
    from assets.stages.archiving import import_warcs
    from pricing_pipeline.cli.run import bar

    with bar():
        done = import_warcs(_workshop(home, vendors), files)
    _tell_import(done)
    _read_on(home, vendors, added=done.added, problems=bool(done.problems))


def export_warc(
    file: Annotated[Path, typer.Argument(metavar="OUT.warc.gz", help="The file to write; replaced if it is there.")],
    vendor: Annotated[
        list[str] | None, typer.Option("--vendor", help="Only this vendor; may be given several times.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only captures from this day on, as 2026-05-01.")] = None,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Write captured pages as a WARC file, which other programs and another home can read.

    Exit code 1 where captured bytes are missing or damaged; the others are written.

    Example:

        pricing-pipeline export-warc captures.warc.gz --since 2026-01-01
    """
    from assets.stages.exporting import export_warc as write
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import bar

    where = home_of(home)
    if not where.log.exists():
        raise SettingsError(f"{where.log}: nothing has been captured yet; `pricing-pipeline refresh` fetches")
    start = None if since is None else datetime.combine(_day(since, "--since"), datetime.min.time(), UTC)
    with bar():
        done = write(_workshop(home, vendors), file, vendors=vendor or (), since=start)
    for problem in done.problems:
        say(f"problem: {problem}")
    gone = f"; {done.pruned} more were pruned" if done.pruned else ""
    say(f"{file}: {done.written} captures written{gone}")
    if done.problems:
        raise typer.Exit(1)


def backfill(
    source: Annotated[str, typer.Argument(help="The source, as `doctor` names it: vendor/product/pricing.")],
    first: Annotated[str, typer.Option("--from", help="The first day, as 2024-01-01.")],
    last: Annotated[str | None, typer.Option("--to", help="The last day. Default: today.")] = None,
    archive: Annotated[
        str | None, typer.Option("--archive", help="Its address. Default: `archive:` of settings.yaml.")
    ] = None,
    every: Annotated[
        str | None, typer.Option("--every", help="At most one page in this time, as 30d. Default: all that differ.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Ask for so many pages at most. Default: settings.yaml.")
    ] = None,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Fetch the past of a source from a web archive, such as the Wayback Machine.

    Only pages that differ from the one before are asked for, slowly and within the bounds of settings.yaml. A run that
    was stopped, by you or by a bound, goes on where it was when you run it again. Exit code 1 where a page could not
    be had or not all of them were asked for.

    Example:

        pricing-pipeline backfill dagster/dagster-plus/pricing --from 2024-01-01 --every 30d
    """
    from assets.stages.backfilling import Span
    from assets.stages.backfilling import backfill as fetch
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import bar

    workshop = _workshop(home, vendors)
    span = Span(
        first=_day(first, "--from"),
        last=workshop.now().date() if last is None else _day(last, "--to"),
        every=None if every is None else _span(every, "--every"),
    )
    if span.last < span.first:
        raise typer.BadParameter(f"--to {span.last} lies before --from {span.first}")
    meant = _source(source, workshop)
    if workshop.settings.contact is None:
        say("note: no `contact:` in settings.yaml, so the archive cannot tell whom to ask about these requests")
    with bar():
        done = fetch(workshop, meant, span, archive=archive, limit=limit)
    _tell_backfill(done, meant)
    _read_on(home, vendors, added=done.added, problems=bool(done.problems or done.stopped))


def prune(
    keep: Annotated[str, typer.Option("--keep", help="Keep everything younger than this, as 90d or 12w.")] = "90d",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    home: HomeOption = None,
    vendors: VendorsOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Remove captured pages that nothing rests on, and say how much is freed.

    Kept is every page that a published or past fact, a change, a decision or a held reading rests on, and whatever says
    something that no other kept page of its source says. What goes is entered into the log with the page that stands in
    for it, so that `rebuild` makes the same warehouse as before.

    Examples:

        pricing-pipeline prune --dry-run

        pricing-pipeline prune --keep 26w
    """
    from assets.stages.pruning import prune as give_up
    from pricing_pipeline.cli.output import emit, say
    from pricing_pipeline.cli.run import bar

    where = home_of(home)
    if not where.log.exists():
        raise SettingsError(f"{where.log}: nothing has been captured yet, so there is nothing to prune")
    with bar():
        done = give_up(_workshop(home, vendors), keep=_span(keep, "--keep"), dry_run=dry_run)
    emit(_rows(done, dry_run), form=form, title="Captured pages")
    freed = done.removed.size + done.strays.size
    say(f"{'would free' if dry_run else 'freed'} {freed / 1e6:,.1f} MB")


def _workshop(home: Path | None, vendors: Path | None) -> Workshop:
    from assets.workshop import open_workshop

    return open_workshop(home=str(home_of(home).root), vendors=None if vendors is None else str(vendors))


def _read_on(home: Path | None, vendors: Path | None, *, added: int, problems: bool) -> None:
    """Everything right of the captures, if there is anything to do; exit code 1 where there were problems."""
    from assets.runner import Order
    from assets.stages.waiting import is_waiting
    from pricing_pipeline.cli.run import run_order

    where = home_of(home)
    if not added and not is_waiting(_workshop(home, vendors)):
        if problems:
            raise typer.Exit(1)
        return
    order = Order(home=where, vendors_folder=None if vendors is None else str(vendors), fetch=False)
    run_order(order, where, problems=problems)


def _tell_import(done: Imported) -> None:
    from pricing_pipeline.cli.output import say

    for problem in done.problems:
        say(f"problem: {problem}")
    for reason, count in sorted(done.passed_over.items()):
        say(f"passed over: {count} records of registered addresses: {reason}")
    if done.stranger_records:
        say(f"passed over: {done.stranger_records} records of addresses that no vendor file names, such as")
        for url in done.strangers[:SHOWN]:
            say(f"  {url}")
        if len(done.strangers) > SHOWN:
            say(f"  and {len(done.strangers) - SHOWN} more")
    say(f"{done.added} captures added, {done.known} already there")


def _tell_backfill(done: Backfilled, source: Source) -> None:
    from pricing_pipeline.cli.output import say

    for problem in done.problems:
        say(f"problem: {problem}")
    for reason, count in sorted(done.passed_over.items()):
        say(f"passed over: {count} of the archive's index: {reason}")
    say(f"{source.id}: {done.listed} listed, {done.added} captures added, {done.known} already there")
    if done.stopped:
        reached = f" at {done.reached:%Y-%m-%d}" if done.reached else ""
        say(f"stopped{reached}: {done.stopped}; run it again to go on")


def _rows(done: Pruned, dry_run: bool) -> list[dict[str, Any]]:
    removed = "would be removed" if dry_run else "removed"
    shares = [(removed, done.removed), (removed, done.strays), *(("kept", share) for share in done.kept)]
    return [
        {"pages": share.pages, "bytes": share.size, "what": what, "because": share.what}
        for what, share in shares
        if share.pages or share is done.removed
    ]


def _source(given: str, workshop: Workshop) -> Source:
    """The source of that id, or of that address. Raises BadParameter with the nearest ones."""
    import difflib

    sources = workshop.registry.sources()
    found = [one for one in sources if given in (one.id, one.url)]
    if len(found) == 1:
        return found[0]
    known = [one.id for one in sources]
    near = difflib.get_close_matches(given, known, n=3, cutoff=0.3) or known[:3]
    raise typer.BadParameter(f"{given!r} is no source; write for example {', '.join(near)}")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option} {text!r} is no day; write for example 2026-05-01") from None


def _span(text: str, option: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,5})([dw])", text)
    if not found:
        raise typer.BadParameter(f"{option} {text!r} is no time; write days or weeks, for example 90d or 12w")
    return timedelta(days=int(found[1])) * (7 if found[2] == "w" else 1)
