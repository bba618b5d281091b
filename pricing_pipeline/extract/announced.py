"""Reading announcements: sentences that say from which day on what will hold, on a pricing page or on a page of news.

What they state is kept apart from the terms that the page asks as it stands. Which day is to come, the later stages know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from pricing_pipeline import money, units
from pricing_pipeline.extract.charges import is_no_charge, is_once, read_charge
from pricing_pipeline.extract.dated_lines import dated_lines
from pricing_pipeline.extract.document import Block
from pricing_pipeline.extract.kinds import units_known
from pricing_pipeline.extract.page import Page, evidence, slug, storable
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.required import binds_every_plan, required_by, required_terms
from pricing_pipeline.extract.statements import Role, Sentence, roles
from pricing_pipeline.extract.wording import has_money
from pricing_pipeline.facts import Announcement, Evidence, State, Term, TermKind

_PERIODS = frozenset({"month", "year", "quarter", "week", "half_year"})
_TIMES = frozenset({"day", "week", "month", "year", "hour", "minute", "second", "quarter"})
_NAME = re.compile(r"(?<![\w.])(?:[A-Z][\w+&-]*)(?:\s+(?:[A-Z][\w+&-]*|\d(?![\d.,/])))*")
_NOT_A_NAME = re.compile(
    r"^(?:the|our|your|from|on|starting|effective|beginning|as|since|after|prices?|pricing|plans?|each|every|all|an?|we|it|"
    r"this|that|these|both|new|updated|current|existing|and|or|in|for|until|usd|eur|gbp|i|you|they|there|monthly|annual|yearly|"
    r"credits?|seats?|users?|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s+(?:plans?|tiers?|subscriptions?|editions?|packages?)$", re.IGNORECASE)
_LIST = re.compile(r"^[\s,]*(?:and|&|or|plus|,)?[\s,]*(?:the\s+|our\s+)?(?:plans?\s+(?:and|,)\s*)?$", re.IGNORECASE)
_BEHIND = re.compile(
    r"^[^$€£.;]{0,30}?\b(?:on|for|in|with|under)\s+(?:the\s+|our\s+)?(?P<name>[A-Z][\w+&-]*(?:\s+[A-Z][\w+&-]*)*)"
)
_UNIT_BEFORE = re.compile(
    r"\b(?:each|every|per|additional|extra|an?)\s+((?:additional |extra |overage )?[a-z][a-z-]*(?: (?!will\b)[a-z][a-z-]*)?)\s+"
    r"(?:will\s+)?(?:costs?|is|be|goes|rises|increases?|moves|changes)\b[^$€£;]{0,30}$"
    r"|\bper ([a-z][a-z-]*(?: [a-z][a-z-]*)?)\b[^$€£;]{0,40}$",
    re.IGNORECASE,
)
_NONE_INCLUDED = re.compile(
    r"\b(?P<a>[a-z]+(?: [a-z]+)?) (?:are|is|will be|will) (?:no longer|not)(?: be)? (?:included|free|part of)\b"
    r"|\bno longer (?:be )?(?:includes?|including|comes? with|gets?|offers?|contains?)\b"
    r"(?: any| free| monthly| included)* (?P<b>[a-z]+(?: [a-z]+)?)"
    r"|\b(?:no|zero|0|without(?: any)?) (?:included |free |monthly )*(?P<c>[a-z]+) (?:(?:are|is|will be) )?included\b"
    r"|\b(?:includes?|including|comes? with) (?:no|zero|0)(?: included| free| monthly)* (?P<d>[a-z]+)",
    re.IGNORECASE,
)
_INCLUDES = re.compile(
    r"\b(?:includ\w*|allowances?|comes? with|gets?|limit\w*|quotas?|capp?(?:ed)?|up to|contains?)\b", re.IGNORECASE
)
_IN_STEPS = re.compile(r"(?:/|\bper|\bfor every|\bfor)\s*$", re.IGNORECASE)
_FROM_COUNT = re.compile(r"\bfrom\s+(\d[\d.,]*\s?[kKmM]?)\s+(?:[a-z]+\s+){0,2}to\s+$", re.IGNORECASE)


@dataclass(slots=True)
class _Said:
    """Everything that a page says of one day."""

    evidence: Evidence
    plans: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    former: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A sentence with its block, as its figures are read. `known` are the plans that the page shows; on a page of news there
    are none, and every name may be one."""

    page: Page
    block: Block
    sentence: Sentence
    day: date
    known: tuple[tuple[str, str], ...] | None

    @property
    def text(self) -> str:
        """The sentence."""
        return self.sentence.text

    def quote(self, start: int, end: int) -> Evidence:
        """The evidence for what stands in a range of the sentence."""
        return evidence([self.block], around=(self.sentence.offset + start, self.sentence.offset + end))


