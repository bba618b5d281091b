"""From what each way of reading found to what the page says: merged, quotes verified, disagreements kept as conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.extract.document import Document
from pricing_pipeline.extract.page import Draft
from pricing_pipeline.facts import Conflict, Diagnostic, State, Surface, Term, TermKind

_SURFACES = (Surface.VISIBLE, Surface.INACTIVE_PANE, Surface.ATTRIBUTE, Surface.STRUCTURED)
# A recipe is a person's word; a card says what it is about more surely than a table, a table than a sentence.
_WAYS = ("recipe", "card", "table", "prose", "attribute", "embedded", "structured")
_CURRENCY = 6  # its place in a term's key
_HELD = frozenset({TermKind.ALLOWANCE, TermKind.LIMIT, TermKind.MINIMUM_SPEND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The terms of a page, the conflicts between its surfaces, and what was left out and why."""

    terms: tuple[Term, ...]
    conflicts: tuple[Conflict, ...]
    diagnostics: tuple[Diagnostic, ...]


def reconcile(drafts: Iterable[Draft], document: Document) -> Reconciled:
    """One term for each key, in the order in which the page states them."""
    grouped: dict[tuple[str | None, ...], list[Draft]] = {}
    unfounded: list[Draft] = []
    for draft in drafts:
        if document.holds(draft.term.evidence.quote, draft.term.evidence.surface):
            grouped.setdefault(_key(draft.term), []).append(draft)
        else:
            unfounded.append(draft)
    terms: list[Term] = []
    conflicts: list[Conflict] = []
    for group in grouped.values():
        kept, conflict = _settle(group)
        terms.extend(kept)
        conflicts.extend(conflict)
    return Reconciled(
        terms=tuple(_without_echoes(terms)), conflicts=tuple(conflicts), diagnostics=tuple(_unfounded(unfounded))
    )


def _key(term: Term) -> tuple[str | None, ...]:
    # An unlimited and a stated count of one metric are two answers to one question, whichever kind each was taken for.
    key = list(term.key)
    if term.term in (TermKind.ALLOWANCE, TermKind.LIMIT):
        key[2], key[4] = "held", None
    if term.term is TermKind.RECURRING_FEE and term.state is State.FREE:  # "Free" and "$0" are one price
        key[_CURRENCY] = None
    return tuple(key)


def _settle(group: Sequence[Draft]) -> tuple[list[Term], list[Conflict]]:
    """The term of one key, or the conflict that stands in its place."""
    ranked = sorted(group, key=_rank)
    best = ranked[0]
    rivals = [draft for draft in ranked[1:] if _value(draft.term) != _value(best.term) and _speaks_at_once(draft, best)]
    if not rivals or (best.way == "recipe"):
        return [best.term], []
    if all(draft.way == best.way and draft.term.term in _HELD for draft in rivals):
        return [best.term], []  # one card counts a thing twice: "1 dashboard" and what may be added to it
    by_value: dict[object, Term] = {}
    for draft in (best, *rivals):
        by_value.setdefault(_value(draft.term), draft.term)
    term, readings = best.term, tuple(by_value.values())
    conflict = Conflict(plan=term.plan, term=term.term, metric=term.metric, readings=readings)
    both_visible = any(reading.evidence.surface is Surface.VISIBLE for reading in readings[1:])
    return ([] if both_visible else [term]), [conflict]


def _rank(draft: Draft) -> tuple[int, int]:
    return (_SURFACES.index(draft.term.evidence.surface), _WAYS.index(draft.way))


def _speaks_at_once(draft: Draft, best: Draft) -> bool:
    """An inactive pane is not seen beside the visible one, so it cannot contradict it."""
    return (
        draft.term.evidence.surface is not Surface.INACTIVE_PANE or best.term.evidence.surface is Surface.INACTIVE_PANE
    )


def _value(term: Term) -> tuple[State, Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
    step = term.per_quantity if term.per_quantity not in (None, Decimal(1)) else None
    return (term.state, term.amount, term.amount_max, term.quantity, step)


def _without_echoes(terms: Sequence[Term]) -> list[Term]:
    """Terms without those that repeat a plan's own for all plans, or a fee without its period beside the same fee with it."""
    own = {
        (term.term, metric, term.amount, term.per_quantity)
        for term in terms
        if term.plan is not None
        # GB of storage at the same rate is what a sentence beside it calls GB.
        for metric in (term.metric, (term.metric or "").rpartition("_")[2])
    }
    dated = {(term.plan, term.term, term.amount) for term in terms if term.billing_period is not None}
    kept = []
    for term in terms:
        if (
            term.plan is None
            and (term.term, term.metric, term.amount, term.per_quantity) in own
            and term.term is TermKind.USAGE_RATE
        ):
            continue
        if (
            term.amount is not None
            and term.billing_period is None
            and term.term is TermKind.RECURRING_FEE
            and (term.plan, term.term, term.amount) in dated
        ):
            continue
        kept.append(term)
    return kept


def _unfounded(drafts: Sequence[Draft]) -> Iterable[Diagnostic]:
    for draft in drafts:
        term = draft.term
        yield Diagnostic(
            code="low_confidence",
            message=f"{term.plan or 'page'}: {term.term} left out, its quote is not on the {term.evidence.surface} surface: "
            f"{term.evidence.quote[:80]!r}",
        )
