"""What a suite is made of: columns, checks and their wording, as plain data that Great Expectations has not touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ColumnKind(StrEnum):
    """What a column of a frame holds. Scraped text is in none of them."""

    WORD = "word"  # an id, a slug or a word from a list; may be empty
    COUNT = "count"  # a whole number, never empty
    FLAG = "flag"  # true or false, never empty
    NUMBER = "number"  # a figure; may be empty


class CheckSeverity(StrEnum):
    """How grave a failed check is, in Great Expectations' own three words."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question asked of every row of a frame.

    `expectation` and `kwargs` are Great Expectations' own (`expect_column_values_to_be_in_set` …). `says` is the
    sentence for a row that fails, with the frame's columns as placeholders. `blocking` stops everything downstream.
    `where` asks the question only of rows whose column holds one of some values. `empty_passes` says that an empty cell
    is an answer (nothing is suspected), so the row counts as checked. `culprit` names the flag that marks the rows to
    show when the expectation is about a whole column and so names no row itself.
    """

    name: str
    suite: str
    expectation: str
    kwargs: Mapping[str, object]
    severity: CheckSeverity
    description: str
    says: str
    blocking: bool = False
    where: tuple[str, tuple[str | bool, ...]] | None = None
    empty_passes: bool = False
    culprit: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the check reads."""
        named = [str(self.kwargs["column"])]
        if self.where is not None:
            named.append(self.where[0])
        if self.culprit is not None:
            named.append(self.culprit)
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The checks of one frame. `identity` are the columns that together name a row, `columns` all that it must hold.

    `suspicion` is the column that names the misreading a row looks like, where the frame has one.
    """

    name: str
    asks_of: str
    identity: tuple[str, ...]
    columns: Mapping[str, ColumnKind]
    checks: tuple[Check, ...]
    suspicion: str | None = None

    def __post_init__(self) -> None:
        for check in self.checks:
            strangers = set(check.columns) - set(self.columns)
            if strangers:
                raise ValueError(
                    f"check {self.name}.{check.name} reads columns that its frame does not hold: {sorted(strangers)}"
                )
        if not set(self.identity) <= set(self.columns):
            raise ValueError(
                f"suite {self.name} names its rows by columns that its frame does not hold: {self.identity}"
            )


def columns(
    *, words: str = "", counts: str = "", flags: str = "", numbers: str = ""
) -> dict[str, ColumnKind]:  # fmt: skip
    """The columns of a frame by kind, each list given as words with spaces between."""
    listed = (
        (words, ColumnKind.WORD),
        (counts, ColumnKind.COUNT),
        (flags, ColumnKind.FLAG),
        (numbers, ColumnKind.NUMBER),
    )
    return {name: kind for names, kind in listed for name in names.split()}


def none_of(
    column: str,
    *,
    name: str,
    suite: str,
    description: str,
    says: str,
    severity: CheckSeverity = CheckSeverity.CRITICAL,
    blocking: bool = False,
) -> Check:
    """A check that a count of faults is zero in every row."""
    return Check(
        name=name,
        suite=suite,
        expectation="expect_column_values_to_be_between",
        kwargs={"column": column, "min_value": 0, "max_value": 0},
        severity=severity,
        description=description,
        says=says,
        blocking=blocking,
    )


def in_words(
    column: str,
    allowed: tuple[str, ...],
    *,
    name: str,
    suite: str,
    description: str,
    says: str,
    severity: CheckSeverity = CheckSeverity.CRITICAL,
    empty_passes: bool = False,
) -> Check:
    """A check that a word is one of those allowed, so that a word nobody has thought of fails too."""
    return Check(
        name=name,
        suite=suite,
        expectation="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": [str(word) for word in allowed]},
        severity=severity,
        description=description,
        says=says,
        empty_passes=empty_passes,
    )


def flag_is(
    column: str,
    *,
    name: str,
    suite: str,
    description: str,
    says: str,
    expected: bool = False,
    severity: CheckSeverity = CheckSeverity.WARNING,
    blocking: bool = False,
    where: tuple[str, tuple[str | bool, ...]] | None = None,
) -> Check:
    """A check that a flag is down (or up) in every row."""
    return Check(
        name=name,
        suite=suite,
        expectation="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": [expected]},
        severity=severity,
        description=description,
        says=says,
        blocking=blocking,
        where=where,
    )
