"""An archived address belongs to the source that is registered under it, however it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pricing_pipeline.captures.places import Places, plain
from pricing_pipeline.facts import Source, SourceKind

THEN = datetime(2024, 3, 1, 6, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def source(url: str, id_: str = "acme/app/pricing", also: tuple[str, ...] = ()) -> Source:
    return Source(id=id_, vendor="acme", product="app", kind=SourceKind.PRICING, url=url, also=also)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/pricing",
        "http://acme.example/pricing/",
        "HTTP://WWW.Acme.Example.:80/pricing",
        "https://acme.example:443/pricing#teams",
        "  https://acme.example/pricing ",
    ],
)
def test_one_address_in_many_spellings(url: str) -> None:
    assert ["acme/app/pricing"] == [
        one.id for one in Places([source("https://acme.example/pricing")]).sources(url, THEN)
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/Pricing",
        "https://acme.example/pricing?team=1",
        "https://acme.example:8443/pricing",
        "https://docs.acme.example/pricing",
        "https://acme.example/",
        "https://[not an address",
    ],
)
def test_another_address_is_another_page(url: str) -> None:
    places = Places([source("https://acme.example/pricing")])

    assert [] == places.sources(url, THEN)
    assert not places.may_hold(url)


def test_a_page_that_two_sources_watch_belongs_to_both() -> None:
    places = Places(
        [source("https://acme.example/p", "acme/one/pricing"), source("http://acme.example/p/", "acme/two/pricing")]
    )

    assert ["acme/one/pricing", "acme/two/pricing"] == [
        one.id for one in places.sources("https://acme.example/p", THEN)
    ]


def test_redirects_are_followed_for_a_day_and_over_several_steps() -> None:
    places = Places([source("https://acme.example/pricing")])
    places.follow("https://acme.example/pricing", "https://www.acme.example/plans", THEN)
    places.follow("https://www.acme.example/plans", "/en/plans", THEN + SECOND)

    assert ["acme/app/pricing"] == [
        one.id for one in places.sources("https://acme.example/en/plans", THEN + 2 * SECOND)
    ]
    assert [] == places.sources("https://acme.example/en/plans", THEN + timedelta(days=2))


@pytest.mark.parametrize(("also", "expected"), [((), False), (("acme.de",), True)])
def test_a_redirect_to_another_site_is_followed_only_where_the_source_names_it(
    also: tuple[str, ...], expected: bool
) -> None:
    """A name that was given up leads to whoever sells names; its page is no vendor's."""
    places = Places([source("https://acme.example/pricing", also=also)])
    places.follow("https://acme.example/pricing", "https://www.acme.de/preise", THEN)

    assert expected == places.may_hold("https://www.acme.de/preise")


@pytest.mark.parametrize("location", ["javascript:alert(1)", "file:///etc/passwd", "https://[x", "mailto:a@b.example"])
def test_a_redirect_to_nowhere_is_not_followed(location: str) -> None:
    places = Places([source("https://acme.example/pricing")])

    assert places.follow("https://acme.example/pricing", location, THEN) is None


def test_a_redirect_of_a_stranger_makes_nothing_known() -> None:
    places = Places([source("https://acme.example/pricing")])
    places.follow("https://other.example/", "https://other.example/x", THEN)

    assert not places.may_hold("https://other.example/x")


def test_an_address_that_is_none_is_compared_as_it_stands() -> None:
    assert "https://acme.example:no/" == plain("https://acme.example:no/")
