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
_FRAMED = re.compile(r"<!doctype|<html|<body")
# A page goes on after what looked like its end, so that was a script's string.
_MORE = re.compile(r"<(?:div|section|main|table|ul|p|h[1-6])\b")
_RAW = re.compile(r"<(script|style|template|svg|!--)")
_TAIL = 2_000
_NAME_END = frozenset(" \t\r\n/>")


def is_complete(text: str) -> bool:
    """Whether a page ends as pages end, or at least has closed whatever it opened (minified pages leave out the end tags)."""
    # Nearly every page says so in its last lines; a megabyte of letters beyond ASCII takes long to lower.
    if _is_ended(text[-_TAIL:].lower()):
        return True
    low = text.lower()
    if _is_ended(low):
        return True
    whole = low.rfind("<") <= low.rfind(">")
    if not whole or not _FRAMED.search(low, 0, 4000):
        return whole  # a page's body without its frame says nothing of where it ends
    if low[len(low.rstrip()) :].count("\n") > 2:
        return True  # a template's blank lines after its last tag: a page that is cut off ends in its midst
    visible = _without_raw(low)
    return visible is not None and all(_opened(visible, name) <= 0 for name in (*_FRAMES, *_HEADINGS))


def _is_ended(low: str) -> bool:
    end = max(low.rfind("</html"), low.rfind("</body"))
    return end >= 0 and not _MORE.search(low, end)


def _without_raw(low: str) -> str | None:
    """A page without its scripts, styles, templates, drawings and comments; None where one of them has no end."""
    parts: list[str] = []
    position = 0
    while found := _RAW.search(low, position):
        parts.append(low[position : found.start()])
        close = "-->" if found.group(1) == "!--" else f"</{found.group(1)}"
        end = low.find(close, found.end())
        if end < 0:
            return None
        position = end + len(close)
    parts.append(low[position:])
    return "".join(parts)


def _opened(low: str, name: str) -> int:
    """How many more start tags than end tags of a name a page holds."""
    opened = sum(1 for part in low.split(f"<{name}")[1:] if part[:1] in _NAME_END)
    return opened - low.count(f"</{name}")