def read_announcements(page: Page, plans: Sequence[Found], *, is_news: bool = False) -> tuple[Announcement, ...]:
    """The dated statements of a page that terms change, one for each day, with what they say will hold.

    `plans` are those that the page shows; a page of news (`is_news`) shows none, so that any name in it may be a plan's.
    """
    known = None if is_news else tuple((plan.name, plan.slug) for plan in plans)
    said: dict[date, _Said] = {}
    for dated in dated_lines(page.document, is_news=True) if is_news else page.dated_lines:
        line = _Line(page=page, block=dated.block, sentence=dated.sentence, day=dated.day, known=known)
        terms, former = _figures(line)
        named = [one for _, _, one in _named(line, line.text)] if known is not None else _plans(terms)
        if not (dated.names_it or terms):
            continue
        day = said.setdefault(line.day, _Said(evidence=line.quote(0, len(line.text))))
        if named and not day.plans:
            day.evidence = line.quote(0, len(line.text))
        day.plans += [plan for plan in named if plan not in day.plans]
        day.terms += [term for term in terms if term.key not in {one.key for one in day.terms}]
        day.former += former
    return tuple(
        Announcement(
            effective_from=day,
            evidence=one.evidence,
            plans=tuple(one.plans),
            terms=tuple(one.terms),
            former=tuple(one.former),
        )
        for day, one in sorted(said.items())
    )


def _plans(terms: Sequence[Term]) -> list[str]:
    return list(dict.fromkeys(term.plan for term in terms if term.plan is not None))


def _figures(line: _Line) -> tuple[list[Term], list[Term]]:
    """What a sentence says will hold, and what it says held until then."""
    terms, former = _charges(line) if has_money(line.text) else ([], [])
    counts, counted = _counts(line)
    return [*terms, *counts], [*former, *counted]


def _charges(line: _Line) -> tuple[list[Term], list[Term]]:
    amounts = [part for amount in line.page.stated_amounts(line.text) for part in _parts(amount)]
    found = roles(line.text, amounts)
    told: dict[Role, list[Term]] = {Role.NEW: [], Role.FORMER: [], Role.NEITHER: []}
    targets: list[str | None] = _heads(line)
    shares = _shares(line, amounts, found)
    start = 0
    for place, (amount, role) in enumerate(zip(_alike(amounts, found), found, strict=True)):
        before = line.text[amounts[place - 1].end if place else 0 : amount.start]
        after = line.text[amount.end : amounts[place + 1].start if place + 1 < len(amounts) else None]
        if role is Role.NEW and (is_once(before, after) or is_no_charge(_without_moves(before), after)):
            role = Role.NEITHER
        targets = shares.get(place) or _targets(line, line.text[start : amount.start], after) or targets
        bought = _bought(line, amounts, place, targets) if role is Role.NEW else []
        told[role] += bought or _priced(line, amount, line.text[start : amount.start], after, targets)
        start = amount.end
    return (
        [replace(term, effective_from=line.day) for term in _unrivalled(told[Role.NEW])],
        told[Role.FORMER],
    )


def _bought(line: _Line, amounts: Sequence[money.Amount], place: int, targets: Sequence[str | None]) -> list[Term]:
    """What must be bought besides from that day on, with the plans named, or with every one."""
    names = [name for name, _ in line.known or ()]
    required = required_by(line.text, amounts, place, subjects=names, is_card=False)
    if required is None:
        return []
    amount, offset = amounts[place], line.sentence.offset
    here = replace(amount, start=offset + amount.start, end=offset + amount.end)
    bound: Sequence[str | None] = [None] if binds_every_plan(line.text) else targets
    return [term for plan in bound for term in required_terms(line.block, here, required, plan)]


