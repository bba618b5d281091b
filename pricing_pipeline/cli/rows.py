"""Values as rows that are printed: the forms that programs read are settled here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

    from pricing_pipeline.catalog import CohortPeriod, TermPeriod
    from pricing_pipeline.facts import Conflict
    from pricing_pipeline.results import Change, Cost

# What stands before a change that is not simply the vendor's doing, and published.
_STANDING = {"held": "held back, not published: ", "rejected": "rejected: "}
_CAUSES = {
    "extractor": "(we read the page better now) ",
    "correction": "(a misreading put right) ",
    "backfill": "(from an archived page) ",
    "view": "(another view of the page) ",
}


def change_row(change: Change) -> dict[str, Any]:
    """A change as `changes --format json` prints it."""
    return {
        "id": change.id,
        "vendor": change.vendor,
        "product": change.product,
        "plan": change.plan,
        "lever": change.lever.value,
        "kind": change.kind,
        "metric": change.metric,
        "before": change.before,
        "after": change.after,
        "currency": change.currency,
        "observed_at": change.observed_at,
        "announced_at": change.announced_at,
        "effective_at": change.effective_at,
        "cause": change.cause.value,
        "severity": change.severity.value,
        "state": change.state.value,
        "verdict": change.verdict,
        "costs": [
            {
                "workload": effect.workload,
                "plan": effect.plan,
                "before": cost_text(effect.before),
                "after": cost_text(effect.after),
            }
            for effect in change.costs
        ],
    }


def told_row(change: Change, product: str) -> dict[str, Any]:
    """A change as an editor reads it: under the day and the product, with what the verdict does not say itself."""
    said = change.verdict
    announced = "announced for" in change.verdict  # the verdict names the day itself
    if change.effective_at is not None and change.effective_at != change.observed_at.date() and not announced:
        verb = "from" if change.effective_at > change.observed_at.date() else "since"
        said += f"; {verb} {change.effective_at:%d %B %Y}".replace(" 0", " ")
    return {
        "heading": f"{change.observed_at:%d %B %Y}, {product}".lstrip("0"),
        "severity": change.severity.value,
        "kind": change.kind,
        "what changed": f"{_STANDING.get(change.state.value, '')}{_CAUSES.get(change.cause.value, '')}{said}",
    }


def conflict_row(conflict: Conflict) -> dict[str, Any]:
    """What a page contradicts itself about, as programs read it: every reading with its words."""
    from pricing_pipeline.changes.values import as_text

    return {
        "plan": conflict.plan,
        "term": conflict.term.value,
        "metric": conflict.metric,
        "readings": [
            {"value": as_text(term), "quote": term.evidence.quote, "surface": term.evidence.surface.value}
            for term in conflict.readings
        ],
    }


def conflict_text(conflict: Conflict) -> str:
    """`solo, included credits: 7,500 in “7,500 credits” (visible) against 0 in “no credits” (structured)`."""
    from pricing_pipeline.changes.phrases import figure, subject

    readings = [
        f"{figure(term)} in “{term.evidence.quote}” ({term.evidence.surface.value.replace('_', ' ')})"
        for term in conflict.readings
    ]
    about = subject(conflict.readings[0]) if conflict.readings else conflict.term.value.replace("_", " ")
    whose = f"{conflict.plan}, " if conflict.plan else ""
    return f"{whose}{about}: {' against '.join(readings)}"


def period_row(period: TermPeriod) -> dict[str, Any]:
    """One interval of a term as programs read it."""
    term = period.term
    low, high = _digits(term.amount), _digits(term.amount_max)
    money = low and f"{low}{f'–{high}' if high else ''} {term.currency or ''}".strip()
    return {
        "vendor": period.vendor,
        "product": period.product,
        "plan": term.plan,
        "term": " ".join(part for part in (term.term.value, term.metric, term.billing_period) if part),
        "value": money or _digits(term.quantity) or term.state.value,
        "kind": term.term.value,
        "metric": term.metric,
        "state": term.state.value,
        "amount": low,
        "amount_max": high,
        "currency": term.currency,
        "quantity": _digits(term.quantity),
        "per_quantity": _digits(term.per_quantity),
        "billing_period": term.billing_period,
        "commitment": term.commitment,
        "tier_from": _digits(term.tier_from),
        "tier_to": _digits(term.tier_to),
        "price_kind": term.price_kind.value,
        "surface": term.evidence.surface.value,
        "from": period.valid_from,
        "to": period.valid_to,
        "recorded": period.recorded_at,
        "quote": term.evidence.quote,
    }


def lasting_row(period: TermPeriod) -> dict[str, Any]:
    """One interval of a term as an editor reads it."""
    from pricing_pipeline.changes.phrases import figure, subject
    from pricing_pipeline.facts import PriceKind, Surface

    term = period.term
    asides = [
        "announced" if period.is_ahead else "",
        "hidden until one switches" if term.evidence.surface is Surface.INACTIVE_PANE else "",
        {PriceKind.LIST: "struck through", PriceKind.PROMO: "promotional"}.get(term.price_kind, ""),
    ]
    aside = ", ".join(filter(None, asides))
    return {
        "plan": term.plan or "(every plan)",
        "what": f"{subject(term)} of {period.product}, merged into it" if period.is_of_merged else subject(term),
        "value": f"{figure(term)} ({aside})" if aside else figure(term),
        "from": f"{period.valid_from:%Y-%m-%d}",
        "to": ("" if period.is_ahead else "today") if period.valid_to is None else f"{period.valid_to:%Y-%m-%d}",
        "as printed": f"“{term.evidence.quote}”",
    }


def cohort_row(period: CohortPeriod) -> dict[str, Any]:
    """What was promised to some customers only, as programs read it beside the intervals of terms."""
    cohort = period.cohort
    return {
        "vendor": period.vendor,
        "product": period.product,
        "plan": cohort.plan,
        "term": "for some customers",
        "value": " ".join(cohort.evidence.quote.split()),
        "kind": "cohort",
        "joined_before": cohort.joined_before,
        "until": cohort.until,
        "surface": cohort.evidence.surface.value,
        "from": period.valid_from,
        "to": period.valid_to,
        "quote": cohort.evidence.quote,
    }


def lasting_cohort_row(period: CohortPeriod) -> dict[str, Any]:
    """What was promised to some customers only, as an editor reads it."""
    return {
        "plan": period.cohort.plan or "(every plan)",
        "what": "for some customers only",
        "value": "",
        "from": f"{period.valid_from:%Y-%m-%d}",
        "to": "today" if period.valid_to is None else f"{period.valid_to:%Y-%m-%d}",
        "as printed": f"“{' '.join(period.cohort.evidence.quote.split())}”",
    }


def _digits(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def cost_text(cost: Cost) -> str | None:
    """A cost as plain digits, `low–high` for a range; None where there is no figure."""
    if cost.low is None:
        return None
    low, high = _cents(cost.low), _cents(cost.high if cost.high is not None else cost.low)
    return low if low == high else f"{low}–{high}"


def _cents(amount: Decimal) -> str:
    """At least two decimals, and all that are needed."""
    plain = f"{amount.normalize():f}"
    whole, _, fraction = plain.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"
