"""The list of example pages, `pages.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.registry.documents import read_document
from pricing_pipeline.registry.faults import read_model
from pricing_pipeline.registry.fields import Day, Entry, Text, Url


class PageEntry(Entry):
    """One page, and the day on which it is served."""

    day: Day = Field(description="The day on which the address answers so.", examples=["2026-05-01"])
    url: Url = Field(description="The address that the page stands for.")
    file: Text = Field(description="The page's bytes, below the folder of the list.")
    status: int = Field(default=200, ge=200, le=599, description="The status of the answer.")


class Listing(Entry):
    """What the example site serves."""

    pages: tuple[PageEntry, ...] = Field(min_length=1, description="Every page of every day.")


def read_listing(path: Path) -> tuple[PageEntry, ...]:
    """The pages that a list names; RegistryError with every fault where it cannot be read."""
    document = read_document(path)
    listing = read_model(Listing, document)
    if listing is None or document.problems:
        raise RegistryError(document.problems)
    return listing.pages
