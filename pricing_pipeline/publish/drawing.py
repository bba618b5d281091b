"""Drawing step lines: one for each plan, a gap where no figure is known, the days and amounts along the edges.

Heights are pixels, and places along a line are shares of whatever width a page has, so that letters keep their size on a
phone. Amounts stay decimals to the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from pricing_pipeline.publish import phrases

# A line runs from 0 to WIDTH whatever the width of the page.
WIDTH, HEIGHT = 1000, 240
_TOP, _BOTTOM = 16, 212
# How far dates stand apart, in hundredths of the width: from each other, and from those at the edges, which are written
# inwards. The first two where there is room, the other two on a phone.
_ROOMY, _NARROW = (18, 26), (33, 46)
# A date so far to the right is written to the left of its place.
_LATE = 84
# A figure of more letters than this needs a broad margin beside the scale.
_SHORT_FIGURE = 9
# What a scale may end at, times a power of ten.
_ROUND = tuple(Decimal(one) for one in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10"))
# More lines than there are colours and dashes cannot be told apart.
STYLES = 8


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a term was from one day to the next; `value` is None where there is no figure."""

    since: datetime
    until: datetime
    value: Decimal | None
    text: str
    short: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One plan's line: the path of its steps, the places where each begins, and what the key says of it."""

    plan: str
    style: int
    path: str
    dots: tuple[tuple[int, int], ...]
    label: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A date below a chart: how far along in hundredths, which part of it stands there (`start`, `middle` or `end`, as SVG
    has it), and whether there is room for it on a phone."""

    x: float
    text: str
    anchor: str
    is_on_phones: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart. `grid` are heights with their figures, `has_long_figures` says that these need a broad margin, `left_out`
    are plans without a line."""

    id: str
    title: str
    summary: str
    lines: tuple[Line, ...]
    grid: tuple[tuple[int, str], ...]
    days: tuple[Day, ...]
    has_long_figures: bool = False
    left_out: tuple[str, ...] = ()


def draw(
    anchor: str,
    title: str,
    lines: Mapping[str, tuple[Stretch, ...]],
    *,
    end: datetime,
    figure: Callable[[Decimal], str],
) -> Chart:
    """A chart of some plans' stretches (one at least) up to `end`, `figure` writing the amounts of its scale.

    The first plans get a line each, as many as can be told apart; the others are named as left out.
    """
    found = dict(list(lines.items())[:STYLES])
    every = [stretch for stretches in found.values() for stretch in stretches]
    top = _ending(max((stretch.value for stretch in every if stretch.value is not None), default=Decimal(0)))
    frame = _Frame(start=min(stretch.since for stretch in every), end=end, top=top)
    drawn = tuple(_line(plan, style, stretches, frame) for style, (plan, stretches) in enumerate(found.items()))
    grid = tuple((frame.y(part * top), figure(part * top)) for part in (Decimal(0), Decimal("0.5"), Decimal(1)))
    return Chart(
        id=anchor,
        title=title,
        summary="; ".join(_said(line) for line in drawn),
        lines=drawn,
        grid=grid,
        days=_days(every, frame),
        has_long_figures=any(len(text) > _SHORT_FIGURE for _, text in grid),
        left_out=tuple(list(lines)[STYLES:]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What the edges of a chart stand for: two moments, and nothing up to `top`."""

    start: datetime
    end: datetime
    top: Decimal

    def x(self, moment: datetime) -> float:
        """How far to the right a moment lies, in hundredths."""
        return 100 * ((moment - self.start) / (self.end - self.start)) if self.end > self.start else 100.0

    def y(self, value: Decimal) -> int:
        """How far down a value lies."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * float(value / self.top))


def _ending(most: Decimal) -> Decimal:
    """A round figure that a scale may end at, above what it shows."""
    if not most:
        return Decimal(1)
    size = Decimal(1).scaleb(most.adjusted())
    return next(size * step for step in _ROUND if size * step >= most)


def _label(plan: str, last: Stretch) -> str:
    """What the key says of a line: the plan, what it has come to, and until when if it ended."""
    return f"{plan}: {last.short}{'' if last.is_open else f', until {phrases.day(last.until)}'}"


def _line(plan: str, style: int, stretches: tuple[Stretch, ...], frame: _Frame) -> Line:
    path, dots, before = "", [], None
    for stretch in stretches:
        if stretch.value is None:
            before = None
            continue
        x, until = (round(frame.x(moment) * WIDTH / 100) for moment in (stretch.since, stretch.until))
        y = frame.y(stretch.value)
        joins = before == stretch.since
        path += f"{'L' if joins else 'M'}{x} {y}L{until} {y}"
        dots.append((x, y))
        before = stretch.until
    label = _label(plan, stretches[-1])
    return Line(plan=plan, style=style, path=path, dots=tuple(dots), label=label, stretches=stretches)


def _said(line: Line) -> str:
    steps = ", ".join(f"{stretch.text} from {phrases.day(stretch.since)}" for stretch in line.stretches)
    return f"{line.plan}: {steps}"


def _days(stretches: Sequence[Stretch], frame: _Frame) -> tuple[Day, ...]:
    """The first day, the last one, and each day on which something moved that has room between them."""
    moments = [frame.start, *sorted({stretch.since for stretch in stretches} - {frame.start}), frame.end]
    found: dict[str, Day] = {}
    for moment in moments:
        x, text = round(frame.x(moment), 1), phrases.day(moment)
        anchor = "start" if not found else "end" if x > _LATE else "middle"
        found.setdefault(text, Day(x, text, anchor))
    roomy = _apart(list(found.values()), *_ROOMY)
    narrow = set(_apart(roomy, *_NARROW))
    return tuple(replace(one, is_on_phones=one in narrow) for one in roomy)


def _apart(days: Sequence[Day], between: int, beside_an_edge: int) -> list[Day]:
    """Those that have room: the first, the last, and what lies far enough from these and from each other."""
    first, last = days[0], days[-1]
    kept = [first]
    for one in days[1:-1]:
        room = beside_an_edge if kept[-1].anchor == "start" else between
        end = last.x - (beside_an_edge if last.anchor == "end" else between)
        if one.anchor == "middle" and one.x - kept[-1].x >= room and one.x <= end:
            kept.append(one)
    return kept if last is first else [*kept, last]
