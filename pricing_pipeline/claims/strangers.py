"""Names that only the text itself tells of: a comparison of vendors whom nobody watches can still contradict itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from pricing_pipeline.claims.knowledge import BEGINNING, Held, Key, Knowledge, Named
from pricing_pipeline.claims.passages import Block, Passage
from pricing_pipeline.claims.subjects import Directory
from pricing_pipeline.facts import Evidence, Plan, State

# No comparison has more products or plans; every name is looked for in every passage.
_MOST_PRODUCTS = 20
_MOST_PLANS = 100
_NAME = r"[A-Z][\w+&.]*(?:\s[A-Z][\w+&]*)?"
_VERSUS = re.compile(rf"(?P<one>{_NAME})\s(?:vs\.?|versus|or|compared\s(?:to|with))\s(?P<other>{_NAME})")
_TITLED = re.compile(
    rf"^(?P<one>{_NAME})(?:['’]s)?\s(?:pricing|plans|prices|review|costs)\b|\bdoes\s(?P<other>{_NAME})\scost\b"
)
_PLAN = re.compile(r"(?P<name>[A-Z][\w+&]*)\s(?:plan|tier)\b")
_CORNER = re.compile(r"(?:plans?|tiers?|editions?)", re.IGNORECASE)
_PRICED = r"(?=$|\s(?:costs?|is|starts|at|for|includes|\()|\s?[:(–—]|\s[$€£])"
_ORDINARY = frozenset(
    {
        *(
            "The",
            "A",
            "An",
            "Our",
            "Your",
            "Their",
            "Its",
            "Each",
            "Every",
            "This",
            "That",
            "Which",
            "What",
            "How",
            "Free",
            "Paid",
        ),
        *(
            "Monthly",
            "Annual",
            "Yearly",
            "Choose",
            "Price",
            "Pricing",
            "Plan",
            "Cloud",
            "Any",
            "No",
            "All",
            "Both",
            "Cheapest",
        ),
    }
)


def with_strangers(knowledge: Knowledge, directory: Directory, passages: Sequence[Passage]) -> Directory:
    """The directory with the products that a text's headings name and nobody knows, and the plans that it gives them.

    They serve to tell who is spoken of; nothing is known of them, so no claim about them is judged by facts.
    """
    products = _products(directory, passages)
    if not products:
        return directory
    plans = tuple(_plans(products, passages))
    return Directory(replace(knowledge, products=(*knowledge.products, *products), plans=(*knowledge.plans, *plans)))


def _products(directory: Directory, passages: Sequence[Passage]) -> tuple[Named, ...]:
    found: dict[str, None] = {}
    for passage in passages:
        if passage.block is not Block.HEADING:
            continue
        for match in (*_VERSUS.finditer(passage.text), *_TITLED.finditer(passage.text)):
            found.update(dict.fromkeys(name for name in (match["one"], match["other"]) if name))
    strange = (
        Named(vendor=_slug(name), product=_slug(name), vendor_name=name, product_name=name)
        for name in found
        if name.split()[0] not in _ORDINARY and not directory.products_in(name) and name not in directory.plan_names
    )
    return tuple(islice(strange, _MOST_PRODUCTS))


def _plans(products: Sequence[Named], passages: Sequence[Passage]) -> Iterator[Held[Plan]]:
    """The plans that stand beside a product's name; where the text has one product, also those that stand alone."""
    names: dict[Key, dict[str, None]] = defaultdict(dict)
    for named in products:
        owned = re.compile(
            rf"{re.escape(named.product_name)}(?:['’]s)?\s(?P<name>[A-Z][\w+&]*)(?:\s(?:plan|tier))?{_PRICED}"
        )
        for passage in passages:
            names[named.key].update(dict.fromkeys(match["name"] for match in owned.finditer(passage.text)))
            if len(products) == 1 or _is_under(passage, named, products):
                names[named.key].update(dict.fromkeys(_alone(passage)))
    for (vendor, product), found in names.items():
        for name in islice(found, _MOST_PLANS):
            if name not in _ORDINARY:
                plan = Plan(slug=_slug(name), name=name, state=State.STATED, evidence=Evidence(quote=name, locator=""))
                yield Held(
                    vendor=vendor, product=product, fact=plan, since=BEGINNING, until=None, url="", captured_at=BEGINNING
                )  # fmt: skip


def _is_under(passage: Passage, named: Named, products: Sequence[Named]) -> bool:
    """Whether the nearest heading that names a product names this one alone."""
    for heading in reversed(passage.headings):
        found = [one for one in products if one.product_name in heading]
        if found:
            return found == [named]
    return False


def _alone(passage: Passage) -> Iterator[str]:
    yield from (match["name"] for match in _PLAN.finditer(passage.text))
    is_first = passage.block is Block.CELL and not passage.row and passage.column == passage.corner != passage.text
    if is_first and _CORNER.fullmatch(passage.corner) and re.fullmatch(r"[A-Z][\w+&]*", passage.text):
        yield passage.text


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "x"
