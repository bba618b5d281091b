"""Money in text: every amount with its currency, range, qualifier, and what it is charged for. Ambiguous means
unread, never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_pipeline import currencies
from pricing_pipeline.figures import Figure, Source, find_figure, upper_bound
from pricing_pipeline.numerals import NUMERAL, Folded, convention, fold, read_number, value_of
from pricing_pipeline.packs import read_pack_before, read_pack_behind
from pricing_pipeline.unit_names import phrase
from pricing_pipeline.units import Per, metric, period, read_per

__all__ = ["Amount", "format_amount", "read_amount", "read_amounts", "read_number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One amount of money as a text states it, `start` to `end` of the text that was read (what it is charged for
    included).

    `amount` (up to `amount_max` in a range) is in units of `currency` (ISO 4217; None where the text and the source do
    not say), charged for `per_quantity` (1 where None) of `metric`, each `period`, under a `commitment` of a period.
    `per` is the unit in the page's words. `qualifier` is from, up_to or about.
    """

    amount: Decimal
    currency: str | None
    start: int
    end: int
    text: str
    amount_max: Decimal | None = None
    qualifier: str | None = None
    period: str | None = None
    commitment: str | None = None
    per: str | None = None
    metric: str | None = None
    per_quantity: Decimal | None = None


_DIGIT = re.compile(r"\d")
_FILLER = re.compile(
    r"(?:[ \xa0]?\((?:[A-Z]{3})\)|[ \xa0]?\*{1,3}|[ \xa0](?:flat|only|flat fee|flat rate)\b"
    r"|[ \xa0](?:netto|brutto|HT|TTC)\b"
    r"|[ \xa0]?[(+]?[ \xa0]?(?:excl?\.?|ex\.?|plus|\+|incl?\.?|zzgl\.?|inkl\.?|exkl\.?|más)[ \xa0]?"
    r"(?:VAT|tax|GST|MwSt\.?|USt\.?|HT|IVA|BTW|TVA|moms)\)?)",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"[ \xa0]?(?:/[ \xa0]?)?(?:each\b(?![ \xa0]?(?:month|year|week|day|hour|quarter|mo\b))|apiece\b|ea\b|EA\b)"
)
_FROM = (
    r"from|starting (?:at|from)|starts (?:at|from)|as low as|beginning at|price starts at|prices start at|ab|à "
    r"partir de|a partir de|a partire da|"
    r"desde|da|vanaf|från|fra|od|от|min\.?|minimum"
)
_QUALIFIERS = tuple(
    (name, re.compile(rf"(?:{words})[ \xa0]*(?:just|only|nur|seulement)?[ \xa0:]*$", re.IGNORECASE))
    for name, words in (
        ("from", rf"\b(?:{_FROM})"),
        (
            "up_to",
            (
                r"\b(?:up to|at most|max(?:imum)?\.?(?: of)?|no more than|bis zu|jusqu'à|hasta|not exceeding|less than|"
                r"under)"
            ),
        ),
        ("about", r"\b(?:about|approx(?:\.|imately)?|around|circa|ca\.|roughly|est(?:\.|imated)|nearly|almost)|[~≈]"),
    )
)
_PER_BEFORE = re.compile(
    r"\bper[ \xa0](?:[ \xa0]?[\w&+'’-]+){1,4}[ \xa0]*(?:is|costs?|at|:|=|–|—|-|,)?[ \xa0]*(?:only|just)?[ \xa0]*$",
    re.IGNORECASE,
)
_NOUN_BEFORE = re.compile(
    r"(?<!\w)([^\W\d_][\w-]*(?:[ \xa0][^\W\d_][\w-]*){0,2}?)[ \xa0]*(?:at|for|are|costs?|:|=|–|—|-|\()?[ \xa0]*(?:only|just)?[ "
    r"\xa0]*$",
    re.IGNORECASE,
)
_SERVERLESS_BEFORE = re.compile(r"\bserverless\b[^.;|\n]{0,40}$", re.IGNORECASE)
_SPAN = r"annually|annual|yearly|year|monthly|month-to-month|month|quarterly|quarter|weekly|week"
_COMMITMENT = re.compile(
    rf"[\s,;(·•|*–—-]{{0,6}}(?:(?:when|if|with|on|and|but|is|are|only|,)\s)?(?:an?\s)?"
    rf"(?:(?:bill(?:ed|ing)|paid|pay|invoiced|charged|payable|prepaid|committed|contracted|commit)\s?(?:upfront\s|in "
    rf"advance\s)?"
    rf"(?:(?:once\s)?(?:an?|per|every|each|on an?|for an?|for one|by the)\s)?({_SPAN})\b"
    rf"|({_SPAN})\s(?:billing|commitment|contract|payments?|prepay(?:ment)?|subscription|commit|plan)\b"
    rf"|(jährlich|monatlich)\s(?:abgerechnet|bezahlt|zahlbar)|(?:bei\s)?(jährliche|monatliche)r?\s(?:Zahlung|"
    rf"Abrechnung|Zahlweise)"
    rf"|(?:facturés?|payés?|facturation)\s(annuelle(?:ment)?|mensuelle(?:ment)?|par an|par mois)|(?:facturad[oa]s?|"
    rf"pagad[oa]s?)\s(anualmente|mensualmente)"
    rf"|(month-to-month)\b)",
    re.IGNORECASE,
)
_SPANS = {"month-to-month": "month", "jährliche": "year", "monatliche": "month", "par an": "year", "par mois": "month",
"mensuelle": "month",
          "mensuellement": "month"}  # fmt: skip


