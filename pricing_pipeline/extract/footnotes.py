"""What a footnote takes back of the lines that bear its mark: "20,000 credits included*", "* During the trial only"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pricing_pipeline.extract.denied import not_included
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.page import evidence
from pricing_pipeline.extract.statements import sentences
from pricing_pipeline.facts import State, Surface, Term, TermKind

_LONGEST = 300
_MARKED = re.compile(r"\w\W{0,2}?(?P<mark>[*†‡§]+|[¹²³⁴⁵])\W{0,2}$")
_WHILE = r"(?:trial|(?:first|introductory) (?:month|year|quarter|billing (?:cycle|period)))"
_AT_FIRST_ONLY = re.compile(
    rf"\bonly\b[^.;]{{0,30}}\b{_WHILE}\b|\b(?:during|for|in|within)\b[^.;]{{0,20}}\b{_WHILE}\b[^.;]{{0,20}}\bonly\b|\b{_WHILE} "
    r"(?:period )?only\b",
    re.IGNORECASE,
)


def kept(blocks: Sequence[Block], line: Block, terms: Sequence[Term]) -> list[Term]:
    """The allowances and limits of a line without those that its footnote gives for a first while only.

    Where the note says that nothing is included after that, this is what the plan states. `blocks` are all of the page.
    """
    marked = _MARKED.search(line.text)
    note = next((block for block in blocks if _is_note(block, marked["mark"])), None) if marked else None
    if note is None or not _AT_FIRST_ONLY.search(note.text):
        return list(terms)
    withdrawn = {not_included(sentence.text) for sentence in sentences(note.text)}
    return [
        replace(
            term,
            term=TermKind.ALLOWANCE,
            state=State.NOT_INCLUDED,
            quantity=None,
            billing_period=None,
            evidence=evidence([note]),
        )
        for term in terms
        if term.metric in withdrawn
    ]


def _is_note(block: Block, mark: str) -> bool:
    """Whether a visible line begins with a mark, and with no longer one: "**" is another than "*"."""
    text = block.text
    if block.surface is not Surface.VISIBLE or not text.startswith(mark) or len(text) > _LONGEST:
        return False
    return text[len(mark) : len(mark) + 1] != mark[0] and any(letter.isalpha() for letter in text)
