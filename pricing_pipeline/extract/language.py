"""How a page writes its numbers, by the language that it declares to be in."""

from __future__ import annotations

import re

from pricing_pipeline.extract.document import Document
from pricing_pipeline.numerals import convention

DEFAULT = "en-US"
UNKNOWN = "und"
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_]([A-Za-z]{2}))?(?:[-_@.].*)?")


def page_locale(document: Document, declared: str = "") -> str:
    """The locale that a source declares; else the page's own, by its `lang` attribute and og:locale; else en-US.

    A page whose two statements write numbers differently is in no known locale (`und`): what is ambiguous stays unread.
    """
    if declared:
        return declared
    html = next((tag for tag in document.tags if tag.name == "html"), None)
    language = _locale(str(html.get("lang") or html.get("xml:lang") or "")) if html is not None else None
    social = next((tag for tag in document.tags if tag.name == "meta" and tag.get("property") == "og:locale"), None)
    shared = _locale(str(social.get("content") or "")) if social is not None else None
    if language is None or shared is None:
        return language or shared or DEFAULT
    if convention(language) != convention(shared):
        return UNKNOWN if convention(language).decimal != convention(shared).decimal else language
    return shared if "-" not in language and shared.startswith(f"{language}-") else language


def _locale(text: str) -> str | None:
    found = _TAG.fullmatch(text.strip())
    if found is None or found[1].lower() in ("und", "mul", "zxx"):
        return None
    return f"{found[1].lower()}-{found[2].upper()}" if found[2] else found[1].lower()
