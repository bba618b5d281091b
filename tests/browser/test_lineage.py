"""The lineage graph in the Dagster UI, as whoever runs `make dev` after the demo sees it."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.program import ROOT, DemoRun, environment

SHOWN = (
    "vendors",
    "captures",
    "observations",
    "gated_observations",
    "history",
    "changes",
    "costs",
    "comparison_tables",
    "edition",
)

DRAWN = """names => {
  const nodes = [...document.querySelectorAll('svg foreignObject')].map(one => one.textContent);
  return names.every(name => nodes.some(text => text.startsWith(name))) && !nodes.some(text => text.includes('Loading'));
}"""
CHECKS = """{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks {
  checks { name executionForLatestMaterialization { status } } } } } }"""


@pytest.fixture(scope="module")
def ui(demo: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Dagster web server over a copy of the demo's home."""
    home = demo.copy(Path(tmp_path_factory.mktemp("ui")) / "home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).with_name("dagster-webserver")
    log = home / "webserver.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [command, "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=environment(
                DAGSTER_HOME=str(home / "dagster"), PRICING_PIPELINE_HOME=str(home), DAGSTER_DISABLE_TELEMETRY="yes",
                PYTHONPATH=str(ROOT), PATH=f"{command.parent}:/usr/bin:/bin",
            ),
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/server_info", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the web server did not come up:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def settled(page: Page) -> str:
    """The text of the page once it has stopped loading."""
    expect(page.locator("body")).not_to_contain_text("Loading", timeout=180_000)
    return page.locator("body").text_content() or ""


def test_the_graph_shows_the_whole_flow_with_its_checks(visit: Visit, ui: str) -> None:
    """From the vendor files to the edition, each asset with the time it was made."""
    visit.page.set_viewport_size({"width": 3600, "height": 1600})  # what is out of sight is not drawn
    page = visit.open(f"{ui}/assets/published/edition?view=lineage&lineageScope=upstream&lineageDepth=10")
    page.wait_for_function(DRAWN, arg=list(SHOWN), timeout=180_000)
    nodes = page.locator("svg foreignObject").all_text_contents()

    assert {"registry", "raw", "core", "marts", "published"} <= set(nodes), "the groups are the layers"
    for name in SHOWN[1:]:
        (node,) = [text for text in nodes if re.match(rf"{name}(?![a-z_])", text) and text != name]
        assert "Materialized" in node, name
    assert any(re.match(r"history.*4 / 4 Passed", node) for node in nodes)
    assert not any("Failed" in node or "Error" in node for node in nodes)


def test_a_run_of_the_command_line_is_in_the_run_list(visit: Visit, ui: str) -> None:
    page = visit.open(f"{ui}/runs")
    page.wait_for_selector("text=refresh", timeout=180_000)
    text = settled(page)

    assert "Success" in text
    assert "refresh" in text


def test_the_metadata_of_an_asset_tells_what_changed(visit: Visit, ui: str) -> None:
    """One click away, as a table with the verdict of each change."""
    page = visit.open(f"{ui}/assets/core/changes?view=events")
    page.get_by_text("Show Markdown").first.click(timeout=180_000)
    page.wait_for_selector("table >> text=allowance_removed", timeout=180_000)

    assert (
        "at 7,500 credits a month $10.00 → $310.00"
        in page.locator("[role=dialog], .bp5-dialog, body").last.inner_text()
    )


def test_the_checks_of_an_asset_are_listed_with_their_answer(ui: str) -> None:
    """Asked of the server as the page asks it: which checks, and how they ended last."""
    request = urllib.request.Request(
        f"{ui}/graphql", data=json.dumps({"query": CHECKS}).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        nodes = json.load(answer)["data"]["assetNodes"]
    checks = {"/".join(node["assetKey"]["path"]): node["assetChecksOrError"].get("checks", []) for node in nodes}
    statuses = {
        (asset, one["name"]): (one["executionForLatestMaterialization"] or {}).get("status")
        for asset, found in checks.items()
        for one in found
    }

    assert "SUCCEEDED" == statuses["core/history", "intervals_do_not_overlap"]
    assert "FAILED" == statuses["core/gated_observations", "page_is_the_page"], "the bot wall of the second day"
    assert None not in statuses.values()
