"""The named workloads at which plans are priced, read from `workloads.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.registry.documents import read_document
from pricing_pipeline.registry.faults import read_model
from pricing_pipeline.registry.fields import Amount, Entry, Metric, Name, Slug
from pricing_pipeline.results import Workload

# Slugs of the points that are made of each plan's own allowances.
OWN = "own-"


class WorkloadEntry(Entry):
    """A named amount of use a month."""

    slug: Slug = Field(description="Its name in placeholders and options.", examples=["one-seat-15000-credits"])
    name: Name = Field(description="Its name as people read it.", examples=["One seat with 15,000 credits"])
    usage: dict[Metric, Amount] = Field(min_length=1, description="How much of each metric is used a month.")
    products: tuple[Slug, ...] = Field(default=(), description="The products that it is meant for; none means all.")


class WorkloadsEntry(Entry):
    """The file of workloads."""

    workloads: tuple[WorkloadEntry, ...] = Field(min_length=1, description="The workloads, in the order of columns.")


def read_workloads(path: Path) -> tuple[Workload, ...]:
    """The workloads of a file, in its order; RegistryError with every fault."""
    document = read_document(path)
    entry = read_model(WorkloadsEntry, document)
    first: dict[str, int] = {}
    for i, workload in enumerate(entry.workloads if entry else ()):
        line = document.line(("workloads", i, "slug"))
        if workload.slug.startswith(OWN):
            document.report(
                line, f"`{workload.slug}` begins with {OWN}, which plans' own allowances use; choose another"
            )
        if workload.slug in first:
            document.report(
                line, f"`{workload.slug}` stands already in line {first[workload.slug]}; choose another slug"
            )
        first.setdefault(workload.slug, line)
    if entry is None or document.problems:
        raise RegistryError(document.problems)
    return tuple(
        Workload(slug=one.slug, name=one.name, usage=dict(one.usage), products=one.products) for one in entry.workloads
    )
