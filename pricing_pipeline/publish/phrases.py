"""How every fact reads: the one place where terms, ratings, costs and the kinds of not knowing become words.

Every exporter takes its texts from here, so that a figure reads the same on a page, in a CSV file and in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.catalog import Provenance
from pricing_pipeline.facts import PriceKind, Rating, RatingState, State, Term, TermKind
from pricing_pipeline.results import Change, Cost, CostState, Promise
from pricing_pipeline.wording import counted, is_fee, money_range, noun, number, to_the_cent

STATES = {
    State.FREE: "Free",
    State.UNLIMITED: "Unlimited",
    State.CONTACT_SALES: "Contact sales",
    State.NOT_INCLUDED: "Not included",
    State.NOT_STATED: "Not stated",
}
NOT_STATED = "Not stated"
ONE = Decimal(1)
NOT_APPLICABLE = "Not applicable"
# In a sentence, before a noun: "includes no credits", "unlimited users".
IN_A_SENTENCE = {
    State.FREE: "free",
    State.UNLIMITED: "unlimited",
    State.CONTACT_SALES: "a price on request",
    State.NOT_INCLUDED: "no",
    State.NOT_STATED: "an unstated number of",
}
COST_STATES = {
    CostState.UNKNOWN: "Unknown",
    CostState.CONTACT_SALES: "Contact sales",
    CostState.INFEASIBLE: "Does not fit",
    CostState.NOT_APPLICABLE: NOT_APPLICABLE,
}
_SHORT = {name.lower(): name for name in ("ETL", "ELT", "BI", "AI", "ML", "CI", "SQL", "API", "CRM", "LLM")}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# White space and marks that reorder or hide text have no place in a quoted line, nor have halves of characters, which no
# file can hold.
_MARKS = (
    r"\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    r"\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(rf"[\u0000-\u001f{_MARKS}]+|\s+")
_UNSEEN = re.compile(rf"[\u0000-\u0008\u000b-\u001f{_MARKS}]+")


@lru_cache(maxsize=50_000)
def line(text: str, limit: int = 400) -> str:
    """Scraped text on one line: control and direction marks gone, cut at `limit` characters."""
    folded = " ".join(_INVISIBLE.sub(" ", text).split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def visible(page: str) -> str:
    """A whole page without the same marks, whichever way they came in; its lines and columns stay."""
    return _UNSEEN.sub("", page)


def spelled(text: str) -> str:
    """JSON with the same marks spelled out (`\\u202e`): they stay what they are, and do nothing where the text is read."""
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


_money = lru_cache(maxsize=50_000)(money_range)


def every(period: str | None) -> str:
    """What an amount is charged for, as it follows the amount: ` a month`, ` every 6 months`, or nothing."""
    if period is None or period in ("once", "one_time"):
        return "" if period is None else " once"
    words = period.replace("_", " ")
    return f" every {words}" if words[:1].isdigit() else f" {_article(words)} {words}"


def billed(commitment: str) -> str:
    """How one commits: `billed annually`, `billed every 6 months`."""
    known = {"year": "billed annually", "month": "billed monthly", "quarter": "billed quarterly"}
    return known.get(commitment) or f"billed every {commitment.replace('_', ' ')}"


def _article(word: str) -> str:
    return "an" if word.startswith(("hour", "a", "e", "i", "o", "u")) and not word.startswith("u") else "a"


def term(term: Term) -> str:
    """A term as it reads in a table cell."""
    if term.state is not State.STATED:
        return STATES[term.state]
    if term.amount is not None:
        return line(_charge(term))
    if term.quantity is not None:
        return line(_quantity(term))
    return line(term.unit_as_printed or term.evidence.quote, 120)


def term_in_a_sentence(term: Term) -> str:
    """A term's bare value for editorial text that names the unit itself: `$10.00`, `7,500`, `no`."""
    if term.state is not State.STATED:
        return IN_A_SENTENCE[term.state]
    if term.amount is not None:
        return _money(term.amount, term.amount_max, term.currency)
    return line(term.unit_as_printed or term.evidence.quote, 120) if term.quantity is None else number(term.quantity)


def _charge(term: Term) -> str:
    assert term.amount is not None
    text = _money(term.amount, term.amount_max, term.currency)
    if term.price_kind is PriceKind.FROM:
        text = f"from {text}"
    if term.metric is not None and not is_fee(term.metric):
        step = term.per_quantity
        text += (
            f" per {noun(term.metric, ONE)}" if step in (None, 1) else f" per {number(step)} {noun(term.metric, step)}"
        )
    once = term.term is TermKind.ONE_TIME_FEE
    text += " once" if once else every(term.billing_period)
    if term.commitment is not None and term.commitment != term.billing_period:
        text += f", {'if ' * once}{billed(term.commitment)}"
    return f"{text} ({term.price_kind} price)" if term.price_kind in (PriceKind.LIST, PriceKind.PROMO) else text


def _quantity(term: Term) -> str:
    assert term.quantity is not None
    text = counted(term.quantity, term.metric) if term.metric else number(term.quantity)
    if term.term is TermKind.MINIMUM_SPEND:
        return "Required" if is_fee(term.metric) and term.quantity == 1 else f"at least {text}"
    return text + (every(term.billing_period) if term.term is TermKind.ALLOWANCE else "")


