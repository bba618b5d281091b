"""Files of facts from elsewhere (CSV or YAML), for `import-facts`: read strictly, every fault with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from pricing_pipeline import facts
from pricing_pipeline.elsewhere import ImportedFact, claim, plan_state
from pricing_pipeline.errors import RegistryError
from pricing_pipeline.registry.documents import Document, Place, read_document
from pricing_pipeline.registry.faults import Model, misplaced, read_model
from pricing_pipeline.registry.fields import (
    Amount,
    Country,
    Currency,
    Day,
    Entry,
    Metric,
    Name,
    Slug,
    Text,
    check_slug,
    check_url,
)
from pricing_pipeline.registry.tabular import read_table
from pricing_pipeline.registry.vendors import Product, Registry

Period = Literal[
    "hour", "day", "week", "month", "quarter", "half_year", "year", "2_years", "3_years", "once"
]  # fmt: skip
Count = Annotated[int, Field(ge=0, strict=True)]
_NUMBERS = frozenset(
    {
        "amount", "amount_max", "quantity", "per_quantity", "tier_from", "tier_to", "rating", "scale", "rating_count",
        "review_count",
    }
)  # fmt: skip
_MONEY = frozenset({"recurring_fee", "usage_rate", "minimum_spend", "one_time_fee"})
_COUNTS = frozenset({"allowance", "limit"})
_OF_TERMS = (
    "plan", "plan_name", "metric", "amount", "amount_max", "currency", "quantity", "per_quantity", "period",
    "commitment", "tier_from", "tier_to", "tier_mode", "unit", "country",
)  # fmt: skip
_OF_RATINGS = ("rating", "scale", "rating_count", "review_count", "window")
_LOCATOR = "as imported"


class ElsewhereEntry(Entry):
    """One fact: a term of a product or plan, or a product's rating at one publisher."""

    product: Text = Field(description="The product: its slug, or vendor/product.", examples=["dagster-plus"])
    plan: Slug | None = Field(default=None, description="The plan; none for what holds for every plan.")
    plan_name: Name | None = Field(default=None, description="The plan's name, where no page names it.")
    term: (
        Literal[
            "recurring_fee",
            "usage_rate",
            "allowance",
            "limit",
            "minimum_spend",
            "one_time_fee",
            "unit_definition",
        ]
        | None
    ) = Field(default=None, description="What sort of fact it is; a rating has none.", examples=["recurring_fee"])
    metric: Metric | None = Field(default=None, description="What it counts, such as credit or seat.")
    state: (
        Literal[
            "stated",
            "free",
            "unlimited",
            "contact_sales",
            "not_included",
            "no_ratings_yet",
        ]
        | None
    ) = Field(default=None, description="How it is known where it is no figure.")
    amount: Amount | None = Field(default=None, description="Money, in units of the currency.")
    amount_max: Amount | None = Field(default=None, description="The upper bound of a range.")
    currency: Currency | None = Field(default=None, description="Of the amount.", examples=["USD"])
    quantity: Amount | None = Field(default=None, description="How many are included or allowed.")
    per_quantity: Amount | None = Field(default=None, description="A rate's step: 1000 in $9 per 1,000 events.")
    period: Period | None = Field(default=None, description="What it is charged or counted for.", examples=["month"])
    commitment: Period | None = Field(default=None, description="What one commits to; the period where it is silent.")
    tier_from: Amount | None = Field(default=None, description="A band's lower end.")
    tier_to: Amount | None = Field(default=None, description="A band's upper end, included.")
    tier_mode: Literal["graduated", "volume"] | None = Field(default=None, description="How bands combine.")
    unit: Name | None = Field(default=None, description="The unit in the document's own words.")
    country: Country | None = Field(default=None, description="The country that it holds for.")
    publisher: Slug | None = Field(default=None, description="Who publishes the rating.", examples=["g2"])
    rating: Amount | None = Field(default=None, description="The average rating.")
    scale: Amount | None = Field(default=None, description="The best rating that can be given.")
    rating_count: Count | None = Field(default=None, description="How many ratings.")
    review_count: Count | None = Field(default=None, description="How many reviews.")
    window: Name | None = Field(default=None, description="The time that the rating covers, where it is named.")
    quote: Text = Field(description="The words of the document that say so.")
    source: Text | None = Field(default=None, description="The document: its address, or its name and page.")
    who: Name | None = Field(default=None, description="Who vouches for it; whoever imports it, where silent.")
    observed: Day | None = Field(default=None, description="The day from which it holds.", examples=["2026-05-01"])
    until: Day | None = Field(default=None, description="The last day on which it may be shown as current.")

    @model_validator(mode="after")
    def _fits(self) -> ElsewhereEntry:
        if (self.term is None) == (self.publisher is None):
            raise ValueError("is either a `term` or the rating at a `publisher`; write one of the two")
        strangers = _OF_RATINGS if self.term else _OF_TERMS
        if found := next((key for key in strangers if getattr(self, key) is not None), None):
            raise misplaced((found,), f"does not belong to a {self.term or 'rating'}; remove it")
        _check_term(self) if self.term else _check_rating(self)
        return self

    @model_validator(mode="after")
    def _document_fits(self) -> ElsewhereEntry:
        if self.source and "://" in self.source and (problem := check_url(self.source)):
            raise misplaced(("source",), f"`{self.source[:60]}` {problem}")
        if self.observed and self.until and self.until < self.observed:
            raise misplaced(("until",), f"ends before the day it was observed, {self.observed}; write a later day")
        return self


