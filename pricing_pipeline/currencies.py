"""Currencies: ISO 4217 codes, how pages write them before and after an amount, and what a sign means where it is
ambiguous."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# ISO 4217, active codes for money that is paid with (no funds, metals or test codes).
CODES = _set(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
    "UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
# Codes that are English words: "TRY 30 days free" is no Turkish price. Only a source that is in them may use them bare.
_WORDLIKE = _set("ALL TRY TOP CUP MAD LAK MOP PEN BAM SOS GEL GIP")
# Amounts without a smaller unit in use, so that three digits behind any sign are thousands.
_WHOLE = _set("BIF CLP COP DJF GNF HUF IDR IRR ISK JPY KMF KRW LAK PYG RWF UGX VND VUV XAF XOF XPF")
_COMMA = _set("ARS BGN BRL BYN CLP COP CZK DKK HUF IDR ISK MDL NOK PLN PYG RON RSD RUB SEK TRY UAH UYU VES VND")
_EITHER = _set("EUR CHF ZAR XAF XOF MAD CAD")
_DOLLARS = _set(
    "USD AUD CAD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP BSD BBD BMD BND BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD "
    "CUP"
)
_POUNDS = _set("GBP EGP FKP GIP LBP SHP SSP SDG SYP")

_SYMBOLS = {
    "€": "EUR", "₹": "INR", "₽": "RUB", "₩": "KRW", "₫": "VND", "₪": "ILS", "₺": "TRY", "₴": "UAH", "฿": "THB",
    "₱": "PHP",
    "₦": "NGN", "₡": "CRC", "₲": "PYG", "₵": "GHS", "₸": "KZT", "₭": "LAK", "₮": "MNT", "₾": "GEL", "₼": "AZN",
    "円": "JPY", "원": "KRW", "人民元": "CNY", "人民币": "CNY", "ユーロ": "EUR", "欧元": "EUR", "美元": "USD",
}  # fmt: skip
_PREFIXED_DOLLARS = {
    "US": "USD", "U": "USD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "CDN": "CAD", "NZ": "NZD", "HK": "HKD",
    "S": "SGD",
    "SG": "SGD", "R": "BRL", "MX": "MXN", "MEX": "MXN", "NT": "TWD", "AR": "ARS", "CL": "CLP", "COL": "COP", "J": "JMD",
    "TT": "TTD", "EC": "XCD", "BZ": "BZD", "FJ": "FJD", "RD": "DOP",
}  # fmt: skip
# Words and signs of several countries: (candidates, the candidate that a locale's region or language picks).
_SHARED = {
    "kr": "SEK:sv NOK:nb NOK:nn NOK:no DKK:da ISK:is", "kr.": "DKK:da ISK:is NOK:nb NOK:no SEK:sv",
    "rs": "INR:en-in INR:hi PKR:ur LKR:si NPR:ne",
    "rs.": "INR:en-in INR:hi PKR:ur LKR:si NPR:ne", "¥": "JPY:ja CNY:zh", "￥": "JPY:ja CNY:zh",
    "元": "CNY:zh TWD:zh-tw",
    "lei": "RON:ro MDL:ro-md", "руб": "RUB:ru BYN:be", "руб.": "RUB:ru BYN:be", "рублей": "RUB:ru BYN:be",
    "р.": "RUB:ru BYN:be",
}  # fmt: skip
_WORDS = {
    "euro": "EUR", "euros": "EUR", "eur": "EUR", "usd": "USD", "gbp": "GBP", "pln": "PLN", "chf": "CHF", "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK", "czk": "CZK", "us dollars": "USD", "us dollar": "USD", "canadian dollars": "CAD",
    "australian dollars": "AUD",
    "pounds sterling": "GBP", "yen": "JPY", "yuan": "CNY", "kronor": "SEK", "kč": "CZK", "zł": "PLN", "zl": "PLN",
    "ft": "HUF",
    "forint": "HUF", "лв.": "BGN", "лв": "BGN", "грн": "UAH", "грн.": "UAH", "tl": "TRY", "rp": "IDR", "rm": "MYR",
    "fr.": "CHF",
    "sfr.": "CHF", "swiss francs": "CHF", "reais": "BRL", "đ": "VND", "rupees": "INR", "r": "ZAR",
}  # fmt: skip
_BARE_DOLLAR_WORDS = ("dollars", "dollar", "ドル", "डॉलर", "dólares", "dólar")
_CENTS = ("cents", "cent", "¢", "pence")
_AFTER_ONLY = frozenset(
    {
        "ft",
        "tl",
        "r",
        "đ",
        "円",
        "원",
        "元",
        "人民元",
        "人民币",
        "ユーロ",
        "欧元",
        "美元",
        "р.",
        *_BARE_DOLLAR_WORDS,
        *_CENTS,
    }
)
_BEFORE_ONLY = frozenset({"rp", "rm", "r"})
# Signs that mark money but name no currency: toman is no ISO currency, these Arabic words are used by several
# countries.
_NAMELESS = (
    "₤",
    "₶",
    "₼",
    "تومان",
    "ريال",
    "درهم",
    "جنيه",
    "kroner",
    "krone",
    "krona",
    "francs",
    "pesos",
    "pesetas",
    "dinara",
)


@dataclass(frozen=True, slots=True)
class Money:
    """What a marker beside a number says. `code` is None where it marks money of an unstated currency.

    `home` is the decimal sign of the currency's country (see `numerals.value_of`), `whole` that it has no smaller unit,
    `divisor` 100 where the marker names the smaller unit.
    """

    code: str | None
    home: str | None
    whole: bool = False
    divisor: Decimal = Decimal(1)
    bare_dollar: bool = False


_LETTERED = frozenset(
    word
    for word in {*_WORDS, *_SHARED, *_NAMELESS, *_BARE_DOLLAR_WORDS, *_CENTS}
    if word[0].isalpha() and " " not in word
)
_LEADS = frozenset(word.split()[0] for word in _WORDS if " " in word)
_SIGNS = frozenset(
    sign for sign in {*_SYMBOLS, *_SHARED, *_NAMELESS, *_CENTS, "$", "£"} if not sign[0].isascii() or not sign.isalpha()
)
_LAST = frozenset(sign[-1] for sign in _SIGNS)
_RUN_BEFORE = re.compile(r"[^\W\d_]{1,12}\.?$")
_DOLLAR_BEFORE = re.compile(r"(?:(?<![A-Za-z.'’])(?:[Uu]\.[Ss]\.?[ \xa0]?|[A-Za-z]{1,3}[ \xa0]?))?\$S?$")
# Letters that may stand apart from their sign: "R $ 49". "A $10 plan" and "Plan C $10" are no Australian or Canadian dollars.
_LONE = frozenset({"R", "c"})
_RUN_AFTER = re.compile(r"[^\W\d_]{1,12}\.?")
_DOLLAR_AFTER = re.compile(r"(?:[A-Za-z]{1,3})?\$")
_PHRASE_AFTER = re.compile("|".join(word for word in _WORDS if " " in word), re.IGNORECASE)
_CJK_AFTER = re.compile(
    "|".join(
        sorted((sign for sign in (*_SYMBOLS, "元", "ドル", "डॉलर") if ord(sign[0]) > 0x2FF), key=len, reverse=True)
    )
)


def marker_before(text: str, end: int) -> str | None:
    """The currency marker that stands directly before a position (or a space before it), else None."""
    window = text[max(0, end - 14) : end]
    plain = window.rstrip(" \xa0")
    if not plain or len(window) - len(plain) > 2:
        return None
    last = plain[-1]
    if last == "$" or plain.endswith("U$S"):
        return _dollar_before(plain)
    if last in _LAST and not last.isalpha() and last != ".":
        return last
    return _word_before(plain) if last.isalpha() or last == "." else None


def _dollar_before(plain: str) -> str:
    found = _DOLLAR_BEFORE.search(plain)
    lettered = found.group() if found else "$"
    own = lettered.rstrip("$")
    prefix = own.strip(" \xa0").upper().replace(".", "")
    if len(prefix) == 1 and own[-1] in " \xa0" and own.strip() not in _LONE:
        return "$"
    return lettered if prefix in _PREFIXED_DOLLARS or prefix in CODES or lettered == "U$S" else "$"


def _word_before(plain: str) -> str | None:
    run = _RUN_BEFORE.search(plain)
    if run is None or (run.start() and plain[run.start() - 1].isalpha()):
        return None
    word = run.group()
    for form in (word, word.rstrip(".")):
        if form in CODES or (form.casefold() in _LETTERED and form.casefold() not in _AFTER_ONLY) or form == "Р":
            return form
    return None


def marker_after(text: str, start: int) -> tuple[str, int] | None:
    """The currency marker that stands directly behind a position (or one space on), and where it ends, else None."""
    begin = start + (text[start : start + 1] in (" ", "\xa0"))
    head = text[begin : begin + 1]
    if not head or head.isdigit():
        return None
    dollar = _DOLLAR_AFTER.match(text, begin)
    if dollar:
        return dollar.group(), dollar.end()
    if not head.isalpha():
        return (head, begin + 1) if head in _SIGNS else None
    return _word_after(text, begin)


def _word_after(text: str, begin: int) -> tuple[str, int] | None:
    foreign = _CJK_AFTER.match(text, begin)
    if foreign:
        return foreign.group(), foreign.end()
    run = _RUN_AFTER.match(text, begin)
    if run is None or text[run.end() : run.end() + 1].isalpha():
        return None
    word = run.group()
    if word.casefold() in _LEADS and (phrase := _PHRASE_AFTER.match(text, begin)):
        return phrase.group(), phrase.end()
    for form in (word, word.rstrip(".")):
        if form in CODES or (form.casefold() in _LETTERED and form.casefold() not in _BEFORE_ONLY) or form == "Р":
            return form, begin + len(form)
    return None


@cache
def money_of(marker: str, currency: str | None, locale: str) -> Money | None:
    """What a marker means at a source that is declared in `currency` and `locale`; None where it is no money there."""
    plain = marker.replace("\xa0", "").strip()
    folded = plain.casefold()
    if plain in _SYMBOLS:
        return _known(_SYMBOLS[plain])
    if folded.endswith("$") or plain == "U$S":
        return _dollar(folded.removesuffix("$").strip().upper().replace(".", ""), currency)
    if plain in _BARE_DOLLAR_WORDS or folded in _BARE_DOLLAR_WORDS:
        return _dollar("", currency)
    if plain in CODES:
        return _known(plain) if plain not in _WORDLIKE or plain == currency else None
    return _word(folded, currency, locale)


def _word(folded: str, currency: str | None, locale: str) -> Money | None:
    if folded == "pence":
        return Money("GBP", None, divisor=Decimal(100))
    if folded in _CENTS:
        home = currency if currency in _DOLLARS or currency == "EUR" else None
        return Money(home, None, divisor=Decimal(100))
    if folded == "£":
        return _known(currency if currency in _POUNDS else "GBP")
    if folded in _SHARED:
        return _shared(_SHARED[folded], currency, locale)
    if folded == "р":
        return _shared(_SHARED["руб"], currency, locale)
    if folded == "r" and currency != "ZAR":
        return None  # "R2" is a product; only a South African source prices in R
    if folded in _WORDS:
        return _known(_WORDS[folded])
    return Money(None, "either")


def _dollar(prefix: str, currency: str | None) -> Money | None:
    if prefix:
        code = prefix if prefix in CODES else _PREFIXED_DOLLARS.get("US" if prefix == "U$S" else prefix)
        return _known(code) if code else None
    # A bare dollar sign is the source's dollar, never US dollars by guess.
    return Money(currency if currency in _DOLLARS else None, None, whole=currency in ("CLP", "COP"), bare_dollar=True)


def _shared(choices: str, currency: str | None, locale: str) -> Money:
    pairs = [choice.split(":") for choice in choices.split()]
    if currency in {code for code, _ in pairs}:
        return _known(currency)
    tag = locale.replace("_", "-").casefold()
    fits = [(len(where), code) for code, where in pairs if tag == where or tag.startswith(where + "-")]
    if fits:
        return _known(max(fits)[1])
    # Not one currency, but all candidates may still agree on how they write numbers.
    homes = {_home(code) for code, _ in pairs}
    return Money(None, homes.pop() if len(homes) == 1 else "either")


def _home(code: str | None) -> str | None:
    if code in _COMMA:
        return ","
    return "either" if code in _EITHER or code is None else "."


def _known(code: str | None) -> Money:
    return Money(code, _home(code), whole=code in _WHOLE)


def is_dollar(code: str | None) -> bool:
    """Whether a currency is written with a dollar sign, so that "$5 CAD" agrees with itself."""
    return code in _DOLLARS


def is_whole(code: str | None) -> bool:
    """Whether a currency has no smaller unit in use (yen, won)."""
    return code in _WHOLE
