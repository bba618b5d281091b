"""Asking what plans cost: `cost`, on what is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_pipeline.cli.options import Format, FormatOption, HomeOption, VendorsOption, content_of, home_of

if TYPE_CHECKING:
    from pricing_pipeline.exchange import Exchange
    from pricing_pipeline.results import PricedPlan, Workload
    from warehouse.published import PublishedProduct

# Beyond so many plans their pairs are too many to print and to wait for.
MOST_SIDES = 60
# What rows hold for people; programs read the plain values beside it.
_FOR_PEOPLE = ("place", "offer", "a month")


class Commitment(StrEnum):
    """For how long one binds oneself."""

    MONTH = "month"
    YEAR = "year"


def cost(
    workload: Annotated[
        str | None, typer.Option("--workload", "-w", help="A named workload; without one, all of them.")
    ] = None,
    amounts: Annotated[
        list[str] | None,
        typer.Option("--set", help="A metric's monthly use, as credits=30000; may be given several times."),
    ] = None,
    product: Annotated[list[str] | None, typer.Option(help="Only this product; may be given several times.")] = None,
    commitment: Annotated[
        Commitment, typer.Option(help="At the prices of whoever binds themselves for a year, where there are such.")
    ] = Commitment.MONTH,
    break_even: Annotated[
        str | None,
        typer.Option("--break-even", help="Instead: from how many of this metric on another plan is the cheaper."),
    ] = None,
    rates: Annotated[
        Path | None,
        typer.Option(help="Dated exchange rates to rank by. Default: rates.yaml beside the vendors folder, if any."),
    ] = None,
    steps: Annotated[bool, typer.Option("--steps/--no-steps", help="Show each step of the sum.")] = True,
    form: FormatOption = Format.TABLE,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Every plan priced at a workload, cheapest first, each step of the sum shown.

    A plan that cannot be priced says why: by contact, too small, or a needed figure that the vendor does not state.
    Bills in several currencies are ranked apart, unless there is a file of dated rates.

    Examples:

        pricing-pipeline cost --workload one-seat-15000-credits

        pricing-pipeline cost --set credits=30000 --set seats=3 --commitment year

        pricing-pipeline cost --break-even credits --product dagster-plus
    """
    from pricing_pipeline.cli.pricing import price_all
    from warehouse import published
    from warehouse.connection import open_reports

    with open_reports(home_of(home).reports) as con:
        products, named = published.products(con), published.workloads(con)
    products = _of(products, product or [])
    _need_known(products, [*_usage(amounts or []), *([] if break_even is None else [_metric(break_even)])])
    if break_even is not None:
        _tell_turns(products, break_even, _usage(amounts or []), form)
        return
    exchange = _exchange(rates, vendors)
    asked = None if commitment is Commitment.MONTH else commitment.value
    priced = [
        (one, price_all(products, one, commitment=asked, exchange=exchange))
        for one in _chosen(named, workload, amounts or [])
    ]
    _tell_costs(priced, products, exchange, steps=steps, form=form)


def _of(products: Sequence[PublishedProduct], names: Sequence[str]) -> tuple[PublishedProduct, ...]:
    known = {one.product for one in products}
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"no product {name!r}; there are: {', '.join(sorted(known)) or 'none'}")
    return tuple(one for one in products if not names or one.product in names)


def _exchange(given: Path | None, vendors: Path | None) -> Exchange | None:
    from pricing_pipeline.exchange import read_exchange

    path = given or content_of(vendors).vendors.parent / "rates.yaml"
    return read_exchange(path) if given is not None or path.exists() else None


def _usage(given: list[str]) -> dict[str, Decimal]:
    """Metric to quantity; plurals are taken too."""
    from pricing_pipeline.cli.look import pairs

    usage = {}
    for name, value in pairs(given).items():
        try:
            quantity = Decimal(value.replace(",", "").replace("_", ""))
        except InvalidOperation:
            raise typer.BadParameter(f"{name}={value}: {value!r} is no number") from None
        if not quantity.is_finite() or quantity < 0:
            raise typer.BadParameter(f"{name}={value}: write it as credits=30000")
        usage[_metric(name)] = quantity
    return usage


def _metric(name: str) -> str:
    from pricing_pipeline.units import metric

    known = metric(name.replace("_", " "))
    if known is None:
        raise typer.BadParameter(f"{name!r} is nothing that one could use so many of; write it like credits")
    return known


