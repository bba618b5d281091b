"""What becomes of a claim: supported, contradicted or unknown, with the right value and where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pricing_pipeline.claims.knowledge import AnyHeld


class Verdict(StrEnum):
    """What the facts say of a claim. Unknown is no half of either."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on a claim about one subject. `right` is what the facts say, in words; `why` says more where needed."""

    verdict: Verdict
    right: str = ""
    why: str = ""
    url: str = ""
    captured_at: datetime | None = None
    quote: str = ""


def finding(verdict: Verdict, right: str = "", sources: Iterable[AnyHeld] = (), why: str = "") -> Finding:
    """A finding with the first of its sources as its evidence."""
    first = next(iter(sources), None)
    if first is None:
        return Finding(verdict=verdict, right=right, why=why)
    return Finding(
        verdict=verdict,
        right=right,
        why=why,
        url=first.url,
        captured_at=first.captured_at,
        quote=first.fact.evidence.quote,
    )


def unknown(why: str) -> Finding:
    """Nothing that is known settles it."""
    return Finding(verdict=Verdict.UNKNOWN, why=why)


def any_of(findings: Sequence[Finding]) -> Finding:
    """The finding on a claim that may be about any one of several: contradicted only where it is of all of them."""
    if not findings:
        return unknown("whom it speaks of is not recognised")
    for verdict in (Verdict.SUPPORTED, Verdict.UNKNOWN):
        found = next((one for one in findings if one.verdict is verdict), None)
        if found is not None:
            return found
    rights = list(dict.fromkeys(one.right for one in findings if one.right))
    first = findings[0]
    return Finding(
        verdict=Verdict.CONTRADICTED,
        right=" or ".join(rights),
        why=first.why,
        url=first.url,
        captured_at=first.captured_at,
        quote=first.quote,
    )
