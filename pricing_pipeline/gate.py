"""What becomes of an observation: accepted, held or rejected. Checks find; only this decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pricing_pipeline.alternation import Return
from pricing_pipeline.facts import GateState, TermKind
from pricing_pipeline.results import Alternation, Decision, Finding, Thresholds

BY_GATE = "gate"
BY_CONFIRMATION = "confirmation"
_DEFAULTS = Thresholds()
_FEES = frozenset({TermKind.RECURRING_FEE, TermKind.USAGE_RATE})
# A misread period or a slipped digit; they happen to prices. A slipped thousands separator happens to counts, too.
_ONLY_FEES = frozenset({"x10", "x12"})


class Action(StrEnum):
    """What a finding asks of the gate."""

    REJECT = "reject"
    HOLD = "hold"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What follows from a check that failed, and why.

    `first` is what follows where nothing has been accepted yet, `late` on a page that is older than what stands. What further
    captures cannot make any likelier, however often they say it, is not `confirmable`: it waits for a person.
    """

    action: Action
    reason: str
    first: Action | None = None
    late: Action | None = None
    confirmable: bool = True


RULES: Mapping[str, Rule] = {
    "page_is_the_page": Rule(action=Action.REJECT, reason="not the page that was asked for"),
    # The words by which people know a page are often those of a plan; whether it is the page still, the next captures tell.
    "known_again": Rule(
        action=Action.HOLD,
        reason="hardly to be known again as the page",
        first=Action.NOTE,
        late=Action.REJECT,
    ),
    # A page that spoke and is silent now has been rebuilt, or is read no longer: somebody has to look. Where it never
    # spoke there is nothing to lose, and an archived page without facts says nothing of today.
    "at_least_one_fact": Rule(
        action=Action.HOLD, reason="no fact was read from the page", first=Action.REJECT, late=Action.REJECT
    ),
    "evidence_in_page": Rule(
        action=Action.REJECT, reason="a quote is not in the page, so the reading cannot be trusted"
    ),
    "plans_unique": Rule(action=Action.HOLD, reason="two plans share a name"),
    "amounts_in_range": Rule(action=Action.HOLD, reason="a figure is out of all range"),
    "rating_in_scale": Rule(action=Action.HOLD, reason="a rating lies outside its scale"),
    # What a page contradicts itself on, and what was read with doubt, would replace a value that stands. Where none
    # stands yet there is nothing to protect: the contradicted term is left open and both quotes are shown.
    "no_conflicts": Rule(action=Action.HOLD, reason="the page contradicts itself", first=Action.NOTE),
    "confident": Rule(action=Action.HOLD, reason="read with low confidence", first=Action.NOTE),
    # An amount without a currency or period is kept as it is and never costed; it endangers no other fact of the page.
    "currency_known": Rule(action=Action.NOTE, reason="an amount has no known currency"),
    "period_known": Rule(action=Action.NOTE, reason="a fee has no known period"),
    "no_suspicious_ratio": Rule(action=Action.HOLD, reason="a figure moved by a factor that looks like a misreading"),
    "plans_not_collapsed": Rule(action=Action.HOLD, reason="most plans are gone, as on a page that was half loaded"),
    # A vendor seldom takes most allowances and limits away without a word; a page that was rebuilt often hides them from us.
    "counts_not_collapsed": Rule(
        action=Action.HOLD, reason="most of what the plans include is read no longer, as on a page that was rebuilt"
    ),
    "review_count_not_falling": Rule(action=Action.HOLD, reason="the number of reviews fell by much"),
    # A site that takes us for somebody from elsewhere does so every day; that says nothing of the prices that are published.
    "same_currency_view": Rule(
        action=Action.HOLD, reason="served in another currency or for another country", confirmable=False
    ),
    "price_not_vanished": Rule(action=Action.HOLD, reason="a price is gone and nothing says what holds instead"),
}
FOR_PEOPLE = tuple(sorted(check for check, rule in RULES.items() if not rule.confirmable))
# What a step by a named factor looks like.
MISREADINGS: Mapping[str, str] = {
    "x10": "a slipped digit, or a decimal sign lost",
    "div10": "a slipped digit, or a decimal sign too many",
    "x12": "a year's total read as a month's price",
    "div12": "a month's share read as the year's price",
    "x100": "cents read as whole units, or a decimal sign lost",
    "div100": "whole units read as cents, or a decimal sign too many",
    "x1000": "a price per thousand read as a price for one, or a separator taken wrongly",
    "div1000": "a price for one read as a price per thousand, or a separator taken wrongly",
    "leap": "the price of a pack read as that of one unit, or the other way round",
}
# A check that the table does not know is a misreading until somebody says otherwise.
_UNKNOWN_CHECK = Rule(action=Action.HOLD, reason="a check failed that the gate has no rule for")
_BACK = "flips back to a state that was seen before, as a page under test does: waits until it stays"


