"""A page is redesigned and the reading breaks: the doctor says so, and `repair` proposes the recipe that mends it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pricing_pipeline.captures.blobs import BlobStore
from pricing_pipeline.captures.log import CaptureEntry, CaptureLog
from pricing_pipeline.catalog import SourceState
from pricing_pipeline.cli.doctor import source_row
from pricing_pipeline.facts import Capture, Outcome
from pricing_pipeline.home import shipped
from pricing_pipeline.registry import read_registry
from tests.pricing_pipeline.extract.pages import framed
from tests.pricing_pipeline.propose.layouts import SOURCE as ACME
from tests.pricing_pipeline.propose.layouts import rows
from tests.program import DemoRun, Done, call

Ask = Callable[..., Done]
SOURCE = "dagster/dagster-plus/pricing"
URL = "https://dagster.io/pricing"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vendors folder with one vendor, whose product the demo has published."""
    folder = tmp_path / "content" / "vendors"
    folder.mkdir(parents=True)
    shutil.copy(shipped("vendors") / "dagster.yaml", folder)
    monkeypatch.setenv("PRICING_PIPELINE_VENDORS", str(folder))
    return folder


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], folder: Path, demo: DemoRun, tmp_path: Path) -> Ask:
    home = demo.copy(tmp_path / "home")

    def ask(*arguments: object) -> Done:
        return call(capsys, *map(str, arguments), "--home", str(home))

    return ask


def served(home: Path, page: str) -> None:
    """Put a page into a home's captures as the newest of its source."""
    sha256 = BlobStore(home / "captures" / "blobs").put(page.encode())
    capture = Capture(
        id="redesigned", source_id=SOURCE, url=URL, outcome=Outcome.FETCHED, captured_at=NOON, recorded_at=NOON, sha256=sha256,
    )  # fmt: skip
    CaptureLog(home / "captures" / "log.jsonl").append([CaptureEntry(capture=capture)])


def redesigned() -> str:
    return rows(crew="$120/month", names=("Solo", "Starter", "Pro"))


def test_the_recipe_for_a_redesigned_page_is_shown_before_it_is_written(ask: Ask, folder: Path, tmp_path: Path) -> None:
    served(tmp_path / "home", redesigned())
    before = (folder / "dagster.yaml").read_text()
    done = ask("repair", SOURCE)

    assert 0 == done.code, done.err
    assert before == (folder / "dagster.yaml").read_text(), "nothing is written before somebody says yes"
    assert "+        recipe:\n+          plan: section.offer\n+          name: b\n" in done.out
    assert "$120/month" in done.err, "the page's own words are shown"
    assert "$100.00 a month" in done.err, "beside what is published"
    assert "Open source" in done.err, "a plan that the page names no more is told"


def test_with_yes_the_recipe_is_written_and_the_rest_of_the_file_stays(ask: Ask, folder: Path, tmp_path: Path) -> None:
    served(tmp_path / "home", redesigned())
    before = (folder / "dagster.yaml").read_text().splitlines()
    done = ask("repair", SOURCE, "--yes")
    source = read_registry(folder).source(SOURCE)

    assert 0 == done.code, done.err
    assert source is not None
    assert source.recipe is not None
    assert ("section.offer", "b") == (source.recipe.plan, source.recipe.name)
    assert [] == [line for line in before if line not in (folder / "dagster.yaml").read_text().splitlines()]
    assert ["dagster.yaml"] == [path.name for path in folder.iterdir()]


def test_where_nothing_can_be_found_again_it_says_so_and_writes_nothing(ask: Ask, folder: Path, tmp_path: Path) -> None:
    served(tmp_path / "home", framed("<h1>Our story</h1><p>In a garage.</p>"))
    before = (folder / "dagster.yaml").read_text()
    done = ask("repair", SOURCE, "--yes")

    assert (1, "") == (done.code, done.out)
    assert "does not name Solo, Starter" in done.err
    assert before == (folder / "dagster.yaml").read_text()


def test_a_page_that_is_read_well_is_left_alone(ask: Ask) -> None:
    done = ask("repair", SOURCE)

    assert (0, "") == (done.code, done.out)
    assert "as it is read now" in done.err


@pytest.mark.parametrize(
    ("given", "expected"),
    [("dagster/dagster-plus/prices", SOURCE), ("dagster/dagster-plus/reviews/g2", "only the reading of pricing pages")],
    ids=["unknown", "reviews"],
)
def test_a_source_that_cannot_be_repaired_is_told(ask: Ask, given: str, expected: str) -> None:
    done = ask("repair", given)

    assert (2, "") == (done.code, done.out)
    assert expected in done.err


def test_a_source_without_a_page_says_how_to_get_one(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    done = call(capsys, "repair", SOURCE, "--home", str(tmp_path / "empty"))

    assert 1 == done.code
    assert "pricing-pipeline refresh --vendor dagster" in done.err


def test_the_doctor_names_the_selector_that_finds_nothing(ask: Ask, folder: Path, tmp_path: Path) -> None:
    path = folder / "dagster.yaml"
    recipe = "        expect: [Solo, Starter]\n        recipe:\n          plan: .gone\n"
    path.write_text(path.read_text().replace("        expect: [Solo, Starter]\n", recipe))
    told = [row for row in ask("doctor", "--format", "json").json if ".gone" in row["says"]]

    assert [("problem", SOURCE)] == [(row["state"], row["what"]) for row in told]
    assert f"pricing-pipeline repair {SOURCE}" in told[0]["do"]


@pytest.mark.parametrize(
    ("verified", "held", "state"),
    [(NOON, False, "problem"), (NOON, True, "note"), (None, False, "problem"), (NOON.replace(day=2), False, "note")],
    ids=["an older reading stands", "held, which is told apart", "never accepted", "accepted at the last look"],
)
def test_the_doctor_tells_a_page_that_comes_but_is_not_accepted(
    verified: datetime | None, held: bool, state: str
) -> None:
    """Otherwise a reading that broke would look well for as long as the page answers."""
    known = SourceState(
        source_id=ACME.id, outcome=Outcome.FETCHED, checked_at=NOON.replace(day=2), verified_at=verified, held=held
    )
    row = source_row(ACME, known)

    assert state == row["state"]
    assert ("repair" in row["do"]) == (state == "problem")
