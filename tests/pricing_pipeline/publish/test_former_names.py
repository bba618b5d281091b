"""Texts written before a product or a plan was called otherwise go on saying what is so today."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pricing_pipeline.catalog import FormerPlan
from pricing_pipeline.publish.blocks_files import refresh_file
from pricing_pipeline.publish.blocks_shown import Shown
from pricing_pipeline.publish.former_names import FormerNames
from pricing_pipeline.registry.vendors import Registry
from tests.pricing_pipeline.publish import example

OLD = "dagster-cloud"
PERSONAL = FormerPlan(vendor="dagster", product=example.DAGSTER, former="personal", former_name="Personal", plan="solo")
CATALOG = replace(example.CATALOG, former_plans=(PERSONAL,))


def renamed() -> Registry:
    dagster, *others = example.REGISTRY.vendors
    product = replace(dagster.products[0], formerly=(("elementl", OLD), ("dagster", OLD)))
    return Registry((replace(dagster, products=(product,)), *others))


NAMES = FormerNames(CATALOG, renamed())


@pytest.mark.parametrize(
    ("written", "today"),
    [
        ("dagster-cloud.solo.recurring_fee", "dagster-plus.solo.recurring_fee"),
        ("dagster-cloud.personal.allowance.credit", "dagster-plus.solo.allowance.credit"),
        ("dagster-plus.personal", "dagster-plus.solo"),
        ("elementl/dagster-cloud/personal", "dagster/dagster-plus/solo"),
        ("dagster-cloud", "dagster-plus"),
        ("prefect-cloud.team.recurring_fee", "prefect-cloud.team.recurring_fee"),
        ("nobody.personal", "nobody.personal"),
    ],
)
def test_a_former_name_is_read_as_the_name_of_today(written: str, today: str) -> None:
    assert today == NAMES.name(written)


def test_only_what_stands_in_a_placeholder_is_a_name() -> None:
    said = "dagster-cloud was its name: {{ cost dagster-cloud.personal team-of-five }}, {{dagster-cloud.rating.g2}}"

    assert (
        "dagster-cloud was its name: {{ cost dagster-plus.solo team-of-five }}, {{dagster-plus.rating.g2}}"
        == NAMES.text(said)
    )


def test_a_comparison_by_former_names_is_read_by_those_of_today_and_a_note_says_what_to_write() -> None:
    now = example.comparison()
    written = now.content.model_dump_json().replace(example.DAGSTER, OLD).replace(".solo.", ".personal.")
    before = replace(now, content=type(now.content).model_validate_json(written))

    read, notes = NAMES.comparison(before)

    assert now.content == read.content
    assert f"{now.path.name}: {OLD} is {example.DAGSTER} today: write the new name" in notes


def test_a_comparison_by_todays_names_is_left_as_it_is() -> None:
    file = example.comparison()

    assert (file, ()) == NAMES.comparison(file)


def test_a_name_that_something_else_has_today_is_that_things() -> None:
    dagster, prefect = renamed().vendors
    other = replace(prefect, products=(*prefect.products, replace(prefect.products[0], slug=OLD)))

    assert OLD == FormerNames(CATALOG, Registry((dagster, other))).product(OLD)


@pytest.mark.parametrize("asked", ["figure=dagster-cloud.personal.recurring_fee", "table=tiers product=dagster-cloud"])
def test_a_managed_block_by_former_names_shows_what_is_so_today(tmp_path: Path, asked: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"<!-- pricing-pipeline:begin x {asked} -->\n<!-- pricing-pipeline:end x -->\n")
    outcome = refresh_file(path, Shown(CATALOG, (), renamed()))

    assert () == outcome.problems
    assert "$10.00" in path.read_text()
