"""Who a text speaks of: vendors, products and plans found by their names, and plans told apart by what stands around."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pricing_pipeline.claims.claim import Subject
from pricing_pipeline.claims.knowledge import Key, Knowledge, Named
from pricing_pipeline.facts import State


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What may follow a plan's name at the beginning of a sentence; "Team members meet" speaks of no plan.
_CUE = re.compile(
    r"\s*(?:$|[,:;.(/|$€£—–→-]|['’]s\b|\d|(?:plans?|tiers?|editions?|is|was|are|were|costs?|includes?|"
    r"included|comes?|came|has|had|gives?|"
    r"gets?|adds?|at|for|starts?|started|charges?|charged|allows?|allowed|offers?|offered|and|or|vs|"
    r"versus|to|stays?|goes|went|remains?|lets|caps|capped|"
    r"covers?|supports?|users?|customers?|subscribers|accounts?|with|on|now|still|also|alone|then|takes|"
    r"stops|runs|used|once|does|doesn['’]t|"
    r"will|would|can|cannot|no|bills?|billed|holds?|held|bundles?|bundled|price[ds]?|pricing|provides?|"
    r"provided|limits?|limited|permits?|ships?|without|sits|ends|from|"
    r"keeps?|kept|rose|fell|dropped|lost|contains?|contained|sells?|sold|requires?|begins?|becomes?|both|"
    r"each|only|just|between|per|from|"
    r"forgets?|remembers?|loses|wins|beats|asks|wants|needs|admits|accepts|fits|suits|carries|carried|throws|serves|tops|"
    r"doubles|triples|looks|opens|lists|brings|means|asked|wanted|needed|fits|lasts|saves)\b)",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"([A-Z][\w+&]*)\s+$")
_CAPITAL_NEXT = re.compile(
    r"\s+(?!Plans?\b|Tiers?\b|Editions?\b|Package\b|Users?\b|Price\b|Pricing\b|Is\b|Costs?\b|Includes?\b|"
    r"I\b)[A-Z][a-z]+"
)
_FUNCTION = _set(
    "the a an its their our both while since until before after on in at for from with and or but if when "
    "unlike only choose pick take buy use upgrade upgrading compared between as so yes no today now currently "
    "then even whereas although though each every all by of to than via under over formerly previously later "
    "also still their your cheapest where prefer compare plan tier plans tiers however free paid is are was "
    "how does why which what that this these those take "
    "january february march april may june july august september october november december"
)
_BELONGS = re.compile(
    r"\s*(?:['’]s?)?\s*(?:(?:own|paid|free|hosted|cheapest|new|old|current|entry|self-serve)\s+){0,2}", re.IGNORECASE
)
_OWNED = re.compile(
    r"\s*(?:plans?|tiers?|editions?)?\s*(?:(?:of|on|at|in|from|by|for|under)\s+(?:the\s+)?|\(\s*(?:of\s+)?|,\s*)",
    re.IGNORECASE,
)
# As a header or label this asks whether there is one.
_FREE_TIER = re.compile(r"free\s(?:tier|plan|version|trial|edition|option)s?\??", re.IGNORECASE)
_OPEN = re.compile(r"(?:free\W+)?open[\s-]?source|self[\s-]?(?:hosted|managed)|oss", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a text, from `start` to `end`, and who may be meant by it."""

    start: int
    end: int
    text: str
    subjects: tuple[Subject, ...]

    @property
    def is_plan(self) -> bool:
        """Whether a plan is named, and not only a product."""
        return any(subject.plan is not None for subject in self.subjects)

    @property
    def keys(self) -> frozenset[Key]:
        """The products that may be meant."""
        return frozenset(subject.key for subject in self.subjects)


