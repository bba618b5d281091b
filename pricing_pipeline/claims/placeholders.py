"""Placeholders in editorial text, such as `{{ dagster-plus.solo.recurring_fee }}`, resolved to the facts that stand.

A placeholder gives a value with its evidence, never words: how a value reads is decided where it is published.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing_pipeline.addons import is_addon
from pricing_pipeline.break_even import Price, turning_points
from pricing_pipeline.catalog import Catalog, StandingPlan, StandingRating, StandingTerm
from pricing_pipeline.errors import ClaimError
from pricing_pipeline.facts import PriceKind, Surface, TermKind
from pricing_pipeline.results import PricedPlan, Side

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TERM_KINDS = frozenset(kind.value for kind in TermKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of filled text: words as they stand (`text`), or the fact that a placeholder named.

    Of `term`, `plan`, `rating`, `priced` and `quantity` exactly one is set where `placeholder` is. `quantity` is a
    computed number in units of `metric`; `basis` holds the terms that it was computed from.
    """

    text: str = ""
    placeholder: str | None = None
    verb: str | None = None
    term: StandingTerm | None = None
    plan: StandingPlan | None = None
    rating: StandingRating | None = None
    priced: PricedPlan | None = None
    quantity: Decimal | None = None
    metric: str | None = None
    basis: tuple[StandingTerm, ...] = ()


