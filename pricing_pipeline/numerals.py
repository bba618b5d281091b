"""Numbers as pages write them: any Unicode digits, grouping and decimal signs, read by locale or not at all.

The one number parser: money, quantities and ratings all come through here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pricing_pipeline.facts import AMOUNT_LIMIT, AMOUNT_PLACES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Languages that write a decimal comma (Unicode CLDR); the others write a point.
_COMMA_LANGUAGES = _set(
    "af az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk ky lt lv mk mn nb nl nn no pl pt ro "
    "ru sk sl sq sr sv tk tr uk uz vi"
)
# … and regions that differ from their language: Swiss German and Italian, and Spanish north of Panama, write a point.
_POINT_LOCALES = _set("de-ch it-ch de-li es-mx es-us es-gt es-hn es-ni es-pa es-pr es-sv es-do es-419")
# Languages whose thousands may stand apart by an ordinary space, so that "9 800" is one number.
_SPACED_LANGUAGES = _set("be bg cs et fi fr hu hy ka kk ky lt lv mk nb nn no pl pt ru sk sq sv tk uk uz")

# An unbroken run of digits, signs between digits, and three-digit groups behind a space. Possessive: linear on any
# input.
NUMERAL = re.compile(r"(?:(?<![\w.,])[.,])?+\d++(?:[.,'’](?=\d)\d++|[ \xa0]\d{3}(?!\d))*+")
_SPLIT = re.compile(r"[.,'’ \xa0]")

_MAGNITUDE_TABLE = {
    "1e3": "k|K|thousand|tausend|tsd.|mille|mil|tusen",
    "1e4": "万",
    "1e5": "lakh|lakhs",
    "1e6": "M|mn|mio|mio.|million|millions|millionen|millones|millón|milhões|milhão|miljoner|miljon|milioni|milione|"
    "миллион|миллиона|миллионов|млн|मिलियन",
    "1e7": "crore|crores|करोड़",
    "1e8": "億",
    "1e9": "B|bn|mrd|mrd.|billion|billions|milliarde|milliarden|milliard|milliards|miljarder|miljard|miliardi|"
    "mil millones|млрд|अरब|बिलियन",
    "1e12": "trillion|trillions|billionen|biljoner|billones",
}
MAGNITUDES = {
    word: Decimal(value).quantize(Decimal(1)) for value, words in _MAGNITUDE_TABLE.items() for word in words.split("|")
}
# English and continental "billion" are a thousandfold apart, and "mil" is a thousand in Spanish only.
_ENGLISH_ONLY = frozenset({"billion", "trillion"})
_NEVER_ENGLISH = frozenset({"mil", "mille"})
_MAGNITUDE_WORDS = "|".join(sorted((re.escape(word) for word in MAGNITUDES if len(word) > 1), key=len, reverse=True))
MAGNITUDE = re.compile(rf"[ \xa0]?(?:((?i:{_MAGNITUDE_WORDS})|[万億])(?![^\W_])|([万億]))|([kKMB])(?![^\W_])")

_SPACES = "\u202f\u2009\u2007\u2008\u200a\u2005\u2004\u2006"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u061c\x00]")


@dataclass(frozen=True, slots=True)
class Convention:
    """How a locale writes numbers. `decimal` is None where the locale is not known: then what is ambiguous stays
    unread."""

    decimal: str | None
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with its digits made ASCII, its spaces plain or fixed and invisible characters gone.

    `offsets` leads back to the original, and is None where nothing moved.
    """

    text: str
    offsets: tuple[int, ...] | None = None

    def at(self, position: int) -> int:
        """Where a position of the folded text stands in the original."""
        return position if self.offsets is None else self.offsets[position]


@cache
def convention(locale: str) -> Convention:
    """How a BCP 47 locale such as `en-US` or `de_CH` writes numbers; `und` or nothing is not known."""
    tag = locale.replace("_", "-").casefold()
    language = tag.split("-")[0]
    if language in ("", "und"):
        return Convention(None)
    comma = language in _COMMA_LANGUAGES and tag not in _POINT_LOCALES
    return Convention("," if comma else ".", language in _SPACED_LANGUAGES)


def fold(text: str, *, locale: str = "en-US") -> Folded:
    """The text with only its way of writing digits, spaces and minus made plain; words stay as they are."""
    if text.isascii():
        return Folded(text)
    table = _plain(convention(locale).decimal)
    if not _INVISIBLE.search(text):
        return Folded(text.translate(table))
    kept = [position for position, char in enumerate(text) if not _INVISIBLE.match(char)]
    plain = "".join(text[position] for position in kept).translate(table)
    return Folded(plain, (*kept, len(text)))


