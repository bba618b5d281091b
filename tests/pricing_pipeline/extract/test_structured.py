"""Structured data is read as pages really write it; one bad block costs nothing but itself."""

from decimal import Decimal

import pytest

from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.structured import Structured, read_structured


def read(page: str) -> Structured:
    return read_structured(read_document(f"<html><head><title>Acme</title></head><body>{page}</body></html>".encode()))


def ld(*blocks: str) -> Structured:
    return read("".join(f'<script type="application/ld+json">{block}</script>' for block in blocks))


OFFER = (
    '{"@type": "Product", "name": "Acme", '
    '"offers": {"@type": "Offer", "name": "Solo", "price": %s, "priceCurrency": "USD"}}'
)


@pytest.mark.parametrize(
    "block",
    [
        OFFER % '"10.00"',
        OFFER % "10",
        OFFER % '"10.00 USD"',
        OFFER % '"$10"',
        f"[{OFFER % '10'}]",
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite"}}, {OFFER % "10"}]}}',
        (OFFER % "10").replace("}}", ",},}"),
        "/* prices */ " + OFFER % "10" + " // end",
        "<!-- " + OFFER % "10" + " -->",
        "//<![CDATA[\n" + OFFER % "10" + "\n//]]>",
        (OFFER % "10").replace('"name": "Acme"', '"name": "Acme", "weight": NaN, "width": undefined'),
        (OFFER % "10").replace('"', "&quot;"),
        OFFER % "10" + ";",
        "<!-- Our prices. -->\n" + OFFER % "10",
        (OFFER % "10").replace('"Acme",', '"Acme", // "old": 1\n').replace("}}", ", // end\n}}"),
        (OFFER % "10").replace('"Acme"', '"A\ncme"').replace("A\ncme", "Acme"),
        (OFFER % "10")
        .replace('"offers"', '"Offers"')
        .replace('"@type": "Offer"', '"@type": "http://schema.org/Offer"'),
        (
            '{"@graph": [{"@type": "Product", "name": "Acme", "offers": {"@id": "#o"}}, '
            '{"@id": "#o", "@type": "Offer", "name": "Solo", "price": 10, "priceCurrency": "USD"}]}'
        ),
    ],
)
def test_an_offer_is_read_whatever_its_json_looks_like(block: str) -> None:
    found = ld(block)

    assert [(Decimal(10), "USD", "Solo")] == [(offer.amount, offer.currency, offer.name) for offer in found.offers]
    assert () == found.diagnostics


@pytest.mark.parametrize(
    "block",
    [
        "{",
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a": 1 2}',
        "x" * 3_000_000,
        "[" * 60 + OFFER % "10" + "]" * 60 + "}",
    ],
)
def test_a_block_that_cannot_be_read_is_named_and_the_others_are_kept(block: str) -> None:
    found = ld(block, OFFER % "10")

    assert [Decimal(10)] == [offer.amount for offer in found.offers]
    assert ["low_confidence"] == [note.code for note in found.diagnostics]
    assert "block 0" in found.diagnostics[0].message


@pytest.mark.parametrize("price", ["1e400", "9" * 5000, '"free"', "null", '"10 or 20"', "0.000000000001", '"1.2.3"'])
def test_a_price_that_is_no_storable_number_is_unknown(price: str) -> None:
    assert [None] == [offer.amount for offer in ld(OFFER % price).offers] or not ld(OFFER % price).offers


def test_two_prices_under_one_key_are_no_price() -> None:
    """JSON lets the last one win, which is a guess."""
    found = ld('{"@type": "Offer", "price": 10, "price": 20, "priceCurrency": "USD"}')

    assert [None] == [offer.amount for offer in found.offers]


def test_a_missing_or_unknown_currency_is_none() -> None:
    found = ld('{"@type": "Offer", "price": "10"}', '{"@type": "Offer", "price": "10", "priceCurrency": "$"}')

    assert [None, None] == [offer.currency for offer in found.offers]


