"""One lever that a vendor moved, before anybody has said what it costs or how much it matters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.facts import Lever, Rating, Term

FAVOURABLE = frozenset(
    {
        "price_decreased",
        "free_tier_added",
        "allowance_added",
        "allowance_increased",
        "rate_decreased",
        "plan_added",
        "price_published",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A lever, what it did, and the sentence for it without its subject. `plan` None speaks of the whole product.

    `ratio` is after by before of the figure itself, where both are known and above zero. What only `is_other_scale`
    changes no bill.
    """

    lever: Lever
    kind: str
    phrase: str
    plan: str | None = None
    metric: str | None = None
    before: str | None = None
    after: str | None = None
    currency: str | None = None
    before_term: Term | None = None
    after_term: Term | None = None
    before_rating: Rating | None = None
    after_rating: Rating | None = None
    ratio: Decimal | None = None
    is_view: bool = False
    is_other_scale: bool = False

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that it is about; none for what touches the whole bill."""
        terms = (self.before_term, self.after_term)
        named = {self.metric, *(term.metric for term in terms if term)}
        return frozenset(metric for metric in named if metric)


def ratio(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """After by before; None where either is unknown or nothing."""
    return after / before if before and after and before > 0 else None
