"""Plans that go under another name: a vanished plan and a new one that hold nearly the same terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import SequenceMatcher

from pricing_pipeline.changes.values import is_compared, is_open, value
from pricing_pipeline.facts import Plan, Term, TermKind
from pricing_pipeline.results import Offer

SAME_TERMS = Decimal("0.6")
# With the same fees, or with a similar name, less of the rest has to agree.
SIMILAR = Decimal("0.3")
_NAME_RATIO = 0.6
# A place says something only among others.
_KNOWN_BY_NEIGHBOURS = 3
# A term's value, and whether it carries a figure.
Value = tuple[tuple[str, ...], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people said of a product's plans: `same` leads from a former slug to the new one of the same plan, `apart`
    are pairs, former slug first, that only look like one plan."""

    same: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()


NOTHING_SAID = Said()


def renamed_plans(before: Offer, after: Offer, said: Said = NOTHING_SAID) -> Mapping[str, str]:
    """From the slug of each plan that vanished to the slug of the new plan that it seems to have become.

    What people said goes before what it looks like.

    Their terms must agree to six tenths; to three tenths where the fees are the same and the names are alike. A plan that
    says next to nothing ("contact sales") is known by its place: where every other plan stayed where it was and the one
    in this place says exactly the same under another name.
    """
    old, new = _apart(before, after), _apart(after, before)
    slugs = ({plan.slug for plan in old}, {plan.slug for plan in new})
    found = {one: other for one, other in said.same.items() if one in slugs[0] and other in slugs[1]}
    scored = sorted(
        (-score, one.slug, other.slug)
        for one in old
        for other in new
        if (one.slug, other.slug) not in said.apart
        if (score := likeness(before, one, after, other)) is not None
    )
    for _, one_slug, other_slug in scored:
        if one_slug not in found and other_slug not in found.values():
            found[one_slug] = other_slug
    return found or {
        one: other for one, other in _in_its_place(before, after).items() if (one, other) not in said.apart
    }


def _in_its_place(before: Offer, after: Offer) -> dict[str, str]:
    """The only plan that vanished and the only one that came, if they stand in the same place and say the same."""
    old, new = _apart(before, after), _apart(after, before)
    slugs = [plan.slug for plan in before.plans]
    if len(old) != 1 or len(new) != 1 or len(slugs) < _KNOWN_BY_NEIGHBOURS:
        return {}
    (one,), (other,) = old, new
    if [other.slug if slug == one.slug else slug for slug in slugs] != [plan.slug for plan in after.plans]:
        return {}
    alike = one.state == other.state and _values(before, one) == _values(after, other) != frozenset()
    return {one.slug: other.slug} if alike else {}


def likeness(before: Offer, old: Plan, after: Offer, new: Plan) -> Decimal | None:
    """The share of terms that two plans have in common; None where they are not the same plan."""
    one, other = _values(before, old), _values(after, new)
    if not one or not other or not _are_telling(one & other, old, new):
        return None
    share = Decimal(len(one & other)) / max(len(one), len(other))
    same_fees = _fees(before, old) == _fees(after, new) != frozenset()
    alike = _are_alike(old.name, new.name)
    if share >= SAME_TERMS or (share >= SIMILAR and same_fees and alike):
        return share
    return None


def with_plans(offer: Offer, renamed: Mapping[str, str]) -> Offer:
    """The same offer with its plans under their new slugs, so that their terms can be compared."""
    if not renamed:
        return offer
    plans = tuple(replace(plan, slug=renamed[plan.slug]) if plan.slug in renamed else plan for plan in offer.plans)
    return replace(offer, plans=plans, terms=tuple(_under_new_slug(term, renamed) for term in offer.terms))


def _under_new_slug(term: Term, renamed: Mapping[str, str]) -> Term:
    return term if term.plan is None or term.plan not in renamed else replace(term, plan=renamed[term.plan])


def _apart(offer: Offer, other: Offer) -> list[Plan]:
    """The plans that only one side has."""
    known = {plan.slug for plan in other.plans}
    return [plan for plan in offer.plans if plan.slug not in known]


def _values(offer: Offer, plan: Plan) -> frozenset[Value]:
    own = (term for term in offer.terms if term.plan == plan.slug and is_compared(term))
    return frozenset((value(_bare(term)), not is_open(term)) for term in own)


def _are_telling(shared: frozenset[Value], old: Plan, new: Plan) -> bool:
    """Two plans that have nothing in common but a price on request are not the same for that."""
    return len(shared) > 1 or any(figures for _, figures in shared) or _are_alike(old.name, new.name)


def _fees(offer: Offer, plan: Plan) -> frozenset[Value]:
    own = (term for term in offer.terms if term.plan == plan.slug and is_compared(term))
    return frozenset((value(_bare(term)), True) for term in own if term.term is TermKind.RECURRING_FEE)


def _bare(term: Term) -> Term:
    spelled = term.commitment or term.billing_period
    free = is_open(term) and term.term is TermKind.RECURRING_FEE
    if free:  # "Free" and "€0 a month" are one price
        return replace(term, plan=None, commitment=None, billing_period=None, currency=None)
    return replace(term, plan=None, commitment=spelled)


def _are_alike(one: str, other: str) -> bool:
    words = [set(name.casefold().split()) for name in (one, other)]
    return bool(words[0] & words[1]) or SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _NAME_RATIO
