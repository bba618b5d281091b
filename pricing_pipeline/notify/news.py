"""What is worth a message: material changes of vendors, held observations, broken sources, failed runs."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pricing_pipeline.catalog import Catalog, HeldObservation, SourceState
from pricing_pipeline.facts import Cause, GateState, Outcome, Severity, Source
from pricing_pipeline.results import Change

_SERVED = (Outcome.FETCHED, Outcome.NOT_MODIFIED)
# A server's bad moment is no news; its second one in a row is.
_PASSING = {Outcome.SERVER_ERROR, Outcome.NETWORK_ERROR, Outcome.RATE_LIMITED, Outcome.INCOMPLETE}
_READ_AGAIN = "read"
# The names of products, by vendor and slug.
Names = Mapping[tuple[str, str], str]
RANK = {Severity.INFO: 0, Severity.NOTICE: 1, Severity.CRITICAL: 2}


class About(StrEnum):
    """What a message can be about."""

    CHANGES = "changes"
    HELD = "held"
    SOURCES = "sources"
    RUNS = "runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that somebody may want to be told, once; `key` is the same however often it is found.

    `text` may hold words of a scraped page: whoever writes it into a message makes it harmless first. `ends` is how the
    keys of the news begin that this one takes back: it concerns those only who were told of one of them.
    """

    key: str
    about: About
    severity: Severity
    at: datetime
    text: str
    vendor: str | None = None
    subject: str = ""
    url: str = ""
    ends: str = ""


def find(catalog: Catalog, *, names: Names, told: Iterable[str] = ()) -> tuple[News, ...]:
    """What the warehouse holds that is worth a message, oldest first, of one moment in the warehouse's order; `names` are
    those of the products.

    Only moves of vendors are: our own corrections, a better reader, archived pages and another currency are not.
    `told` are the keys of what anybody was told: that a page is read again is news only where its failure was.
    """
    sources = {source.id: source for source in catalog.sources}
    told_of = {key.split(":")[1] for key in told if key.startswith("source:")}
    found = [
        *(_change(change, names) for change in catalog.changes if _is_material(change)),
        *(_held(one, names) for one in catalog.held),
        *_pages(catalog.states, sources, names, told_of),
    ]
    return tuple(sorted(found, key=lambda news: news.at))


def is_over(news: News, told: Sequence[str]) -> bool:
    """Whether news that takes others back is due to whoever was told these keys, in this order."""
    last = next((key for key in reversed(told) if key.startswith(news.ends)), None)
    return last is not None and not last.startswith(f"{news.ends}{_READ_AGAIN}:")


def failed_run(run_id: str, lines: tuple[str, ...], *, at: datetime) -> News:
    """A run of the pipeline that failed, with what its steps said."""
    said = "; ".join(lines) or "no step said why"
    return News(
        key=f"run:{run_id}", about=About.RUNS, severity=Severity.CRITICAL, at=at, subject="Run", text=f"failed: {said}"
    )


def _is_material(change: Change) -> bool:
    return change.cause is Cause.VENDOR and change.state is GateState.ACCEPTED


def _change(change: Change, names: Names) -> News:
    return News(
        key=f"change:{change.id}",
        about=About.CHANGES,
        severity=change.severity,
        at=change.observed_at,
        vendor=change.vendor,
        subject=names.get((change.vendor, change.product), change.product),
        text=change.verdict,
    )


def _held(one: HeldObservation, names: Names) -> News:
    # a page that goes back and forth is held anew at every turn: that is told once
    turns = one.alternation
    key = f"held:{one.observation_id}" if turns is None else f"held:{one.source_id}:{turns.since:%Y-%m-%dT%H:%M}"
    worst = max((change.severity for change in one.changes), key=RANK.__getitem__, default=Severity.NOTICE)
    return News(
        key=key,
        about=About.HELD,
        severity=max(worst, Severity.NOTICE, key=RANK.__getitem__),
        at=one.captured_at,
        vendor=one.vendor,
        subject=names.get((one.vendor, one.product), one.product),
        text=f"{one.reason}; see `pricing-pipeline held`, then approve or reject {one.observation_id}",
        url=one.url,
    )


def _pages(
    states: tuple[SourceState, ...], sources: Mapping[str, Source], names: Names, told_of: Container[str]
) -> Iterator[News]:
    """Pages that cannot be read, and those of which that was told and that are read again."""
    for state in states:
        source, since = sources.get(state.source_id), state.since or state.checked_at
        if source is None or state.outcome is None or since is None:
            continue
        page = News(
            key=f"source:{state.source_id}:",
            about=About.SOURCES,
            severity=Severity.NOTICE,
            at=since,
            vendor=source.vendor,
            subject=names.get((source.vendor, source.product), source.product),
            text=f"{source.kind} page: ",
            url=source.url,
        )
        if state.outcome not in _SERVED:
            if state.outcome not in _PASSING or state.failures >= 2:
                yield _broken(page, state, since)
        elif state.source_id in told_of:
            key = f"{page.key}{_READ_AGAIN}:{since.isoformat()}"
            yield replace(page, key=key, text=f"{page.text}read again", ends=page.key)


def _broken(page: News, state: SourceState, since: datetime) -> News:
    why = f" ({state.message})" if state.message else ""
    verified = "" if state.verified_at is None else f", last verified on {state.verified_at:%-d %B %Y},"
    return replace(
        page,
        key=f"{page.key}{state.outcome}:{since.isoformat()}",
        text=f"{page.text}{str(state.outcome).replace('_', ' ')}; what was known{verified} stays published{why}",
    )
