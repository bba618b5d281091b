"""What a reader of the page sees: hidden elements, the inactive panes of toggles, struck-through text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

# Names by which pages mark the pane of a billing period in class, id, data- and aria- attributes.
_PERIODS = (("annual", "year"), ("year", "year"), ("month", "month"), ("quarter", "quarter"))
_NAMING = frozenset({"data-billing", "data-period", "data-pane", "data-tab", "data-plan-period", "data-interval"})
_NAMING_KEY = re.compile(
    r"^data-(?:[a-z-]+-)?(?:period|billing|interval|cycle|frequency|pane|tab|recurrence)(?:-\w+)?$"
)
# Conditions by which scripts show an element: Alpine, Vue, Angular.
_SHOWN_IF = frozenset({"x-show", "x-if", "v-show", "v-if", "ng-show", "ng-if", "*ngif", "data-show", "data-if"})
_NOT = re.compile(r"^\s*!(?!=)|!==?|\bnot\b")
_OTHER = {"year": "month", "month": "year"}
_HIDING_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|(?<![-\w])opacity\s*:\s*0(?:\.0*)?\s*(?:;|$|!))", re.IGNORECASE
)
_STRIKING_STYLE = re.compile(r"text-decoration[\w-]*\s*:\s*[^;]*line-through", re.IGNORECASE)
_SHOWN_FROM = re.compile(
    r"^(?:sm|md|lg|xl|2xl|tablet|desktop):(?:block|flex|grid|inline|inline-\w+|table|table-\w+|contents)$"
)
# Bootstrap: hidden on small screens, shown from another breakpoint on.
_SHOWN_BOOTSTRAP = re.compile(r"^d-(?:sm|md|lg|xl|xxl)-(?!none)\w+$")
_HIDING_CLASSES = frozenset(
    {"hidden", "d-none", "is-hidden", "hide", "w-condition-invisible", "uk-hidden", "u-hidden", "display-none"}
)
_STRIKING_CLASSES = frozenset(
    {"line-through", "strikethrough", "strike", "strike-through", "struck", "text-decoration-line-through"}
)
_STRIKING_TAGS = frozenset({"s", "del", "strike"})
_OF_PRICES = ("price", "amount", "cost")
_STRUCK_NAME = re.compile(
    r"(?:^|[-_])(?:old|original|was|strike|struck|crossed|previous|compare-?at|before)[-_]?(?:price|amount|"
    r"cost)|(?:price|amount)[-_]{1,2}(?:old|original|was|strike|struck|crossed|previous|before)(?:$|[-_])",
    re.IGNORECASE,
)
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none")
_NOT_VISIBLE = re.compile(r"visibility\s*:\s*hidden")
_PANE = re.compile(r"(?:^|[\s_-])tab-?(?:pane|panel|content)s?(?:$|\s)")
# The state that brings back what a style sheet hides by another of an element's class names: "pane active", "w--tab-active".
_SHOWN_STATE = re.compile(r"(?:^|[\s_-])(?:active|current|show|shown|selected|open|visible)(?:$|\s)", re.IGNORECASE)
_TIP = re.compile(r"(?:^|[\s_-])tooltip-?_{0,2}(?:text|content|body|bubble|popup|box|inner)(?:$|\s)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE = re.compile(r"^(?:[a-z][a-z0-9]*)?([.#])([A-Za-z_][\w-]*)$")

Attributes = Mapping[str, object]


def hidden_names(styles: Iterable[str]) -> frozenset[str]:
    """`.class` and `#id` names that a page's own style sheets hide outright (no media queries, no states, no nesting)."""
    names: set[str] = set()
    for sheet in styles:
        if "none" in sheet or "hidden" in sheet:
            names.update(_hidden_in(_COMMENT.sub(" ", sheet)))
    return frozenset(names)


def is_inactive_pane(names: str, others: Iterable[str]) -> bool:
    """Whether an element is a pane of which another one is shown, by its class names and those of the panes beside it.

    Frameworks say so in style sheets that are not in the page: `tab-pane` beside `tab-pane active`.
    """
    if _PANE.search(names) is None or _SHOWN_STATE.search(names) is not None:
        return False
    return any(_PANE.search(other) and _SHOWN_STATE.search(other) for other in others)


