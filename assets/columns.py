"""The columns of each asset that rests in a table, and which columns of the assets before it each one comes from."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from warehouse.column_words import described
from warehouse.described import tables

# The table or view of the warehouse in which each asset rests.
TABLES: Mapping[str, str] = {
    "raw/captures": "capture",
    "raw/observations": "observed_term",
    "core/gated_observations": "observation",
    "core/history": "term",
    "core/changes": "change",
    "marts/costs": "cost",
}
# Where a column comes from its namesake: the first of these assets that has one.
_NAMESAKES: Mapping[str, tuple[str, ...]] = {
    "core/gated_observations": ("raw/captures",),
    "core/history": ("raw/observations", "core/gated_observations"),
    "core/changes": ("core/history",),
    "marts/costs": ("core/history",),
}
_Sources = Mapping[str, tuple[str, ...]]
_FACT = (
    "term", "metric", "state", "amount", "amount_max", "quantity", "per_quantity", "billing_period", "commitment",
    "tier_from", "tier_to", "tier_mode", "price_kind",
)  # fmt: skip
_JUDGED: _Sources = {"raw/observations": (*_FACT, "currency", "confidence", "quote", "surface")}
_COMPARED: _Sources = {"core/history": (*_FACT, "valid_from")}
_WEIGHED: _Sources = {**_COMPARED, "marts/costs": ("workload", "low", "high", "rank")}
_PRICED: _Sources = {"core/history": (*_FACT, "currency")}
# Where a column is made of others than its namesake. A page's facts are made of its bytes, which are kept by their hash.
_MADE_OF: Mapping[str, Mapping[str, _Sources]] = {
    "raw/observations": {
        column: {"raw/captures": ("sha256",)} for column in (*_FACT, "plan", "currency", "quote", "locator")
    },
    "core/gated_observations": {"state": _JUDGED, "reason": _JUDGED},
    "core/history": {
        "valid_from": {"raw/observations": ("effective_from",), "core/gated_observations": ("captured_at",)},
        "valid_to": {"core/gated_observations": ("captured_at",)},
        "recorded_at": {"core/gated_observations": ("decided_at",)},
        "superseded_at": {"core/gated_observations": ("decided_at",)},
    },
    "core/changes": {
        "kind": _COMPARED, "lever": _COMPARED, "before": _COMPARED, "after": _COMPARED,
        "before_term": _COMPARED, "after_term": _COMPARED, "severity": _WEIGHED, "verdict": _WEIGHED,
        "state": {"core/gated_observations": ("state",)}, "cause": {"core/gated_observations": ("extractor_version",)},
        "observed_at": {"core/gated_observations": ("captured_at",)}, "effective_at": {"core/history": ("valid_from",)},
    },
    "marts/costs": dict.fromkeys(("state", "low", "high", "steps", "reason", "rank"), _PRICED),
}  # fmt: skip


def schema(asset: str) -> dict[str, Any]:
    """The columns of an asset, as metadata of its definition. Raises KeyError where the asset rests in no table."""
    columns = [
        dg.TableColumn(
            name=column.name,
            type=column.type,
            description=described(TABLES[asset], column.name),
            constraints=dg.TableColumnConstraints(nullable=not column.required),
        )
        for column in tables()[TABLES[asset]]
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns)}


def lineage(asset: str) -> dict[str, Any]:
    """Which columns upstream each column of an asset comes from, as metadata of its materializations."""
    deps = {column.name: list(_sources(asset, column.name)) for column in tables()[TABLES[asset]]}
    deps = {name: sources for name, sources in deps.items() if sources}
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)}


def _sources(asset: str, column: str) -> Iterator[dg.TableColumnDep]:
    made_of = _MADE_OF.get(asset, {}).get(column) or _namesake(asset, column)
    for upstream, names in made_of.items():
        yield from (dg.TableColumnDep(dg.AssetKey(upstream.split("/")), name) for name in names)


def _namesake(asset: str, column: str) -> _Sources:
    for upstream in _NAMESAKES.get(asset, ()):
        if any(column == other.name for other in tables()[TABLES[upstream]]):
            return {upstream: (column,)}
    return {}
