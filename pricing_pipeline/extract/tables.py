"""Reading tables: plans as columns, plans as rows, and tables of usage rates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline import units
from pricing_pipeline.extract.announced_tables import as_asked_now
from pricing_pipeline.extract.bands import Band, read_bands
from pricing_pipeline.extract.card import Group
from pricing_pipeline.extract.cells import (
    cell_amounts,
    cell_counts,
    count_before_price,
    header_period,
    is_fee_row,
    stateful_fee,
)
from pricing_pipeline.extract.features import line_terms
from pricing_pipeline.extract.grid import Cell, Table, under_cards
from pricing_pipeline.extract.labelled import counted_in, of_what
from pricing_pipeline.extract.labels import is_name, name_of
from pricing_pipeline.extract.matrix import find_matrices
from pricing_pipeline.extract.page import Draft, Page, evidence, slug
from pricing_pipeline.extract.plans import Found
from pricing_pipeline.extract.toggles import section_period
from pricing_pipeline.extract.wording import clean_name, has_money, is_contact, is_duration, is_free, is_price_header
from pricing_pipeline.facts import State, Term, TermKind, TierMode

_NAME_HEADER = re.compile(
    r"^(?:plans?|tiers?|editions?|packages?|products?|services?|models?|variants?|names?|types?|items?|skus?|size|"
    r"instance(?: type)?|)$",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"(?:on[- ]demand|reserved|spot|preemptible|pay[- ]as[- ]you[- ]go|committed|\d[- ]years?|no commitment)\b",
    re.IGNORECASE,
)
# What one may do with a thing at a price: the columns of a list of domains.
_DEED = re.compile(
    r"(?:regist\w+|renew\w*|transfer|restore|redemption|first year|setup|rent|buy|purchase)$", re.IGNORECASE
)
_YES_NO = re.compile(r"^(?:[✓✔✗✘×xX–—-]|yes|no|included|not included|支持|不支持)?$", re.IGNORECASE)
# What is metered by weight rather than counted.
_MASSES = frozenset({"storage", "bandwidth", "egress", "ingress", "traffic", "data_transfer", "compute", "memory"})
_NONZERO = re.compile(r"[1-9]")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def read_tables(page: Page, plans: list[Found], groups: Sequence[Group] = ()) -> list[Draft]:
    """The terms that tables state. Where no card named any plan, tables may: then plans are added to `plans`."""
    drafts: list[Draft] = []
    had_cards = bool(plans)
    tables = [(table, as_asked_now(table)) for table in page.tables]
    # Beside the plans' cards, a table of old and new prices is an announcement and nothing else.
    found = [now for table, now in tables if now is table or not had_cards]
    for place, table in enumerate([*found, *find_matrices(page.document)]):
        known = {_plain(plan.name): plan for plan in plans}
        columns = _plan_columns(table, known, had_cards=had_cards)
        headed = under_cards(table, groups) if had_cards and not columns else None
        if headed is not None:
            table, columns = headed, _plan_columns(headed, known, had_cards=True)
        if place >= len(found) and not columns:
            continue  # boxes in rows may be anything; only where they compare plans they are read as a table
        banded = _banded(page, table)
        if banded:
            drafts.extend(banded)
        elif columns:
            drafts.extend(_read_columns(page, table, columns, plans, had_cards=had_cards))
        elif not had_cards and _is_price_list(table) and not _prices_use(page, table):
            _plans_of_rows(page, table, plans)
        else:
            drafts.extend(_rates(page, table, plans))
    return drafts


def _banded(page: Page, table: Table) -> list[Draft]:
    """The rates of a table whose rows are bands of use, where a single column prices them."""
    bands = read_bands(page, [row[0].text for row in table.rows[1:]])
    columns = _price_columns(table)
    if bands is None or len(columns) != 1:
        return []
    header = table.header[columns[0]].text
    rate = units.read_per(re.sub(r"^.*?(?=\bper\b|/)", " ", header), 0, locale=page.locale)
    metric = (rate.metric if rate else None) or units.metric(counted_in(table.header[0].text)[0])
    if metric is None or not units.is_known(metric):
        return []
    mode = TierMode.GRADUATED if any(band.adds for band in bands) else None
    return [
        Draft(term=term, way="table")
        for row, band in zip(table.rows[1:], bands, strict=True)
        if (term := _band_term(page, row[columns[0]], band, metric, rate.per_quantity if rate else None, mode))
        is not None
    ]


def _band_term(
    page: Page, cell: Cell, band: Band, metric: str, step: Decimal | None, mode: TierMode | None
) -> Term | None:
    amounts = page.amounts_in(cell.blocks[0]) if cell.blocks else ()
    free = bool(cell.blocks) and is_free(cell.text)
    if not free and (len(amounts) != 1 or amounts[0].metric not in (None, metric)):
        return None
    return Term(
        plan=None,
        term=TermKind.USAGE_RATE,
        metric=metric,
        state=State.FREE if free else State.STATED,
        amount=None if free else amounts[0].amount,
        currency=None if free else amounts[0].currency,
        per_quantity=None if free else amounts[0].per_quantity or step,
        tier_from=band.low,
        tier_to=band.high,
        tier_mode=mode,
        evidence=evidence(cell.blocks),
    )


def _plain(name: str) -> str:
    return slug(name).replace("-", "")


def _plan_columns(table: Table, known: dict[str, Found], *, had_cards: bool) -> dict[int, str]:
    """Which columns are plans, by the header row: known plans, or any names over a row of prices."""
    corner = table.header[0]
    names = {
        place: _header_name(cell)
        for place, cell in enumerate(table.header)
        if place and cell.blocks and cell is not corner
    }
    if len({name for name in names.values() if name}) < sum(1 for name in names.values() if name):
        return {}  # one name over several columns: whose a cell is cannot be told
    matched = {place: known[_plain(name)].name for place, name in names.items() if _plain(name) in known}
    if matched:
        return matched if len(matched) * 2 >= len(names) else {}
    if corner.text and not had_cards and _is_price_list(table):
        return {}
    if (
        had_cards
        or len({name for name in names.values() if name}) < 2
        or not all(is_name(name) for name in names.values())
    ):
        return {}
    if any(is_price_header(name) or is_duration(name) for name in names.values()):
        return {}
    if all(_MODEL.match(name) or _DEED.match(name) for name in names.values()) or _is_rate_grid(table, names):
        return {}
    priced = [row for row in table.rows[1:] if _prices_plans([row[place].text for place in names])]
    return dict(names) if priced else {}


def _is_rate_grid(table: Table, names: Mapping[int, str]) -> bool:
    """Whether every row prices something in the same columns and beside them stands a column without any price: items in rows."""
    moneyed = [{place for place in names if has_money(row[place].text)} for row in table.rows[1:]]
    return (
        len(moneyed) > 1 and bool(moneyed[0]) and moneyed[0] < set(names) and all(one == moneyed[0] for one in moneyed)
    )


def _prices_plans(texts: Sequence[str]) -> bool:
    """Whether a row's cells are the prices of several plans: amounts, or free or on request beside an amount."""
    return (
        any(has_money(text) for text in texts)
        and sum(1 for text in texts if has_money(text) or is_free(text) or is_contact(text)) >= 2
    )


