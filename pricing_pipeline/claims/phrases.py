"""Findings in sentences and rows, as people and programs are told of them."""

from __future__ import annotations

from typing import Any

from pricing_pipeline.claims.audit import Audit
from pricing_pipeline.claims.bounds import Cut
from pricing_pipeline.claims.claim import Claim, Subject
from pricing_pipeline.claims.contradictions import Contradiction
from pricing_pipeline.claims.judging import Judged

_SELF = "contradicts itself"


def subject_name(subject: Subject) -> str:
    """A subject as placeholders name it: `dagster-plus.solo`."""
    return subject.product if subject.plan is None else f"{subject.product}.{subject.plan}"


def _about(claim: Claim) -> str:
    return " or ".join(subject_name(subject) for subject in claim.subjects)


def judged_message(one: Judged) -> str:
    """A contradicted claim in one sentence: `"$12 a month" (dagster-plus.solo) is contradicted: $10.00 a month`."""
    about = _about(one.claim)
    message = f"{one.claim.text!r}{f' ({about})' if about else ''} is {one.verdict.value}"
    said = one.finding.right or one.finding.why
    message += f": {said}" if said else ""
    message += f" ({one.finding.why})" if one.finding.right and one.finding.why else ""
    if one.finding.url and one.finding.captured_at is not None:
        message += f"; {one.finding.url}, read {one.finding.captured_at:%Y-%m-%d}"
    return message


def contradiction_message(one: Contradiction) -> str:
    """Where a text contradicts itself, in one sentence."""
    return f"{one.claim.text!r} contradicts the text itself: {one.why}"


def cut_message(cut: Cut) -> str:
    """Where judging ended for a text's length, in one sentence."""
    return f"only {cut.why} are judged, and nothing from here on; split the file"


def silence_message(audit: Audit) -> str | None:
    """Why nothing in a text could be judged by facts, in one sentence; None where it names somebody who is published."""
    if audit.about:
        return None
    if audit.silent:
        return f"nothing is published of {', '.join(audit.silent)} yet, so no figure was checked"
    return "it names no vendor or product of which something is published, so no figure was checked"


def problem_lines(audit: Audit) -> tuple[str, ...]:
    """A line for each contradicted claim and each self-contradiction: file, line, what stands there, what is right.

    Another says where a text is too long to be judged to its end.
    """
    judged = [(one.claim.place.line, judged_message(one)) for one in audit.contradicted]
    own = [(one.claim.place.line, contradiction_message(one)) for one in audit.contradictions]
    cut = [] if audit.cut is None else [(audit.cut.line, cut_message(audit.cut))]
    return tuple(f"{audit.file}:{line}: {message}" for line, message in sorted([*judged, *own, *cut]))


def rows(audit: Audit) -> list[dict[str, Any]]:
    """Every claim of an audit as a row, those that contradict the text itself behind the others."""
    found = [_row(audit.file, one) for one in audit.judged]
    for one in audit.contradictions:
        place = one.claim.place
        found.append(
            {
                "file": audit.file,
                "line": place.line,
                "column": place.column,
                "kind": one.claim.kind.value,
                "about": _about(one.claim),
                "claim": one.claim.text,
                "sentence": one.claim.sentence,
                "verdict": _SELF,
                "right": "",
                "why": one.why,
                "source": None,
                "captured_at": None,
                "quote": None,
                "other_line": one.other.place.line,
            }
        )
    return found


def _row(file: str, one: Judged) -> dict[str, Any]:
    claim, found = one.claim, one.finding
    return {
        "file": file,
        "line": claim.place.line,
        "column": claim.place.column,
        "kind": claim.kind.value,
        "about": _about(claim),
        "claim": claim.text,
        "sentence": claim.sentence,
        "verdict": found.verdict.value,
        "right": found.right,
        "why": found.why,
        "source": found.url or None,
        "captured_at": found.captured_at,
        "quote": found.quote or None,
        "other_line": None,
    }
