"""One amount of a plan's card, with what the words around it say of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.charges import (
    is_after_trial,
    is_extra,
    is_from,
    is_later,
    is_no_charge,
    is_once,
    is_promo,
    is_renewal,
    read_charge,
    unrolled,
)
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.labels import is_price_line
from pricing_pipeline.extract.page import Page
from pricing_pipeline.extract.required import Required, required_by
from pricing_pipeline.extract.wording import (
    is_duration,
    is_for_others,
    is_minimum,
    is_once_line,
    is_period_line,
    is_price_header,
)
from pricing_pipeline.money import Amount
from pricing_pipeline.packs import read_pack_behind

LOOK_AHEAD = 3
_LABEL = re.compile(r"^\W*([^\W\d_]+(?: [^\W\d_]+)?)\s*[:–—-]\s*$")
# Units that say nothing of what they measure.
_MEASURING = frozenset({"gb", "tb", "mb", "minute", "hour"})
_SPAN_END = re.compile(r"^(?!.*\bunlimited\b)[^\d$€£]*\bper (?:[a-z-]+ (?:per|/|a) )?(?:month|year)\W*$", re.IGNORECASE)
# "10 GB included, $0.50/GB after"
_AFTERWARDS = re.compile(r"\s*(?:after(?:wards| that)?|beyond(?: that)?)\s*(?:$|[.,;)])", re.IGNORECASE)
_BARE = frozenset({"token", "gb", "tb", "mb", "minute", "second"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """One amount of a card with what stands around it. `quoted` are the blocks that say it all."""

    amount: Amount
    block: Block
    quoted: tuple[Block, ...]
    period: str | None
    commitment: str | None
    metric: str | None
    unit: str | None
    per_quantity: Decimal | None
    pane: str | None
    struck: bool
    extra: bool
    once: bool
    is_from: bool
    is_line: bool
    promo: bool = False
    later: bool = False
    least: bool = False
    renews: bool = False
    required: Required | None = None
    # what the sum would buy if it is not the plan's own: "$25 for 10,000 credits"
    pack: units.Per | None = None

    @property
    def asks_nothing(self) -> bool:
        """Whether this is a price of zero. "$0–$29" reaches further."""
        return self.amount.amount == 0 and self.amount.amount_max is None


def read_priced(
    page: Page, blocks: Sequence[Block], name_index: int, *, lines: Collection[int] = ()
) -> Iterator[Priced]:
    """Every amount that the blocks of a card ask, in order; savings and credits left out. `lines` are price tags for certain."""
    for place, block in enumerate(blocks):
        amounts = page.amounts_in(block)
        for index, amount in enumerate(amounts):
            if (
                amount.period is None
                and index + 1 < len(amounts)
                and _says_the_same(block.text, amount, amounts[index + 1])
            ):
                amount = replace(amount, period=amounts[index + 1].period)
            before = block.text[amounts[index - 1].end if index else 0 : amount.start]
            after = block.text[amount.end : amounts[index + 1].start if index + 1 < len(amounts) else None]
            follow = _following(page, blocks, place, name_index) if index + 1 == len(amounts) else []
            named = block.index == name_index and not index
            required = required_by(block.text, amounts, index)
            item = _one(page, blocks, place, amount, (before, after), follow, is_named=named, required=required)
            if item is not None:
                yield replace(item, is_line=True) if block.index in lines else item


def _says_the_same(text: str, amount: Amount, other: Amount) -> bool:
    """Whether two amounts are one price in two currencies: "$19 / €17 per month"."""
    return amount.currency != other.currency and text[amount.end : other.start].strip() in ("/", "|", "or", "")


def _one(
    page: Page,
    blocks: Sequence[Block],
    place: int,
    amount: Amount,
    around: tuple[str, str],
    follow: Sequence[tuple[Block, str]],
    *,
    is_named: bool,
    required: Required | None,
) -> Priced | None:
    block = blocks[place]
    before, after = around
    segment = next((s for s in block.segments if s.start <= amount.start < s.end), block.segments[0])
    if (
        not segment.struck
        and not is_later(before)
        and required is None
        and (is_no_charge(before, after) or (is_for_others(before) and not is_named) or amount.qualifier == "up_to")
    ):
        return None
    beside = " ".join([after, *(text for _, text in follow)])
    charge = read_charge(f"{amount.text[-40:]} {beside}")
    at_once = amount.period is None and bool(follow) and is_once_line(follow[0][1])
    period = None if at_once else amount.period or charge.period or _label_before(blocks, place) or _head_before(before)
    rate = (
        units.read_per(" " + beside.strip(), 0, locale=page.locale)
        if amount.metric is None and beside.strip()
        else None
    )
    lead = before or _lead(blocks, place)
    metric, period = unrolled(amount.metric or (rate.metric if rate else None), period)
    extra = is_extra(before, f"{amount.text} {after}".split(" ", 1)[-1]) and not is_after_trial(before)
    extra = extra or (metric not in (None, "seat") and _AFTERWARDS.match(after) is not None)
    if extra and metric in _MEASURING:
        metric = _measured_before(page, blocks, place, before, metric)
    return Priced(
        amount=amount,
        block=block,
        quoted=(block, *(b for b, _ in follow)),
        period=period,
        commitment=amount.commitment or charge.commitment,
        metric=_labelled(metric, before) if metric else None,
        unit=amount.per or (rate.per if rate else None),
        per_quantity=amount.per_quantity or (rate.per_quantity if rate else None),
        pane=segment.period or block.pane,
        struck=segment.struck,
        extra=extra,
        once=is_once(before, after) or period == "one_time" or at_once,
        is_from=amount.qualifier == "from" or is_from(lead),
        is_line=is_price_line(block),
        promo=is_promo(before, f"{amount.text[-30:]} {beside}".split(" ", 1)[-1]) or is_promo(before, beside),
        later=is_later(before),
        renews=is_renewal(before, f"{amount.text} {beside}".split(" ", 1)[-1]),
        least=is_minimum(before, f"{amount.text} {after}".split(" ", 1)[-1]),
        required=required,
        pack=_pack(page, block, amount) if period is None and rate is None and amount.per is None else None,
    )


def _pack(page: Page, block: Block, amount: Amount) -> units.Per | None:
    pack = read_pack_behind(block.text, amount.end, "", locale=page.locale, is_beside=True)
    return pack if pack is not None and pack.metric not in (None, "seat") and units.is_known(pack.metric) else None


def _measured_before(page: Page, blocks: Sequence[Block], place: int, before: str, metric: str) -> str:
    """What a bare measure measures, by the count that it goes on from: GB of egress in "250 GB egress, then $0.09 per GB"."""
    above = blocks[place - 1].text if place and len(blocks[place - 1].text) < 80 else ""
    for text in (before, above):
        named = [quantity.metric for quantity in page.quantities(text) if quantity.metric.split("_")[-1] in _MEASURING]
        if named:
            return named[-1] if named[-1].endswith(f"_{metric}") else metric
    return metric


def _labelled(metric: str, before: str) -> str:
    """A metric by what its line is labelled with: tokens put in in "Input: $0.15 / 1M tokens", GB of storage."""
    label = _LABEL.match(before)
    if label is None or metric not in _BARE:
        return metric
    named = units.metric(f"{label.group(1)} {metric}")
    return named if named and not is_period_line(label.group(1)) and not is_price_header(label.group(1)) else metric


def _following(page: Page, blocks: Sequence[Block], place: int, name_index: int) -> list[tuple[Block, str]]:
    """The lines below an amount that go on where it left off, each with the part that belongs to it."""
    found: list[tuple[Block, str]] = []
    for block in blocks[place + 1 : place + 1 + LOOK_AHEAD]:
        if block.index == name_index:
            continue
        if block.surface is not blocks[place].surface or not _goes_on(block.text, is_next=not found):
            break
        if is_duration(block.text) and place and is_duration(blocks[place - 1].text):
            break  # labels and prices take turns: the next label is the next price's
        amounts = page.amounts_in(block)
        found.append((block, block.text[: amounts[0].start] if amounts else block.text))
        if amounts:
            break
    return found


def _goes_on(text: str, *, is_next: bool) -> bool:
    return is_period_line(text) or _is_unit_line(text) or (is_next and (is_once_line(text) or _names_span(text)))


def _names_span(text: str) -> bool:
    """Whether a line below an amount ends in what it is charged for: "full support per machine per year"."""
    return len(text) < 60 and _SPAN_END.match(text) is not None


def _is_unit_line(text: str) -> bool:
    return len(text) < 40 and text[:1] in "/(*"


def _label_before(blocks: Sequence[Block], place: int) -> str | None:
    """The period of a label right above an amount: "Monthly" over "$10"."""
    if place == 0 or not is_duration(blocks[place - 1].text):
        return None
    return read_charge(blocks[place - 1].text).period


def _head_before(before: str) -> str | None:
    """The period that heads an amount in its own line: "Price per month: $10", "月額 1,980円"."""
    is_head = len(before) < 40 and (before.rstrip()[-1:] == ":" or not before.isascii())
    return read_charge(before).period if is_head else None


def _lead(blocks: Sequence[Block], place: int) -> str:
    return blocks[place - 1].text if place and len(blocks[place - 1].text) < 30 else ""