def _header_name(cell: Cell) -> str:
    return name_of(cell.blocks[0]) if cell.blocks else ""


def _read_columns(
    page: Page, table: Table, columns: dict[int, str], plans: list[Found], *, had_cards: bool
) -> list[Draft]:
    by_name = {_plain(plan.name): plan for plan in plans}
    if not had_cards:
        for place, name in columns.items():
            if _plain(name) not in by_name:
                plan = Found(
                    slug=slug(name), name=name, state=State.STATED, evidence=evidence(table.header[place].blocks[:1])
                )
                plans.append(plan)
                by_name[_plain(name)] = plan
    drafts: list[tuple[str, Draft]] = []
    for row in table.rows[1:]:
        label = next((cell for cell in reversed(row[: min(columns)]) if cell.blocks), None)
        for place, name in columns.items():
            if row[place].blocks and row[place] is not label:
                found = _column_cell(page, row[place], label, by_name[_plain(name)], had_cards=had_cards)
                head = label.text if label else ""
                drafts.extend((head, _quoting_row(page, draft, label, row[place])) for draft in found)
    return _told_apart(drafts)


def _told_apart(drafts: Sequence[tuple[str, Draft]]) -> list[Draft]:
    """Drafts, with the rates of one unit that several rows state called by their rows: "Jobs compute | $0.07 / DBU"."""
    rows: dict[tuple[str | None, ...], set[str]] = {}
    for head, draft in drafts:
        rows.setdefault(draft.term.key, set()).add(head)
    told = []
    for head, draft in drafts:
        metric = draft.term.metric
        if draft.term.term is TermKind.USAGE_RATE and metric and len(rows[draft.term.key]) > 1:
            named = units.metric(f"{clean_name(head)} {metric.replace('_', ' ')}") or metric
            draft = replace(draft, term=replace(draft.term, metric=named))
        told.append(draft)
    return told


def _quoting_row(page: Page, draft: Draft, label: Cell | None, cell: Cell) -> Draft:
    """The draft with its row quoted from the label to the cell, where nothing hidden stands between: "1" alone says little."""
    if label is None or label.blocks[0].index > cell.blocks[0].index:
        return draft
    run = page.document.blocks[label.blocks[0].index : cell.blocks[-1].index + 1]
    quoted = evidence(run)
    if len(run) > 12 or not quoted.quote.endswith(cell.blocks[-1].text):
        return draft
    return replace(draft, term=replace(draft.term, evidence=quoted))