def _shares(line: _Line, amounts: Sequence[money.Amount], found: Sequence[Role]) -> dict[int, list[str | None]]:
    """The plans of amounts that are listed as the plans are: "Solo and Team rise to $12 and $25 respectively"."""
    if "respectively" not in line.text.casefold() or not amounts:
        return {}
    listed = _listed(line, line.text[: amounts[0].start])
    shares: dict[int, list[str | None]] = {}
    for role in (Role.NEW, Role.FORMER):
        places = [place for place, one in enumerate(found) if one is role]
        if len(places) == len(listed):
            shares |= {place: [plan] for place, plan in zip(places, listed, strict=True)}
    return shares


def _parts(amount: money.Amount) -> list[money.Amount]:
    """Both ends of what looks like a range in "Team: from $20 to $25": in a dated sentence it is a move."""
    cut = re.search(r"\s+to\s+", amount.text)
    if amount.amount_max is None or cut is None:
        return [amount]
    low = replace(
        amount, amount_max=None, end=amount.start + cut.start(), text=amount.text[: cut.start()], qualifier=None
    )
    high = replace(amount, amount=amount.amount_max, amount_max=None, start=amount.start + cut.end(), qualifier=None)
    return [low, high]


def _alike(amounts: Sequence[money.Amount], found: Sequence[Role]) -> Iterator[money.Amount]:
    """Amounts, each charged as the other of its move is where it does not say: "from $0.03 per credit to $0.04"."""
    for place, amount in enumerate(amounts):
        pairs = (
            ((place - 1, Role.FORMER), (place + 1, Role.FORMER))
            if found[place] is Role.NEW
            else ((place + 1, Role.NEW),)
        )
        for other, role in pairs:
            if (amount.metric or amount.period) is None and 0 <= other < len(amounts) and found[other] is role:
                twin = amounts[other]
                amount = replace(
                    amount, metric=twin.metric, per=twin.per, per_quantity=twin.per_quantity, period=twin.period
                )
        yield amount


def _unrivalled(terms: Sequence[Term]) -> list[Term]:
    """Without the terms of which the sentence gives two figures."""
    values: dict[tuple[str | None, ...], set[tuple[object, ...]]] = {}
    for term in terms:
        values.setdefault(term.key, set()).add((term.state, term.amount, term.quantity))
    return [term for term in terms if len(values[term.key]) == 1]


def _without_moves(before: str) -> str:
    """What stands before an amount without "up to" of a rise, which is no bound there."""
    return re.sub(r"\b(?:up|down|over|it)\s+(?=to\b)", "", before, flags=re.IGNORECASE)


def _priced(
    line: _Line, amount: money.Amount, before: str, after: str, targets: Sequence[str | None]
) -> Iterator[Term]:
    """The terms that an amount states, one for each plan that it is said of."""
    metric, unit = amount.metric, amount.per
    if metric is None:
        found = _UNIT_BEFORE.search(before)
        words = (found.group(1) or found.group(2)).strip() if found else None
        named = units.metric(words) if words else None
        if named is not None and units_known(named):
            metric, unit = named, words
    charge = read_charge(f"{amount.text[-40:]} {after[:60]}")
    period = amount.period or (charge.period if charge.period in _PERIODS else None)
    is_fee = metric in (None, "seat") and period in {None, *_PERIODS}
    if metric is None and not is_fee:
        metric, period = period, None
    if is_fee and targets == [None]:
        return
    for plan in targets:
        yield Term(
            plan=plan,
            term=TermKind.RECURRING_FEE if is_fee else TermKind.USAGE_RATE,
            metric=metric,
            amount=amount.amount,
            amount_max=amount.amount_max,
            currency=amount.currency,
            per_quantity=amount.per_quantity,
            billing_period=period,
            commitment=amount.commitment or charge.commitment,
            unit_as_printed=unit,
            evidence=line.quote(amount.start, amount.end),
        )


def _counts(line: _Line) -> tuple[list[Term], list[Term]]:
    """The allowances that a sentence says will hold, or will be gone."""
    gone = _gone(line)
    if gone:
        return gone, []
    if not _INCLUDES.search(line.text):
        return [], []
    spans = [(amount.start, amount.end) for amount in line.page.stated_amounts(line.text)]
    counted = [
        one
        for one in line.page.quantities(line.text)
        if one.metric not in _TIMES
        and units_known(one.metric)
        and not any(start <= one.start < end for start, end in spans)
        and not _IN_STEPS.search(line.text[: one.start])
    ]
    told: dict[Role, list[Term]] = {Role.NEW: [], Role.FORMER: [], Role.NEITHER: []}
    targets: list[str | None] = _heads(line)
    start = 0
    for one, role in zip(counted, roles(line.text, counted), strict=True):
        targets = _targets(line, line.text[start : one.start], line.text[one.end :]) or targets
        for part, its in _moved(one, role):
            told[its] += [term for plan in targets if (term := _included(line, one, part, plan)) is not None]
        start = one.end
    return [replace(term, effective_from=line.day) for term in _unrivalled(told[Role.NEW])], told[Role.FORMER]


