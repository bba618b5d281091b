"""The captured pages that an edition shows quotes out of."""

from __future__ import annotations

from assets.workshop import Workshop
from pricing_pipeline.captures.pruned import readable_as
from pricing_pipeline.catalog import Catalog, Provenance, StandingPlan, StandingRating, StandingTerm
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.extract.decoding import decode
from pricing_pipeline.publish.captured_pages import Captures
from warehouse.captures import content_types
from warehouse.connection import Connection


def captured(workshop: Workshop, con: Connection, catalog: Catalog) -> Captures | None:
    """How the pages that a catalog's figures rest on are published, as the site's settings say; those whose bytes were
    given up are left out."""
    site = workshop.settings.site
    if site.captured == "none":
        return None
    standing: tuple[StandingPlan | StandingTerm | StandingRating, ...] = (
        *catalog.plans,
        *catalog.terms,
        *catalog.ratings,
    )
    renamed = workshop.registry.renamed()
    types = content_types(con, {row.provenance.capture_id for row in standing})

    def bytes_of(provenance: Provenance) -> str:
        return readable_as(workshop.blobs, workshop.log, provenance.source_id, provenance.sha256, renamed=renamed)

    def named(provenance: Provenance) -> str | None:
        sha256 = bytes_of(provenance)
        return f"{sha256} {types.get(provenance.capture_id)}" if workshop.blobs.has(sha256) else None

    def read(provenance: Provenance) -> str | None:
        try:
            body = workshop.blobs.get(bytes_of(provenance))
        except CaptureError:
            return None
        return decode(body, content_type=types.get(provenance.capture_id))

    around = None if site.captured == "pages" else site.excerpt_characters
    return Captures(read=read, around=around, named=named)