def _column_cell(page: Page, cell: Cell, label: Cell | None, plan: Found, *, had_cards: bool) -> Iterator[Draft]:
    text = cell.text
    if _YES_NO.match(text):
        return
    head = label.text if label else ""
    terms: list[Term] = []
    stated = stateful_fee(page, cell, plan.slug) if is_fee_row(head) and not had_cards else None
    if stated is not None:
        plan.state = stated.state
        terms = [stated]
    elif has_money(text):
        terms = list(cell_amounts(page, cell, head, plan.slug, is_fee=is_fee_row(head)))
        if not is_fee_row(head) and len(cell.blocks) == 1:
            counts = [of_what(term, counted_in(head)[0]) for term in line_terms(page, cell.blocks[0], plan.slug)]
            bare = count_before_price(page, cell, head, plan.slug) if not counts else None
            terms += counts or ([bare] if bare is not None else [])
    else:
        terms = list(cell_counts(page, cell, head, plan.slug))
    yield from (Draft(term=term, way="table") for term in terms)


def _price_columns(table: Table) -> list[int]:
    """The columns of money: headed as prices, or with an amount in at least half their rows."""
    body = table.rows[1:]
    found = []
    for place in range(1, len(table.header)):
        filled = [row for row in body if row[place].blocks]
        moneyed = sum(1 for row in filled if has_money(row[place].text))
        if moneyed and (moneyed * 2 >= len(filled) or is_price_header(table.header[place].text)):
            found.append(place)
    return found


def _is_price_list(table: Table) -> bool:
    """Whether a table's rows are plans: names in the first column under a header that says so, prices in others."""
    columns = _price_columns(table)
    heading = table.header[0].text.strip()
    if (
        not columns
        or not _NAME_HEADER.match(heading)
        or not (heading or any(is_price_header(table.header[place].text) for place in columns))
    ):
        return False
    labels = [row[0].text for row in table.rows[1:] if _LETTERS.search(row[0].text)]
    charged = any(
        _NONZERO.search(row[place].text) for row in table.rows[1:] for place in columns if has_money(row[place].text)
    )
    return charged and bool(labels) and all(is_name(clean_name(label)) for label in labels)


def _prices_use(page: Page, table: Table) -> bool:
    """Whether a table's rows are what is metered rather than plans: nouns that vendors meter, each at a rate for a unit."""
    rows = [row for row in table.rows[1:] if row[0].text]
    amounts = [amount for row in rows for cell in row[1:] for block in cell.blocks for amount in page.amounts_in(block)]
    metered = sum(
        1 for row in rows if (name := units.metric(row[0].text)) and (units.is_known(name) or name in _MASSES)
    )
    return (
        bool(amounts)
        and metered * 2 > len(rows)
        and all(amount.metric not in (None, "seat") or amount.per_quantity for amount in amounts)
    )


def _plans_of_rows(page: Page, table: Table, plans: list[Found]) -> None:
    known = {plan.slug for plan in plans}
    columns = _price_columns(table)
    base = next((span for place in columns if (span := header_period(table.header[place].text))), None)
    if base is None and table.header[0].blocks:
        base = section_period(table.header[0].blocks[0])
    for row in table.rows[1:]:
        name = clean_name(row[0].text)
        if not is_name(name) or slug(name) in known:
            continue
        plan = Found(slug=slug(name), name=name, state=State.STATED, evidence=evidence(row[0].blocks))
        known.add(plan.slug)
        plans.append(plan)
        for place in range(1, len(row)):
            plan.drafts.extend(
                _row_cell(page, row[place], table.header[place].text, plan, base if place in columns else "")
            )


def _row_cell(page: Page, cell: Cell, header: str, plan: Found, base: str | None) -> Iterator[Draft]:
    """A cell of a plan's row. `base` is the period that heads the price columns, "" in a column that is none."""
    text, is_price = cell.text, base != ""
    if not cell.blocks or _YES_NO.match(text):
        return
    stated = stateful_fee(page, cell, plan.slug) if is_price else None
    if stated is not None:
        plan.state = stated.state
        yield Draft(term=stated, way="table")
        return
    terms = (
        cell_amounts(page, cell, "", plan.slug, is_fee=True, header=header, base=base or None)
        if has_money(text)
        else cell_counts(page, cell, header, plan.slug)
    )
    yield from (Draft(term=term, way="table") for term in terms)


def _rates(page: Page, table: Table, plans: Sequence[Found]) -> list[Draft]:
    """Rows of a usage-rate table: what is metered and what a unit costs; for one plan where the row names it, else for all."""
    drafts: list[tuple[str, Draft]] = []
    for row in table.rows:
        label = row[0].text
        if not label or not row[0].blocks or has_money(label):
            continue
        targets: list[str | None] = [plan.slug for plan in plans if _names(label, plan.name)] or [None]
        for place, cell in enumerate(row[1:], start=1):
            if cell.blocks and has_money(cell.text):
                header = table.header[place].text
                drafts += [
                    (label, draft) for target in targets for draft in _cell_rates(page, cell, label, header, target)
                ]
    return _told_apart(drafts)


def _cell_rates(page: Page, cell: Cell, label: str, header: str, plan: str | None) -> Iterator[Draft]:
    for term in cell_amounts(page, cell, label, plan, is_fee=False, header=header):
        if term.amount or term.unit_as_printed:  # a zero is a fact where it says of what: "$0/GB"
            yield Draft(term=term, way="table")


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
