"""What a plan costs in the long run where its card shows what it costs at first: "$19, 35% off for 3 months, regularly $29"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.priced import Priced

_COUNT = r"(?:\d+|one|two|three|four|six|twelve)"
_OFFER = re.compile(
    rf"(?:\b(?P<share>\d{{1,2}})\s?%\s)?\b(?:off|discount\w*|introductory|intro|promotion\w*|offer|save[ds]?|saving)\b"
    rf"[^.$€£¥]{{0,60}}?\b(?:for|on|in|during) (?:the |your )?(?:(?:first|next) (?:{_COUNT} )?|{_COUNT} )"
    r"(?:months?|years?|quarters?|weeks?|billing (?:cycle|period)s?)\b"
    rf"|\bintroductory (?:price|rate|offer)\b|\bafter (?:the |your )?(?:first )?{_COUNT} (?:months?|years?)\b",
    re.IGNORECASE,
)
# "35% off" of $29 is $18.85, and written $19.
_ROUNDING = Decimal("0.02")


def in_the_long_run(priced: Sequence[Priced], lines: Iterable[Block]) -> list[Priced]:
    """The amounts of a card (`lines` are its blocks) with introductory prices marked as promotions, and with what they give way
    to as the plan's own price.

    The price tag itself is introductory where the card says so elsewhere, by naming that very sum for a while or by telling of an
    offer for a while, and states what is asked after it. A share that the offer names has to lead from one to the other.
    """
    items = [item for item in priced if not _is_of_another_pane(item, priced)]
    offers = [found for block in lines for found in [_OFFER.search(block.text)] if found is not None]
    first = {_sum(item) for item in items if item.promo}
    if first or offers:
        tags = [item for item in items if _is_tag(item)]
        then = _regular(items, tags, offers)
        if then is not None:
            items = [_in_its_place(item, then, tags, first, offers) for item in items]
    if any(item.promo for item in items):
        return [
            replace(item, extra=item.extra and not item.later, is_line=item.is_line or item.later) for item in items
        ]
    asked = [item for item in items if not item.renews]
    # What the first term costs is what the page asks today; the price of the next one would stand for the same month.
    return asked if any(item.is_line and not item.struck for item in asked) else items


def _is_tag(item: Priced) -> bool:
    return item.is_line and not (item.extra or item.struck or item.once or item.promo or item.later or item.least)


def _sum(item: Priced) -> tuple[Decimal, str | None]:
    return item.amount.amount, item.amount.currency


def _is_of_another_pane(item: Priced, priced: Sequence[Priced]) -> bool:
    """Whether a promotion that is told in the yearly pane is that of the monthly one, whose note the pane repeats: "$19/month at
    first, then $29/month" under a tag that says neither."""
    if not (item.promo or item.later) or item.pane != "year" or item.commitment is not None or item.period == "year":
        return False
    tags = [_sum(other) for other in priced if _is_tag(other) and other.pane == "year"]
    return bool(tags) and not any(_sum(other) in tags for other in priced if other.promo)


def _regular(items: Sequence[Priced], tags: Sequence[Priced], offers: Sequence[re.Match[str]]) -> Priced | None:
    """What is asked after the first while: what the card says so of, else the struck-through price that an offer's share leads
    to the tag from."""
    said = [item for item in items if item.later and not item.promo]
    struck = [item for item in items if item.struck and any(_leads(offers, item, tag) is True for tag in tags)]
    return next(iter([*said, *struck]), None)


def _leads(offers: Sequence[re.Match[str]], dear: Priced, cheap: Priced) -> bool | None:
    """Whether the share that an offer names leads from one price to another; None where it names none."""
    shares = [Decimal(offer["share"]) for offer in offers if offer["share"]]
    full = dear.amount.amount
    off = [full * (1 - share / 100) for share in shares]
    return any(abs(left - cheap.amount.amount) <= full * _ROUNDING for left in off) if shares else None


def _in_its_place(
    item: Priced,
    then: Priced,
    tags: Sequence[Priced],
    first: set[tuple[Decimal, str | None]],
    offers: Sequence[re.Match[str]],
) -> Priced:
    """An item as the promotion or the plan's own price that it turns out to be."""
    cheaper = [
        tag
        for tag in tags
        if tag.amount.currency == then.amount.currency and tag.amount.amount < then.amount.amount
        and (_sum(tag) in first or (offers and _leads(offers, then, tag) is not False))
    ]  # fmt: skip
    if item in cheaper:
        return replace(item, promo=True)
    if item is then and cheaper:
        tag = cheaper[0]
        return replace(
            item, struck=False, later=True, period=item.period or tag.period, commitment=item.commitment or tag.commitment,
            metric=item.metric or tag.metric, unit=item.unit or tag.unit,
        )  # fmt: skip
    return item
