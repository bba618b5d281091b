"""A source's recipe: CSS selectors that a person wrote where the generic reading goes wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bs4 import Tag
from soupsieve import SelectorSyntaxError

from pricing_pipeline.extract.card import Card
from pricing_pipeline.extract.charges import read_charge
from pricing_pipeline.extract.document import Block, Document
from pricing_pipeline.extract.features import read_features
from pricing_pipeline.extract.fees import read_fees
from pricing_pipeline.extract.labels import find_name, is_price_line
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.wording import clean_name
from pricing_pipeline.facts import Diagnostic, Rating, RatingState, Recipe, TermKind
from pricing_pipeline.money import read_number

_NUMBER = re.compile(r"\d(?:[\d.,'’]*\d)?")
_SCALE = re.compile(r"(?:/|\b(?:out of|of|von|sur|de)\b)\s*(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Cooked:
    """What a recipe gave, and where it failed."""

    plans: list[Found] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def failed(self, selector: str, why: str) -> None:
        """Note that a selector gave nothing."""
        self.diagnostics.append(
            Diagnostic(code="recipe_failed", message=f"recipe selector {selector!r} {why}; read generically instead")
        )


def read_recipe(page: Page, recipe: Recipe) -> Cooked:
    """The plans that a recipe's selectors point at; those parts that it leaves out are read generically."""
    cooked = Cooked()
    for selector in recipe.ignore:
        _select(page.document.soup, selector, cooked, may_be_none=True)
    for node in _select(page.document.soup, recipe.plan, cooked) if recipe.plan else []:
        plan = _plan(page, node, recipe, cooked)
        if plan is not None and plan.slug not in {other.slug for other in cooked.plans}:
            cooked.plans.append(plan)
    return cooked


def read_rating_recipe(page: Page, recipe: Recipe) -> Cooked:
    """The rating that a recipe's selectors point at: the first number of each. Its scale is the number after a slash or "of"."""
    cooked = Cooked()
    shown = _first_line(page, recipe.rating, cooked)
    counted = _first_line(page, recipe.review_count, cooked)
    numbers = _NUMBER.findall(shown.text) if shown is not None else []
    average = read_number(numbers[0], locale=page.locale) if numbers else None
    if shown is None or average is None:
        return cooked
    scale = _SCALE.search(shown.text)
    figures = _NUMBER.findall(counted.text) if counted is not None else []
    count = read_number(figures[0], locale=page.locale) if figures else None
    rating = Rating(
        state=RatingState.STATED,
        rating=average,
        scale=read_number(scale.group(1), locale=page.locale) if scale else None,
        review_count=int(count) if count is not None else None,
        evidence=evidence([shown]),
    )
    cooked.ratings.append(rating)
    return cooked


def _first_line(page: Page, selector: str | None, cooked: Cooked) -> Block | None:
    lines = _blocks(page.document, page.document.soup, selector, cooked) if selector else []
    return lines[0] if lines else None


def _select(root: Tag, selector: str, cooked: Cooked, *, may_be_none: bool = False) -> list[Tag]:
    try:
        nodes = list(root.select(selector))
    except (SelectorSyntaxError, ValueError):
        cooked.failed(selector, "is not a CSS selector")
        return []
    if not nodes and not may_be_none:
        cooked.failed(selector, "selects nothing")
    return nodes


def _plan(page: Page, node: Tag, recipe: Recipe, cooked: Cooked) -> Found | None:
    document = page.document
    index = document.element_of.get(id(node))
    if index is None:
        return None
    element = document.elements[index]
    blocks = document.blocks[element.start : element.end]
    named = _named(document, node, recipe, cooked) or find_name(blocks)
    if named is None:
        return None
    prices = (
        _blocks(document, node, recipe.price, cooked)
        if recipe.price
        else [block for block in blocks if is_price_line(block)]
    )
    card = Card(
        name=named[0],
        name_block=named[1],
        start=element.start,
        end=element.end,
        price_index=prices[0].index if prices else None,
    )
    key = slug(card.name)
    asked = {block.index for block in prices} if recipe.price else set()
    state, drafts = read_fees(page, card, key, lines=asked)
    if recipe.period:
        drafts = _with_period(drafts, _blocks(document, node, recipe.period, cooked))
    lines = (
        _blocks(document, node, recipe.terms, cooked)
        if recipe.terms
        else [block for block in blocks if block.index != card.name_block.index]
    )
    drafts = [Draft(term=draft.term, way="recipe") for draft in [*drafts, *read_features(page, lines, key)]]
    return Found(slug=key, name=card.name, state=state, evidence=evidence([card.name_block]), drafts=drafts)


def _named(document: Document, node: Tag, recipe: Recipe, cooked: Cooked) -> tuple[str, Block] | None:
    """The text of the first element that the recipe's name selector finds, and the block that it stands in."""
    for match in _select(node, recipe.name, cooked) if recipe.name else ():
        name = clean_name(" ".join(match.get_text(" ").split()))
        index = document.element_of.get(id(match))
        if name and index is not None:
            return name, document.blocks[document.elements[index].start]
    return None


def _blocks(document: Document, node: Tag, selector: str, cooked: Cooked) -> list[Block]:
    """The blocks in, or around, what a selector finds within a plan."""
    found: list[Block] = []
    for match in _select(node, selector, cooked):
        index = document.element_of.get(id(match))
        if index is not None:
            found.extend(document.inside(index))
    return found


def _with_period(drafts: list[Draft], blocks: list[Block]) -> list[Draft]:
    charge = read_charge(" ".join(block.text for block in blocks))
    if charge.period is None:
        return drafts
    return [
        replace(
            draft, term=replace(draft.term, billing_period=charge.period, commitment=charge.commitment or charge.period)
        )
        if draft.term.term is TermKind.RECURRING_FEE
        and draft.term.amount is not None
        and draft.term.billing_period is None
        else draft
        for draft in drafts
    ]
