"""Reading prices out of sentences: fees, rates, and what something costs at a use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.claims.billing import commitment_of, heads_a_price, heads_an_entry, period_of
from pricing_pipeline.claims.bills import is_bill
from pricing_pipeline.claims.claim import Charged, Denied, Kind, Subject
from pricing_pipeline.claims.dates import Relation, When
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.steps import step_of
from pricing_pipeline.claims.uses import Use, is_sum, nearest, uses
from pricing_pipeline.claims.views import View
from pricing_pipeline.money import Amount, read_amounts
from pricing_pipeline.units import is_known, metric, period


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Money that is no price: investments, wages, savings, vouchers, differences between two prices.
_OTHER_MONEY = re.compile(
    r"\b(?:tied?\sat|raised|raising|funding|valu(?:ed|ation)|revenue|salar\w+|series\s[a-h]\b|invest\w+|acqui\w+|"
    r"saves?|saving|savings|"
    r"discounts?|coupon|refund\w*|donat\w+|grant|funds?|turnover|arr\b|wage|market|"
    r"hourly\srate\sof\san?\s)\b[^.;]{0,40}$"
    r"|\b(?:difference|gap|margin)\s(?:is|was|of|comes\sto)\s(?:only\s|just\s|about\s|still\s)*\s*$"
    r"|\b(?:by|difference\sof|gap\sof|extra|additional|another|instead\sof|rather\sthan|"
    r"than)\s+(?:just\s|only\s|about\s)?$",
    re.IGNORECASE,
)
# "$40 against $75": the second is somebody else's.
_AGAINST = re.compile(r"\b(?:against|versus|vs\.?|compared\s(?:to|with))\s+$", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\s*(?:a\smonth\s|per\smonth\s|/month\s)?(?:more|less|cheaper|dearer|off\b|in\s(?:free\s)?credits|"
    r"worth|discount|difference|saving|higher|lower)\b",
    re.IGNORECASE,
)
_QUALIFIERS = (
    ("under", re.compile(r"\b(?:under|less\sthan|below|fewer\sthan|not\seven|short\sof)\s*$", re.IGNORECASE)),
    ("over", re.compile(r"\b(?:over|more\sthan|above|upwards\sof|north\sof|exceed\w*|beyond)\s*$", re.IGNORECASE)),
    (
        "from",
        re.compile(
            r"\b(?:from|start(?:s|ing)?(?:\s(?:price|out))?(?:\s(?:at|from|of|is))?|begin(?:s|ning)?\sat|"
            r"at\sleast|minimum(?:\sof)?)\s*(?:just\s|only\s)?$",
            re.IGNORECASE,
        ),
    ),
)
_PRICED = re.compile(
    r"\b(?:costs?|price[ds]?|pricing|charge[sd]?|charges|pays?|paid|fees?|plans?|bill(?:ed|s)?|rates?|for|"
    r"at|starts?|from|comes?\sto|runs?|is|are|was|were|monthly|"
    r"annual(?:ly)?|tier|subscription|stays?|remains?|now|today|only|just|with|and|to|of|then)\b",
    re.IGNORECASE,
)
_UNIT_BEFORE = re.compile(
    r"\b(?:each|every|per|an?|extra|additional|further|overage)\s+(?:(?:extra|additional|further|overage|"
    r"single|included)\s+)?([^\W\d_]+(?:\s(?:minute|hour|location)s?)?)"
    r"(?:\s+(?:beyond|above|over|after|past|on\stop)[^$€£]{0,30})?\s+(?:is|are|costs?|at|was|were|for|"
    r"price[ds]?|then|now|comes?|runs?)[^$€£.;,]{0,20}$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s*(?:for\s+(?:each|every|an?|any)|each|an?|per|every)\s+(?:(?:extra|additional|further|overage|"
    r"more)\s+)?([^\W\d_]+)",
    re.IGNORECASE,
)
_UNIT_PRICE = re.compile(
    r"\bper[\s-]([^\W\d_]+)\s(?:pricing|prices?|fees?|rates?|charges?)\b[^$€£.;]{0,20}$|\b([^\W\d_]+(?:\s(?:minute|hour))?)\s(?:price|rate|overage|cost)\b[^$€£.;]{0,30}$|\b(?:price|"
    r"rate)\s(?:per|of\san?|for\san?)\s([^\W\d_]+(?:\s(?:minute|hour))?)\b[^$€£.;]{0,40}$",
    re.IGNORECASE,
)
_UNITS_BEFORE = re.compile(
    r"\b([^\W\d_]+(?:\s(?:minute|hour|location)s?)?)\s(?:(?:beyond|above|over|on\stop\sof)\sth(?:at|ose|"
    r"em|is)(?:\s\w+)?\s)?(?:are|is|cost|costs|were|at|was|(?:went|rose|go|moved)\sfrom|(?:went|rose)(?:\sup)?\sto)\s(?:billed\sat\s|charged\sat\s|priced\sat\s|"
    r"now\s|then\s)?$",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:to|became|becomes|turned\sinto|→|->|⇒)\s*(?:just\s|about\s)?", re.IGNORECASE)
_UP_FROM = re.compile(r"\b(?:up|down)\sfrom\s*(?:about\s|just\s)?$", re.IGNORECASE)
# In "a year of Solo is $120, a year of Starter $1,200" the second year is not the first one's.
_NEXT_PERIOD = re.compile(r",\s+(?:a|an|per|one|each)\s+\w+$", re.IGNORECASE)
_FROM_WHICH = re.compile(
    r"\b(?:from|was|were|instead\sof|up\sfrom|down\sfrom)\s*(?:about\s|(?:[A-Z][\w+]*\s){1,3}\()?$", re.IGNORECASE
)
_SAME_USE = re.compile(
    r"\b(?:the\ssame|this|that)\s(?:customer|team|use|usage|user|workload|volume|month|amount|company|bill)\b",
    re.IGNORECASE,
)
_BIG = Decimal(1000000)


def amounts(view: View) -> Iterator[Found]:
    """The prices of a sentence."""
    if view.is_question or is_sum(view.text):
        return
    read = [one for one in _paired(view, list(_split(view, _read(view)))) if not _is_other_money(view, one)]
    used = view.once(uses)
    for place, amount in enumerate(read):
        yield from _found(view, amount, read, place, used)


_BARE = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)(?!\s?%)(?:\s*(?:/|per\s|a\s).*)?\s*")


def _read(view: View) -> Sequence[Amount]:
    """The amounts as they stand; in a cell under "$/mo" a bare figure is one too."""
    found = _BARE.fullmatch(view.text)
    if found is None or view.passage.block is not Block.CELL or not view.passage.row or not heads_a_price(view):
        return [_without_next(view, _for_so_many(view, one)) for one in read_amounts(view.text)]
    return [replace(one, start=found.start(1), end=one.end - 1) for one in read_amounts(f"${view.text.lstrip()}")[:1]]


# "3 users for $100" names a price for all of them; "each 1,000 users for $100" a step.
_FOR_ALL = re.compile(
    r"(?P<each>\b(?:each|every|per|additional|extra)\s)?\d[\d,]*\s[^\W\d_]+(?:\s[^\W\d_]+)?\sfor\s*$", re.IGNORECASE
)


def _for_so_many(view: View, amount: Amount) -> Amount:
    """The amount without a step, where so many are had for it."""
    before = _FOR_ALL.search(view.text, 0, amount.start) if amount.per_quantity is not None else None
    if before is None or before["each"]:
        return amount
    return replace(amount, per=None, metric=None, per_quantity=None)


def _without_next(view: View, amount: Amount) -> Amount:
    """The amount without a period that begins what follows it."""
    taken = _NEXT_PERIOD.search(amount.text) if amount.period else None
    if taken is None or not re.match(r"\s+of\b", view.text[amount.end :]):
        return amount
    text = amount.text[: taken.start()]
    return replace(amount, period=None, text=text, end=amount.start + len(text))


def _split(view: View, read: Sequence[Amount]) -> Iterator[Amount]:
    """ "Goes from $10 to $310" names two prices and no range."""
    for amount in read:
        if amount.amount_max is None or not view.moves(amount.start):
            yield amount
            continue
        cut = view.text.find("to", amount.start, amount.end)
        middle = cut if cut > 0 else amount.end
        yield replace(amount, amount_max=None, end=middle, text=view.text[amount.start : middle].rstrip())
        yield replace(
            amount, amount=amount.amount_max, amount_max=None, start=middle, text=view.text[middle : amount.end]
        )


def _paired(view: View, read: Sequence[Amount]) -> Iterator[Amount]:
    """In "from $0.03 to $0.04 per credit" both are per credit."""
    for place, amount in enumerate(read):
        following = read[place + 1] if place + 1 < len(read) else None
        if (
            following is None
            or not _TO.fullmatch(view.text, amount.end, following.start)
            or amount.per
            or amount.period
        ):
            yield amount
        else:
            yield replace(
                amount,
                metric=following.metric,
                per=following.per,
                period=following.period,
                per_quantity=following.per_quantity,
            )


def _is_other_money(view: View, amount: Amount) -> bool:
    first, _ = view.clause(amount.start)
    before = view.text[first : amount.start]
    if amount.amount >= _BIG and amount.per is None:
        return True
    if _AGAINST.search(before):
        return view.ahead(amount.end) is None
    return _OTHER_MONEY.search(before) is not None or _DIFFERENCE.match(view.text, amount.end) is not None


def _found(view: View, amount: Amount, read: Sequence[Amount], place: int, used: Sequence[Use]) -> Iterator[Found]:
    step = step_of(view, amount.start, amount.end) if amount.per_quantity is None else None
    unit = step.metric if step else _metric(amount) or _unit(view, amount) or _shared(view, amount, read, place)
    first, last = view.clause(amount.start)
    usage = nearest(used, amount.start, (first, last)) if unit in (None, "seat") else {}
    if not usage and unit is None and view.previous is not None and _SAME_USE.search(view.text, first, last):
        usage = {use.metric: use.quantity for use in view.previous.once(uses)}
    is_distant = not usage and unit is None
    if is_distant:
        before = [use for use in used if use.end and use.bound is None and use.start < amount.start]
        usage = nearest(before, amount.start, (0, len(view.text)))
    said = Charged(
        amount=amount.amount,
        amount_max=amount.amount_max,
        currency=amount.currency,
        period=period_of(view, amount),
        commitment=commitment_of(view, amount, read, place),
        metric=unit,
        per_quantity=step.size if step else amount.per_quantity,
        qualifier=_qualifier(view, amount),
        usage=usage,
        is_headed=bool(usage)
        and (is_distant or unit == "seat" or not any(use.end for use in used if use.metric in usage)),
        is_loose=(unit is None and _is_loose(view, amount))
        or (unit in (None, "seat") and not usage and is_bill(view, amount)),
        is_change=view.moves(amount.start) or _TO.match(view.text, amount.end) is not None,
    )
    is_denied = _DENIED.search(view.text, first, amount.start) is not None
    kind = Kind.RATE if unit is not None and unit != "seat" else Kind.AMOUNT
    for subjects in _about(view, amount, read, place):
        yield Found(
            kind=kind, said=Denied(said) if is_denied else said, start=amount.start, end=amount.end, subjects=subjects,
            when=_when(view, amount), is_change=view.moves(amount.start),
        )  # fmt: skip


# "No longer costs $100" says what a price is not.
_DENIED = re.compile(
    r"(?:n['’]t|\b(?:not|no\slonger|never))\s(?:(?:an?|the|just|only|cost|costs|charge|charges|ask|asks|at|for)\s){0,3}$",
    re.IGNORECASE,
)
_NOT_OF_UNITS = frozenset({"now", "then", "today", "only", "just", "and", "on", "for"})


def _metric(amount: Amount) -> str | None:
    """The unit that stands right behind an amount, without the words of the sentence that were taken with it."""
    if amount.metric is None:
        return None
    name = "_".join(part for part in amount.metric.split("_") if part not in _NOT_OF_UNITS)
    if amount.per == "each" and not is_known(name):
        return None
    return name or None


def _names(view: View, position: int) -> bool:
    """Whether somebody's name stands there, such as a plan that is called Team."""
    return any(one.start <= position < one.end for one in view.mentions)


