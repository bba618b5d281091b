"""The example site: one loopback server in the place of several hosts, on a day that can be moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import requests

from pricing_pipeline.demo import DemoSite, days, pages, serve
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.client import Client
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.settings import FetchSettings

APRIL, MAY = date(2026, 4, 30), date(2026, 5, 1)


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with serve(APRIL) as running:
        yield running


def get(site: DemoSite, host: str, path: str, **headers: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(site.base + path, headers={"Host": host, **headers}, timeout=5)
        assert answer.content is not None
    return answer


def test_the_host_header_decides_whose_page_is_served(site: DemoSite) -> None:
    assert "Dagster" in get(site, "dagster.io", "/pricing").text
    assert "Prefect Cloud" in get(site, "www.prefect.io", "/pricing").text
    assert 404 == get(site, "other.example", "/pricing").status_code
    assert 404 == get(site, "dagster.io", "/other").status_code


def test_letting_a_day_pass_changes_the_page_and_its_tag(site: DemoSite) -> None:
    before = get(site, "dagster.io", "/pricing")
    site.day = MAY
    after = get(site, "dagster.io", "/pricing", **{"If-None-Match": before.headers["ETag"]})

    assert 200 == after.status_code
    assert before.content != after.content


def test_a_page_that_one_holds_is_not_sent_again(site: DemoSite) -> None:
    tag = get(site, "dagster.io", "/pricing").headers["ETag"]
    again = get(site, "dagster.io", "/pricing", **{"If-None-Match": tag})

    assert (304, b"") == (again.status_code, again.content)


def test_robots_may_read_the_pages(site: DemoSite) -> None:
    answer = get(site, "dagster.io", "/robots.txt")

    assert (200, True) == (answer.status_code, "Allow: /" in answer.text)


def test_every_origin_is_routed_to_loopback(site: DemoSite) -> None:
    assert {"https://dagster.io", "https://www.prefect.io", "https://www.g2.com"} == set(site.routes)
    assert all(base.startswith("http://127.0.0.1:") for base in site.routes.values())


def test_the_fetch_client_gets_each_page_under_its_own_address(site: DemoSite) -> None:
    """Routed to loopback, so that what is captured names the vendor's page and not a port of this machine."""
    settings = FetchSettings(routes=site.routes, spacing_seconds=0)
    with Client(settings) as client:
        results = [client.fetch(FetchRequest(url=page.url)) for page in pages() if page.day == APRIL]

    assert {Outcome.FETCHED} == {result.outcome for result in results}
    assert {page.url: page.body for page in pages() if page.day == APRIL} == {r.final_url: r.body for r in results}


def test_what_was_asked_for_is_remembered_in_order(site: DemoSite) -> None:
    get(site, "dagster.io", "/robots.txt")
    get(site, "dagster.io", "/pricing")

    assert ["dagster.io/robots.txt", "dagster.io/pricing"] == site.requests


def test_the_site_is_gone_when_its_block_ends() -> None:
    with serve(MAY) as running:
        pass
    with pytest.raises(requests.ConnectionError):
        get(running, "dagster.io", "/pricing")


def test_each_day_has_the_same_addresses() -> None:
    assert (APRIL, MAY) == days()
    assert {page.url for page in pages() if page.day == APRIL} == {page.url for page in pages() if page.day == MAY}
