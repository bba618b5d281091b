"""Texts with marks: `⟦kind|what is true|what is false|another falsehood⟧`. Each falsehood makes one case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"⟦([^|⟧]*)\|([^|⟧]*)((?:\|[^|⟧]*)*)⟧")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text with one falsehood in it: of which kind, in which line, and what stands there."""

    name: str
    kind: str
    text: str
    line: int
    false: str
    true: str


def true_text(marked: str) -> str:
    """The text with everything as it is."""
    return _MARK.sub(lambda found: found[2], marked)


def cases(name: str, marked: str) -> Iterator[Case]:
    """The text once for each falsehood that its marks hold."""
    for mark in _MARK.finditer(marked):
        for false in mark[3].split("|")[1:]:
            before, after = true_text(marked[: mark.start()]), true_text(marked[mark.end() :])
            yield Case(
                name=name,
                kind=mark[1],
                text=before + false + after,
                line=before.count("\n") + 1,
                false=false,
                true=mark[2],
            )
