"""Whether a page is all there: a body that is cut off in transit looks like a page with less on it."""

from __future__ import annotations

import re

# Elements whose end tag authors may not leave out (HTML Standard, 13.1.2.4), as far as they frame a page.
_FRAMES = (
    "div",
    "section",
    "main",
    "article",
    "header",
    "footer",
    "nav",
    "aside",
    "table",
    "form",
    "button",
    "select",
    "del",
)
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_FRAMED = re.compile(r"<!doctype|<html|<body", re.IGNORECASE)
_END = re.compile(r"</(?:html|body)", re.IGNORECASE)
# A page goes on after what looked like its end, so that was a script's string.
_MORE = re.compile(r"<(?:div|section|main|table|ul|p|h[1-6])\b", re.IGNORECASE)
_RAW = re.compile(r"<(script|style|template|svg|!--)", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template", "svg")}
_ENDS["!--"] = re.compile("-->")
_TAIL = 2_000
_NAME_END = frozenset(" \t\r\n/>")


def is_complete(text: str) -> bool:
    """Whether a page ends as pages end, or at least has closed whatever it opened (minified pages leave out the end tags)."""
    # Nearly every page says so in its last lines.
    if _is_ended(text[-_TAIL:]) or _is_ended(text):
        return True
    whole = text.rfind("<") <= text.rfind(">")
    if not whole or not _FRAMED.search(text, 0, 4000):
        return whole  # a page's body without its frame says nothing of where it ends
    if text[len(text.rstrip()) :].count("\n") > 2:
        return True  # a template's blank lines after its last tag: a page that is cut off ends in its midst
    visible = _without_raw(text)
    if visible is None:
        return False
    low = visible.lower()
    return all(_opened(low, name) <= 0 for name in (*_FRAMES, *_HEADINGS))


def _is_ended(text: str) -> bool:
    last = max((found.start() for found in _END.finditer(text)), default=-1)
    return last >= 0 and not _MORE.search(text, last)


def _without_raw(text: str) -> str | None:
    """A page without its scripts, styles, templates, drawings and comments; None where one of them has no end."""
    parts: list[str] = []
    position = 0
    while found := _RAW.search(text, position):
        parts.append(text[position : found.start()])
        end = _ENDS[found.group(1).lower()].search(text, found.end())
        if end is None:
            return None
        position = end.end()
    parts.append(text[position:])
    return "".join(parts)


def _opened(low: str, name: str) -> int:
    """How many more start tags than end tags of a name a page holds."""
    opened = sum(1 for part in low.split(f"<{name}")[1:] if part[:1] in _NAME_END)
    return opened - low.count(f"</{name}")
