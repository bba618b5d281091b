"""What the Dagster UI shows of columns: those that the warehouse has, each with where it comes from."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.columns import TABLES, lineage, schema
from assets.definitions import defs
from warehouse.connection import open_warehouse


@pytest.fixture(scope="module")
def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def columns_of(spec: dg.AssetSpec) -> list[tuple[str, str | None]]:
    schema = spec.metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    return [(column.name, column.type) for column in schema.columns]


def lineage_of(asset: str) -> dict[str, list[dg.TableColumnDep]]:
    found = lineage(asset)["dagster/column_lineage"]
    return {name: list(deps) for name, deps in found.deps_by_column.items()}


def test_each_table_shows_the_columns_that_the_warehouse_has(specs: dict[str, dg.AssetSpec], tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:
        for name, table in TABLES.items():
            there = con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()

            assert there == columns_of(specs[name])


def test_every_column_says_what_it_holds(specs: dict[str, dg.AssetSpec]) -> None:
    """A new column is described where the others are."""
    for name in TABLES:
        shown = specs[name].metadata["dagster/column_schema"]
        assert isinstance(shown, dg.TableSchema)

        assert [] == [column.name for column in shown.columns if not (column.description or "").endswith(".")], name


def test_every_column_comes_from_columns_that_there_are(specs: dict[str, dg.AssetSpec]) -> None:
    """A dependency on a misspelt column would be a line to nowhere."""
    for name in TABLES:
        for column, sources in lineage_of(name).items():
            for source in sources:
                upstream = specs[source.asset_key.to_user_string()]
                assert source.column_name in dict(columns_of(upstream)), (name, column)


def test_a_cost_leads_back_to_the_bytes_of_a_page() -> None:
    """From the sum to the amount in history, to the amount that was read, to the page by its hash."""
    ahead, seen = {("marts/costs", "low")}, set()
    while ahead:
        seen |= ahead
        found = (dep for asset, column in ahead for dep in lineage_of(asset).get(column, ()))
        ahead = {(dep.asset_key.to_user_string(), dep.column_name) for dep in found} - seen

    assert {("core/history", "amount"), ("raw/observations", "amount"), ("raw/captures", "sha256")} <= seen


def test_what_rests_in_no_table_has_no_columns() -> None:
    with pytest.raises(KeyError):
        schema("published/edition")
