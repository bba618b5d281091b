"""How quantities, metrics and money are put into English words: "7,500 credits", "$0.035", "serverless minutes"."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.money import format_amount

_UPPER = frozenset(
    {"gb", "mb", "tb", "kb", "gib", "mib", "tib", "pb", "api", "sms", "cpu", "vcpu", "gpu", "vm", "sso", "ip", "url"}
)
_PUBLISHERS = {
    "g2": "G2",
    "": "The vendor's own page",
    "trustradius": "TrustRadius",
    "gartner": "Gartner Peer Insights",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_CENT = Decimal("0.01")
_IRREGULAR = {"index": "indices", "vertex": "vertices", "status": "statuses"}
_UNCOUNTED = frozenset({"storage", "bandwidth", "traffic", "egress", "ingress", "retention", "compute", "memory"})


def number(value: Decimal) -> str:
    """A quantity with thousands separators and no idle zeros: `7,500`, `0.5`."""
    return f"{plain(value):,f}"


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent; zero is 0."""
    reduced = value.normalize()
    exponent = reduced.as_tuple().exponent
    return reduced.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else reduced


def text(value: Decimal) -> str:
    """A number as data: `7500`, `0.03`; the same for equal numbers."""
    return f"{plain(value):f}"


@lru_cache(maxsize=4_096)
def money(amount: Decimal, currency: str | None) -> str:
    """An amount as a reader writes it: `$10.00`, `$0.035`; the bare figure where its currency is not known."""
    return format_amount(plain(amount), currency)


def money_range(low: Decimal, high: Decimal | None, currency: str | None) -> str:
    """`$10.00`, or `$0.035–$0.04` where the two bounds differ."""
    if high is None or high == low:
        return money(low, currency)
    return f"{money(low, currency)}–{money(high, currency)}"


def to_the_cent(amount: Decimal) -> Decimal:
    """A bill as people read it: to the cent, where it is a cent or more (a twelfth of a year's price has no end)."""
    return round(amount, 2) if abs(amount) >= _CENT else amount


def noun(metric: str, count: Decimal | None = None) -> str:
    """A metric in words, in the plural unless `count` is 1: `credits`, `serverless minute`, `GB`."""
    words = [word.upper() if word in _UPPER else word for word in metric.split("_")]
    last = words[-1]
    if count != 1 and last.lower() not in _UPPER and last not in _UNCOUNTED:
        words[-1] = _plural(last)
    return " ".join(words)


def is_fee(metric: str | None) -> bool:
    """Whether a metric is the name of a fee, such as `platform_fee`, so that nothing is charged "per" it."""
    return metric is not None and metric.endswith("_fee")


def publisher(slug: str) -> str:
    """A publisher of reviews as it is called: `G2`, `Product Hunt`."""
    return _PUBLISHERS.get(slug) or slug.replace("-", " ").title()


def counted(value: Decimal, metric: str) -> str:
    """A quantity of a metric: `7,500 credits`, `1 seat`."""
    return f"{number(value)} {noun(metric, value)}"


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh", "z")) else f"{word}s"


def day(moment: date) -> str:
    """A day as people write it: `1 May 2026`, whatever the machine's language."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
