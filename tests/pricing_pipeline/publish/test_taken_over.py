"""An editor who mends one text has one page made anew; what is taken over is what would have been made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pricing_pipeline import costs
from pricing_pipeline.catalog import Catalog, Provenance
from pricing_pipeline.publish import render
from pricing_pipeline.publish.captured_pages import Captures
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.memory import FILE, Memory
from pricing_pipeline.publish.standing import Edition
from tests.pricing_pipeline.publish import example

OTHER = "compare/other.html"
MENDED = example.comparison(summary="Mended.")
PAGE = "<p>Solo: $10 /month</p>"


def made(editions: Path, *texts, catalog: Catalog = example.CATALOG, **options) -> Edition:
    """Publish the example with some comparisons."""
    files = (*texts, example.comparison("other"))
    return publish(catalog, files, registry=example.REGISTRY, price=costs.price, editions=editions, **options)


def contents(edition: Path) -> dict[str, bytes]:
    """Every file of an edition."""
    return {path.relative_to(edition).as_posix(): path.read_bytes() for path in edition.rglob("*") if path.is_file()}


def inodes(edition: Path) -> dict[str, int]:
    """Every file of an edition, and what it is on the disk."""
    return {path.relative_to(edition).as_posix(): path.stat().st_ino for path in edition.rglob("*") if path.is_file()}


def shared(one: Edition, other: Edition) -> set[str]:
    """The files that two editions share on the disk."""
    known = inodes(one.path)
    return {name for name, inode in inodes(other.path).items() if known.get(name) == inode}


@pytest.mark.parametrize(
    "texts",
    [(MENDED,), (), (example.comparison(), example.comparison("third"))],
    ids=["a text mended", "a comparison gone", "a comparison more"],
)
def test_an_edition_made_from_the_last_one_is_the_one_made_from_nothing(tmp_path, texts):
    made(tmp_path / "one", example.comparison())

    again, anew = made(tmp_path / "one", *texts), made(tmp_path / "two", *texts)

    assert contents(anew.path) == contents(again.path)


def test_a_text_that_is_mended_has_its_own_page_made_and_those_that_list_it(tmp_path):
    first = made(tmp_path, example.comparison())
    second = made(tmp_path, MENDED)

    anew = set(second.files) - shared(first, second)
    assert {"compare/prefect-vs-dagster.html", "index.html", "v1/freshness.json", "manifest.json"} <= anew
    assert {OTHER, "vendors/dagster.html", "v1/terms.json", "tables/other/figures.csv"} <= shared(first, second)


def test_a_text_that_is_the_same_is_not_filled_or_audited_again(tmp_path, monkeypatch):
    made(tmp_path, example.comparison())
    drafted = []
    real = render.draft
    monkeypatch.setattr(render, "draft", lambda shelf, file, fill: drafted.append(file.slug) or real(shelf, file, fill))

    made(tmp_path, MENDED)

    assert ["prefect-vs-dagster"] == drafted


def test_other_facts_have_every_page_made(tmp_path):
    """Each says how old it is."""
    first = made(tmp_path, example.comparison())
    moved = replace(example.CATALOG.terms[0], pending=not example.CATALOG.terms[0].pending)
    second = made(tmp_path, MENDED, catalog=replace(example.CATALOG, terms=(moved, *example.CATALOG.terms[1:])))

    assert set() == shared(first, second)


def test_of_an_edition_with_an_altered_file_nothing_is_taken_over(tmp_path):
    first = made(tmp_path, example.comparison())
    (first.path / OTHER).write_text("altered")

    second = made(tmp_path, MENDED)

    assert b"altered" != (second.path / OTHER).read_bytes()
    assert set() == shared(first, second)


def test_a_text_that_is_held_back_is_looked_at_each_time(tmp_path):
    """Its page is that of an older text."""
    broken = example.comparison(summary="{{ nobody.knows }}")
    made(tmp_path, example.comparison())
    made(tmp_path, broken)

    third = made(tmp_path, broken, catalog=example.CATALOG, title="Anew")
    mended = made(tmp_path, example.comparison(), title="Anew")

    assert 1 == len(third.problems)
    assert () == mended.problems


def test_a_preview_shares_no_file_with_what_is_published(tmp_path):
    """Whoever tries something out in it alters nothing."""
    first = made(tmp_path / "editions", example.comparison())
    preview = made(tmp_path / "editions", MENDED, preview=tmp_path / "preview")

    assert set() == shared(first, preview)
    assert contents(first.path)[OTHER] == contents(preview.path)[OTHER]


def captures(read: list[str], named: Iterable[str | None] = ("bytes",)) -> Captures:
    """Captured pages that note when they are read; the last of `named` is what their bytes are called."""

    def text_of(provenance: Provenance) -> str:
        read.append(provenance.capture_id)
        return PAGE

    return Captures(read=text_of, around=300, named=lambda _: [*named][-1])


def test_a_captured_page_is_read_once_for_all_editions_that_quote_the_same_of_it(tmp_path):
    first, second, third = [], [], []

    one = made(tmp_path / "one", captures=captures(first))
    again = made(tmp_path / "one", captures=captures(second), title="Anew")
    anew = made(tmp_path / "two", captures=captures(third), title="Anew")

    assert first == third != []
    assert [] == second
    assert one.id != again.id
    assert contents(anew.path) == contents(again.path)


def test_no_page_leads_to_a_capture_that_was_given_up(tmp_path):
    """A comparison more has the pages of captures made anew, and the others taken over."""
    first = made(tmp_path, captures=captures([]))
    second = made(tmp_path, MENDED, captures=captures([], [None]))

    assert b"../captures/" in (first.path / OTHER).read_bytes()
    assert not (second.path / "captures").exists()
    assert b"../captures/" not in (second.path / OTHER).read_bytes()


def test_other_bytes_of_a_capture_are_read(tmp_path):
    read = []
    made(tmp_path, captures=captures([]))
    made(tmp_path, captures=captures(read, ["other bytes"]), title="Anew")

    assert [] != read


def test_what_another_program_worked_out_is_not_taken(tmp_path):
    for by, expected in (("one", "made by one"), ("other", "made by other"), ("other", "made by other")):
        memory = Memory(tmp_path, by=by)
        assert expected == memory.once("key", lambda by=by: f"made by {by}")
        memory.keep()


def test_what_nobody_asked_for_is_forgotten_and_nothing_is_not_remembered(tmp_path):
    first = Memory(tmp_path, by="one")
    first.once("kept", lambda: 1)
    first.once("left", lambda: 2)
    assert first.once("unknown", lambda: None) is None
    first.keep()
    second = Memory(tmp_path, by="one")
    assert 1 == second.once("kept", lambda: 3)
    assert 4 == second.once("unknown", lambda: 4)
    second.keep()

    third = Memory(tmp_path, by="one")

    assert [1, 5, 4] == [third.once(key, lambda: 5) for key in ("kept", "left", "unknown")]


@pytest.mark.parametrize("left", [0, 1, 10, 70, -2])
def test_what_a_damaged_file_has_lost_is_worked_out_again(tmp_path, left):
    memory = Memory(tmp_path, by="one")
    memory.once("key", lambda: [1, 2])
    memory.keep()
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:left] + b"\xff")

    assert [3] == Memory(tmp_path, by="one").once("key", lambda: [3])
