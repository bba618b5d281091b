"""Reading and judging under which licence something is said to be: "under the Apache licence", "licensed under AGPL"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pricing_pipeline.claims.claim import Kind, Licensed, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.judgement import Finding, Verdict, unknown
from pricing_pipeline.claims.knowledge import Knowledge
from pricing_pipeline.claims.views import View

_NAMES = {
    "apache": r"Apache(?:[\s-]2(?:\.0)?)?",
    "mit": r"MIT",
    "agpl": r"AGPL(?:v?3)?|Affero\sGPL",
    "gpl": r"(?:GNU\s)?GPL(?:v?[23])?",
    "bsd": r"BSD",
    "mpl": r"MPL|Mozilla\sPublic",
    "bsl": r"BSL|BUSL|Business\sSource",
    "elastic": r"Elastic(?:\sLicen[cs]e)?",
    "sspl": r"SSPL",
}
_NAME = "|".join(f"(?P<{slug}>{words})" for slug, words in _NAMES.items())
_UNDER = re.compile(
    rf"\b(?:under|licen[cs]ed(?:\sas)?|with)\s(?:the\s|an?\s)?(?:{_NAME})(?![\w-])|"
    rf"\b(?:{_NAME.replace('(?P<', '(?P<is_')})[\s-]licen[cs]ed?\b"
)


def licences(view: View) -> Iterator[Found]:
    """The licences that a sentence names."""
    if view.is_question:
        return
    for found in _UNDER.finditer(view.written):
        slug = next(one for one in _NAMES if found[one] or found[f"is_{one}"])
        for subjects in _speakers(view, found.start()):
            whole = tuple(dict.fromkeys(Subject(*subject.key) for subject in subjects))
            yield Found(
                kind=Kind.OPEN_SOURCE, said=Licensed(slug), start=found.start(), end=found.end(), subjects=whole,
            )  # fmt: skip


def _speakers(view: View, start: int) -> list[tuple[Subject, ...]]:
    """Each of those who are named before, or of whom was spoken."""
    before = [one.subjects for one in view.mentions if one.end <= start]
    return list(dict.fromkeys(before)) or [(subject,) for subject in view.fallback]


def judge_licensed(said: Licensed, subject: Subject, knowledge: Knowledge) -> Finding:
    """The finding on a licence; a vendor of whom none is known may have any."""
    known = knowledge.licences.get(subject.vendor)
    named = [slug for slug, words in _NAMES.items() if known and re.search(rf"\b(?:{words})\b", known.text)]
    if known is None or not named:
        return unknown("its licence is not known")
    verdict = Verdict.SUPPORTED if said.name in named else Verdict.CONTRADICTED
    return Finding(verdict=verdict, right=known.text, url=known.url)
