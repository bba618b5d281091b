"""The code location as Dagster loads it: what the lineage graph shows, and that nothing in it guards thin air."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster import AssetKey

from assets.definitions import defs
from checks.suites import SUITES
from pricing_pipeline.extract.reader import EXTRACTOR_VERSION

KEYS = (
    "registry/vendors",
    "raw/captures",
    "raw/observations",
    "core/gated_observations",
    "core/history",
    "core/changes",
    "marts/costs",
    "marts/comparison_tables",
    "published/edition",
)
SUITE_OF = {
    "captures": "raw/captures",
    "observations": "core/gated_observations",
    "step": "core/gated_observations",
    "history": "core/history",
    "changes": "core/changes",
    "comparison_tables": "marts/comparison_tables",
    "edition": "published/edition",
}


def key(name: str) -> AssetKey:
    return AssetKey(name.split("/"))


@pytest.fixture(scope="module")
def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    """What each asset is made of."""
    nodes = defs.resolve_asset_graph()
    return {
        one.to_user_string(): {parent.to_user_string() for parent in nodes.get(one).parent_keys}
        for one in nodes.get_all_asset_keys()
    }


def test_the_definitions_hold_together() -> None:
    """Every job and schedule resolves, every check belongs to an asset, every resource is there."""
    dg.Definitions.validate_loadable(defs)


def test_the_assets_are_those_of_the_flow(specs: dict[str, dg.AssetSpec]) -> None:
    assert set(KEYS) == set(specs)


@pytest.mark.parametrize("name", KEYS)
def test_an_asset_says_whose_it_is_and_what_it_is(specs: dict[str, dg.AssetSpec], name: str) -> None:
    """Its group is its layer, so that the graph reads from the registry to the edition."""
    spec = specs[name]

    assert name.split("/")[0] == spec.group_name
    assert spec.owners
    assert spec.kinds
    assert len(spec.description or "") > 20


def test_the_flow_is_one_walk_from_the_vendor_files_to_the_edition(graph: dict[str, set[str]]) -> None:
    """A dependency on a misspelt key loads without complaint and would show here as a stranger, or as a gap."""
    assert set(KEYS) == set(graph)
    seen, ahead = set(), {"published/edition"}
    while ahead:
        seen |= ahead
        ahead = set().union(*(graph[name] for name in ahead)) - seen

    assert set(KEYS) == seen
    assert [] == sorted(graph["registry/vendors"])
    assert {"core/gated_observations"} == graph["core/history"]


def test_the_extractors_version_is_the_code_version_of_what_it_reads(specs: dict[str, dg.AssetSpec]) -> None:
    """So that the graph shows what was read by an older extractor."""
    assert EXTRACTOR_VERSION == specs["raw/observations"].code_version


@pytest.mark.parametrize("suite", SUITES)
def test_every_expectation_is_a_check_of_the_asset_it_judges(suite: str) -> None:
    """Declared once, shown in the graph; a check whose asset is misspelt would guard nothing."""
    declared = {(check.name, check.blocking) for check in SUITES[suite].checks}
    graph = defs.resolve_asset_graph()
    shown = {(one.name, graph.get(one).blocking) for one in graph.get_check_keys_for_assets({key(SUITE_OF[suite])})}

    assert declared <= shown


def test_no_check_belongs_to_an_asset_that_is_not_there(specs: dict[str, dg.AssetSpec]) -> None:
    checks = defs.resolve_asset_graph().asset_check_keys

    # every expectation is one, and one more tells what waits for a decision
    assert sum(len(suite.checks) for suite in SUITES.values()) + 1 == len(checks)
    assert {check.asset_key.to_user_string() for check in checks} <= set(specs)


def test_only_untrue_history_and_a_broken_edition_stop_what_is_downstream() -> None:
    """One broken vendor never stops the others, so no check on single observations blocks."""
    graph = defs.resolve_asset_graph()
    blocking = {one.asset_key.to_user_string() for one in graph.asset_check_keys if graph.get(one).blocking}

    assert {"core/history", "published/edition"} == blocking


def test_there_is_one_job_that_makes_everything() -> None:
    """The same that the command line, the schedule and the button in the UI start."""
    job = defs.resolve_job_def("refresh")
    made = {one.to_user_string() for one in job.asset_layer.selected_asset_keys}

    assert set(KEYS) - {"registry/vendors"} == made
    assert dg.in_process_executor == job.executor_def


def test_the_daily_schedule_is_shipped_stopped() -> None:
    """Nobody's machine starts to fetch because they looked at the UI."""
    schedule = defs.resolve_schedule_def("daily_refresh")

    assert dg.DefaultScheduleStatus.STOPPED == schedule.default_status
    assert "refresh" == schedule.job.name
    assert "UTC" == schedule.execution_timezone


def test_one_asset_writes_to_the_warehouse_at_a_time() -> None:
    """Every asset that opens it is in the one pool, which dagster.yaml limits to one."""
    pools = {
        pool for asset in defs.resolve_asset_graph().assets_defs if asset.is_executable for pool in {asset.op.pool}
    }

    assert {"warehouse_writer"} == pools
