"""Where things are: the home folder of captures, warehouse and editions, and the folder of vendor files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pricing_pipeline.errors import SettingsError

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGED = Path(__file__).resolve().parent / "shipped"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder in which everything that the pipeline makes rests."""

    root: Path
    warehouse_name: str = "warehouse.duckdb"

    @classmethod
    def locate(cls, given: Path | None = None) -> Home:
        """The folder given, else PRICING_PIPELINE_HOME, else `data/` of the checkout or of the working directory."""
        named = given or os.environ.get("PRICING_PIPELINE_HOME")
        if named:
            return cls(Path(named).expanduser().absolute())
        base = CHECKOUT if (CHECKOUT / "workspace.yaml").is_file() else Path.cwd()
        return cls(base / "data")

    @property
    def example_mark(self) -> Path:
        """The file that says that this home holds example pages, not the vendors' own: the two are never mixed."""
        return self.root / "EXAMPLE.txt"

    @property
    def is_example(self) -> bool:
        """Whether the demo made this home."""
        return self.example_mark.exists()

    def refuse_examples(self) -> None:
        """Raise SettingsError where this is the demo's home, into which nothing is fetched from the vendors."""
        if self.is_example:
            raise SettingsError(
                f"{self.root} holds the demo's example pages; "
                "fetch from the vendors into another home (--home or PRICING_PIPELINE_HOME)"
            )

    @property
    def captures(self) -> Path:
        """Blobs, and the log of captures and decisions: what cannot be made again."""
        return self.root / "captures"

    @property
    def blobs(self) -> Path:
        """Captured bytes by their SHA-256."""
        return self.captures / "blobs"

    @property
    def log(self) -> Path:
        """The append-only log beside the captures."""
        return self.captures / "log.jsonl"

    @property
    def warehouse(self) -> Path:
        """The private DuckDB file with one writer."""
        return self.root / self.warehouse_name

    @property
    def registry(self) -> Path:
        """The last sound copy of each vendor file, for when somebody breaks one."""
        return self.root / "registry"

    @property
    def editions(self) -> Path:
        """Published editions; `current` in it points at the one that stands."""
        return self.root / "editions"

    @property
    def current_edition(self) -> Path:
        """The edition that readers see."""
        return self.editions / "current"

    @property
    def reports(self) -> Path:
        """The DuckDB file that people and BI tools open."""
        return self.current_edition / "reports.duckdb"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage: runs, events, schedules."""
        return self.root / "dagster"

    @property
    def notices(self) -> Path:
        """Who was told what, and the messages that could not be delivered."""
        return self.root / "notices"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' file context, Data Docs in it."""
        return self.root / "gx"


@dataclass(frozen=True, slots=True)
class Content:
    """The folder of vendor files, and what stands beside it: comparisons, workloads, thresholds, settings."""

    vendors: Path

    @classmethod
    def locate(cls, given: Path | None = None) -> Content:
        """The folder given, else PRICING_PIPELINE_VENDORS, else the vendors that ship."""
        named = given or os.environ.get("PRICING_PIPELINE_VENDORS")
        return cls(Path(named).expanduser().absolute() if named else shipped("vendors"))

    def beside(self, name: str) -> Path:
        """A file or folder beside the vendors folder, else the one that ships."""
        own = self.vendors.parent / name
        return own if own.exists() else shipped(name)


def shipped(name: str) -> Path:
    """A file or folder that ships with the program: in the checkout, or inside the installed package."""
    packaged = PACKAGED / name
    return packaged if packaged.exists() else CHECKOUT / name
