"""One page fetched by hand, under the same rules of politeness and safety as a refresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pricing_pipeline.fetch.outcomes import FetchResult
    from pricing_pipeline.home import Content


def fetch_once(url: str, *, render: str | None = None, content: Content | None = None) -> FetchResult:
    """What came of asking for one page; nothing is kept. With `render` of `browser` its scripts are run first.

    The settings are those beside the vendors of `content`; None stands for the ones that are found without being named.
    """
    import os

    from pricing_pipeline.fetch.client import Client
    from pricing_pipeline.fetch.outcomes import FetchRequest
    from pricing_pipeline.fetch.settings import FetchSettings
    from pricing_pipeline.home import Content
    from pricing_pipeline.registry.settings import read_settings

    settings = read_settings((content or Content.locate()).beside("settings.yaml"), environ=os.environ)
    with Client(FetchSettings.of(settings, environ=os.environ)) as client:
        return client.fetch(FetchRequest(url=url, render=render))
