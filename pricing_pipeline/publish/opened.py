"""A captured page made safe to open offline: its words and structure, the quote marked, and nothing that runs or loads.

What may stay is named here; all else of a page goes. No style of its own, so that it can neither hide nor fake anything.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.evidence import safe_url
from pricing_pipeline.publish.opened_quote import Excerpt, Span, find_quote

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_KEPT_NAMES = (
    "div span p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td colgroup col "
    "section article main header footer nav aside blockquote pre code strong b em i u s del ins small sub sup "
    "mark q abbr time address figure figcaption details summary hr br"
)
_KEPT = frozenset(_KEPT_NAMES.split())
_VOID = frozenset({"hr", "br", "col"})
# What is in these is no text of the page. Of every other tag that is not kept the words stay.
_GONE = frozenset({"head", "script", "style", "template", "noscript", "title"})
_INLINE_NAMES = (
    "a button label option input output font big tt kbd samp var cite dfn bdi bdo wbr nobr data meter progress"
)
_INLINE = frozenset(_INLINE_NAMES.split())
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Controls, and the marks that turn the direction of text round.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DEEPEST = 200

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.opened { border: 2px solid; border-radius: .5rem; padding: .75rem 1rem; margin-bottom: 2rem; }
.opened dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
.opened dt { font-weight: 600; } .opened dd { margin: 0; } .opened pre { white-space: pre-wrap; }
mark.quote { background: #ffe066; color: #111; outline: 2px solid #b58900; }
.was-hidden { border: 1px dashed; padding: .25rem; opacity: .8; }
.was-hidden::before { content: "not shown on the page at first"; display: block; font-size: .75rem; }
.picture { font-style: italic; opacity: .75; }
table { border-collapse: collapse; } td, th { border: 1px solid; padding: .25rem .5rem; text-align: left; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quote to mark: of which figure (`id`), what it says of what, and where in the page it was read."""

    id: str = ""
    label: str
    text: str
    quote: str
    locator: str
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """The capture that is shown. `stands_in` says that these bytes stand in for others that were given up."""

    capture_id: str
    source_id: str
    url: str
    captured_at: datetime
    sha256: str
    stands_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The page to look at, and how often the quote is marked in it."""

    content: bytes
    marks: int


def opened(text: str, captured: Captured, quoted: Quoted | None = None) -> Opened:
    """A page's characters as a document of our own that runs nothing and loads nothing."""
    soup = soup_of(text)
    marked = find_quote(soup, quoted.quote, quoted.locator) if quoted is not None else None
    spans: Mapping[int, list[Span]] = marked.spans if marked is not None else {}
    body = "".join(_Writer(spans).write(soup))
    banner = "".join(_banner(captured, quoted, marked.excerpts if marked is not None else (), found=bool(spans)))
    title = html.escape(f"Captured page: {phrases.line(captured.url, 200)}")
    policy = f"default-src 'none'; style-src '{_hash(_STYLE)}'; base-uri 'none'; form-action 'none'"
    document = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{banner}\n<div>\n{body}\n</div>\n</body></html>\n"
    )
    count = len(spans) and (marked.count if marked is not None else 0)
    return Opened(content=document.encode("utf-8", "replace"), marks=count)


def soup_of(text: str) -> BeautifulSoup:
    """A page's characters as a tree."""
    import warnings

    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # What was captured as a page is shown as one, though it looks like XML or like a path.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(text, "lxml")