@pytest.mark.parametrize(
    ("specification", "period"),
    [
        ('"@type": "UnitPriceSpecification", "billingDuration": "P1M"', "month"),
        ('"@type": "UnitPriceSpecification", "billingDuration": 1, "unitCode": "MON"', "month"),
        ('"@type": "UnitPriceSpecification", "unitText": "per year"', "year"),
        ('"referenceQuantity": {"@type": "QuantitativeValue", "value": "1", "unitCode": "ANN"}', "year"),
        ('"referenceQuantity": {"value": 12, "unitCode": "MON"}', "year"),
        ('"valueAddedTaxIncluded": false', None),
    ],
)
def test_a_price_specification_says_the_period(specification: str, period: str | None) -> None:
    price = f'{{"price": 10, "priceCurrency": "USD", {specification}}}'
    found = ld(f'{{"@type": "Offer", "name": "Solo", "priceSpecification": {price}}}')

    assert [(Decimal(10), "USD", period)] == [(offer.amount, offer.currency, offer.period) for offer in found.offers]


def test_an_aggregate_offer_has_both_bounds() -> None:
    found = ld('{"@type": "AggregateOffer", "lowPrice": "10", "highPrice": "100", "priceCurrency": "EUR"}').offers[0]

    assert (Decimal(10), Decimal(100), "EUR") == (found.amount, found.amount_max, found.currency)


MICRODATA = """
<div itemscope itemtype="https://schema.org/SoftwareApplication"><h1 itemprop="name">Acme</h1>
 <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
  <span itemprop="name">Solo</span> <span itemprop="price" content="10.00">$10</span><meta itemprop="priceCurrency"
  content="USD">
 </div>
 <div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">
  Rated <span itemprop="ratingValue">4.5</span>/<span itemprop="bestRating">5</span> by <a itemprop="reviewCount"
  href="#reviews">124</a>
 </div>
</div>"""
RDFA = """
<div vocab="https://schema.org/" typeof="SoftwareApplication"><h1 property="name">Acme</h1>
 <div property="offers" typeof="Offer">
  <span property="name">Solo</span> <span property="price" content="10.00">$10</span><meta property="priceCurrency"
  content="USD">
 </div>
 <div property="aggregateRating" typeof="AggregateRating">
  Rated <span property="ratingValue">4.5</span>/<span property="bestRating">5</span> by <span
  property="reviewCount">124</span>
 </div>
</div>"""


@pytest.mark.parametrize("page", [MICRODATA, RDFA], ids=["microdata", "rdfa"])
def test_items_in_the_markup_say_the_same_as_json(page: str) -> None:
    found = read(page)

    assert [("Solo", Decimal(10), "USD")] == [(offer.name, offer.amount, offer.currency) for offer in found.offers]
    rating = found.ratings[0]
    assert ("Acme", Decimal("4.5"), Decimal(5), 124) == (
        rating.subject,
        rating.rating,
        rating.best,
        rating.review_count,
    )


def test_an_item_may_refer_to_properties_elsewhere() -> None:
    found = read(
        '<div itemscope itemtype="https://schema.org/Product" itemref="r"><i itemprop="name">Acme</i></div>'
        '<div id="r"><div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">'
        '<b itemprop="ratingValue">4.5</b><b itemprop="ratingCount">10</b></div></div>'
    )

    assert [("Acme", 10)] == [(rating.subject, rating.rating_count) for rating in found.ratings]


@pytest.mark.parametrize("page", [f'<script type="application/ld+json">{OFFER % 10}</script>', MICRODATA, RDFA])
def test_every_figure_quotes_the_page(page: str) -> None:
    document = read_document(f"<html><body>{page}</body></html>".encode())
    found = read_structured(document)

    assert found.offers
    for fact in (*found.offers, *found.ratings):
        assert document.holds(fact.evidence.quote, fact.evidence.surface)


@pytest.mark.parametrize("page", [MICRODATA, RDFA])
def test_a_small_item_is_quoted_in_its_own_words(page: str) -> None:
    """A bare "4.5" stands on a page in many places."""
    assert read(page).ratings[0].evidence.quote.startswith("Rated 4.5")


def test_a_long_quotient_is_kept_to_four_places() -> None:
    found = ld('{"@type": "AggregateRating", "ratingValue": "4.55555555555556", "ratingCount": "9"}').ratings[0]

    assert Decimal("4.5556") == found.rating


def test_references_that_go_in_circles_end() -> None:
    found = ld(
        '{"@graph": [{"@id": "#a", "@type": "Product", "x": {"@id": "#b"}}, '
        '{"@id": "#b", "@type": "Offer", "price": 5, "x": {"@id": "#a"}}]}'
    )

    assert [Decimal(5)] == [offer.amount for offer in found.offers]
