"""Reading what a page says that a unit is: "One credit equals one minute of processing"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pricing_pipeline import units
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.features import NUMBER_WORDS, with_digits
from pricing_pipeline.extract.page import Draft, Page, evidence
from pricing_pipeline.extract.running import is_running_text
from pricing_pipeline.extract.statements import sentences
from pricing_pipeline.extract.wording import has_digit
from pricing_pipeline.facts import Term, TermKind
from pricing_pipeline.wording import noun, number

_DEFINED = re.compile(
    r"(?<![\w.,$€£/])(?:1|one|each|every|an?)\s+(?P<unit>[a-z][\w-]*(?:\s(?!is\b)[a-z][\w-]*)?)\s*"
    r"(?:=|(?:is\s+)?(?:equals?|equal\s+to|equivalent\s+to|defined\s+as|worth)|corresponds\s+to|represents|counts\s+as|"
    r"replaces|takes\s+the\s+place\s+of|stands\s+for|buys(?:\s+you)?|covers|gives\s+you|"
    r"is)\s*(?:to\s+)?(?:up\s+to\s+)?(?=\d)",
    re.IGNORECASE,
)
# A part of every way in which that pattern says it, and of every number that is spelled out.
_SAYING = (
    "=", "equal", "equiv", "defined", "worth", "corresp", "represents", "counts", "replaces", "takes", "stands", "buys",
    "covers", "gives", "is",
)  # fmt: skip
_SPELLED = (*NUMBER_WORDS, "second", "minute", "hour", "day")
# What was, will be or is supposed is not what a unit is today.
_NOT_TODAY = re.compile(
    r"\b(?:for example|for instance|e\.g\.|suppose|imagine|if you|used to|previously|formerly|until|was|were|will|"
    r"starting|effective|as of|from (?:\d|january|february|march|april|may|june|july|august|september|october|"
    r"november|december))\b",
    re.IGNORECASE,
)
_A_MOMENT = re.compile(r"\ban?(?=\s+(?:second|minute|hour|day)s?\b)", re.IGNORECASE)
# A minute of processing is a minute of compute in other words: of measures only the measure counts.
_MEASURES = frozenset({"second", "minute", "hour", "day", "kb", "mb", "gb", "tb"})
_DEFINABLE = frozenset({TermKind.ALLOWANCE, TermKind.USAGE_RATE})


def read_definitions(page: Page, drafts: Sequence[Draft]) -> list[Draft]:
    """What the page says of the units that `drafts` charge for or include: one term for each unit.

    Its words are those of the figures alone ("1 minute", "1 GB, 1,000 transformations"), so that a sentence that is
    written anew defines the same.
    """
    metrics = {draft.term.metric for draft in drafts if draft.term.term in _DEFINABLE} - {None}
    if not metrics:
        return []
    found: dict[str, dict[str, tuple[Block, int, int]]] = {}
    for block in page.document.blocks:
        if _may_define(block.text) and is_running_text(block):
            for metric, said, start, end in _defined(page, block):
                if metric in metrics:
                    found.setdefault(metric, {}).setdefault(said, (block, start, end))
    return [_draft(metric, said) for metric, said in found.items()]


def _may_define(text: str) -> bool:
    """Whether a text may say such a thing. Told by parts of words, for every line of a page is asked."""
    plain = text.casefold()
    return any(word in plain for word in _SAYING) and (has_digit(text) or any(word in plain for word in _SPELLED))


def _defined(page: Page, block: Block) -> Iterator[tuple[str, str, int, int]]:
    """Each unit that a block defines, as what, and where the sentence stands that does."""
    for sentence in sentences(block.text):
        text = _A_MOMENT.sub("1", with_digits(sentence.text))
        said = _DEFINED.search(text)
        if said is None or _NOT_TODAY.search(text):
            continue
        metric = units.metric(said["unit"])
        measures = [
            f"{number(one.quantity)} {noun(_measure(one.metric), one.quantity)}"
            for one in page.quantities(text[said.end() :])
            if one.quantity is not None and one.metric != metric
        ]
        if metric is not None and measures:
            yield metric, ", ".join(measures), sentence.offset, sentence.offset + len(sentence.text)


def _measure(metric: str) -> str:
    last = metric.rpartition("_")[2]
    return last if last in _MEASURES else metric


def _draft(metric: str, said: dict[str, tuple[Block, int, int]]) -> Draft:
    block, start, end = next(iter(said.values()))
    return Draft(
        term=Term(
            plan=None, term=TermKind.UNIT_DEFINITION, metric=metric, unit_as_printed="; ".join(sorted(said)),
            evidence=evidence([block], around=(start, end)),
        ),
        way="prose",
    )  # fmt: skip
