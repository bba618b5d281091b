"""What a vendor file may say: `vendors/*.yaml` as models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pricing_pipeline.registry.faults import misplaced
from pricing_pipeline.registry.fields import (
    Country,
    Currency,
    Day,
    Entry,
    Every,
    HostName,
    Locale,
    Name,
    Selector,
    Slug,
    Text,
    Url,
    former_name,
)


class RecipeEntry(Entry):
    """CSS selectors that override the generic reading of a page; those left out are read generically."""

    plan: Selector | None = Field(default=None, description="What each plan stands in.", examples=["div.plan-card"])
    name: Selector | None = Field(default=None, description="The plan's name, inside `plan`.", examples=["h3"])
    price: Selector | None = Field(default=None, description="The plan's price, inside `plan`.", examples=[".price"])
    period: Selector | None = Field(
        default=None, description="What the price is charged for, inside `plan`.", examples=[".period"]
    )
    terms: Selector | None = Field(
        default=None, description="Each line of what a plan holds, inside `plan`.", examples=["ul li"]
    )
    rating: Selector | None = Field(
        default=None, description="The average rating of a reviews page.", examples=[".rating"]
    )
    review_count: Selector | None = Field(
        default=None, description="The number of reviews of a reviews page.", examples=[".count"]
    )
    ignore: tuple[Selector, ...] = Field(
        default=(), description="Parts of the page that are not to be read.", examples=[[".promo"]]
    )

    @model_validator(mode="after")
    def _selects(self) -> RecipeEntry:
        within = [key for key in ("name", "price", "period", "terms") if getattr(self, key) is not None]
        if within and self.plan is None:
            raise misplaced(
                (within[0],),
                "is looked for inside `plan`, which is missing; add it, for example `plan: div.plan-card`",
            )
        if not any(getattr(self, key) for key in type(self).model_fields):
            raise misplaced((), "holds no selector; write one or remove the key")
        return self


class SourceEntry(Entry):
    """One page to watch."""

    kind: Literal["pricing", "reviews", "announcement"] = Field(
        description="What the page is watched for.", examples=["pricing"]
    )
    publisher: Slug | None = Field(default=None, description="Who publishes the reviews.", examples=["g2"])
    url: Url = Field(description="The page's address.", examples=["https://dagster.io/pricing"])
    every: Every = Field(
        default="1d",
        description="The most often it is asked for, in hours, days or weeks; a page long quiet is asked less often.",
        examples=["1d"],
    )
    locale: Locale | None = Field(
        default=None, description="How the page writes numbers; left out, as the page declares.", examples=["en-US"]
    )
    currency: Currency | None = Field(default=None, description="What a bare $ means there.", examples=["USD"])
    country: Country | None = Field(
        default=None, description="The country whose prices the page shows.", examples=["US"]
    )
    expect: tuple[Name, ...] = Field(
        default=(), description="Words that the page must hold to count as that page.", examples=[["Solo"]]
    )
    recipe: RecipeEntry | None = Field(default=None, description="Selectors that override the generic reading.")
    render: Literal["browser"] | None = Field(
        default=None, description="Render the page in a browser before it is read."
    )
    also: tuple[HostName, ...] = Field(
        default=(),
        description="Other sites to which the address may redirect; a redirect to any other is not followed.",
        examples=[["acme.de"]],
    )
    notes: Text | None = Field(default=None, description="For whoever keeps this file.")

    @model_validator(mode="after")
    def _publisher_fits(self) -> SourceEntry:
        if self.kind == "reviews" and self.publisher is None:
            raise ValueError("a reviews page needs its publisher; add for example `publisher: g2`")
        if self.kind != "reviews" and self.publisher is not None:
            raise ValueError(f"a page of kind {self.kind} has no publisher; remove the key or write `kind: reviews`")
        return self

    @model_validator(mode="after")
    def _recipe_fits(self) -> SourceEntry:
        for key in ("rating", "review_count") if self.kind != "reviews" else ("plan",):
            if self.recipe is not None and getattr(self.recipe, key) is not None:
                raise misplaced(
                    ("recipe", key), f"is not read on a page of kind {self.kind}; remove it or correct the kind"
                )
        return self


FormerName = Annotated[
    str,
    StringConstraints(max_length=129),
    AfterValidator(former_name),
    Field(json_schema_extra={"pattern": "^[a-z0-9-]+(/[a-z0-9-]+)?$"}),
]


class ProductEntry(Entry):
    """One thing that is sold, and the pages that speak of it."""

    slug: Slug = Field(
        description="Its name in tables and placeholders, unique among all vendors.", examples=["dagster-plus"]
    )
    name: Name = Field(description="Its name as people write it.", examples=["Dagster+"])
    aliases: tuple[Name, ...] = Field(
        default=(), description="Other names by which texts call it, as they write them.", examples=[["Dagster Cloud"]]
    )
    plan_aliases: dict[Slug, tuple[Name, ...]] = Field(
        default={},
        description="Other names by which texts call its plans, by the plan's slug.",
        examples=[{"solo": ["Individual"]}],
    )
    sources: tuple[SourceEntry, ...] = Field(min_length=1, description="The pages to watch.")
    self_hosted: tuple[Slug, ...] = Field(
        default=(), description="Plans that one runs oneself; never ranked.", examples=[["open-source"]]
    )
    formerly: tuple[FormerName, ...] = Field(
        default=(),
        description="Slugs that it had before, oldest first, or vendor/slug where another vendor sold it.",
        examples=[["dagster-cloud"]],
    )
    retired: Day | None = Field(
        default=None, description="The day from which it is sold no longer.", examples=["2026-03-01"]
    )
    merged_into: FormerName | None = Field(
        default=None, description="The product, or vendor/product, that took its place.", examples=["dagster-plus"]
    )
    notes: Text | None = Field(default=None, description="For whoever keeps this file.")

    @model_validator(mode="after")
    def _names_fit(self) -> ProductEntry:
        _check_names(self.slug, self.formerly)
        _check_aliases(self.name, self.aliases, self.plan_aliases)
        _check_end(self.retired, self.merged_into)
        return self


class FactEntry(Entry):
    """One editorial fact, dated, with the page that says so."""

    topic: Slug = Field(description="What it is about: ownership, licence, launch, deployment …", examples=["licence"])
    text: Text = Field(description="The fact, in our own words.")
    as_of: Day = Field(description="The day for which the source says so.", examples=["2026-05-01"])
    source: Url = Field(description="The page that says so.")


class VendorEntry(Entry):
    """A vendor file. Its name is the vendor's slug."""

    name: Name = Field(description="The vendor's name as people write it.", examples=["Dagster"])
    homepage: Url = Field(description="The vendor's own site.", examples=["https://dagster.io"])
    categories: tuple[Slug, ...] = Field(
        default=(), description="Where a comparison site would list it.", examples=[["etl"]]
    )
    products: tuple[ProductEntry, ...] = Field(min_length=1, description="What the vendor sells.")
    facts: tuple[FactEntry, ...] = Field(default=(), description="Editorial facts, dated, each with its source.")
    formerly: tuple[Slug, ...] = Field(
        default=(), description="Slugs that the vendor had before, oldest first.", examples=[["elementl"]]
    )
    retired: Day | None = Field(
        default=None, description="The day from which the vendor sells nothing any more.", examples=["2026-03-01"]
    )
    merged_into: Slug | None = Field(default=None, description="The vendor that took it over.", examples=["prefect"])
    notes: Text | None = Field(default=None, description="For whoever keeps this file: what is hard about these pages.")

    @model_validator(mode="after")
    def _end_fits(self) -> VendorEntry:
        _check_end(self.retired, self.merged_into)
        return self


