"""How pages are asked for: who we say we are, the bounds of one request, and what is allowed beyond the public web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pricing_pipeline import __version__

if TYPE_CHECKING:
    from pricing_pipeline.registry.settings import Settings

PRODUCT = "pricing-pipeline"


def agent(contact: str | None = None) -> str:
    """The User-Agent that names this program, and where its operator is reached: a web address or a mail address."""
    name = f"{PRODUCT}/{__version__}"
    return f"{name} (+{contact})" if contact else name


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """Times are in seconds, sizes in bytes. `retries` are for failures of a moment, later in the same run.

    `allow_hosts` are names, addresses or networks, each with an optional port (`10.1.2.3`, `127.0.0.0/8`, `[::1]:8080`,
    `wiki.intranet:8080`): at those, private addresses and any port (or that port) are permitted; other hosts are
    asked at `ports` only. `routes` sends what is asked of an origin (`https://vendor.example`) to another base
    (`http://127.0.0.1:8123`), under the origin's own Host header and address. `ca_bundle` is a PEM file of certificate
    authorities to trust instead of the public ones. `proxy` (`http://user:password@proxy.intranet:3128`) is asked for
    all hosts but allowed ones; it looks names up itself, so it must itself refuse what is not public.
    """

    user_agent: str = field(default_factory=agent)
    total_seconds: float = 30.0
    connect_seconds: float = 10.0
    max_bytes: int = 10_000_000
    max_header_bytes: int = 128_000
    max_redirects: int = 5
    spacing_seconds: float = 1.0
    max_crawl_delay_seconds: float = 60.0
    concurrency: int = 16
    retries: int = 1
    retry_seconds: float = 2.0
    max_retry_after: timedelta = timedelta(days=7)
    allow_hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = (80, 443)
    routes: Mapping[str, str] = field(default_factory=dict)
    ca_bundle: Path | None = None
    proxy: str | None = None

    @classmethod
    def of(
        cls, settings: Settings, *, environ: Mapping[str, str], routes: Mapping[str, str] | None = None
    ) -> FetchSettings:
        """What `settings.yaml` says about fetching; with `routes` there is nobody whom a pause between requests would serve.

        Raises SettingsError where the environment does not hold the proxy that is named.
        """
        bounds = settings.fetch
        return cls(
            user_agent=agent(settings.contact),
            total_seconds=bounds.total_seconds,
            connect_seconds=bounds.connect_seconds,
            max_bytes=bounds.max_bytes,
            max_redirects=bounds.max_redirects,
            spacing_seconds=0.0 if routes else bounds.spacing_seconds,
            max_crawl_delay_seconds=bounds.max_crawl_delay_seconds,
            concurrency=bounds.concurrency,
            max_retry_after=bounds.max_retry_after,
            retries=bounds.retries,
            retry_seconds=bounds.retry_seconds,
            allow_hosts=bounds.allow_hosts,
            ports=bounds.ports,
            routes=dict(routes or {}),
            ca_bundle=bounds.ca_bundle,
            proxy=settings.proxy_url(environ),
        )
