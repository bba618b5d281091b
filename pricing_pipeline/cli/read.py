"""`extract`: what would be read from a page, with evidence and diagnostics. Writes nothing."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pricing_pipeline.facts import Evidence, Observation, SourceKind


class Shape(StrEnum):
    """How what was read is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


class Kind(StrEnum):
    """What a page is read for."""

    PRICING = "pricing"
    REVIEWS = "reviews"
    ANNOUNCEMENT = "announcement"


def add_to(app: typer.Typer) -> None:
    """Give the application its reading commands."""
    app.command(rich_help_panel="Read")(extract)


def extract(
    pages: Annotated[list[str], typer.Argument(metavar="FILE_OR_URL...", help="Saved pages, or addresses to fetch.")],
    url: Annotated[str | None, typer.Option(help="The address a saved page came from.")] = None,
    kind: Annotated[
        Kind, typer.Option(help="What to read: plans and prices, ratings, or what is announced.")
    ] = Kind.PRICING,
    locale: Annotated[
        str, typer.Option(help="How the page writes its numbers, such as de-DE; left out, as it declares.")
    ] = "",
    currency: Annotated[str | None, typer.Option(help="What a bare $ means there, such as USD.")] = None,
    form: Annotated[
        Shape, typer.Option("--format", "-f", help="A table, one JSON object, or one object a line.")
    ] = Shape.TABLE,
) -> None:
    """Show what would be read from one page, with the quote behind each fact.

    Nothing is written. Exit code 1 where no fact was found; the diagnostics say why.

    Examples:

        pricing-pipeline extract pricing.html --url https://dagster.io/pricing

        pricing-pipeline extract https://www.prefect.io/pricing --format json

        pricing-pipeline extract *.html --format jsonl
    """
    from pricing_pipeline.facts import SourceKind

    if len(pages) > 1 and form is Shape.JSON:
        raise typer.BadParameter("several pages are printed with --format jsonl, one object a line")
    found_all = True
    for page in pages:
        address = url or (page if _is_url(page) else Path(page).absolute().as_uri())
        observation = _read(page, address, SourceKind(kind), locale, currency)
        facts = observation.plans or observation.terms or observation.ratings
        found_all &= bool(facts or (kind is Kind.ANNOUNCEMENT and observation.announcements))
        _print(observation, address, SourceKind(kind), form)
    if not found_all:
        raise typer.Exit(1)


def _is_url(text: str) -> bool:
    return "://" in text[:12]


def _read(page: str, address: str, kind: SourceKind, locale: str, currency: str | None) -> Observation:
    from pricing_pipeline.errors import ExtractError
    from pricing_pipeline.extract.reader import EXTRACTOR_VERSION, read_page
    from pricing_pipeline.facts import Diagnostic, Observation, Outcome

    if _is_url(page):
        from pricing_pipeline.cli.live import fetch_once

        result = fetch_once(page)
        if result.body is None:
            message = Diagnostic(code=result.outcome, message=result.message or f"the page answered {result.status}")
            return Observation(extractor_version=EXTRACTOR_VERSION, outcome=result.outcome, diagnostics=(message,))
        body, content_type = result.body, result.content_type
    else:
        body, content_type = _bytes_of(page), None
    try:
        return read_page(body, url=address, kind=kind, locale=locale, currency=currency, content_type=content_type)
    except ExtractError as error:
        unread = Diagnostic(code="no_facts", message=str(error))
        return Observation(extractor_version=EXTRACTOR_VERSION, outcome=Outcome.INCOMPLETE, diagnostics=(unread,))


def _bytes_of(page: str) -> bytes:
    if page == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(page).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{page}: {error.strerror}; name a saved page or an address with https://") from error


def _print(observation: Observation, address: str, kind: SourceKind, form: Shape) -> None:
    if form is Shape.TABLE:
        _print_table(observation, address)
        return
    from pricing_pipeline.extract.render import observation_json

    data = observation_json(observation, url=address, kind=kind)
    print(json.dumps(data, ensure_ascii=False, indent=2 if form is Shape.JSON else None))


def _print_table(observation: Observation, address: str) -> None:
    from pricing_pipeline.cli.facts_table import coming_text, rating_text, term_text, value_text
    from pricing_pipeline.cli.options import Format
    from pricing_pipeline.cli.output import emit, say

    names = {plan.slug: plan.name for plan in observation.plans}
    told = {term.plan for term in observation.terms}
    rows = [
        _row(names[plan.slug], term_text(term), value_text(term), term.evidence)
        for plan in observation.plans
        for term in observation.terms
        if term.plan == plan.slug
    ]
    rows += [
        _row(plan.name, "plan", str(plan.state).replace("_", " "), plan.evidence)
        for plan in observation.plans
        if plan.slug not in told
    ]
    rows += [
        _row("(every plan)", term_text(term), value_text(term), term.evidence)
        for term in observation.terms
        if term.plan is None
    ]
    rows += [
        _row(names.get(term.plan or "", term.plan or "(every plan)"), term_text(term), coming_text(term), term.evidence)
        for announcement in observation.announcements
        for term in announcement.terms
    ]
    rows += [
        _row(names.get(cohort.plan or "", "(every plan)"), "for some customers only", "", cohort.evidence)
        for cohort in observation.cohorts
    ]
    rows += [_row("", "rating", rating_text(rating), rating.evidence) for rating in observation.ratings]
    columns = ("plan", "term", "value", "surface", "quote")
    emit(rows, form=Format.TABLE, title=address, columns=columns, empty="no facts were read")
    for conflict in observation.conflicts:
        quotes = " against ".join(repr(term.evidence.quote) for term in conflict.readings)
        say(f"conflict: {names.get(conflict.plan or '', 'every plan')}, {term_text(conflict.readings[0])}: {quotes}")
    for diagnostic in observation.diagnostics:
        say(f"{diagnostic.code}: {diagnostic.message}")


def _row(plan: str, term: str, value: str, evidence: Evidence) -> dict[str, str]:
    return {"plan": plan, "term": term, "value": value, "surface": evidence.surface, "quote": evidence.quote}
