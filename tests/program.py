"""The program as its users start it: its output piped, in an environment without what somebody set on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from warehouse.connection import open_warehouse
from warehouse.dump import canonical_dump

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "pricing_pipeline.cli")
OURS = ("PRICING_PIPELINE_", "DAGSTER_", "COLUMNS", "FORCE_COLOR")


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True)
class DemoRun:
    """A home made by the demo, what the demo printed, and how the home looked before anybody touched it."""

    home: Path
    done: Done
    dump: str
    files: dict[str, str]

    def ask(self, *arguments: str) -> Done:
        """Run a command over this home."""
        return run(*arguments, home=self.home)

    def copy(self, into: Path) -> Path:
        """The home once more, to be written in."""
        return Path(shutil.copytree(self.home, into, symlinks=True))


def environment(**more: str) -> dict[str, str]:
    """The environment of a command, without what the person at this machine has set for themselves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONUTF8": "1", "PRICING_PIPELINE_DEBUG": "", **more}


def run(*arguments: str, home: Path | None = None, **more: str) -> Done:
    """Run a command to its end; `more` are environment variables."""
    folder = () if home is None else ("--home", str(home))
    done = subprocess.run(
        [*COMMAND, *arguments, *folder],
        cwd=ROOT, env=environment(**more), capture_output=True, encoding="utf-8", timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


def run_demo(home: Path) -> DemoRun:
    """Run the demo into a new home and remember what it made."""
    done = run("demo", home=home)
    assert done.code == 0, f"the demo failed:\n{done.out}\n{done.err}"
    return DemoRun(home=home, done=done, dump=dump(home), files=digests(home / "editions" / "current"))


def dump(home: Path) -> str:
    """The warehouse of a home as text."""
    with open_warehouse(home / "warehouse.duckdb", read_only=True) as con:
        return canonical_dump(con)


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder by its path, as the SHA-256 of its bytes."""
    resolved = folder.resolve()
    return {
        str(path.relative_to(resolved)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(resolved.rglob("*"))
        if path.is_file()
    }


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    """Run a command in this process, which spares the seconds that its libraries take to load."""
    with warnings.catch_warnings():
        # Typer asks click for names that click calls old; neither is ours.
        warnings.simplefilter("ignore", DeprecationWarning)
        from pricing_pipeline.cli import main
        from pricing_pipeline.cli.app import app

        assert app

    capsys.readouterr()
    before = sys.argv
    sys.argv = ["pricing-pipeline", *arguments]
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.argv = before
    printed = capsys.readouterr()
    return Done(code=code, out=printed.out, err=printed.err)
