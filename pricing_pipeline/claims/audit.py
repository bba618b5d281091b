"""An audit of one text: its claims judged, and where it contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pricing_pipeline.claims.bounds import CLAIMS, Cut, readable
from pricing_pipeline.claims.contradictions import Contradiction, contradictions
from pricing_pipeline.claims.judgement import Verdict
from pricing_pipeline.claims.judging import Judged, judge_claims
from pricing_pipeline.claims.knowledge import Key, Knowledge
from pricing_pipeline.claims.passages import Passage
from pricing_pipeline.claims.reading import read_claims, read_passages
from pricing_pipeline.claims.strangers import with_strangers
from pricing_pipeline.claims.subjects import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found in one file, up to where it was `cut` for its length."""

    file: str
    judged: tuple[Judged, ...]
    contradictions: tuple[Contradiction, ...]
    cut: Cut | None = None

    @property
    def contradicted(self) -> tuple[Judged, ...]:
        """The claims that the facts contradict."""
        return tuple(one for one in self.judged if one.verdict is Verdict.CONTRADICTED)

    @property
    def is_clean(self) -> bool:
        """Whether neither the facts nor the text itself contradict anything that was judged."""
        return not self.contradicted and not self.contradictions


class Auditor:
    """Audits many texts against what is known."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Index the names once, so that a text costs what it holds."""
        self._knowledge = knowledge
        self._directory = Directory(knowledge)

    def audit(self, text: str, file: str) -> Audit:
        """The audit of a Markdown, HTML or plain text; its form is told by the file's name, else by how it begins."""
        return self.audit_passages(read_passages(text, file), file)

    def audit_passages(self, passages: Sequence[Passage], file: str, *, about: Sequence[Key] = ()) -> Audit:
        """The audit of what was read already. `about` are products that the text is known to speak of."""
        read, cut = readable(passages)
        directory = with_strangers(self._knowledge, self._directory, read)
        claims = read_claims(read, directory, about=about, most=CLAIMS + 1)
        if len(claims) > CLAIMS:
            cut = Cut(line=claims[CLAIMS].place.line, why=f"the first {CLAIMS:,} claims of a text")
            claims = claims[:CLAIMS]
        judged = judge_claims(claims, self._knowledge)
        return Audit(file=file, judged=judged, contradictions=contradictions(claims), cut=cut)
