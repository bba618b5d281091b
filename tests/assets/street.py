"""A street of made-up vendors on loopback, whose pages a test writes and changes, and refreshes over it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.stages import applying, capturing, judgement, publishing, reading
from assets.stages.waiting import waiting
from assets.workshop import Workshop, open_workshop
from pricing_pipeline.home import Home
from tests.program import dump
from tests.servers import LoopbackServer, answer

if TYPE_CHECKING:
    from assets.runner import Ran
    from checks.door import Door
    from pricing_pipeline.results import Change

FIRST = datetime(2026, 4, 30, 6, tzinfo=UTC)
DAY = timedelta(days=1)
VENDORS = ("alder", "beech", "cedar", "damson", "elm", "fir")
WALL = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    "<h1>Verify you are human</h1><p>Checking your browser before you go on. Enable JavaScript and cookies to continue.</p>"
    '<form id="challenge-form" action="/cdn-cgi/challenge-platform/x"></form></body></html>'
)
MALFORMED = "<!DOCTYPE html><html><body><div class=plans><div><h3>Solo<p>$" + "<div>" * 40 + "<!-- </body"
OTHER = (
    "<!DOCTYPE html><html><head><title>Careers</title></head><body><h1>Work with us</h1>"
    "<p>We have two open roles.</p></body></html>"
)

VENDOR_FILE = """\
name: {name}
homepage: https://{slug}.example
products:
  - slug: {slug}-cloud
    name: {name} Cloud
    sources:
      - kind: pricing
        url: https://{slug}.example/{slug}/pricing
        every: 1d
        currency: USD
        expect: [Solo, Team]
"""
WORKLOADS = """\
workloads:
  - slug: three-seats
    name: Three seats
    usage: {seat: 3}
  - slug: ten-thousand-credits
    name: Ten thousand credits
    usage: {seat: 1, credit: 10000}
"""


def pricing(
    *, solo: str = "10", team: str = "40", credits: str = "5,000 credits included", rate: str = "0.03", more: str = ""
) -> str:
    """A pricing page with two plans; each figure as it is printed."""
    return f"""<!DOCTYPE html>
<html lang="en"><head><title>Pricing</title></head><body><main><h1>Plans and pricing</h1>
<section class="plans">
  <div class="plan"><h3>Solo</h3><p class="price">${solo} <span>/month</span></p>
    <ul><li>1 user</li><li>{credits}</li><li>${rate} per additional credit</li></ul><a href="#">Choose Solo</a></div>
  <div class="plan"><h3>Team</h3><p class="price">${team} <span>/month</span></p>
    <ul><li>Up to 5 users</li><li>20,000 credits included</li>
      <li>$0.03 per additional credit</li></ul><a href="#">Choose Team</a></div>
</section>{more}</main></body></html>
"""


@dataclass
class Street:
    """The vendors, their files, the home, and the day."""

    server: LoopbackServer
    home: Home
    vendors: Path
    day: datetime = FIRST

    def serve(self, vendor: str, page: str, *, status: str = "200 OK", tag: str | None = None) -> None:
        """Answer with this page from now on; a `tag` makes it one that is not sent twice."""
        whole = answer(page.encode(), status=status, headers=[("ETag", f'"{tag}"')] if tag else [])
        unchanged = answer(b"", status="304 Not Modified", headers=[("ETag", f'"{tag}"')])
        path = f"/{vendor}/pricing"
        self.server.answers[path] = (
            (lambda seen, _: unchanged if seen.headers.get("if-none-match") == f'"{tag}"' else whole) if tag else whole
        )

    @property
    def routes(self) -> dict[str, str]:
        """Every vendor's origin, served from here."""
        return {f"https://{vendor}.example": self.server.url("").rstrip("/") for vendor in VENDORS}

    def workshop(self) -> Workshop:
        """What the stages work with, on this day."""
        return open_workshop(
            home=str(self.home.root), vendors=str(self.vendors), at=self.day.isoformat(), routes=self.routes
        )

    def refresh(self, *, vendors: Sequence[str] = (), force: bool = False, fetch: bool = True) -> Ran:
        """The refresh job of Dagster in this process."""
        from assets.runner import Order, refresh

        return refresh(
            Order(
                home=self.home, vendors_folder=str(self.vendors), vendors=vendors, force=force, fetch=fetch,
                at=self.day, routes=self.routes,
            )
        )  # fmt: skip

    def run_stages(self, door: Door, *, fetch: bool = True, force: bool = False) -> list[Change]:
        """The stages in their order, without Dagster, until nothing waits; the changes, and the edition published."""
        workshop = self.workshop()
        capturing.capture_due(workshop, fetch=fetch, force=force)
        changes: list[Change] = []
        while True:
            reading.read_pending(workshop)
            judgement.judge_observations(workshop, door)
            done = applying.apply_accepted(workshop, door)
            assert done.refused is None
            changes += done.changes
            if not waiting(workshop):
                break
        publishing.make_edition(workshop)
        return changes

    def published(self, name: str) -> list[dict[str, Any]]:
        """The rows of one of the edition's JSON files."""
        text = (self.home.current_edition / "v1" / f"{name}.json").read_text("utf-8")
        rows: list[dict[str, Any]] = json.loads(text)["sources" if name == "freshness" else name]
        return rows

    def fees(self) -> dict[str, str]:
        """Each vendor's published monthly fee of its Solo plan."""
        return {
            term["vendor"]: term["amount"]
            for term in self.published("terms")
            if (term["plan"], term["term"]) == ("solo", "recurring_fee")
        }

    def freshness(self) -> dict[str, dict[str, Any]]:
        """Where each vendor's page stands, as published."""
        return {row["vendor"]: row for row in self.published("freshness")}

    def dump(self) -> str:
        """The warehouse as text."""
        return dump(self.home.root)


@contextmanager
def street(folder: Path, vendors: Sequence[str] = VENDORS) -> Iterator[Street]:
    """A street with a sound page for each vendor, and an empty home."""
    files = folder / "vendors"
    files.mkdir(parents=True)
    (folder / "comparisons").mkdir()
    (folder / "workloads.yaml").write_text(WORKLOADS)
    for vendor in vendors:
        (files / f"{vendor}.yaml").write_text(VENDOR_FILE.format(slug=vendor, name=vendor.title()))
    with LoopbackServer() as server:
        made = Street(server=server, home=Home(folder / "home"), vendors=files)
        for vendor in vendors:
            made.serve(vendor, pricing(), tag=f"{vendor}-1")
        yield made
