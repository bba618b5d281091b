"""Graduated rates told in one sentence: "First 10k messages free, then $0.50 per 1k messages up to 1M, $0.30 after"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.kinds import units_known
from pricing_pipeline.extract.page import Page, evidence, storable
from pricing_pipeline.extract.wording import has_money
from pricing_pipeline.facts import Evidence, State, Term, TermKind, TierMode
from pricing_pipeline.money import Amount, read_number

LONGEST = 240
_HINT = re.compile(r"\b(?:first|next|up to|after|beyond|above|over|thereafter)\b", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;](?!\d)\s*(?:and\s+)?(?:then\s+)?|\s+(?:and\s+)?then\s+", re.IGNORECASE)
_FIGURE = r"(\d[\d.,  ]*\s?(?:k|m|b|thousand|million|billion)?)"
_WORD = r"(?!(?:are|is|each|every|per|a|at|for|costs?)\b)[a-z][\w-]*"
_UNIT = rf"(?:\s+(?P<unit>{_WORD}(?: {_WORD})?))?"
_FIRST_FREE = re.compile(
    rf"^(?:(?:the|your)\s+)?first\s+{_FIGURE}{_UNIT}(?:\s+(?:each|every|per|a|/)\s*(?:month|day))?(?:\s+(?:are|is))?\s+(?:always\s+)?free$",
    re.IGNORECASE,
)
_FOR_FIRST = re.compile(rf"^\s*(?:for|on) (?:the |your )?first\s+{_FIGURE}{_UNIT}$", re.IGNORECASE)
_FIRST_AT = re.compile(
    rf"^(?:(?:for )?the\s+)?first\s+{_FIGURE}{_UNIT}\s*(?:cost|are|at|for|:|–|—|-)?\s*$", re.IGNORECASE
)
_NEXT_AT = re.compile(rf"^(?:the\s+)?next\s+{_FIGURE}{_UNIT}\s*(?:cost|are|at|for|:|–|—|-)?\s*$", re.IGNORECASE)
_UP_TO = re.compile(rf"^\s*(?:up to|until|for up to)\s+{_FIGURE}{_UNIT}$", re.IGNORECASE)
_NEXT = re.compile(rf"^\s*for the next\s+{_FIGURE}{_UNIT}$", re.IGNORECASE)
_AFTER = re.compile(
    rf"^\s*(?:after(?:wards| that)?|thereafter|beyond(?: that)?|above that|"
    rf"for (?:everything|anything|all usage) (?:above|beyond|over)"
    rf"(?: that)?|(?:above|over|beyond|after)\s+{_FIGURE}{_UNIT})?$",
    re.IGNORECASE,
)

# "$19 for the first 3 months, then $29" is a price that rises with time, not with use.
_SPANS = frozenset({"day", "week", "month", "quarter", "year"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One step: `amount` is None where it is free; it reaches `up_to` of the metric, or everything above where that is None."""

    amount: Amount | None
    up_to: Decimal | None
    unit: str | None


def stairs(page: Page, block: Block, plan: str | None, *, sentence: str | None = None, start: int = 0) -> list[Term]:
    """The graduated rates of a block, or of a sentence that starts within it; [] where it is no unbroken flight of steps."""
    text = (sentence or block.text).strip().rstrip(".")
    if len(text) > LONGEST or not has_money(text) or not _HINT.search(text):
        return []
    text = re.sub(r"^[^:$€£\d]{0,40}:\s*", "", text)
    steps: list[_Step] = []
    for part in _PARTS.split(text):
        step = _step(page, part, steps[-1] if steps else None)
        if step is None:
            return []
        steps.append(step)
    return (
        _terms(evidence([block], around=(start, start + 1)), steps, plan)
        if len(steps) > 1 and steps[-1].up_to is None
        else []
    )


