"""What a vendor file may say: `vendors/*.yaml` as models."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pricing_pipeline.registry.faults import misplaced
from pricing_pipeline.registry.fields import (
    Country,
    Currency,
    Day,
    Entry,
    Every,
    Locale,
    Name,
    Selector,
    Slug,
    Text,
    Url,
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
    every: Every = Field(default="1d", description="How often it is due: hours, days or weeks.", examples=["1d"])
    locale: Locale = Field(default="en-US", description="How the page writes numbers.", examples=["en-US"])
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


class ProductEntry(Entry):
    """One thing that is sold, and the pages that speak of it."""

    slug: Slug = Field(
        description="Its name in tables and placeholders, unique among all vendors.", examples=["dagster-plus"]
    )
    name: Name = Field(description="Its name as people write it.", examples=["Dagster+"])
    sources: tuple[SourceEntry, ...] = Field(min_length=1, description="The pages to watch.")
    self_hosted: tuple[Slug, ...] = Field(
        default=(), description="Plans that one runs oneself; never ranked.", examples=[["open-source"]]
    )
    notes: Text | None = Field(default=None, description="For whoever keeps this file.")


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
    notes: Text | None = Field(default=None, description="For whoever keeps this file: what is hard about these pages.")