def decide(
    observation_id: str,
    findings: Iterable[Finding],
    *,
    at: datetime,
    first: bool = False,
    standing: frozenset[str] = frozenset(),
    late: bool = False,
    back: Return | None = None,
    thresholds: Thresholds = _DEFAULTS,
) -> Decision:
    """The decision on one observation, from what the checks found on it (findings on others are passed over).

    No finding means accepted, however large the step: every figure is quoted, the page agrees with itself and nothing
    looks like a misreading, so a steep rise is the vendor's doing and raises its alarm at once. `first` says that
    nothing of the source has been accepted yet; `standing` names the checks that failed on the last accepted
    observation as well, whose failing says nothing about this step; `late` that the page is older than what stands;
    `back` that it returns to what the page said before (see `alternation`).
    """
    ours = [finding for finding in findings if finding.observation_id == observation_id]
    judged = [(_action(finding, first=first, standing=standing, late=late), finding) for finding in ours]
    for action, state in ((Action.REJECT, GateState.REJECTED), (Action.HOLD, GateState.HELD)):
        reasons = [_reason(finding) for asked, finding in judged if asked is action]
        alternation = None
        if action is Action.HOLD and back is not None:
            alternation = back.alternation
            reasons.append(_alternating(alternation, thresholds) if alternation else _BACK)
        if reasons:
            return Decision(
                observation_id=observation_id, state=state, reason=_joined(reasons), by=BY_GATE, at=at,
                alternation=alternation,
            )  # fmt: skip
    notes = [_reason(finding) for _, finding in judged]
    reason = f"noted: {_joined(notes)}" if notes else "no finding"
    return Decision(observation_id=observation_id, state=GateState.ACCEPTED, reason=reason, by=BY_GATE, at=at)


def step_suspicion(
    before: Decimal | None, after: Decimal | None, *, kind: TermKind | None = None, thresholds: Thresholds = _DEFAULTS
) -> str | None:
    """The named misreading that a step of one figure looks like: `x12`, `div1000` …; None where it looks like none.

    Only for values of the same key. Ten and twelve count for fees and rates alone: a vendor may well include ten times
    as many credits, while a price that is twelve times what it was is a year's total read as a month's. So does a `leap`
    by any factor beyond all that prices move by. `kind` None asks all.
    """
    if not before or not after or before < 0 or after < 0:
        return None
    for name, factor in thresholds.suspicious_ratios.items():
        if name in _ONLY_FEES and kind is not None and kind not in _FEES:
            continue
        if _is_about(after, before * factor, thresholds):
            return name
        if _is_about(before, after * factor, thresholds):
            return f"div{name.removeprefix('x')}"
    is_price = kind is None or kind in _FEES
    return "leap" if is_price and max(before, after) > min(before, after) * thresholds.suspicious_leap else None


def vouched_for(before: Decimal, after: Decimal, quotes: Iterable[Iterable[Decimal]]) -> bool:
    """Whether one quote of the page holds both figures, as in "from $10 to $120"; `quotes` are the amounts in each.

    Nothing else vouches for a suspicious step. An announcement with a date makes a change likely, but says nothing of
    whether the figure was read from the right pane or with the right decimal sign; the page that announces a new price
    is the very page on which a stale annual pane stands.
    """
    return any({before, after} <= set(amounts) for amounts in quotes)


def confirmed(captures: int, over: timedelta, thresholds: Thresholds = _DEFAULTS, *, alternates: bool = False) -> bool:
    """Whether so many different captures, the first and the last of them so far apart, confirm what they all say.

    The held one is among them, and none that was accepted, or held for something else, may lie between them. What a page
    goes back and forth about (`alternates`) is confirmed only once it has stood for as long as a return to it counts as
    one.
    """
    return captures >= thresholds.confirm_captures and over >= needed(thresholds, alternates=alternates)


def needed(thresholds: Thresholds, *, alternates: bool) -> timedelta:
    """For how long captures must agree to confirm what is held."""
    if alternates:
        return timedelta(days=thresholds.alternation_days)
    return timedelta(hours=thresholds.confirm_hours)


def _alternating(alternation: Alternation, thresholds: Thresholds) -> str:
    return (
        f"goes back and forth between known states since {alternation.since:%Y-%m-%d}, {alternation.times} times: "
        f"waits until it has stayed for {thresholds.alternation_days} days"
    )


def _action(finding: Finding, *, first: bool, standing: frozenset[str], late: bool) -> Action:
    rule = RULES.get(finding.check, _UNKNOWN_CHECK)
    if late and rule.late:
        return rule.late
    return rule.first if rule.first and (first or finding.check in standing) else rule.action


def _reason(finding: Finding) -> str:
    rule = RULES.get(finding.check, _UNKNOWN_CHECK)
    said = rule.reason
    if finding.suspicion and finding.check == "no_suspicious_ratio":
        said += f" ({', '.join(filter(None, (finding.suspicion, MISREADINGS.get(finding.suspicion))))})"
    if finding.message.startswith(said):
        return finding.message
    return f"{said}: {finding.message}" if finding.message else said


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reasons))


def _is_about(value: Decimal, expected: Decimal, thresholds: Thresholds) -> bool:
    return abs(value - expected) <= expected * thresholds.suspicious_ratio_tolerance