def _moved(one: units.Quantity, role: Role) -> Iterator[tuple[Decimal | None, Role]]:
    """A count with its role; "from 5,000 to 10,000 credits" is two of them."""
    if one.quantity_max is not None:
        yield one.quantity, Role.FORMER
        yield one.quantity_max, role
        return
    yield one.quantity, role


def _included(line: _Line, one: units.Quantity, quantity: Decimal | None, plan: str | None) -> Term | None:
    if not one.unlimited and (quantity is None or not quantity or not storable(quantity)):
        return None
    return Term(
        plan=plan,
        term=TermKind.ALLOWANCE,
        metric=one.metric,
        state=State.UNLIMITED if one.unlimited else State.STATED,
        quantity=None if one.unlimited else quantity,
        billing_period=one.period,
        unit_as_printed=one.unit_as_printed,
        evidence=line.quote(one.start, one.end),
    )


def _gone(line: _Line) -> list[Term]:
    """The allowances of which a sentence says that none is included any more."""
    found = _NONE_INCLUDED.search(line.text)
    if found is None:
        return []
    words = next(word for word in found.groups() if word)
    metric = next(
        (one for part in (words, words.split()[-1]) if (one := units.metric(part)) and units_known(one)), None
    )
    if metric is None:
        return []
    named: list[str | None] = [slug_ for _, _, slug_ in _named(line, line.text)] or _heads(line)
    return [
        Term(
            plan=plan,
            term=TermKind.ALLOWANCE,
            metric=metric,
            state=State.NOT_INCLUDED,
            effective_from=line.day,
            evidence=line.quote(found.start(), found.end()),
        )
        for plan in dict.fromkeys(named)
    ]


def _heads(line: _Line) -> list[str | None]:
    """The plan whose name heads the sentence's block, such as that of its card; [None] where none does."""
    for heading in reversed(line.block.headings[-1:]):
        for name, plan in line.known or ():
            if name.casefold() == heading.casefold():
                return [plan]
    return [None]


def _targets(line: _Line, before: str, after: str) -> list[str | None]:
    """The plans that a figure is said of: the last names before it ("Solo and Starter will cost $20"), else one behind it."""
    if "respectively" in line.text.casefold():
        return [None]
    listed = _listed(line, before)
    if listed:
        return listed
    behind = _BEHIND.match(after)
    found = _named(line, behind.group("name")) if behind else []
    return [found[0][2]] if found else []


def _listed(line: _Line, before: str) -> list[str | None]:
    """The plans whose names a text lists last: "Solo", "Solo and Team"."""
    named = _named(line, before)
    chosen = named[-1:]
    for one in reversed(named[:-1]):
        if not _LIST.match(before[one[1] : chosen[0][0]]):
            break
        chosen.insert(0, one)
    return [plan for _, _, plan in chosen]


def _named(line: _Line, text: str) -> list[tuple[int, int, str]]:
    """The plans that a text names, by where: those known, or on a page of news whatever is written like a name."""
    if line.known is not None:
        found = [
            (match.start(), match.end(), plan)
            for name, plan in line.known
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        ]
        longest = [one for one in found if not any(_within(one, other) for other in found)]
        return sorted(longest)
    return [one for match in _NAME.finditer(text) for one in _candidate(match)]


def _within(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and other[1] - other[0] > one[1] - one[0]


def _candidate(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """A name without the words that only begin a sentence or name a month."""
    start, words = match.start(), match.group()
    while words:
        first, _, rest = words.partition(" ")
        if not (_NOT_A_NAME.match(first) or first.isdigit()):
            break
        start += len(words) - len(rest.lstrip())
        words = rest.lstrip()
    name = _TAIL.sub("", words).strip()
    if name and not _NOT_A_NAME.match(name) and any(letter.isalpha() for letter in name):
        yield start, start + len(words), slug(name)
