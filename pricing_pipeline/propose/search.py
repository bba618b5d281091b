"""A recipe for a page of which nothing is known and nothing is read: what repeats on it and holds prices is tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bs4 import Tag

from pricing_pipeline.extract.document import Document, read_document
from pricing_pipeline.extract.labels import is_name, name_of
from pricing_pipeline.extract.wording import has_money
from pricing_pipeline.facts import Observation, Recipe, Source, Surface
from pricing_pipeline.propose.selectors import classes, distinct, select, shared, within
from pricing_pipeline.propose.trial import Trial, priced, trials

MOST_CONTAINERS = 12
MOST_CANDIDATES = 12
MOST_NAME_SELECTORS = 4
_SET_APART = ("h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "dt", "legend", "summary")
_OUTSIDE = frozenset({"nav", "header", "footer", "table", "tbody", "thead", "tr", "select"})


def search_recipe(body: bytes, source: Source, *, content_type: str | None = None) -> Trial | None:
    """The recipe by which most plans of a page are read with their prices; None where no simple one reads two of them.

    Raises ExtractError for bytes that cannot be read as a page.
    """
    document = read_document(body, content_type=content_type)
    recipes = [recipe for plan in _containers(document) for recipe in _recipes(document, plan)]
    tried = trials(body, source, recipes, content_type=content_type)
    sound = [trial for trial in tried if _plans(trial.observation) >= 2 and _is_sound(trial)]
    return max(sound, key=lambda trial: _plans(trial.observation), default=None)


def _is_sound(trial: Trial) -> bool:
    """Whether a reading neither contradicts itself nor takes lines for names."""
    names = [plan.name for plan in trial.observation.plans]
    return not trial.observation.conflicts and all(_can_name(name) for name in names)


def _containers(document: Document) -> list[str]:
    """Selectors of what stands on the page several times, never in itself, and holds an amount each time or nearly so."""
    alike: dict[tuple[str, str], list[Tag]] = defaultdict(list)
    for element in document.elements:
        if element.node.name not in _OUTSIDE and element.parent >= 0:
            for name in classes(element.node) or [""]:
                alike[element.node.name, name].append(element.node)
    found: list[tuple[int, str]] = []
    for nodes in alike.values():
        money = sum(1 for node in nodes if _holds_money(document, node))
        if 2 <= len(nodes) <= MOST_CONTAINERS and money >= 2 and money * 2 >= len(nodes) and not _nested(nodes):
            selector = next((one for one in shared(nodes) if len(select(document.soup, one)) == len(nodes)), None)
            if selector is not None:
                found.append((-money, selector))
    return distinct(selector for _, selector in sorted(found, key=lambda pair: pair[0]))[:MOST_CANDIDATES]


def _holds_money(document: Document, node: Tag) -> bool:
    blocks = document.inside(document.element_of[id(node)])
    return any(block.surface is Surface.VISIBLE and has_money(block.text) for block in blocks)


def _nested(nodes: Sequence[Tag]) -> bool:
    chosen = {id(node) for node in nodes}
    return any(id(parent) in chosen for node in nodes for parent in node.parents)


def _recipes(document: Document, plan: str) -> Iterator[Recipe]:
    """With selectors for the name first: what a page sets apart is a likelier name than the first short line."""
    containers = [node for node in select(document.soup, plan) if _holds_money(document, node)]
    named = [selector for tag in _SET_APART for selector in within(containers, _firsts(containers, tag))]
    lines = [_lines(document, node) for node in containers]
    for place in range(max(map(len, lines), default=0)):
        if all(len(nodes) > place for nodes in lines):
            named += within(containers, [nodes[place] for nodes in lines])
    for name in distinct(named)[:MOST_NAME_SELECTORS]:
        yield Recipe(plan=plan, name=name)
    yield Recipe(plan=plan)


def _firsts(containers: Sequence[Tag], tag: str) -> list[Tag]:
    """The first element of a sort in each container; none where one has none, or where they say the same."""
    found = [node for container in containers if isinstance(node := container.find(tag), Tag)]
    said = {" ".join(node.get_text(" ").split()).casefold() for node in found}
    return found if len(found) == len(containers) == len(said) and all(map(is_name, said)) else []


def _lines(document: Document, container: Tag) -> list[Tag]:
    """The elements of a container that can be its name: those that say one short thing without an amount."""
    blocks = document.inside(document.element_of[id(container)])
    return [block.node for block in blocks if block.node is not container and _can_name(name_of(block))][:3]


def _can_name(text: str) -> bool:
    """Whether a text can be a name where nothing else speaks for it: "7,500 credits included" is a line of what one gets."""
    return is_name(text) and not any(letter.isdigit() for letter in text)


def _plans(observation: Observation) -> int:
    """How many plans are read with an amount of their own, under names that differ."""
    stated = {term.plan for term in observation.terms if term.amount is not None}
    return len({plan.name.casefold() for plan in priced(observation) if plan.slug in stated})
