"""What a page says of itself: whose it is, in which language and currency, and the words by which it is known again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pricing_pipeline.extract.document import Document
from pricing_pipeline.facts import Observation
from pricing_pipeline.propose.trial import priced

MOST_ANCHORS = 3
# Names that half of all pricing pages hold: alone they tell no page from another.
_COMMON = frozenset(
    ["free", "pro", "basic", "standard", "premium", "enterprise", "business", "team", "custom", "plus", "starter", "x"]
)
_PARTS = re.compile(r"\s+[|–—·•:-]\s+|\s*[|–—·•]\s*|:\s+")
_PAGE_WORDS = re.compile(
    r"\b(?:pricing|prices?|plans?|packages?|costs?|reviews?|ratings?|compare|features|and|&|the|our|for|of|\d{4})\b",
    re.IGNORECASE,
)
_SECOND_LEVEL = frozenset(["co", "com", "org", "net", "ac", "gov", "edu"])
_LANGUAGES = {"en": "en-US"}
_DOLLARS = {"ca": "CAD", "au": "AUD", "nz": "NZD", "sg": "SGD", "hk": "HKD"}
_SITE_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_ORGANIZATIONS = frozenset(["organization", "corporation", "brand", "website"])


def find_name(document: Document, url: str) -> str:
    """What the page calls the vendor and its host agrees with; else the host's own label, put in capitals.

    A host that is an IP address agrees with anything: the first name that is told is taken.
    """
    label = host_label(url)
    told = [
        name
        for name in (*_meta_names(document), *_structured_names(document))
        if 1 < len(name) <= 60 and name.isprintable()
    ]
    parts = [part.strip() for part in _PARTS.split(document.title) if part.strip()]
    told += [
        part
        for part in reversed(parts)
        if len(part.split()) <= 3 and part.isprintable() and not _PAGE_WORDS.search(part)
    ]
    if told and _is_address(urlsplit(url).hostname or ""):
        return told[0]
    plain = re.sub(r"[^a-z0-9]", "", label.lower())
    for name in told:
        folded = re.sub(r"[^a-z0-9]", "", name.lower())
        # The domain has the last word on whose page this is: a title's parts are also slogans.
        if folded and (folded in plain or plain in folded):
            return name
    return label[:1].upper() + label[1:]


def host_label(url: str) -> str:
    """The telling label of an address: `acme` of https://www.acme.co.uk/pricing."""
    host = (urlsplit(url).hostname or "vendor").removeprefix("www.")
    labels = host.split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL:
        labels = labels[:-1]
    if _is_address(host):
        return "vendor"
    return labels[0] if len(labels) == 1 else labels[-2]


def _is_address(host: str) -> bool:
    """Whether a host is an IP address, which has no telling label."""
    return host.replace(".", "").isdigit() or ":" in host


def find_locale(document: Document) -> str:
    """How the page writes its numbers, by the language that it declares; en-US where it declares none."""
    html = document.soup.find("html")
    declared = str(html.get("lang") or "") if html is not None else ""
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?(?:[-_].*)?", declared.strip())
    if found is None:
        return "en-US"
    language, country = found[1].lower(), found[2]
    return f"{language}-{country.upper()}" if country else _LANGUAGES.get(language, language)


def find_currency(observation: Observation, url: str, stated: str | None) -> tuple[str | None, str]:
    """What a bare dollar sign means there, and how that is known; None where the page writes none.

    `stated` is the currency that the page says its prices are in.
    """
    amounts = [term for term in observation.terms if term.amount is not None]
    if stated is not None and any("$" in term.evidence.quote for term in amounts):
        return stated, "the page says so"
    if not any(term.currency is None and "$" in term.evidence.quote for term in amounts):
        return None, ""
    country = (urlsplit(url).hostname or "").rpartition(".")[2]
    if country in _DOLLARS:
        return _DOLLARS[country], "a bare $ under this country's domain; check"
    return "USD", "a bare $, no country named; check"


def find_anchors(document: Document, observation: Observation, name: str) -> tuple[str, ...]:
    """Words by which this page is known again: plan names that it holds, telling ones first, else the product's name."""
    text = f"{document.title}\n{document.text}".casefold()
    names = [plan.name for plan in priced(observation) or observation.plans]
    held = [one for one in dict.fromkeys(names) if one.casefold() in text and len(one) <= 40 and one.isprintable()]
    telling = [one for one in held if one.casefold() not in _COMMON]
    chosen = (telling + [one for one in held if one not in telling])[:MOST_ANCHORS]
    if not chosen and name.casefold() in text:
        chosen = [name]
    return tuple(sorted(chosen, key=held.index)) if held else tuple(chosen)


def _meta_names(document: Document) -> Iterator[str]:
    for key in _SITE_NAMES:
        for node in document.soup.find_all("meta", attrs={"property": key}) or document.soup.find_all(
            "meta", attrs={"name": key}
        ):
            yield " ".join(str(node.get("content") or "").split())


def _structured_names(document: Document) -> Iterator[str]:
    """The names of organizations in JSON-LD; a block that is no JSON says nothing here."""
    for kind, _, text in document.scripts:
        if "ld+json" not in kind or len(text) > 200_000:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        nodes = data.get("@graph", [data]) if isinstance(data, dict) else data
        for node in nodes if isinstance(nodes, list) else ():
            if isinstance(node, dict) and str(node.get("@type")).lower() in _ORGANIZATIONS:
                yield " ".join(str(node.get("name") or "").split())
