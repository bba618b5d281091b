"""For which period an amount is charged and what one commits to, where the words stand further off than right behind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.views import View
from pricing_pipeline.money import Amount
from pricing_pipeline.units import is_known, metric, period

_PERIOD_BEFORE = re.compile(
    r"\b(monthly|annual|yearly|per-month|per-year)\s+(?:platform\s|base\s|list\s|flat\s)?(?:price|fee|"
    r"cost|rate|bill|subscription|charge|plan|billing)\b",
    re.IGNORECASE,
)
_PERIOD_OF = re.compile(r"\b(?:a|one|each|every)\s(month|year)\sof\s[^$€£;,]{0,40}$", re.IGNORECASE)
_PERIOD = re.compile(r"\b(month(?:ly)?|annual(?:ly)?|year(?:ly)?)\b|[/\s](mo|yr)\b", re.IGNORECASE)
_BY_THE_YEAR = re.compile(
    r"\b(?:commit\w*|bill(?:ed|ing)|pay(?:ing|s)?|paid|invoiced|contract|sign\w*|prepa(?:y|id)|up\s?front)\W+(?:[^\W\d]+\W+){0,5}?"
    r"(?:annual(?:ly)?|year(?:ly)?|12\smonths)\b"
    r"|\b(?:annual|yearly|year's|year-long|12-month)\s(?:billing|commitment|contract|plan|subscription|payment|prepayment|"
    r"basis|discount|term|invoice)",
    re.IGNORECASE,
)
_HEADS_A_PRICE = re.compile(
    r"[$€£]|\b(?:prices?|pricing|costs?|fees?|USD|EUR|GBP|billed|billing)\b|^(?:monthly|annual(?:ly)?|yearly|per\smonth)$",
    re.IGNORECASE,
)
_HEADS_AN_ENTRY = re.compile(
    r"\b(?:starts?|starting|cheapest|lowest|entry|from|minimum|paid\splans?\sfrom|first\spaid)\b", re.IGNORECASE
)


def header(view: View) -> str:
    """What stands at the head of a cell; nothing elsewhere."""
    return f"{view.passage.column} {view.passage.row}".strip() if view.passage.block is Block.CELL else ""


def heads_a_price(view: View) -> bool:
    """Whether a bare figure in the cell is an amount of money: under "$/mo", beside "Price"."""
    passage = view.passage
    return any(
        _HEADS_A_PRICE.search(one) is not None and not is_known(metric(one) or "")
        for one in (passage.column, passage.row)
    )


def heads_an_entry(view: View) -> bool:
    """Whether the cell gives the lowest price of a product: beside "Starts at", under "Cheapest paid plan"."""
    return _HEADS_AN_ENTRY.search(header(view)) is not None


def commitment_of(view: View, amount: Amount, read: Sequence[Amount], place: int) -> str | None:
    """A year where the amount is charged so only to who commits to it."""
    if amount.commitment or amount.period == "year":
        return amount.commitment
    first, last = view.clause(amount.start)
    begins = read[place - 1].end if place else first
    ends = read[place + 1].start if place + 1 < len(read) else min(last, amount.end + 80)
    before = view.text[max(begins, first) : amount.start]
    behind = view.text[amount.end : max(ends, amount.end)]
    # "... if you commit to a year), and Business for $149" says nothing of Business
    near = re.split(r"[);]|,\s(?:and|or)\s", behind)[0]
    opening = re.split(r"\)|,\s(?:and|or)\s", before)[-1]
    said = _BY_THE_YEAR.search(near) or _BY_THE_YEAR.search(opening) or _BY_THE_YEAR.search(header(view))
    return "year" if said else None


def period_of(view: View, amount: Amount) -> str | None:
    """The period that the clause or the header of the cell gives an amount."""
    if amount.period:
        return amount.period
    first, _ = view.clause(amount.start)
    of = _PERIOD_OF.search(view.text, first, amount.start)
    if of:
        return period(of[1])
    said = list(_PERIOD_BEFORE.finditer(view.text, first, amount.start))
    if said:
        return period(said[-1][1])
    headed = header(view)
    found = _PERIOD.search(headed)
    # "Billed annually" is what one commits to: the amount below may be a month's or the year's
    return period(found[1] or found[2]) if found and not _BY_THE_YEAR.search(headed) else None
