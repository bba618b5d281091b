"""Which metrics are known, and whether what a plan includes of one is used up in a period or held at once."""

from __future__ import annotations

import re

from pricing_pipeline import units
from pricing_pipeline.facts import TermKind

# Metrics that are used up rather than held at once: what a plan includes of them is an allowance, of all others a limit.
_CONSUMED = frozenset(
    [
        "credit",
        "token",
        "event",
        "request",
        "call",
        "query",
        "row",
        "record",
        "run",
        "task",
        "execution",
        "invocation",
        "transaction",
        "email",
        "message",
        "minute",
        "hour",
        "second",
        "gb",
        "tb",
        "mb",
        "kb",
        "pageview",
        "view",
        "visit",
        "visitor",
        "session",
        "recording",
        "span",
        "trace",
        "metric",
        "log",
        "lookup",
        "search",
        "conversation",
        "build",
        "scan",
        "api_call",
        "operation",
        "action",
        "step",
        "image_generation",
        "generation",
        "impression",
        "click",
        "response",
        "submission",
        "sms",
        "mailing",
        "notification",
        "page",
        "document",
        "image",
        "word",
        "character",
        "conversion",
        "download",
        "upload",
        "export",
        "import",
    ]
)
_DATA = frozenset({"kb", "mb", "gb", "tb", "pb"})
TIME = frozenset({"day", "week", "month", "year", "hour", "minute", "second", "millisecond", "quarter"})
_KEPT = re.compile(r"(?:retention|history|log|archive|backup|data|storage|audit|lookback|version)")


def units_known(metric: str) -> bool:
    """Whether a metric is one that vendors are known to meter."""
    return units.is_known(metric) or metric.split("_", 1)[0] in _DATA


def kind_of(metric: str, period: str | None) -> TermKind:
    """Whether so much of a metric is an allowance, used up in a period, or a limit on what one has at once."""
    parts = metric.split("_")
    if _KEPT.search(metric) and parts[-1] in TIME:
        return TermKind.LIMIT
    return (
        TermKind.ALLOWANCE
        if period or parts[-1] in _CONSUMED or metric in _CONSUMED or parts[0] in _CONSUMED
        else TermKind.LIMIT
    )
