"""Reading how many plans are of a kind: "three of them sold by quotation", "only two have a published fee", "five rungs"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.claim import Kind, PlanCounted, PlanSort, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.plain import number_words
from pricing_pipeline.claims.views import View

_NUMBER = r"(?<![\w.,$€£/-])(?P<count>\d{1,2}|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_PRICE = r"(?:published|public|list|listed|fixed|stated)\s(?:fees?|prices?|price\stags?)"
_SORTS = (
    rf"(?P<{PlanSort.ASKED.value}>(?:are\s|is\s|only\s|being\s)*(?:sold\s|priced\s|available\s)?"
    r"(?:(?:only\s)?(?:by|on|upon|through)\s(?:quotation|quote|request|demand|contact|sales)|quote[\s-]only|custom[\s-]priced|"
    rf"without\sa\s{_PRICE}|(?:has|have)\sno\s{_PRICE})|(?:are\s|is\s)?contact[\s-]sales)|"
    rf"(?P<{PlanSort.PRICED.value}>(?:has|have|with|carry|carries|come\swith|show|shows)\s(?:an?\s)?{_PRICE}|"
    r"(?:are|is)\s(?:publicly\spriced|self[\s-]serve))|"
    rf"(?P<{PlanSort.FREE.value}>(?:are|is|being)\sfree\b|costs?\snothing)"
)
_OTHER = _NUMBER.replace("count", "other")
_OF_OTHERS = _SORTS.replace("(?P<", "(?P<of_")
_OF_A_SORT = re.compile(
    rf"{_NUMBER}\s(?:of\s(?:them|these|those|which|its|the|their)\s|plans\s|tiers\s|\w+\splans\s)+"
    rf"(?:plans\s|tiers\s|that\s|which\s)?(?:{_SORTS})|"
    rf"\bof\s(?:which|them|these|those),?\s(?:only\s|just\s)?{_OTHER}\s(?:{_OF_OTHERS})",
    re.IGNORECASE,
)
_RUNGS = re.compile(
    rf"\b(?:ladder|line-?up|menu|price\slist|range|list)\s(?:has|of|with|counts|comes\sin|comprises|shows|holds)\s(?:just\s|only\s)?{_NUMBER}\s"
    r"(?:rungs|steps|levels|entries|items|plans|tiers|editions)\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(
    rf"\b(?:two|three|four|both)\s(?:products|vendors|tools),\s{_NUMBER}\s(?:plans|tiers)\b", re.IGNORECASE
)


def plan_numbers(view: View) -> Iterator[Found]:
    """The numbers of plans of one kind that a sentence tells."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    for found in (*_OF_A_SORT.finditer(view.written), *_RUNGS.finditer(view.written), *_IN_ALL.finditer(view.written)):
        given = found.groupdict()
        group = "count" if given.get("count") else "other"
        sort = next((one for one in PlanSort if given.get(one.value) or given.get(f"of_{one.value}")), PlanSort.ANY)
        said = PlanCounted(_value(given[group]), sort=sort, products=_products(view, found))
        subjects = tuple(Subject(*key) for key in said.products[:1])
        if subjects:
            start, end = found.span(group)
            when = view.when(start, end)
            yield Found(kind=Kind.PLAN_COUNT, said=said, start=start, end=end, subjects=subjects, when=when)


def _value(written: str) -> Decimal:
    if written.isdecimal():
        return Decimal(written)
    return Decimal(next((value for _, _, value in number_words(written)), 0))


def _products(view: View, found: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """Whose plans are counted: those of the sentence or spoken of, all of the text where it counts them together."""
    named = {key for one in view.mentions if one.start < found.start() for key in one.keys}
    keys = named or {one.key for one in view.fallback}
    if len(keys) == 1:
        return tuple(keys)
    return (
        tuple(sorted(view.around))
        if found.re is _IN_ALL or re.match(r"\W*two\sproducts\b", view.written, re.IGNORECASE)
        else ()
    )