def _step(page: Page, part: str, before: _Step | None) -> _Step | None:
    floor = before.up_to if before is not None else Decimal(0)
    if floor is None:
        return None
    free = _FIRST_FREE.match(part)
    if free is not None:
        return _reaching(None, _figure(page, free.group(1)), free["unit"]) if before is None else None
    amounts = page.amounts(part)
    if len(amounts) != 1 or amounts[0].amount_max is not None or amounts[0].period:
        return None
    amount, lead, rest = amounts[0], part[: amounts[0].start], part[amounts[0].end :]
    if lead.strip():
        ahead = (_NEXT_AT if before is not None else _FIRST_AT).match(lead) if not rest.strip() else None
        wide = _figure(page, ahead.group(1)) if ahead is not None else None
        return _reaching(amount, wide + floor, ahead["unit"]) if ahead is not None and wide is not None else None
    first, until, further = _FOR_FIRST.match(rest), _UP_TO.match(rest), _NEXT.match(rest)
    if first is not None and before is None:
        return _reaching(amount, _figure(page, first.group(1)), first["unit"])
    if until is not None:
        reach = _figure(page, until.group(1))
        return _reaching(amount, reach, until["unit"]) if reach is not None and reach > floor else None
    if further is not None:
        more = _figure(page, further.group(1))
        return _reaching(amount, more + floor if more is not None else None, further["unit"])
    last = _AFTER.match(rest)
    start = _figure(page, last.group(1)) if last is not None and last.group(1) else floor
    return (
        _Step(amount=amount, up_to=None, unit=None)
        if last is not None and start == floor and before is not None
        else None
    )


def _reaching(amount: Amount | None, up_to: Decimal | None, unit: str | None) -> _Step | None:
    return _Step(amount=amount, up_to=up_to, unit=unit) if up_to else None


def _figure(page: Page, text: str) -> Decimal | None:
    value = read_number(text.strip(" .,"), locale=page.locale)
    return value if storable(value) else None


def _terms(quoted: Evidence, steps: Sequence[_Step], plan: str | None) -> list[Term]:
    """A term for each step. The unit and its step are those that any of them names; two that differ are no stairs."""
    named = {step.amount.metric for step in steps if step.amount is not None and step.amount.metric}
    named |= {metric for step in steps if step.unit and (metric := units.metric(step.unit)) and units_known(metric)}
    per = {step.amount.per_quantity for step in steps if step.amount is not None and step.amount.metric}
    if len(named) != 1 or len(per) > 1 or named & _SPANS:
        return []
    metric, step_size = named.pop(), per.pop() if per else None
    if len(steps) == 2 and steps[0].amount is None:
        return _allowance(quoted, steps, plan, metric, step_size)
    floor = Decimal(0)
    terms = []
    for step in steps:
        asked = step.amount
        shared = Term(
            plan=plan, term=TermKind.USAGE_RATE, metric=metric, tier_from=floor, tier_to=step.up_to,
            tier_mode=TierMode.GRADUATED, evidence=quoted,
        )  # fmt: skip
        if asked is None:
            terms.append(replace(shared, state=State.FREE))
        else:
            size = asked.per_quantity or step_size
            terms.append(
                replace(
                    shared, amount=asked.amount, currency=asked.currency, per_quantity=size, unit_as_printed=asked.per
                )
            )
        floor = step.up_to or floor
    return terms


def _allowance(
    quoted: Evidence, steps: Sequence[_Step], plan: str | None, metric: str, size: Decimal | None
) -> list[Term]:
    """What is free and the rate of all above, in the words of every other plan: so many included, each further one at a rate."""
    asked = steps[1].amount
    assert asked is not None
    rate = Term(
        plan=plan,
        term=TermKind.USAGE_RATE,
        metric=metric,
        amount=asked.amount,
        currency=asked.currency,
        per_quantity=asked.per_quantity or size,
        unit_as_printed=asked.per,
        evidence=quoted,
    )
    free = Term(
        plan=plan,
        term=TermKind.ALLOWANCE,
        metric=metric,
        quantity=steps[0].up_to,
        unit_as_printed=steps[0].unit,
        evidence=quoted,
    )
    return [rate, free]
