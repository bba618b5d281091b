"""From a figure of a published edition to the capture that it was read from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pricing_pipeline.errors import PublishError

_FEW = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published figure: its name, how it reads, its quote, and where that was captured (`sha256` empty: on no page)."""

    id: str
    name: str
    text: str
    quote: str
    locator: str
    surface: str
    source_id: str
    url: str
    capture_id: str
    sha256: str
    captured_at: str


def find_figure(edition: Path, asked: str) -> Figure | None:
    """The figure of an edition that is asked for: by its id, or by a name such as `dagster-plus.solo.usage_rate.credit`.

    None where the text is no name of a figure. Raises PublishError where it could be several, with their names.
    """
    figures = [(_names(row), row) for row in _rows(edition)]
    exact = [row for _, row in figures if row.get("id") == asked]
    parts = asked.lower().replace("/", ".").split(".")
    found = exact or [row for names, row in figures if _fits(parts, names)]
    own = [row for row in found if _names(row) == parts] or _headline(found)
    if not own:
        return None
    if len(own) > 1:
        several = "; ".join(f"{_name(row)} ({row['text']}) is {row['id']}" for row in own[:_FEW])
        more = f"; and {len(own) - _FEW} more" if len(own) > _FEW else ""
        raise PublishError(
            f"{asked}: could be several figures: {several}{more}: name one by its id, or say more of its name"
        )
    return _figure(own[0])


def _rows(edition: Path) -> Iterator[Mapping[str, Any]]:
    """The rows that say where they were read."""
    for name in ("terms", "ratings", "plans"):
        path = edition / "v1" / f"{name}.json"
        if path.is_file():
            for row in json.loads(path.read_bytes()).get(name, ()):
                yield {**row, "document": name}


def _names(row: Mapping[str, Any]) -> list[str]:
    product = [str(row.get("product"))]
    if row["document"] == "ratings":
        return [*product, "rating", str(row.get("publisher") or "own")]
    keys = ("plan", "term", "metric", "billing_period", "commitment") if row["document"] == "terms" else ("plan",)
    return [*product, *(str(row[key]) for key in keys if row.get(key))]


def _name(row: Mapping[str, Any]) -> str:
    return ".".join(_names(row))


def _fits(parts: list[str], names: list[str]) -> bool:
    """Whether the parts are, in this order, some of the names, the first and the second ones among them."""
    if parts[:1] != names[:1] or parts[1:2] != names[1:2][: len(parts) - 1]:
        return False
    rest = iter(names)
    return all(part in rest for part in parts)


def _headline(found: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of several what the page shows at first, and of several prices the one by the month: as placeholders choose."""
    seen = [row for row in found if (row.get("evidence") or {}).get("surface") != "inactive_pane"] or found
    if any(row.get("term") != "recurring_fee" for row in seen):
        return seen
    monthly = [row for row in seen if row.get("billing_period") == "month"] or seen
    return [row for row in monthly if row.get("commitment") in (None, "month")] or monthly


def _figure(row: Mapping[str, Any]) -> Figure:
    evidence = row.get("evidence") or {}
    return Figure(
        id=str(row["id"]),
        name=_name(row),
        text=str(row.get("text")),
        quote=str(evidence.get("quote", "")),
        locator=str(evidence.get("locator") or ""),
        surface=str(evidence.get("surface", "")),
        source_id=str(row.get("source", "")),
        url=str(row.get("url", "")),
        capture_id=str(row.get("capture", "")),
        sha256="" if row.get("imported") else str(row.get("sha256") or ""),
        captured_at=str(row.get("captured_at", "")),
    )
