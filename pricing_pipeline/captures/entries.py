"""What the log beside the captures is made of, as values and as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from pricing_pipeline.facts import Capture, Origin, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureEntry:
    """One attempt to fetch a source was made."""

    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEntry:
    """A person decided: `action` is approve, reject, correct or another; `details` are its free fields, plain JSON."""

    action: str
    by: str
    at: datetime
    why: str = ""
    observation_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_aware(self.at)
        if taken := _DECISION_FIELDS & set(self.details):
            raise ValueError(f"details may not be called {sorted(taken)}: the entry has such fields itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingEntry:
    """An extractor version began to be used."""

    extractor_version: str
    at: datetime

    def __post_init__(self) -> None:
        _require_aware(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunedEntry:
    """Bytes of a source were given up; `stand_ins` names, by their SHA-256, others of the source that read the same."""

    source_id: str
    at: datetime
    stand_ins: Mapping[str, str]

    def __post_init__(self) -> None:
        _require_aware(self.at)


Entry = CaptureEntry | DecisionEntry | ReadingEntry | PrunedEntry

_DECISION_FIELDS = frozenset({"type", "action", "by", "at", "why", "observation_id"})
_CAPTURE_TIMES = ("captured_at", "recorded_at", "not_before")
_CAPTURE_FIELDS = tuple(declared.name for declared in fields(Capture))


def to_line(entry: Entry) -> bytes:
    """The entry as one line of JSON, its end included. Times are UTC with a Z; our own fields of None are left out."""
    text = json.dumps(_stated(entry), ensure_ascii=False, allow_nan=False)
    # A lone surrogate becomes its own JSON escape.
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


def from_line(line: bytes) -> Entry:
    """The entry that a line holds. Raises ValueError where it holds none that this version knows."""
    stated = json.loads(line)
    if not isinstance(stated, dict):
        raise ValueError("not a JSON object")
    kind = stated.pop("type", None)
    if kind not in _READERS:
        raise ValueError(f"an entry of the unknown type {kind!r}, perhaps of a newer version of this program")
    try:
        return _READERS[kind](stated)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"a {kind} entry with missing or unknown fields ({error})") from error


def _stated(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, CaptureEntry):
        return {"type": "capture", **_fields(entry.capture, _CAPTURE_FIELDS)}
    if isinstance(entry, ReadingEntry):
        return {"type": "reading", "extractor_version": entry.extractor_version, "at": _plain(entry.at)}
    if isinstance(entry, PrunedEntry):
        named = {"source_id": entry.source_id, "at": _plain(entry.at)}
        return {"type": "pruned", **named, "stand_ins": dict(entry.stand_ins)}
    own = _fields(entry, ("action", "observation_id", "by", "why", "at"))
    return {"type": "decision", **own, **entry.details}


def _fields(value: Capture | DecisionEntry, names: Iterable[str]) -> dict[str, Any]:
    stated = {name: _plain(getattr(value, name)) for name in names}
    return {name: given for name, given in stated.items() if given is not None}


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _capture(stated: dict[str, Any]) -> CaptureEntry:
    for name in _CAPTURE_TIMES:
        if name in stated:
            stated[name] = datetime.fromisoformat(stated[name])
    stated["outcome"] = Outcome(stated["outcome"])
    stated["origin"] = Origin(stated["origin"])
    return CaptureEntry(capture=Capture(**stated))


def _decision(stated: dict[str, Any]) -> DecisionEntry:
    own = {name: stated.pop(name) for name in _DECISION_FIELDS & set(stated)}
    own["at"] = datetime.fromisoformat(own["at"])
    return DecisionEntry(**own, details=stated)


def _reading(stated: dict[str, Any]) -> ReadingEntry:
    return ReadingEntry(extractor_version=stated["extractor_version"], at=datetime.fromisoformat(stated["at"]))


def _pruned(stated: dict[str, Any]) -> PrunedEntry:
    return PrunedEntry(
        source_id=stated["source_id"],
        at=datetime.fromisoformat(stated["at"]),
        stand_ins={str(given_up): str(kept) for given_up, kept in stated["stand_ins"].items()},
    )


def _require_aware(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError("times are UTC and aware")


_READERS: Mapping[str, Callable[[dict[str, Any]], Entry]] = {
    "capture": _capture,
    "decision": _decision,
    "reading": _reading,
    "pruned": _pruned,
}