def _hidden_in(sheet: str) -> Iterator[str]:
    """Looked up from each hiding declaration backwards: sheets of a megabyte hide a few dozen things."""
    depth = counted = before = 0
    # Patterns that begin with a literal are found forty times as fast as one that may begin with either.
    starts = sorted(found.start() for pattern in (_NOT_DISPLAYED, _NOT_VISIBLE) for found in pattern.finditer(sheet))
    for start in starts:
        opened = sheet.rfind("{", counted, start)
        if opened < 0:
            continue
        depth += sheet.count("{", counted, opened) - sheet.count("}", counted, opened)
        if opened != counted:
            before = max(sheet.rfind(mark, counted, opened) for mark in "{};")
        counted = opened
        if depth == 0 and "}" not in sheet[opened:start]:
            for selector in sheet[before + 1 : opened].split(","):
                simple = _SIMPLE.match(selector.strip())
                if simple:
                    yield simple.group(1) + simple.group(2)


def classes(attributes: Attributes) -> list[str]:
    """The class names of an element."""
    value = attributes.get("class")
    if isinstance(value, list):
        return [str(name) for name in value]
    return str(value).split() if value else []


class Look(NamedTuple):
    """What an element's own attributes say of how it is seen. `period` is the billing period that its names give; `tip` says that
    it is a tooltip, which tells more of the line that it belongs to."""

    hidden: bool
    struck: bool
    period: str | None
    tip: bool = False


_PLAIN = Look(False, False, None)


class Looks:
    """Looks of a page's elements, remembered by their class names: pages repeat few of them many times."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self._hiding = _HIDING_CLASSES | {name[1:] for name in hidden if name[0] == "."}
        self._by_class: dict[str, Look] = {}
        self._roles: dict[str, str] = {}

    def of(self, attributes: Attributes) -> Look:
        """The look that an element's attributes give it."""
        look, period = _PLAIN, None
        hidden = struck = tip = False
        for key, value in attributes.items():
            role = self._roles.get(key)
            if role is None:
                role = self._roles[key] = _role(key)
            if not role:
                continue
            text = str(value)
            if role == "class":
                look = self._by_class.get(text) or self._of_class(text)
            elif role == "style":
                hidden = hidden or _HIDING_STYLE.search(text) is not None
                struck = struck or _STRIKING_STYLE.search(text) is not None
            elif role == "role":
                tip = text == "tooltip"
            elif role == "hidden":
                hidden = hidden or key == "hidden" or text.casefold() == "true"
            elif role == "id":
                hidden = hidden or f"#{text}" in self._hidden
                period = period or period_named(text)
            elif role == "name":
                period = period or period_named(text)
            else:
                period = period or _shown_for(text)
        if hidden or struck or period or tip:
            return Look(hidden or look.hidden, struck or look.struck, period or look.period, tip or look.tip)
        return look

    def _of_class(self, written: str) -> Look:
        look = Look(
            self._hides(written.split()),
            _strikes(written.casefold()),
            period_named(" ".join(written.split())),
            "tooltip" in written and _TIP.search(written) is not None,
        )
        self._by_class[written] = look
        return look

    def _hides(self, names: Sequence[str]) -> bool:
        if _HIDING_CLASSES.isdisjoint(map(str.casefold, names)) and (
            self._hiding.isdisjoint(names)
            or any(_SHOWN_STATE.search(name) for name in names if name not in self._hiding)
        ):
            return False
        return not any(_SHOWN_FROM.match(name) or _SHOWN_BOOTSTRAP.match(name) for name in names)


def _role(key: str) -> str:
    """What an attribute says of an element: what its own name says, `hidden`, `name`, `condition`; "" for nothing."""
    if key in ("class", "style", "id", "role"):
        return key
    if key in ("hidden", "aria-hidden"):
        return "hidden"
    if key in _NAMING or key == "aria-label" or _NAMING_KEY.match(key):
        return "name"
    return "condition" if key in _SHOWN_IF else ""


def _shown_for(condition: str) -> str | None:
    """The billing period for which a script shows an element: `yearly`, `billing === 'annual'`, `!yearly`."""
    period = period_named(condition)
    return _OTHER.get(period) if period and _NOT.search(condition) else period


def _strikes(names: str) -> bool:
    """Whether one of an element's class names, in lower case, crosses it out."""
    split = names.split()
    if not _STRIKING_CLASSES.isdisjoint(split):
        return True
    return any(word in names for word in _OF_PRICES) and any(_STRUCK_NAME.search(name) for name in split)


def is_striking(tag: str) -> bool:
    """Whether a tag crosses out what is in it, as list prices are beside the price that is asked."""
    return tag in _STRIKING_TAGS


def period_named(words: str) -> str | None:
    """The billing period that an id, class or data attribute names; None where it names none, or several."""
    if len(words) > 200:
        return None
    low = words.lower()
    found = {unit for name, unit in _PERIODS if name in low}
    return found.pop() if len(found) == 1 else None
