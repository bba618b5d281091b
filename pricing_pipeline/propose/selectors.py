"""CSS selectors for elements that were found: short, readable, and free of what a page's next build will change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bs4 import Tag
from soupsieve import SelectorSyntaxError

from pricing_pipeline.extract.walk import locate

LONGEST = 300
_IDENTIFIER = re.compile(r"-?[A-Za-z_][\w-]*")
# Names that build tools make: `plan_base__58430`, `css-1x2y3z`, `sc-bdVaJa`. What stands before the digest is kept.
_BUILT = re.compile(r"((?:[A-Za-z]+[\w-]*?)(?:__|--))[A-Za-z0-9_-]{5,}")
_DIGEST = re.compile(r"(?:css|sc|jsx|emotion|chakra|svelte|astro)-[\w-]{5,}|(?=\w*\d)(?=\w*[a-zA-Z])[\w-]*\w{6,}\d\w*")
# Classes that say how an element looks; two redesigns later they say something else.
_LOOKS = re.compile(
    r"(?:[a-z]+:)?-?(?:[mp][trblxy]?|w|h|gap|top|left|right|bottom|z|col|row|text|font|bg|border|rounded|shadow|flex|grid|"
    r"items|justify|space|max|min|leading|tracking|opacity|order|basis|d|align)(?:-[\w./]+)?"
)
_MARKS = ("data-testid", "data-test", "data-plan", "data-component", "itemprop", "role")


def shared(nodes: Sequence[Tag]) -> Iterator[str]:
    """Selectors that hold for all of these elements by what they carry themselves, the most telling first."""
    if not nodes or len({node.name for node in nodes}) > 1:
        yield from _by_class(nodes, tag="")
        return
    tag = nodes[0].name
    for mark in _MARKS:
        values = {str(node.get(mark)) for node in nodes if node.get(mark) is not None}
        if all(node.get(mark) is not None for node in nodes):
            yield _marked(tag, mark, values)
    yield from _by_class(nodes, tag=tag)
    yield tag


def _marked(tag: str, mark: str, values: set[str]) -> str:
    value = next(iter(values)) if len(values) == 1 else ""
    if value and _IDENTIFIER.fullmatch(value):
        return f"{tag}[{mark}={value}]"
    return f"{tag}[{mark}]"


def _by_class(nodes: Sequence[Tag], *, tag: str) -> Iterator[str]:
    common = [name for name in classes(nodes[0]) if all(name in classes(node) for node in nodes[1:])] if nodes else []
    telling = [name for name in common if is_telling(name)]
    yield from (f"{tag}.{name}" for name in telling)
    stems = [{stem for name in classes(node) if (stem := built_stem(name))} for node in nodes]
    for stem in sorted(set.intersection(*stems)) if stems else []:
        yield f'{tag}[class*="{stem}"]'
    plain = [name for name in common if _IDENTIFIER.fullmatch(name)]
    yield from (f"{tag}.{name}" for name in plain if name not in telling)
    if len(plain) > 1:
        yield f"{tag}.{'.'.join(plain[:4])}"


def is_telling(name: str) -> bool:
    """Whether a class name says what an element is, rather than how it looks or which build made it."""
    return bool(_IDENTIFIER.fullmatch(name)) and not (
        _LOOKS.fullmatch(name) or _DIGEST.fullmatch(name) or built_stem(name)
    )


def built_stem(name: str) -> str | None:
    """What stands before the digest in a class name that a build tool made."""
    found = _BUILT.fullmatch(name)
    return found[1] if found and any(letter.isdigit() for letter in name[found.end(1) :]) else None


def classes(node: Tag) -> list[str]:
    """An element's class names."""
    found = node.get("class")
    return [str(name) for name in found] if isinstance(found, list) else str(found or "").split()


def children_of_one(nodes: Sequence[Tag]) -> Iterator[str]:
    """A selector for elements that share a parent, by the parent's path: the last resort, for paths change easily."""
    parents = {id(node.parent): node.parent for node in nodes if node.parent is not None}
    if len(parents) == 1:
        parent = next(iter(parents.values()))
        names = {node.name for node in nodes}
        yield f"{locate(parent)} > {names.pop() if len(names) == 1 else '*'}"


def within(containers: Sequence[Tag], targets: Sequence[Tag]) -> Iterator[str]:
    """Selectors whose first match in each container is its target."""
    for selector in shared(targets) if targets and len(targets) == len(containers) else ():
        firsts = (select(container, selector)[:1] for container in containers)
        if all(first and first[0] is target for first, target in zip(firsts, targets, strict=True)):
            yield selector


def select(root: Tag, selector: str) -> list[Tag]:
    """What a selector finds; nothing where it is none."""
    if len(selector) > LONGEST:
        return []
    try:
        return list(root.select(selector))
    except (SelectorSyntaxError, ValueError):
        return []


def distinct(selectors: Iterable[str]) -> list[str]:
    """The selectors without repetition, in their order."""
    return list(dict.fromkeys(selectors))
