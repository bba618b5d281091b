"""The editions that are kept: which stood when, which may go, and going back to an earlier one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pricing_pipeline.errors import PublishError
from pricing_pipeline.publish import folder, phrases

LEDGER = ".published.jsonl"
PREVIOUS = "previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is kept of the editions that no longer stand: the newest `keep`, and all that stood within `keep_for`."""

    keep: int = 10
    keep_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """That an edition was the one that readers saw, from `since` until `until` (None: it still is).

    `how` is published or restored.
    """

    edition: str
    since: datetime
    until: datetime | None
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An edition on disk. `stood` are the times at which readers saw it, the first first."""

    id: str
    path: Path
    as_of: str
    is_current: bool
    pages: int
    problems: int
    stood: tuple[Stood, ...]


def note(editions: Path, edition: str, at: datetime | None, how: str = "published") -> None:
    """Write down that an edition stands since then, unless that is the last thing written, or no time is given."""
    if at is None:
        return
    known = list(_entries(editions))
    if known and known[-1]["edition"] == edition:
        return
    # A clock that went back does not turn the order of what happened round.
    since = max([at, *(datetime.fromisoformat(one["at"]) for one in known[-1:])])
    entry = {"at": phrases.stamp(since), "edition": edition, "how": how}
    with (editions / LEDGER).open("ab") as ledger:
        # A line that a lost machine cut off stays a line of its own, and is passed over when read.
        torn = ledger.tell() > 0 and not (editions / LEDGER).read_bytes().endswith(b"\n")
        ledger.write(b"\n" * torn + json.dumps(entry).encode("ascii") + b"\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def stood(editions: Path) -> list[Stood]:
    """Which edition stood when, in the order of time. What was published before times were written down counts from the
    newest fact in it."""
    entries = list(_entries(editions))
    noted = {entry["edition"] for entry in entries}
    older = [(_as_of(editions, name), name, "published") for name in folder.kept(editions) if name not in noted]
    told = sorted(
        [*older, *((datetime.fromisoformat(entry["at"]), entry["edition"], entry["how"]) for entry in entries)],
        key=lambda row: row[0],
    )
    ends: list[datetime | None] = [*(since for since, _, _ in told[1:]), None]
    return [
        Stood(edition=name, since=since, until=until, how=how)
        for (since, name, how), until in zip(told, ends, strict=True)
    ]


def on_day(editions: Path, day: date) -> list[Stood]:
    """What readers saw on a day (UTC), in the order of time."""
    begin = datetime.combine(day, time.min, UTC)
    end = begin + timedelta(days=1)
    return [one for one in stood(editions) if one.since < end and (one.until is None or one.until > begin)]


def listed(editions: Path) -> list[Kept]:
    """The editions on disk, the one that stood last at the end."""
    times = stood(editions)
    found = [_kept(editions, name, times) for name in folder.kept(editions)]
    return sorted((one for one in found if one is not None), key=lambda one: (one.stood[-1].since, one.id))


def find(editions: Path, name: str) -> Kept:
    """The edition of this id, of an id that begins or ends so, `current` or `previous`. Raises PublishError."""
    known = listed(editions)
    if name == folder.CURRENT:
        chosen = [one for one in known if one.is_current]
    elif name == PREVIOUS:
        chosen = _before(editions, known)
    else:
        chosen = [one for one in known if one.id == name]
        chosen = chosen or [one for one in known if name and (one.id.startswith(name) or one.id.endswith(name))]
    if len(chosen) == 1:
        return chosen[0]
    there = ", ".join(one.id for one in chosen or known) or "none"
    fault = "could be several" if chosen else "is not kept"
    raise PublishError(f"edition {name[:100]!r} {fault}: there {'are' if chosen else 'is'} {there}")


def restore(editions: Path, name: str, *, at: datetime) -> Kept:
    """Make an earlier edition the one that stands, at one stroke. The next publish goes on from the facts again.

    Raises PublishError for an edition that is not kept, or of which a file is missing or changed.
    """
    with folder.alone(editions):
        chosen = find(editions, name)
        manifest = folder.manifest_of(chosen.path)
        damaged = folder.damage(chosen.path, manifest) if manifest is not None else [folder.MANIFEST]
        if damaged:
            raise PublishError(
                f"{chosen.path}: {', '.join(damaged[:3])} {'is' if len(damaged) == 1 else 'are'} missing or changed: "
                "choose another edition, or bring the file back from a backup"
            )
        folder.point(editions, chosen.id)
        note(editions, chosen.id, at, "restored")
        return find(editions, chosen.id)


def forget(editions: Path, policy: Policy) -> None:
    """Remove the editions that the policy does not keep; never the one that stands."""
    older = [one for one in listed(editions) if not one.is_current]
    newest = {one.id for one in older[max(0, len(older) - policy.keep) :]}
    # The clock is that of the last publish: the same editions give the same choice.
    latest = max((one.since for one in stood(editions)), default=None)
    going = []
    for one in older:
        ended = one.stood[-1].until
        recent = (
            policy.keep_for is not None
            and latest is not None
            and ended is not None
            and latest - ended <= policy.keep_for
        )
        if one.id not in newest and not recent:
            going.append(one.id)
    folder.forget(editions, going)


def _before(editions: Path, known: Sequence[Kept]) -> list[Kept]:
    """The edition that stood before the current one and is still kept."""
    current, ids = folder.current(editions), {one.id: one for one in known}
    earlier = [one.edition for one in stood(editions) if one.edition != current and one.edition in ids]
    return [ids[earlier[-1]]] if earlier else []


def _kept(editions: Path, name: str, times: Sequence[Stood]) -> Kept | None:
    manifest = folder.manifest_of(editions / name)
    if manifest is None:
        return None
    own = tuple(one for one in times if one.edition == name)
    return Kept(
        id=name,
        path=editions / name,
        as_of=str(manifest.get("as_of", "")),
        is_current=name == folder.current(editions),
        pages=sum(path.endswith(".html") for path in manifest["files"]),
        problems=len(manifest["problems"]),
        stood=own or (Stood(edition=name, since=_as_of(editions, name), until=None, how="published"),),
    )


def _as_of(editions: Path, name: str) -> datetime:
    """The moment of an edition's newest fact; the beginning of time where its manifest does not say."""
    manifest = folder.manifest_of(editions / name) or {}
    try:
        return datetime.fromisoformat(str(manifest.get("as_of"))).astimezone(UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _entries(editions: Path) -> Iterator[dict[str, Any]]:
    """What was written down, without lines that were cut off."""
    try:
        lines = (editions / LEDGER).read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and {"at", "edition", "how"} <= set(entry):
            yield entry
