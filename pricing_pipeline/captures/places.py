"""Which registered source an archived address belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from pricing_pipeline.facts import Source
from pricing_pipeline.sites import is_of_site

# A crawler follows a redirect at once; a page that is archived much later is that address's own.
_FOLLOWED_WITHIN = timedelta(days=1)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Places:
    """The addresses of the registry, and those that they were seen to redirect to."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            self._sources[plain(source.url)].append(source)
        self._followed: dict[str, dict[str, tuple[datetime, Source]]] = defaultdict(dict)

    def may_hold(self, url: str) -> bool:
        """Whether an address is registered, or one that a registered one redirected to."""
        key = plain(url)
        return key in self._sources or key in self._followed

    def sources(self, url: str, at: datetime) -> list[Source]:
        """Whose page this address showed at that time."""
        key = plain(url)
        found = {source.id: source for source in self._sources.get(key, [])}
        for source_id, (moment, source) in self._followed.get(key, {}).items():
            if abs(at - moment) <= _FOLLOWED_WITHIN:
                found.setdefault(source_id, source)
        return list(found.values())

    def follow(self, url: str, location: str, at: datetime) -> str | None:
        """Take in that an address redirected at that time; the address that it led to, None if that is none.

        As when fetching, what is at another site than the source's own is not its page.
        """
        try:
            target = urljoin(url, location.strip())
            is_web = urlsplit(target).scheme in _DEFAULT_PORTS
        except ValueError:
            return None
        if not is_web:
            return None
        for source in self.sources(url, at):
            if is_of_site(target, home=source.url, also=source.also):
                self._followed[plain(target)][source.id] = (at, source)
        return target


def plain(url: str) -> str:
    """An address as one would compare it: http or https, with or without `www.` or a slash at its end are the same."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").removesuffix(".").removeprefix("www.")
    own_port = f":{port}" if port not in (None, *_DEFAULT_PORTS.values()) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{own_port}{parts.path.rstrip('/')}{query}"