def read_amounts(text: str, *, locale: str = "en-US", currency: str | None = None) -> tuple[Amount, ...]:
    """Every amount of money in a text, in order. A bare dollar sign is the source's `currency`, or no currency at all.

    What is ambiguous is left out: three digits behind a sign where locale and currency disagree or the locale is `und`,
    a number glued to letters, two currencies on one number, figures that do not fit DECIMAL(20,10).
    """
    if not _DIGIT.search(text):
        return ()
    folded = fold(text, locale=locale)
    source = Source(locale, currency, convention(locale))
    found: list[Amount] = []
    floor = taken = 0  # where the last amount ended, and the last marker that nobody else may use
    number = NUMERAL.search(folded.text)
    while number:
        figure, after = find_figure(folded.text, number, taken, source)
        if figure:
            amount = _amount(folded.text, figure, floor, source)
            found.append(amount)
            floor = after = amount.end
        taken = after if after > number.end() else taken
        number = NUMERAL.search(folded.text, after)
    return tuple(_placed(amount, folded, text) for amount in found)


def read_amount(text: str, *, locale: str = "en-US", currency: str | None = None) -> Amount | None:
    """The amount of a text that holds exactly one, else None."""
    found = read_amounts(text, locale=locale, currency=currency)
    return found[0] if len(found) == 1 else None


def _placed(amount: Amount, folded: Folded, text: str) -> Amount:
    start, end = folded.at(amount.start), folded.at(amount.end)
    return replace(amount, start=start, end=end, text=text[start:end])


def _amount(text: str, figure: Figure, floor: int, source: Source) -> Amount:
    before = text[max(floor, figure.start - 60) : figure.start]
    high, money, end = upper_bound(text, figure, before, source)
    filler = _FILLER.match(text, end)
    per = _charged(text, filler.end() if filler else end, before, source)
    end = max(end, per.end)
    committed = _COMMITMENT.match(text, end, end + 80)
    commitment = _span_of(next(group for group in committed.groups() if group)) if committed else None
    qualifier = (
        "from" if figure.open_ended else next((name for name, words in _QUALIFIERS if words.search(before)), None)
    )
    return Amount(
        amount=figure.value, amount_max=high, currency=money.code, start=figure.start,
        end=committed.end() if committed else end, text="",
        qualifier=None if high is not None else qualifier, period=per.period, commitment=commitment, per=per.per,
        metric=per.metric,
        per_quantity=per.per_quantity,
    )  # fmt: skip