def _shared(view: View, amount: Amount, read: Sequence[Amount], place: int) -> str | None:
    """In "$0.04 and $0.055 each" and "$0.05 each on Launch and $0.02 each on Growth" the unit is said once."""
    if amount.period or not place or not (amount.per == "each" or re.match(r"\s*each\b", view.text[amount.end :])):
        return None
    before = read[place - 1]
    return _metric(before) or _unit(view, before)


def _about(view: View, amount: Amount, read: Sequence[Amount], place: int) -> list[tuple[Subject, ...]]:
    """Whom an amount is about; the first of "from … to … on Solo" is about whom the second is."""
    end = amount.end
    for following in read[place + 1 :]:
        if not _TO.fullmatch(view.text, end, following.start):
            break
        end = following.end
    return view.about(amount.start, end, _rank(view, read, place))


def _when(view: View, amount: Amount) -> When | None:
    first, _ = view.clause(amount.start)
    moves = view.moves(amount.start)
    arrow = re.match(r"\s*\)?\s*(?:→|->|⇒)", view.text[amount.end :])
    is_before = (moves and _FROM_WHICH.search(view.text, first, amount.start)) or _became(view, amount)
    if arrow or is_before or _UP_FROM.search(view.text, first, amount.start):
        return When(relation=Relation.PAST, start=amount.start, end=amount.start, text="before the change")
    found = view.when(amount.start, amount.end)
    if moves and found is not None and found.relation is Relation.PAST:
        return None
    return found


