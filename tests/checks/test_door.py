"""Frames judged by the real Great Expectations, all in one module because importing it takes seconds."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import checks.context
from checks.declarations import Check, CheckSeverity, ColumnKind, Suite
from checks.door import Door
from checks.findings import findings
from checks.results import SuiteResult
from checks.suites import SUITES
from tests.checks.rows import BROKEN, SOUND, Rows, failed, frame, named

# What a browser would fetch or run.
_LOADED = r"<(?:script|link|img|iframe|object|embed)\b|url\(|@import|\bon\w+=|\bstyle="
AT = datetime(2026, 5, 1, 6, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table><svg onload=alert(1)>",
    "javascript:alert(1)",
    "$value ${value} {{ 7 * 7 }} {% raw %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)

IDS = [".".join(key) for key in BROKEN]


def run_suite(suite: str, rows: Rows, *, docs: Path, at: datetime) -> SuiteResult:
    """One suite judged as by a run of its own, which builds its Data Docs."""
    door = Door(docs)
    result = door.run(suite, rows, at=at)
    door.publish_docs()
    return result


@pytest.fixture(scope="module")
def door() -> Door:
    """One door without a folder, since opening one costs seconds."""
    return Door()


@pytest.mark.parametrize("suite", SUITES)
def test_a_sound_frame_passes_every_check(door: Door, suite: str) -> None:
    result = door.run(suite, frame(suite, named(suite, "a"), named(suite, "b")), at=AT)

    assert {"passed"} == {outcome.status.value for outcome in result.results}


@pytest.mark.parametrize(("suite", "check"), BROKEN, ids=IDS)
def test_a_check_fails_on_the_row_that_breaks_it_and_on_no_other(door: Door, suite: str, check: str) -> None:
    """And the other checks of the suite do not fail with it: each tells of its own fault."""
    broken = {**named(suite, "b"), **BROKEN[suite, check]}

    result = door.run(suite, frame(suite, named(suite, "a"), broken, named(suite, "c")), at=AT)

    assert [check] == failed(result.results)
    (outcome,) = (outcome for outcome in result.results if outcome.check.name == check)
    assert 1 == len(outcome.unexpected)
    assert outcome.unexpected[0].split("/")[-1] == "b"
    assert broken == {name: outcome.rows[0][name] for name in broken}
    assert re.match(r"1 of [123]: .", outcome.message)


@pytest.mark.parametrize("suite", SUITES)
def test_a_frame_without_rows_is_nothing_checked(door: Door, suite: str) -> None:
    """Great Expectations alone would call it a full success."""
    result = door.run(suite, frame(suite), at=AT)

    assert "empty" == result.status
    assert {"empty"} == {outcome.status.value for outcome in result.results}
    assert "nothing checked" in result.results[0].message


def test_a_check_for_readable_pages_has_checked_nothing_when_every_page_was_a_wall(door: Door) -> None:
    result = door.run("observations", frame("observations", {"outcome": "blocked", "fact_count": 0}), at=AT)

    assert {"page_is_the_page": "failed", "at_least_one_fact": "empty"} == {
        outcome.check.name: outcome.status.value for outcome in result.results if outcome.status != "passed"
    }


@pytest.mark.parametrize("suite", SUITES)
def test_a_missing_column_breaks_the_checks_that_read_it_and_is_named(door: Door, suite: str) -> None:
    """A check that could not look is neither green nor a fault of the data."""
    missing = SUITES[suite].checks[-1].columns[0]
    readers = {check.name for check in SUITES[suite].checks if missing in check.columns}

    result = door.run(suite, frame(suite, {}, without=missing), at=AT)

    broken = [outcome for outcome in result.results if outcome.status == "broken"]
    assert readers == {outcome.check.name for outcome in broken}
    assert all(f"column {missing} is missing" in outcome.message for outcome in broken)


def test_without_the_column_that_names_its_rows_a_suite_is_broken_as_a_whole(door: Door) -> None:
    result = door.run("observations", frame("observations", {}, without="observation_id"), at=AT)

    assert {"broken"} == {outcome.status.value for outcome in result.results}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"conflicts": None}, "column conflicts is empty in 1 of 2 rows"),
        ({"conflicts": "0"}, "column conflicts holds a str where a count belongs"),
        ({"conflicts": True}, "column conflicts holds a bool where a count belongs"),
    ],
    ids=["empty", "text", "flag"],
)
def test_a_count_that_is_no_number_breaks_its_check(door: Door, cells: Mapping[str, object], told: str) -> None:
    """Great Expectations passes over empty cells, so a query gone wrong would look green."""
    result = door.run("observations", frame("observations", {}, cells), at=AT)

    (outcome,) = (outcome for outcome in result.results if outcome.status == "broken")
    assert "no_conflicts" == outcome.check.name
    assert told in outcome.message


def test_an_expectation_that_raises_is_broken_and_not_failed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    raising = Check(
        name="never_judged",
        suite="trial",
        expectation="expect_column_values_to_match_regex",
        kwargs={"column": "id", "regex": "("},
        severity=CheckSeverity.CRITICAL,
        description="A pattern that cannot be read.",
        says="{id}",
        blocking=True,
    )
    suite = Suite(name="trial", asks_of="a trial", identity=("id",), columns={"id": ColumnKind.WORD}, checks=(raising,))
    monkeypatch.setattr("checks.door.SUITES", {"trial": suite})

    result = door.run("trial", Rows(("id",), [("a",)]), at=AT)

    assert "broken" == result.status
    assert "the check itself raised" in result.results[0].message
    assert [raising] == [outcome.check for outcome in result.blocked]


@pytest.mark.parametrize("word", ["x10", "div12", "x100", "div1000", "rating_out_of_scale", "x7"])
def test_a_suspicion_without_a_check_of_its_own_is_a_suspicion_still(door: Door, word: str) -> None:
    """Not even a word that the checks have never heard of slips through between them."""
    result = door.run("step", frame("step", {"suspicion": word}), at=AT)

    assert ["no_suspicious_ratio"] == failed(result.results)


def test_blocked_sources_are_tolerated_up_to_a_quarter(door: Door) -> None:
    rows = [{**named("captures", str(number)), "blocked": number < 2, "outcome": "blocked"} for number in range(8)]

    assert [] == failed(door.run("captures", frame("captures", *rows), at=AT).results)
    assert ["few_blocked"] == failed(door.run("captures", frame("captures", *rows[:7]), at=AT).results)


COUNTS = [
    "duplicate_plans", "unknown_currency", "unknown_period", "out_of_range", "without_evidence", "conflicts",
    "low_confidence", "rating_out_of_scale", "hardly_known",
]  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries({name: st.integers(0, 3) for name in COUNTS}), min_size=1, max_size=12))
def test_every_fault_and_nothing_else_becomes_a_finding(door: Door, counts: list[dict[str, int]]) -> None:
    rows: list[dict[str, object]] = [{**cells, "observation_id": str(place)} for place, cells in enumerate(counts)]
    by_column = {str(check.kwargs["column"]): check.name for check in SUITES["observations"].checks}
    expected = {(by_column[name], str(place)) for place, cells in enumerate(counts) for name in COUNTS if cells[name]}

    found = findings(door.run("observations", frame("observations", *rows), at=AT))

    assert expected == {(finding.check, finding.observation_id) for finding in found}


def test_a_repeated_id_stands_for_every_row_that_failed(door: Door) -> None:
    """An observation has a row for each subject, and each jump is told."""
    rows = [{"subject": subject, "suspicion": "x12", "after": 120.0} for subject in ("solo", "starter")]

    found = findings(door.run("step", frame("step", *rows, {}), at=AT))

    assert [("o1", "x12"), ("o1", "x12")] == [(finding.observation_id, finding.suspicion) for finding in found]
    assert ["solo 10 -> 120 (x12)", "starter 10 -> 120 (x12)"] == [finding.message for finding in found]


def test_ten_thousand_rows_come_back_in_the_order_they_were_handed_in(door: Door) -> None:
    rows = [{"observation_id": str(place), "conflicts": place % 2} for place in range(10_000)]

    result = door.run("observations", frame("observations", *rows), at=AT)

    (outcome,) = (outcome for outcome in result.results if outcome.status == "failed")
    assert tuple(str(place) for place in range(1, 10_000, 2)) == outcome.unexpected
    assert "and 4997 more" in outcome.message


def test_two_doors_open_at_once_do_not_mix(door: Door, tmp_path: Path) -> None:
    other = Door(tmp_path / "gx")
    broken = frame("history", {"overlaps": 2})

    results = [one.run("history", broken, at=AT) for one in (door, other, door, other)]

    assert [["intervals_do_not_overlap"]] * 4 == [failed(result.results) for result in results]
    assert other.publish_docs() is not None
    assert door.publish_docs() is None


def test_hostile_text_is_inert_in_data_docs_and_comes_back_unchanged(tmp_path: Path) -> None:
    """Data Docs print unexpected values as they are; every such value is text here, and none is markup."""
    rows = [{"source_id": text, "outcome": text} for text in HOSTILE]
    door = Door(tmp_path / "gx")

    result = door.run("captures", frame("captures", *rows), at=AT)
    index = door.publish_docs()

    outcome = next(outcome for outcome in result.results if outcome.status == "failed")
    assert HOSTILE == outcome.unexpected
    assert HOSTILE == tuple(row["outcome"] for row in outcome.rows)
    assert index is not None
    pages = [_Page(path) for path in index.parent.rglob("*.html")]
    assert [] == [alarm for page in pages for alarm in page.live]
    assert any("<script>alert(1)</script>" in page.text for page in pages), "the value is shown, as text"


def test_data_docs_show_each_suite_and_its_checks(tmp_path: Path) -> None:
    door = Door(tmp_path / "gx")
    for suite in SUITES:
        door.run(suite, frame(suite, {}), at=AT)

    index = door.publish_docs()

    assert index == tmp_path / "gx" / "uncommitted" / "data_docs" / "local_site" / "index.html"
    shown = {path.parents[2].name: _Page(path).text for path in (index.parent / "validations").rglob("*.html")}
    assert set(SUITES) == set(shown)
    assert [] == [
        check.name for suite in SUITES.values() for check in suite.checks if check.name not in shown[suite.name]
    ]


def test_data_docs_load_nothing_and_lead_from_the_front_page_to_every_run(tmp_path: Path) -> None:
    """Great Expectations fetches their styles and scripts from the web, and its front page is made by those scripts."""
    door = Door(tmp_path / "gx")
    for suite, values in (("history", {"overlaps": 1}), ("step", {})):
        door.run(suite, frame(suite, values), at=AT)
    index = door.publish_docs()

    assert index is not None
    pages = {path: path.read_text(encoding="utf-8") for path in index.parent.rglob("*.html")}
    assert 5 == len(pages)
    assert [] == [found for page in pages.values() for found in re.findall(_LOADED, page)]
    assert all("default-src 'none'" in page for page in pages.values())
    assert all("Data Docs" in page or 'href="../' in page for page in pages.values()), "each leads back"
    assert [(1, 1)] == sorted({(page.count("<main"), page.count("<h1")) for page in pages.values()})
    led = {index.parent / link for link in re.findall(r'href="([^"#]+)"', pages[index])}
    assert set(pages) - {index} == led
    text = _Page(index).text
    assert ("2026-05-01 06:00 UTC" in text, "3 of 4 met" in text, "6 of 6 met" in text) == (True, True, True)


def test_data_docs_keep_the_newest_runs_and_link_to_no_page_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.context, "KEPT_RUNS", 2)
    door = Door(tmp_path / "gx")

    for day in range(4):
        door.run("history", frame("history", {}), at=AT + timedelta(days=day))
        index = door.publish_docs()

    assert index is not None
    pages = [path.relative_to(index.parent).as_posix() for path in (index.parent / "validations").rglob("*.html")]
    assert ["20260503", "20260504"] == sorted(path.split("/")[2][:8] for path in pages)
    assert set(pages) == set(re.findall(r"validations/[^\"']+\.html", index.read_text(encoding="utf-8")))


def test_a_run_repeated_at_the_same_moment_replaces_its_page(tmp_path: Path) -> None:
    """So that a run that was killed and started again leaves no double."""
    for _ in range(2):
        run_suite("history", frame("history", {}), docs=tmp_path / "gx", at=AT)

    site = tmp_path / "gx" / "uncommitted" / "data_docs" / "local_site"
    assert 1 == len(list((site / "validations").rglob("*.html")))


@pytest.mark.parametrize("kept_share", [0.5, None], ids=["torn", "missing"])
def test_a_folder_half_written_by_a_killed_run_is_made_anew(tmp_path: Path, kept_share: float | None) -> None:
    """Whichever of its files the kill left so."""
    folder = tmp_path / "gx"
    run_suite("history", frame("history", {}), docs=folder, at=AT)
    kept = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.suffix in (".json", ".yml"))
    assert 6 <= len(kept), kept

    for torn in kept:
        path = folder / torn
        if kept_share is None:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept_share)])

        result = run_suite("history", frame("history", {"overlaps": 1}), docs=folder, at=AT)

        assert (torn, ["intervals_do_not_overlap"]) == (torn, failed(result.results))
        assert (folder / "uncommitted" / "data_docs" / "local_site" / "index.html").is_file()


def test_making_a_folder_anew_removes_nothing_that_is_not_of_great_expectations(tmp_path: Path) -> None:
    folder = tmp_path / "gx"
    run_suite("history", frame("history", {}), docs=folder, at=AT)
    (folder / "great_expectations.yml").write_text("{torn")
    (folder / "notes.txt").write_text("mine")

    run_suite("history", frame("history", {}), docs=folder, at=AT)

    assert "mine" == (folder / "notes.txt").read_text()
    assert "{torn" != (folder / "great_expectations.yml").read_text()


def test_a_folder_that_cannot_be_written_is_an_error_and_not_a_silence(tmp_path: Path) -> None:
    (tmp_path / "gx").write_text("a file where a folder belongs")

    with pytest.raises(OSError):
        run_suite("history", frame("history", {}), docs=tmp_path / "gx", at=AT)


def test_a_moment_without_a_time_zone_is_refused(door: Door) -> None:
    with pytest.raises(ValueError, match="UTC and aware"):
        door.run("history", frame("history", {}), at=datetime(2026, 5, 1))  # noqa: DTZ001  naive on purpose


def test_judging_connects_to_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry is off."""
    calls: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: calls.append(address))

    run_suite("history", frame("history", {}), docs=tmp_path / "gx", at=AT)

    assert [] == calls


