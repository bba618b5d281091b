"""Pages spoilt in every way a connection, a template or a content system can spoil them: nothing breaks, nothing is invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pricing_pipeline.extract.reader import read_page
from pricing_pipeline.facts import Observation, Outcome, SourceKind
from tests.pricing_pipeline.extract.mutations import MUTATIONS, URL, Mutant, cut, faults, mutant
from tests.pricing_pipeline.extract.pages import BADGE, card, cloud_page, framed, grid, tag

DEMO = Path(__file__).resolve().parents[3] / "pricing_pipeline" / "demo" / "pages"
FEW, MANY = 300, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sound page of our own writing, and what it says."""

    name: str
    body: bytes
    kind: SourceKind
    whole: Observation


@cache
def samples() -> tuple[Sample, ...]:
    found = [
        *_demo_pages(),
        ("cloud before", cloud_page(credits_included=True).encode(), SourceKind.PRICING),
        ("cloud after", cloud_page(credits_included=False).encode(), SourceKind.PRICING),
        ("matrix", _matrix().encode(), SourceKind.PRICING),
        ("stars", _stars().encode(), SourceKind.REVIEWS),
    ]
    return tuple(
        Sample(name=name, body=body, kind=kind, whole=read_page(body, url=URL, kind=kind)) for name, body, kind in found
    )


def _demo_pages() -> Iterator[tuple[str, bytes, SourceKind]]:
    for path in sorted(DEMO.rglob("*.html")):
        kind = SourceKind.REVIEWS if "reviews" in str(path) or "g2" in str(path) else SourceKind.PRICING
        yield str(path.relative_to(DEMO)), path.read_bytes(), kind


def _matrix() -> str:
    """Cards over a table of features, a table of rates in bands, and structured data."""
    data = (
        '{"@context":"https://schema.org","@type":"Product","name":"Acme","offers":[{"@type":"Offer","name":"Team",'
        '"price":"49.00","priceCurrency":"EUR"}]}'
    )
    features = "".join(
        f"<tr><th>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>"
        for row in (
            ("", "Basic", "Team", "Company"),
            ("Seats", "1", "10", "Unlimited"),
            ("Events a month", "1,000", "50,000", "Custom"),
            ("Single sign-on", "–", "–", "Included"),
        )
    )
    bands = "".join(
        f"<tr><td>{events}</td><td>{price}</td></tr>"
        for events, price in (("First 10,000 events", "Free"), ("10,001 – 100,000", "$0.50 per 1,000 events"))
    )
    return framed(
        grid(
            card("Basic", "<p>Free</p>", "1 user"),
            card("Team", tag("49", sign="€"), "10 users", "<del>€59</del> now €49", badge=BADGE),
            card("Company", "<p>Contact sales</p>", "Unlimited users"),
        )
        + f"<h2>Compare</h2><table>{features}</table><h2>Usage</h2><table><tr><th>Events</th><th>Price</th></tr>{bands}</table>"
        + f"<script type='application/ld+json'>{data}</script>"
    )


def _stars() -> str:
    return framed(
        "<main itemscope itemtype='https://schema.org/Product'><h1 itemprop='name'>Acme Reviews</h1>"
        "<div itemprop='aggregateRating' itemscope itemtype='https://schema.org/AggregateRating'>"
        "<span itemprop='ratingValue'>4.4</span> out of <span itemprop='bestRating'>5</span>, "
        "<span itemprop='reviewCount'>124</span> reviews</div><p aria-label='4.4 out of 5 stars'></p></main>"
    )


def spoilt(count: int) -> Iterator[tuple[Sample, Mutant]]:
    pages = samples()
    for seed in range(count):
        page = pages[seed % len(pages)]
        yield page, mutant(page.body, seed)


def told(pairs: Iterator[tuple[Sample, Mutant]]) -> list[str]:
    return [
        f"{page.name} seed {one.seed} ({one.how}): {fault}"
        for page, one in pairs
        for fault in faults(one, page.whole, kind=page.kind)
    ]


@pytest.mark.soak
def test_a_spoilt_page_breaks_nothing_and_every_fact_is_still_quoted_from_it(soak: bool) -> None:
    """No crash, no hang, no fact without its quote: 10,000 of them in the long trials, some hundreds otherwise."""
    assert [] == told(spoilt(MANY if soak else FEW))


@pytest.mark.parametrize("page", samples(), ids=lambda page: page.name)
def test_a_part_of_a_page_never_says_another_value(page: Sample) -> None:
    """Cut at forty places: what is still read is what the whole page says, or the term is not read at all."""
    chance = random.Random(page.name)
    ends = sorted(chance.sample(range(len(page.body)), k=min(40, len(page.body))))
    parts = (Mutant(body=page.body[:end], seed=end, how="cut", is_prefix=True) for end in ends)

    assert [] == told((page, part) for part in parts)


def test_the_sound_pages_say_something() -> None:
    """Otherwise spoiling them would show nothing."""
    for page in samples():
        said = page.whole
        assert said.terms or said.ratings or said.outcome is Outcome.BLOCKED, page.name


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_seed_spoils_a_page_the_same_way_each_time(mutation: Callable[[bytes, random.Random], bytes]) -> None:
    """So that a fault can be made again from its seed."""
    body = samples()[0].body

    assert mutation(body, random.Random(7)) == mutation(body, random.Random(7))


def test_a_reading_with_another_value_or_without_its_quote_would_be_noticed() -> None:
    """The trial itself is tried: the reading of one page held against another page's."""
    before = cloud_page(credits_included=True).encode()
    after = read_page(cloud_page(credits_included=False).encode(), url=URL, kind=SourceKind.PRICING)
    whole = Mutant(body=before, seed=0, how=cut.__name__, is_prefix=True)

    assert any("a part of the page says" in fault for fault in faults(whole, after))
