"""`make dev`: the Dagster UI on this checkout, on loopback only, over your data or, while there is none, the demo's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assets.storage import prepare
from pricing_pipeline.home import CHECKOUT, Home


def main() -> None:
    """Replace this process by `dagster dev`; PRICING_PIPELINE_HOME decides over which home folder."""
    home = Home.locate()
    example = Home(home.root / "demo")
    if "PRICING_PIPELINE_HOME" not in os.environ and not home.warehouse.exists() and example.warehouse.exists():
        home = example
    prepare(home)
    os.environ["PRICING_PIPELINE_HOME"] = str(home.root)
    print(f"Dagster UI over {home.root}: http://127.0.0.1:3000 (Ctrl-C ends it)", flush=True)  # noqa: T201 - speaks to the person who typed it
    command = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "-w", str(CHECKOUT / "workspace.yaml"), "-h", "127.0.0.1", "-p", "3000"]
    os.chdir(CHECKOUT)
    os.execv(command, [str(command), *arguments])  # noqa: S606 - no shell is wanted here


if __name__ == "__main__":
    main()
