"""Chromium, and the demo's edition on a loopback server. Where there is no Chromium the tests say that they did not run."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.program import DemoRun

NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a module: while it is open, nothing else of this process can drive a browser."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        missing = f"NOT RUN: no Chromium on this machine (looked for {', '.join(NAMES)})"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site(demo: DemoRun) -> Iterator[str]:
    """The address of the published edition."""
    with served((demo.home / "editions/current").resolve()) as address:
        yield address


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on a loopback server: its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass
class Visit:
    """A tab, and what went on in it: complaints of the console, failed answers, and whom it asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, url: str) -> Page:
        self.page.goto(url, wait_until="load")
        return self.page


def watch(context: BrowserContext) -> Visit:
    """A new tab that is listened to."""
    visit = Visit(page=context.new_page())
    visit.page.on(
        "console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("request", lambda request: visit.asked.append(request.url))
    # A page that is left while it still loads gives up what it asked for: the visitor's doing, and no fault of the page.
    visit.page.on(
        "requestfailed",
        lambda request: (
            visit.complaints.append(f"failed: {request.url}") if request.failure != "net::ERR_ABORTED" else None
        ),
    )
    visit.page.on(
        "response",
        lambda answer: visit.complaints.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None,
    )
    return visit


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """A tab in a browser that has never been anywhere."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield watch(context)
    context.close()
