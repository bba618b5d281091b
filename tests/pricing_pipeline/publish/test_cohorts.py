"""What a page promises some customers only, on the page of its product: word for word, and as no price of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pricing_pipeline.catalog import CohortPeriod
from pricing_pipeline.facts import Cohort
from pricing_pipeline.publish.edition import publish
from tests.pricing_pipeline.publish import example

SINCE = datetime(2026, 5, 1, 6, tzinfo=UTC)


def kept(quote: str, *, valid_to: datetime | None = None) -> CohortPeriod:
    cohort = Cohort(plan="solo", evidence=example.evidence(quote))
    return CohortPeriod(
        vendor="dagster", product="dagster-plus", cohort=cohort, valid_from=SINCE, valid_to=valid_to,
        url="https://dagster.io/pricing",
    )  # fmt: skip


def test_the_page_quotes_what_is_promised_to_some_customers_as_long_as_it_stands(tmp_path: Path) -> None:
    catalog = replace(
        example.CATALOG,
        cohorts=(kept("Existing customers keep <b>$8</b>."), kept("Founders pay $5.", valid_to=SINCE)),
    )
    made = publish(catalog, (), registry=example.REGISTRY, editions=tmp_path).path
    page = " ".join((made / "vendors/dagster.html").read_text("utf-8").split())

    assert "for some customers only, and no part of the prices below" in page
    assert "Solo: <q>Existing customers keep &lt;b&gt;$8&lt;/b&gt;.</q>" in page
    assert "Founders" not in page