class ElsewhereFile(Entry):
    """A file of facts from elsewhere. Its name is how the facts are known: importing it again replaces them."""

    source: Text | None = Field(default=None, description="The document of every fact that names none itself.")
    who: Name | None = Field(default=None, description="Who vouches for every fact that names nobody itself.")
    observed: Day | None = Field(default=None, description="The day from which every fact holds that names none.")
    until: Day | None = Field(default=None, description="The last day of every fact that names none itself.")
    facts: tuple[ElsewhereEntry, ...] = Field(description="The facts; an empty list ends all that were imported.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereFacts:
    """What a file says. `name` is the file's, by which its facts are known; `places` are where each one stands."""

    name: str
    facts: tuple[ImportedFact, ...]
    places: tuple[str, ...]


def read_elsewhere(path: Path, registry: Registry, *, today: date, who: str) -> ElsewhereFacts:
    """The facts of a CSV or YAML file; RegistryError with every fault of it. `who` vouches where the file is silent."""
    is_table = path.suffix.lower() == ".csv"
    document = read_table(path, under="facts", numbers=_NUMBERS) if is_table else read_document(path)
    if problem := check_slug(path.stem):
        document.report(1, f"the file's name is how its facts are known, and `{path.stem[:70]}` {problem}")
    entry = read_model(ElsewhereFile, document) if document.value is not None or not document.problems else None
    head, entries = (entry, dict(enumerate(entry.facts))) if entry else _sound_parts(document.value)
    found = list(_facts(document, head, entries, registry, today=today, who=who))
    _refuse_seconds(document, found)
    if document.problems:
        raise RegistryError(sorted(document.problems, key=_line))
    return ElsewhereFacts(
        name=path.stem,
        facts=_with_plans([fact for _, fact in found], entry.facts if entry else ()),
        places=tuple(f"{document.shown}:{document.line(place)}" for place, _ in found),
    )


def _line(problem: str) -> int:
    """The line that a problem is about, so that they are read from top to bottom."""
    found = re.search(r":(\d+): ", problem)
    return int(found[1]) if found else 0


def _sound_parts(value: object) -> tuple[ElsewhereFile, dict[int, ElsewhereEntry]]:
    """What can be judged further of a file with faults: its head, and each fact that is well formed by itself."""
    given = value if isinstance(value, dict) else {}
    listed = given.get("facts")
    head = _valid(ElsewhereFile, {**given, "facts": []}) or ElsewhereFile(facts=())
    found = {
        number: _valid(ElsewhereEntry, one) for number, one in enumerate(listed if isinstance(listed, list) else ())
    }
    return head, {number: one for number, one in found.items() if one is not None}


def _valid(model: type[Model], value: object) -> Model | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None  # reported already, with everything else that is wrong


def _facts(
    document: Document,
    file: ElsewhereFile,
    entries: Mapping[int, ElsewhereEntry],
    registry: Registry,
    *,
    today: date,
    who: str,
) -> Iterator[tuple[Place, ImportedFact]]:
    for number, one in entries.items():
        place: Place = ("facts", number)
        product = _product(document, (*place, "product"), one.product, registry)
        source, observed, until = (
            _given(document, place, key, getattr(one, key) or getattr(file, key))
            for key in ("source", "observed", "until")
        )
        if observed and observed > today:
            document.report(
                document.line((*place, "observed")),
                f"`{observed}` is still to come; import it from that day on, with the day on which it was observed",
            )
        if observed and until and until < observed:
            document.report(document.line((*place, "until")), f"ends on {until}, before {observed}; write a later day")
        if product is None or not (source and observed and until):
            continue
        fact = _fact(document, place, one)
        if fact is not None:
            yield (
                place,
                ImportedFact(
                    vendor=product.vendor, product=product.slug, fact=fact, document=source,
                    who=one.who or file.who or who, observed=observed, until=until,
                ),
            )  # fmt: skip


def _given(document: Document, place: Place, key: str, value: Any) -> Any:
    if value is None:
        example = {"source": "Contract 17, page 3", "observed": "2026-05-01", "until": "2027-04-30"}[key]
        document.report(document.line(place), f"`{key}` is missing; add it, for example `{key}: {example}`")
    return value


def _product(document: Document, place: Place, name: str, registry: Registry) -> Product | None:
    found = registry.named(name)
    if len(found) == 1:
        return found[0]
    line = document.line(place)
    if found:
        choices = " or ".join(f"{one.vendor}/{one.slug}" for one in found)
        document.report(line, f"`{name}` is sold by several vendors; write {choices}")
        return None
    known = [one.slug for one in registry.products]
    close = difflib.get_close_matches(name, known, n=3) or known[:8]
    document.report(
        line, f"no product is called `{name[:60]}`; write one of {', '.join(close)}, or add its vendor file"
    )
    return None


def _fact(document: Document, place: Place, one: ElsewhereEntry) -> facts.Term | facts.Rating | None:
    try:
        return _term(one) if one.term else _rating(one)
    except ValueError as error:
        document.report(document.line(place), f"{error}; correct the figure")
        return None


def _term(one: ElsewhereEntry) -> facts.Term:
    kind = facts.TermKind(one.term or "")
    is_fee = kind is facts.TermKind.RECURRING_FEE
    return facts.Term(
        plan=one.plan, term=kind, metric=one.metric, state=facts.State(one.state or "stated"), amount=one.amount,
        amount_max=one.amount_max, currency=one.currency, quantity=one.quantity, per_quantity=one.per_quantity,
        billing_period=one.period, commitment=one.commitment or (one.period if is_fee else None),
        tier_from=one.tier_from, tier_to=one.tier_to,
        tier_mode=facts.TierMode(one.tier_mode) if one.tier_mode else None, unit_as_printed=one.unit,
        country=one.country, evidence=_evidence(one.quote),
    )  # fmt: skip


def _rating(one: ElsewhereEntry) -> facts.Rating:
    return facts.Rating(
        state=facts.RatingState(one.state or "stated"), publisher=one.publisher, rating=one.rating, scale=one.scale,
        rating_count=one.rating_count, review_count=one.review_count, window=one.window,
        evidence=_evidence(one.quote),
    )  # fmt: skip


def _evidence(quote: str) -> facts.Evidence:
    return facts.Evidence(quote=quote, locator=_LOCATOR)


def _check_term(one: ElsewhereEntry) -> None:
    """Raises where a term's figures do not say what its kind and state need."""
    stated = one.state in (None, "stated")
    if one.state == "no_ratings_yet":
        raise misplaced(("state",), "`no_ratings_yet` is said of ratings; write the term's own state")
    if one.plan_name and not one.plan:
        raise misplaced(("plan_name",), "names a plan without its slug; add for example `plan: enterprise`")
    figures = [key for key in ("amount", "amount_max", "quantity") if getattr(one, key) is not None]
    if not stated and figures:
        raise misplaced(
            (figures[0],), f"stands beside `state: {one.state}`, which has no figure; remove one of the two"
        )
    if stated:
        _check_figure(one)
    if one.amount is not None and one.currency is None:
        raise misplaced((), "`currency` is missing beside the amount; add it, for example `currency: USD`")
    if one.amount_max is not None and (one.amount is None or one.amount_max < one.amount):
        raise misplaced(("amount_max",), "is the upper bound of a range; write it with a lower `amount`")
    if one.term == "recurring_fee" and one.amount is not None and one.period is None:
        raise misplaced((), "`period` is missing; add what the fee is charged for, for example `period: month`")


def _check_figure(one: ElsewhereEntry) -> None:
    if one.term in _COUNTS or one.term == "usage_rate":
        if one.metric is None:
            raise misplaced((), "`metric` is missing; add what is counted, for example `metric: credit`")
        if one.term in _COUNTS and one.quantity is None:
            raise misplaced((), f"`quantity` is missing; add it, or the `state` of the {one.term}, such as unlimited")
    if one.term in _MONEY and one.amount is None and not (one.term == "minimum_spend" and one.quantity is not None):
        raise misplaced((), f"`amount` is missing; add it, or the `state` of the {one.term}, such as contact_sales")
    if one.term in _COUNTS and one.amount is not None:
        raise misplaced(("amount",), f"is money, and an {one.term} is counted; write `quantity`")


def _check_rating(one: ElsewhereEntry) -> None:
    """Raises where a rating's figures do not belong together."""
    if one.state not in (None, "stated", "no_ratings_yet"):
        raise misplaced(("state",), f"`{one.state}` is not said of ratings; remove it, or write no_ratings_yet")
    if one.state == "no_ratings_yet":
        if one.rating is not None:
            raise misplaced(("rating",), "stands beside `state: no_ratings_yet`; remove one of the two")
        return
    for key in ("rating", "scale"):
        if getattr(one, key) is None:
            raise misplaced((), f"`{key}` is missing; add it, for example `{key}: {'4.5' if key == 'rating' else '5'}`")
    if (one.rating or Decimal(0)) > (one.scale or Decimal(0)):
        raise misplaced(("rating",), f"is above its scale of {one.scale}; correct one of the two")


def _refuse_seconds(document: Document, found: Iterable[tuple[Place, ImportedFact]]) -> None:
    """Report facts that say something of the same thing for the same days."""
    first: dict[tuple[object, ...], list[tuple[int, ImportedFact]]] = {}
    for place, fact in found:
        line = document.line(place)
        others = first.setdefault((fact.vendor, fact.product, *claim(fact.fact)), [])
        clash = next((one for one in others if one[1].start < fact.end and fact.start < one[1].end), None)
        if clash is not None:
            document.report(line, f"speaks of the same as line {clash[0]} for the same days; keep one of them")
        others.append((line, fact))


def _with_plans(found: list[ImportedFact], entries: tuple[ElsewhereEntry, ...]) -> tuple[ImportedFact, ...]:
    """The facts with the plan that each belongs to: named as the file names it, else by its slug."""
    names: dict[tuple[str, str, str], str] = {}
    terms: dict[tuple[str, str, str], list[facts.Term]] = {}
    for fact, entry in zip(found, entries, strict=True):
        if isinstance(fact.fact, facts.Term) and fact.fact.plan:
            whose = (fact.vendor, fact.product, fact.fact.plan)
            terms.setdefault(whose, []).append(fact.fact)
            if entry.plan_name:
                names.setdefault(whose, entry.plan_name)
    plans = {
        whose: facts.Plan(
            slug=whose[2], name=names.get(whose, _spoken(whose[2])), state=plan_state(own), evidence=own[0].evidence
        )
        for whose, own in terms.items()
    }
    return tuple(_with_plan(fact, plans.get((fact.vendor, fact.product, _plan_of(fact) or ""))) for fact in found)


def _with_plan(fact: ImportedFact, plan: facts.Plan | None) -> ImportedFact:
    return fact if plan is None else replace(fact, plan=replace(plan, evidence=fact.fact.evidence))


def _plan_of(fact: ImportedFact) -> str | None:
    return fact.fact.plan if isinstance(fact.fact, facts.Term) else None


def _spoken(slug: str) -> str:
    return " ".join(word.capitalize() for word in slug.split("-"))
