"""What is counted about tables and editions finds what is wrong with them, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pricing_pipeline import costs
from pricing_pipeline.publish import inspect
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.inspect import comparison_rows, edition_rows
from tests.pricing_pipeline.publish import example


@pytest.fixture
def edition(tmp_path):
    """The example, published."""
    return publish(
        example.CATALOG, (example.comparison(),), registry=example.REGISTRY, price=costs.price, editions=tmp_path
    ).path


def wrong(edition) -> dict[str, tuple[object, ...]]:
    """The files with which something is wrong: exists, broken links, schema errors, figures that differ."""
    columns, rows = edition_rows(edition)
    assert columns == ("path", "empty", "exists", "broken_links", "schema_errors", "figures_differ")
    return {row[0]: row[2:] for row in rows if row[2:] != (True, 0, 0, 0)}


def change(path, before: str, after: str) -> None:
    """Change a file that was published."""
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_a_sound_edition_has_nothing_wrong(edition):
    assert {} == wrong(edition)


def counted(edition, monkeypatch, told=None) -> list[str]:
    """The files that are looked at, when the edition is inspected with a memory of what was found before, and `told` what
    figures a database holds."""
    looked: list[str] = []
    real = inspect._faults

    def watched(root, name, *given):
        looked.append(name)
        return real(root, name, *given)

    with monkeypatch.context() as patch:
        patch.setattr(inspect, "_faults", watched)
        _, rows = edition_rows(edition, memory=edition.parent, told=told)
    assert edition_rows(edition)[1] == rows
    return looked


def test_what_stands_untouched_is_not_looked_at_again(edition, monkeypatch):
    assert "index.html" in counted(edition, monkeypatch)
    assert [] == counted(edition, monkeypatch)

    (edition / "v1/freshness.json").touch()

    assert ["v1/freshness.json"] == counted(edition, monkeypatch)


@pytest.mark.parametrize(
    ("figures", "looked"), [("the same", []), ("others", ["v1/freshness.json"]), (None, ["v1/freshness.json"])]
)
def test_a_file_written_anew_is_known_by_its_figures(edition, monkeypatch, figures, looked):
    """As a database is, in which a check moved nothing but times; whatever tells no figures is looked at."""
    counted(edition, monkeypatch, lambda _: "the same")

    (edition / "v1/freshness.json").touch()

    assert looked == counted(edition, monkeypatch, lambda _: figures)


@pytest.mark.parametrize("name", ["checks.html", "v1/costs.json"])
def test_one_page_or_document_touched_has_all_of_them_looked_at(edition, monkeypatch, name):
    """Pages lead to one another and are compared with the data."""
    counted(edition, monkeypatch)

    (edition / name).touch()

    assert {"index.html", "v1/terms.json"} <= set(counted(edition, monkeypatch))


def test_a_file_that_went_missing_is_found_beside_what_was_found_before(edition, monkeypatch):
    counted(edition, monkeypatch)

    (edition / "changes.html").unlink()

    assert "changes.html" in counted(edition, monkeypatch)


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"pages": 1}', '{"files": {"a": 1}}'])
def test_a_torn_memory_is_no_memory(edition, monkeypatch, torn):
    counted(edition, monkeypatch)
    (edition.parent / ".inspected.json").write_text(torn)

    assert "index.html" in counted(edition, monkeypatch)


def test_a_file_that_is_missing_is_found(edition):
    (edition / "sort.js").unlink()

    assert (False, 0, 0, 0) == wrong(edition)["sort.js"]


def test_a_link_to_a_missing_page_or_place_is_found(edition):
    change(edition / "index.html", 'href="changes.html"', 'href="nowhere.html"')
    change(edition / "checks.html", 'href="#content"', 'href="#nowhere"')

    assert {"index.html": (True, 1, 0, 0), "checks.html": (True, 1, 0, 0)} == wrong(edition)


def test_a_figure_that_reads_otherwise_on_a_page_is_found(edition):
    change(edition / "compare/prefect-vs-dagster.html", ">$610.00</a>", ">$16.00</a>")

    assert {"compare/prefect-vs-dagster.html": (True, 0, 0, 1)} == wrong(edition)


def test_a_figure_that_reads_otherwise_in_a_csv_file_is_found(edition):
    change(edition / "tables/prefect-vs-dagster/figures.csv", "$610.00", "$16.00")

    assert {"tables/prefect-vs-dagster/figures.csv": (True, 0, 0, 1)} == wrong(edition)


def test_data_that_breaks_its_schema_is_found(edition):
    document = json.loads((edition / "v1/costs.json").read_text())
    document["costs"][0]["low"] = 610
    (edition / "v1/costs.json").write_text(json.dumps(document))

    assert {"v1/costs.json": (True, 0, 1, 0)} == wrong(edition)


def test_a_folder_that_is_no_edition_has_no_rows(tmp_path):
    """So that the check can say that nothing was checked."""
    assert [] == edition_rows(tmp_path)[1]


def rows(catalog=example.CATALOG, file=None) -> dict[str, dict[str, object]]:
    """The counts of Dagster's plans by plan."""
    columns, found = comparison_rows(
        catalog, (file or example.comparison(),), registry=example.REGISTRY, price=costs.price
    )
    named = [dict(zip(columns, row, strict=True)) for row in found]
    return {str(row["plan"]): row for row in named if row["product"] == example.DAGSTER}


def test_every_plan_of_a_comparison_is_counted():
    solo = rows()["solo"]

    assert ["open-source", "solo", "starter", "pro"] == list(rows())
    assert {"comparison": "prefect-vs-dagster", "cells": 7, "missing": 0, "without_evidence": 0, "stale": False} == {
        name: solo[name] for name in ("comparison", "cells", "missing", "without_evidence", "stale")
    }
    assert 3 == rows()["pro"]["missing"]


def test_a_plan_is_as_old_as_its_oldest_cell():
    """The newest cell says nothing about the others."""
    old = example.MAY - timedelta(hours=49)
    term = replace(example.TERMS[4], provenance=replace(example.TERMS[4].provenance, verified_at=old))
    catalog = replace(example.CATALOG, terms=(*example.TERMS[:4], term, *example.TERMS[5:]))

    assert (49.0, True) == (rows(catalog)["solo"]["oldest_age_hours"], rows(catalog)["solo"]["stale"])
    assert not rows(catalog)["starter"]["stale"]


def test_a_pending_change_and_a_text_that_cannot_be_filled_are_counted():
    catalog = replace(example.CATALOG, terms=(replace(example.TERMS[0], pending=True), *example.TERMS[1:]))
    broken = example.comparison(summary="{{ nobody.knows }}")

    assert (1, 1) == (rows(catalog, broken)["solo"]["pending"], rows(catalog, broken)["solo"]["contradicted_claims"])


def test_a_comparison_of_unknown_products_has_no_rows():
    nothing = replace(example.CATALOG, plans=(), terms=(), ratings=())

    assert {} == rows(nothing)
