"""One message for all that is new: what matters most first, short enough for a chat, with scraped words made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pricing_pipeline.facts import Severity
from pricing_pipeline.notify.news import RANK, About, News

MOST_LINES = 20
_LONGEST_LINE = 300
# White space, and what nobody sees: controls, marks that turn the direction of reading, tags, halves of characters.
_INVISIBLE = re.compile(
    r"[\s\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e007f]+"
)
# What chats take for a call to somebody or for a link: `@channel`, `<!here>`, `[text](address)`, `https://…`.
_CALL = re.compile(r"([@<])(?=\S)|(\])(?=\()|(:)(?=//)")
# What a message can hold, in its order, by what it is about and whether it takes something back: heading, one, several.
_KINDS = {
    (About.RUNS, False): ("Runs that failed", "failed run", "failed runs"),
    (About.CHANGES, False): ("What vendors changed", "change", "changes"),
    (About.HELD, False): ("Held back until somebody decides", "held observation", "held observations"),
    (About.SOURCES, False): ("Pages that could not be read", "broken source", "broken sources"),
    (About.SOURCES, True): ("Pages that are read again", "source back", "sources back"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A message as it is sent: plain text that reads well in mail and in chat."""

    title: str
    body: str


def write(news: Sequence[News], *, site: str | None = None) -> Digest:
    """The message about `news`; `site` is where the change log is served, where it is.

    At most 20 lines, the gravest of each kind first; the rest is counted, so that a flood stays one message.
    """
    # In their own order among equals: what a vendor did stands before what follows from it.
    kept = sorted(news, key=lambda one: (-RANK[one.severity], one.at))[:MOST_LINES]
    lines: list[str] = []
    for kind, (heading, _, _) in _KINDS.items():
        of_kind = [one for one in kept if (one.about, bool(one.ends)) == kind]
        if of_kind:
            lines += [heading, *(f"- {line}" for line in _lines(of_kind)), ""]
    if len(news) > len(kept):
        lines += [f"… and {len(news) - len(kept)} more: `pricing-pipeline changes` and `pricing-pipeline doctor`", ""]
    if site:
        lines.append(f"All changes: {site.rstrip('/')}/changes.html")
    return Digest(title=_title(news), body="\n".join(lines).strip() + "\n")


def harmless(text: str) -> str:
    """Words of a page as they may stand in a message: one line, nothing invisible, calling nobody, linking nowhere."""
    folded = _INVISIBLE.sub(" ", text).strip()
    if len(folded) > _LONGEST_LINE:
        folded = folded[: _LONGEST_LINE - 1] + "…"
    return _CALL.sub(lambda match: f"{match[0]}\u200b", folded)


def _lines(news: Sequence[News]) -> Iterator[str]:
    for one in news:
        mark = "CRITICAL " if one.severity is Severity.CRITICAL and one.about is About.CHANGES else ""
        subject = f"{harmless(one.subject)}: " if one.subject and not one.text.startswith(f"{one.subject}:") else ""
        where = f" {one.url}" if one.url else ""
        yield f"{mark}{subject}{harmless(one.text)}{where} ({one.at:%-d %B %Y})"


def _title(news: Sequence[News]) -> str:
    critical = sum(one.about is About.CHANGES and one.severity is Severity.CRITICAL for one in news)
    parts = []
    for kind, (_, single, several) in _KINDS.items():
        count = sum((one.about, bool(one.ends)) == kind for one in news)
        if count:
            grave = f" ({critical} critical)" if kind[0] is About.CHANGES and critical else ""
            parts.append(f"{count} {single if count == 1 else several}{grave}")
    return f"Pricing: {', '.join(parts)}"