def _span_of(words: str) -> str | None:
    plain = " ".join(words.casefold().split())
    return _SPANS.get(plain) or period(plain)


def _charged(text: str, end: int, before: str, source: Source) -> Per:
    """What an amount is charged for, from the words behind it, else from those before it."""
    each = _EACH.match(text, end)
    if each:
        noun = _NOUN_BEFORE.search(before)
        follow = read_per(text, each.end(), locale=source.locale)
        span = follow.period if follow else None
        return Per(
            end=follow.end if follow else each.end(),
            per="each",
            metric=metric(noun.group(1)) if noun and phrase(noun.group(1), 0) else None,
            period=span,
        )
    found = read_pack_behind(text, end, before, locale=source.locale) or read_per(text, end, locale=source.locale)
    found = found or Per(end=end)
    if not found.per:  # "$25/month for 10,000 more credits"
        pack = read_pack_behind(text, found.end, before, locale=source.locale)
        found = replace(pack, period=found.period or pack.period) if pack else found
    if found.metric in ("minute", "hour") and _SERVERLESS_BEFORE.search(before):
        hours = (found.per_quantity or Decimal(1)) * 60
        found = replace(
            found,
            metric="serverless_minute",
            per_quantity=hours if found.metric == "hour" else found.per_quantity,
            period=None,
        )
    return found if found.per else _charged_before(before, found, source)


def _charged_before(before: str, found: Per, source: Source) -> Per:
    pack = read_pack_before(before, has_period=found.period is not None, locale=source.locale)
    if pack:
        return replace(found, per=pack.per, metric=pack.metric, per_quantity=pack.per_quantity)
    lead = _PER_BEFORE.search(before)
    stated = read_per(before, lead.start(), locale=source.locale) if lead else None
    if stated is None:
        return found
    return replace(
        found,
        per=stated.per,
        metric=stated.metric,
        per_quantity=stated.per_quantity,
        period=found.period or stated.period,
    )


_SIGNS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "KRW": "₩",
    "VND": "₫",
    "ILS": "₪",
    "UAH": "₴",
    "PHP": "₱",
    "NGN": "₦",
}
_GROUPS = {"de-ch": "’", "de-li": "’", "it-ch": "’"}


def format_amount(
    amount: Decimal, currency: str | None, *, locale: str = "en-US", bare_dollar: str | None = "USD"
) -> str:
    """An amount as text: "$10.00", "$0.035", "1.250,00 €" by locale, exact and with at least two decimals (none for
    yen).

    The sign stands in front in locales that write a point, behind in the others. `bare_dollar` is the currency that may
    be written with a bare dollar sign; other dollars show their code. `read_amount` gives the same amount back.
    """
    how = convention(locale)
    point, group = how.decimal or ".", _GROUPS.get(locale.casefold(), "." if how.decimal == "," else ",")
    number = _grouped(abs(amount), point, "\xa0" if how.spaced else group, currencies.is_whole(currency))
    money = currencies.money_of(currency, currency, locale) if currency else None
    if money and value_of(number, how, home=money.home, whole=money.whole) != abs(amount):
        number += "0"  # "€1.234" may be a thousand euros; "€1.2340" is not
    sign = "-" if amount < 0 else ""
    symbol = _SIGNS.get(currency or "") if not currencies.is_dollar(currency) or currency == bare_dollar else None
    if currency is None:
        return sign + number
    if how.decimal == ",":
        return f"{sign}{number}\xa0{symbol or currency}"
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency}\xa0{number}"


def _grouped(amount: Decimal, point: str, group: str, whole: bool) -> str:
    digits, _, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0")
    if not whole or fraction:
        fraction = fraction.ljust(2, "0")
    thousands = f"{int(digits):,}".replace(",", group)
    return f"{thousands}{point}{fraction}" if fraction else thousands
