"""The captured pages that an edition shows quotes out of."""

from __future__ import annotations

from assets.workshop import Workshop
from pricing_pipeline.captures.pruned import readable
from pricing_pipeline.catalog import Provenance
from pricing_pipeline.errors import CaptureError
from pricing_pipeline.extract.decoding import decode
from pricing_pipeline.publish.captured_pages import Captures
from warehouse.captures import content_type_of
from warehouse.connection import Connection


def captured(workshop: Workshop, con: Connection) -> Captures | None:
    """How captured pages are published, as the site's settings say; pages whose bytes were given up are left out."""
    site = workshop.settings.site
    if site.captured == "none":
        return None

    def read(provenance: Provenance) -> str | None:
        try:
            body = readable(
                workshop.blobs,
                workshop.log,
                provenance.source_id,
                provenance.sha256,
                renamed=workshop.registry.renamed(),
            )
        except CaptureError:
            return None
        return decode(body, content_type=content_type_of(con, provenance.capture_id))

    return Captures(read=read, around=None if site.captured == "pages" else site.excerpt_characters)
