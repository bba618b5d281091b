"""Numbers that are money: which marker belongs to which number, where a figure begins and ends, what makes it none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline import currencies
from pricing_pipeline.currencies import Money
from pricing_pipeline.numerals import MAGNITUDE, NUMERAL, Convention, magnify, storable, value_of
from pricing_pipeline.unit_names import is_known, metric, period, phrase


@dataclass(frozen=True, slots=True)
class Source:
    """What the source declares about its amounts."""

    locale: str
    currency: str | None
    how: Convention


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its marker: where both stand, what they are worth. `end` is behind a marker that follows."""

    start: int
    end: int
    value: Decimal
    money: Money
    magnified: bool = False
    bare: bool = False
    open_ended: bool = False


_DASH_TAIL = re.compile(r"[.,][-–—]{1,2}(?!\d)")
_BROKEN = re.compile(r"\.[ \xa0]\d\d(?![\d,.])(?![ \xa0]?[^\W\d_])|[.,’']\d|%|[ \xa0][kKMB](?![\w-])|[ \xa0]?\d|×|\^")
# "$5-10k" may begin at five or at five thousand.
_HALF_MAGNIFIED = re.compile(r"[ \xa0]?[-–—][ \xa0]?\d[\d.,]*+[kKMB](?!\w)")
_GLUED = re.compile(
    r"(?:mo|mos|mth|months?|monthly|yr|years?|yearly|annually|wk|weeks?|hr|hours?|days?|per|each|ea|p/m|or|and|"
    r"billed)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"([ \xa0]?)(-|–|—|~|\b(?:to|bis|until|till|à)\b)([ \xa0]?)", re.IGNORECASE)
_MOVES = re.compile(
    r"\b(?:goes|going|go|went|gone|ris\w+|rose|increas\w+|rais\w+|jump\w*|drop\w*|chang\w+|mov\w+|up|down|cut|"
    r"reduc\w+|fell|falls?|lower\w*|"
    r"climb\w*|doubl\w+|tripl\w+|hik\w+)\b[^.!?;]{0,40}$",
    re.IGNORECASE,
)
_SMALLER = re.compile(
    r"[ \xa0]?(?:(?:and|och|und|et|con|y|e|と|,)[ \xa0]?)?(\d{1,2})[ \xa0]?(?:cents?|¢|centavos|centimes|céntimos|"
    r"セント|銭|öre|øre|pence)(?![^\W\d_a])",
    re.IGNORECASE,
)
# "15 dollars and 50", "17 USD 25.": cents or something else, and nobody can tell.
_TRAILING = re.compile(
    r"[ \xa0]?(?:and|och|und|et|con|y|と)?[ \xa0]?\d{1,2}(?!\d)[ \xa0]?(?:[.,;]?$|[.;!?]|角|です)|と\d", re.IGNORECASE
)
# "$100 and fifty": cents, said in words.
_SPELLED = re.compile(
    r"[ \xa0]and[ \xa0](?:ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?(?=[.,;!?]|$)",
    re.IGNORECASE,
)
_OF = re.compile(r"[ \xa0](?:de|of|di)(?=[ \xa0])")


def find_figure(text: str, number: re.Match[str], floor: int, source: Source) -> tuple[Figure | None, int]:
    """The figure that a number is part of, if it is one of money and certain; and where to read on."""
    start, token, minus = number.start(), number.group(), False
    marker = currencies.marker_before(text, start)
    if marker is None and start > floor and text[start - 1] == "-":
        marker, minus = currencies.marker_before(text, start - 1), True
    begin = text.rfind(marker, floor, start) if marker else -1
    front = currencies.money_of(marker, source.currency, source.locale) if marker and begin >= floor else None
    if front is None:
        return _followed(text, number, source)
    token, stop = _own(text, number, token, front)
    value = value_of(token, source.how, home=front.home, whole=front.whole)
    return _finished(text, (begin, start, stop), value, front, minus, source)


def _own(text: str, number: re.Match[str], token: str, money: Money) -> tuple[str, int]:
    """The part of "5 100" that belongs to the sign before it: in "$5 100 users" the five, in "$1 298.00" all of it."""
    cut = token.find(" ")
    if cut < 0 or money.home == "," or not token[-4:].lstrip("0123456789").startswith(" "):
        return token, number.end()
    noun = re.match(r"[ \xa0]?([^\W\d_]{2,})", text[number.end() : number.end() + 20])
    joining = (
        noun is None
        or noun.group(1).casefold() in ("per", "pro", "par", "por", "usd", "eur")
        or period(noun.group(1)) is not None
    )
    return (token, number.end()) if joining else (token[:cut], number.start() + cut)


def _finished(
    text: str, place: tuple[int, int, int], value: Decimal | None, front: Money, minus: bool, source: Source
) -> tuple[Figure | None, int]:
    """A figure behind its marker, with the magnitude, the code ("$5 CAD") and the sign that stand around it."""
    begin, _, stop = place
    value, end = magnify(value, text, stop, locale=source.locale)
    tail = _DASH_TAIL.match(text, end)
    end = tail.end() if tail else end
    behind = _behind(text, end, source)
    money: Money | None = front
    if behind and not _starts_number(text, behind[1]):
        money, end = _agreed(front, behind[0]), behind[1]
    begin, sign = _signed(text, begin, minus)
    if value is None or money is None or sign is None or (not tail and _is_broken(text, end, end > stop)):
        return None, max(end, stop)
    if _SPELLED.match(text, end):
        return None, end
    open_ended = text.startswith("+", end)
    worth = storable(sign * value / money.divisor)
    if worth is None:
        return None, end
    return Figure(begin, end + open_ended, worth, money, magnified=end > stop and not tail, open_ended=open_ended), end


def _followed(text: str, number: re.Match[str], source: Source) -> tuple[Figure | None, int]:
    """A figure whose marker follows it: "10,00 €", "20 USD", "5 million dollars"."""
    stop = number.end()
    probe, end = magnify(Decimal(1), text, stop, locale=source.locale)
    if number.start() and text[number.start() - 1].isalnum() and text[number.start() - 1].isascii():
        return None, stop
    tail = _DASH_TAIL.match(text, end)
    end = tail.end() if tail else end
    of = _OF.match(text, end) if end > stop else None
    behind = _behind(text, of.end() if of else end, source)
    if behind is None:
        ranged = _lower_bound(text, number, source)
        return (ranged, ranged.end) if ranged else (None, stop)
    money, after = behind
    value = value_of(number.group(), source.how, home=money.home, whole=money.whole)
    if value is not None and probe is not None and _starts_number(text, after):
        value, after, stays = _contested(text, number.group(), value, end, after, source)
        if not stays:
            return None, end
    return _closed(text, number.start(), value, probe, money, after)


def _closed(
    text: str, start: int, value: Decimal | None, factor: Decimal | None, money: Money, after: int
) -> tuple[Figure | None, int]:
    smaller = _SMALLER.match(text, after)
    factor, after = magnify(factor, text, after) if factor == 1 and text[after : after + 1] == " " else (factor, after)
    if not smaller and _TRAILING.match(text, after):
        return None, after
    if smaller and value is not None and value == int(value) and money.divisor == 1:
        value, after = value + Decimal(smaller.group(1)) / 100, smaller.end()
    begin, sign = _signed(text, start, minus=False)
    if value is None or factor is None or sign is None:
        return None, after
    worth = storable(sign * value * factor / money.divisor)
    return (None, after) if worth is None else (Figure(begin, after, worth, money, magnified=factor != 1), after)


def _contested(
    text: str, token: str, value: Decimal, end: int, after: int, source: Source
) -> tuple[Decimal | None, int, bool]:
    """Whose the marker between two numbers is, as in "12 € 13 €" (the first's) and "Plan 3 $10" (the second's)."""
    right = NUMERAL.match(text, after) or NUMERAL.match(text, after + 1)
    marker = text[end:after]
    gaps = (len(marker) - len(marker.lstrip(" \xa0")), right.start() - after if right else 1)
    if gaps == (0, 0):  # "5€99" is how the French write cents; anything else is anybody's guess
        cents = right is not None and len(right.group()) == 2 and token.isdigit() and "$" not in marker
        return (value + Decimal(right.group()) / 100, right.end(), True) if cents and right else (None, after, True)
    own_marker = right is not None and _behind(text, right.end(), source) is not None
    if gaps[0] != gaps[1]:
        broken = gaps[0] < gaps[1] and right is not None and len(right.group()) < 3 and not text[right.end() :].strip()
        return (None if broken and not own_marker else value), after, gaps[0] < gaps[1]
    continental = source.how.decimal == "," or re.search(r",\d\d$", token) is not None
    lettered = not own_marker and marker.strip(" \xa0").isalpha()
    if (
        lettered
        and right is not None
        and (not continental or (len(right.group()) < 3 and not _counts(text, right.end())))
    ):
        return None, right.end(), True  # "15 USD 50" may be fifteen and a half
    return value, after, own_marker or (continental and "$" not in marker and "£" not in marker)


def _counts(text: str, end: int) -> bool:
    """Whether a number is a count of something that vendors meter: "15 EUR 10 users"."""
    unit = phrase(text, end + 1) if text[end : end + 1] in (" ", "\xa0") else None
    name = metric(unit) if unit else None
    return name is not None and is_known(name)


def _behind(text: str, end: int, source: Source) -> tuple[Money, int] | None:
    found = currencies.marker_after(text, end)
    money = currencies.money_of(found[0], source.currency, source.locale) if found else None
    return (money, found[1]) if found and money else None


def _starts_number(text: str, position: int) -> bool:
    return text[position : position + 1].isdigit() or (
        text[position : position + 1] in (" ", "\xa0") and text[position + 1 : position + 2].isdigit()
    )


def _agreed(front: Money, behind: Money) -> Money | None:
    """The one currency of an amount with a marker on both sides; None where they contradict each other."""
    if front.bare_dollar and currencies.is_dollar(behind.code):
        return behind
    if behind.bare_dollar and currencies.is_dollar(front.code):
        return front
    same = front.code == behind.code and front.divisor == behind.divisor
    return front if same or (behind.code is None and front.code is not None and behind.divisor == 1) else None


def _signed(text: str, begin: int, minus: bool) -> tuple[int, int | None]:
    """Where a figure begins with its sign, and the sign: "-$5" is negative, "Pro-$5" is not, "–$5" may be either."""
    if minus:
        return begin, -1
    before = text[begin - 1 : begin] if begin else ""
    free = begin < 2 or text[begin - 2] in " \xa0(\n\t"
    if before == "-" and free:
        return begin - 1, -1
    return begin, None if before in ("–", "—") and free and begin > 1 and before else 1


def _is_broken(text: str, end: int, marked: bool) -> bool:
    """Whether what touches a number makes it another number or none: "119. 95", "10%", "5x", "1e400", "10m"."""
    if not marked and _HALF_MAGNIFIED.match(text, end):
        return True
    if _BROKEN.match(text, end):
        return not (text[end : end + 1] in " \xa0" and not re.match(r"[ \xa0][kKMB]", text[end : end + 2]))
    head = text[end : end + 1]
    if marked or not head.isalpha() or ord(head) > 0x24F:
        return MAGNITUDE.match(text, end) is not None and marked
    return _GLUED.match(text, end) is None


def _lower_bound(text: str, number: re.Match[str], source: Source) -> Figure | None:
    """The figure of "20–40 €", whose lower bound has no marker of its own."""
    dash = _TO.match(text, number.end())
    upper = NUMERAL.match(text, dash.end()) if dash else None
    behind = _behind(text, upper.end(), source) if upper else None
    if dash is None or upper is None or behind is None or _starts_number(text, behind[1]):
        return None
    money = behind[0]
    value = value_of(number.group(), source.how, home=money.home, whole=money.whole)
    high = value_of(upper.group(), source.how, home=money.home, whole=money.whole)
    if (
        value is None
        or high is None
        or high <= value
        or money.divisor != 1
        or (number.start() and text[number.start() - 1] in "-–—/")
    ):
        return None
    return Figure(number.start(), number.end(), value, money, bare=True)


def upper_bound(text: str, figure: Figure, before: str, source: Source) -> tuple[Decimal | None, Money, int]:
    """The upper bound of "$20–$40", "$20-40" and "20 to 40 €"; "raised from $10 to $310" is no range."""
    nothing = None, figure.money, figure.end
    dash = _TO.match(text, figure.end)
    number = NUMERAL.match(text, dash.end()) or NUMERAL.search(text, dash.end(), dash.end() + 20) if dash else None
    if dash is None or number is None or figure.value < 0 or _MOVES.search(before):
        return nothing
    marked = currencies.marker_before(text, number.start()) if number.start() > dash.end() else None
    if number.start() > dash.end() and (
        marked is None or text[dash.end() : number.start()].strip(" \xa0") != marked.strip(" \xa0")
    ):
        return nothing
    upper, end = _upper(text, number, marked, figure, source)
    if upper is None or upper.value <= figure.value:
        return nothing
    money = _agreed(figure.money, upper.money) if upper.money is not figure.money else figure.money
    return nothing if money is None else (upper.value, money, end)


def _upper(
    text: str, number: re.Match[str], marked: str | None, figure: Figure, source: Source
) -> tuple[Figure | None, int]:
    if marked:
        front = currencies.money_of(marked, source.currency, source.locale)
        if front is None:
            return None, number.end()
        token, stop = _own(text, number, number.group(), front)
        value = value_of(token, source.how, home=front.home, whole=front.whole)
        return _finished(text, (number.start() - 1, number.start(), stop), value, front, False, source)
    behind = _behind(text, number.end(), source)
    spaced = text[number.start() - 1] in " \xa0"
    noun = re.match(
        r"[ \xa0](?!per\b|a\b|an\b|each\b|for\b|pro\b|par\b)[^\W\d_]", text[number.end() : number.end() + 6]
    )
    if behind is None and (spaced or noun or text[number.end() : number.end() + 1] in "-–") and not figure.bare:
        return None, number.end()
    money, end = behind or (figure.money, number.end())
    value = value_of(number.group(), source.how, home=money.home, whole=money.whole)
    if behind is None:
        value, end = magnify(value, text, end, locale=source.locale)
    if value is None or (behind is None and _is_broken(text, end, end > number.end())):
        return None, end
    return Figure(number.start(), end, value, money), end