class Directory:
    """Finds the names of everything that is known."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Index the names once."""
        self.today = knowledge.as_of.date()
        self.free_plans = _free_plans(knowledge)
        self._products: dict[str, tuple[Subject, ...]] = _product_names(knowledge)
        self._product_pattern = _alternatives(self._products)
        self._plans: dict[Key, dict[str, str]] = defaultdict(dict)
        for held in knowledge.plans:
            self._plans[held.key].setdefault(held.fact.name, held.fact.slug)
        for named in knowledge.products:
            for slug, aliases in named.plan_aliases:
                for alias in aliases:
                    self._plans[named.key].setdefault(alias, slug)
        self._patterns: dict[frozenset[Key], re.Pattern[str] | None] = {}

    @property
    def product_names(self) -> tuple[str, ...]:
        """Every name of a vendor or product."""
        return tuple(self._products)

    @property
    def plan_names(self) -> tuple[str, ...]:
        """Every name of a plan, each once."""
        return tuple(dict.fromkeys(name for names in self._plans.values() for name in names))

    def products_in(self, text: str) -> list[Mention]:
        """The vendors and products that a text names, in order."""
        if self._product_pattern is None:
            return []
        return [
            Mention(start=found.start(), end=found.end(), text=found.group(), subjects=self._products[found.group()])
            for found in self._product_pattern.finditer(text)
        ]

    def plans_in(self, text: str, keys: frozenset[Key]) -> list[Mention]:
        """The plans of some products that a text names; one name may be a plan of several."""
        if keys not in self._patterns:
            names = {name for key in keys for name in self._plans.get(key, ())}
            self._patterns[keys] = _alternatives(names)
        pattern = self._patterns[keys]
        if pattern is None:
            return []
        found = [self._plan(match, keys) for match in pattern.finditer(text)]
        return [mention for mention in found if _is_plan_name(text, mention, self.products_in(text[: mention.start]))]

    def _plan(self, match: re.Match[str], keys: frozenset[Key]) -> Mention:
        subjects = tuple(
            Subject(*key, self._plans[key][match.group()]) for key in sorted(keys) if match.group() in self._plans[key]
        )
        return Mention(start=match.start(), end=match.end(), text=match.group(), subjects=subjects)

    def mentions(self, text: str, known: frozenset[Key], levels: Sequence[frozenset[Key]] = ()) -> tuple[Mention, ...]:
        """Everybody whom a text names, each plan told apart as far as the text and its surroundings allow.

        `known` are the products whose plans may be named, `levels` the products around, the nearest first.
        """
        products = self.products_in(text)
        keys = known | {key for mention in products for key in mention.keys}
        plans = [
            one
            for one in self.plans_in(text, keys)
            if not any(_overlap(one, other) or _is_of_another(text, one, other) for other in products)
        ]
        return _told_apart(text, products, plans, levels)


def _product_names(knowledge: Knowledge) -> dict[str, tuple[Subject, ...]]:
    names: dict[str, list[Subject]] = defaultdict(list)
    for named in knowledge.products:
        subject = Subject(named.vendor, named.product)
        own = (*_spellings(named.product_name), *named.aliases, *_short(named, knowledge.products))
        for name in dict.fromkeys(own):
            names[name].append(subject)
    products = dict(names)
    vendors: dict[str, list[Subject]] = defaultdict(list)
    for named in knowledge.products:
        for name in _spellings(named.vendor_name):
            if name not in products:
                vendors[name].append(Subject(named.vendor, named.product, vendor_only=True))
    return {name: tuple(found) for name, found in {**vendors, **products}.items() if name}


def _free_plans(knowledge: Knowledge) -> dict[Key, str]:
    """The one hosted plan of a product that is free, where there is just one."""
    free: dict[Key, list[str]] = defaultdict(list)
    for held in knowledge.plans:
        if held.fact.state is State.FREE and held.hosted and knowledge.now.holds(held.since, held.until):
            free[held.key].append(held.fact.slug)
    return {key: plans[0] for key, plans in free.items() if len(plans) == 1}


def _short(named: Named, products: Iterable[Named]) -> list[str]:
    """What tells a product from its vendor's others: Sync, where there are Quillon Sync and Quillon Flow."""
    short = named.product_name.removeprefix(f"{named.vendor_name} ")
    has_siblings = sum(one.vendor == named.vendor for one in products) > 1
    return [short] if has_siblings and short != named.product_name and short.isalpha() else []


