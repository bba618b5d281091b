"""The cells that tables are made of: one figure each, with its state, its evidence and its words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.catalog import Provenance, StandingPlan, StandingRating, StandingTerm
from pricing_pipeline.facts import RatingState, State
from pricing_pipeline.publish import phrases
from pricing_pipeline.results import Change, PricedPlan

AMOUNT, ZERO = "amount", "zero"
NOT_APPLICABLE = "not_applicable"
# The states of a cell that say nothing is known where something should be.
MISSING = frozenset({"not_stated", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure as every exporter shows it.

    `state` is amount, zero, free, unlimited, contact_sales, not_included, not_stated or not_applicable (costs also
    unknown and infeasible, ratings no_ratings_yet). `figure` is the id of its evidence, None where nothing was read;
    `lead` names what it belongs to where the table does not. `note_figure` is what the note rests on: with it the cell
    says all that there is to say, and is its own evidence. A sum that rests on several pages has the others `beside`
    its provenance.
    """

    text: str
    state: str
    value: Decimal | None = None
    currency: str | None = None
    figure: str | None = None
    provenance: Provenance | None = None
    note: str = ""
    note_figure: str | None = None
    lead: str = ""
    pending: bool = False
    best: bool = False
    beside: tuple[Provenance, ...] = ()

    @property
    def sources(self) -> tuple[Provenance, ...]:
        """Every page and document that the figure rests on, the one that was confirmed longest ago first."""
        return () if self.provenance is None else (self.provenance, *self.beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its heading, and the group of columns that it stands under (a product)."""

    label: str
    group: str = ""
    note: str = ""
    plan: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: its heading and a cell for each column."""

    label: str
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A comparison table. `corner` is the heading of the row headings; `caption` says what the table shows."""

    slug: str
    caption: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


def plan_column(plan: StandingPlan, group: str = "") -> Column:
    """The column of a plan."""
    return Column(
        label=phrases.line(plan.plan.name, 60),
        group=group,
        note=_notes(
            "" if plan.hosted else "you run it yourself",
            f"formerly {', '.join(phrases.line(name, 60) for name in plan.formerly)}" if plan.formerly else "",
        ),
        plan=(plan.product, plan.plan.slug),
    )


def identify(kind: str, *parts: str | None) -> str:
    """A stable id of a figure: `t-…` for a term, `p-` plan, `r-` rating, `c-` cost."""
    digest = hashlib.sha256("\x1f".join("\x00" if part is None else part for part in parts).encode()).hexdigest()
    return f"{kind}-{digest[:12]}"


def term_id(standing: StandingTerm) -> str:
    """The id of a term: the same for as long as it is the same term, whatever its value."""
    return identify("t", standing.vendor, standing.product, *standing.term.key)


def plan_id(standing: StandingPlan) -> str:
    """The id of a plan."""
    return identify("p", standing.vendor, standing.product, standing.plan.slug)


def rating_id(standing: StandingRating) -> str:
    """The id of a product's rating at one publisher."""
    return identify("r", standing.vendor, standing.product, standing.rating.publisher)


def cost_id(priced: PricedPlan) -> str:
    """The id of a plan's cost at one workload."""
    return identify("c", priced.vendor, priced.product, priced.plan, priced.workload)


def change_anchor(change: Change) -> str:
    """Where a change stands on its vendor's page and in the change log."""
    return "x-" + "".join(letter if letter.isalnum() else "-" for letter in change.id)[:80]


def term_cell(standing: StandingTerm) -> Cell:
    """A term that stands."""
    term = standing.term
    value = term.amount if term.amount is not None else term.quantity
    stated = ZERO if value == 0 else AMOUNT
    return Cell(
        text=phrases.term(term),
        state=stated if term.state is State.STATED else term.state.value,
        value=value,
        currency=term.currency,
        figure=term_id(standing),
        provenance=standing.provenance,
        note=_notes("" if term.plan is not None else "for every plan", phrases.imported_note(standing.provenance)),
        pending=standing.pending,
    )


def _notes(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def price_of_plan(standing: StandingPlan) -> Cell:
    """What a plan without a stated fee says of its price: free, on request, or nothing."""
    state = State.NOT_STATED if standing.plan.state is State.STATED else standing.plan.state
    if state is State.NOT_STATED:
        return absent(State.NOT_STATED)
    return Cell(text=phrases.STATES[state], state=state.value, figure=plan_id(standing), provenance=standing.provenance)


def absent(state: State) -> Cell:
    """A cell for which nothing was read."""
    return Cell(text=phrases.STATES[state], state=state.value)


def not_applicable(note: str = "") -> Cell:
    """A cell that has no meaning for its plan."""
    return Cell(text=phrases.NOT_APPLICABLE, state=NOT_APPLICABLE, note=note)


def rating_cell(standing: StandingRating) -> Cell:
    """A rating that stands."""
    rating = standing.rating
    return Cell(
        text=phrases.rating(rating),
        state=AMOUNT if rating.state is RatingState.STATED else rating.state.value,
        value=rating.rating,
        figure=rating_id(standing),
        provenance=standing.provenance,
        note=phrases.imported_note(standing.provenance),
        pending=standing.pending,
    )


def cost_cell(
    priced: PricedPlan, sources: Sequence[Provenance], *, best: bool = False, reason_figure: str | None = None
) -> Cell:
    """What a plan costs at a workload; `sources` are where the terms stand that the sum was made of, `reason_figure` is
    the term for which there is no figure."""
    cost = priced.cost
    provenance, *beside = sources or (None,)
    state = cost.state.value if cost.low is None else ZERO if cost.low == 0 == (cost.high or 0) else AMOUNT
    return Cell(
        text=phrases.cost(cost),
        state=state,
        value=cost.low,
        currency=cost.currency,
        figure=cost_id(priced),
        provenance=provenance,
        note=phrases.line(cost.reason),
        note_figure=reason_figure,
        best=best,
        beside=tuple(one for one in beside if one is not None),
    )
