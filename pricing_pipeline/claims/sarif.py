"""Audits as SARIF 2.1.0, the form in which code hosts and editors show findings beside the lines of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pricing_pipeline.claims.audit import Audit
from pricing_pipeline.claims.bounds import Cut
from pricing_pipeline.claims.claim import Claim, Kind
from pricing_pipeline.claims.judging import Judged
from pricing_pipeline.claims.phrases import contradiction_message, cut_message, judged_message

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SELF = "self_contradiction"


def sarif(audits: Sequence[Audit], *, version: str) -> dict[str, Any]:
    """One run that holds a result for each contradicted claim and each place where a text contradicts itself."""
    rules = [*(kind.value for kind in Kind), _SELF]
    results = [result for audit in audits for result in _results(audit, rules)]
    driver = {
        "name": "pricing-pipeline",
        "version": version,
        "rules": [_rule(name) for name in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    cut = [_notification(audit.file, audit.cut) for audit in audits if audit.cut is not None]
    if cut:
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": cut}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _notification(file: str, cut: Cut) -> dict[str, Any]:
    """That a text was not judged to its end."""
    place = {"artifactLocation": {"uri": _uri(file)}, "region": {"startLine": cut.line}}
    return {
        "level": "error",
        "message": {"text": f"{file}:{cut.line}: {cut_message(cut)}"},
        "locations": [{"physicalLocation": place}],
    }


def _rule(name: str) -> dict[str, Any]:
    words = name.replace("_", " ")
    said = (
        "A statement that another one in the same text contradicts"
        if name == _SELF
        else f"A claim about {words} that the facts contradict"
    )
    return {"id": name, "shortDescription": {"text": said}, "defaultConfiguration": {"level": "error"}}


def _results(audit: Audit, rules: Sequence[str]) -> list[dict[str, Any]]:
    found = [_judged(audit.file, one, rules) for one in audit.contradicted]
    for one in audit.contradictions:
        result = _result(audit.file, one.claim, _SELF, rules, contradiction_message(one))
        result["relatedLocations"] = [{**_location(audit.file, one.other), "message": {"text": one.other.text}}]
        found.append(result)
    return found


def _judged(file: str, one: Judged, rules: Sequence[str]) -> dict[str, Any]:
    result = _result(file, one.claim, one.claim.kind.value, rules, judged_message(one))
    found = one.finding
    known = {"right": found.right, "source": found.url, "quote": found.quote}
    if found.captured_at is not None:
        known["captured_at"] = found.captured_at.isoformat().replace("+00:00", "Z")
    result["properties"] = {name: value for name, value in known.items() if value}
    return result


def _result(file: str, claim: Claim, rule: str, rules: Sequence[str], message: str) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": "error",
        "message": {"text": message},
        "locations": [_location(file, claim)],
    }


def _uri(file: str) -> str:
    return quote(file.replace("\\", "/"), safe="/~._-")


def _location(file: str, claim: Claim) -> dict[str, Any]:
    region = {
        "startLine": claim.place.line,
        "startColumn": claim.place.column,
        "endLine": max(claim.end.line, claim.place.line),
        "endColumn": claim.end.column + 1,
        "snippet": {"text": claim.text},
    }
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file)},
            "region": region,
        }
    }
