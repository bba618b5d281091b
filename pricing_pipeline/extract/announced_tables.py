"""Announcements that are laid out: cards under a heading with a day, and tables with an old and a new column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from pricing_pipeline.extract.card import Group
from pricing_pipeline.extract.charges import read_charge
from pricing_pipeline.extract.dated_lines import dated_lines
from pricing_pipeline.extract.document import Document
from pricing_pipeline.extract.grid import Cell, Table
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.plans import plans_of_cards
from pricing_pipeline.extract.statements import effective_days, is_dated_heading, looks_dated
from pricing_pipeline.extract.wording import clean_name, has_money
from pricing_pipeline.facts import Announcement, Surface, Term, TermKind

_NEW = re.compile(r"\b(?:new|from|starting|effective|after|future|upcoming|next|will)\b", re.IGNORECASE)
_OLD = re.compile(r"\b(?:old|current(?:ly)?|today|now|until|before|previous|former|existing|present)\b", re.IGNORECASE)


def split_dated(groups: Sequence[Group]) -> tuple[list[Group], list[tuple[date, Group]]]:
    """The groups of cards that are asked as the page stands, and those that stand under a heading with a day, with that.

    Where all of a page's cards stand under a day, they are all that it asks, and stay; see `dated_drafts`.
    """
    days = {id(group): _day_of(group) for group in groups}
    later = [(day, group) for group in groups for day in [days[id(group)]] if day is not None]
    now = [group for group in groups if days[id(group)] is None]
    return (now, later) if now else (list(groups), [])


def dated_drafts(groups: Sequence[Group], drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts, each with the day that the heading above its card names, if it names one."""
    ranges = [(group.start, group.end, day) for group in groups for day in [_day_of(group)] if day is not None]
    if not ranges:
        return list(drafts)
    (_, _, day), *others = ranges
    if any(other[2] != day for other in others):
        return list(drafts)
    return [replace(draft, term=replace(draft.term, effective_from=day)) for draft in drafts]


def cards_to_come(page: Page, later: Sequence[tuple[date, Group]]) -> list[Announcement]:
    """What cards under a heading with a day say will hold."""
    found = []
    for day, group in later:
        plans = plans_of_cards(page, group.cards)
        terms = tuple(
            replace(draft.term, effective_from=day)
            for plan in plans
            for draft in plan.drafts
            if draft.term.evidence.surface is Surface.VISIBLE
        )
        found.append(
            Announcement(
                effective_from=day,
                plans=tuple(plan.slug for plan in plans),
                terms=terms,
                evidence=evidence([group.cards[0].name_block]),
            )
        )
    return found


def tables_to_come(page: Page, *, is_news: bool = False) -> Iterator[Announcement]:
    """What tables say will hold: a row for each plan, a column for the new price.

    A column names its day itself; on a page of news (`is_news`) the sentences around it may.
    """
    # A page that was cut off may end in half a figure.
    for table in page.tables if page.document.is_complete else ():
        day = _day_of_table(page, table, is_news=is_news)
        columns = _columns(table) if day is not None else None
        if day is None or columns is None:
            continue
        old, new = columns
        terms: list[Term] = []
        former: list[Term] = []
        for row in table.rows[1:]:
            if has_money(row[0].text) or not row[0].blocks:
                continue
            terms += _fee(page, row[0], row[new], table.header[new], day)
            former += _fee(page, row[0], row[old], table.header[old], None) if old is not None else []
        if terms:
            plans = tuple(dict.fromkeys(term.plan for term in terms if term.plan))
            yield Announcement(
                effective_from=day, plans=plans, terms=tuple(terms), former=tuple(former), evidence=terms[0].evidence
            )


def as_asked_now(table: Table) -> Table:
    """A table without its column of prices to come, where another column says what is asked until then."""
    ahead = {at for at, cell in enumerate(table.header) if at and _day_of_column(cell) is not None}
    if not ahead or len(table.header) - len(ahead) < 2:
        return table
    return replace(
        table, rows=tuple(tuple(cell for at, cell in enumerate(row) if at not in ahead) for row in table.rows)
    )


def merged(announcements: Sequence[Announcement], document: Document) -> tuple[Announcement, ...]:
    """One announcement for each day, with the terms whose quote is in the page; of two under one key the first stands."""
    found: dict[date, Announcement] = {}
    for whole in announcements:
        one = replace(whole, terms=_founded(whole.terms, document), former=_founded(whole.former, document))
        known = found.get(one.effective_from)
        if known is None:
            found[one.effective_from] = one
            continue
        keys = {term.key for term in known.terms}
        found[one.effective_from] = replace(
            known,
            plans=tuple(dict.fromkeys((*known.plans, *one.plans))),
            terms=(*known.terms, *(term for term in one.terms if term.key not in keys)),
            former=(*known.former, *one.former),
        )
    return tuple(found[day] for day in sorted(found))


def _founded(terms: Sequence[Term], document: Document) -> tuple[Term, ...]:
    return tuple(term for term in terms if document.holds(term.evidence.quote, term.evidence.surface))


def _day_of(group: Group) -> date | None:
    """The day that the headings above all cards of a group name."""
    paths = [card.name_block.headings for card in group.cards]
    shared = [heading for heading in paths[0] if all(heading in path for path in paths)]
    for heading in reversed(shared):
        if looks_dated(heading):
            return is_dated_heading(heading)
    return None


def _day_of_column(cell: Cell) -> date | None:
    days = {day.day for day in effective_days(f"Price {cell.text}")} if looks_dated(cell.text) else set()
    return days.pop() if len(days) == 1 else None


def _day_of_table(page: Page, table: Table, *, is_news: bool) -> date | None:
    """The day of the new column, else the one day that the sentences of a page of news name."""
    days = {day for cell in table.header for day in [_day_of_column(cell)] if day is not None}
    if days or not is_news:
        return days.pop() if len(days) == 1 else None
    days = {line.day for line in dated_lines(page.document, is_news=True) if line.names_it}
    return days.pop() if len(days) == 1 else None


def _columns(table: Table) -> tuple[int | None, int] | None:
    """Which columns hold the old and the new figures."""
    new = [at for at, cell in enumerate(table.header) if at and _NEW.search(cell.text) and not _OLD.search(cell.text)]
    old = [at for at, cell in enumerate(table.header) if at and _OLD.search(cell.text)]
    if len(new) != 1 or len(old) > 1:
        return None
    return (old[0] if old else None), new[0]


def _fee(page: Page, name: Cell, cell: Cell, header: Cell, day: date | None) -> Iterator[Term]:
    amounts = page.stated_amounts(cell.text)
    if len(amounts) != 1 or not cell.blocks:
        return
    (amount,) = amounts
    charge = read_charge(f"{amount.text[-40:]} {cell.text[amount.end :]}")
    period = amount.period or charge.period or read_charge(header.text).period
    if amount.metric not in (None, "seat"):
        return
    yield Term(
        plan=slug(clean_name(name.text)),
        term=TermKind.RECURRING_FEE,
        metric=amount.metric,
        amount=amount.amount,
        amount_max=amount.amount_max,
        currency=amount.currency,
        billing_period=period,
        commitment=amount.commitment or charge.commitment,
        effective_from=day,
        evidence=evidence(cell.blocks),
    )
