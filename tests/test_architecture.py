"""The import rules of the four packages, and the tree that the README shows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("pricing_pipeline", "warehouse", "checks", "assets")
MAY_IMPORT = {
    "pricing_pipeline": {"pricing_pipeline"},
    "warehouse": {"warehouse", "pricing_pipeline"},
    "checks": {"checks", "pricing_pipeline"},
    "assets": set(PACKAGES),
}
HOMES = {
    "requests": "pricing_pipeline",
    "bs4": "pricing_pipeline",
    "duckdb": "warehouse",
    "great_expectations": "checks",
    "dagster": "assets",
}
STAGES = {"fetch", "captures", "extract", "gate", "changes", "costs", "claims", "publish", "notify"}
# Placeholders are filled while publishing; filling them is the claims' business and publishing is its only caller.
# The demo and the command line stand outside the flow and may use every stage.
STAGE_EXCEPTIONS = {("publish", "claims"), ("changes", "costs")}
HEAVY = ("dagster", "great_expectations", "pandas", "playwright", "duckdb", "bs4", "requests")


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path, ast.parse(path.read_text("utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def is_deferred(node: ast.stmt) -> bool:
    """Whether what a top-level statement imports is imported only when a function runs, or for the type checker alone."""
    for_types = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef) or for_types


def test_imports_between_the_packages_point_one_way() -> None:
    """Only a command's function of the front door may reach up; nothing below knows what is above it."""
    for package, path, tree in modules():
        ours = {name.split(".")[0] for name in imports(tree)} & set(PACKAGES)
        if path.is_relative_to(ROOT / "pricing_pipeline" / "cli"):
            top = {name.split(".")[0] for node in tree.body if not is_deferred(node) for name in imports(node)}
            ours = top & set(PACKAGES)

        assert ours <= MAY_IMPORT[package], f"{path.relative_to(ROOT)} imports {sorted(ours - MAY_IMPORT[package])}"


def test_each_library_of_the_card_has_one_home() -> None:
    for package, path, tree in modules():
        for name in {name.split(".")[0] for name in imports(tree)} & set(HOMES):
            assert HOMES[name] == package, f"{path.relative_to(ROOT)} imports {name}, whose home is {HOMES[name]}/"


def test_a_stage_never_imports_a_stage() -> None:
    """Their order is written in the assets alone."""
    for _, path, tree in modules():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] != "pricing_pipeline" or parts[1] not in STAGES:
            continue
        for name in imports(tree):
            other = re.match(r"pricing_pipeline\.(\w+)", name)
            if other and other[1] in STAGES - {parts[1]}:
                assert (parts[1], other[1]) in STAGE_EXCEPTIONS, f"{path.relative_to(ROOT)} imports the stage {name}"


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    """A file is named by the noun it serves."""
    names = {path.stem for _, path, _ in modules()}

    assert names.isdisjoint({"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers"})


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_the_front_door_opens_without_the_heavy_libraries(argument: str) -> None:
    """Whoever asks for help does not wait for Dagster, DuckDB or Great Expectations to load."""
    script = (
        "import sys; sys.argv = ['pricing-pipeline', sys.argv[1]]\n"
        "from pricing_pipeline.cli import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code, done.code\n"
        f"print('LOADED', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, argument], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.strip().endswith("LOADED []")


def test_the_tree_in_the_readme_is_the_tree_on_disk() -> None:
    """Documentation of things that are not there is worse than none."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"<!-- tree -->\n```text\n(.*?)```", readme, re.DOTALL)
    assert block, "README.md shows the tree between <!-- tree --> and the end of a text block"
    shown = {line.split()[0] for line in block[1].splitlines() if line and not line.startswith(" ")}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    tracked = {name.split("/")[0] + ("/" if "/" in name else "") for name in listed if name}
    hidden = {name for name in tracked if name.startswith(".")}

    assert tracked - hidden == shown
