"""`make dev`: the Dagster UI on this checkout, on loopback only, over your data or, while there is none, the demo's."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from assets.storage import prepare
from pricing_pipeline.home import CHECKOUT, Home

HOST = "127.0.0.1"
FIRST_PORT = 3000


def free_port(first: int) -> int:
    """The first port from `first` on at which nobody listens; on a port that is taken Dagster would run without its UI."""
    for port in range(first, first + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    return first


def main() -> None:
    """Replace this process by `dagster dev`; PRICING_PIPELINE_HOME decides over which home folder."""
    home = Home.locate()
    example = Home(home.root / "demo")
    if "PRICING_PIPELINE_HOME" not in os.environ and not home.warehouse.exists() and example.warehouse.exists():
        home = example
    prepare(home)
    os.environ["PRICING_PIPELINE_HOME"] = str(home.root)
    port = free_port(FIRST_PORT)
    print(f"Dagster UI over {home.root}: http://{HOST}:{port} (Ctrl-C ends it)", flush=True)  # noqa: T201 - speaks to the person who typed it
    command = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "-w", str(CHECKOUT / "workspace.yaml"), "-h", HOST, "-p", str(port)]
    os.chdir(CHECKOUT)
    os.execv(command, [str(command), *arguments])  # noqa: S606 - no shell is wanted here


if __name__ == "__main__":
    main()
