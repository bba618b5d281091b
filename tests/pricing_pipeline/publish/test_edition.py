"""Editions: switched in at once, the same bytes for the same facts, never half, never stopped by one broken text."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pricing_pipeline import costs
from pricing_pipeline.catalog import Catalog
from pricing_pipeline.errors import PublishError
from pricing_pipeline.facts import Outcome
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.scales import Weigh
from pricing_pipeline.publish.standing import Edition
from pricing_pipeline.results import PublishedRange
from tests.pricing_pipeline.publish import example

PAGE = "compare/prefect-vs-dagster.html"
ROOT = Path(__file__).resolve().parents[3]


def made(editions: Path, catalog: Catalog = example.CATALOG, *files, **options) -> Edition:
    """Publish the example, or a catalog and comparisons of one's own."""
    return publish(
        catalog,
        files or (example.comparison(),),
        registry=example.REGISTRY,
        price=costs.price,
        editions=editions,
        **options,
    )


def contents(edition: Path) -> dict[str, bytes]:
    """Every file of an edition."""
    return {path.relative_to(edition).as_posix(): path.read_bytes() for path in edition.rglob("*") if path.is_file()}


def databases() -> dict:
    """What the warehouse writes into an edition, as bytes of one's own."""

    def parquet(reports: Path, folder: Path) -> None:
        folder.mkdir()
        (folder / "terms.parquet").write_bytes(b"terms")

    return {
        "write_reports": lambda path, _: path.write_bytes(b"database"),
        "write_parquet": parquet,
        "written_by": "one",
    }


def later(hours: int = 24) -> Catalog:
    """The example's catalog as it stands some hours later: checked again, nothing else."""
    moved = timedelta(hours=hours)
    return replace(
        example.CATALOG,
        as_of=example.MAY + moved,
        terms=tuple(
            replace(row, provenance=replace(row.provenance, verified_at=example.MAY + moved)) for row in example.TERMS
        ),
    )


def test_an_edition_holds_pages_tables_data_feed_and_database(tmp_path):
    edition = made(tmp_path, write_reports=lambda path, _: path.write_bytes(b"database"))

    expected = {
        "index.html", "compare/prefect-vs-dagster.html", "vendors/dagster.html", "vendors/prefect.html", "changes.html",
        "sources.html", "checks.html", "data.html", "style.css", "feed.xml", "v1/terms.json", "v1/schema/terms.json",
        "v1/freshness.json", "tables/prefect-vs-dagster/figures.csv", "tables/prefect-vs-dagster/tables.md",
        "reports.duckdb", "manifest.json", "feed.json", "pricing.xlsx",
        "tables/prefect-vs-dagster/prefect-vs-dagster.xlsx",
    }  # fmt: skip
    assert set() == expected - set(edition.files)
    assert set(edition.files) == set(contents(tmp_path / "current"))


def test_the_manifest_has_the_digest_of_every_file_but_the_database(tmp_path):
    edition = made(tmp_path, write_reports=lambda path, _: path.write_bytes(b"database"))
    listed = json.loads((edition.path / "manifest.json").read_text())["files"]
    found = {name: hashlib.sha256(content).hexdigest() for name, content in contents(edition.path).items()}
    del found["manifest.json"]

    assert {**found, "reports.duckdb": None} == listed


def test_the_same_facts_give_the_same_bytes(tmp_path):
    """Whatever the machine, the folder and the hour."""
    one, other = made(tmp_path / "one"), made(tmp_path / "other")

    assert one.id == other.id
    assert contents(one.path) == contents(other.path)


def test_nothing_changed_means_nothing_written(tmp_path):
    first = made(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("*")}

    second = made(tmp_path)

    assert (True, False) == (first.changed, second.changed)
    assert before == {path: path.stat().st_mtime_ns for path in second.path.rglob("*")}
    assert replace(first, changed=False) == second


