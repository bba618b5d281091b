"""The refresh job on a real Dagster instance: one job for the command line, the schedule and the UI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.metadata import MOST_CHARACTERS, table
from assets.runner import Ran
from assets.stages import standing
from checks.door import Door
from pricing_pipeline.errors import RegistryError
from tests.assets.street import DAY, Street, pricing, street
from tests.program import call
from tests.servers import answer
from warehouse import frames
from warehouse.connection import open_warehouse
from warehouse.frames import Frame

VENDORS = ("alder", "beech")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Street, Ran]]:
    """Two vendors, refreshed once through the job; one of them answers with an error."""
    with pytest.MonkeyPatch.context() as patch, street(Path(tmp_path_factory.mktemp("job")), VENDORS) as town:
        for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED", "PATH"):
            patch.setenv(name, "/usr/bin:/bin" if name == "PATH" else "")
        town.server.answers["/beech/pricing"] = answer(b"", status="500 Internal Server Error")
        yield town, town.refresh()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Street]:
    """Two vendors, nothing fetched yet."""
    with street(tmp_path, VENDORS) as town:
        yield town


def instance(town: Street) -> dg.DagsterInstance:
    """The instance that `make dev` would show."""
    return dg.DagsterInstance.from_config(str(town.home.dagster))


def checks(town: Street, run_id: str) -> dict[str, dg.AssetCheckEvaluation]:
    """Every check that a run evaluated, by asset and name."""
    with instance(town) as opened:
        records = opened.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    found = [record.event_log_entry.dagster_event.asset_check_evaluation_data for record in records]
    return {f"{one.asset_key.to_user_string()}:{one.check_name}": one for one in found}


def test_a_refresh_is_a_run_that_the_ui_lists(first: tuple[Street, Ran]) -> None:
    """On the same instance, so that whoever refreshes by hand shows up in the history of every asset."""
    town, ran = first
    with instance(town) as opened:
        runs = opened.get_runs()
        latest = opened.get_latest_materialization_event(dg.AssetKey(["published", "edition"]))

    assert list(ran.run_ids) == [run.run_id for run in runs]
    assert [("refresh", dg.DagsterRunStatus.SUCCESS)] == [(run.job_name, run.status) for run in runs]
    assert latest is not None
    assert ran.run_ids[-1] == latest.run_id


def test_one_broken_vendor_does_not_fail_the_run(first: tuple[Street, Ran]) -> None:
    """But it is told to whoever started it."""
    town, ran = first

    assert () == ran.failures
    assert 1 == len(ran.problems)
    assert ran.problems[0].startswith("beech/beech-cloud/pricing: server_error")
    assert {"alder": "10"} == town.fees()


def test_a_run_tells_what_came_of_each_source(first: tuple[Street, Ran]) -> None:
    """In its metadata, which is what one sees in the UI."""
    town, _ = first
    with instance(town) as opened:
        event = opened.get_latest_materialization_event(dg.AssetKey(["raw", "captures"]))
    assert event is not None
    assert event.asset_materialization is not None
    shown = event.asset_materialization.metadata

    assert 2 == shown["dagster/row_count"].value
    assert "| beech/beech-cloud/pricing | server_error |" in str(shown["captures"].value)
    assert "| alder/alder-cloud/pricing | fetched |" in str(shown["captures"].value)


def test_a_run_shows_which_columns_its_own_are_made_of(first: tuple[Street, Ran]) -> None:
    """The UI draws the lineage of a column from what the latest run said of it."""
    town, _ = first
    with instance(town) as opened:
        event = opened.get_latest_materialization_event(dg.AssetKey(["marts", "costs"]))
    assert event is not None
    assert event.asset_materialization is not None
    lineage = event.asset_materialization.metadata["dagster/column_lineage"].value

    assert isinstance(lineage, dg.TableColumnLineage)
    assert dg.TableColumnDep(dg.AssetKey(["core", "history"]), "amount") in lineage.deps_by_column["low"]


def test_a_run_evaluates_every_check(first: tuple[Street, Ran]) -> None:
    from assets.definitions import defs

    town, ran = first
    evaluated = checks(town, ran.run_ids[0])

    assert len(defs.resolve_asset_graph().asset_check_keys) == len(evaluated)
    assert evaluated["core/history:intervals_do_not_overlap"].passed


def test_a_check_without_rows_is_not_green(first: tuple[Street, Ran]) -> None:
    """Nothing changed on the first day, so nothing was checked about changes, which is not the same as being fine."""
    town, ran = first
    judged = [one for name, one in checks(town, ran.run_ids[0]).items() if name.startswith("core/changes:")]

    assert judged
    assert {"empty"} == {one.metadata["status"].value for one in judged}
    assert not any(one.passed for one in judged)


def test_metadata_is_capped(first: tuple[Street, Ran]) -> None:
    """A thousand changes must not make an event log that nobody can open."""
    rows = [{"name": f"vendor {number}", "text": "x" * 1000} for number in range(1000)]

    assert len(str(table(rows).value)) <= MOST_CHARACTERS
    assert "… and 950 more" in str(table([{"name": number} for number in range(1000)]).value)
    assert "_nothing_" == table([]).value


def test_scraped_text_cannot_write_markup_into_the_ui() -> None:
    shown = str(table([{"text": "<img src=x onerror=alert(1)> | [x](javascript:alert(1)) `a`\nb"}]).value)

    assert "<img" not in shown
    assert 3 == len(shown.splitlines())
    assert "\\|" in shown
    assert "\\[x]" in shown


def test_a_run_takes_the_vendors_to_refresh(pair: Street) -> None:
    ran = pair.refresh(vendors=["beech"])

    assert () == ran.failures
    assert ["/beech/pricing"] == pair.server.paths()
    assert {"beech": "10"} == pair.fees()


def test_a_vendor_that_nobody_registered_makes_no_run(pair: Street) -> None:
    """A slip of the pen is told at once, with the names that there are."""
    with pytest.raises(RegistryError, match="birch"):
        pair.refresh(vendors=["birch"])

    with instance(pair) as opened:
        assert [] == opened.get_runs()


def test_a_check_that_broke_is_red_and_says_that_it_broke(pair: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the vendor's fault, so it must not look like a failed check; and nothing is known, so it is not green."""
    original = frames.captures

    def without_a_column(*given, **named):  # type: ignore[no-untyped-def]
        whole = original(*given, **named)
        at = whole.columns.index("overdue")
        return Frame(
            columns=tuple(name for name in whole.columns if name != "overdue"),
            rows=[tuple(value for place, value in enumerate(row) if place != at) for row in whole.rows],
        )

    monkeypatch.setattr(frames, "captures", without_a_column)
    ran = pair.refresh()
    broken = checks(pair, ran.run_ids[0])["raw/captures:verified_within_cadence"]
    sound = checks(pair, ran.run_ids[0])["raw/captures:outcome_known"]

    assert ("broken", dg.AssetCheckSeverity.ERROR, False) == (
        broken.metadata["status"].value,
        broken.severity,
        broken.passed,
    )
    assert "overdue" in str(broken.description)
    assert sound.passed


