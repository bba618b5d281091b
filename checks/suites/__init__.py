"""The seven suites, one module each, in the order in which a refresh asks them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checks.declarations import Suite
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
