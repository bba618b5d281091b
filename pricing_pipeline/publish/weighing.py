"""Which plan is the cheapest from how much use on: worked out from published terms, and told in sentences and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import combinations

from pricing_pipeline.break_even import countable
from pricing_pipeline.catalog import StandingTerm
from pricing_pipeline.facts import TermKind
from pricing_pipeline.publish import phrases
from pricing_pipeline.publish.calculator import SEAT, metrics_of
from pricing_pipeline.publish.cells import identify, term_id
from pricing_pipeline.publish.cost_tables import named_workloads
from pricing_pipeline.publish.prose import Computed, Piece, Prose
from pricing_pipeline.publish.scales import Bills, Scales, Usage
from pricing_pipeline.publish.shelf import Shelf
from pricing_pipeline.publish.weighing_words import RangeWords
from pricing_pipeline.results import BillPiece, CheapestRange
from pricing_pipeline.wording import counted, noun

# So many units of use are worth a table's row, and so many pairs of plans one in the list below it.
_METRICS, _PAIRS = 4, 16
# What falls into more ranges than this is told in the table alone: nobody follows such a sentence.
_IN_A_SENTENCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Who is the cheapest from where to where, in words whose quantities lead to what they were worked out from.

    `products` are those weighed, along `metric` and with `besides` used besides; `ranges` are what came of it, the plans
    named `product/plan`, and `id` stays while the same is asked. `lines` are for a table's cell: how much use, and who.
    `sentence` is the same in one; `is_turning` says that use decides. `figures` are what the quantities lead to, `basis`
    the terms behind them all. `by_product` says where the plans of each product are the cheapest, for those that ever are.
    """

    products: tuple[str, ...]
    metric: str
    besides: Usage
    ranges: tuple[CheapestRange, ...]
    sentence: Prose
    lines: tuple[tuple[Piece, str], ...]
    figures: frozenset[str]
    basis: tuple[str, ...]
    is_turning: bool
    by_product: Mapping[str, Prose] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same for as long as the same plans may be weighed at the same use, whatever comes of it."""
        return identify("w", self.metric, *(f"{name} {used}" for name, used in self.besides), *self.products)

    def wins(self, product: str) -> int:
        """In how many ranges a plan of a product is the cheapest."""
        return sum(any(name.startswith(f"{product}/") for name in one.cheapest) for one in self.ranges)

    @property
    def text(self) -> str:
        """The lines on one."""
        return "; ".join(f"{piece.text}: {who}" for piece, who in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedRow:
    """One unit of use, what is used besides, and a verdict for each product (None where it does not know the unit) and
    for all together; `computed` is what they were worked out from."""

    label: str
    besides: str
    is_plain: bool
    computed: Computed
    cells: tuple[Verdict | None, ...]
    every: Verdict | None

    @property
    def figures(self) -> frozenset[str]:
        """What its quantities lead to."""
        return frozenset().union(*(cell.figures for cell in (*self.cells, self.every) if cell is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedPair:
    """Two plans that trade places, in a sentence; `figures` are what its quantities lead to, `computed` among them where
    no term names one."""

    sentence: Prose
    figures: frozenset[str]
    computed: Computed


class Weighing:
    """The plans of some products weighed against each other, at what they share and at what named workloads use."""

    def __init__(self, scales: Scales, products: Sequence[str]) -> None:
        """`products` are those of one page."""
        self.products = tuple(products)
        self._scales = scales
        self._shelf = scales.shelf

    @cached_property
    def rows(self) -> tuple[WeighedRow, ...]:
        """A row for each unit of use and what is used besides; units at which nothing can be told have none."""
        found = (self._row(metric, besides) for metric in self._metrics for besides in self._besides(metric))
        return tuple(row for row in found if any(row.cells))

    @cached_property
    def _trading(self) -> tuple[tuple[str, Bills], ...]:
        """The pairs of plans that fit the same use, now the one and now the other being the cheaper, by metric."""
        found = []
        for metric in self._metrics:
            bills = {name: one for product in self.products for name, one in self._bills(product, metric, ()).items()}
            for pair in combinations(bills, 2):
                two = {name: bills[name] for name in pair}
                if self._scales.trade_places(two, metric):
                    found.append((metric, two))
        return tuple(found)

    @cached_property
    def pairs(self) -> tuple[WeighedPair, ...]:
        """The pairs of plans that trade places, as many as a page lists."""
        return tuple(self._pair(two, metric) for metric, two in self._trading[:_PAIRS])

    @property
    def more_pairs(self) -> int:
        """How many pairs trade places beyond those that are listed."""
        return len(self._trading) - len(self.pairs)

    @property
    def computed(self) -> list[Computed]:
        """What the quantities that no term names were worked out from."""
        return [one.computed for one in self._told if one.computed.id in one.figures]

    @property
    def verdicts(self) -> list[Verdict]:
        """What the rows say: of each product, and of all together."""
        return [cell for row in self.rows for cell in (*row.cells, row.every) if cell is not None]

    @property
    def figures(self) -> set[str]:
        """The terms that the quantities and what was computed rest on."""
        named = {figure for one in self._told for figure in one.figures if figure != one.computed.id}
        return named | {figure for one in self.computed for figure in one.basis}

    @property
    def _told(self) -> tuple[WeighedRow | WeighedPair, ...]:
        return (*self.rows, *self.pairs)

    @property
    def sentences(self) -> list[Prose]:
        """What the figures decide, for whoever reads no table: of all products where they can be compared, and within a
        product where use decides which plan to take."""
        every = [row.every for row in self.rows if row.every is not None]
        alone = [row for row in self.rows if row.every is None]
        turning = [cell for row in alone for cell in row.cells if cell is not None and cell.is_turning]
        return [one.sentence for one in (*every[:1], *turning[:2]) if len(one.ranges) <= _IN_A_SENTENCE]

    def choices(self, product: str) -> list[Prose]:
        """Where a product has the cheapest plan of all, with nothing used besides."""
        every = [row.every for row in self.rows if row.every is not None and row.is_plain]
        won = [one for one in every if product in one.by_product and one.wins(product) <= _IN_A_SENTENCE]
        return [one.by_product[product] for one in won][:2]

    def _bills(self, product: str, metric: str, besides: Usage) -> Bills:
        return self._scales.bills(product, metric, besides)

    @cached_property
    def _metrics(self) -> list[str]:
        """Seats, then what is charged by use: known to several of the products, or used in a workload meant for one."""
        count = Counter(metric for product in self.products for metric in metrics_of(self._shelf, product))
        shared = {metric for metric, knowing in count.items() if knowing > 1}
        metered = {metric for metric in shared if metric == SEAT or self._is_metered(metric)}
        asked = {metric for product in self.products for metric in self._asked(product)}
        return sorted(metered | asked, key=lambda metric: (metric != SEAT, -count[metric], metric))[:_METRICS]

    def _asked(self, product: str) -> set[str]:
        """What the named workloads use of what a product knows."""
        used = {
            metric
            for workload in named_workloads(self._shelf, [product])
            for metric, quantity in workload.usage.items()
            if quantity > (1 if metric == SEAT else 0)
        }
        return used & metrics_of(self._shelf, product)

    def _is_metered(self, metric: str) -> bool:
        """Whether a plan charges for a metric or includes some, rather than only limiting it."""
        kinds = (TermKind.USAGE_RATE, TermKind.RECURRING_FEE, TermKind.ALLOWANCE)
        rows = (row for product in self.products for row in self._shelf.terms.get(product, ()))
        return any(row.term.metric == metric and row.term.term in kinds for row in rows)

    def _besides(self, metric: str) -> list[Usage]:
        """Nothing, and what the fullest named workload uses beside the metric; seats decide by what fits, whatever else
        is used."""
        if metric == SEAT:
            return [()]
        knowing = [product for product in self.products if metric in metrics_of(self._shelf, product)]
        found: list[Usage] = []
        for workload in named_workloads(self._shelf, knowing):
            meant = not workload.products or set(knowing) <= set(workload.products)
            rest = tuple(
                (name, used)
                for name, used in workload.usage.items()
                if name != metric and used > (1 if name == SEAT else 0)
            )
            if meant and rest and metric in workload.usage:
                found.append(rest)
        return [(), *sorted(found, key=lambda rest: -len(rest))[:1]]

    def _row(self, metric: str, besides: Usage) -> WeighedRow:
        bills = [self._bills(product, metric, besides) for product in self.products]
        together = {name: pieces for one in bills for name, pieces in one.items()}
        figure = identify("n", metric, *(f"{name} {used}" for name, used in besides), *self.products)
        cells = tuple(self._verdict(one, metric, besides, figure) for one in bills)
        every = self._verdict(together, metric, besides, figure) if sum(map(bool, bills)) > 1 else None
        label, rest = noun(metric)[:1].upper() + noun(metric)[1:], _besides_of(metric, besides)
        basis = (figure for cell in (*cells, every) if cell is not None for figure in cell.basis)
        title = f"{label}, with {rest} besides"
        return WeighedRow(
            label=label,
            besides=rest,
            is_plain=not besides,
            computed=Computed(figure, title, title, tuple(dict.fromkeys(basis))),
            cells=cells,
            every=every,
        )

    def _pair(self, two: Bills, metric: str) -> WeighedPair:
        figure = identify("n", metric, *two)
        verdict = self._verdict(two, metric, (), figure)
        assert verdict is not None
        title = "".join(piece.text for piece in verdict.sentence)
        computed = Computed(figure, title, title, tuple(dict.fromkeys(verdict.basis)))
        return WeighedPair(sentence=verdict.sentence, figures=verdict.figures, computed=computed)

    def _verdict(self, bills: Bills, metric: str, besides: Usage, figure: str) -> Verdict | None:
        """None where there is nothing to tell: nobody is ever the cheapest. `figure` is the id of what was computed."""
        ranges = _countable(self._scales.ranges(bills, metric, besides), metric)
        if not any(one.cheapest for one in ranges):
            return None
        words = RangeWords(
            metric=metric,
            names={name: self._name(name, is_alone=len(self.products) == 1) for name in bills},
            brief={name: self._name(name, is_alone=len(_products_of(bills)) == 1) for name in bills},
            figures={end: self._named(bills, one, end, metric) or figure for one in ranges if (end := one.end)},
            lead=_lead(metric, besides),
            is_monthly=self._is_monthly(metric),
        )
        return Verdict(
            products=tuple(product for product in self.products if product in _products_of(bills)),
            metric=metric,
            besides=besides,
            ranges=tuple(ranges),
            sentence=words.sentence(ranges),
            lines=tuple(words.lines(ranges)),
            figures=frozenset(words.figures.values()),
            basis=tuple(self._basis(bills, ranges)),
            is_turning=len({one.cheapest for one in ranges if one.cheapest}) > 1,
            by_product={
                product: words.won(own, ranges)
                for product in self.products
                if (own := [name for one in ranges for name in one.cheapest if name.startswith(f"{product}/")])
            },
        )

    def _basis(self, bills: Bills, ranges: Sequence[CheapestRange]) -> Iterable[str]:
        """The terms that the bills of the cheapest plans rest on, where they are that."""
        for one in ranges:
            for name in one.cheapest:
                reached = [piece for piece in bills[name] if _overlaps(piece, one)]
                standing = (self._term(name, key) for piece in reached for key in piece.keys)
                yield from (term_id(one) for one in standing if one is not None)

    def _named(self, bills: Bills, one: CheapestRange, end: Decimal, metric: str) -> str | None:
        """The id of the term that names the quantity at which a range ends, one of the plan that is the cheapest there
        if it does."""
        names = sorted(bills, key=lambda name: name not in one.cheapest)
        keys = ((name, key) for name in names for piece in bills[name] for key in piece.keys)
        terms = (self._term(name, key) for name, key in keys)
        named = (it for it in terms if it is not None and it.term.metric == metric)
        return next((term_id(it) for it in named if end in (it.term.quantity, it.term.tier_to)), None)

    def _term(self, name: str, key: tuple[str | None, ...]) -> StandingTerm | None:
        return self._shelf.terms_by_key.get((name.partition("/")[0], key))

    def _name(self, name: str, *, is_alone: bool) -> str:
        """What a plan is called, beside plans of other products or not."""
        product, _, slug = name.partition("/")
        plan = next(one.plan.name for one in self._shelf.plans[product] if one.plan.slug == slug)
        short = phrases.line(plan, 60)
        return short if is_alone else f"{self._shelf.names.product(product)} {short}"

    def _is_monthly(self, metric: str) -> bool:
        """Whether a metric is used up month by month, as credits are and seats are not."""
        return any(metric in self._shelf.once(_used_up, product) for product in self.products)


def _used_up(shelf: Shelf, product: str) -> frozenset[str | None]:
    """The metrics of a product that are used up month by month."""
    return frozenset(
        row.term.metric
        for row in shelf.terms.get(product, ())
        if (row.term.term is TermKind.USAGE_RATE and row.term.billing_period is None)
        or (row.term.term is TermKind.ALLOWANCE and row.term.billing_period == "month")
    )


def _overlaps(piece: BillPiece, one: CheapestRange) -> bool:
    return (one.end is None or piece.start < one.end) and (piece.end is None or piece.end > one.start)


def _products_of(bills: Bills) -> set[str]:
    return {name.partition("/")[0] for name in bills}


def _besides_of(metric: str, besides: Usage) -> str:
    if besides:
        return phrases.listed([counted(used, name) for name, used in besides])
    return "nothing" if metric == SEAT else "one seat"


def _lead(metric: str, besides: Usage) -> str:
    if besides:
        return f"with {_besides_of(metric, besides)} besides, "
    return "with nothing else used, " if metric == SEAT else "on one seat, "


def _countable(ranges: Sequence[CheapestRange], metric: str) -> list[CheapestRange]:
    """The ranges of each winner that hold a whole unit, where parts of one are not counted, up to the last unit."""
    found: list[CheapestRange] = []
    for one in ranges:
        end = one.end
        if end is not None:
            end = countable(end, metric, ROUND_FLOOR)
        last = found[-1] if found else None
        start = Decimal(0) if last is None or last.end is None else last.end
        if last is not None and last.cheapest == one.cheapest:
            found[-1] = replace(last, end=end, unknown=tuple(dict.fromkeys((*last.unknown, *one.unknown))))
        elif end is None or end > start:
            found.append(replace(one, start=start, end=end))
    return found
