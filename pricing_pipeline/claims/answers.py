"""Reading yes and no: what answers a question, and a label that says whether there is a free plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pricing_pipeline.claims.claim import Counted, Free, Kind, OnRequest, OpenSource, Said, Saved, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.views import View
from pricing_pipeline.units import is_known, metric

YES = re.compile(r"(?:yes|✓|✔️?|✅|☑️?|available|included)(?!\w).*", re.IGNORECASE | re.DOTALL)
NO = re.compile(
    r"(?:no|none|✗|✘|❌|✕|×|—|-|–|n/a|not available|not offered)\.?(?:\s*[(,;].*)?", re.IGNORECASE | re.DOTALL
)
_IT = r"(?:you|it|they|there|we|i|he|she)\s"
_ANSWER = re.compile(
    rf"\s*(?:A\s?[:.]\s*)?(?:(?P<no>(?:no|nope|never)(?=\s*(?:[,.:;!–—-]|$))|not\s(?:as|at\sall|any|yet|really)\b|{_IT}(?:do|does|is|are|can|did)"
    rf"(?:n['’]t|\snot)(?=\s*[,.;!]))|(?P<yes>(?:yes|yep|yeah|absolutely|sure|indeed)(?=\s*(?:[,.:;!–—-]|$))|{_IT}(?:do|does|is|are|can|did)(?=\s*[,.;!])))",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"\s*(?:(?P<none>none|zero|nothing)|(?P<some>plenty|lots|many|several|a\slot))\b\s*(?=[,.;:!–—-]|$)", re.IGNORECASE
)
ASKS_FREE = re.compile(
    r"^\W*(?:is|are|does|do|has|have|can)\b[^?]*\bfree\b(?!\s(?:trial|of|from|credits?))", re.IGNORECASE
)
_ASKS_OPEN = re.compile(r"^\W*(?:is|are)\b[^?]*\bopen[\s-]source\b", re.IGNORECASE)
_ASKS_INCLUDED = re.compile(
    r"^\W*(?:is|are|does|do|will|can)\b[^?]*\b(?:includ\w+|com(?:e|es)\swith|bundled?|contains?|get)\b", re.IGNORECASE
)
_ASKS_SAVING = re.compile(
    r"^\W*(?:is|are|does|do|can|will)\b(?=[^?]*\b(?:annual\w*|year\w*)\b)[^?]*\b(?:save|saves|saving|cheaper|discount|less)\b",
    re.IGNORECASE,
)
_ASKS_PRICE = re.compile(
    r"^\W*(?:is|are|does|do|can|has|have)\b[^?]*\b(?:publish\w*\s(?:\w+\s)?price|price\b[^?]*\b(?:published|public|listed)|see\sthe\sprice|list\sprice)",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"\b(?:whether|(?:asked|asks|wondered|wonder)\sif)\s(?P<what>[^.?;]{5,160})", re.IGNORECASE)
_HOW_MANY = re.compile(r"^\W*(?:and\s|so\s)?how\s(?:many|much)\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"\bfree\s(?:plan|tier|version)s?\s?(?:[:=]|\s[–—-])\s?(?:(?P<yes>yes|✓|✔️?|✅)|(?P<no>no|none|✗|✘|❌|✕))(?!\w)",
    re.IGNORECASE,
)


def answers(view: View) -> Iterator[Found]:
    """What "yes", "no", "none" or "it does" at the beginning of a sentence says of the question before it."""
    if view.is_question:
        return
    answer, many = _ANSWER.match(view.text), _HOW_MUCH.match(view.text)
    found = answer or many
    question, subjects = _asked(view) if found else ("", ())
    if not found or not question or not subjects:
        return
    if answer:
        said = _said(question, answer["yes"] is not None)
    else:
        assert many
        said = _counted(question, is_some=many["some"] is not None) if _HOW_MANY.match(question) else None
    if said is not None:
        whole = tuple(replace(one, plan=None) for one in subjects) if isinstance(said, OpenSource | Saved) else subjects
        kind = _KINDS[type(said)]
        yield Found(kind=kind, said=said, start=found.start(), end=found.end(), subjects=whole)


_KINDS = {
    Free: Kind.FREE_TIER,
    OpenSource: Kind.OPEN_SOURCE,
    Counted: Kind.COUNT,
    Saved: Kind.RATIO,
    OnRequest: Kind.ON_REQUEST,
}


def labelled(view: View) -> Iterator[tuple[bool, int, int]]:
    """ "Free plan: no" in the middle of a line: the answer and where it stands."""
    for found in _LABELLED.finditer(view.text):
        yield found["yes"] is not None, found.start(), found.end()


def _said(question: str, answer: bool) -> Said | None:
    if _ASKS_OPEN.search(question):
        return OpenSource(answer)
    if ASKS_FREE.search(question):
        return Free(is_offered=answer, hosted_only=True)
    if _ASKS_SAVING.search(question):
        return Saved(share=Decimal(0), qualifier="over" if answer else None)
    if _ASKS_PRICE.search(question):
        return OnRequest(is_asked=not answer)
    return _counted(question, is_some=answer) if _ASKS_INCLUDED.search(question) else None


def _counted(question: str, *, is_some: bool) -> Counted | None:
    """Whether a question's unit is included: at least one, or none."""
    names = [metric(word) for word in re.findall(r"[^\W\d_]{3,}", question)]
    known = [name for name in names if name and is_known(name) and name not in ("month", "year", "plan", "seat", "day")]
    return Counted(metric=known[0], quantity=Decimal(is_some), qualifier="from" if is_some else None) if known else None


def _asked(view: View) -> tuple[str, tuple[Subject, ...]]:
    """The question right before, and whom it asks about; "asked whether" stands for one."""
    before = view.previous
    if before is not None:
        whether = _WHETHER.search(before.written)
        question = before.written if before.is_question else f"does {whether['what']}?" if whether else ""
        named = before.mentions
        subjects = named[0].subjects if len(named) == 1 else before.fallback if not named else ()
        return question, subjects
    return (view.question, view.fallback) if view.start == 0 else ("", ())