def _hash(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _banner(captured: Captured, quoted: Quoted | None, excerpts: tuple[Excerpt, ...], *, found: bool) -> Iterator[str]:
    url = safe_url(captured.url)
    link = (
        f'<a href="{html.escape(url)}" rel="noreferrer noopener">{html.escape(url)}</a>'
        if url
        else html.escape(captured.url)
    )
    facts = {"Page": link, "Captured": html.escape(f"{phrases.stamp(captured.captured_at)}")}
    if quoted is not None:
        facts["Figure"] = html.escape(f"{phrases.line(quoted.label)}: {phrases.line(quoted.text)}")
        quote = html.escape(phrases.line(quoted.quote, 2000))
        facts["Quote"] = f'<a href="#quote">“{quote}”</a>' if found else f"“{quote}”"
    facts["Capture"] = html.escape(f"{captured.capture_id} of {captured.source_id}, SHA-256 {captured.sha256}")
    yield '<section class="opened" aria-label="About this page">'
    yield "<p><strong>A captured page, for looking at.</strong> Its words are as they were captured; its scripts, styles, "
    yield "pictures, forms, frames and links are taken out. What was hidden at first is shown in a dashed box.</p><dl>"
    yield from (f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    yield "</dl>"
    if captured.stands_in:
        yield "<p>The captured bytes were given up; these are of the same source and said the same.</p>"
    if quoted is not None and not found:
        yield f"<p>The quote does not stand in the page's text: it was read {html.escape(_where(quoted.surface))}.</p>"
        for one in excerpts:
            yield f'<pre>{_clean(one.before)}<mark class="quote">{_clean(one.quote)}</mark>{_clean(one.after)}</pre>'
    yield "</section>"


def _where(surface: str) -> str:
    known = {"attribute": "in an attribute such as a label for screen readers", "structured": "in its structured data"}
    return known.get(surface, "on it by other words")


def _clean(text: str) -> str:
    return html.escape(_UNSEEN.sub("", text))


class _Writer:
    """Writes the kept part of a tree; without recursion, since a page may nest as deep as it likes."""

    def __init__(self, spans: Mapping[int, list[Span]]) -> None:
        self._spans = spans
        self._anchored = False

    def write(self, soup: BeautifulSoup) -> Iterator[str]:
        """The pieces of the page in their order."""
        from bs4 import Tag
        from bs4.element import NavigableString, PreformattedString

        open_tags: list[tuple[Iterator[object], str]] = [(iter(soup.contents), "")]
        while open_tags:
            children, closing = open_tags[-1]
            node = next(children, None)
            if node is None:
                open_tags.pop()
                yield closing
            elif isinstance(node, Tag):
                if node.name.lower() not in _GONE:
                    begin, end = _tag(node) if len(open_tags) < _DEEPEST else ("", "")
                    yield begin
                    open_tags.append((iter(node.contents), end))
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                yield self._text(str(node), self._spans.get(id(node), []))

    def _text(self, text: str, spans: list[Span]) -> str:
        pieces, done = [], 0
        for start, end in spans:
            anchor = "" if self._anchored else ' id="quote"'
            self._anchored = True
            pieces += [_clean(text[done:start]), f'<mark class="quote"{anchor}>', _clean(text[start:end]), "</mark>"]
            done = end
        return "".join([*pieces, _clean(text[done:])])


def _tag(tag: Tag) -> tuple[str, str]:
    """How a tag begins and ends in the page to look at."""
    name = tag.name.lower()
    if name == "img":
        alt = str(tag.get("alt") or "").strip()
        return (f'<span class="picture">[{_clean(alt)}]</span>' if alt else ""), ""
    if name in ("html", "body", "[document]"):
        return "", ""
    written = name if name in _KEPT else "span" if name in _INLINE else "div"
    attributes = "".join(f' {key}="{value}"' for key, value in _attributes(tag, written))
    return f"<{written}{attributes}>", "" if written in _VOID else f"</{written}>"


def _attributes(tag: Tag, written: str) -> Iterator[tuple[str, str]]:
    if tag.has_attr("hidden") or _HIDING.search(str(tag.get("style") or "")):
        yield "class", "was-hidden"
    if written == "details":
        yield "open", "open"
    if written in ("td", "th"):
        for name in ("colspan", "rowspan"):
            value = str(tag.get(name) or "")
            if value.isascii() and value.isdigit() and 1 < int(value[:4]) <= 1000:
                yield name, str(int(value[:4]))
