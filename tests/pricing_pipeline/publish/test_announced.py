"""What is announced for a day to come: on the pages, in the data, and never as today's figure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from pricing_pipeline import costs
from pricing_pipeline.catalog import AnnouncedTerm
from pricing_pipeline.publish import data, phrases, schemas
from pricing_pipeline.publish.edition import publish
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import Promise
from tests.pricing_pipeline.publish import example

STANDING = next(row for row in example.TERMS if row.term.plan == "solo" and row.term.amount == Decimal(10))
HOSTILE = "From 21 September: <script>alert(1)</script> $12"
COMING = AnnouncedTerm(
    vendor=STANDING.vendor,
    product=STANDING.product,
    term=replace(
        STANDING.term, amount=Decimal(12), effective_from=date(2026, 9, 21), evidence=example.evidence(HOSTILE)
    ),
    provenance=replace(STANDING.provenance, url="https://dagster.io/blog/prices"),
    before=STANDING.term,
)
CATALOG = replace(example.CATALOG, announced=(COMING,))
SETTLED = datetime(2026, 9, 22, tzinfo=UTC)


def test_the_data_says_what_will_hold_and_what_holds_until_then() -> None:
    document = json.loads(data.dump(data.documents(Shelf(CATALOG, example.REGISTRY))["announced"]))

    (row,) = document["announced"]
    assert ("2026-09-21", "12", "10") == (row["effective_from"], row["amount"], row["until_then"]["amount"])
    assert ("2026-05-01T06:00:00Z", "https://dagster.io/blog/prices") == (row["announced_at"], row["url"])
    assert [] == schemas.faults("announced", document)
    jsonschema.Draft202012Validator(json.loads(schemas.schema("announced"))).validate(document)


@pytest.mark.parametrize("path", ["vendors/dagster.html", "compare/prefect-vs-dagster.html"])
def test_the_pages_say_so_beside_todays_figures(tmp_path: Path, path: str) -> None:
    made = publish(
        CATALOG, (example.comparison(),), registry=example.REGISTRY, price=costs.price, editions=tmp_path
    ).path
    page = " ".join((made / path).read_text("utf-8").split())

    assert 'From <time datetime="2026-09-21">21 September 2026</time>' in page
    assert "<strong>$12.00 a month</strong> (until then $10.00 a month)" in page
    assert 'href="https://dagster.io/blog/prices"' in page
    assert "<script>alert" not in page
    assert "data-figure" not in page[page.index("announced and not in force yet") :].split("</ul>")[0]


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        (Promise.STANDING, "Announced, and not in force when last looked."),
        (Promise.CONFIRMED, "Announced; the pricing page confirmed it on 22 September 2026."),
        (Promise.WITHDRAWN, "Announced, and no longer since 22 September 2026."),
        (Promise.REPLACED, "Announced; another announcement took its place on 22 September 2026."),
        (Promise.NOT_KEPT, "Announced; the pricing page said otherwise on 22 September 2026."),
        (None, ""),
    ],
)
def test_the_change_log_says_what_became_of_it(promise: Promise | None, said: str) -> None:
    settled = None if promise in (Promise.STANDING, None) else SETTLED

    assert said == phrases.promise(replace(example.CHANGE, promise=promise, settled_at=settled))
