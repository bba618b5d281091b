"""Texts that name products and plans as they were called before, read as if they named them as today."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pricing_pipeline.catalog import Catalog
from pricing_pipeline.registry.comparisons import Comparison, ComparisonFile
from pricing_pipeline.registry.vendors import Registry

_PLACEHOLDER = re.compile(r"(?<=\{\{)(.*?)(?=\}\})", re.DOTALL)
_WORD = re.compile(r"[^\s{}]+")
# Where a comparison says nothing but a product's slug.
_SLUGS = frozenset({"products", "product", "winner", "origin", "target"})
# Its tables that have an entry for each product.
_BY_SLUG = frozenset({"values", "strengths", "weaknesses"})


class FormerNames:
    """What was called otherwise before, by the vendor files and by what people confirmed of plans."""

    def __init__(self, catalog: Catalog, registry: Registry) -> None:
        """Index the names once. A name that something else has today is that thing's."""
        today = {product.slug for product in registry.products}
        self._whole = registry.renamed()
        self._products = {
            former: now for (_, former), (_, now) in self._whole.items() if former not in today and former != now
        }
        standing = {(row.product, row.plan.slug) for row in catalog.plans}
        self._plans = {
            (one.product, one.former): one.plan
            for one in catalog.former_plans
            if (one.product, one.former) not in standing
        }

    def product(self, slug: str) -> str:
        """What a product is called today."""
        return self._products.get(slug, slug)

    def name(self, dotted: str) -> str:
        """A name such as `product.plan.term` or `vendor/product/plan`, as it is written today."""
        if "/" in dotted:
            vendor, product, *rest = re.split(r"[/.]", dotted, maxsplit=2)
            vendor, product = self._whole.get((vendor, product), (vendor, product))
            return "/".join((vendor, product, *(self._plan(product, one, r"[/.]") for one in rest)))
        product, dot, rest_ = dotted.partition(".")
        product = self.product(product)
        return f"{product}{dot}{self._plan(product, rest_, r'[.]')}"

    def text(self, said: str) -> str:
        """A text whose placeholders name what there is today."""
        return _PLACEHOLDER.sub(lambda body: _WORD.sub(lambda word: self.name(word[0]), body[0]), said)

    def comparison(self, file: ComparisonFile) -> tuple[ComparisonFile, tuple[str, ...]]:
        """A comparison by the names of today, and a line for each former name that it uses."""
        notes: dict[str, None] = {}

        def heard(rename: Callable[[str], str], said: str) -> str:
            now = rename(said)
            if now != said:
                notes[f"{file.path.name}: {_difference(said, now)}"] = None
            return now

        told = _renamed(
            file.content.model_dump(mode="json"),
            None,
            lambda said: heard(self.product, said),
            lambda said: heard(self.text, said),
        )
        if not notes:
            return file, ()
        lines = {tuple(self.product(step) if isinstance(step, str) else step for step in place): line
                 for place, line in file.lines.items()}  # fmt: skip
        return replace(file, content=Comparison.model_validate(told), lines=lines), tuple(notes)

    def _plan(self, product: str, rest: str, sign: str) -> str:
        plan = re.split(sign, rest, maxsplit=1)[0]
        seen = {plan}
        now = plan
        while (following := self._plans.get((product, now))) is not None and following not in seen:
            now = following
            seen.add(now)
        return now + rest[len(plan) :]


def _renamed(value: Any, key: str | None, slug: Callable[[str], str], text: Callable[[str], str]) -> Any:
    """A piece of a comparison with its slugs and its texts put through these."""
    if isinstance(value, str):
        return slug(value) if key in _SLUGS else text(value)
    if isinstance(value, Mapping):
        named = slug if key in _BY_SLUG else str
        return {named(name): _renamed(one, name, slug, text) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(one, key, slug, text) for one in value]
    return value


def _difference(said: str, now: str) -> str:
    """What is written otherwise today, word by word."""
    pairs = zip(_WORD.findall(said), _WORD.findall(now), strict=True)
    told = dict.fromkeys(f"{was} is {is_} today" for was, is_ in pairs if was != is_)
    return f"{'; '.join(told)}: write the new name"