def _need_known(products: Sequence[PublishedProduct], asked: Iterable[str]) -> None:
    """Raise BadParameter for a metric that none of these products has; a seat is known to all."""
    from pricing_pipeline.wording import noun

    known = {"seat"}.union(*(one.metrics for one in products))
    for metric in asked:
        if metric not in known:
            has = ", ".join(noun(one) for one in sorted(known))
            raise typer.BadParameter(f"no plan here has {noun(metric)}; there are: {has}")


def _left_out(products: Sequence[PublishedProduct], workload: Workload, found: Sequence[PricedPlan]) -> list[str]:
    """A line for each product that has no bill at a use, because it has not what is used."""
    from pricing_pipeline.wording import noun

    priced = {(one.vendor, one.product) for one in found}
    lines = []
    for one in products:
        lacking = [
            noun(metric) for metric, quantity in workload.usage.items() if quantity and metric not in one.metrics
        ]
        if lacking and (one.vendor, one.product) not in priced:
            lines.append(f"{one.name} is left out: it has no {' and no '.join(lacking)}")
    return lines


def _chosen(named: Sequence[Workload], name: str | None, amounts: list[str]) -> list[Workload]:
    from pricing_pipeline.results import Workload
    from pricing_pipeline.wording import counted

    if name is None and not amounts:
        return list(named)
    base = next((one for one in named if one.slug == name), None)
    if name is not None and base is None:
        raise typer.BadParameter(f"no workload {name!r}; there are: {', '.join(one.slug for one in named)}")
    if not amounts:
        return [base] if base else []
    usage = {**(base.usage if base else {}), **_usage(amounts)}
    title = ", ".join(counted(quantity, metric) for metric, quantity in usage.items())
    return [Workload(slug="given", name=title, usage=usage)]


def _tell_costs(
    priced: Sequence[tuple[Workload, Sequence[PricedPlan]]],
    products: Sequence[PublishedProduct],
    exchange: Exchange | None,
    *,
    steps: bool,
    form: Format,
) -> None:
    from pricing_pipeline.cli.output import emit, say
    from pricing_pipeline.cli.pricing import Shelf, cost_row, currencies, notes

    shelf = Shelf(products)
    rows = [cost_row(one, load, shelf, exchange, steps=steps) for load, found in priced for one in found]
    used = currencies(one for _, found in priced for one in found)
    if form is not Format.TABLE:
        emit([{key: row[key] for key in row if key not in _FOR_PEOPLE} for row in rows], form=form)
        return
    columns = ["place", "offer", "a month", "how"]
    if len(used) > 1 and exchange:
        columns.insert(3, "converted")
    emit(rows, form=form, columns=columns, group="workload", fixed=("a month",), empty="no plan can be priced")
    for note in notes(rows, used, exchange):
        say(note)
    if len(priced) == 1:
        for note in _left_out(products, *priced[0]):
            say(note)


def _tell_turns(products: Sequence[PublishedProduct], name: str, usage: Mapping[str, Decimal], form: Format) -> None:
    from pricing_pipeline.cli.output import emit
    from pricing_pipeline.cli.pricing import sides_of, turns
    from pricing_pipeline.money import format_amount
    from pricing_pipeline.wording import counted, noun, to_the_cent

    metric = _metric(name)
    besides = {one: quantity for one, quantity in usage.items() if one != metric}
    if len(sides_of(products, metric)) > MOST_SIDES:
        raise typer.BadParameter(f"more than {MOST_SIDES} plans know {name}: name those that you weigh with --product")
    rows = [
        {
            "at": counted(to_the_cent(turn.point.quantity), metric),
            "quantity": turn.point.quantity,
            "metric": metric,
            "cheaper below": turn.point.cheaper_below,
            "cheaper above": turn.point.cheaper_above,
            "bill there": format_amount(to_the_cent(turn.bill), turn.currency),
            "cheapest of all": turn.is_cheapest,
        }
        for turn in turns(products, metric, besides)
    ]
    if form is Format.TABLE:
        rows = [{**row, "cheapest of all": "yes" if row["cheapest of all"] else ""} for row in rows]
    columns = ("at", "cheaper below", "cheaper above", "bill there", "cheapest of all")
    with_ = ", ".join(counted(quantity, one) for one, quantity in besides.items()) or "one seat"
    emit(
        rows,
        form=form,
        columns=columns if form is Format.TABLE else (),
        title=f"Where the cheaper plan changes, with {with_} besides",
        empty=f"no two of these plans change places, however many {noun(metric)} are used",
        fixed=("bill there",),
    )