def _spellings(name: str) -> list[str]:
    spelled = [name]
    if name.endswith("+"):
        spelled += [f"{name[:-1]} Plus", f"{name[:-1]} +"]
    return spelled


def _alternatives(names: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    if not ordered:
        return None
    return re.compile(rf"(?<![\w@/.#-])(?:{'|'.join(map(re.escape, ordered))})(?![\w@]|\.\w|-\w)")


def _is_plan_name(text: str, mention: Mention, products: Sequence[Mention]) -> bool:
    """Whether a plan's name stands there as one, and not as an ordinary word or as part of another name."""
    before = text[: mention.start]
    if _FREE_TIER.fullmatch(text.strip()):
        return False
    if _OPEN.fullmatch(mention.text) and not re.match(r"\s+(?:plan|tier|edition)", text[mention.end :], re.IGNORECASE):
        return before.strip() == "" and text[mention.end :].strip() == ""
    follows_product = any(_BELONGS.fullmatch(text, product.end, mention.start) for product in products)
    if follows_product:
        return True
    if _CAPITAL_NEXT.match(text, mention.end):
        return False
    word = _CAPITALISED.search(before)
    if word and word[1].casefold() not in _FUNCTION:
        return False
    begins = not before.strip() or before.rstrip()[-1:] in ".!?:"
    return not begins or _CUE.match(text, mention.end) is not None


def _is_of_another(text: str, plan: Mention, product: Mention) -> bool:
    """Whether a name stands right behind a product that has no plan of that name: "Is Prefect Free?"."""
    return product.end < plan.start and text[product.end : plan.start].isspace() and not product.keys & plan.keys


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _told_apart(
    text: str, products: list[Mention], plans: list[Mention], levels: Sequence[frozenset[Key]]
) -> tuple[Mention, ...]:
    """Plans with the product that stands beside them, and the products that stand alone."""
    owners: set[int] = set()
    settled: list[Mention] = []
    for plan in plans:
        owner = _owner(text, plan, products)
        if owner is not None and owner.keys & plan.keys:
            owners.add(owner.start)
            plan = _narrowed(plan, owner.keys)  # the same mention, better known
            plan = replace(plan, start=min(plan.start, owner.start), end=max(plan.end, owner.end))  # as above
        settled.append(plan)
    sure = frozenset(key for plan in settled if len(plan.keys) == 1 for key in plan.keys)
    alone = [product for product in products if product.start not in owners]
    settled = [_by_surroundings(plan, products, sure, levels) for plan in settled]
    return tuple(sorted([*alone, *settled], key=lambda mention: mention.start))


def _owner(text: str, plan: Mention, products: list[Mention]) -> Mention | None:
    """The product that stands right before ("Dagster+ Solo") or after ("Solo on Dagster+") a plan's name."""
    for product in products:
        if product.end <= plan.start and _BELONGS.fullmatch(text, product.end, plan.start):
            return product
    for product in products:
        if product.start >= plan.end and _OWNED.fullmatch(text, plan.end, product.start):
            is_listed = text[plan.end : product.start].strip() == ","
            if not is_listed:
                return product
    return None


def _narrowed(plan: Mention, keys: frozenset[Key]) -> Mention:
    return replace(plan, subjects=tuple(subject for subject in plan.subjects if subject.key in keys))


def _by_surroundings(
    plan: Mention, products: list[Mention], sure: frozenset[Key], levels: Sequence[frozenset[Key]]
) -> Mention:
    """A plan of the product named last before it in the sentence, else the only one around; else it stays open."""
    if len(plan.subjects) == 1:
        return plan
    before = [product for product in products if product.end <= plan.start]
    near: list[frozenset[Key]] = [before[-1].keys] if before else []
    near.append(frozenset(key for product in products for key in product.keys))
    for level in (*near, sure, *levels):
        common = plan.keys & level
        if len(common) == 1:
            return _narrowed(plan, common)
        if common and level is not sure:
            return _narrowed(plan, common)
    return plan