class Filler:
    """Fills the placeholders of many texts from one catalog."""

    def __init__(
        self, catalog: Catalog, price: Price | None = None, other_names: Mapping[str, str] | None = None
    ) -> None:
        """Index the catalog once, so that a text costs what its placeholders cost. `price` works out where the cheaper
        of two plans changes; `other_names` are what people write for products and plans, and what to write instead."""
        self._price = price
        self._other_names = other_names or {}
        self._plans: dict[str, dict[str, StandingPlan]] = defaultdict(dict)
        self._terms: dict[tuple[str, str | None], list[StandingTerm]] = defaultdict(list)
        self._ratings: dict[str, list[StandingRating]] = defaultdict(list)
        self._priced: dict[tuple[str, str], list[PricedPlan]] = defaultdict(list)
        self._vendors: dict[str, str] = {}
        self._workloads = {workload.slug for workload in catalog.workloads}
        for plan in catalog.plans:
            self._plans[plan.product][plan.plan.slug] = plan
            self._vendors[plan.product] = plan.vendor
        for term in catalog.terms:
            self._terms[term.product, term.term.plan].append(term)
            self._vendors[term.product] = term.vendor
        for rating in catalog.ratings:
            self._ratings[rating.product].append(rating)
            self._vendors[rating.product] = rating.vendor
        for priced in catalog.costs:
            self._priced[priced.product, priced.workload].append(priced)

    def fill(self, text: str, file: str = "text", line: int = 1) -> tuple[Segment, ...]:
        """The text cut into words and facts. `line` is where it begins in `file`.

        Raises ClaimError for a placeholder that names nothing, or more than one thing, with the candidates.
        """
        if "{{" not in text and "}}" not in text:
            return (Segment(text=text),) if text else ()
        segments, end = [], 0
        for match in _PLACEHOLDER.finditer(text):
            where = f"{file}:{line + text.count(chr(10), 0, match.start())}"
            if match.start() > end:
                segments.append(Segment(text=text[end : match.start()]))
            segments.append(self._resolve(" ".join(match[1].split()), where))
            end = match.end()
        _refuse_stray_braces(text, f"{file}:{line}")
        if end < len(text):
            segments.append(Segment(text=text[end:]))
        return tuple(segments)

    def _resolve(self, body: str, where: str) -> Segment:
        verb, *arguments = body.split(" ") if body else [""]
        forms = {"cost": (2, self._cost), "cheapest": (2, self._cheapest), "break_even": (3, self._break_even)}
        if verb in forms and arguments:
            count, resolve = forms[verb]
            if len(arguments) != count:
                raise ClaimError(f"{where}: {{{{ {body} }}}} has {len(arguments)} arguments: {verb} takes {count}")
            return resolve(body, arguments, where)
        if arguments or not verb:
            raise ClaimError(
                f"{where}: {{{{ {body} }}}} is not a placeholder: write product.plan.term, cost, cheapest or break_even"
            )
        return self._named(body, where)

    def _named(self, body: str, where: str) -> Segment:
        product, rest = self._product(body, where)
        if rest[:1] == ["rating"]:
            return self._rating(body, product, rest[1:], where)
        if rest and (rest[0] in self._plans[product] or rest[0] not in _TERM_KINDS):
            plan: str | None = self._plan(product, rest[0], where).plan.slug
            rest = rest[1:]
        else:
            plan = None
        if not rest:
            return Segment(placeholder=body, verb="plan", plan=self._plans[product][str(plan)])
        return Segment(placeholder=body, verb="term", term=self._term(body, product, plan, rest, where))

    def _product(self, name: str, where: str) -> tuple[str, list[str]]:
        """The product that a dotted or slashed name begins with, and the parts after it."""
        head, *rest = name.replace("/", ".", 2).split(".") if "/" in name else name.split(".")
        if "/" in name:
            vendor, head, rest = head, rest[0] if rest else "", rest[1:]
            if self._vendors.get(head) != vendor:
                raise _unknown(where, "product", f"{vendor}/{head}", [f"{v}/{p}" for p, v in self._vendors.items()])
        if head not in self._vendors:
            raise self._called_otherwise(where, head) or _unknown(where, "product", head, self._vendors)
        return head, rest

    def _plan(self, product: str, slug: str, where: str) -> StandingPlan:
        plan = self._plans[product].get(slug)
        if plan is None:
            known = self._plans[product]
            raise self._called_otherwise(where, f"{product}.{slug}") or _unknown(
                where, f"plan of {product}", slug, known
            )
        return plan

    def _called_otherwise(self, where: str, name: str) -> ClaimError | None:
        """What to write for a name that is another one's alias."""
        known = self._other_names.get(name)
        return None if known is None else ClaimError(f"{where}: {name!r} is another name of {known}: write {known}")

    def _term(self, body: str, product: str, plan: str | None, rest: list[str], where: str) -> StandingTerm:
        kind, qualifiers = rest[0], rest[1:]
        if kind not in _TERM_KINDS:
            raise _unknown(where, "term", kind, _TERM_KINDS)
        same_kind = [
            t for t in self._terms_of(product, plan) if t.term.term == kind and t.term.price_kind is not PriceKind.LIST
        ]
        found = _visible_first([term for term in same_kind if _qualifies(term, qualifiers)])
        found = [term for term in found if term.term.plan == plan] or found
        if kind == TermKind.RECURRING_FEE and not qualifiers:
            every = [standing.term for standing in self._terms_of(product, plan)]
            found = _headline(fee for fee in found if not is_addon(fee.term, every)) or found
        if len(found) == 1 or (found and len({_value(term) for term in found}) == 1):
            return found[0]
        candidates = ", ".join(sorted(_name(term) for term in found or same_kind)) or "none of this kind stands"
        fault = "could mean several terms" if found else "names no term that stands"
        raise ClaimError(f"{where}: {{{{ {body} }}}} {fault}: {candidates}")

    def _terms_of(self, product: str, plan: str | None) -> list[StandingTerm]:
        """A plan's terms and those of every plan; for a product as a whole, also what its plans say one by one."""
        if plan is not None:
            return [*self._terms[product, plan], *self._terms[product, None]]
        return [*self._terms[product, None], *(t for slug in self._plans[product] for t in self._terms[product, slug])]

    def _rating(self, body: str, product: str, rest: list[str], where: str) -> Segment:
        by_publisher = {rating.rating.publisher or "own": rating for rating in self._ratings[product]}
        if len(rest) not in (1, 2) or rest[0] not in by_publisher:
            raise _unknown(where, f"rating of {product}", ".".join(rest), by_publisher)
        if rest[1:] not in ([], ["count"]):
            raise _unknown(where, "part of a rating", rest[1], ["count"])
        return Segment(placeholder=body, verb="rating_count" if rest[1:] else "rating", rating=by_publisher[rest[0]])

    def _cost(self, body: str, arguments: list[str], where: str) -> Segment:
        product, rest = self._product(arguments[0], where)
        plan = self._plan(product, rest[0] if rest else "", where).plan.slug
        for priced in self._at(product, arguments[1], where):
            if priced.plan == plan:
                return Segment(placeholder=body, verb="cost", priced=priced)
        raise ClaimError(f"{where}: {{{{ {body} }}}} is not priced: {product}.{plan} has no cost at {arguments[1]}")

    def _cheapest(self, body: str, arguments: list[str], where: str) -> Segment:
        product, _ = self._product(arguments[0], where)
        for priced in self._at(product, arguments[1], where):
            if priced.rank == 1:
                return Segment(placeholder=body, verb="cheapest", priced=priced, plan=None)
        raise ClaimError(
            f"{where}: {{{{ {body} }}}} has no answer: no plan of {product} has a known cost at {arguments[1]}"
        )

    def _at(self, product: str, workload: str, where: str) -> list[PricedPlan]:
        if workload not in self._workloads:
            raise _unknown(where, "workload", workload, self._workloads)
        return self._priced[product, workload]

    def _break_even(self, body: str, arguments: list[str], where: str) -> Segment:
        if self._price is None:
            raise ClaimError(f"{where}: {{{{ {body} }}}} cannot be computed here: nobody says what plans cost")
        one, other = (self._side(name, where) for name in arguments[:2])
        metric = arguments[2]
        found = turning_points(one, other, metric, price=self._price)
        if not found:
            raise ClaimError(
                f"{where}: {{{{ {body} }}}} has no answer: the cheaper of {one.name} and {other.name} is the same at every "
                f"quantity of {metric}, or one of them has no figure there: see `pricing-pipeline cost --break-even`"
            )
        basis = tuple(dict.fromkeys(self._basis(arguments[:2], metric, found[0].keys, where)))
        return Segment(placeholder=body, verb="break_even", quantity=found[0].quantity, metric=metric, basis=basis)

    def _side(self, name: str, where: str) -> Side:
        product, rest = self._product(name, where)
        plan = self._plan(product, rest[0] if rest else "", where)
        every = tuple(standing.term for standing in self._terms_of(product, None))
        shared = tuple(standing.term for standing in self._terms[product, None])
        return Side(
            name=name,
            plan=plan.plan.slug,
            # the product-wide prices are those of the vendor's service, not of what one runs oneself
            terms=every if plan.hosted else tuple(term for term in every if term not in shared),
            product_metrics=frozenset(
                term.metric for term in every if term.metric and term.evidence.surface is not Surface.INACTIVE_PANE
            ),
            state=plan.plan.state,
        )

    def _basis(
        self, names: Sequence[str], metric: str, keys: Sequence[tuple[str | None, ...]], where: str
    ) -> Iterator[StandingTerm]:
        """What the bills of two plans rest on, and what they include of the metric."""
        for name in names:
            product, rest = self._product(name, where)
            for standing in self._terms_of(product, rest[0]):
                term = standing.term
                if term.key in keys or (term.term is TermKind.ALLOWANCE and term.metric == metric):
                    yield standing


