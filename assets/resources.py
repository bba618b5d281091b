"""The one resource of the code location: what a run works with, opened once a run and closed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field, PrivateAttr

from assets import leftovers
from assets.workshop import Workshop, open_workshop

if TYPE_CHECKING:
    from checks.door import Door


class WorkshopResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # dagster's own base is generic in what it yields
    """Folders, registry, settings, clock and the way to the web of one run, and one door to Great Expectations for it."""

    home: str | None = Field(
        default=None, description="The home folder. Default: PRICING_PIPELINE_HOME, else data/ in the checkout."
    )
    vendors: str | None = Field(
        default=None,
        description="The folder of vendor files. Default: PRICING_PIPELINE_VENDORS, else the shipped ones.",
    )
    at: str | None = Field(
        default=None, description="A fixed time to fetch at, as 2026-05-01T06:00:00Z; for demonstrations."
    )
    routes: dict[str, str] = Field(
        default={}, description="Origins that are served from elsewhere; for demonstrations."
    )

    _workshop: Workshop = PrivateAttr()
    _door: Door = PrivateAttr()

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Read the registry and the settings once for the whole run, and clear away what killed runs hold."""
        from checks.door import Door

        if context.instance is not None and context.run is not None:
            leftovers.sign(context.instance, context.run.run_id)
            leftovers.end_killed(context.instance, but=context.run.run_id)

        self._workshop = open_workshop(home=self.home, vendors=self.vendors, at=self.at, routes=self.routes)
        self._door = Door(self._workshop.home.data_docs, remembers=True)

    def open(self) -> Workshop:
        """What this run works with."""
        return self._workshop

    @property
    def door(self) -> Door:
        """The run's door to Great Expectations."""
        return self._door