class _Plain(dict[int, str]):
    """A translation table that learns digits of any script as it meets them: listing all of Unicode costs a quarter
    second."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        value = unicodedata.digit(char) if code > 0x7F and unicodedata.category(char) == "Nd" else char
        self[code] = str(value)
        return self[code]


@cache
def _plain(decimal: str | None) -> _Plain:
    point, group = (",", ".") if decimal == "," else (".", ",")
    signs = {
        "٫": point,
        "٬": group,
        "．": ".",
        "，": ",",
        "−": "-",
        "﹣": "-",
        "－": "-",
        "／": "/",
        "⁄": "/",
        "＄": "$",
        "％": "%",
    }
    return _Plain({ord(char): sign for char, sign in {**signs, **dict.fromkeys(_SPACES, "\xa0")}.items()})


def read_number(text: str, *, locale: str = "en-US") -> Decimal | None:
    """The one number that a text holds ("1,234.50", "30k", "-5", "1.5 million"); None where it is not exactly one
    or ambiguous."""
    plain = fold(text, locale=locale).text.strip(" \xa0\t\r\n")
    negative = plain.startswith("-")
    plain = plain[1:] if plain.startswith(("-", "+")) else plain
    found = NUMERAL.match(plain)
    if not found:
        return None
    value = value_of(found.group(), convention(locale), spaced=True)
    value, end = magnify(value, plain, found.end(), locale=locale)
    if value is None or plain[end:].strip(" \xa0"):
        return None
    return -value if negative else value


def magnify(value: Decimal | None, text: str, end: int, *, locale: str = "en-US") -> tuple[Decimal | None, int]:
    """The value with the "k", "M", "million" that follows it at `end`, and where that ends. A word of two meanings
    gives None."""
    found = MAGNITUDE.match(text, end)
    if not found:
        return value, end
    word = found.group(found.lastindex or 1)
    factor = MAGNITUDES.get(word) or MAGNITUDES.get(word.casefold())
    other_tongue = _NEVER_ENGLISH if locale[:2].casefold() in ("en", "un", "") else _ENGLISH_ONLY
    if factor is None or word.casefold() in other_tongue:
        return None, found.end()
    return (None if value is None else storable(value * factor)), found.end()


def storable(value: Decimal) -> Decimal | None:
    """The value where it fits DECIMAL(20,10) exactly, else None: a rounded figure would be another figure."""
    if abs(value) >= AMOUNT_LIMIT or value != round(value, AMOUNT_PLACES):
        return None
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain.as_tuple().exponent > 0 else value  # type: ignore[operator]  # finite: an int


def value_of(
    token: str, how: Convention, *, home: str | None = None, whole: bool = False, spaced: bool = False
) -> Decimal | None:
    """What a numeral's characters mean, or None where they are ambiguous, ill grouped or do not fit the warehouse.

    `home` is the decimal sign of the currency's own country ("." or ","), "either" where it is written both ways, or
    None for no opinion. `whole` says that the currency has no smaller unit. `spaced` accepts an ordinary space
    between thousands.
    """
    if len(token) > 40:
        return None
    parts, signs = _SPLIT.split(token), [char for char in token if not char.isdigit()]
    if " " in signs and not (spaced or how.spaced or home == "," or signs[-1] == ","):
        return None
    if not parts[0]:
        return (
            storable(Decimal(f"0.{parts[1]}")) if len(signs) == 1 and (signs[0] == "." or how.decimal == ",") else None
        )
    thousands = (
        whole
        and len(signs) == 1
        and len(parts[1]) == 3
        and any(sign != signs[0] for sign in (home, how.decimal) if sign)
    )
    if thousands:
        return storable(Decimal("".join(parts))) if not token.startswith("0") else None
    grouped, fraction = _arrange(parts, signs, how, home)
    if grouped is None:
        return None
    return storable(Decimal(f"{grouped}.{fraction}" if fraction else grouped))


def _arrange(parts: list[str], signs: list[str], how: Convention, home: str | None) -> tuple[str | None, str]:
    """The whole digits and the decimal digits of a split numeral; None where no single reading is right."""
    if not signs:
        return parts[0], ""
    kinds = set(signs)
    last = signs[-1]
    if len(kinds) == 1:
        if len(signs) > 1 or last not in ".,":
            return _group(parts, indian=last == ","), ""
        return _single(parts[0], parts[1], last, how, home)
    if len(kinds) > 2 or last not in ".," or signs.count(last) > 1:
        return None, ""
    return _group(parts[:-1], indian=last == "."), parts[-1]


def _group(parts: list[str], *, indian: bool) -> str | None:
    """Joined digits of well-formed groups: thousands, or the Indian lakh (1,00,000)."""
    head, *rest = parts
    if not rest:
        return head
    if head.startswith("0") or len(rest[-1]) != 3:
        return None
    western = len(head) <= 3 and all(len(group) == 3 for group in rest)
    lakh = indian and len(head) <= 2 and all(len(group) == 2 for group in rest[:-1])
    return "".join(parts) if western or lakh else None


def _single(head: str, tail: str, sign: str, how: Convention, home: str | None) -> tuple[str | None, str]:
    """One sign: "10,50" and "0.035" can only be decimals; "1.234" is what locale and currency agree on."""
    if len(tail) != 3 or head.startswith("0") or len(head) > 3:
        return head, tail
    if how.decimal is None:
        return None, ""
    if sign != how.decimal:
        contradicted = home == sign
        return (None if contradicted else head + tail), ""
    # "10.000" where three decimals would all but vanish is as likely ten thousand, whoever wrote it.
    doubtful = home == "either" or home not in (None, sign) or tail.endswith("00")
    return (None, "") if doubtful else (head, tail)
