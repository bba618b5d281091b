"""The data under v1 follows its schemas, and the feed has ids that stay."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import jsonschema
import pytest

from pricing_pipeline.facts import Cause, GateState
from pricing_pipeline.publish import data, feed, schemas
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import Promise
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.example import CATALOG, REGISTRY

SHELF = Shelf(CATALOG, REGISTRY)
DOCUMENTS = data.documents(SHELF)
ATOM = {"a": feed.ATOM}


@pytest.mark.parametrize("name", data.NAMES)
def test_every_document_follows_its_schema(name):
    document = json.loads(data.dump(DOCUMENTS[name]))

    assert [] == schemas.faults(name, document)
    jsonschema.Draft202012Validator(json.loads(schemas.schema(name))).validate(document)


@pytest.mark.parametrize("name", data.NAMES)
def test_every_schema_is_a_schema(name):
    jsonschema.Draft202012Validator.check_schema(json.loads(schemas.schema(name)))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"state": "maybe"}, "$.terms[0].state: 'maybe' is none of"),
        ({"amount": 10}, "$.terms[0].amount: int where"),
        ({"amount": "$10"}, "$.terms[0].amount: '$10' does not match"),
        ({"pending": 1}, "$.terms[0].pending: int where boolean belongs"),
        ({"surprise": "x"}, "$.terms[0]: surprise is not known"),
        ({"evidence": {"quote": "q", "surface": "visible"}}, "$.terms[0].evidence: lacks locator"),
        ({"previous": {"plan": None}}, "$.terms[0].previous: lacks term"),
    ],
)
def test_a_document_that_breaks_its_schema_is_told_where(change, fault):
    """And the independent judge agrees that it is broken."""
    document = {"terms": [{**DOCUMENTS["terms"]["terms"][0], **change}]}

    assert schemas.faults("terms", document)[0].startswith(fault)
    assert not jsonschema.Draft202012Validator(json.loads(schemas.schema("terms"))).is_valid(document)


def test_amounts_are_decimal_text_and_what_is_not_known_is_null():
    solo = next(row for row in DOCUMENTS["terms"]["terms"] if row["text"] == "Not included")

    assert (None, None, "not_included", "7500") == (
        solo["amount"], solo["quantity"], solo["state"], solo["previous"]["quantity"],
    )  # fmt: skip
    assert "0.04" == next(
        row["amount"] for row in DOCUMENTS["terms"]["terms"] if row["metric"] == "credit" and row["amount"]
    )


def test_a_change_reads_as_the_command_line_prints_it():
    (change,) = DOCUMENTS["changes"]["changes"]

    assert ("7500", None, "2026-05-01T06:00:00Z", "2026-05-01") == (
        change["before"], change["after"], change["observed_at"], change["effective_at"],
    )  # fmt: skip
    assert [{"workload": example.OWN.slug, "plan": "solo", "before": "10.00", "after": "310.00"}] == change["costs"]


def test_a_fraction_of_a_cent_is_kept():
    cost = replace(example.COSTS[0].cost, low=Decimal("362.5050"), high=Decimal("362.5050"))
    changed = replace(example.CHANGE, costs=(replace(example.CHANGE.costs[0], after=cost),))

    assert "362.505" == data.change(changed)["costs"][0]["after"]


def test_freshness_tells_a_blocked_source_from_a_read_one():
    blocked, read = DOCUMENTS["freshness"]["sources"][3], DOCUMENTS["freshness"]["sources"][0]

    assert ("blocked", "2026-05-01T06:00:00Z", "2026-04-30T06:00:00Z") == (
        blocked["outcome"], blocked["broken_since"], blocked["verified_at"],
    )  # fmt: skip
    assert read["broken_since"] is None


def test_the_feed_has_an_entry_for_each_change_with_an_id_that_stays():
    root = ElementTree.fromstring(feed.atom(SHELF, title="Ours"))

    assert ["urn:pricing-pipeline:change:c0ffee01"] == [e.text for e in root.findall("a:entry/a:id", ATOM)]
    assert "2026-05-01T06:00:00Z" == root.findtext("a:updated", namespaces=ATOM)
    assert example.SHIFT == root.findtext("a:entry/a:summary", namespaces=ATOM)


def entry_of(change) -> dict[str, str]:
    """The one entry of the Atom feed."""
    root = ElementTree.fromstring(feed.atom(Shelf(replace(CATALOG, changes=(change,)), REGISTRY), title="Ours"))
    return {tag.tag.rpartition("}")[2]: tag.text for tag in root.find("a:entry", ATOM)}


def test_an_announcement_is_news_and_keeps_its_id_when_its_day_has_come():
    """Whoever follows the feed sees the same entry again, told further: never a second one."""
    ahead = replace(example.CHANGE, announced_at=example.APRIL, effective_at=date(2026, 6, 1), promise=Promise.STANDING)
    kept = replace(ahead, promise=Promise.CONFIRMED, settled_at=datetime(2026, 6, 1, 6, tzinfo=UTC))

    told, settled = entry_of(ahead), entry_of(kept)

    assert (told["id"], told["published"]) == (settled["id"], settled["published"])
    assert ("2026-05-01T06:00:00Z", "2026-06-01T06:00:00Z") == (told["updated"], settled["updated"])
    assert told["summary"].endswith("Announced, and not in force when last looked.")
    assert settled["summary"].endswith("Announced; the pricing page confirmed it on 1 June 2026.")


def test_the_json_feed_has_the_same_entries_under_the_same_ids():
    atom = ElementTree.fromstring(feed.atom(SHELF, title="Ours"))
    told = json.loads(feed.json_feed(SHELF, title="Ours"))

    assert "https://jsonfeed.org/version/1.1" == told["version"]
    assert [e.text for e in atom.findall("a:entry/a:id", ATOM)] == [item["id"] for item in told["items"]]
    assert example.SHIFT == told["items"][0]["content_text"]
    assert "vendors/dagster.html#x-c0ffee01" == told["items"][0]["_pricing_pipeline"]["page"]
    assert {"version", "title", "language", "items"} == set(told), "no address is made up"


def test_feeds_link_back_where_it_is_known_where_the_site_is_served():
    at = "https://prices.example/here/"
    atom = ElementTree.fromstring(feed.atom(SHELF, title="Ours", site_url=at))
    told = json.loads(feed.json_feed(SHELF, title="Ours", site_url=at))
    page = "https://prices.example/here/vendors/dagster.html#x-c0ffee01"

    assert (page, page) == (atom.find("a:entry/a:link", ATOM).get("href"), told["items"][0]["url"])
    assert ("https://prices.example/here/feed.json", "https://prices.example/here/index.html") == (
        told["feed_url"], told["home_page_url"],
    )  # fmt: skip


def test_a_republished_feed_is_the_same_feed():
    later = replace(CATALOG, as_of=CATALOG.as_of + timedelta(days=3))

    assert feed.atom(SHELF, title="Ours") == feed.atom(Shelf(later, REGISTRY), title="Ours")
    assert feed.json_feed(SHELF, title="Ours") == feed.json_feed(Shelf(later, REGISTRY), title="Ours")


@pytest.mark.parametrize("values", [{"cause": Cause.BACKFILL}, {"cause": Cause.EXTRACTOR}, {"state": GateState.HELD}])
def test_what_the_vendor_did_not_do_or_nobody_confirmed_is_no_news(values):
    """An archive that was read late, a mended reader, a held change."""
    shelf = Shelf(replace(CATALOG, changes=(replace(example.CHANGE, **values),)), REGISTRY)
    root = ElementTree.fromstring(feed.atom(shelf, title="Ours"))

    assert [] == root.findall("a:entry", ATOM)


def test_an_entry_names_its_product_once():
    """A change of all plans begins with the product's own name."""
    of_all = replace(example.CHANGE, plan=None, verdict="Dagster+: price per minute $0.005 → $0.01")

    assert "Dagster+: price per minute $0.005 → $0.01" == entry_of(of_all)["title"]
    assert f"Dagster+: {example.SHIFT}" == entry_of(example.CHANGE)["title"]