def _became(view: View, amount: Amount) -> bool:
    return re.match(r"\s*(?:became|turned\sinto)\s", view.text[amount.end :], re.IGNORECASE) is not None


def _rank(view: View, read: Sequence[Amount], place: int) -> tuple[int, int]:
    """The place of an amount among those that follow the same names, and how many they are."""
    before = [one.end for one in view.mentions if one.end <= read[place].start]
    floor = max(before, default=0)
    ceiling = min((one.start for one in view.mentions if one.start >= read[place].end), default=len(view.text))
    like = [one for one in read if floor <= one.start < ceiling and bool(one.period) == bool(read[place].period)]
    return like.index(read[place]) if read[place] in like else 0, len(like)


def _qualifier(view: View, amount: Amount) -> str | None:
    before = view.text[: amount.start].rstrip("~≈ ") + " "
    found = next((name for name, words in _QUALIFIERS if words.search(before)), None)
    if found is None and amount.qualifier is None and heads_an_entry(view):
        return "from"
    if found == "from" and (amount.amount_max is not None or _changes(view, amount)):
        return None
    return found or (None if amount.qualifier == "from" and _changes(view, amount) else amount.qualifier)


def _changes(view: View, amount: Amount) -> bool:
    """Whether the amount is what something was before: "from $0.03 to $0.04"."""
    return _TO.match(view.text, amount.end) is not None


