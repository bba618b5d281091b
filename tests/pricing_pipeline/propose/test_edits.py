"""Vendor files that people wrote gain and lose lines; their comments, order and layout stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.facts import Recipe
from pricing_pipeline.propose.edits import difference, with_product, with_recipe, with_source
from pricing_pipeline.propose.vendor_file import ProposedSource
from pricing_pipeline.registry import Registry, read_registry

FILE = """\
# yaml-language-server: $schema=vendor.schema.json
name: Acme   # the vendor
homepage: https://acme.example

products:
  - slug: acme-cloud
    name: Acme Cloud
    sources:
      - kind: pricing
        url: https://acme.example/pricing
        expect: [Solo]
        # found by hand in May
        recipe:
          plan: div.tier   # every tier
          name: h3
          ignore: [.promo]
        notes: >-
          The page has two panes.

          One is hidden.
      - kind: reviews
        publisher: g2
        url: https://www.g2.com/products/acme/reviews

# what it is
facts:
  - topic: licence
    text: Closed.
    as_of: 2026-05-01
    source: https://acme.example/licence
"""
URL = "https://acme.example/pricing"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(FILE)
    return path


def registry(path: Path, text: str) -> Registry:
    path.write_text(text)
    return read_registry(path.parent)


def kept(before: str, after: str) -> list[str]:
    """The lines of a file that are not in it any more."""
    return [line for line in before.splitlines() if line not in after.splitlines()]


def test_a_new_recipe_takes_the_place_of_the_former_one(path: Path) -> None:
    recipe = Recipe(plan='li[class*="plan_base__"]', name="b", ignore=(".promo",))
    after = with_recipe(path, URL, recipe)

    assert ["          plan: div.tier   # every tier", "          name: h3", "          ignore: [.promo]"] == kept(
        FILE, after
    )
    assert recipe == registry(path, after).products[0].sources[0].recipe


def test_a_recipe_without_selectors_takes_the_former_one_out(path: Path) -> None:
    after = with_recipe(path, URL, Recipe())

    assert registry(path, after).products[0].sources[0].recipe is None
    assert "recipe" not in after


def test_a_source_without_a_recipe_gains_one_and_its_neighbour_does_not(path: Path) -> None:
    path.write_text(FILE.replace("publisher: g2", "publisher: g2\n        every: 2d"))
    after = with_recipe(path, "https://www.g2.com/products/acme/reviews/", Recipe(rating=".score"))
    pricing, reviews = registry(path, after).products[0].sources

    assert Recipe(rating=".score") == reviews.recipe
    assert pricing.recipe is not None
    assert "div.tier" == pricing.recipe.plan


def test_a_product_gains_a_source_after_its_last_one(path: Path) -> None:
    source = ProposedSource(
        kind="reviews", publisher="capterra", url="https://www.capterra.com/p/1/acme", expect=("Acme",)
    )
    after = with_source(path, "acme-cloud", source)

    assert [] == kept(FILE, after)
    assert ["pricing", "reviews", "reviews"] == [one.kind for one in registry(path, after).products[0].sources]
    assert after.endswith(FILE[FILE.index("\n# what it is") :])


def test_a_vendor_gains_a_product(path: Path) -> None:
    source = ProposedSource(kind="pricing", url="https://acme.example/edge", currency="USD", currency_note="a bare $")
    after = with_product(path, "acme-edge", "Acme: Edge", source)
    product = registry(path, after).products[1]

    assert [] == kept(FILE, after)
    assert ("acme-edge", "Acme: Edge", "USD") == (product.slug, product.name, product.sources[0].currency)


def test_the_difference_shows_what_is_added_and_nothing_else(path: Path) -> None:
    after = with_source(path, "acme-cloud", ProposedSource(kind="announcement", url="https://acme.example/news"))
    changed = [line for line in difference(path, after).splitlines()[2:] if line[:1] in "+-"]

    assert ["+      - kind: announcement", "+        url: https://acme.example/news", "+        every: 1d"] == changed


def test_a_list_on_one_line_is_left_to_a_person(path: Path) -> None:
    product = f"{{slug: a, name: A, sources: [{{kind: pricing, url: '{URL}'}}]}}"
    path.write_text(f"name: Acme\nhomepage: https://acme.example\nproducts: [{product}]\n")

    with pytest.raises(RegistryError, match=r"acme.yaml:3: .*by hand"):
        with_recipe(path, URL, Recipe(plan="div"))


def test_a_file_that_cannot_be_read_is_told_with_its_faults(path: Path) -> None:
    path.write_text("name: [no end\n")

    with pytest.raises(RegistryError, match=r"acme.yaml:\d+: not YAML"):
        with_recipe(path, URL, Recipe(plan="div"))


def test_a_source_that_the_file_does_not_hold_is_told(path: Path) -> None:
    with pytest.raises(RegistryError, match="holds no source"):
        with_recipe(path, "https://acme.example/other", Recipe(plan="div"))


def test_a_product_that_the_file_does_not_hold_is_told(path: Path) -> None:
    with pytest.raises(RegistryError, match="holds no product `other`"):
        with_source(path, "other", ProposedSource(kind="pricing", url=URL))
