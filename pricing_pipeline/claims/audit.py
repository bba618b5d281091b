"""An audit of one text: its claims judged, and where it contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pricing_pipeline.claims.bounds import AGAIN, CLAIMS, Cut, readable
from pricing_pipeline.claims.contradictions import Contradiction, contradictions
from pricing_pipeline.claims.judgement import Verdict
from pricing_pipeline.claims.judging import Judged, judge_claims
from pricing_pipeline.claims.knowledge import Key, Knowledge
from pricing_pipeline.claims.passages import Passage
from pricing_pipeline.claims.reading import read_claims, read_passages
from pricing_pipeline.claims.scopes import Scopes
from pricing_pipeline.claims.secondly import acquitted, reconsidered
from pricing_pipeline.claims.strangers import with_strangers
from pricing_pipeline.claims.subjects import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found in one file, up to where it was `cut` for its length.

    `about` are the names in it of which something is published; where there is none, `silent` are those in it that are
    watched all the same.
    """

    file: str
    judged: tuple[Judged, ...]
    contradictions: tuple[Contradiction, ...]
    cut: Cut | None = None
    about: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

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
        judged = self._reconsidered(judge_claims(claims, self._knowledge), read, directory)
        published, silent = self._named(read, about)
        return Audit(
            file=file, judged=judged, contradictions=contradictions(claims), cut=cut, about=published, silent=silent
        )

    def _named(self, passages: Sequence[Passage], about: Sequence[Key]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The products that a text names, by their names: those of which something is published, and the others."""
        texts = dict.fromkeys(text for one in passages for text in (one.text, *one.headings))
        found = dict.fromkeys(key for text in texts for one in self._directory.products_in(text) for key in one.keys)
        keys = dict.fromkeys((*about, *found))
        known = [key for key in keys if self._knowledge.plans_ever(key) or self._knowledge.ratings_of(key)]
        names = self._knowledge.names
        published, silent = ([names[key].product_name for key in some if key in names] for some in (known, keys))
        return tuple(published), tuple(() if published else silent)

    def _reconsidered(
        self, judged: Sequence[Judged], passages: Sequence[Passage], directory: Directory
    ) -> tuple[Judged, ...]:
        """The claims with a second look at what is not supported, unless its very words are by another claim."""
        supported = {_words(one) for one in judged if one.verdict is Verdict.SUPPORTED}
        scopes = Scopes(passages, directory)
        found: list[Judged] = []
        looks = 0
        for one in judged:
            is_open = one.verdict is not Verdict.SUPPORTED and _words(one) not in supported and looks < AGAIN
            looks += is_open
            found.append(self._again(one, scopes) if is_open else one)
        return tuple(found)

    def _again(self, judged: Judged, scopes: Scopes) -> Judged:
        claim = judged.claim
        again = reconsidered if judged.verdict is Verdict.UNKNOWN else acquitted
        found = again(claim, scopes, self._knowledge)
        return judged if found is None else Judged(claim=claim, finding=found)


def _words(judged: Judged) -> tuple[int, int]:
    return judged.claim.passage, judged.claim.start
