"""Example pages of real vendors, in our own writing, and a site on loopback that serves them a day at a time."""

from pricing_pipeline.demo.server import DemoSite, Page, days, pages, serve

__all__ = ["DemoSite", "Page", "days", "pages", "serve"]

# The vendors that there are example pages of.
VENDORS = ("dagster", "prefect")
