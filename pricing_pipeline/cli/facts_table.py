"""What was read from a page, in words and as a table beside the data: on standard error, so that a proposal can be piped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pricing_pipeline.cli.output import draw, say

if TYPE_CHECKING:
    from pricing_pipeline.facts import Observation, Rating, Term

LONGEST_QUOTE = 90


def show_facts(observation: Observation, *, title: str) -> None:
    """Show plans, terms and ratings with the quote behind each, then what the reader has to say about them."""
    names = {plan.slug: plan.name for plan in observation.plans}
    rows = [
        (names.get(term.plan or "", "(every plan)"), term_text(term), value_text(term), term.evidence.quote)
        for term in observation.terms
    ]
    told = {term.plan for term in observation.terms}
    rows += [
        (plan.name, "plan", str(plan.state), plan.evidence.quote) for plan in observation.plans if plan.slug not in told
    ]
    rows += [
        (
            names.get(term.plan or "", term.plan or "(every plan)"),
            term_text(term),
            coming_text(term),
            term.evidence.quote,
        )
        for announcement in observation.announcements
        for term in announcement.terms
    ]
    rows += [("", "rating", rating_text(rating), rating.evidence.quote) for rating in observation.ratings]
    show_rows(("plan", "term", "value", "quote"), rows, title=title)
    for conflict in observation.conflicts:
        quotes = " against ".join(repr(term.evidence.quote) for term in conflict.readings)
        say(f"conflict: {conflict.plan or 'every plan'}, {conflict.term}: {quotes}")
    for diagnostic in observation.diagnostics:
        say(f"{diagnostic.code}: {diagnostic.message}")


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str) -> None:
    """Print a table on standard error."""
    import sys

    from rich import box
    from rich.table import Table
    from rich.text import Text

    say(title)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_printed(cell)) for cell in row))
    draw(table, sys.stderr)


def value_text(term: Term) -> str:
    """A term's value in words: `$10.00 a month, billed annually`, `7,500`, `contact sales`."""
    from pricing_pipeline import wording

    if term.state != "stated":
        return str(term.state).replace("_", " ")
    per = f" per {wording.number(term.per_quantity)}" if term.per_quantity else ""
    period = f" a {term.billing_period.replace('_', ' ')}" if term.billing_period else ""
    if term.commitment not in (None, "month", term.billing_period):
        period += ", billed annually" if term.commitment == "year" else f", on a {term.commitment} commitment"
    if term.amount is not None:
        return wording.money_range(term.amount, term.amount_max, term.currency) + per + period
    return (wording.number(term.quantity) if term.quantity is not None else "stated") + period


def coming_text(term: Term) -> str:
    """A term as it is announced to be: `$12.00 a month from 21 September 2026`."""
    from pricing_pipeline import wording

    said = value_text(term)
    return said if term.effective_from is None else f"{said} from {wording.day(term.effective_from)}"


def term_text(term: Term) -> str:
    """Which term it is: `recurring fee`, `usage rate credit`."""
    return " ".join(part for part in (str(term.term).replace("_", " "), term.metric) if part)


def rating_text(rating: Rating) -> str:
    """A rating in words: `4.5 of 5, 124 reviews`, `no ratings yet`."""
    if rating.state != "stated":
        return str(rating.state).replace("_", " ")
    said = f"{rating.rating}" + (f" of {rating.scale}" if rating.scale is not None else "")
    if rating.review_count is not None:
        return f"{said}, {rating.review_count:,} reviews"
    return said if rating.rating_count is None else f"{said}, {rating.rating_count:,} ratings"


def _printed(text: str) -> str:
    kept = "".join(one for one in text if one.isprintable())
    return kept if len(kept) <= LONGEST_QUOTE else f"{kept[: LONGEST_QUOTE - 1]}…"
