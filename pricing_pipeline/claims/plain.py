"""A passage in the writing that its readers know: figures in digits, money with its sign, names with their capitals.

Everything keeps its length, so that a place in the text stays a place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from pricing_pipeline.numerals import read_number
from pricing_pipeline.units import is_known, metric


def _words(words: str) -> list[str]:
    return words.split()


_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = {
    word: 10 * number for number, word in enumerate(_words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_SMALL = {word: number for number, word in enumerate(_ONES)} | _TENS
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1000000}
_WORD = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_SPELLED = re.compile(
    rf"\b(?:(?:a|an)\s(?=dozen|hundred|thousand|million))?(?:{_WORD})(?:[\s-](?:and\s)?(?:{_WORD}))*\b", re.IGNORECASE
)
_NEXT = re.compile(
    r"[\s-](?:(?:included|extra|free|paid|additional|serverless|code|active|monthly|verified|user|different|"
    r"hosted|named|more|of\sthe)\s)*([^\W\d_]+)"
)
_COUNTABLE = frozenset(
    _words("plan tier review rating edition cent penny pence dollar buck euro pound time star point")
)
# Behind these a figure stands whose unit was said before: "forty on Business", "for six, ...", "a minimum of four".
_BARE_AFTER = re.compile(r"\s(?:on|in|for|with)\s(?:the\s)?[A-Z]|\sto\s\d|\s[$€£]\d|\s*(?:,|\)|[.](?:\s|$)|$)")
_BARE_BEFORE = re.compile(
    r"\b(?:for|with|teams?\sof|(?:max|min)imum\sof|up\sto|at\smost|at\sleast|limited\sto|from|to)\s$", re.IGNORECASE
)
_PARTS = {"quarter of a": Decimal("0.25"), "half a": Decimal("0.5"), "half an": Decimal("0.5"),
          "three quarters of a": Decimal("0.75")}  # fmt: skip
_PART = re.compile(
    r"\b(?:an?\s)?(?P<part>quarter\sof\sa|half\san?|three\squarters\sof\sa)\s(?P<unit>million|thousand|hundred|cent|dollar)\b",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(
    rf"\b(?P<whole>\d{{1,3}}|{'|'.join(_SMALL)})\sand\sa\shalf(?P<large>\s(?:million|thousand))?\b", re.IGNORECASE
)
# "Three named users" are three users.
_SAID_BESIDE = re.compile(r"(?P<number>\d[\d,]*)\s(?:named|registered|individual|separate|concurrent)(?=\s[a-z])")
_A_CENT = re.compile(r"(?<!t cost )(?<!t pay )(?<!t cost you )\b(?:a|one)\s(?=(?:cent|dollar)\b)", re.IGNORECASE)
_CENTS = re.compile(r"(?<![\w.,$€£])(?P<number>\d+(?:\.\d+)?)\s?(?:(?:US\s)?cents?\b|¢)", re.IGNORECASE)
_DOLLARS = re.compile(
    r"(?<![\w.,$€£])(?P<number>\d[\d,]*(?:\.\d+)?k?)\s(?:US\s)?(?P<unit>dollars?|bucks?|euros?|pounds?|USD|EUR|GBP)\b",
    re.IGNORECASE,
)
_CODED = re.compile(r"\b(?P<unit>USD|EUR|GBP)\s?(?=\d)")
_SIGNS = {"d": "$", "b": "$", "u": "$", "e": "€", "p": "£", "g": "£"}
_BARE_FEE = re.compile(
    r"(?<=[a-z(:,–—-])(?<!\blose)(?<!\bget)(?<!\bgets)(?<!\bhad)(?<!\bhave)(?<!\busing)(?<!\buse)(?<!\bthan)\s(?=(?P<number>\d[\d,]*(?:\.\d\d)?)\s?(?:a\smonth|per\smonth|/\s?mo(?:nth)?|a\syear|per\syear)\b"
    r"(?!\s(?:are|is|come)?\s?(?:includ|bundl|allow|free|with)))"
)
_SIGN = re.compile(r"[$€£]")
_SAID = re.compile(r"[“\"][^“”\"]{20,400}[”\"]")
_FIRST_PERSON = re.compile(r"\b(?:I|we|our|my|us|me|we['’]\w+|I['’]\w+)\b", re.IGNORECASE)


# What an older article says is told to be corrected.
_ELSEWHERE = re.compile(
    r"\b(?:any|an?|older|old|outdated|many|some|earlier|other)\s(?:\w+\s)?(?:articles?|posts?|reviews?|guides?|pages?|blogs?|comparisons?|newsletters?)\s"
    r"(?:which\s|that\s)?(?:still\s)?(?:tells?|says?|claims?|lists?|promises?|mentions?|states?|quotes?)\b[^.!?]{0,300}",
    re.IGNORECASE,
)


def without_sayings(text: str) -> str:
    """The text with blanks for what others are quoted to say of themselves, and for what other texts are said to say."""
    text = _SAID.sub(
        lambda found: " " * len(found.group()) if _FIRST_PERSON.search(found.group()) else found.group(), text
    )
    return _ELSEWHERE.sub(lambda found: " " * len(found.group()), text)


def one_sign(texts: Iterable[str]) -> str | None:
    """The one sign of money that texts use, for the figures that they give without it."""
    signs = {sign for text in texts for sign in _SIGN.findall(text)}
    return signs.pop() if len(signs) == 1 else None


def in_digits(text: str, sign: str | None = None) -> str:
    """The text with counts and money in words as digits: "three users" is "    3 users", "5 cents" is "  $0.05".

    With a sign "10 a month" is money too.
    """
    text = _AND_A_HALF.sub(_half_more, text)
    text = _PART.sub(_part, text)
    text = _A_CENT.sub(lambda found: "1 ".rjust(len(found.group())), text)
    text = _SPELLED.sub(lambda found: _digits(found, text), text)
    text = _SAID_BESIDE.sub(lambda found: found["number"].rjust(len(found.group())), text)
    text = _CENTS.sub(lambda found: _fitted(f"${_plain(Decimal(found['number']) / 100)}", found), text)
    text = _DOLLARS.sub(lambda found: _fitted(_SIGNS[found["unit"][0].casefold()] + found["number"], found), text)
    text = _CODED.sub(lambda found: _SIGNS[found["unit"][0].casefold()].rjust(len(found.group())), text)
    return text if sign is None else _BARE_FEE.sub(sign, text)


def _fitted(said: str, found: re.Match[str]) -> str:
    """What is said in as many characters as were written; what does not fit stays as it was."""
    room = len(found.group())
    return said.rjust(room) if len(said) <= room else found.group()


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _half_more(found: re.Match[str]) -> str:
    whole = found["whole"].casefold()
    number = (Decimal(whole) if whole.isdecimal() else Decimal(_SMALL[whole])) + Decimal("0.5")
    if found["large"]:
        return _fitted(_plain(number * _LARGE[found["large"].strip().casefold()]), found)
    return _fitted(_plain(number), found)


def _part(found: re.Match[str]) -> str:
    share = _PARTS[" ".join(found["part"].casefold().split())]
    unit = found["unit"].casefold()
    if unit in _LARGE:
        return _fitted(_plain(share * _LARGE[unit]), found)
    return _fitted(f"${_plain(share / 100 if unit == 'cent' else share)}", found)


def _digits(found: re.Match[str], text: str) -> str:
    if re.search(r"\d\s$", text[: found.start()]):
        return found.group()
    following = _NEXT.match(text, found.end())
    unit = metric(following[1]) if following else None
    is_counted = unit is not None and (is_known(unit) or unit in _COUNTABLE)
    is_bare = _BARE_BEFORE.search(text, 0, found.start()) or re.match(r"\s(?:on|in)\s[A-Z]", text[found.end() :])
    if re.search(r"\bteams?\sof\s$", text[: found.start()], re.IGNORECASE):
        is_counted = True
    if not is_counted and not (is_bare and _BARE_AFTER.match(text, found.end())):
        return found.group()
    return str(_value(re.split(r"[\s-]+", found.group().casefold()))).rjust(len(found.group()))


def number_words(text: str) -> Iterator[tuple[int, int, int]]:
    """Every number in words, whatever it counts: where it begins and ends, and its value."""
    for found in _SPELLED.finditer(text):
        yield found.start(), found.end(), _value(re.split(r"[\s-]+", found.group().casefold()))


_DIGITS = re.compile(r"(?<![\w.,$€£])\d[\d,]*(?:\.\d+)?[kKmM]?(?!\w|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")


def numbers_in(text: str) -> tuple[Decimal, ...]:
    """Every number of a text, in digits or in words, each once; a year is none."""
    found = (one.group().rstrip(",") for one in _DIGITS.finditer(text))
    read = (read_number(one) for one in found if not _YEAR.fullmatch(one))
    written = [number for number in read if number is not None]
    return tuple(dict.fromkeys([*written, *(Decimal(value) for _, _, value in number_words(text))]))


def _value(words: list[str]) -> int:
    total = current = 0
    for word in words:
        if word in ("and", "a", "an"):
            continue
        if word in _SMALL:
            current += _SMALL[word]
        elif word in ("dozen", "hundred"):
            current = (current or 1) * _LARGE[word]
        else:
            total, current = total + (current or 1) * _LARGE[word], 0
    return total + current


def changed(written: str, plain: str) -> Iterator[tuple[int, int]]:
    """Where the two differ, from word to word."""
    start: int | None = None
    for word in re.finditer(r"\S+|\s+", written):
        same = written[word.start() : word.end()] == plain[word.start() : word.end()]
        if not same and start is None:
            start = word.start()
        if same and not word.group().isspace() and start is not None:
            yield start, word.start()
            start = None
    if start is not None:
        yield start, len(written)
