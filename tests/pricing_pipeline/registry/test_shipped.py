"""What ships: vendor files, comparisons, settings, and the JSON Schemas by which editors check them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pricing_pipeline.home import shipped
from pricing_pipeline.registry import Registry, read_registry
from pricing_pipeline.registry.comparisons import ComparisonFile, read_comparisons
from pricing_pipeline.registry.schemas import SCHEMAS, schema_text, write_schemas
from pricing_pipeline.registry.settings import read_settings

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(shipped("vendors"))


@pytest.fixture(scope="module")
def comparisons() -> tuple[ComparisonFile, ...]:
    files, problems = read_comparisons(shipped("comparisons"))
    assert [] == problems
    return files


def test_the_shipped_vendors_are_sound_and_worth_having(registry: Registry) -> None:
    assert {"dagster", "prefect"} <= {vendor.slug for vendor in registry.vendors}
    assert 12 <= len(registry.vendors)
    assert {"dagster-plus", "prefect-cloud"} <= {product.slug for product in registry.products}


def test_every_shipped_vendor_has_a_pricing_page_on_a_verified_connection(registry: Registry) -> None:
    for product in registry.products:
        assert "pricing" in {source.kind.value for source in product.sources}, product.slug
        assert {"https"} == {source.url.split(":")[0] for source in product.sources}, product.slug


def test_every_editorial_fact_of_a_vendor_has_its_day_and_source(registry: Registry) -> None:
    facts = [fact for vendor in registry.vendors for fact in vendor.facts]

    assert facts
    assert all(fact.source.startswith("https://") and fact.as_of for fact in facts)


def test_shipped_comparisons_speak_of_products_that_are_watched(
    registry: Registry, comparisons: tuple[ComparisonFile, ...]
) -> None:
    known = {product.slug for product in registry.products}

    assert "prefect-vs-dagster" in {file.slug for file in comparisons}
    assert [] == [product for file in comparisons for product in file.content.products if product not in known]


def test_no_figure_stands_in_editorial_text_as_digits(comparisons: tuple[ComparisonFile, ...]) -> None:
    """A digit in a sentence is a figure that goes stale; the publisher's name is none."""
    for file in comparisons:
        for place, text in file.content.texts():
            words = re.sub(r"\{\{.*?\}\}", "", text, flags=re.DOTALL).replace("G2", "")
            assert not re.search(r"[\d$€£]", words), f"{file.path.name}:{file.line(place)}: {text}"


def test_the_comparison_has_every_section_that_a_reader_comes_for(comparisons: tuple[ComparisonFile, ...]) -> None:
    content = next(file.content for file in comparisons if file.slug == "prefect-vs-dagster")
    names = {dimension.name for dimension in content.head_to_head}

    assert {
        "Pricing",
        "Lineage and observability",
        "Ease of use",
        "Integrations",
        "Flexibility",
        "Scalability",
    } == names
    assert 3 == len(content.questions)
    assert {("prefect-cloud", "dagster-plus"), ("dagster-plus", "prefect-cloud")} == {
        (move.origin, move.target) for move in content.migration
    }
    assert all((content.choose, content.features, content.best_for, content.takeaways, content.faq, content.sources))


def test_the_shipped_settings_are_the_defaults() -> None:
    """So that deleting a line of them changes nothing."""
    from pricing_pipeline.registry.settings import FetchEntry, NotifyEntry, SiteEntry

    settings = read_settings(shipped("settings.yaml"), environ={})

    assert (FetchEntry(), NotifyEntry(), SiteEntry()) == (settings.fetch, settings.notify, settings.site)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_that_of_the_model(name: str) -> None:
    """Where this fails, run `python -m pricing_pipeline.registry.schemas` and commit what it writes."""
    assert schema_text(*SCHEMAS[name]) == (CHECKOUT / name).read_text(encoding="utf-8")


def test_schemas_are_written_once_and_then_left_alone(tmp_path: Path) -> None:
    assert len(SCHEMAS) == len(write_schemas(tmp_path))
    assert [] == write_schemas(tmp_path)


def test_a_schema_refuses_what_the_loader_refuses() -> None:
    schema = json.loads(schema_text(*SCHEMAS["vendors/vendor.schema.json"]))

    assert schema["additionalProperties"] is False
    assert schema["$defs"]["SourceEntry"]["additionalProperties"] is False
    assert ["pricing", "reviews", "announcement"] == schema["$defs"]["SourceEntry"]["properties"]["kind"]["enum"]


def test_every_shipped_file_names_its_schema() -> None:
    for path in (*shipped("vendors").glob("*.yaml"), *shipped("comparisons").glob("*.yaml"), shipped("settings.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        match = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
        assert match, path.name
        assert (path.parent / match[1]).is_file(), path.name
