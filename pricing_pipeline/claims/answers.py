"""Reading yes and no: what answers a question, and a label that says whether there is a free plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pricing_pipeline.claims.claim import Free, Kind, OpenSource, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.views import View

YES = re.compile(r"(?:yes|✓|✔️?|✅|☑️?|available|included)(?!\w).*", re.IGNORECASE | re.DOTALL)
NO = re.compile(
    r"(?:no|none|✗|✘|❌|✕|×|—|-|–|n/a|not available|not offered)\.?(?:\s*[(,;].*)?", re.IGNORECASE | re.DOTALL
)
_ANSWER = re.compile(
    r"\s*(?:A\s?[:.]\s*)?(?:(?P<yes>yes|yep|yeah|absolutely)|(?P<no>no|nope))\b\s*(?:[,.:;!–—-]|$)", re.IGNORECASE
)
ASKS_FREE = re.compile(
    r"^\W*(?:is|are|does|do|has|have|can)\b[^?]*\bfree\b(?!\s(?:trial|of|from|credits?))", re.IGNORECASE
)
_ASKS_OPEN = re.compile(r"^\W*(?:is|are)\b[^?]*\bopen[\s-]source\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"\bfree\s(?:plan|tier|version)s?\s?(?:[:=]|\s[–—-])\s?(?:(?P<yes>yes|✓|✔️?|✅)|(?P<no>no|none|✗|✘|❌|✕))(?!\w)",
    re.IGNORECASE,
)


def answers(view: View) -> Iterator[Found]:
    """What "yes" or "no" at the beginning of a sentence says of the question before it."""
    if view.is_question:
        return
    answer = _ANSWER.match(view.text)
    question, subjects = _asked(view) if answer else ("", ())
    if answer and question and subjects:
        said = _said(question, answer["yes"] is not None)
        if said is not None:
            whole = subjects if isinstance(said, Free) else tuple(replace(one, plan=None) for one in subjects)
            kind = Kind.FREE_TIER if isinstance(said, Free) else Kind.OPEN_SOURCE
            yield Found(kind=kind, said=said, start=answer.start(), end=answer.end(), subjects=whole)


def labelled(view: View) -> Iterator[tuple[bool, int, int]]:
    """ "Free plan: no" in the middle of a line: the answer and where it stands."""
    for found in _LABELLED.finditer(view.text):
        yield found["yes"] is not None, found.start(), found.end()


def _said(question: str, answer: bool) -> Free | OpenSource | None:
    if _ASKS_OPEN.search(question):
        return OpenSource(answer)
    return Free(is_offered=answer, hosted_only=True) if ASKS_FREE.search(question) else None


def _asked(view: View) -> tuple[str, tuple[Subject, ...]]:
    """The question right before, and whom it asks about."""
    if view.previous is not None and view.previous.is_question:
        named = view.previous.mentions
        return view.previous.written, named[0].subjects if len(
            named
        ) == 1 else view.previous.fallback if not named else ()
    above = view.passage.headings[-1] if view.passage.headings else ""
    if view.start == 0 and above.rstrip().endswith("?"):
        return above, view.fallback
    return "", ()