def test_an_unchanged_check_moves_no_data_but_freshness(tmp_path):
    """Whoever follows the data sees a difference only where a fact moved."""
    one = contents(made(tmp_path / "one").path)
    other = contents(made(tmp_path / "other", later()).path)

    moved = {name for name in one if one[name] != other[name] and not name.endswith(".html")}
    assert {"v1/freshness.json", "manifest.json"} == moved


def test_checks_that_are_run_again_with_the_same_result_change_nothing(tmp_path):
    """A run that found nothing new judged fewer rows, later; the facts stand as they stood."""
    made(tmp_path)
    (check,) = example.CATALOG.checks
    again = replace(check, at=check.at + timedelta(hours=1), checked=0)
    of_run = replace(check, suite="changes", status="empty")
    failed = replace(check, status="failed")

    assert not made(tmp_path, replace(example.CATALOG, checks=(again, of_run))).changed
    assert made(tmp_path, replace(example.CATALOG, checks=(failed,))).changed


def confirmed_again(hours: int) -> Catalog:
    """The example's catalog after a check of the same day that found every page as it was."""
    at = example.MAY + timedelta(hours=hours)
    states = tuple(
        replace(state, checked_at=at, verified_at=at, outcome=Outcome.NOT_MODIFIED)
        if state.outcome is Outcome.FETCHED
        else replace(state, checked_at=at)
        for state in example.CATALOG.states
    )
    return replace(later(hours), states=states)


def test_the_database_is_handed_which_plan_is_the_cheapest_whichever_way_the_edition_is_made(tmp_path):
    """Also where a mere check takes the other files over: no table of the warehouse holds it."""
    handed = []

    def write(path: Path, ranges: tuple[PublishedRange, ...]) -> None:
        path.write_bytes(b"database")
        handed.append(ranges)

    weigh = Weigh(along=costs.along, lowest=costs.lowest)
    made(tmp_path, write_reports=write, weigh=weigh)
    made(tmp_path, confirmed_again(3), write_reports=write, weigh=weigh)
    first, second = handed

    assert first == second
    assert ("starter", 18000, None) in {(one.plan, one.above, one.up_to) for one in first}


def test_a_check_that_finds_everything_as_it_was_moves_only_what_tells_moments(tmp_path):
    """The other files are not even written again: they stand on the disk once."""
    first, before = made(tmp_path, **databases()), contents(tmp_path / "current")

    second, after = made(tmp_path, confirmed_again(3), **databases()), contents(tmp_path / "current")

    assert second.changed
    assert {"manifest.json", "v1/freshness.json"} == {name for name in after if before[name] != after[name]}
    assert before.keys() == after.keys()
    assert {"reports.duckdb"} == {
        name
        for name in after.keys() - {"manifest.json", "v1/freshness.json"}
        if not (first.path / name).samefile(second.path / name)
    }


def test_an_edition_taken_over_is_the_one_that_would_have_been_made(tmp_path):
    made(tmp_path / "one", **databases())
    made(tmp_path / "one", confirmed_again(3), **databases())

    made(tmp_path / "other", confirmed_again(3), **databases())

    assert contents(tmp_path / "one/current") == contents(tmp_path / "other/current")


def test_where_a_file_cannot_have_two_names_it_is_copied(tmp_path, monkeypatch):
    made(tmp_path)
    monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(OSError("not supported")))
    before = contents(tmp_path / "current")

    made(tmp_path, confirmed_again(3))

    assert before[PAGE] == (tmp_path / "current" / PAGE).read_bytes()


def test_a_file_that_was_altered_is_not_taken_over(tmp_path):
    made(tmp_path)
    (tmp_path / "current" / PAGE).write_text("altered")

    made(tmp_path, confirmed_again(3))

    assert "altered" != (tmp_path / "current" / PAGE).read_text("utf-8")


def test_current_is_a_relative_link_so_that_the_folder_can_be_moved(tmp_path):
    edition = made(tmp_path)

    assert Path(edition.id) == (tmp_path / "current").readlink()


