"""Rendering a page in an installed Chromium, for sources whose prices are only there after their scripts ran."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import OutcomeError, printable

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SETTLE_SECONDS = 3.0  # what scripts get, after the page has loaded, to fetch what they show
_UNSHOWN = frozenset({"image", "media", "font"})
# Everything leaves through the proxy: no look-ups, no WebRTC or QUIC past it, no traffic of the browser's own.
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--js-flags=--max-old-space-size=512",  # MB that the scripts of a page may take
)
# Kilobytes that each process of the browser may take: what scripts hold outside their own memory has no other bound.
_MOST_DATA = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as it stands after its scripts ran; status and headers are those of the page itself."""

    url: str
    status: int
    headers: Mapping[str, str]
    html: bytes


def render(url: str, *, proxy: str, user_agent: str, locale: str | None, seconds: float, max_bytes: int) -> Rendered:
    """The page in a browser of its own that is thrown away afterwards. Raises OutcomeError where there is none.

    `seconds` bound all of it, whatever the page's scripts do, and `max_bytes` what the page may have become by then.
    """
    try:
        from playwright.async_api import Error
    except ImportError as error:
        raise _missing("the package playwright") from error
    chromium = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        raise _missing("an installed Chromium")
    visit = _Visit(
        url, chromium=chromium, proxy=proxy, user_agent=user_agent, locale=locale, seconds=seconds, max_bytes=max_bytes
    )
    try:
        return asyncio.run(visit.rendered())
    except TimeoutError as error:
        message = "the browser could not show the page within the time that one page is given"
        raise OutcomeError(Outcome.NETWORK_ERROR, message) from error
    except Error as error:
        message = printable(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise OutcomeError(Outcome.NETWORK_ERROR, f"the browser could not show the page: {message}") from error


@dataclass(frozen=True, slots=True)
class _Visit:
    """One page in one browser. Asynchronous only so that it can be broken off: a script in a loop hangs every call."""

    url: str
    chromium: str
    proxy: str
    user_agent: str
    locale: str | None
    seconds: float
    max_bytes: int

    async def rendered(self) -> Rendered:
        """The page, in a browser that nothing else is shown in."""
        from playwright.async_api import async_playwright

        with _bounded(self.chromium) as program:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=program,
                    args=list(_ARGUMENTS),
                    chromium_sandbox=os.geteuid() != 0,  # Chromium has no sandbox for root
                    proxy={"server": self.proxy, "bypass": "<-loopback>"},
                    timeout=self.seconds * 1000,
                )
                try:
                    async with asyncio.timeout(self.seconds):
                        return await self._shown(browser)
                finally:
                    await browser.close()

    async def _shown(self, browser: Browser) -> Rendered:
        from playwright.async_api import TimeoutError as TimeIsUp

        context = await browser.new_context(
            user_agent=self.user_agent, locale=self.locale, accept_downloads=False, service_workers="block"
        )
        page = await context.new_page()
        await page.route("**/*", _let_pass)
        response = await page.goto(self.url, wait_until="load", timeout=self.seconds * 1000)
        with suppress(TimeIsUp):  # some pages never fall silent; what they show by then counts
            await page.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)
        if response is None:
            raise OutcomeError(Outcome.NETWORK_ERROR, "the browser got no answer")
        if await _length(page) > self.max_bytes:
            raise OutcomeError(Outcome.TOO_LARGE, f"more than {self.max_bytes} characters once its scripts ran")
        html = (await page.content()).encode("utf-8", errors="replace")
        return Rendered(url=page.url, status=response.status, headers=response.headers, html=html)


@contextmanager
def _bounded(chromium: str) -> Iterator[Path]:
    """A program that starts the browser with a bound on the memory of each of its processes, which hand it on."""
    with TemporaryDirectory(prefix="pricing-pipeline-") as folder:
        program = Path(folder) / "chromium"
        program.write_text(f'#!/bin/sh\nulimit -d {_MOST_DATA}\nexec {shlex.quote(chromium)} "$@"\n', encoding="utf-8")
        program.chmod(0o700)
        yield program


async def _length(page: Page) -> float:
    """How many characters the page has; asked where its own scripts cannot answer in place of the browser."""
    session = await page.context.new_cdp_session(page)
    tree = await session.send("Page.getFrameTree")
    world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
    asked = {"expression": "document.documentElement.outerHTML.length", "contextId": world["executionContextId"]}
    said = await session.send("Runtime.evaluate", asked)
    return float(said["result"].get("value", "inf"))


async def _let_pass(route: Route) -> None:
    if route.request.resource_type in _UNSHOWN:
        await route.abort()
    else:
        await route.continue_()


def _missing(what: str) -> OutcomeError:
    return OutcomeError(Outcome.NETWORK_ERROR, f"`render: browser` needs {what} on this machine: install it")
