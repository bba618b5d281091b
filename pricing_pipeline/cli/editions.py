"""Looking at editions: `editions` lists, compares, goes back, and says what stood on a day; also the preview of `publish`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, home_of
from pricing_pipeline.cli.sections import Application, Sections

if TYPE_CHECKING:
    from pricing_pipeline.home import Home
    from pricing_pipeline.publish.editions import Kept, Stood

PANEL = "Publish"
Every = Annotated[bool, typer.Option("--all", help="Every line, however many.")]


def add_to(app: typer.Typer) -> None:
    """Give the application its commands about editions."""
    group = Application(cls=Sections, invoke_without_command=True, rich_markup_mode=None)
    group.callback()(editions)
    group.command()(diff)
    group.command()(restore)
    group.command("on")(on)
    app.add_typer(group, name="editions", rich_help_panel=PANEL)


def editions(context: typer.Context, form: FormatOption = Format.TABLE, home: HomeOption = None) -> None:
    """The editions that are kept: list them, compare two, go back to one, see what stood on a day.

    Examples:

        pricing-pipeline editions

        pricing-pipeline editions diff previous current

        pricing-pipeline editions on 2026-05-01
    """
    if context.invoked_subcommand is not None:
        return
    from pricing_pipeline.cli.output import emit
    from pricing_pipeline.publish.editions import listed

    found = listed(home_of(home).editions)
    rows = [_row(one, found[place - 1] if place else None) for place, one in enumerate(found)]
    columns = ("stands", "edition", "since", "facts of", "pages", "problems", "against the one before")
    emit(
        rows,
        form=form,
        columns=columns,
        fixed=("edition",),
        empty="nothing is published yet; `pricing-pipeline publish`",
    )


def diff(
    before: Annotated[
        str, typer.Argument(help="An edition: its id, its beginning or end, `previous` or `current`.")
    ] = "previous",
    after: Annotated[str, typer.Argument(help="The other one.")] = "current",
    every: Every = False,
    home: HomeOption = None,
) -> None:
    """What changed between two editions, in words: figures, pages, problems.

    Example:

        pricing-pipeline editions diff previous current
    """
    from pricing_pipeline.publish.editions import find
    from pricing_pipeline.publish.editions_compared import compare, in_words

    where = home_of(home).editions
    for line in in_words(compare(find(where, before).path, find(where, after).path), every=every):
        print(line)


def restore(
    edition: Annotated[str, typer.Argument(help="The edition to go back to: its id, or `previous`.")],
    home: HomeOption = None,
) -> None:
    """Go back to an earlier edition, at one stroke. The next publish moves on from the facts again.

    Example:

        pricing-pipeline editions restore previous
    """
    go_back(home_of(home), edition)


def on(
    day: Annotated[str, typer.Argument(help="A day (UTC), as 2026-05-01.")],
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """What was published on a day: the editions that readers saw, and where they are.

    Example:

        pricing-pipeline editions on 2026-05-01
    """
    from pricing_pipeline.cli.output import emit
    from pricing_pipeline.publish.editions import listed, on_day

    where = home_of(home).editions
    kept = {one.id: one for one in listed(where)}
    rows = [_stood(one, kept.get(one.edition)) for one in on_day(where, _day(day))]
    emit(rows, form=form, fixed=("from",), empty=f"nothing was published on {day} or before")


def go_back(where: Home, edition: str) -> None:
    """Make an earlier edition the one that stands, and say so."""
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.publish.editions import find, restore
    from pricing_pipeline.publish.editions_compared import compare

    old = where.current_edition.resolve()
    chosen = restore(where.editions, edition, at=datetime.now(UTC))
    assert find(where.editions, "current").id == chosen.id
    say(f"edition {chosen.id} stands again: {compare(old, chosen.path, read_pages=False).summary}")
    say("the next publish or refresh moves on from the facts; managed blocks in your own files stay as they are")


def show_preview(where: Home, into: Path, vendors: str | None) -> None:
    """Make the preview, and say how it differs from what stands."""
    from assets.stages.publishing import make_edition
    from assets.workshop import open_workshop
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.cli.run import bar
    from pricing_pipeline.publish.editions_compared import compare, in_words

    with bar():
        made = make_edition(open_workshop(home=str(where.root), vendors=vendors), preview=into)
    standing = where.current_edition
    is_same = standing.exists() and not made.changed
    if is_same:
        print(f"{made.id}: the same as what stands")
    else:
        for line in in_words(compare(standing.resolve() if standing.exists() else None, into)):
            print(line)
    for note in made.notes:
        say(f"note: {note}")
    for problem in made.problems:
        say(f"problem: {problem}")
    say(f"look at {into / 'index.html'}" + ("" if is_same else "; `pricing-pipeline publish` puts it up"))
    if made.problems:
        raise typer.Exit(1)


def _row(one: Kept, before: Kept | None) -> dict[str, Any]:
    from pricing_pipeline.publish.editions_compared import compare

    return {
        "stands": "now" if one.is_current else "",
        "edition": one.id,
        "since": one.stood[-1].since,
        "facts of": one.as_of,
        "pages": one.pages,
        "problems": one.problems,
        "against the one before": compare(before.path, one.path, read_pages=False).summary
        if before is not None
        else "the oldest that is kept",
        "path": str(one.path),
    }


def _stood(one: Stood, kept: Kept | None) -> dict[str, Any]:
    return {
        "edition": one.edition,
        "from": one.since,
        "until": one.until or "now",
        "how": one.how,
        "where": str(kept.path / "index.html")
        if kept is not None
        else "no longer kept: see `editions` in settings.yaml",
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2026-05-01") from None
