"""Other names of products and plans, as vendor files give them: for the reader of claims and for placeholders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_pipeline.claims.audit import Auditor
from pricing_pipeline.claims.placeholders import Filler
from pricing_pipeline.claims.registered import named, other_names
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.registry.vendors import Product, Registry, Vendor
from tests.pricing_pipeline.claims.market import DAGSTER, KNOWN
from tests.pricing_pipeline.publish import example

REGISTRY = Registry(
    vendors=(
        Vendor(
            slug="dagster",
            name="Dagster",
            homepage="https://dagster.example",
            categories=(),
            products=(
                Product(
                    vendor="dagster", slug=DAGSTER, name="Dagster+", sources=(), aliases=("Dagster Cloud",),
                    plan_aliases=(("solo", ("Individual",)),),
                ),
            ),
        ),
    )
)  # fmt: skip


def test_a_claim_about_another_name_is_judged():
    auditor = Auditor(replace(KNOWN, products=(*KNOWN.products[1:], *named(REGISTRY))))
    found = auditor.audit("Dagster Cloud Solo costs $10. Dagster Cloud's Individual plan costs $12 a month.", "a.md")

    assert ["$12 a month"] == [one.claim.text for one in found.contradicted]
    assert {"solo"} == {subject.plan for one in found.judged for subject in one.claim.subjects}


@pytest.mark.parametrize(
    ("placeholder", "right"),
    [("dagster-cloud.solo", "dagster-plus"), ("dagster-plus.individual.recurring_fee", "dagster-plus.solo")],
)
def test_a_placeholder_by_another_name_is_told_the_right_one(placeholder, right):
    filler = Filler(example.CATALOG, other_names=other_names(REGISTRY))

    with pytest.raises(ClaimError, match=rf"is another name of {right}: write {right}$"):
        filler.fill(f"{{{{ {placeholder} }}}}")
