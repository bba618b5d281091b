"""Drawing step lines: one for each plan, a gap where no figure is known, the days and amounts along the edges.

Pixels are floats; amounts stay decimals to the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from pricing_pipeline.publish import phrases

WIDTH, HEIGHT = 760, 250
_LEFT, _TOP, _BOTTOM = 74, 16, 212
# Where lines end at the latest, and at the earliest however long the labels beside them are; how wide a letter is.
_RIGHT, _NARROWEST, _LETTER = 560, 400, 8
_LABEL = 17
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
    """One plan's line: the path of its steps, and its label at the end (`None` where it ends before the chart does)."""

    plan: str
    style: int
    path: str
    dots: tuple[tuple[float, float], ...]
    label: str
    label_y: float
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart. `grid` are heights with their figures, `days` places with their dates, `right` is where lines end and
    labels begin, `left_out` are plans without a line."""

    id: str
    title: str
    summary: str
    lines: tuple[Line, ...]
    grid: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str, str], ...]
    right: float
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
    labels = {plan: _label(plan, stretches[-1]) for plan, stretches in found.items()}
    frame = _Frame(start=min(stretch.since for stretch in every), end=end, top=top, right=_right(labels.values()))
    heights = _spread([_label_height(stretches, frame) for stretches in found.values()])
    drawn = tuple(
        _line(plan, style, stretches, frame, labels[plan], heights[style])
        for style, (plan, stretches) in enumerate(found.items())
    )
    return Chart(
        id=anchor,
        title=title,
        summary="; ".join(_said(line) for line in drawn),
        lines=drawn,
        grid=tuple((frame.y(part * top), figure(part * top)) for part in (Decimal(0), Decimal("0.5"), Decimal(1))),
        days=_days(every, frame),
        right=frame.right,
        left_out=tuple(list(lines)[STYLES:]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What the edges of a chart stand for: two moments, and nothing up to `top`."""

    start: datetime
    end: datetime
    top: Decimal
    right: float

    def x(self, moment: datetime) -> float:
        """How far to the right a moment lies."""
        share = (moment - self.start) / (self.end - self.start) if self.end > self.start else 1.0
        return _LEFT + (self.right - _LEFT) * share

    def y(self, value: Decimal) -> float:
        """How far down a value lies."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * float(value / self.top), 1)


def _ending(most: Decimal) -> Decimal:
    """A round figure that a scale may end at, above what it shows."""
    if not most:
        return Decimal(1)
    size = Decimal(1).scaleb(most.adjusted())
    return next(size * step for step in _ROUND if size * step >= most)


def _label(plan: str, last: Stretch) -> str:
    """What stands beside the end of a line: the plan, what it has come to, and until when if it ended."""
    short = last.short if len(last.short) <= 22 else f"{last.short[:21].rstrip()}…"
    return f"{plan}: {short}{'' if last.is_open else f', until {phrases.day(last.until)}'}"


def _right(labels: Iterable[str]) -> float:
    """Where lines end, so that the labels have room."""
    return float(max(_NARROWEST, min(_RIGHT, WIDTH - 12 - _LETTER * max(map(len, labels)))))


def _line(plan: str, style: int, stretches: tuple[Stretch, ...], frame: _Frame, label: str, label_y: float) -> Line:
    path, dots, before = "", [], None
    for stretch in stretches:
        if stretch.value is None:
            before = None
            continue
        x, y, until = frame.x(stretch.since), frame.y(stretch.value), frame.x(stretch.until)
        joins = before == stretch.since
        path += f"{'L' if joins else 'M'}{x:.1f} {y:.1f}L{until:.1f} {y:.1f}"
        dots.append((round(x, 1), round(y, 1)))
        before = stretch.until
    return Line(plan=plan, style=style, path=path, dots=tuple(dots), label=label, label_y=label_y, stretches=stretches)


def _said(line: Line) -> str:
    steps = ", ".join(f"{stretch.text} from {phrases.day(stretch.since)}" for stretch in line.stretches)
    return f"{line.plan}: {steps}"


def _label_height(stretches: Sequence[Stretch], frame: _Frame) -> float:
    known = [stretch.value for stretch in stretches if stretch.value is not None]
    return frame.y(known[-1]) if known else float(_BOTTOM)


def _spread(heights: Sequence[float]) -> list[float]:
    """The heights of labels, moved apart so that none lies on another."""
    placed = list(heights)
    order = sorted(range(len(heights)), key=lambda place: (heights[place], place))
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + _LABEL)
    over = max(placed, default=0.0) - (HEIGHT - 12)
    if over > 0:
        placed = [height - over for height in placed]
        for after, before in pairwise(reversed(order)):
            placed[before] = min(placed[before], placed[after] - _LABEL)
    return [round(height, 1) for height in placed]


def _days(stretches: Sequence[Stretch], frame: _Frame) -> tuple[tuple[float, str, str], ...]:
    """The first day, the last one, and each day on which something moved that has room between them."""
    moments = [frame.start, *sorted({stretch.since for stretch in stretches} - {frame.start}), frame.end]
    kept: list[tuple[float, str, str]] = []
    for moment in moments:
        x = round(frame.x(moment), 1)
        is_last = moment == frame.end
        if kept and kept[-1][1] == phrases.day(moment):
            continue
        while is_last and len(kept) > 1 and x - kept[-1][0] < 95:
            kept.pop()
        if not kept or x - kept[-1][0] >= 95:
            kept.append((x, phrases.day(moment), "start" if not kept else "end" if is_last else "middle"))
    return tuple(kept)
