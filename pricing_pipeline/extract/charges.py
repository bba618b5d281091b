"""What a line says about how an amount is charged: each month or year, on which commitment, for what unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pricing_pipeline import units
from pricing_pipeline.periods import SPELLED, several

_UNITS = {
    "second": "second", "sec": "second", "minute": "minute", "min": "minute", "hour": "hour", "hourly": "hour", "hr": "hour",
    "day": "day", "daily": "day", "week": "week", "weekly": "week", "wk": "week", "month": "month", "monthly": "month",
    "mo": "month", "mth": "month", "mnth": "month",
    "quarter": "quarter", "quarterly": "quarter", "year": "year", "yearly": "year", "annually": "year",
    "annual": "year", "annum": "year", "yr": "year",
}  # fmt: skip
_NAMES = "|".join(sorted(_UNITS, key=len, reverse=True))
_PERIOD = re.compile(rf"(?:/|\bper\b|\ba\b|\ban\b|\beach\b|\bevery\b|-)\s*\(?\s*({_NAMES})s?\b", re.IGNORECASE)
_ADVERB = re.compile(r"\b(monthly|yearly|annually|quarterly|weekly|hourly|daily)\b", re.IGNORECASE)
_BARE = re.compile(rf"^[\s(*]*({_NAMES})\b\.?", re.IGNORECASE)
_COMMITMENT = re.compile(
    r"\b(?:billed|paid|charged|invoiced|billing|payment|pay|prepaid|paying|when paid|if paid)(?:\s+(?:in full|"
    r"upfront|up front|once|every|per|a|each|on an?))?[\s:]+(monthly|month|annually|annual|yearly|year|"
    r"quarterly|quarter)\b"
    r"|\b(annual|yearly|monthly|quarterly|1[- ]year|12[- ]months?|one[- ]year|6[- ]months?|3[- ]months?|"
    r"(?:2|3|two|three)[- ]years?|(?:24|36)[- ]months?) "
    r"(?:billing|plan|contract|commitment|subscription|payment|term|agreement|prepay\w*)\b",
    re.IGNORECASE,
)
_SPAN = rf"(?P<many>[1-9]\d{{0,2}}|{'|'.join(SPELLED)})[- ](?P<unit>day|week|month|year)s?"
# "every 4 weeks", "/ 28 days", "every other week"
_SEVERAL = re.compile(rf"(?:/|\bper\b|\bevery\b|\beach\b)\s*\(?\s*{_SPAN}\b", re.IGNORECASE)
_BILLED_EVERY = re.compile(
    r"\b(?:billed|paid|charged|invoiced|billing|payment|pay|prepaid|payable)(?: (?:in full|upfront|up front|in advance|once))*,? "
    rf"(?:(?:every|per|each) {_SPAN}|(?P<biennial>biennially))\b",
    re.IGNORECASE,
)
_COMMITMENT_ABROAD = re.compile(
    r"\b(?:factur[ée]\w*|facturad[oa]s?|faturad[oa]s?|fatturat[oiae]|gefactureerd|betaald|pay[ée]e?s?|pagad[oa]s?|"
    r"pagamento|paiement|pago|abgerechnet|abrechnung|zahlung|zahlbar)\s+(?:\w+\s+){0,2}?(annuel|à l['’]année|par an\b|"
    r"anual|annual|jährlich|jaarlijks|mensuel|mensual|mensal|mensil|monatlich|maandelijks)\w*"
    r"|\b(jährlich|jaarlijks|monatlich|maandelijks)(?:e[rsn]?)?\s+(?:abgerechnet|abrechnung|zahlung|zahlbar|zahlweise|"
    r"gefactureerd|betaald|im voraus|in rechnung)",
    re.IGNORECASE,
)
_ABROAD_MONTH = re.compile(r"^m", re.IGNORECASE)
_EXTRA_AFTER = re.compile(
    r"^[^$€£¥]{0,30}?\b(?:for (?:each |every |any )?(?:additional|extra)|(?:per|each|/|for) ?(?:additional|"
    r"extra)|additional|extra|overage|thereafter|on top|add-?on|another|\d[\d.,]*\s?[km]? (?:more|further)|"
    r"(?:packs?|bundles?|blocks?|batch(?:es)?|lots?|top[- ]?ups?) of (?=\d))\b",
    re.IGNORECASE,
)
_EXTRA_BEFORE = re.compile(
    r"(?:[+]|\b(?:additional|extra|overages?|then|thereafter|plus|add-?ons?|after that|beyond that|above that|"
    r"more|further|another|(?:add|buy|purchase|top[- ]?ups?|packs? of|bundles? of|blocks? of)(?=[^\d$€£¥]{0,12}\d))\b"
    r"[^.$€£¥]{0,40}|\d[- ][^\W\d_]+[- ](?:packs?|bundles?|top-?ups?)\W*(?:for\W*)?)\s*:?\s*$",
    re.IGNORECASE,
)
# A plan of that name: "Plus is $5", "Plus – $29", "on the Plus plan".
_NAMED_PLUS = re.compile(r"\bPlus(?= (?:is|costs?|starts?|plan|tier|edition)\b|:| [–—-] )")
_SAVING_BEFORE = re.compile(
    r"\b(?:save|saving|saves|savings|off|discount|worth|instead of|was|credit of|refund|cash ?back|costs? you|"
    r"equivalent|regularly|normally|usually|list price|valued? at|get|earn|raised|up to|over|includes?|"
    r"including|minimum|min\.?)\b[^$€£¥]{0,25}$"
    # … and the same price said again for another span: "That's $10 per month"; a share that comes with a percentage.
    r"|\b(?:that['’]?s|works out (?:to|at|as)|comes (?:out )?(?:to|at)|equals?|equivalent to|equal to|i\.e\.)"
    r"(?: (?:just|only|about|around))? ?$|%\s*(?:\+|and|plus)\s*$",
    re.IGNORECASE,
)
_CREDIT_AFTER = re.compile(
    r"^[^.$€£\d]{0,25}\bwaived\b"
    r"|^\s*(?:usd |us )?(?:in |of |worth of )?(?:free |usage |monthly |included |signup |sign-up |promotional "
    r")*(?:credits?\b(?!\s*card)|off\b|discount|saved\b|savings?\b|value\b|worth\b|coupon)|^\s*(?:\+|and|plus)\s*\d[\d.]*\s?%",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:one[- ](?:time|off)|once|set-?up|setup fee|installation|onboarding fee|lifetime|single payment|activation|einmalig\w*|"
    r"einrichtungsgebühr|frais (?:de mise en service|d['’]installation)|cuota de alta)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|starting (?:at|from)|starts? (?:at|from)|as low as|beginning at|min(?:imum)?\.?(?: of)?|at "
    r"least)\s*:?\s*$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\b(?:all )?(?:our )?(?:plans?|prices?|pricing|subscriptions?|amounts?|licenses?)\b[^.]{0,40}?\b(?:are|"
    r"is)\b[^.]{0,25}?\b(?:billed|paid|charged|invoiced)\s+(annually|yearly|monthly|quarterly)",
    re.IGNORECASE,
)
# Only what is marked as a footnote speaks of every price; the same words without a mark are one card's own small print.
_SHOWN_AS = re.compile(
    r"\b(?:prices?|pricing|rates?|subscriptions?)(?: \w+){0,2}? (?:are|is|reflects?|assumes?|based on)"
    r"(?: (?:shown|listed|displayed|quoted|based|per))?(?: (?:for|with|on|as|assuming))?(?: an?)? (annual|yearly|monthly) "
    r"(?:billing|commitment|contract|payments?|subscription)\b",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"^\s*[*†‡¹²]\W*[^.$€£\d]{0,40}\.?\s*(?:Billed|Paid|Charged|Invoiced) (annually|yearly|monthly|quarterly)\b",
    re.IGNORECASE,
)
_MONTH_TO_MONTH = re.compile(r"\bmonth[- ]to[- ]month\b|\bmonth by month\b", re.IGNORECASE)
# "pro Benutzer und Monat", "per user and month": either word may be the period.
_JOINED = re.compile(
    r"(?:/|\b(?:par|pro|por|al|je|per|om|na|im|/)\b)\s*([^\W\d_]+)(?:\s*(?:,|und|et|y|e|en|och|og|and)\s+([^\W\d_]+))?",
    re.IGNORECASE,
)
# "for the first 100,000 credits" is a step of a rate, not a while.
_PROMO_AFTER = re.compile(
    r"^\W*(?:(?:/|per|a) ?\w+\W{1,2})?(?:"
    r"for (?:the |your )?first\b(?! \d[\d.,]*\s?(?!(?:month|year|week|day|quarter)s?\b)[a-z,;.)])|"
    r"for \d+ (?:months?|years?)\b|(?:the )?first (?:\d+ )?(?:months?|year)\b|introductory|limited time|promo)",
    re.IGNORECASE,
)
_PROMO_BEFORE = re.compile(
    r"\b(?:first (?:\d+ )?(?:months?|year)|introductory(?: price| offer)?|promo(?:tional)?(?: "
    r"price)?)\W*(?:for |only |at )?$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:then|thereafter|after(?:wards| that)?|renews? (?:at|for)|regular(?:ly)?(?: price)?|standard(?: "
    r"price)?)\W*(?:it )?(?:starts? |starting )?(?:at |for |from )?$",
    re.IGNORECASE,
)
_AFTER_TRIAL = re.compile(r"\b(?:free|trial)\b[^.$€£¥]{0,30}?\b(?:then|after(?:wards| that)?)\W*$", re.IGNORECASE)
_RENEWS_BEFORE = re.compile(r"\brenew(?:s|al(?: price| rate)?)?\b[^.$€£\d]{0,12}$", re.IGNORECASE)
_RENEWS_AFTER = re.compile(
    r"^[^.$€£\d]{0,20}?\b(?:when (?:you|it) renews?|(?:on|upon|at|after|for) renewal|renewal price)\b", re.IGNORECASE
)
_EAST = {
    "月額": "month",
    "月々": "month",
    "毎月": "month",
    "每月": "month",
    "年額": "year",
    "毎年": "year",
    "每年": "year",
}
_WORDS = {
    "1-year": "year",
    "one-year": "year",
    "12-month": "year",
    "12-months": "year",
    "6-month": "6_months",
    "6-months": "6_months",
    "3-month": "quarter",
    "3-months": "quarter",
    "2-year": "2_years",
    "2-years": "2_years",
    "3-year": "3_years",
    "3-years": "3_years",
    "two-year": "2_years",
    "two-years": "2_years",
    "24-month": "2_years",
    "24-months": "2_years",
    "three-year": "3_years",
    "three-years": "3_years",
    "36-month": "3_years",
    "36-months": "3_years",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """How an amount is charged, as far as a line says."""

    period: str | None = None
    commitment: str | None = None


def read_charge(text: str) -> Charge:
    """What a line beside or after an amount says of period and commitment ("per month, billed annually")."""
    if _MONTH_TO_MONTH.search(text):
        return Charge(period="month", commitment="month")
    commitment = read_commitment(text)
    rest = _BILLED_EVERY.sub(" ", _COMMITMENT_ABROAD.sub(" ", _COMMITMENT.sub(" ", text)))
    longer = _SEVERAL.search(rest)
    if longer is not None:
        return Charge(period=_several(longer), commitment=commitment)
    found = _PERIOD.search(rest) or _ADVERB.search(rest) or _BARE.match(rest)
    period = _UNITS[found.group(1).lower()] if found else _foreign(rest)
    return Charge(period=period, commitment=commitment)


def _foreign(text: str) -> str | None:
    """The period that follows a slash or a preposition in another language: "/ mois", "pro Monat"."""
    east = next((period for word, period in _EAST.items() if word in text), None)
    return east or next(
        (
            period
            for words in _JOINED.findall(text)
            for word in words
            if (period := units.period(word)) in ("month", "year", "quarter", "week", "day", "hour")
        ),
        None,
    )


def is_promo(before: str, after: str) -> bool:
    """Whether an amount holds for a first while only: "$5/month for the first 3 months"."""
    return _PROMO_AFTER.search(after[:60]) is not None or _PROMO_BEFORE.search(before[-40:]) is not None


def is_later(before: str) -> bool:
    """Whether an amount is what a promotion gives way to: "then $10/month"."""
    return _LATER.search(before[-40:]) is not None


def is_renewal(before: str, after: str) -> bool:
    """Whether an amount is what is asked when the first term is over: "Renews at $9.99/mo", "$7.99/mo when you renew"."""
    return _RENEWS_BEFORE.search(before[-30:]) is not None or _RENEWS_AFTER.match(after[:50]) is not None


def is_after_trial(before: str) -> bool:
    """Whether an amount is what is asked once a trial is over: "Free for 14 days, then $15/month"."""
    return _AFTER_TRIAL.search(before[-60:]) is not None


def read_commitment(text: str) -> str | None:
    """What one commits to: `month`, `year`, `quarter` or a number of months or years."""
    found = _COMMITMENT.search(text)
    if found is None:
        longer = _BILLED_EVERY.search(text)
        if longer is not None:
            return several(2, "year") if longer["biennial"] else _several(longer)
        abroad = _COMMITMENT_ABROAD.search(text)
        if abroad is None:
            return None
        return "month" if _ABROAD_MONTH.match(abroad.group(1) or abroad.group(2)) else "year"
    word = (found.group(1) or found.group(2)).lower().replace(" ", "-")
    return _WORDS.get(word) or _UNITS.get(word)


def _several(found: re.Match[str]) -> str:
    many = found["many"].lower()
    return several(SPELLED.get(many) or int(many), found["unit"].lower())


def duration(name: str) -> str | None:
    """The commitment that a name such as "6 Months" or "Annual" stands for."""
    found = re.match(r"\s*(\d+)[\s-]?(month|mo|year|yr|day)s?\b", name, re.IGNORECASE)
    if found is None:
        word = re.match(r"\s*(?:pay )?(\w+)", name, re.IGNORECASE)
        return _UNITS.get(word.group(1).lower()) if word else None
    count, unit = int(found.group(1)), _UNITS.get(found.group(2).lower(), "day")
    if unit == "month" and count == 12:
        return "year"
    return unit if count == 1 else f"{count}_{unit}s"


def page_commitment(text: str) -> str | None:
    """What a page says of all its plans: "Plans are billed annually"."""
    found = _NOTE.search(text) or _FOOTNOTE.match(text) or _SHOWN_AS.search(text)
    return _UNITS[found.group(1).lower()] if found else None


def is_extra(before: str, after: str) -> bool:
    """Whether an amount between these texts comes on top of the plan's own price."""
    lead = _NAMED_PLUS.sub(" ", before[-60:])
    return _EXTRA_BEFORE.search(lead) is not None or _EXTRA_AFTER.match(after[:60]) is not None


def is_no_charge(before: str, after: str) -> bool:
    """Whether an amount between these texts is a saving, a credit or a sum that is told rather than asked."""
    return _SAVING_BEFORE.search(before[-60:]) is not None or _CREDIT_AFTER.match(after[:40]) is not None


def is_once(before: str, after: str) -> bool:
    """Whether an amount between these texts is charged once."""
    return _ONCE.search(before[-25:]) is not None or _ONCE.search(after[:25]) is not None


def is_from(before: str) -> bool:
    """Whether a text ends in "starting at" or the like."""
    return _FROM.search(before[-40:]) is not None


def unrolled(metric: str | None, period: str | None) -> tuple[str | None, str | None]:
    """A "GB-month" is a GB each month; a "GB-hour" stays what it is, for an hour is what is metered."""
    if metric and period in (None, metric.rpartition("_")[2]):
        stem, _, last = metric.rpartition("_")
        if stem and last in ("month", "year"):
            return stem, last
    return metric, period