def test_a_damaged_edition_is_made_again(tmp_path):
    first = made(tmp_path)
    (first.path / PAGE).unlink()

    second = made(tmp_path)

    assert second.changed
    assert (tmp_path / "current" / PAGE).is_file()
    assert ["current", second.id] == sorted(path.name for path in tmp_path.iterdir() if path.name != ".lock")[::-1]


def test_a_publish_killed_half_way_leaves_the_old_edition_up(tmp_path):
    """Kill -9 between files: readers see the old set, and the next publish cleans up and finishes."""
    first = made(tmp_path)
    before = contents(tmp_path / "current")
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from tests.pricing_pipeline.publish import test_edition as t\n"
        "t.made(Path(sys.argv[1]), t.later(), write_reports=lambda *_: os.kill(os.getpid(), signal.SIGKILL))"
    )

    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False)

    assert -9 == killed.returncode
    assert before == contents(tmp_path / "current")
    assert [] != list(tmp_path.glob(".making-*"))
    second = made(tmp_path, later())
    assert second.id != first.id
    assert [] == list(tmp_path.glob(".making-*"))
    assert contents(second.path) == contents(tmp_path / "current")


@pytest.mark.parametrize("step", ["write_reports", "write_parquet", "switch"])
def test_whenever_a_publish_is_killed_readers_see_one_whole_set(tmp_path, step):
    """Before the database, between Parquet files, before the switch: the old set with every one of its files."""
    made(tmp_path, **databases())
    before = contents(tmp_path / "current")
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from pricing_pipeline.publish import folder\n"
        "from tests.pricing_pipeline.publish import test_edition as t\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "def half(reports, parquet):\n"
        "    parquet.mkdir(); (parquet / 'terms.parquet').write_bytes(b'half'); die()\n"
        "step, options = sys.argv[2], t.databases()\n"
        "if step == 'switch': folder.switch = die\n"
        "else: options[step] = half if step == 'write_parquet' else die\n"
        "t.made(Path(sys.argv[1]), t.later(), **options)"
    )

    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path), step], cwd=ROOT, check=False)

    assert -9 == killed.returncode
    assert before == contents(tmp_path / "current")
    second = made(tmp_path, later(), **databases())
    assert set(before) == set(contents(second.path))
    assert b"terms" == (second.path / "parquet/terms.parquet").read_bytes()
    assert [] == list(tmp_path.glob(".making-*"))


def test_what_the_warehouse_writes_belongs_to_the_set(tmp_path):
    """Its Parquet files have digests, are linked to, and another version of what writes them makes another edition."""
    first = made(tmp_path, **databases())
    listed = json.loads((first.path / "manifest.json").read_text())["files"]

    assert hashlib.sha256(b"terms").hexdigest() == listed["parquet/terms.parquet"]
    assert 'href="parquet/terms.parquet"' in (first.path / "data.html").read_text()
    assert not made(tmp_path, **databases()).changed
    assert made(tmp_path, **{**databases(), "written_by": "another"}).changed
    (tmp_path / "current/parquet/terms.parquet").unlink()
    assert made(tmp_path, **{**databases(), "written_by": "another"}).changed


def test_a_sitemap_is_there_where_it_is_known_where_the_site_is_served(tmp_path):
    plain, served = made(tmp_path / "plain"), made(tmp_path / "served", site_url="https://prices.example/")

    assert "sitemap.xml" not in plain.files
    places = ElementTree.parse(served.path / "sitemap.xml").findall(".//{*}loc")
    pages = {f"https://prices.example/{name}" for name in served.files if name.endswith(".html")}
    assert pages == {place.text for place in places}


