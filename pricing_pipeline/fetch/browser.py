"""Rendering a page in an installed Chromium, for sources whose prices are only there after their scripts ran."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import OutcomeError, printable

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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as it stands after its scripts ran; status and headers are those of the page itself."""

    url: str
    status: int
    headers: Mapping[str, str]
    html: bytes


def render(url: str, *, proxy: str, user_agent: str, locale: str | None, seconds: float) -> Rendered:
    """The page in a browser of its own that is thrown away afterwards. Raises OutcomeError where there is none."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise _missing("the package playwright") from error
    chromium = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        raise _missing("an installed Chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=list(_ARGUMENTS),
                chromium_sandbox=os.geteuid() != 0,  # Chromium has no sandbox for root
                proxy={"server": proxy, "bypass": "<-loopback>"},
                timeout=seconds * 1000,
            )
            context = browser.new_context(
                user_agent=user_agent, locale=locale, accept_downloads=False, service_workers="block"
            )
            return _shown(context.new_page(), url, seconds)
    except Error as error:
        message = printable(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise OutcomeError(Outcome.NETWORK_ERROR, f"the browser could not show the page: {message}") from error


def _shown(page: object, url: str, seconds: float) -> Rendered:
    from playwright.sync_api import Page
    from playwright.sync_api import TimeoutError as TimeIsUp

    assert isinstance(page, Page)
    page.route("**/*", lambda route: route.abort() if route.request.resource_type in _UNSHOWN else route.continue_())
    response = page.goto(url, wait_until="load", timeout=seconds * 1000)
    with suppress(TimeIsUp):  # some pages never fall silent; what they show by then counts
        page.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)
    if response is None:
        raise OutcomeError(Outcome.NETWORK_ERROR, "the browser got no answer")
    html = page.content().encode("utf-8", errors="replace")
    return Rendered(url=page.url, status=response.status, headers=response.headers, html=html)


def _missing(what: str) -> OutcomeError:
    return OutcomeError(Outcome.NETWORK_ERROR, f"`render: browser` needs {what} on this machine: install it")
