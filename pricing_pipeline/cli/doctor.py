"""What the doctor looks at: files that people edit, folders, the warehouse, every source, what is held, what is published."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pricing_pipeline.errors import PipelineError, SettingsError
from pricing_pipeline.facts import Outcome
from pricing_pipeline.recognition import ANCHORS_OUTDATED

if TYPE_CHECKING:
    from pricing_pipeline.catalog import Rhythm, SourceState
    from pricing_pipeline.facts import Source
    from pricing_pipeline.home import Content, Home
    from pricing_pipeline.results import Thresholds

Row = dict[str, Any]
LEAST_FREE_BYTES = 500_000_000
MOST_NEW = 3
_CURE = {
    Outcome.BLOCKED: "a bot wall answers: wait, or ask the vendor for access; nothing tries to get around it",
    Outcome.ROBOTS_DENIED: "the site asks robots not to read this page: watch another page of it",
    Outcome.NOT_FOUND: "the page has moved or is gone: correct the url in the vendor file",
    Outcome.WRONG_PAGE: "the page is another one than `expect` or its site says: look at it, then correct url, expect or also",
    Outcome.NOT_HTML: "the address answers with something else than a page: correct the url",
    Outcome.UNSAFE_URL: "the address is not safe to ask: correct the url, or name its host under `allow_hosts` in settings.yaml",
    Outcome.TOO_LARGE: "the page is larger than settings.yaml allows",
}
_RETRIED = "it is tried again by itself"


def cure_of(outcome: Outcome) -> str:
    """What a person can do about the outcome of a look that nothing repeats by itself."""
    return _CURE.get(outcome, "try again, or read a page that you saved: --from page.html")


def examine(home: Home, content: Content) -> list[Row]:
    """One row for each thing looked at: state (`ok`, `note` or `problem`), what it is, what is the case, and what to do."""
    rows: list[Row] = []
    for look in _LOOKS:
        try:
            rows += look(home, content)
        except PipelineError as error:
            said = {row["says"] for row in rows}
            lines = [line for line in str(error).splitlines() if line not in said]
            rows += [_row("problem", look.__name__.strip("_"), line, "as it says") for line in lines]
    return rows


def _row(state: str, what: str, says: str, do: str = "") -> Row:
    return {"state": state, "what": what, "says": says, "do": do}


def _vendors(home: Home, content: Content) -> Iterator[Row]:
    from pricing_pipeline.registry import read_what_can_be_read
    from pricing_pipeline.registry.memory import read_with_memory

    registry, told = read_with_memory(content.vendors, home.registry)
    broken = read_what_can_be_read(content.vendors)[1]
    yield _row(
        "ok",
        "vendors",
        f"{_counts(vendors=len(registry.vendors), sources=len(registry.sources()))} in {content.vendors}",
    )
    for line in told:
        if line in broken:
            yield _row("problem", "vendors", line, "the other vendors go on; mend this file")
        else:
            yield _row("note", "vendors", line, "nothing is taken off the pages meanwhile")


def _comparisons(home: Home, content: Content) -> Iterator[Row]:
    from pricing_pipeline.registry.comparisons import read_comparisons, registered
    from pricing_pipeline.registry.memory import read_with_memory

    files, faults = read_comparisons(content.beside("comparisons"))
    for fault in faults:
        yield _row("problem", "comparisons", fault, "its page stays as it was; mend this file")
    registry, _ = read_with_memory(content.vendors, home.registry)
    kept = {file.slug for file in registered(files, registry)}
    yield _row("ok", "comparisons", f"{len(kept)} can be read")
    for file in files:
        if file.slug not in kept:
            yield _row("note", "comparisons", f"{file.slug} is skipped: not all of its products are in vendor files")


def _settings(_home: Home, content: Content) -> Iterator[Row]:
    from pricing_pipeline.registry.settings import read_settings

    settings = read_settings(content.beside("settings.yaml"), environ=os.environ)
    yield _row("ok", "settings", "can be read")
    if settings.contact is None:
        yield _row(
            "note",
            "settings",
            "no contact is set, so sites cannot tell whom to write to",
            "set `contact:` in settings.yaml",
        )
    for name in settings.unset_targets(os.environ):
        yield _row(
            "problem",
            "settings",
            f"the notification target ${name} is not in the environment",
            f"set {name}, or take it out of settings.yaml",
        )


def _workloads(_home: Home, content: Content) -> Iterator[Row]:
    from pricing_pipeline.registry.workloads import read_workloads

    yield _row("ok", "workloads", f"{len(read_workloads(content.beside('workloads.yaml')))} can be read")


def _thresholds(_home: Home, content: Content) -> Iterator[Row]:
    from pricing_pipeline.thresholds import read_thresholds

    read_thresholds(content.beside("thresholds.yaml"))
    yield _row("ok", "thresholds", "can be read")


def _folders(home: Home, _content: Content) -> Iterator[Row]:
    if not home.root.exists():
        yield _row("note", "home", f"{home.root} is not there yet", "pricing-pipeline refresh, or demo")
        return
    free = shutil.disk_usage(home.root).free
    enough = free >= LEAST_FREE_BYTES
    yield _row(
        "ok" if enough else "problem", "home", f"{home.root}: {free / 1e9:.1f} GB free", "" if enough else "make room"
    )
    if not os.access(home.root, os.W_OK):
        yield _row("problem", "home", f"{home.root} cannot be written", "change its owner or permissions")
    if home.is_example:
        yield _row(
            "note",
            "home",
            "this home holds the demo's example pages, not the vendors' own; nothing more is fetched into it",
            "pricing-pipeline refresh, without --home, begins a home of your own",
        )


def _log(home: Home, _content: Content) -> Iterator[Row]:
    from pricing_pipeline.captures.log import CaptureLog

    if home.log.exists():
        yield _row("ok", "log", f"{sum(1 for _ in CaptureLog(home.log).read())} captures and decisions")


def _warehouse(home: Home, content: Content) -> Iterator[Row]:
    from pricing_pipeline.registry.memory import read_with_memory
    from warehouse.captures import states
    from warehouse.connection import open_warehouse
    from warehouse.observations import alternating, held, refused
    from warehouse.rhythm import last_diagnostics, rhythms

    if not home.warehouse.exists():
        yield _row("note", "warehouse", "there is none yet", "pricing-pipeline refresh")
        return
    with open_warehouse(home.warehouse, read_only=True) as con:
        known, waiting = states(con), held(con)
        turning = alternating(con, _known_thresholds(content))
        refusals = {one.source_id: f"{one.reason} (said by {one.decided_by})" for one in refused(con)}
        moves, told = rhythms(con), last_diagnostics(con)
    registry, _ = read_with_memory(content.vendors, home.registry)
    if not home.is_example:
        yield from never_fetched([one for one in registry.sources() if _is_new(known.get(one.id))])
    for source in registry.sources():
        state = known.get(source.id)
        if not _is_new(state):
            yield source_row(
                source,
                state,
                rhythm=moves.get(source.id),
                told=told.get(source.id, ()),
                refusal=refusals.get(source.id),
            )
    for source_id, turns in turning.items():
        said = f"goes back and forth between known states since {turns.since:%Y-%m-%d}, {turns.times} times"
        yield _row("note", source_id, f"{said}; what was accepted last is published")
    for one in waiting:
        yield _row(
            "problem",
            one.source_id,
            f"held since {one.captured_at:%Y-%m-%d}: {one.reason}",
            f"pricing-pipeline held, then approve or reject {one.observation_id[:8]}",
        )


def _known_thresholds(content: Content) -> Thresholds:
    """Those of the file; the defaults where it has a fault, which is told by itself."""
    from pricing_pipeline.results import Thresholds
    from pricing_pipeline.thresholds import read_thresholds

    try:
        return read_thresholds(content.beside("thresholds.yaml"))
    except SettingsError:
        return Thresholds()


def _is_new(state: SourceState | None) -> bool:
    return state is None or state.checked_at is None


def never_fetched(sources: Sequence[Source]) -> Iterator[Row]:
    """A row for each source that nobody has looked at yet; one for all of them where they would bury the others."""
    if len(sources) <= MOST_NEW:
        yield from (source_row(one, None) for one in sources)
    else:
        named = ", ".join(one.id for one in sources[:MOST_NEW])
        says = f"never fetched: {named} and {len(sources) - MOST_NEW} more"
        yield _row("note", _counts(sources=len(sources)), says, "pricing-pipeline refresh")


def source_row(
    source: Source,
    state: SourceState | None,
    *,
    rhythm: Rhythm | None = None,
    told: Collection[str] = (),
    refusal: str | None = None,
) -> Row:
    """How a source stands, by its last fetch and its last accepted reading; `told` are the codes of that reading,
    `refusal` is why it was rejected."""
    if state is None or state.checked_at is None:
        return _row("note", source.id, "never fetched", f"pricing-pipeline refresh --vendor {source.vendor}")
    age = "never verified" if state.verified_at is None else f"last verified on {state.verified_at:%Y-%m-%d}"
    if state.outcome in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        if not state.held and (state.verified_at is None or state.verified_at < state.checked_at):
            return _row(
                "problem",
                source.id,
                f"the page comes, but what is read of it is not accepted: {refusal or 'it was not judged yet'}; {age}",
                _mend(source, told),
            )
        overdue = (datetime.now(UTC) - state.checked_at).total_seconds() > 2 * 3600 * source.every_hours
        if ANCHORS_OUTDATED in told and not overdue:
            says = (
                f"{age}; the page was known again by its plans, and no longer holds all of {', '.join(source.expect)}"
            )
            return _row("note", source.id, says, "correct `expect` in the vendor file")
        return _row(
            "note" if overdue else "ok",
            source.id,
            age + (", overdue" if overdue else _next_look(source, state, rhythm)),
            "pricing-pipeline refresh" if overdue else "",
        )
    since = "" if state.since is None else f" since {state.since:%Y-%m-%d}"
    outcome = str(state.outcome).replace("_", " ")
    detail = f" ({state.message})" if state.message else ""
    return _row(
        "problem",
        source.id,
        f"{outcome}{since}{detail}; {age}{_next_look(source, state, rhythm)}",
        _CURE.get(state.outcome, _RETRIED) if state.outcome else _RETRIED,
    )


def _next_look(source: Source, state: SourceState, rhythm: Rhythm | None) -> str:
    """When the source is looked at again, and why later than its file allows where that is so."""
    from pricing_pipeline.fetch.due import UNKNOWN, due_at, is_quiet

    moment = due_at(source, state, rhythm or UNKNOWN)
    if moment is None:
        return ""
    if state.not_before is not None and state.not_before > moment:
        return f"; the host asks to be left alone until {state.not_before:%Y-%m-%d %H:%M}"
    quiet = (
        f", less often for it has said the same since {rhythm.quiet_since:%Y-%m-%d}"
        if (rhythm is not None and rhythm.quiet_since is not None and is_quiet(source, state, rhythm))
        else ""
    )
    return f"; next look from {moment:%Y-%m-%d %H:%M}{quiet}"


def _mend(source: Source, told: Collection[str] = ()) -> str:
    if "script_only" in told and source.render != "browser":
        return "the page is empty before its scripts run: add `render: browser` to this source in its vendor file"
    if source.kind == "pricing":
        return f"if the page was redesigned: pricing-pipeline repair {source.id}"
    return f"look at what is read: pricing-pipeline extract {source.url} --kind {source.kind}"


def _elsewhere(home: Home, _content: Content) -> Iterator[Row]:
    """Imported facts that nobody vouches for any more, plans with a new name, and histories that are not joined."""
    from warehouse import imports, names, plan_names
    from warehouse.connection import open_warehouse

    if not home.warehouse.exists():
        return
    with open_warehouse(home.warehouse, read_only=True) as con:
        lapsed = imports.lapsed(con, imports.every_source(con), datetime.now(UTC))
        suggested, apart = plan_names.suggestions(con), names.unjoined(con)
    for one in lapsed:
        told = one.imported
        says = f"a fact of {told.file} is no longer confirmed since {one.since:%Y-%m-%d} ({told.who}: {one.document})"
        do = f"look again, then give it a later day in {told.file} and `pricing-pipeline import-facts` it"
        yield _row("note", f"{one.vendor}/{one.product}", says, do)
    for new in suggested:
        do = f"pricing-pipeline approve or reject {new.id}"
        yield _row("note", f"{new.vendor}/{new.product}", new.verdict, do)
    for old, now in apart:
        says = f"what was captured as {old.vendor}/{old.product} is not joined to {now.vendor}/{now.product} yet"
        yield _row("problem", f"{now.vendor}/{now.product}", says, "pricing-pipeline rebuild")


def _recipes(home: Home, content: Content) -> Iterator[Row]:
    """Recipes whose selectors find nothing on the page that was captured last."""
    from pricing_pipeline.captures.blobs import BlobStore
    from pricing_pipeline.cli.captured import last_pages
    from pricing_pipeline.registry.memory import read_with_memory

    registry, _ = read_with_memory(content.vendors, home.registry)
    cooked = {source.id: source for source in registry.sources() if source.recipe is not None}
    if not cooked:
        return
    from pricing_pipeline.propose.trial import try_recipe

    for source_id, capture in sorted(last_pages(home, cooked).items()):
        source, body = cooked[source_id], BlobStore(home.blobs).get(capture.sha256 or "")
        told = try_recipe(body, source, source.recipe, content_type=capture.content_type).diagnostics
        failed = [one.message for one in told if one.code == "recipe_failed"]
        for message in dict.fromkeys(failed):
            yield _row("problem", source_id, message, _mend(source))
        if not failed:
            yield _row("ok", source_id, "every selector of its recipe finds something")


def _edition(home: Home, _content: Content) -> Iterator[Row]:
    if not home.reports.exists():
        yield _row("note", "edition", "nothing is published yet", "pricing-pipeline refresh")
        return
    from pricing_pipeline.publish.folder import manifest_of
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home.reports) as con:
        products, changes, failed = published.products(con), published.changes(con), published.failed_checks(con)
    plans = sum(len(one.offer.plans) for one in products)
    name = home.current_edition.resolve().name
    yield _row("ok", "edition", f"{name}: {_counts(products=len(products), plans=plans, changes=len(changes))}")
    for problem in (manifest_of(home.current_edition) or {}).get("problems", ()):
        yield _row("problem", "edition", problem, "mend it, then pricing-pipeline publish")
    for check, status, message in failed:
        yield _row("problem", f"check {check}", f"{status}: {message}", "make dev shows the rows")


def _counts(**found: int) -> str:
    """So many of each: `1 product, 3 plans`."""
    return ", ".join(f"{count} {things[:-1] if count == 1 else things}" for things, count in found.items())


_LOOKS: tuple[Callable[[Home, Content], Iterator[Row]], ...] = (
    _vendors, _comparisons, _settings, _workloads, _thresholds, _folders, _log, _warehouse, _elsewhere, _recipes, _edition,
)  # fmt: skip
