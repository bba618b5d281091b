"""Sentences of a passage, and numbers in words put into digits without moving a character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pricing_pipeline.units import is_known, metric


def _words(words: str) -> list[str]:
    return words.split()


LONGEST = 1000
_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W_a-z])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|incl|excl|ca|Inc|Ltd|St|Mr|Ms|Dr|est)|\b[A-Z])\.$", re.IGNORECASE
)
_ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = {
    word: 10 * number for number, word in enumerate(_words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_SMALL = {word: number for number, word in enumerate(_ONES)} | _TENS
_LARGE = {"hundred": 100, "thousand": 1000, "million": 1000000}
_WORD = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_SPELLED = re.compile(
    rf"\b(?:(?:a|an)\s(?=hundred|thousand|million))?(?:{_WORD})(?:[\s-](?:and\s)?(?:{_WORD}))*\b", re.IGNORECASE
)
_NEXT = re.compile(
    r"\s(?:(?:included|extra|free|paid|additional|serverless|code|active|monthly|verified|user|different|"
    r"hosted)\s)*([^\W\d_]+)"
)
_COUNTABLE = frozenset({"plan", "tier", "review", "rating", "edition", "cent", "dollar"})


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends. What goes on for a page is taken in pieces, so that no text costs too long."""
    for start, end in _whole(text):
        while end - start > LONGEST:
            cut = max(text.rfind(mark, start, start + LONGEST) for mark in (", ", "; ", " "))
            cut = cut + 1 if cut > start else start + LONGEST
            yield start, cut
            start = cut  # the rest of the same sentence
        if text[start:end].strip():
            yield start, end


def _whole(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        if _ABBREVIATED.search(text, start, found.start() + 1):
            continue
        yield start, found.start() + len(found.group().rstrip())
        start = found.end()
    if text[start:].strip():
        yield start, len(text)


def in_digits(text: str) -> str:
    """The text with counts in words as digits, of the same length: "three users" becomes "    3 users"."""
    return _SPELLED.sub(lambda found: _digits(found, text), text)


def _digits(found: re.Match[str], text: str) -> str:
    if re.search(r"\d\s$", text[: found.start()]):
        return found.group()
    if re.search(r"\bteams?\sof\s$", text[: found.start()], re.IGNORECASE):
        value = _value(re.split(r"[\s-]+", found.group().casefold()))
        return found.group() if value is None else str(value).rjust(len(found.group()))
    following = _NEXT.match(text, found.end())
    unit = metric(following[1]) if following else None
    if unit is None or not (is_known(unit) or unit in _COUNTABLE):
        return found.group()
    value = _value(re.split(r"[\s-]+", found.group().casefold()))
    return found.group() if value is None else str(value).rjust(len(found.group()))


def _value(words: list[str]) -> int | None:
    total = current = 0
    for word in words:
        if word in ("and", "a", "an"):
            continue
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        else:
            total, current = total + (current or 1) * _LARGE[word], 0
    return total + current
