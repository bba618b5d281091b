"""Sentences in many wordings about every plan of a market, with figures made false one at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from pricing_pipeline.claims.knowledge import Held, Key, Knowledge
from pricing_pipeline.facts import PriceKind, RatingState, State, Surface, Term, TermKind
from pricing_pipeline.wording import counted, noun, number, publisher

FEES = (
    "{who} costs {x} a month.",
    "The {plan} plan of {product} is {x} per month.",
    "{who} is priced at {x} monthly.",
    "You pay {x} a month for {who}.",
    "{product} charges {x} a month for {plan}.",
    "The monthly fee for {who} is {x}.",
    "{who} ({x}/mo) is where most teams begin.",
    "For {x} a month you get {who}.",
    "{product}'s {plan} plan: {x}/month.",
    "If you choose {who}, the price is {x} per month.",
    "With {who} at {x} a month, budgets stay simple.",
    "{who} will set you back {x} every month.",
    "At {x} a month, {who} is easy to justify.",
    "# {product}\n\n## {plan}\n\n{x} per month, billed monthly.",
    "| Plan | Price |\n|---|---|\n| {who} | {x} a month |",
    "- **{who}**: {x}/month",
    "{who} has a monthly price of {x}.",
    "The {plan} tier on {product} goes for {x} a month.",
    "{product} {plan} - {x} / month",
    "<!doctype html><p>The <em>{plan}</em> plan of {product} costs <b>{x}</b> a month.</p>",
)
RATES = (
    "Each extra {one} on {who} costs {x}.",
    "{who} charges {x} per {one}.",
    "On {who}, a {one} is billed at {x}.",
    "{who}: {x}/{one} beyond what is included.",
    "{many} beyond the allowance cost {x} each on {who}.",
    "The overage rate of {who} is {x} per {one}.",
    "With {who} you pay {x} for every additional {one}.",
    "{product} bills {plan} customers {x} per {one}.",
    "The price per {one} on {who} is {x}.",
    "| Plan | Price per {one} |\n|---|---|\n| {who} | {x} |",
)
COUNTS = (
    "{who} includes {x}.",
    "{who} comes with {x}.",
    "The {plan} plan of {product} gives you {x}.",
    "{x} are included in {who}.",
    "With {who}, you get {x}.",
    "{product}'s {plan} plan offers {x}.",
    "{who} has {x}.",
    "- {who}: {x}",
    "{product} bundles {x} with {plan}.",
    "| Plan | What you get |\n|---|---|\n| {who} | {x} |",
)
LIMITS = (
    "{who} is limited to {x}.",
    "{who} allows up to {x}.",
    "The {plan} plan of {product} stops at {x}.",
    "{who} supports {x}.",
    "{x} is the most that {who} takes.",
    "{who} is for up to {x}.",
    "{product} caps {plan} at {x}.",
    "{who} has {x}.",
)
SCORES = (
    "{product} is rated {x} on {publisher}.",
    "On {publisher}, {product} has a rating of {x}.",
    "{product} scores {x} on {publisher}.",
    "{publisher} users give {product} {x}.",
    "{product} ({x} on {publisher}) is well liked.",
    "| Product | {publisher} rating |\n|---|---|\n| {product} | {x} |",
)
REVIEWS = (
    "{product} has {x} on {publisher}.",
    "{publisher} lists {x} of {product}.",
    "{product}'s rating on {publisher} rests on {x}.",
    "With {x} on {publisher}, {product} is no stranger.",
)
FREE = (
    ("{product} has a free plan.", "{product} has no free plan."),
    ("{product} offers a free tier.", "{product} does not offer a free tier."),
    ("There is a free plan on {product}.", "There is no free plan on {product}."),
    ("You can begin with the free tier of {product}.", "{product} lacks a free tier."),
    ("{product} comes with a free plan.", "{product} is paid only."),
    ("{product}'s free plan is enough to learn on.", "{product} doesn't have a free plan."),
    ("{product} keeps a free tier.", "{product} comes without a free tier."),
)
DEARER = (
    ("{a} is more expensive than {b}.", "{a} is cheaper than {b}."),
    ("{a} costs more than {b}.", "{a} costs less than {b}."),
    ("{b} is cheaper than {a}.", "{b} is more expensive than {a}."),
    ("{b} has a lower price than {a}.", "{b} has a higher price than {a}."),
    ("Compared with {b}, {a} is more expensive.", "Compared with {b}, {a} is cheaper."),
    ("{a} is pricier than {b}.", "{a} is less expensive than {b}."),
)
FIRSTS = (
    ("{b} is the cheapest paid plan of {product}.", "{a} is the cheapest paid plan of {product}."),
    ("The cheapest paid plan of {product} is {b}.", "The cheapest paid plan of {product} is {a}."),
    (
        "{a} is the most expensive plan of {product} with a public price.",
        "{b} is the most expensive plan of {product} with a public price.",
    ),
    ("{product}'s most expensive plan is {a}.", "{product}'s most expensive plan is {b}."),
)
NAMES = (
    "The {x} plan of {product} suits small teams.",
    "{product}'s {x} plan suits small teams.",
    "{product} {x} includes support by mail.",
    "On the {x} plan, {product} answers within a day.",
)
INVENTED = ("Growth", "Indie", "Ultimate", "Basic Plus", "Premium", "Essentials", "Advanced")
Marked = tuple[str, str]


def generated(knowledge: Knowledge, *, seed: int) -> Iterator[Marked]:
    """Marked texts about every plan and rating of a market: a name for each and the text."""
    dice = random.Random(seed)
    for named in knowledge.products:
        yield from _of_product(knowledge, named.key, named.product_name, dice)


def _of_product(knowledge: Knowledge, key: Key, product: str, dice: random.Random) -> Iterator[Marked]:
    for plan in knowledge.plans_of(key):
        names = {"who": f"{product} {plan.fact.name}", "plan": plan.fact.name, "product": product}
        own = [held for held in knowledge.terms_of(key, plan.fact.slug) if held.fact.plan == plan.fact.slug]
        for text, kind in _of_plan(own, names, dice):
            yield f"{key[1]}-{plan.fact.slug}-{kind}{_ending(text)}", text
    yield from _standing(knowledge, key, product, dice)


def _ending(text: str) -> str:
    return ".html" if text.startswith("<!doctype") else ".md"


def _of_plan(terms: list[Held[Term]], names: dict[str, str], dice: random.Random) -> Iterator[tuple[str, str]]:
    amounts = {held.fact.amount for held in terms if held.fact.amount is not None}
    quantities = {held.fact.quantity for held in terms if held.fact.quantity is not None}
    for held in terms:
        term = held.fact
        if term.evidence.surface is Surface.INACTIVE_PANE or term.price_kind is PriceKind.LIST:
            continue
        if term.term is TermKind.RECURRING_FEE and term.amount and term.billing_period == "month" and not term.metric:
            if term.commitment in (None, "month"):
                yield from _filled(
                    FEES, names, "amount", _money(term.amount), _wrong_money(term.amount, amounts, dice), dice, 7
                )
        elif term.term is TermKind.USAGE_RATE and term.amount and not term.per_quantity and term.metric:
            units = {"one": noun(term.metric, Decimal(1)), "many": noun(term.metric).capitalize()}
            yield from _filled(
                RATES,
                {**names, **units},
                "rate",
                _money(term.amount),
                _wrong_money(term.amount, amounts, dice),
                dice,
                5,
            )
        elif (
            term.quantity is not None
            and term.metric
            and term.state is State.STATED
            and term.term is not TermKind.MINIMUM_SPEND
        ):
            templates = COUNTS if term.term is TermKind.ALLOWANCE else LIMITS
            kind = "allowance" if term.term is TermKind.ALLOWANCE else "count"
            wrong = [counted(one, term.metric) for one in _wrong_counts(term.quantity, quantities, dice)]
            yield from _filled(templates, names, kind, counted(term.quantity, term.metric), wrong, dice, 4)
        elif term.state is State.NOT_INCLUDED and term.metric:
            wrong = [counted(Decimal(one), term.metric) for one in dice.sample((500, 7500, 10000, 30000), 2)]
            yield from _filled(
                ("{who} includes {x}.", "{who} comes with {x}."),
                names,
                "allowance",
                f"no {noun(term.metric)}",
                wrong,
                dice,
                2,
            )


def _filled(
    templates: tuple[str, ...],
    names: dict[str, str],
    kind: str,
    true: str,
    wrong: list[str],
    dice: random.Random,
    some: int,
) -> Iterator[tuple[str, str]]:
    mark = "⟦" + "|".join([kind, true, *wrong]) + "⟧"
    for template in dice.sample(templates, min(some, len(templates))):
        yield template.format(x=mark, **names), kind


def _money(amount: Decimal) -> str:
    plain = amount.normalize()
    return f"${plain:,.2f}".removesuffix(".00") if plain >= 1 and plain != int(plain) else f"${plain:,f}"


def _wrong_money(amount: Decimal, known: set[Decimal], dice: random.Random) -> list[str]:
    factors = [Decimal(one) for one in ("0.5", "0.8", "1.1", "1.2", "1.5", "2", "10", "0.1")]
    wrong = [amount * factor for factor in dice.sample(factors, len(factors))]
    kept = [
        one for one in wrong if one not in known and one * 12 not in known and one not in {each * 12 for each in known}
    ]
    return [_money(one) for one in kept[:2]]


def _wrong_counts(quantity: Decimal, known: set[Decimal], dice: random.Random) -> list[Decimal]:
    wrong = [quantity + 1, quantity * 2, quantity * 10, quantity + 5, quantity * 3]
    return [one for one in dice.sample(wrong, len(wrong)) if one not in known][:2]


def _standing(knowledge: Knowledge, key: Key, product: str, dice: random.Random) -> Iterator[Marked]:
    for text, kind in (
        *_ratings(knowledge, key, product, dice),
        *_free(knowledge, key, product),
        *_ordered(knowledge, key, product, dice),
    ):
        yield f"{key[1]}-{kind}.md", text
    plans = [held.fact.name for held in knowledge.plans_of(key)]
    for template in NAMES:
        if plans:
            known = next(name for name in plans if "open" not in name.casefold())
            wrong = dice.choice([name for name in INVENTED if name not in plans])
            yield f"{key[1]}-plan.md", template.format(x=f"⟦plan_name|{known}|{wrong}⟧", product=product)


def _ratings(knowledge: Knowledge, key: Key, product: str, dice: random.Random) -> Iterator[tuple[str, str]]:
    for held in knowledge.ratings_of(key):
        rating = held.fact
        at = publisher(str(rating.publisher))
        if rating.state is RatingState.NO_RATINGS_YET:
            yield f"{product} has ⟦negation|no ratings yet|a rating of 4.3 out of 5⟧ on {at}.", "negation"
            yield f"There are ⟦negation|no reviews|75 reviews⟧ of {product} on {at} yet.", "negation"
            continue
        value, count = rating.rating or Decimal(0), Decimal(rating.review_count or 0)
        for template in dice.sample(SCORES, 4):
            wrong = dice.sample([value - Decimal("0.3"), value + Decimal("0.2"), value - Decimal("1.1")], 2)
            mark = "⟦" + "|".join(["rating", *(f"{number(one)}/5" for one in (value, *wrong))]) + "⟧"
            yield template.format(x=mark, product=product, publisher=at), "rating"
        for template in dice.sample(REVIEWS, 3):
            wrong = dice.sample([count * 2, count + 17, count * 10], 2)
            mark = "⟦" + "|".join(["review_count", *(f"{number(one)} reviews" for one in (count, *wrong))]) + "⟧"
            yield template.format(x=mark, product=product, publisher=at), "review_count"


def _free(knowledge: Knowledge, key: Key, product: str) -> Iterator[tuple[str, str]]:
    plans = knowledge.plans_of(key)
    if not plans:
        return
    is_free = any(held.fact.state is State.FREE and held.hosted for held in plans)
    for yes, no in FREE:
        true, false = (yes, no) if is_free else (no, yes)
        yield f"⟦negation|{true}|{false}⟧".replace("{product}", product), "negation"


def _ordered(knowledge: Knowledge, key: Key, product: str, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Pairs of plans with flat monthly fees, the dearer one first."""
    prices = {}
    for plan in knowledge.plans_of(key):
        for held in knowledge.terms_of(key, plan.fact.slug):
            fee = held.fact
            flat = (
                fee.term is TermKind.RECURRING_FEE and fee.amount and fee.billing_period == "month" and not fee.metric
            )
            if flat and fee.plan == plan.fact.slug and fee.commitment in (None, "month"):
                prices[plan.fact.name] = fee.amount or Decimal(0)
    ordered = sorted(prices, key=lambda name: prices[name])
    if len(ordered) < 2:
        return
    low, high = f"{product} {ordered[0]}", f"{product} {ordered[-1]}"
    for true, false in DEARER:
        yield f"⟦comparison|{true}|{false}⟧".replace("{a}", high).replace("{b}", low), "comparison"
    fees = [held for plan in knowledge.plans_of(key) for held in knowledge.terms_of(key, plan.fact.slug)]
    if any(held.fact.metric == "seat" and held.fact.term is TermKind.RECURRING_FEE for held in fees):
        return
    for true, false in dice.sample(FIRSTS, len(FIRSTS)):
        text = f"⟦superlative|{true}|{false}⟧".replace("{a}", ordered[-1]).replace("{b}", ordered[0])
        yield text.replace("{product}", product), "superlative"
