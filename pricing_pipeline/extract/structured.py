"""What a page's structured data says of prices and ratings: JSON-LD, microdata and RDFa in one form, each figure
with its quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from pricing_pipeline import currencies, money, units
from pricing_pipeline.extract.document import Document
from pricing_pipeline.extract.jsonld import read_blocks
from pricing_pipeline.extract.markup import read_microdata, read_rdfa
from pricing_pipeline.extract.nodes import Node, Text, every
from pricing_pipeline.facts import Diagnostic, Evidence, Surface
from pricing_pipeline.numerals import storable

# UN/CEFACT codes of periods, and the periods of ISO 8601 durations.
_UNIT_CODES = {"ANN": "year", "MON": "month", "WEE": "week", "DAY": "day", "HUR": "hour", "QAN": "quarter"}
_DURATIONS = {"P1Y": "year", "P12M": "year", "P1M": "month", "P30D": "month", "P31D": "month", "P3M": "quarter",
"P6M": "half_year", "P1W": "week", "P7D": "week",
              "P1D": "day", "PT1H": "hour", "P365D": "year"}  # fmt: skip
# Where a rating of something else than the page's subject hangs.
_ASIDE = frozenset(
    {
        "itemlistelement",
        "isrelatedto",
        "issimilarto",
        "hasvariant",
        "related",
        "review",
        "reviews",
        "mentions",
        "citation",
        "haspart",
        "comment",
    }
)
_PUBLISHERS = frozenset({"Organization", "WebSite", "WebPage", "Person", "Brand", "BreadcrumbList"})
_SQUEEZED = 260
_PRICES = ("price", "lowPrice", "minPrice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One price that structured data states. `name` is the offer's or its item's, `subject` what is sold as a whole.

    `amount` (up to `amount_max` for an aggregate offer) is None where no price or several stand there; `currency`
    where none
    is stated. `is_list` marks a list or struck price.
    """

    name: str | None
    subject: str | None
    amount: Decimal | None
    evidence: Evidence
    amount_max: Decimal | None = None
    currency: str | None = None
    period: str | None = None
    commitment: str | None = None
    metric: str | None = None
    per: str | None = None
    per_quantity: Decimal | None = None
    is_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredRating:
    """One average that structured data states, of `subject`. `is_aside` where that hangs below something else than
    the page's subject."""

    subject: str | None
    subject_type: str | None
    rating: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    rating_count: int | None
    review_count: int | None
    evidence: Evidence
    syntax: str = "json-ld"
    is_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """All that a page's structured data says. `nodes` are the top-level things."""

    nodes: tuple[Node, ...] = ()
    offers: tuple[Offer, ...] = ()
    ratings: tuple[StructuredRating, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_structured(document: Document) -> Structured:
    """The structured data of a page. A block that cannot be read gives a diagnostic and costs nothing else."""
    blocks, diagnostics = read_blocks(document.scripts)
    # Searching the soup for what it does not hold costs a third of the parse.
    microdata = read_microdata(document.tags) if "itemscope" in document.vocabularies else ()
    rdfa = read_rdfa(document.tags) if "typeof" in document.vocabularies else ()
    nodes = (*blocks, *microdata, *rdfa)
    offers: list[Offer] = []
    ratings: list[StructuredRating] = []
    seen: set[int] = set()
    for node, path in every(nodes):
        if id(node) in seen:
            continue
        seen.add(id(node))
        if _is_offer(node, path):
            offers += _offers(document, node, path)
        elif _is_rating(node, path):
            ratings += _rating(document, node, path)
    return Structured(nodes=nodes, offers=tuple(offers), ratings=tuple(ratings), diagnostics=diagnostics)


Path = tuple[tuple[Node, str], ...]


def _is_offer(node: Node, path: Path) -> bool:
    return node.is_a("Offer", "AggregateOffer") or (
        bool(path) and path[-1][1] == "offers" and bool(node.texts("price"))
    )


def _is_rating(node: Node, path: Path) -> bool:
    if node.is_a("AggregateRating", "Review-aggregate", "Review-Aggregate"):
        return True
    return not node.types and bool(path) and path[-1][1] == "aggregaterating" and bool(node.texts("ratingvalue"))


def _offers(document: Document, node: Node, path: Path) -> Iterator[Offer]:
    """An offer's own price, and those of its price specifications."""
    specifications = node.nodes("priceSpecification")
    named = [holder for holder, _ in reversed(path) if holder.text("name")]
    item = node.nodes("itemOffered")
    name = node.text("name") or (item[0].text("name") if item else None) or node.text("category")
    subject = named[0].text("name") if named else None
    for part in (node, *specifications):
        price = part.first(*_PRICES)
        if not any(text.text.strip() for key in _PRICES for text in part.texts(key)):
            continue
        yield _offer(document, part, node, price, (_plain(name) or (_plain(part.text("name"))), _plain(subject)))


def _offer(
    document: Document, part: Node, node: Node, price: Text | None, names: tuple[str | None, str | None]
) -> Offer:
    amount, stated = _price(price)
    high, _ = _price(part.first("highPrice", "maxPrice"))
    code = (part.text("priceCurrency") or node.text("priceCurrency") or "").strip().upper()
    per = part.nodes("referenceQuantity")
    span = _period(part, per)
    words = (per[0].text("unitText") if per else None) or part.text("unitText")
    unit = None if words is None or units.period(words) else words
    count = storable(_decimal(per[0].first("value")) or Decimal(1)) if per and unit else None
    return Offer(
        name=names[0], subject=names[1], amount=amount, amount_max=high if high != amount else None,
        currency=code if code in currencies.CODES else stated, period=span,
        metric=units.metric(unit) if unit else None, per=unit,
        per_quantity=None if count == 1 else count, is_list=bool(re.search("ListPrice|Strikethrough|MSRP|"
        "SRP", part.text("priceType") or "")),
        evidence=_quoted(document, part, [text for key in _PRICES for text in part.texts(key)][:1], _PRICES),
    )  # fmt: skip


def _period(part: Node, per: tuple[Node, ...]) -> str | None:
    """What a price is charged for: billingDuration, billingIncrement or referenceQuantity with a unit of time."""
    for name in ("billingDuration", "duration", "eligibleDuration"):
        told = (part.text(name) or "").strip().upper()
        if told in _DURATIONS:
            return _DURATIONS[told]
        for node in part.nodes(name):
            if (_decimal(node.first("value")) or 1) == 1:
                return _UNIT_CODES.get((node.text("unitCode") or "").upper()) or units.period(
                    node.text("unitText") or ""
                )
    for holder in (*per, part):
        code = _UNIT_CODES.get((holder.text("unitCode") or "").strip().upper())
        count = _decimal(holder.first("value", "billingDuration", "billingIncrement")) or Decimal(1)
        if code and count == 1:
            return code
        if code == "month" and count == 12:
            return "year"
    return units.period(part.text("unitText") or "")


def _price(value: Text | None) -> tuple[Decimal | None, str | None]:
    """A price and the currency that its own text names ("10.00 USD")."""
    if value is None:
        return None, None
    number = _decimal(value)
    if number is not None:
        return number, None
    amount = money.read_amount(value.text)
    return (amount.amount, amount.currency) if amount and amount.amount_max is None else (None, None)


def _decimal(value: Text | None) -> Decimal | None:
    """A number of structured data, where a point is a decimal point (schema.org), yet pages also write their own
    way."""
    if value is None:
        return None
    if not value.is_number:
        return money.read_number(value.text.strip())
    try:
        return storable(Decimal(value.text[:60]))
    except InvalidOperation:
        return None


def _count(value: Text | None) -> int | None:
    number = _decimal(value)
    if number is None and value is not None:
        found = re.search(r"\d[\d.,'  ]*", value.text)
        number = money.read_number(found.group().strip(" .,")) if found else None
    return int(number) if number is not None and number == int(number) and number >= 0 else None


def _rating(document: Document, node: Node, path: Path) -> Iterator[StructuredRating]:
    inner = next(iter(node.nodes("rating")), node)  # data-vocabulary nests the average
    value = inner.first("ratingValue", "average", "rating", "value") or node.first("ratingValue", "rating")
    reviewed = node.nodes("itemReviewed")
    holder = reviewed[0] if reviewed else (path[-1][0] if path else None)
    counts = [node.first("ratingCount", "votes"), node.first("reviewCount", "count")]
    rating = _average(value)
    if rating is None and not any(counts):
        return
    names = {name for _, name in path[:-1]} | ({path[-1][1]} if path else set())
    yield StructuredRating(
        subject=_plain(holder.text("name") if holder else node.text("itemreviewed", "name")),
        subject_type=holder.types[0] if holder and holder.types else None, rating=rating,
        best=_decimal(inner.first("bestRating", "best") or node.first("bestRating")),
        worst=_decimal(inner.first("worstRating", "worst")),
        rating_count=_count(counts[0]), review_count=_count(counts[1]), syntax=node.syntax,
        evidence=_quoted(document, node, [v for v in (value, *counts) if v], ("ratingValue", "ratingCount",
        "reviewCount")),
        is_aside=bool(names & _ASIDE) or bool(holder and not reviewed and holder.is_a(*_PUBLISHERS)),
    )  # fmt: skip


def _average(value: Text | None) -> Decimal | None:
    """An average, of "4.5 out of 5" and "4.5 stars" too. A program's long quotient (4.55555555555556) is kept to
    four places."""
    if value is None:
        return None
    text = value.text.strip()
    if re.fullmatch(r"\d{1,3}\.\d{5,30}", text):
        return round(Decimal(text), 4)
    return _decimal(value) if _decimal(value) is not None else _leading(text)


def _leading(text: str) -> Decimal | None:
    found = re.match(r"\s*(\d{1,3}(?:[.,]\d{1,4})?)\s*(?:/|out of|von|sur|de|av|stars?|%|$)", text, re.IGNORECASE)
    return money.read_number(found.group(1)) if found else None


def _plain(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _quoted(document: Document, node: Node, values: list[Text], keys: tuple[str, ...]) -> Evidence:
    """The piece of the page's source that states these values."""
    if node.syntax == "json-ld":
        return Evidence(quote=_object(node.source, values, keys), locator=node.locator, surface=Surface.STRUCTURED)
    if node.source and any(value.visible for value in values) and document.holds(node.source):
        return Evidence(quote=node.source, locator=node.locator)
    for value in values:
        if value.visible and document.holds(value.visible):
            return Evidence(quote=value.visible, locator=node.locator)
    quote = next((value.text for value in values if value.text.strip()), None) or " ".join(node.types) or "itemscope"
    return Evidence(quote=quote, locator=node.locator, surface=Surface.STRUCTURED)


def _object(source: str, values: list[Text], keys: tuple[str, ...]) -> str:
    """The smallest stretch of a JSON block between braces that holds the values; the key and value alone where that
    is long."""
    first = ""
    for value in values:
        for start, end in _places(source, keys).get(value.text.strip().casefold(), ()):
            first = first or source[start:end]
            around = _braces(source, start, end)
            if around and len(around) <= _SQUEEZED and all(other.text in around for other in values):
                return " ".join(around.split())
    return " ".join(first.split()) or " ".join(source[:_SQUEEZED].split())


@lru_cache(maxsize=4)
def _places(source: str, keys: tuple[str, ...]) -> dict[str, list[tuple[int, int]]]:
    """Where a JSON block says a value of one of these keys: the stretches from key to value, by the value as written."""
    places: dict[str, list[tuple[int, int]]] = {}
    for found in re.finditer(
        rf'"(?:{"|".join(keys)})"\s*:\s*(?:"\s*([^"]*?)\s*"|([^\s",:{{}}\[\]]+))', source, re.IGNORECASE
    ):
        places.setdefault((found[1] or found[2] or "").casefold(), []).append(found.span())
    return places


def _braces(source: str, start: int, end: int) -> str:
    """The object around a stretch of JSON, braces; "" where it is too long to quote."""
    depth = 0
    for begin in range(start - 1, max(-1, start - _SQUEEZED), -1):
        depth += (source[begin] == "{") - (source[begin] == "}")
        if depth == 1:
            break
    for close in range(end, min(len(source), begin + _SQUEEZED) if depth == 1 else 0):
        depth += (source[close] == "{") - (source[close] == "}")
        if depth == 0:
            return source[begin : close + 1]
    return ""
