"""Where a fact stands on a page: from its evidence to the element and the characters that print it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from bs4 import BeautifulSoup, NavigableString, Tag
from soupsieve import SelectorSyntaxError

from pricing_pipeline.extract.decoding import decode
from pricing_pipeline.extract.document import parse, squash
from pricing_pipeline.facts import Observation, Plan, Surface, Term

_TOKEN = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d])")
_UNREAD = ("script", "style", "template", "noscript", "title")


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A saved page and what is read from it."""

    name: str
    body: bytes
    observation: Observation

    @cached_property
    def text(self) -> str:
        """Its characters."""
        return decode(self.body)

    def soup(self) -> BeautifulSoup:
        """A tree of it to change."""
        return parse(self.text)

    @property
    def visible(self) -> tuple[Term, ...]:
        """The terms that a visitor sees, each of whose places no other term shares the key of."""
        return tuple(term for term in self.observation.terms if term.evidence.surface is Surface.VISIBLE)

    def at(self, term: Term) -> int:
        """How many terms stand at the place of this one."""
        return sum(other.evidence.locator == term.evidence.locator for other in self.observation.terms)


def node_at(soup: BeautifulSoup, locator: str) -> Tag | None:
    """The element that a locator names: what it does not number is the first of its kind."""
    parts = []
    for part in locator.split(" > "):
        plain = not part.startswith("#") and ":" not in part and part not in ("html", "body")
        parts.append(f"{part}:nth-of-type(1)" if plain else part)
    try:
        return soup.select_one(" > ".join(parts))
    except (SelectorSyntaxError, ValueError, NotImplementedError):
        return None


def holder(soup: BeautifulSoup, fact: Plan | Term) -> Tag | None:
    """The element that a visible fact was read from; None where its quote does not stand in it."""
    node = node_at(soup, fact.evidence.locator)
    if node is None or squash(fact.evidence.quote)[:12] not in squash(node.get_text()):
        return None
    return node


def figure_of(quote: str, value: Decimal) -> str | None:
    """How a quote prints a value in digits; None where it does not, or more than once."""
    found = [token for token in _TOKEN.findall(quote) if _number(token) == value]
    return found[0] if len(found) == 1 else None


def like(token: str, value: Decimal) -> str:
    """A value printed as a token is: with its decimals, and its thousands separators."""
    decimals = len(token.partition(".")[2])
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}" if "," in token or (rounded >= 10_000 and "," in token) else f"{rounded:f}"


def number(token: str) -> Decimal:
    """The value of a printed figure."""
    return _number(token)


def figure_pattern(token: str) -> re.Pattern[str]:
    """The printed figure by itself, not within a longer one."""
    return re.compile(rf"(?<![\d.,]){re.escape(token)}(?![\d]|[.,]\d)")


def substitute(node: Tag, pattern: re.Pattern[str], new: str) -> bool:
    """Replace the only match within an element's text, over the borders of its text nodes; False where there is not
    exactly one."""
    nodes = list(texts(node))
    joined = "".join(nodes)
    matches = list(pattern.finditer(joined))
    if len(matches) != 1:
        return False
    start, end = matches[0].span()
    place, is_put = 0, False
    for text in nodes:
        first, last = max(start - place, 0), min(end - place, len(text))
        if first < last:
            text.replace_with(NavigableString(text[:first] + ("" if is_put else new) + text[last:]))
            is_put = True
        place += len(text)
    return True


def texts(node: Tag) -> Iterator[NavigableString]:
    """The text nodes of an element that a visitor may see."""
    for text in node.find_all(string=True):
        if type(text) is NavigableString and not any(parent.name in _UNREAD for parent in text.parents):
            yield text


def card_of(soup: BeautifulSoup, saved: Saved, plan: Plan) -> Tag | None:
    """The largest element that holds a plan's name and terms and nothing of other plans; None where there is none."""
    own = [holder(soup, plan), *(node_at(soup, term.evidence.locator) for term in _terms(saved, plan.slug))]
    others = [holder(soup, other) for other in saved.observation.plans if other.slug != plan.slug]
    others += [node_at(soup, term.evidence.locator) for term in saved.visible if term.plan != plan.slug]
    if not others or any(node is None for node in (*own, *others)):
        return None
    card = own[0]
    while card is not None and not all(_within(node, card) for node in own):
        card = card.parent
    if card is None or any(_within(node, card) for node in others):
        return None
    while card.parent is not None and not any(_within(node, card.parent) for node in others):
        card = card.parent
    return card if card.name not in ("html", "body", "td", "th", "tr") else None


def page_of(soup: BeautifulSoup) -> bytes:
    """The page that a tree is."""
    return soup.encode("utf-8", formatter="minimal")


def _terms(saved: Saved, plan: str) -> Iterable[Term]:
    return (term for term in saved.visible if term.plan == plan)


def _within(node: Tag | None, container: Tag) -> bool:
    return node is not None and (node is container or any(parent is container for parent in node.parents))


def _number(token: str) -> Decimal:
    return Decimal(token.replace(",", ""))
