"""Where the pages of an edition are on the web, once it is known where the site is served: addresses and the sitemap."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from xml.etree import ElementTree

from pricing_pipeline.publish.captured_pages import FOLDER

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
FILE = "sitemap.xml"


def address(site_url: str | None, path: str) -> str:
    """A file's whole address, or its path in the edition where it is not known where the site is served."""
    place, _, fragment = path.partition("#")
    page = quote(place) + (f"#{quote(fragment)}" if fragment else "")
    return f"{site_url.rstrip('/')}/{page}" if site_url else page


def sitemap(site_url: str, paths: Iterable[str]) -> bytes:
    """The sitemap of the pages among some files (sitemaps.org 0.9); it says nothing of when they changed, for a page
    that was verified again says the same as before. Others' words, as captured, are not for search engines."""
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP})
    for path in sorted(path for path in paths if path.endswith(".html") and not path.startswith(f"{FOLDER}/")):
        ElementTree.SubElement(ElementTree.SubElement(root, "url"), "loc").text = address(site_url, path)
    ElementTree.indent(root, " ")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
