"""What is worth a message: material changes of vendors, held observations, broken sources, failed runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pricing_pipeline.catalog import Catalog, HeldObservation, SourceState
from pricing_pipeline.facts import Cause, GateState, Outcome, Severity, Source
from pricing_pipeline.results import Change

_SERVED = (Outcome.FETCHED, Outcome.NOT_MODIFIED)
# A server's bad moment is no news; its second one in a row is.
_PASSING = {Outcome.SERVER_ERROR, Outcome.NETWORK_ERROR, Outcome.RATE_LIMITED, Outcome.INCOMPLETE}
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

    `text` may hold words of a scraped page: whoever writes it into a message makes it harmless first.
    """

    key: str
    about: About
    severity: Severity
    at: datetime
    text: str
    vendor: str | None = None
    subject: str = ""
    url: str = ""


def find(catalog: Catalog, *, names: Mapping[tuple[str, str], str]) -> tuple[News, ...]:
    """What the warehouse holds that is worth a message, oldest first; `names` are those of the products.

    Only moves of vendors are: our own corrections, a better reader, archived pages and another currency are not.
    """
    sources = {source.id: source for source in catalog.sources}
    found = [
        *(_change(change, names) for change in catalog.changes if _is_material(change)),
        *(_held(one, names) for one in catalog.held),
        *_broken(catalog.states, sources, names),
    ]
    return tuple(sorted(found, key=lambda news: (news.at, news.key)))


def failed_run(run_id: str, lines: tuple[str, ...], *, at: datetime) -> News:
    """A run of the pipeline that failed, with what its steps said."""
    said = "; ".join(lines) or "no step said why"
    return News(
        key=f"run:{run_id}", about=About.RUNS, severity=Severity.CRITICAL, at=at, subject="Run", text=f"failed: {said}"
    )


def _is_material(change: Change) -> bool:
    return change.cause is Cause.VENDOR and change.state is GateState.ACCEPTED


def _change(change: Change, names: Mapping[tuple[str, str], str]) -> News:
    return News(
        key=f"change:{change.id}",
        about=About.CHANGES,
        severity=change.severity,
        at=change.observed_at,
        vendor=change.vendor,
        subject=names.get((change.vendor, change.product), change.product),
        text=change.verdict,
    )


def _held(one: HeldObservation, names: Mapping[tuple[str, str], str]) -> News:
    worst = max((change.severity for change in one.changes), key=RANK.__getitem__, default=Severity.NOTICE)
    return News(
        key=f"held:{one.observation_id}",
        about=About.HELD,
        severity=max(worst, Severity.NOTICE, key=RANK.__getitem__),
        at=one.captured_at,
        vendor=one.vendor,
        subject=names.get((one.vendor, one.product), one.product),
        text=f"{one.reason}; see `pricing-pipeline held`, then approve or reject {one.observation_id}",
        url=one.url,
    )


def _broken(
    states: tuple[SourceState, ...], sources: Mapping[str, Source], names: Mapping[tuple[str, str], str]
) -> Iterator[News]:
    for state in states:
        source = sources.get(state.source_id)
        if source is None or state.outcome is None or state.outcome in _SERVED:
            continue
        if state.outcome in _PASSING and state.failures < 2:
            continue
        since = state.since or state.checked_at
        if since is None:
            continue
        why = f" ({state.message})" if state.message else ""
        yield News(
            key=f"source:{state.source_id}:{state.outcome}:{since.isoformat()}",
            about=About.SOURCES,
            severity=Severity.NOTICE,
            at=since,
            vendor=source.vendor,
            subject=names.get((source.vendor, source.product), source.product),
            text=f"{source.kind} page: {str(state.outcome).replace('_', ' ')}{why}; what was known stays published",
            url=source.url,
        )