def test_a_broken_text_holds_back_its_page_and_no_other(tmp_path):
    """The last edition of the page stays up, and the problem names file, line and candidates."""
    first = made(tmp_path, example.CATALOG, example.comparison(), example.comparison("other"))
    page = (first.path / PAGE).read_bytes()
    broken = example.comparison(short_answer="Solo costs {{ dagster-plus.solo.recurring_fees }}.")

    second = made(tmp_path, later(), broken, example.comparison("other"))

    assert page == (second.path / PAGE).read_bytes()
    assert (first.path / "compare/other.html").read_bytes() != (second.path / "compare/other.html").read_bytes()
    (problem,) = second.problems
    assert problem.startswith(
        "comparisons/prefect-vs-dagster.yaml:1: unknown term 'recurring_fees': one of recurring_fee"
    )
    assert "held back" in (second.path / "index.html").read_text()
    assert "recurring_fees" in (second.path / "checks.html").read_text()


def test_a_page_that_was_held_back_is_made_again_when_its_text_is_mended(tmp_path):
    made(tmp_path)
    made(tmp_path, example.CATALOG, example.comparison(summary="{{ nobody.knows }}"))
    third = made(tmp_path, example.CATALOG, example.comparison(summary="Mended."))

    assert () == third.problems
    assert "Mended." in (third.path / PAGE).read_text()
    assert "held back" not in (third.path / "index.html").read_text()


def test_a_broken_text_that_never_was_published_is_left_out(tmp_path):
    edition = made(tmp_path, example.CATALOG, example.comparison(summary="{{ nobody.knows }}"))

    assert not (edition.path / PAGE).exists()
    assert 1 == len(edition.problems)


def test_a_comparison_of_products_that_are_not_known_is_skipped_with_a_note(tmp_path):
    catalog = replace(
        example.CATALOG,
        plans=tuple(row for row in example.PLANS if row.product == example.DAGSTER),
        terms=tuple(row for row in example.TERMS if row.product == example.DAGSTER),
        ratings=example.RATINGS[:1],
    )
    edition = made(tmp_path, catalog)

    (note,) = edition.notes
    assert note.startswith("comparisons/prefect-vs-dagster.yaml: nothing is known of prefect-cloud yet: ")
    assert () == edition.problems
    assert (edition.path / "vendors/dagster.html").is_file()


def test_a_catalog_without_anything_still_gives_an_edition(tmp_path):
    """The first run, when every source was blocked."""
    edition = publish(
        Catalog(as_of=example.MAY),
        (example.comparison(),),
        registry=example.REGISTRY,
        price=costs.price,
        editions=tmp_path,
    )

    assert "Nothing has changed" in (edition.path / "index.html").read_text()


def test_only_the_newest_of_the_older_editions_stay(tmp_path):
    editions = [made(tmp_path, later(hours), keep=2) for hours in range(5)]

    left = sorted(path.name for path in tmp_path.iterdir() if path.is_dir() and not path.is_symlink())
    assert [edition.id for edition in editions[-3:]] == left


def test_a_current_that_is_no_link_is_not_touched(tmp_path):
    """Somebody put a folder there; what is in it may be theirs."""
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "mine.txt").write_text("mine")

    with pytest.raises(PublishError, match="current: is not a link to an edition: move it away"):
        made(tmp_path)
    assert "mine" == (tmp_path / "current" / "mine.txt").read_text()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(PublishError, match="could not be written") as caught:
        made(tmp_path / "file" / "editions")
    assert "\n" not in str(caught.value)


def test_no_file_is_written_outside_its_edition(tmp_path):
    """Whatever a slug that comes from elsewhere may hold."""
    sources = (replace(example.SOURCES[0], vendor="../../escaped"),)

    with pytest.raises(PublishError, match="leads out of the edition"):
        made(tmp_path / "editions", replace(example.CATALOG, sources=sources, plans=(), terms=(), ratings=()))
    assert not (tmp_path / "escaped.html").exists()


def test_another_title_or_another_text_is_another_edition(tmp_path):
    ids = {
        made(tmp_path).id,
        made(tmp_path, title="Ours").id,
        made(tmp_path, example.CATALOG, example.comparison(summary="Else.")).id,
    }

    assert 3 == len(ids)