def test_judging_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Standard output belongs to the data of a command, and progress bars to nobody."""
    run_suite("history", frame("history", {}), docs=tmp_path / "gx", at=AT)

    assert ("", "") == tuple(capfd.readouterr())


def test_great_expectations_is_not_imported_before_there_is_a_row_to_judge() -> None:
    """Its import takes seconds that a refresh with nothing new, and every command that only reads, must not pay."""
    program = (
        "import sys, checks, checks.door, checks.findings\n"
        "from checks.suites import SUITES\n"
        "from types import SimpleNamespace\n"
        "for suite in SUITES.values():\n"
        "    checks.door.Door().run(suite.name, SimpleNamespace(columns=tuple(suite.columns), rows=[]))\n"
        "print(sorted({'great_expectations', 'pandas', 'numpy', 'duckdb', 'dagster'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert ("[]\n", "") == (run.stdout, run.stderr)


class _Page(HTMLParser):
    """What a browser would make of a page: what is live in it and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.live: list[str] = []
        self.text = ""
        self._in_script = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        for name, value in attrs:
            if "alert(1)" in (value or "") and (name.startswith("on") or name in ("href", "src", "style")):
                self.live.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and "alert(1)" in data:
            self.live.append(data)
        if not self._in_script:
            self.text += data


def test_the_sound_rows_hold_what_the_suites_declare() -> None:
    """Else a check could pass because its column was never looked at."""
    assert {name: set(suite.columns) for name, suite in SUITES.items()} == {
        name: set(row) for name, row in SOUND.items()
    }
