"""How much of a captured page an edition shows: as the settings say, and nothing of bytes that were given up."""

from __future__ import annotations

from dataclasses import replace

from assets.stages.contexts import captured
from assets.stages.publishing import make_edition
from checks.door import Door
from pricing_pipeline.catalog import Catalog
from tests.assets.street import Street
from warehouse.connection import open_warehouse


def test_captured_pages_are_shown_as_the_settings_say(town: Street, door: Door) -> None:
    """And a figure whose page was given up has no context; its quote stands in the edition all the same."""
    town.run_stages(door)
    workshop = town.workshop()
    first = make_edition(workshop)
    pages = list((first.path / "captures").glob("*.html"))
    around: dict[str, object] = {}
    with open_warehouse(workshop.home.warehouse) as con:
        for kind in ("excerpts", "pages", "none"):
            site = workshop.settings.site.model_copy(update={"captured": kind, "excerpt_characters": 50})
            chosen = replace(workshop, settings=replace(workshop.settings, site=site))
            made = captured(chosen, con, Catalog(as_of=workshop.now()))
            around[kind] = "nothing" if made is None else made.around
    for blob in workshop.home.blobs.rglob("*"):
        if blob.is_file():
            blob.unlink()
    renamed = workshop.settings.site.model_copy(update={"title": "Anew"})
    again = make_edition(replace(workshop, settings=replace(workshop.settings, site=renamed)))

    assert {"excerpts": 50, "pages": None, "none": "nothing"} == around
    assert pages
    assert not (again.path / "captures").exists()
    assert (again.path / "vendors/index.html").is_file()
