"""Reading allowances and limits out of the lines of a plan: "7,500 credits included", "Up to 3 users", "No credits included"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.denied import is_denied, not_included
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.footnotes import kept
from pricing_pipeline.extract.kinds import TIME, kind_of, units_known
from pricing_pipeline.extract.labelled import label_before, labelled_terms, of_what, own_label
from pricing_pipeline.extract.least import bare_bounds, is_least
from pricing_pipeline.extract.page import Draft, Page, evidence, storable
from pricing_pipeline.extract.wording import has_money, without_template
from pricing_pipeline.facts import State, Surface, Term, TermKind
from pricing_pipeline.packs import read_pack_before

LONGEST_LINE = 200
_NOT_A_TERM = re.compile(
    r"\b(?:trial|response|respond|reply|within|uptime|guarantee|money[- ]back|refund|founded|customers|"
    r"companies|trusted|since|faster|save[sd]?|saving|off|cancel|notice|"
    r"free months?|months? free|days? free|years? of|sold in|packs? of|minutes? (?:setup|to set ?up)|ready in|"
    r"set ?up in|in (?:just )?(?:\d+|minutes)|ago|working days|per page|years? experience|"
    r"for example|e\.g\.|example|suppose|imagine|if you (?:use|have|run|deploy|need)|more than|less than|fewer "
    r"than|over \d|stars?|rated|extra|additional|beyond|then \$|discount|"
    r"\d[\d.,]*\s?[km]? (?:more|further))\b|^for\b[^a-z]*[<>]|[<>]\s*\d|[★⭐]"
    r"|\b\d+[- ]?(?:months?|years?) (?:minimum )?(?:contract|commitment|term|agreement|warranty|plan|subscription)\b"
    r"|[≈~]\s?\d|\b(?:approx\w*|roughly|about|around)\.? \d",
    re.IGNORECASE,
)
# How small numbers are spelled out, and in digits.
NUMBER_WORDS = {
    "one": "1",
    "a single": "1",
    "single": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}
_NUMBER_WORD = re.compile(
    rf"\b({'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})(?=\s+(?!of\b|time\b|place\b|click\b|or\b|"
    rf"stop\b|month free|year\b|-)[a-z])",
    re.IGNORECASE,
)
_EACH_MOMENT = re.compile(r"\s*(?:/|\bper|\ba|\beach)\s?(?:s|sec|seconds?|mins?|minutes?)\b", re.IGNORECASE)
_THEN_PRICE = re.compile(
    r"[\s,;(.–—-]+(?:(?:and )?(?:then|thereafter|after that|afterwards|additional|extra|each additional|overages?)\b|"
    r"[+]?\s?[$€£¥₹]\s?\d)",
    re.IGNORECASE,
)
# A line below the price: "for 1,000 contacts"
_FOR_SO_MANY = re.compile(r"^\W*for\s+(?=\d[^.]{0,30}$)", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
# What any count is written with, or a promise of as many as one likes.
_COUNTS = re.compile(
    rf"\d|limit|imitad|imité|imitat|unbegrenzt|onbeperkt|obegr|unmetered|∞|infinite|many|{'|'.join(NUMBER_WORDS)}",
    re.IGNORECASE,
)
# "Unlimited emails (fair use: up to 100,000 a month)" promises the figure.
_FAIR_USE = re.compile(r"\bfair[- ]us(?:e|age)\b|\b(?:capped at|cap of)\s", re.IGNORECASE)
_PRICED = re.compile(r"\d\s*(?:/|\bper|\bfor)\s*(?:another\s*)?$", re.IGNORECASE)
_SLASHED = re.compile(r"\s/\s(?=\d|unlimited)", re.IGNORECASE)
_UNLIMITED_TAIL = re.compile(r"^\s*(?:/|,|&|and|or)\s*((?:[a-z][\w-]*\s?){1,2})", re.IGNORECASE)
_MADE_EACH = re.compile(
    r"^\s(?:built|sent|run|made|[a-z]{3,}ed)\s?(?:/|\bper|\beach|\bevery|\ba)\s?(month|year|day|week)\b", re.IGNORECASE
)
_LATER_PERIOD = re.compile(
    r"^[^,;.$€£\d]{0,40}?(?:/|\bper|\beach|\bevery|\ba)\s?(month|year|day|week)\b", re.IGNORECASE
)
_AS_MANY = re.compile(
    r"\b(?:as many ((?:[a-z]+ ?){1,2}?) as (?:you|your)|no matter how many ((?:[a-z]+ ?){1,2}?)(?: (?:or|and) ([a-z]+))? "
    r"(?:you|are)\b)",
    re.IGNORECASE,
)


def read_features(page: Page, blocks: Sequence[Block], plan: str | None, *, way: str = "card") -> list[Draft]:
    """The allowances and limits that the visible lines of a plan state."""
    drafts: list[Draft] = []
    for place, block in enumerate(blocks):
        if block.surface is not Surface.VISIBLE or block.is_struck:
            continue
        if len(block.text) > LONGEST_LINE:
            drafts.extend(Draft(term=term, way=way) for term in _as_many(block, plan))
            continue
        terms = list(line_terms(page, block, plan)) or list(labelled_terms(page, blocks, place, plan))
        if terms and is_denied(block):
            continue
        terms = kept(page.document.blocks, block, terms)
        head = label_before(blocks, place) if terms else None
        label = head.text.strip(" :") if head is not None else own_label(block.text)
        if label is not None:
            terms = [of_what(term, label) for term in terms]
        drafts.extend(Draft(term=term, way=way) for term in terms)
    return drafts


def line_terms(page: Page, block: Block, plan: str | None) -> Iterator[Term]:
    """The allowances and limits in one line."""
    text = without_template(block.text)
    none = not_included(text)
    if none is not None:
        yield Term(
            plan=plan, term=TermKind.ALLOWANCE, metric=none, state=State.NOT_INCLUDED, evidence=evidence([block])
        )
        return
    sold = _sold(page, text)
    text = _FOR_SO_MANY.sub("", before_price(text))
    found = tuple(term for term in _promised(page, block, plan, text) if (term.metric, term.quantity) not in sold)
    bounded = {term.metric for term in found if term.state is State.STATED} if _FAIR_USE.search(text) else set()
    yield from (term for term in found if not (term.state is State.UNLIMITED and term.metric in bounded))


def _sold(page: Page, text: str) -> set[tuple[str | None, Decimal | None]]:
    """What a line sells by the pack rather than includes: 10,000 credits in "10,000 credits for $25"."""
    sold: set[tuple[str | None, Decimal | None]] = set()
    end = 0
    for amount in page.amounts(text) if has_money(text) else ():
        before = text[end : amount.start]
        pack = read_pack_before(before, has_period=amount.period is not None, locale=page.locale)
        if pack is not None:
            sold.add((pack.metric, pack.per_quantity))
        end = amount.end
    return sold


def _promised(page: Page, block: Block, plan: str | None, text: str) -> Iterator[Term]:
    if not _COUNTS.search(text) or _NOT_A_TERM.search(text):
        return
    yield from _as_many(block, plan)
    for part in [text] if has_money(text) else _SLASHED.split(text):
        yield from _counted(page, block, plan, part)


def with_digits(text: str) -> str:
    """A text with the small numbers that it spells out ("one minute") in digits."""
    return _NUMBER_WORD.sub(lambda match: NUMBER_WORDS[match.group(1).lower()], text)


def before_price(text: str) -> str:
    """A line up to where it turns to what more costs: "50,000 events included, then $2 per 10,000 events"."""
    found = _THEN_PRICE.search(text) if has_money(text) else None
    head = text[: found.start()].rstrip() if found else text
    return head if found and not has_money(head) and _DIGITS.search(head) else text


def _counted(page: Page, block: Block, plan: str | None, text: str) -> Iterator[Term]:
    spelled = with_digits(text)
    counts = page.quantities(spelled)
    bare = bare_bounds(spelled, counts)
    for quantity in counts:
        if spelled == text or units.is_known(quantity.metric):
            asked = is_least(spelled, quantity, counts, bare)
            yield from _terms(block, plan, quantity, spelled, is_asked=asked)
    for bound in bare:
        yield from _terms(
            block,
            plan,
            replace(counts[0], quantity=bound.many, quantity_max=None, bound=None),
            spelled,
            is_asked=bound.is_least,
        )


def _as_many(block: Block, plan: str | None) -> Iterator[Term]:
    """What a sentence promises without limit: "as many users as you need", "no matter how many users or projects"."""
    for found in _AS_MANY.finditer(block.text):
        for words in found.groups():
            metric = units.metric(words) if words else None
            if metric is not None and units_known(metric):
                yield _unlimited(block, plan, metric, words.strip())


def _terms(block: Block, plan: str | None, quantity: units.Quantity, text: str, *, is_asked: bool) -> Iterator[Term]:
    """What one count of a line states; `is_asked` where it is the least that one has to take."""
    metric = quantity.metric
    if _EACH_MOMENT.match(text[quantity.end :]) or _EACH_MOMENT.search(quantity.text):
        return  # "100 requests per second" is how fast, not how many
    if _PRICED.search(text[: quantity.start]):
        return  # "$0.15 / 1M tokens" includes none
    if metric in TIME and not _is_time_allowance(quantity, text):
        return
    if not units_known(metric) and (len(text) > 60 or not _is_plain_count(quantity, text)):
        return
    if (
        metric == "seat"
        and quantity.quantity is not None
        and quantity.quantity.as_tuple().exponent != 0
        and quantity.quantity % 1 == 0
        and "." in quantity.text
    ):
        return  # nobody buys 2.0 seats: "Apache 2.0 licence"
    if quantity.unlimited:
        yield _unlimited(block, plan, metric, quantity.unit_as_printed)
        printed = text.find(quantity.unit_as_printed, quantity.start)
        tail = _UNLIMITED_TAIL.match(text[printed + len(quantity.unit_as_printed) :]) if printed >= 0 else None
        also = units.metric(tail.group(1)) if tail else None
        if tail and also and units_known(also):
            yield _unlimited(block, plan, also, tail.group(1).strip())
        return
    if quantity.quantity is None or not (storable(quantity.quantity) and storable(quantity.quantity_max)):
        return
    if quantity.quantity == 0:
        return  # a slider at its start says "0 GB / month"; that nothing is included is said in words
    if is_asked:
        yield replace(_stated(block, plan, quantity), term=TermKind.MINIMUM_SPEND)
        return
    if quantity.bound == "min":
        return  # "10+ integrations" boasts, "minimum 5 users" asks
    yield _stated(block, plan, quantity)
    if quantity.quantity_max is not None and metric == "seat":
        yield Term(
            plan=plan,
            term=TermKind.MINIMUM_SPEND,
            metric=metric,
            quantity=quantity.quantity,
            unit_as_printed=quantity.unit_as_printed,
            evidence=evidence([block]),
        )


def _is_plain_count(quantity: units.Quantity, text: str) -> bool:
    """Whether an unknown noun is counted, rather than a version or a year named: "500 story-points", not "Ubuntu 24.04 LTS"."""
    if quantity.unlimited:
        return True
    number = quantity.quantity
    return (
        number is not None and number == number.to_integral_value() and not (1990 <= number <= 2100 and "," not in text)
    )


def _is_time_allowance(quantity: units.Quantity, text: str) -> bool:
    """Minutes and hours that a plan includes of something, not how long something takes."""
    return (
        quantity.metric in ("minute", "hour")
        and (quantity.period is not None or "includ" in text.lower() or len(text) < 30)
        and quantity.quantity != 24
    )


def _stated(block: Block, plan: str | None, quantity: units.Quantity) -> Term:
    period = quantity.period
    # "7,500 credits included per month", "3,000 models built per month": the period stands further on in the line.
    tail = block.text[block.text.find(quantity.unit_as_printed) + len(quantity.unit_as_printed) :]
    if period is None and (made := _MADE_EACH.match(tail)):
        period = made.group(1).lower()
    kind = kind_of(quantity.metric, period)
    if period is None and kind is TermKind.ALLOWANCE:
        period = found.group(1).lower() if (found := _LATER_PERIOD.search(tail)) else None
    return Term(
        plan=plan,
        term=kind,
        metric=quantity.metric,
        quantity=quantity.quantity_max or quantity.quantity,
        billing_period=period,
        # "4,000 credits per user": so many for each, in the words by which the costs know it
        unit_as_printed=f"{quantity.unit_as_printed} per {quantity.per}" if quantity.per else quantity.unit_as_printed,
        evidence=evidence([block]),
    )


def _unlimited(block: Block, plan: str | None, metric: str, printed: str) -> Term:
    return Term(
        plan=plan,
        term=kind_of(metric, None),
        metric=metric,
        state=State.UNLIMITED,
        unit_as_printed=printed,
        evidence=evidence([block]),
    )
