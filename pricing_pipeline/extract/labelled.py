"""Values that say what they count only beside their label: "No. of scans | Unlimited", "5,000" over "events"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.kinds import TIME, kind_of
from pricing_pipeline.extract.page import Page, evidence, storable
from pricing_pipeline.extract.wording import clean_name
from pricing_pipeline.facts import State, Term, TermKind
from pricing_pipeline.money import read_number

_VALUE_ONLY = re.compile(r"^(?:up to |max\.? )?(?:\d[\d.,  ]*\s?[kKmM]?|unlimited)\+?$", re.IGNORECASE)
_COUNT = re.compile(r"^(?:up to |max\.? )?(\d[\d.,  ]*)\s?(k|m)?\+?$", re.IGNORECASE)
_LABEL_NOISE = re.compile(
    r"^(?:no\.?\s?of|number of|#|nr\.? of|included|max(?:imum)?\.?|total|monthly(?!\s+(?:active|tracked|unique|engaged)\b))\s*",
    re.IGNORECASE,
)
_COUNTED_IN = re.compile(
    r"\s*(?:/|\bper\b|\ba\b|\beach\b)\s*(month|mo|year|day|hour|week)$|^(monthly|daily|yearly|annual|weekly)\s+(?!active\b|tracked\b|unique\b|engaged\b)",
    re.IGNORECASE,
)
_OWN_LABEL = re.compile(r"^([^\W\d_][^:$€£\d]{1,34}?)\s*:\s*([^:]{1,30})$")
_MEASURES = frozenset({"mb", "gb", "tb"})
_OF_CHARGES = re.compile(r"\s+(?:charges?|fees?|costs?|pricing|rates?)$", re.IGNORECASE)
_WORDED = re.compile(r"[^\W\d_][^\W_ -]*(?:[ -][^\W\d_]+)*$")


def labelled_terms(page: Page, blocks: Sequence[Block], place: int, plan: str | None) -> Iterator[Term]:
    """A bare value beside its label: "No. of scans | Unlimited", "5,000" over "events"."""
    block = blocks[place]
    own = _OWN_LABEL.match(block.text)
    if own is not None:
        term = _of_own_label(page, block, own[1], own[2], plan)
        if term is not None:
            yield term
        return
    if not _VALUE_ONLY.match(block.text):
        return
    for other, quoted in _neighbours(blocks, place):
        label = without_noise(other.text).strip(" :")
        metric = units.metric(label) if 0 < len(label) < 30 and len(label.split()) < 4 else None
        if metric is None or metric in TIME:
            continue
        term = value_term(page, block.text, plan, metric, label, quoted)
        if term is not None:
            yield term
            return


def without_noise(label: str) -> str:
    """A label without what only says that it counts: users in "Max. users", "No. of users"."""
    return _LABEL_NOISE.sub("", label).strip()


def own_label(text: str) -> str | None:
    """What a line puts before a colon as the name of what follows: Storage in "Storage: 10 GB"."""
    found = _OWN_LABEL.match(text)
    return found[1].strip() if found else None


def _of_own_label(page: Page, block: Block, label: str, value: str, plan: str | None) -> Term | None:
    """The count in a line that names what it counts first: "Users: 3", "API calls: 10,000 / month"."""
    counted, span = counted_in(without_noise(label))
    metric = units.metric(counted) if len(counted.split()) < 4 else None
    if metric is None or metric in TIME or not units.is_known(metric):
        return None
    number, told = counted_in(value)
    term = value_term(page, number, plan, metric, counted, [block])
    period = told or span
    return replace(term, billing_period=period, term=TermKind.ALLOWANCE) if term is not None and period else term


def counted_in(head: str) -> tuple[str, str | None]:
    """A label or value without the period that it counts in: "API calls per month", "Monthly events", "10,000 / month"."""
    found = _COUNTED_IN.search(head)
    if found is None:
        return head, None
    return _COUNTED_IN.sub("", head).strip(), units.period(found.group(1) or found.group(2))


def label_before(blocks: Sequence[Block], place: int) -> Block | None:
    """The label that heads a value: the term of its definition, or a caption in its row that ends in a colon."""
    block = blocks[place]
    before = blocks[place - 1] if place else None
    if before is None or before.node.parent is not block.node.parent or block.node.parent is None:
        return None
    is_head = block.node.parent.name == "tr" or before.text.endswith(":") or (before.tag == "dt" and block.tag == "dd")
    return before if is_head else None


def _neighbours(blocks: Sequence[Block], place: int) -> Iterator[tuple[Block, list[Block]]]:
    """The blocks that may label a value, the likeliest first, each with what is quoted."""
    block = blocks[place]
    head = label_before(blocks, place)
    if head is not None:
        yield head, [head, block]
    row = block.node.parent
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    if (
        after is None
        or row is None
        or after.node.parent is not row
        or row.name in ("tr", "dl")
        or re.search(r"\d", after.text)
    ):
        return
    # Where labels and values take turns in one list, the next label is the next value's: "Users", "5", "Storage", "10 GB".
    further = blocks[place + 2] if place + 2 < len(blocks) else None
    before = blocks[place - 1] if place else None
    takes_turns = further is not None and further.node.parent is row and re.search(r"\d", further.text) is not None
    if takes_turns and before is not None and before.node.parent is row and not re.search(r"\d", before.text):
        return
    yield after, [block, after]


def value_term(
    page: Page, value: str, plan: str | None, metric: str, printed: str, quoted: Sequence[Block]
) -> Term | None:
    """The limit or allowance that a bare value of a labelled metric states."""
    text = value.strip()
    if text.lower().rstrip("*") in ("unlimited", "∞"):
        return Term(
            plan=plan,
            term=kind_of(metric, None),
            metric=metric,
            state=State.UNLIMITED,
            unit_as_printed=printed,
            evidence=evidence(quoted),
        )
    found = _COUNT.match(text)
    if found is None:
        return None
    factor = {"k": Decimal(1000), "m": Decimal(1_000_000)}.get((found.group(2) or "").lower(), Decimal(1))
    number = read_number(found.group(1).strip(), locale=page.locale)
    if number is None or not storable(number * factor):
        return None
    return Term(
        plan=plan,
        term=kind_of(metric, None),
        metric=metric,
        quantity=number * factor,
        unit_as_printed=printed,
        evidence=evidence(quoted),
    )


def of_what(term: Term, label: str) -> Term:
    """A bare measure with what its row measures: GB of storage in "Storage | 10 GB"."""
    metric = of_measure(term.metric, label)
    return replace(term, metric=metric) if metric else term


def of_measure(metric: str | None, label: str) -> str | None:
    """A bare measure's metric by what a label says is measured; None where it is no bare measure, or the label is no noun."""
    plain = _OF_CHARGES.sub("", clean_name(label))
    if metric not in _MEASURES or not plain or len(plain.split()) > 3 or not _WORDED.match(plain):
        return None
    return units.metric(f"{plain} {metric}")