def _headline(fees: Iterable[StandingTerm]) -> list[StandingTerm]:
    asked = _visible_first([fee for fee in fees if fee.term.price_kind is not PriceKind.LIST])
    by_month = [fee for fee in asked if fee.term.billing_period == "month"]
    return [fee for fee in by_month if fee.term.commitment in (None, "month")] or by_month


def _qualifies(term: StandingTerm, qualifiers: Sequence[str]) -> bool:
    """Whether the qualifiers are, in this order, some of the term's metric, billing period and commitment."""
    values = iter((term.term.metric, term.term.billing_period, term.term.commitment))
    return all(qualifier in values for qualifier in qualifiers)


def _visible_first(terms: list[StandingTerm]) -> list[StandingTerm]:
    visible = [term for term in terms if term.term.evidence.surface is not Surface.INACTIVE_PANE]
    return visible or terms


def _value(standing: StandingTerm) -> tuple[object, ...]:
    """What a term says, whatever plan it stands at: terms that say the same can serve for one another."""
    term = standing.term
    said = (term.state, term.amount, term.amount_max, term.currency, term.quantity, term.per_quantity)
    return (*said, term.metric, term.billing_period, term.commitment, term.tier_from)


def _name(standing: StandingTerm) -> str:
    term = standing.term
    parts = (standing.product, term.plan, term.term.value, term.metric, term.billing_period, term.commitment)
    name = ".".join(part for part in parts if part)
    return name if term.tier_from is None else f"{name} (above {term.tier_from.normalize():f})"


def _unknown(where: str, what: str, name: str, known: Iterable[str]) -> ClaimError:
    ordered = sorted(known)
    near = difflib.get_close_matches(name, ordered, n=5, cutoff=0.5) or ordered[:8]
    return ClaimError(f"{where}: unknown {what} {name!r}: {'one of ' + ', '.join(near) if near else 'none stands'}")


def _refuse_stray_braces(text: str, where: str) -> None:
    rest = _PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise ClaimError(f"{where}: a placeholder is not closed: write {{{{ name }}}}")
