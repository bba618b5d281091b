"""The feeds of what vendors changed or announced, Atom (RFC 4287) and JSON Feed 1.1: an entry for each change, its id the
same for ever, however often it is published and whatever becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from xml.etree import ElementTree

from pricing_pipeline.facts import GateState
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.changelog import ChangeLog, change_log
from pricing_pipeline.publish.data import dump
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.sitemap import address
from pricing_pipeline.results import Change

ATOM = "http://www.w3.org/2005/Atom"
ATOM_FILE, JSON_FILE = "feed.xml", "feed.json"
NEWEST = 200
_FEED_ID = "urn:pricing-pipeline:changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One entry, as both feeds tell it. `page` is where it stands in the edition."""

    id: str
    title: str
    summary: str
    published: datetime
    updated: datetime
    page: str
    change: Change

    @property
    def tags(self) -> list[str]:
        return [self.change.kind, self.change.severity.value, self.change.lever.value]


def atom(shelf: Shelf, *, title: str, site_url: str | None = None) -> bytes:
    """The newest changes of every product. Text goes in as text, so nothing in a verdict can become markup. Links are
    relative to the feed where it is not known where the site is served."""
    items = _items(shelf)
    feed = ElementTree.Element("feed", {"xmlns": ATOM})
    _put(feed, "id", _FEED_ID)
    _put(feed, "title", phrases.line(title))
    _put(feed, "updated", phrases.stamp(max((item.updated for item in items), default=_morning(shelf.catalog.as_of))))
    _link(feed, address(site_url, "changes.html"), rel="alternate", type="text/html")
    _link(feed, address(site_url, ATOM_FILE), rel="self", type="application/atom+xml")
    _put(ElementTree.SubElement(feed, "author"), "name", "pricing-pipeline")
    for item in items:
        _entry(feed, item, site_url)
    ElementTree.indent(feed, " ")
    text: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def json_feed(shelf: Shelf, *, title: str, site_url: str | None = None) -> bytes:
    """The same entries under the same ids. Its addresses must be whole ones, so there are none where it is not known
    where the site is served; `_pricing_pipeline` names the page in the edition, and what changed, for programs."""
    items = [_json_item(item, site_url) for item in _items(shelf)]
    served = {"home_page_url": address(site_url, "index.html"), "feed_url": address(site_url, JSON_FILE)}
    return dump(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": phrases.line(title),
            **(served if site_url else {}),
            "language": "en",
            "items": items,
        }
    )


def _items(shelf: Shelf) -> list[_Item]:
    log = change_log(shelf)
    told = [change for change in shelf.told(shelf.vendor_of) if change.state is GateState.ACCEPTED]
    return [_item(change, shelf, log) for change in told[:NEWEST]]


def _item(change: Change, shelf: Shelf, log: ChangeLog) -> _Item:
    verdict, promise = phrases.line(change.verdict, 1000), phrases.promise(change)
    name = shelf.names.product(change.product)
    return _Item(
        id=f"urn:pricing-pipeline:change:{phrases.line(change.id, 200)}",
        title=phrases.line(
            change.verdict if change.verdict.startswith(f"{name}:") else f"{name}: {change.verdict}", 200
        ),
        summary=f"{verdict.removesuffix('.')}. {promise}" if promise else verdict,
        published=change.observed_at,
        updated=max(change.observed_at, change.settled_at or change.observed_at),
        page=log.page_of(change),
        change=change,
    )


def _entry(feed: ElementTree.Element, item: _Item, site_url: str | None) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _put(entry, "id", item.id)
    _put(entry, "title", item.title)
    _put(entry, "published", phrases.stamp(item.published))
    _put(entry, "updated", phrases.stamp(item.updated))
    _put(entry, "summary", item.summary)
    _link(entry, address(site_url, item.page), rel="alternate")
    for tag in item.tags:
        ElementTree.SubElement(entry, "category", {"term": tag})


def _json_item(item: _Item, site_url: str | None) -> dict[str, object]:
    change = item.change
    return {
        "id": item.id,
        **({"url": address(site_url, item.page)} if site_url else {}),
        "title": item.title,
        "content_text": item.summary,
        "date_published": phrases.stamp(item.published),
        "date_modified": phrases.stamp(item.updated),
        "tags": item.tags,
        "_pricing_pipeline": {
            "page": item.page,
            "vendor": change.vendor,
            "product": change.product,
            "plan": change.plan,
            "effective_at": None if change.effective_at is None else change.effective_at.isoformat(),
            "announced_at": None if change.announced_at is None else phrases.stamp(change.announced_at),
        },
    }


def _link(parent: ElementTree.Element, href: str, **marks: str) -> None:
    ElementTree.SubElement(parent, "link", {"href": href, **marks})


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _morning(moment: datetime) -> datetime:
    """The first second of a day: a feed is not dated ahead, and not anew by each check of a day."""
    return datetime.combine(moment.date(), time.min, UTC)
