"""Reading what a page promises some customers only, such as a former price for those that it has, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from pricing_pipeline.extract.card import Group
from pricing_pipeline.extract.cohorts import speaks_of_cohort
from pricing_pipeline.extract.dates import read_days
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.page import Page, evidence
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.running import is_running_text
from pricing_pipeline.extract.statements import Sentence, sentences
from pricing_pipeline.facts import Cohort

# "Existing customers love it" promises nothing; "existing customers keep their price" does.
_PROMISE = re.compile(
    r"\b(?:keep|retain|remain|stay|continue|grandfather|honou?r|locked?\s+in|unaffected|unchanged|affected|move[sd]?\s+over|"
    r"migrat|transition|until|pay|legacy|behalten|bleib|conserv|gard|mantien)\w*|\d",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till|through|up\s+to)\s+(?:the\s+)?(?:end\s+of\s+)?$", re.IGNORECASE)
_JOINED_BEFORE = re.compile(r"\b(?:before|prior\s+to)\s+(?:the\s+)?$", re.IGNORECASE)


def read_cohorts(page: Page, plans: Sequence[Found], groups: Sequence[Group] = ()) -> tuple[Cohort, ...]:
    """The sentences of a page that promise something to some customers only, each once, in the order of the page.

    `plans` are those that the page shows, `groups` the cards that show them.
    """
    if not speaks_of_cohort(page.document.text):
        return ()
    found: dict[tuple[str | None, str], Cohort] = {}
    for block in page.document.blocks:
        if is_running_text(block) and not block.level and speaks_of_cohort(block.text):
            for sentence in _answered(block.text):
                if speaks_of_cohort(sentence.text) and _PROMISE.search(sentence.text):
                    cohort = _cohort(sentence, block, _named(sentence.text, plans) or _in_card(block, plans, groups))
                    found.setdefault((cohort.plan, cohort.evidence.quote), cohort)
    return tuple(found.values())


def _answered(text: str) -> Iterator[Sentence]:
    """The sentences of a text, a question together with its answer: "Already on Solo? You keep $8."."""
    asked: Sentence | None = None
    for sentence in sentences(text):
        if asked is not None:
            end = sentence.offset + len(sentence.text)
            sentence = Sentence(text=text[asked.offset : end], offset=asked.offset)
        asked = sentence if sentence.text.endswith("?") and asked is None else None
        if asked is None:
            yield sentence


def _cohort(sentence: Sentence, block: Block, plans: AbstractSet[str]) -> Cohort:
    around = evidence([block], around=(sentence.offset, sentence.offset + len(sentence.text)))
    is_whole = sentence.text in around.quote
    return Cohort(
        plan=next(iter(plans)) if len(plans) == 1 else None,
        joined_before=_day(sentence.text, _JOINED_BEFORE),
        until=_day(sentence.text, _UNTIL),
        evidence=replace(around, quote=sentence.text) if is_whole else around,
    )


def _named(text: str, plans: Sequence[Found]) -> set[str]:
    return {plan.slug for plan in plans if re.search(rf"(?<!\w){re.escape(plan.name)}(?!\w)", text)}


def _in_card(block: Block, plans: Sequence[Found], groups: Sequence[Group]) -> set[str]:
    """The plan in whose card a block stands; where no card is told from what follows it, the plan of its heading."""
    cards = [card for group in groups for card in group.cards]
    heads = [card.name for card in cards if card.start <= block.index < card.end] if cards else block.headings[-1:]
    return {plan.slug for plan in plans if plan.name.casefold() in {head.casefold() for head in heads}}


def _day(text: str, before: re.Pattern[str]) -> date | None:
    days = (one.day for one in read_days(text) if before.search(text[: one.start]))
    return next(days, None)
