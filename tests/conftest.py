"""The demo, run once for all tests that look at what it made, and the switch for the long trials."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.program import DemoRun, run_demo

# What an example may take is for benchmarks to say: a busy machine is no fault of the program.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long trials in full instead of a small share")


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the long trials run in full."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """A home that the demo made, and what it printed. Look, but write only into a copy."""
    return run_demo(Path(tmp_path_factory.mktemp("demo")) / "home")
