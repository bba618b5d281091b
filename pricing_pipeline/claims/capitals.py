"""Names written all small, as in a forum, or all in capitals, as in a headline: given back their own letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pricing_pipeline.claims.passages import Block, Passage
from pricing_pipeline.claims.subjects import Directory

_BEGINNING = re.compile(r"(?:^|[.!?]\s+|\n)[\"“(]?(?P<letter>[^\W\d_])")
_ANY_SMALL = re.compile(r"[a-z]")
_WORDS = re.compile(r"[^\W\d_]{2,}")
# What a plan's name stands before or behind; "my team" and "go pro" are no plans.
_PLAN_AFTER = (
    r"(?=\s(?:plans?|tiers?|is|was|are|at|does|do|costs?|which|that|includes?|included|comes|gives|gets?|has|had|"
    r"charges?|starts|allows?|covers|fits|lets|for|and|or|vs|=)\b|['’]s\b|\s?[:=(,.;)]|\s[$€£\d]|$)"
)
_PLAN_BEFORE = r"(?<!\bmy\s)(?<!\bour\s)(?<!\byour\s)(?<!\ban\s)(?<!\ba\s)(?<!\bfor\s)(?<!\bthan\s)(?<![\w@/.#-])"
_PLAN_BEHIND = r"(?<=\bon\s)|(?<=\bof\s)|(?<=\bvs\s)|(?<=\bthan\s)|(?<=\bto\s)"


def with_capitals(passages: Sequence[Passage], directory: Directory) -> tuple[Passage, ...]:
    """The passages with names as they are known, where the text writes all its words small, or a headline none."""
    small = _writes_small(passages)
    return tuple(
        replace(passage, text=_capitalised(passage.text, directory))
        if small or (passage.block is Block.HEADING and _is_shouted(passage.text))
        else passage
        for passage in passages
    )


def _writes_small(passages: Sequence[Passage]) -> bool:
    """Whether most sentences of a text begin with a small letter."""
    letters = [
        found["letter"]
        for passage in passages
        if passage.block is Block.PARAGRAPH
        for found in _BEGINNING.finditer(passage.text)
    ]
    return bool(letters) and sum(letter.islower() for letter in letters) > len(letters) * 0.6


def _is_shouted(text: str) -> bool:
    return not _ANY_SMALL.search(text) and len(_WORDS.findall(text)) > 1


def _capitalised(text: str, directory: Directory) -> str:
    """Sentences begin with a capital, products and their plans are written as they are known."""
    text = _BEGINNING.sub(lambda found: found.group()[:-1] + found.group()[-1:].upper(), text)
    text = _spelled(text, directory.product_names, r"(?<![\w@/.#-])", r"(?![\w@]|\.\w|-\w)")
    plans = directory.plan_names
    text = _spelled(text, plans, _PLAN_BEFORE, _PLAN_AFTER)
    text = _spelled(text, plans, rf"(?:{_PLAN_BEHIND})", r"(?!\w)")
    after_product = "|".join(rf"(?<=\b{re.escape(name)}\s)" for name in directory.product_names)
    return _spelled(text, plans, f"(?:{after_product})", r"(?!\w)") if after_product else text


def _spelled(text: str, names: Sequence[str], before: str, after: str) -> str:
    known = {name.casefold(): name for name in names}
    if not known:
        return text
    either = "|".join(re.escape(name) for name in sorted(known, key=lambda one: (-len(one), one)))
    return re.sub(
        f"{before}(?:{either}){after}",
        lambda found: _same_length(found.group(), known[found.group().casefold()]),
        text,
        flags=re.IGNORECASE,
    )


def _same_length(written: str, name: str) -> str:
    return name if len(name) == len(written) else written
