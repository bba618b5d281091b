"""The extractor's version changes with everything that decides how a page is read."""

from __future__ import annotations

import ast
from pathlib import Path

import pricing_pipeline
from pricing_pipeline.extract import version

ROOT = Path(pricing_pipeline.__file__).parent
# The shapes of facts and errors decide no reading, nor do the words that figures are written out in, nor when garbage is
# collected.
APART = {"collection", "facts", "errors", "recognition", "wording"}


def imported(path: Path) -> set[str]:
    """The modules right below pricing_pipeline that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "pricing_pipeline":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pricing_pipeline."):
            names.add((node.module or "").split(".")[1])
    return {name for name in names if (ROOT / f"{name}.py").exists()} - APART


def test_every_module_that_the_reader_stands_on_is_in_its_version() -> None:
    """Money, numbers and units are read beside the reader's own folder, and by each other."""
    seen: set[str] = set()
    waiting = {name for path in (ROOT / "extract").glob("*.py") for name in imported(path)}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= imported(ROOT / f"{name}.py") - seen

    assert {f"{name}.py" for name in seen} == set(version._BESIDE)