def _unit(view: View, amount: Amount) -> str | None:
    """What an amount is charged for, where it stands further off than right behind."""
    first, _ = view.clause(amount.start)
    clause = view.text[first : amount.start]
    for pattern in (_UNIT_BEFORE, _UNIT_PRICE, _UNITS_BEFORE):
        found = pattern.search(clause)
        spoken = next(
            (number for number in (1, 2, 3) if found and number <= len(found.groups()) and found[number]), None
        )
        name = metric(found[spoken]) if found and spoken and not _names(view, first + found.start(spoken)) else None
        if name and _is_metered(name) and not amount.period:
            return name
    after = _UNIT_AFTER.match(view.text, amount.end)
    name = metric(after[1]) if after else None
    if name and _is_metered(name):
        return name
    header = f"{view.passage.column} {view.passage.row}" if view.passage.block is Block.CELL else ""
    named = re.search(
        r"\b(?:per|each|extra|additional)\s(?:extra\s|additional\s)?([^\W\d_]+(?:\s(?:minute|hour))?)",
        header,
        re.IGNORECASE,
    )
    name = metric(named[1]) if named else None
    return name if name and _is_metered(name) else None


_NOT_UNITS = _set(
    "month year week day quarter plan tier price fee rate cost base platform overage usage month_fee product "
    "it they that this list flat monthly annual edition package subscription option one bill pricing standard "
    "other both"
)


def _is_metered(name: str) -> bool:
    return is_known(name) and name not in _NOT_UNITS and period(name.replace("_", " ")) in (None, "hour")


# What one hears of a price is not what the vendor says.
_HEARD = re.compile(
    r"\b(?:reportedly|rumou?red|estimate[sd]?|supposedly|customers\s(?:say|report|told)|we\shear)\b", re.IGNORECASE
)
# What an allowance would be worth at a rate is no price of whose it is.
_WORTH = re.compile(r"\bworth\s(?:about\s|some\s|only\s|just\s|all\sof\s)?$", re.IGNORECASE)
# What we paid somebody is no price of whom the text is about.
_OURS = re.compile(
    r"\b(?:I|we)\b(?:['’]\w+)?\s(?:\w+\s){0,3}?(?:pay|paid|spen[dt]|earn|made|make|charge[sd]?)\b(?:[^,;$€£]|,\d){0,50}$",
    re.IGNORECASE,
)


def _is_loose(view: View, amount: Amount) -> bool:
    """Whether nothing says that the amount is a price of whom the sentence is about."""
    if view.passage.block is Block.CELL:
        return False
    first, _ = view.clause(amount.start)
    named = any(first <= one.end <= amount.start for one in view.mentions)
    if (
        _HEARD.search(view.text, first, amount.start)
        or _WORTH.search(view.text, first, amount.start)
        or (not named and _OURS.search(view.text, first, amount.start))
    ):
        return True
    if view.mentions or view.is_near:
        return False
    return not amount.period and not amount.per and _PRICED.search(view.text, first, amount.start) is None