def term_label(term: Term) -> str:
    """What a term is, as the heading of a row: `Credits included a month`, `Price a month`."""
    label = _heading(term)
    if term.tier_from is not None:
        label += f", {_tier(term)}"
    return line(label[:1].upper() + label[1:])


def _tier(term: Term) -> str:
    assert term.tier_from is not None
    if term.tier_to is None:
        return f"above {number(term.tier_from)}"
    return f"{number(term.tier_from)} to {number(term.tier_to)}"


def _fee_label(term: Term) -> str:
    price = noun(term.metric or "", ONE) if is_fee(term.metric) else "Price"
    kind = {PriceKind.LIST: "List price", PriceKind.PROMO: "Promotional price"}.get(term.price_kind, price)
    commits = term.commitment is not None and term.commitment != term.billing_period
    return f"{kind}{every(term.billing_period)}" + (f", {billed(str(term.commitment))}" if commits else "")


def _heading(term: Term) -> str:
    one, many = noun(term.metric or "unit", ONE), noun(term.metric or "unit")
    headings = {
        TermKind.USAGE_RATE: f"each {one}{every(term.billing_period)}",
        TermKind.ALLOWANCE: f"{many} included{every(term.billing_period)}",
        TermKind.LIMIT: f"{many}, at most",
        TermKind.MINIMUM_SPEND: _least_heading(term, one, many),
        TermKind.ONE_TIME_FEE: "charged once"
        + (f" per {one}" if term.metric else "")
        + (f", if {billed(term.commitment)}" if term.commitment else ""),
        TermKind.UNIT_DEFINITION: f"what {_article(one)} {one} is",
    }
    return headings.get(term.term) or _fee_label(term)


def _least_heading(term: Term, one: str, many: str) -> str:
    if is_fee(term.metric):
        return f"mandatory {one}"
    return "minimum charge" if term.metric is None else f"{many}, at least"


def rating(rating: Rating) -> str:
    """A rating as it reads in a cell: `4.5 of 5 (124 reviews)`."""
    return _rated(rating)


def _rated(rating: Rating) -> str:
    if rating.state is not RatingState.STATED or rating.rating is None:
        return "No ratings yet" if rating.state is RatingState.NO_RATINGS_YET else NOT_STATED
    count = rating.review_count if rating.review_count is not None else rating.rating_count
    counted = "" if count is None else f" ({count:,} {'reviews' if rating.review_count is not None else 'ratings'})"
    return number(rating.rating) + (f" of {number(rating.scale)}" if rating.scale is not None else "") + counted


def rating_in_a_sentence(rating: Rating) -> str:
    """The same where it does not begin a cell: `no ratings yet`."""
    words = _rated(rating)
    return words[:1].lower() + words[1:]


def cost(cost: Cost) -> str:
    """A cost as it reads in a cell: `$310.00`, `$100.00 to $400.00`, `Does not fit`."""
    if cost.state in COST_STATES or cost.low is None:
        return COST_STATES.get(cost.state, "Unknown")
    return _money(to_the_cent(cost.low), None if cost.high is None else to_the_cent(cost.high), cost.currency)


def day(moment: date | datetime) -> str:
    """A day as it reads on a page: `1 May 2026`, whatever the machine's language."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def month(key: str) -> str:
    """A month as it reads on a page: `2026-05` is `May 2026`."""
    year, number = key.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def promise(change: Change) -> str:
    """What became of a change that was announced before its day; empty for what was simply seen."""
    when = "" if change.settled_at is None else day(change.settled_at)
    said = {
        Promise.STANDING: "Announced, and not in force when last looked.",
        Promise.CONFIRMED: f"Announced; the pricing page confirmed it on {when}.",
        Promise.WITHDRAWN: f"Announced, and no longer since {when}.",
        Promise.REPLACED: f"Announced; another announcement took its place on {when}.",
        Promise.NOT_KEPT: f"Announced; the pricing page said otherwise on {when}.",
    }
    return "" if change.promise is None else said[change.promise]


def stamp(moment: datetime) -> str:
    """A moment for machines: `2026-05-01T06:00:00Z`."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def title(slug: str) -> str:
    """A slug as a heading: `ETL and data pipelines`."""
    words = [_SHORT.get(word, word) for word in slug.replace("_", "-").split("-")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: `Pro`, `Pro and Enterprise`, `Hobby, Pro and Enterprise`."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def imported(provenance: Provenance) -> str:
    """Where a figure comes from that was read on no page, in a sentence's words; empty for the others."""
    if provenance.imported is None:
        return ""
    told = provenance.imported
    return (
        f"entered by hand from {line(provenance.url, 200)}, observed {day(provenance.captured_at)}; "
        f"{line(told.who, 60)} vouches for it until {day(told.until)}"
    )


def imported_note(provenance: Provenance) -> str:
    """The same, as short as a table's cell needs it."""
    if provenance.imported is None:
        return ""
    return f"entered by hand from {line(provenance.url, 60)}, until {day(provenance.imported.until)}"
