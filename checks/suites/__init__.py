"""The seven suites, one module each, in the order in which a refresh asks them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checks.declarations import Check, Suite
from checks.suites.captures import CAPTURES
from checks.suites.changes import CHANGES
from checks.suites.comparison_tables import COMPARISON_TABLES
from checks.suites.edition import EDITION
from checks.suites.history import HISTORY
from checks.suites.observations import OBSERVATIONS
from checks.suites.step import STEP

SUITES: Mapping[str, Suite] = MappingProxyType(
    {suite.name: suite for suite in (CAPTURES, OBSERVATIONS, STEP, HISTORY, CHANGES, COMPARISON_TABLES, EDITION)}
)


def describe() -> list[Check]:
    """Every declared check, suite by suite: for documentation and for `doctor`."""
    return [check for suite in SUITES.values() for check in suite.checks]