def test_history_that_would_be_untrue_is_rolled_back(pair: Street, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """History, changes and current state move together or not at all, and what is published stays as it was."""
    pair.run_stages(door)
    before = pair.home.current_edition.resolve()
    pair.day += DAY
    pair.serve("alder", pricing(solo="12"))
    original = frames.history

    def overlapping(*given, **named):  # type: ignore[no-untyped-def]
        whole = original(*given, **named)
        at = whole.columns.index("overlaps")
        return Frame(columns=whole.columns, rows=[(*row[:at], 1, *row[at + 1 :]) for row in whole.rows])

    with monkeypatch.context() as patch:
        patch.setattr(frames, "history", overlapping)
        refused = pair.refresh()
    left = _terms(pair)

    assert 1 == len(refused.failures)
    assert "core" in refused.failures[0]
    assert () == refused.changes
    assert {("solo", "10"), ("team", "40")} == left
    assert before == pair.home.current_edition.resolve()

    mended = pair.run_stages(door)

    assert ["price_increased"] == [change.kind for change in mended if change.lever.value == "headline"]
    assert {("solo", "12"), ("team", "40")} == _terms(pair, "alder")
    assert "12" == pair.fees()["alder"]


def test_a_person_decides_about_what_was_held(pair: Street, door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    """And the edition follows at once; the first characters of the observation's name are enough."""
    pair.run_stages(door)
    pair.day += DAY
    for vendor in VENDORS:
        pair.serve(vendor, pricing(solo="120"))
    assert [] == pair.run_stages(door)
    assert {"alder": "10", "beech": "10"} == pair.fees()
    where = ("--home", str(pair.home.root))
    waiting = {row["source"].split("/")[0]: row for row in call(capsys, "held", "--format", "json", *where).json}
    for word, vendor in (("approve", "alder"), ("reject", "beech")):
        given = (waiting[vendor]["id"][:9], "--why", "looked at the page", "--by", "Ada")
        done = call(capsys, word, *given, "--vendors", str(pair.vendors), *where)

        assert 0 == done.code, done.err
        assert "recorded as decided by Ada" in done.err

    assert "x12" in waiting["alder"]["why"]
    assert any("Solo" in change["verdict"] for change in waiting["alder"]["changes"])
    assert {"alder": "120", "beech": "10"} == pair.fees()
    assert [] == call(capsys, "held", "--format", "json", *where).json
    with open_warehouse(pair.home.warehouse, read_only=True) as con:
        rows = con.execute("SELECT action, made_by, why FROM decision ORDER BY action").fetchall()
    assert [("approve", "Ada", "looked at the page"), ("reject", "Ada", "looked at the page")] == rows

    pair.day += DAY
    assert [] == pair.run_stages(door)
    assert 0 == standing.look(pair.workshop()).held, "the same reading is not held again"
    assert {"alder": "120", "beech": "10"} == pair.fees()


def _terms(town: Street, vendor: str = "alder") -> set[tuple[str, str]]:
    """What history believes now to be the monthly fees of a vendor."""
    with open_warehouse(town.home.warehouse, read_only=True) as con:
        rows = con.execute(
            "SELECT plan, amount FROM term WHERE vendor = ? AND term = 'recurring_fee' "
            "AND valid_to IS NULL AND superseded_at IS NULL",
            [vendor],
        ).fetchall()
    return {(plan, f"{amount.normalize():f}") for plan, amount in rows}
