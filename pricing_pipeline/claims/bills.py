"""Money that somebody pays in all, or for a part of it: no price of a plan, unless the use is named at which it arises."""

from __future__ import annotations

import re

from pricing_pipeline.claims.views import View
from pricing_pipeline.money import Amount

_BILL = re.compile(
    r"\b(?:c(?:ome|ame)s?\sto|bills?|invoices?|would(?:\s\w+)?\s(?:be|have\sbeen|come|cost|pay|run)|totals?|in\sall|altogether|"
    r"set\s\w+\sback|ends?\sup|adds?\sup|works?\sout|budget(?:ed)?|spends?|spent|best\syou\scan\sdo)\b"
    r"[^;$€£]{0,60}$",
    re.IGNORECASE,
)
# Whoever pays is not the plan: "someone who used all of it now pays $310".
_PAYS = re.compile(r"\b(?:pays?|paid|paying)\s+(?:(?:about|just|only|around|roughly|some)\s)?$", re.IGNORECASE)
_PART = re.compile(r"\s+(?:for|in)\s(?:the|those|these|all\sthe|its|your)\s(?:\w+\s)?[a-z]+s\b", re.IGNORECASE)
_SUM_FOLLOWS = re.compile(r"\s*(?:(?:a|per|/)\s?(?:month|mo))?\s*:\s[^.;]{0,40}[$€£]", re.IGNORECASE)


def is_bill(view: View, amount: Amount) -> bool:
    """Whether an amount is what somebody pays, in all or for a part, rather than what a plan is said to cost."""
    first, last = view.clause(amount.start)
    if _PART.match(view.text, amount.end, last) or _SUM_FOLLOWS.match(view.text, amount.end):
        return True
    before = view.text[first : amount.start]
    if amount.period is not None:
        return False
    return _BILL.search(before) is not None or (
        _PAYS.search(before) is not None and not _names_plan(view, amount, first)
    )


def _names_plan(view: View, amount: Amount, first: int) -> bool:
    """Whether a plan stands right behind, "you pay $12 for Solo", or before: "Starter users pay $0.035"."""
    ahead = view.ahead(amount.end)
    before = any(one.is_plan and first <= one.start < amount.start for one in view.mentions)
    return before or (ahead is not None and ahead.is_plan)
