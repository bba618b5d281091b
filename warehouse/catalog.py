"""What stands at one moment, read in a few bulk queries: everything that an edition is made of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pricing_pipeline.catalog import (
    AnnouncedTerm,
    Catalog,
    CohortPeriod,
    CostPeriod,
    FormerPlan,
    Imported,
    Provenance,
    StandingPlan,
    StandingRating,
    StandingTerm,
    TermPeriod,
)
from pricing_pipeline.elsewhere import is_open
from pricing_pipeline.facts import GateState, Source, State, Term
from pricing_pipeline.results import Change, Cost, CostState, PricedPlan, Workload
from warehouse import check_results, imports, observations, plan_names
from warehouse.changes import list_changes, period
from warehouse.columns import PLAN_COLUMNS, RATING_COLUMNS, TERM_COLUMNS, cohort_from, plan_from, rating_from, term_from
from warehouse.connection import Connection
from warehouse.grid import pricing_of
from warehouse.ledger import Owner
from warehouse.pricing import COSTS, is_hosted, self_hosted_plans
from warehouse.source_states import states as source_states
from warehouse.sql import sql

# Where the columns of a fact itself begin behind vendor, product and position, and where its file stands among those of
# its provenance.
_OWN, _FILE = 11, 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_catalog(
    con: Connection, *, sources: Iterable[Source], workloads: Sequence[Workload], demo: bool = False
) -> Catalog:
    """Everything that stands for these sources, in a fixed order: vendor, product, page position, key."""
    registered = tuple(sources)
    as_of = edition_clock(con)
    changes = list_changes(con)
    pending = _pending(changes)
    history = _history(con)
    reader = _Reader(con=con, as_of=as_of, sources=_listed(con, registered))
    former = plan_names.former_plans(con)
    states = source_states(con)
    return Catalog(
        as_of=as_of,
        sources=registered,
        states=tuple(states[source.id] for source in registered if source.id in states),
        plans=_plans(reader, former),
        terms=_terms(reader, _ended(history, former), pending),
        announced=_announced(reader, _ended(history, former)),
        ratings=_ratings(reader, pending),
        history=history,
        cohorts=_cohorts(reader),
        changes=changes,
        costs=_costs(reader),
        lapsed=imports.lapsed(con, reader.sources, as_of),
        former_plans=former,
        workloads=tuple(workloads),
        held=tuple(observations.held(con)),
        checks=check_results.latest(con),
        cost_history=_cost_history(reader, workloads),
        demo=demo,
    )


def edition_clock(con: Connection) -> datetime:
    """When the newest fact or verification was recorded: the same warehouse always gives the same moment."""
    found = con.execute(sql("queries/edition_clock")).fetchall()[0][0]
    return found or EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Standing rows of one kind, with where they come from: imported facts last."""

    con: Connection
    as_of: datetime
    sources: list[str]

    def rows(self, kind: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """vendor, product, position, the provenance, then the kind's own columns."""
        own = ", ".join(f"fact.{name}" for name in columns)
        query = sql("queries/standing").replace("/* kind */", kind).replace("/* columns */", own)
        return self.con.execute(query, {"at": self.as_of, "sources": self.sources}).fetchall()


def _plans(reader: _Reader, former: Iterable[FormerPlan]) -> tuple[StandingPlan, ...]:
    called: dict[tuple[str, str, str], list[str]] = {}
    for one in former:
        called.setdefault((one.vendor, one.product, one.plan), []).append(one.former_name)
    hosted = self_hosted_plans(reader.con)
    found = []
    seen: set[tuple[str, str, str]] = set()
    for vendor, product, position, *rest in reader.rows("plan", PLAN_COLUMNS):
        plan = plan_from(rest[_OWN:])
        if (vendor, product, plan.slug) in seen:
            continue  # a page, or another file, says that it is offered
        seen.add((vendor, product, plan.slug))
        is_ours = plan.slug not in hosted.get(Owner(vendor, product), ()) and is_hosted(plan, None)
        found.append(
            StandingPlan(
                vendor=vendor,
                product=product,
                plan=plan,
                position=position,
                hosted=is_ours,
                provenance=_provenance(rest),
                formerly=tuple(called.get((vendor, product, plan.slug), ())),
            )
        )
    return tuple(found)


def _terms(reader: _Reader, ended: Mapping[Hashable, Term], pending: frozenset[Hashable]) -> tuple[StandingTerm, ...]:
    found = []
    for vendor, product, _, *rest in reader.rows("term", TERM_COLUMNS):
        term = term_from(rest[_OWN:])
        provenance = _provenance(rest)
        previous = ended.get((vendor, product, term.key, provenance.valid_from))
        if previous is None and _is_of_any_time(term):
            previous = ended.get((vendor, product, *_whose(term), provenance.valid_from))
        is_pending = not pending.isdisjoint({(vendor, product, term.key), (vendor, product, "plan", term.plan)})
        found.append(
            StandingTerm(
                vendor=vendor, product=product, term=term, provenance=provenance, previous=previous, pending=is_pending
            )
        )
    return tuple(found)


def _announced(reader: _Reader, ended: Mapping[Hashable, Term]) -> tuple[AnnouncedTerm, ...]:
    """What is announced for days to come, each with what holds until then."""
    own = ", ".join(f"fact.{name}" for name in TERM_COLUMNS)
    query = sql("queries/announced_terms").replace("/* columns */", own)
    rows = reader.con.execute(query, {"at": reader.as_of, "sources": reader.sources}).fetchall()
    found = []
    for vendor, product, _, *rest in rows:
        term, provenance = term_from(rest[_OWN:]), _provenance(rest)
        before = ended.get((vendor, product, term.key, provenance.valid_from))
        found.append(AnnouncedTerm(vendor=vendor, product=product, term=term, provenance=provenance, before=before))
    return tuple(found)


def _ratings(reader: _Reader, pending: frozenset[Hashable]) -> tuple[StandingRating, ...]:
    found = []
    rows = reader.rows("rating", RATING_COLUMNS)
    imported = {(row[0], row[1], rating_from(row[3 + _OWN :]).publisher) for row in rows if row[3 + _FILE] is not None}
    for vendor, product, _, *rest in rows:
        rating = rating_from(rest[_OWN:])
        # a review page's own subject has no publisher on the page; the source says whose page it is
        named = replace(rating, publisher=rating.publisher or _publisher(rest[0]))
        if rest[_FILE] is None and is_open(named) and (vendor, product, named.publisher) in imported:
            continue  # the page leaves open what somebody vouches for
        is_pending = (vendor, product, "rating", rating.publisher) in pending
        found.append(
            StandingRating(
                vendor=vendor, product=product, rating=named, provenance=_provenance(rest), pending=is_pending
            )
        )
    return tuple(found)


def _costs(reader: _Reader) -> tuple[PricedPlan, ...]:
    rows = reader.con.execute(sql("queries/standing_costs"), {"at": reader.as_of, "sources": reader.sources}).fetchall()
    return tuple(replace(COSTS.build(row), vendor=vendor, product=product) for vendor, product, *row in rows)


def _cost_history(reader: _Reader, workloads: Iterable[Workload]) -> tuple[CostPeriod, ...]:
    asked = {"workloads": [one.slug for one in workloads], "sources": reader.sources}
    return tuple(
        CostPeriod(
            vendor=vendor,
            product=product,
            plan=plan,
            workload=workload,
            cost=Cost(state=CostState(state), low=low, high=high, currency=currency, reason=reason),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        for vendor, product, plan, workload, state, low, high, currency, reason, valid_from, valid_to in (
            reader.con.execute(sql("queries/believed_costs"), asked).fetchall()
        )
    )


def _history(con: Connection) -> tuple[TermPeriod, ...]:
    return tuple(period(row) for row in con.execute(sql("queries/believed_terms")).fetchall())


def _cohorts(reader: _Reader) -> tuple[CohortPeriod, ...]:
    rows = reader.con.execute(sql("queries/believed_cohorts"), {"sources": reader.sources}).fetchall()
    return tuple(
        CohortPeriod(
            vendor=row[0], product=row[1], valid_from=row[2], valid_to=row[3], url=row[4], cohort=cohort_from(row[5:])
        )
        for row in rows
    )


def _ended(history: Iterable[TermPeriod], former: Iterable[FormerPlan]) -> dict[Hashable, Term]:
    """The term that ended at a moment, by vendor, product, key and that moment: what the next one followed. A plan's
    terms under a former name are its own. Where one of a kind alone ended, it stands under its kind too: "no credits
    included" names no period, and follows "7,500 a month"."""
    ended = [it for it in history if it.valid_to is not None]
    today = {(one.vendor, one.product, one.former): one.plan for one in former}
    found: dict[Hashable, Term] = {}
    for it in ended:
        plan = today.get((it.vendor, it.product, it.term.plan or ""))
        if plan is not None:
            found[(it.vendor, it.product, replace(it.term, plan=plan).key, it.valid_to)] = it.term
    alone: dict[Hashable, list[Term]] = {}
    for it in ended:
        alone.setdefault((it.vendor, it.product, *_whose(it.term), it.valid_to), []).append(it.term)
    found |= {key: terms[0] for key, terms in alone.items() if len(terms) == 1}
    return found | {(it.vendor, it.product, it.term.key, it.valid_to): it.term for it in ended}


def _is_of_any_time(term: Term) -> bool:
    """Whether a term is one without a figure that holds for every period."""
    return term.state is not State.STATED and term.billing_period is None


def _whose(term: Term) -> tuple[str | None, ...]:
    """Whose a term is and of what kind, whatever period it is counted by."""
    return (term.plan, term.term.value, term.metric, term.country)


def _listed(con: Connection, registered: Iterable[Source]) -> list[str]:
    """The sources whose facts are published: the registered pages, and what is imported of the same products."""
    owners = dict.fromkeys(Owner(source.vendor, source.product) for source in registered)
    priced = [pricing_of(owner) for owner in owners]
    return [*dict.fromkeys((*(source.id for source in registered), *imports.sources_beside(con, owners), *priced))]


def _pending(changes: Iterable[Change]) -> frozenset[Hashable]:
    """What held observations would change, by vendor, product and key."""
    found: set[Hashable] = set()
    for change in changes:
        if change.state is not GateState.HELD:
            continue
        if change.kind in ("plan_removed", "plan_renamed"):
            found.add((change.vendor, change.product, "plan", change.plan))
        for term in (change.before_term, change.after_term):
            if term is not None:
                found.add((change.vendor, change.product, term.key))
        for rating in (change.before_rating, change.after_rating):
            if rating is not None:
                found.add((change.vendor, change.product, "rating", rating.publisher))
    return frozenset(found)


def _publisher(source_id: str) -> str | None:
    parts = source_id.split("/")
    return parts[3] if len(parts) > 3 else None


def _provenance(rest: Sequence[Any]) -> Provenance:
    source_id, url, capture_id, sha256, captured_at, verified_at, valid_from, recorded_at, file, who, end = rest[:_OWN]
    return Provenance(
        source_id=source_id, url=url, capture_id=capture_id, sha256=sha256 or "", captured_at=captured_at,
        verified_at=verified_at or captured_at, valid_from=valid_from, recorded_at=recorded_at,
        imported=None if file is None else Imported(file=file, who=who, until=imports.last_day(end)),
    )  # fmt: skip
