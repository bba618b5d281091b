"""Where two plans cost the same, read and judged: "the break-even is at 18,000", "cheaper below 18,000; above that …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pricing_pipeline.claims.claim import Crossed, Kind, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.judgement import Finding, Verdict, finding, unknown
from pricing_pipeline.claims.knowledge import Knowledge, Window
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.uses import NOT_COUNTED
from pricing_pipeline.claims.views import View
from pricing_pipeline.facts import TermKind
from pricing_pipeline.numerals import read_number
from pricing_pipeline.results import Workload
from pricing_pipeline.units import is_known, metric
from pricing_pipeline.wording import counted, money

_EVEN = re.compile(
    r"\bbreak[\s-]?even\b|\bcross(?:over|ing|es)?\b|\btipping\spoint\b|\bturning\spoint\b|\bcosts?\s(?:exactly\s)?the\ssame\b|"
    r"\bcosts?\sexactly\sas\smuch\b|\bthe\ssame\s(?:bill|total)\b|\bdraws?\slevel\b|\bcatch(?:es)?\sup\b",
    re.IGNORECASE,
)
_BETTER = r"(?:wins?|cheaper|better|the\sdeal|pays?\soff|takes\sover|overtakes?|dearer|comes\sout\sahead|ahead)"
# One side and then the other of one figure: "below 18,000 Solo is cheaper; above that, Starter".
_TWO_SIDED = re.compile(
    rf"\b{_BETTER}\b.*\b(?:above|below|beyond|past|over|after|from)\s(?:that|it|this|there|then)\b|"
    rf"\b(?:below|under|fewer|less|up\sto|until)\b.*\b{_BETTER}\b.*\b(?:above|beyond|past|after|over)\s(?:that|it|this|there)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.,$€£/-])(?P<number>\d[\d,]*k?)(?![\w%]|[.,]\d)(?:\s(?:monthly\s|serverless\s|extra\s)?(?P<unit>[^\W\d_]{3,}))?"
)
_LEAST = 50
"""Below this a figure counts people or plans."""


def crossings(view: View) -> Iterator[Found]:
    """Where a sentence says that two plans cost the same."""
    if view.is_question or view.passage.block in (Block.CELL, Block.HEADING):
        return
    cue = _EVEN.search(view.text) or _TWO_SIDED.search(view.text)
    if cue is None or len({found["number"] for found in _figures(view)}) != 1:
        return
    found = next(_figures(view))
    value, subjects = read_number(found["number"].rstrip(",")), _plans(view)
    if value is not None and subjects:
        said = Crossed(quantity=value, metric=_metric(view, found))
        yield Found(
            kind=Kind.COMPARISON, said=said, start=found.start("number"), end=found.end("number"), subjects=subjects,
            when=view.when(found.start(), found.end()),
        )  # fmt: skip


def _figures(view: View) -> Iterator[re.Match[str]]:
    for found in _FIGURE.finditer(view.text):
        value = read_number(found["number"].rstrip(","))
        is_year = re.fullmatch(r"(?:19|20)\d\d", found["number"])
        if value is not None and value >= Decimal(_LEAST) and not is_year:
            yield found


def _metric(view: View, found: re.Match[str]) -> str | None:
    before = re.findall(r"[^\W\d_]{3,}", view.text[: found.start()])
    after = re.findall(r"[^\W\d_]{3,}", view.text[found.end("number") :])
    names = [metric(word) for word in (*after, *reversed(before))]
    return next(
        (name for name in names if name and is_known(name) and name not in NOT_COUNTED and name != "seat"), None
    )


def _plans(view: View) -> tuple[Subject, ...]:
    """The plans that are compared: those of the sentence, else the product that it speaks of."""
    named = [one.subjects for one in view.mentions if one.is_plan and len(one.subjects) == 1]
    distinct = tuple(dict.fromkeys(subjects[0] for subjects in named))
    if len(distinct) == 2:
        return distinct
    around = distinct or tuple(one for mention in view.mentions for one in mention.subjects) or view.fallback
    keys = {one.key for one in around}
    return tuple(Subject(*key) for key in sorted(keys)) if len(keys) == 1 else ()


# A figure that is rounded to thousands still counts.
_NEARLY = Decimal("0.01")


def judge_crossed(said: Crossed, subjects: Sequence[Subject], knowledge: Knowledge, window: Window) -> Finding:
    """The finding on two plans costing the same at a use: the two that are named, or any two of a product."""
    plans = _compared_plans(subjects, knowledge, window)
    compared = [
        one
        for metric in _charged_metrics(said, plans, knowledge)
        for one in _compared(said.quantity, metric, plans, knowledge, window)
    ]
    if not compared:
        return unknown("what both cost at that use is not known")
    words = [f"{money(one, 'USD')} and {money(other, 'USD')} at {use}" for one, other, use in compared]
    if any(abs(one - other) <= _NEARLY * max(one, other) for one, other, _ in compared):
        return finding(Verdict.SUPPORTED, words[0])
    return finding(
        Verdict.CONTRADICTED,
        f"there they cost {'; '.join(words[:3])}",
        knowledge.terms_of(plans[0].key, plans[0].plan, window),
    )


def _compared_plans(subjects: Sequence[Subject], knowledge: Knowledge, window: Window) -> list[Subject]:
    if all(one.plan is not None for one in subjects):
        return list(subjects)
    return [Subject(*one.key, held.fact.slug) for one in subjects for held in knowledge.plans_of(one.key, window)]


def _charged_metrics(said: Crossed, plans: Sequence[Subject], knowledge: Knowledge) -> list[str]:
    """The units that are charged for and may be meant."""
    charged = {
        str(held.fact.metric)
        for plan in plans
        for held in knowledge.terms_of(plan.key, plan.plan)
        if held.fact.term is TermKind.USAGE_RATE and held.fact.metric
    }
    named = {one for one in charged if said.metric and set(said.metric.split("_")) <= set(one.split("_"))}
    return sorted(named if said.metric else charged)


def _compared(
    quantity: Decimal, metric: str, plans: Sequence[Subject], knowledge: Knowledge, window: Window
) -> Iterator[tuple[Decimal, Decimal, str]]:
    usage = Workload(slug="said", name="said", usage={metric: quantity})
    costs = [knowledge.cost(plan.key, str(plan.plan), usage, window) for plan in plans]
    known = [cost.high for cost in costs if cost is not None and cost.high is not None]
    for one, other in combinations(known, 2):
        yield one, other, counted(quantity, metric)