def _check_names(slug: str, formerly: tuple[str, ...]) -> None:
    if slug in formerly:
        raise misplaced(("formerly", formerly.index(slug)), f"`{slug}` is its name today; write only earlier ones")
    for place, name in enumerate(formerly):
        if name in formerly[:place]:
            raise misplaced(("formerly", place), f"`{name}` stands here twice; remove one")


def _check_aliases(name: str, aliases: tuple[str, ...], plan_aliases: Mapping[str, tuple[str, ...]]) -> None:
    """Another name is another one, and one name is of one plan."""
    for place, alias in enumerate(aliases):
        if alias.casefold() in (name.casefold(), *(one.casefold() for one in aliases[:place])):
            raise misplaced(("aliases", place), f"`{alias}` is its name already; remove it")
    seen: dict[str, str] = {}
    for slug, others in plan_aliases.items():
        for place, alias in enumerate(others):
            first = seen.setdefault(alias.casefold(), slug)
            if first != slug or alias.casefold() in (one.casefold() for one in others[:place]):
                raise misplaced(("plan_aliases", slug, place), f"`{alias}` stands already at `{first}`; keep one")


def _check_end(retired: date | None, merged_into: str | None) -> None:
    """What was merged is sold no longer under its own name, so one has to know since when."""
    if merged_into is not None and retired is None:
        raise misplaced(("merged_into",), "needs the day it happened; add for example `retired: 2026-03-01`")
