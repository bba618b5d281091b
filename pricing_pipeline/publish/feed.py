"""The Atom feed of what vendors changed: an entry for each change, its id the same for ever."""

from __future__ import annotations

from xml.etree import ElementTree

from pricing_pipeline.facts import GateState
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.cells import change_anchor
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.results import Change

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 200


def atom(shelf: Shelf, *, title: str) -> bytes:
    """The newest changes of every product. Text goes in as text, so nothing in a verdict can become markup."""
    changes = [change for change in shelf.told(shelf.vendor_of) if change.state is GateState.ACCEPTED][:NEWEST]
    feed = ElementTree.Element("feed", {"xmlns": ATOM})
    _put(feed, "id", "urn:pricing-pipeline:changes")
    _put(feed, "title", title)
    _put(feed, "updated", phrases.stamp(changes[0].observed_at if changes else shelf.catalog.as_of))
    ElementTree.SubElement(feed, "link", {"href": "changes.html", "rel": "alternate", "type": "text/html"})
    ElementTree.SubElement(feed, "link", {"href": "feed.xml", "rel": "self", "type": "application/atom+xml"})
    _put(ElementTree.SubElement(feed, "author"), "name", "pricing-pipeline")
    for change in changes:
        _entry(feed, change, shelf)
    ElementTree.indent(feed, " ")
    text: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(feed: ElementTree.Element, change: Change, shelf: Shelf) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _put(entry, "id", f"urn:pricing-pipeline:change:{phrases.line(change.id, 200)}")
    _put(entry, "title", phrases.line(f"{shelf.names.product(change.product)}: {change.verdict}", 200))
    _put(entry, "updated", phrases.stamp(change.observed_at))
    _put(entry, "summary", phrases.line(change.verdict, 1000))
    ElementTree.SubElement(
        entry, "link", {"href": f"vendors/{change.vendor}.html#{change_anchor(change)}", "rel": "alternate"}
    )
    ElementTree.SubElement(entry, "category", {"term": change.kind})
    ElementTree.SubElement(entry, "category", {"term": change.severity.value})


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
