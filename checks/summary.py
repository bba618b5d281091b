"""A suite's result as a short Markdown table, for whoever shows it."""

from __future__ import annotations

import re

from checks.results import CheckOutcome, SuiteResult

_LONGEST_CELL = 300
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!&])")


def summary_markdown(result: SuiteResult, *, limit: int = 4000) -> str:
    """The checks of a suite, worst first, in at most `limit` characters; what does not fit is counted at the end."""
    title = f"**{result.suite}: {result.status}**\n\n"
    lines = ["| check | status | checked | unexpected | what was found |", "|---|---|---|---|---|"]
    ranked = sorted(result.results, key=lambda outcome: _RANK.index(outcome.status.value))
    room = limit - len(title) - sum(len(line) + 1 for line in lines) - len(_left_out(len(ranked)))
    for place, outcome in enumerate(ranked):
        line = _line(outcome)
        room -= len(line) + 1
        if room < 0:
            return title + "\n".join(lines) + _left_out(len(ranked) - place)
        lines.append(line)
    return title + "\n".join(lines) + "\n"


_RANK = ("broken", "failed", "empty", "passed")


def _line(outcome: CheckOutcome) -> str:
    cells = (outcome.check.name, outcome.status, outcome.checked, len(outcome.unexpected), outcome.message)
    return f"| {' | '.join(_cell(str(cell)) for cell in cells)} |"


def _left_out(count: int) -> str:
    return f"\n\n{count} more checks are left out here; `check_result` in the warehouse holds them all.\n"


def _cell(text: str) -> str:
    """The text on one line, without a meaning in Markdown or HTML."""
    folded = " ".join(text.split())
    shown = folded if len(folded) <= _LONGEST_CELL else folded[: _LONGEST_CELL - 1] + "…"
    return _SPECIAL.sub(r"\\\1", shown)
