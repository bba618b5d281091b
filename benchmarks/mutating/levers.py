"""The ways in which a vendor can move one fact of a page, each with what is to be reported of it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from bs4 import BeautifulSoup, Tag

from mutating.cases import Case
from mutating.places import Saved, card_of, figure_of, figure_pattern, holder, like, number, page_of, substitute, texts
from pricing_pipeline.facts import PriceKind, State, Term, TermKind
from pricing_pipeline.wording import text

_FREE = re.compile(r"(?i)\bfree\b")
_UNLIMITED = re.compile(r"(?i)\bunlimited\b")
_ASK = re.compile(r"(?i)\b(?:contact (?:us|sales)|talk to (?:us|sales)|custom(?: pricing)?|call us)\b")
_MONTH = re.compile(r"(?i)(?:/ ?|\bper |\ba )(?:mo(?:nth)?)\b")
_SHORT = 80
_COUNTS = (TermKind.ALLOWANCE, TermKind.LIMIT)
_WORDS = {
    TermKind.RECURRING_FEE: ("price_increased", "price_decreased"),
    TermKind.USAGE_RATE: ("rate_increased", "rate_decreased"),
    TermKind.ALLOWANCE: ("allowance_increased", "allowance_decreased"),
    TermKind.LIMIT: ("allowance_increased", "allowance_decreased"),
}
# What may come with a plan that comes or goes.
_COMPANY = frozenset({"free_tier_added", "free_tier_removed", "meter_added", "meter_removed"})


def changed(saved: Saved) -> Iterator[Case]:
    """Every change that can be made to the page, one fact each."""
    for term in saved.visible:
        if term.price_kind is PriceKind.LIST:
            continue
        for make in (moved, misread, withdrawn, other_period, other_unit, gone, unlimited, bounded, charged, published):
            yield from make(saved, term)
    for plan in saved.observation.plans:
        yield from plan_cases(saved, plan.slug)


def moved(saved: Saved, term: Term) -> Iterator[Case]:
    """A figure by itself, up and down."""
    token, value = _figure(term)
    if token is None or value is None or term.term not in _WORDS or not value:
        return
    for direction, factor in enumerate((Decimal("1.4"), Decimal("0.6"))):
        new = like(token, value * factor)
        if number(new) in (value, 0):
            new = like(token, value + (2, -1)[direction])
        if number(new) <= 0 or number(new) == value:
            continue
        yield from _figure_case(saved, term, token, new, kinds={_WORDS[term.term][direction]})


def misread(saved: Saved, term: Term) -> Iterator[Case]:
    """A price that jumps as a misread one does: tenfold, a year's total in a month's place, a slipped separator."""
    token, value = _figure(term)
    if token is None or not value or term.term is not TermKind.RECURRING_FEE:
        return
    for factor in (10, 12, 100):
        new = like(token, value * factor)
        if number(new) == value * factor:
            yield from _figure_case(
                saved, term, token, new, kinds={"price_increased"}, what=f"price x{factor}", held=True
            )


def withdrawn(saved: Saved, term: Term) -> Iterator[Case]:
    """A price gone behind a conversation, and a price that becomes free."""
    if term.term is not TermKind.RECURRING_FEE or not term.amount or not _is_alone(saved, term):
        return
    if any(plan.evidence.locator == term.evidence.locator for plan in saved.observation.plans):
        return  # the plan's name would go with it
    for what, words, kind in (
        ("price withdrawn", "Contact sales", "price_withdrawn"),
        ("price made free", "Free", "free_tier_added"),
    ):
        soup, node = _open(saved, term)
        if (
            node is not None
            and len(node.get_text(strip=True)) < _SHORT
            and term.plan
            and len(_fees(saved, term.plan)) == 1
        ):
            node.string = words
            yield _case(saved, term, soup, what, {kind})


def published(saved: Saved, term: Term) -> Iterator[Case]:
    """A price where there was a conversation."""
    if term.term is TermKind.RECURRING_FEE and term.state is State.CONTACT_SALES and _is_alone(saved, term):
        soup, node = _open(saved, term)
        if node is not None and substitute(node, _ASK, "$777 per month"):
            yield _case(saved, term, soup, "price published", {"price_published"}, after="777")


def charged(saved: Saved, term: Term) -> Iterator[Case]:
    """A free plan that costs something from now on."""
    is_free = term.state is State.FREE or (term.state is State.STATED and term.amount == 0)
    if term.term is not TermKind.RECURRING_FEE or not is_free:
        return
    soup, node = _open(saved, term)
    if node is None:
        return
    zero = figure_pattern("0")
    if substitute(node, zero, "9") or substitute(node, _FREE, "$9 per month"):
        yield _case(saved, term, soup, "free plan charged for", {"free_tier_removed", "price_increased"})


def other_period(saved: Saved, term: Term) -> Iterator[Case]:
    """The same figure for a year instead of a month."""
    if term.term is not TermKind.RECURRING_FEE or not term.amount or not term.plan:
        return
    soup, node = _open(saved, term)
    if node is not None and len(_fees(saved, term.plan)) == 1 and substitute(node, _MONTH, "/year"):
        yield _case(saved, term, soup, "period changed", {"billing_period_changed"}, also={"commitment_changed"})


def other_unit(saved: Saved, term: Term) -> Iterator[Case]:
    """The same figure of something else that is called nearly the same."""
    word = (term.unit_as_printed or "").strip()
    if (
        term.term not in (*_COUNTS, TermKind.USAGE_RATE)
        or not word.isalpha()
        or not term.metric
        or (not term.amount and not term.quantity)
    ):
        return
    soup, node = _open(saved, term)
    if node is not None and substitute(node, re.compile(rf"\b{re.escape(word)}\b"), f"premium {word}"):
        yield _case(saved, term, soup, "unit changed", {"unit_changed"})


def gone(saved: Saved, term: Term) -> Iterator[Case]:
    """A line that is merely gone."""
    kinds = {
        TermKind.ALLOWANCE: {"allowance_removed"},
        TermKind.LIMIT: {"allowance_removed"},
        TermKind.USAGE_RATE: {"rate_removed", "meter_removed", "plan_removed"},  # a plan that was no more than its rate
    }.get(term.term)
    if kinds is None or not _is_alone(saved, term) or term.state is not State.STATED:
        return
    soup, node = _open(saved, term)
    if node is not None and node.name not in ("td", "th", "tr") and len(node.get_text(strip=True)) < _SHORT:
        node.decompose()
        yield _case(saved, term, soup, f"{term.term} gone", kinds, also=kinds)


def unlimited(saved: Saved, term: Term) -> Iterator[Case]:
    """A count that becomes unlimited."""
    token, _ = _figure(term)
    if token is not None and term.term in _COUNTS:
        soup, node = _open(saved, term)
        if node is not None and substitute(node, figure_pattern(token), "Unlimited"):
            yield _case(saved, term, soup, f"{term.term} made unlimited", {"allowance_increased"}, after="unlimited")


def bounded(saved: Saved, term: Term) -> Iterator[Case]:
    """What was unlimited and is counted from now on."""
    if term.term in _COUNTS and term.state is State.UNLIMITED:
        soup, node = _open(saved, term)
        if node is not None and substitute(node, _UNLIMITED, "25"):
            yield _case(saved, term, soup, f"unlimited {term.term} bounded", {"allowance_decreased"}, after="25")


def plan_cases(saved: Saved, slug: str) -> Iterator[Case]:
    """A plan removed, renamed, and joined by another; a line more on its card."""
    plan = next(plan for plan in saved.observation.plans if plan.slug == slug)
    makers: tuple[tuple[str, Callable[[BeautifulSoup, Tag], bool], set[str]], ...] = (
        ("plan removed", lambda soup, card: _cut(soup, card, plan.name), {"plan_removed"}),
        ("plan renamed", lambda soup, card: _rename_throughout(soup, card, plan.name, "Quantum"), {"plan_renamed"}),
        ("plan added", lambda soup, card: _add(saved, soup, card, slug), {"plan_added"}),
        (
            "allowance added",
            lambda soup, card: _line(saved, soup, card, slug, "35 webhooks per month"),
            {"allowance_added"},
        ),
        ("limit added", lambda soup, card: _line(saved, soup, card, slug, "Up to 35 webhooks"), {"allowance_added"}),
        (
            "rate added",
            lambda soup, card: _line(saved, soup, card, slug, "$0.07 per extra webhook"),
            {"rate_added", "meter_added"},
        ),
    )
    count = len(saved.observation.plans)
    for what, make, kinds in makers:
        soup = saved.soup()
        card = card_of(soup, saved, plan)
        if card is None or not make(soup, card):
            continue
        also = _COMPANY if what in ("plan removed", "plan added") else frozenset(kinds)
        held = what == "plan removed" and count - 1 <= count / 2
        named = {"plan renamed": "quantum", "plan added": "quantum"}.get(what, slug)
        yield Case(
            page=saved.name, what=what, subject=slug, body=page_of(soup), kinds=frozenset(kinds), also=also, plan=named,
            is_held=held,
        )  # fmt: skip


def _figure(term: Term) -> tuple[str | None, Decimal | None]:
    value = term.quantity if term.term in _COUNTS else term.amount
    if term.state is not State.STATED or value is None or term.amount_max not in (None, term.amount):
        return None, None
    return figure_of(term.evidence.quote, value), value


def _figure_case(
    saved: Saved, term: Term, token: str, new: str, *, kinds: set[str], what: str | None = None, held: bool = False
) -> Iterator[Case]:
    soup, node = _open(saved, term)
    if node is not None and substitute(node, figure_pattern(token), new):
        (kind,) = kinds
        yield _case(
            saved, term, soup, what or f"{term.term}: {kind}", kinds, before=text(number(token)), after=text(number(new)),
            held=held,
        )  # fmt: skip


def _case(
    saved: Saved, term: Term, soup: BeautifulSoup, what: str, kinds: set[str], *, also: set[str] | None = None,
    before: str | None = None, after: str | None = None, held: bool = False,
) -> Case:  # fmt: skip
    subject = "/".join(filter(None, (term.plan, term.term, term.metric, term.billing_period)))
    return Case(
        page=saved.name, what=what, subject=subject, body=page_of(soup), kinds=frozenset(kinds),
        also=frozenset(also or ()), plan=term.plan, before=before, after=after, is_held=held,
    )  # fmt: skip


def _open(saved: Saved, term: Term) -> tuple[BeautifulSoup, Tag | None]:
    soup = saved.soup()
    return soup, holder(soup, term)


def _is_alone(saved: Saved, term: Term) -> bool:
    return saved.at(term) == 1


def _fees(saved: Saved, plan: str) -> list[Term]:
    return [term for term in saved.observation.terms if term.plan == plan and term.term is TermKind.RECURRING_FEE]


def _cut(soup: BeautifulSoup, card: Tag, name: str) -> bool:
    """The card is gone; not where the page goes on naming the plan elsewhere, as in the column of a table."""
    card.decompose()
    return not any(_is_just(node, name) for node in texts(soup))


def _is_just(node: str, name: str) -> bool:
    return " ".join(node.split()).casefold() == name.casefold()


def _rename_throughout(soup: BeautifulSoup, card: Tag, name: str, new: str) -> bool:
    """The new name on the card, and wherever the old one stands by itself."""
    is_renamed = _rename(card, name, new)
    for node in [node for node in texts(soup) if _is_just(node, name)]:
        node.replace_with(new)
    return is_renamed


def _rename(card: Tag, name: str, new: str) -> bool:
    pattern = re.compile(r"\s+".join(map(re.escape, name.split())))
    first = next((node for node in texts(card) if pattern.search(node)), None)
    if first is None:
        return False
    first.replace_with(pattern.sub(new, str(first), count=1))
    return True


def _add(saved: Saved, _soup: BeautifulSoup, card: Tag, slug: str) -> bool:
    plan = next(plan for plan in saved.observation.plans if plan.slug == slug)
    fees = [term for term in _fees(saved, slug) if term.amount]
    token = figure_of(fees[0].evidence.quote, fees[0].amount or Decimal(0)) if len(fees) == 1 else None
    if token is None:
        return False
    twin = copy.copy(card)
    for node in (twin, *twin.find_all(True)):
        node.attrs.pop("id", None)
    if not _rename(twin, plan.name, "Quantum"):
        return False
    if not substitute(twin, figure_pattern(token), like(token, number(token) * Decimal("2.3"))):
        return False
    card.insert_after(twin)
    return True


def _line(saved: Saved, soup: BeautifulSoup, card: Tag, slug: str, words: str) -> bool:
    """One more line in the list of what a plan holds."""
    counts = [term for term in saved.visible if term.plan == slug and term.term in _COUNTS]
    for term in counts:
        node = holder(soup, term)
        if node is not None and node.name == "li" and any(parent is card for parent in node.parents):
            line = soup.new_tag("li")
            line.string = words
            node.insert_after(line)
            return True
    return False
