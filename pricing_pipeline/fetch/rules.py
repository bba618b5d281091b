"""What a robots.txt says, by RFC 9309: protego does the reading; where it departs from the standard, we even it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from protego import Protego

# The records that count here. All others "MUST NOT interfere with the parsing" (RFC 9309, 2.2.4): protego lets an
# unknown one end a group's names. The misspelt ones are those that Google's reader and protego put up with.
_RECORD = re.compile(
    r"(?P<agent>user[- ]?agent)|(?P<rule>allow|disallow|dissallow|dissalow|disalow|diasllow|disallaw)"
    r"|(?P<pace>crawl[- ]delay|request[- ]rate)",
    re.IGNORECASE,
)
_END_OF_FIELD = re.compile(r"\s*:\s*|\s+")
_NAME = re.compile(r"[a-z0-9_.-]+", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
# Seconds. A pause in a file may have thousands of digits, more than arithmetic with floats bears.
_LONGEST_PAUSE = 1_000_000


class RobotsRules:
    """The rules of one text for any program that has a name, a product token such as `pricing-pipeline`."""

    def __init__(self, text: str) -> None:
        self._groups = list(_groups(text))
        self._names = frozenset(name for names, _ in self._groups for name in names)
        self._of: dict[str, _Rules] = {}

    def allows(self, url: str, product: str) -> bool:
        """Whether the program of this name may ask for this address.

        RFC 9309, 2.2.2 has escapes of plain characters undone before rules are compared (`/%62az` is `/baz`), Google's
        reader compares them as they are written. Where the two differ, a page is asked for only if both allow it.
        """
        rules = self._rules(product)
        return rules.undone.can_fetch(url, "*") and rules.as_written.can_fetch(url.replace("%", "%25"), "*")

    def pause(self, product: str) -> float:
        """Seconds that the program of this name is asked to leave between two requests; 0 where nothing is said."""
        rules = self._rules(product).undone
        rate = rules.request_rate("*")
        asked = min(rate.seconds, _LONGEST_PAUSE) / rate.requests if rate else 0.0
        return min(max(rules.crawl_delay("*") or 0.0, asked), _LONGEST_PAUSE)

    def _rules(self, product: str) -> _Rules:
        """The rules for this product, or those for everybody else.

        Case does not matter. `hedwig-images` goes by the rules for `hedwig` where it has none of its own, as Google's
        documentation has it; protego, too, would take `bot` for a name of `hedwig/1.0 (bot)` and not know `hedwig/1.0`.
        """
        wanted = product.lower()
        group = max((name for name in self._names if _is_named(wanted, name)), key=len, default="*")
        if group not in self._of:
            self._of[group] = _Rules(
                [record for names, records in self._groups if group in names for record in records]
            )
        return self._of[group]


class _Rules:
    """What is said to one program. protego is given no others: it copies every rule for each name of its group."""

    def __init__(self, records: Iterable[tuple[str, str]]) -> None:
        self._records = [("User-agent", "*"), *records]

    @cached_property
    def undone(self) -> Protego:
        """To be asked about addresses as they are."""
        return Protego.parse("\n".join(f"{field}: {value}" for field, value in self._records))

    @cached_property
    def as_written(self) -> Protego:
        """To be asked about addresses in which `%` is escaped: every escape is escaped once more and stands for itself."""
        lines = (
            f"{field}: {_escaped(value) if field in ('Allow', 'Disallow') else value}" for field, value in self._records
        )
        return Protego.parse("\n".join(lines))


def _groups(text: str) -> Iterator[tuple[frozenset[str], list[tuple[str, str]]]]:
    """The groups of a text in order: whom each is for, and what it says."""
    names: set[str] = set()
    said: list[tuple[str, str]] = []
    for field, value in _records(text):
        if field != "User-agent":
            said.append((field, value))
            continue
        if said:
            yield frozenset(names), said
            names, said = set(), []
        if value:
            names.add(value)
    yield frozenset(names), said


def _records(text: str) -> list[tuple[str, str]]:
    """The records that count, in order. Lines end with CR, LF or both, and nothing else ends them (RFC 9309, 2.2)."""
    found = []
    for line in re.split(r"[\r\n]+", text.removeprefix("\ufeff")):
        stated = " ".join(line.partition("#")[0].split())
        record = _RECORD.match(stated)
        end = _END_OF_FIELD.match(stated, record.end()) if record else None
        if record is None or (end is None and record.end() < len(stated)):
            continue
        found.append(_record(record, stated[end.end() :] if end else ""))
    return found


def _record(record: re.Match[str], value: str) -> tuple[str, str]:
    if record["agent"]:
        return "User-agent", _name(value)
    if record["rule"]:
        return ("Allow" if record["rule"].lower() == "allow" else "Disallow"), value
    return ("Crawl-delay" if record["pace"].lower().startswith("crawl") else "Request-rate"), value


def _name(value: str) -> str:
    """Whom a group is for: `Foo` of `Foo/1.0 (bot)`, `*` of `* # all`; versions and remarks are no part of a name."""
    if value == "*" or value.startswith("* "):
        return "*"
    name = _NAME.match(value.lstrip("*"))
    return name[0].lower() if name else ""


def _is_named(product: str, name: str) -> bool:
    """Whether a group's name is this product's, or that of its family: the same up to a dash or the like."""
    if not product.startswith(name) or " " in product:
        return False
    return len(product) == len(name) or not product[len(name)].isalpha()


def _escaped(pattern: str) -> str:
    """A pattern as Google's reader compares it: escapes in capitals, other characters than ASCII escaped."""
    ascii_only = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in pattern)
    return _ESCAPE.sub(lambda escape: escape[0].upper(), ascii_only).replace("%", "%25")
