"""Whose site an address belongs to: the name that somebody registered, with every host below it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=4096)
def site(host: str) -> str:
    """`acme.co.uk` of `www.acme.co.uk`, by the public suffix list; a host that is not registered below one is its own.

    Names that anybody can have below a provider's (`acme.github.io`) are sites of their own. `host` is in its normal form.
    """
    if _is_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


def is_of_site(url: str, *, home: str, also: Iterable[str] = ()) -> bool:
    """Whether a normal address is of the site of the address `home`, or of the site of one of the hosts `also`."""
    host, own = _host(url), _host(home)
    if host.removeprefix("www.") == own.removeprefix("www."):
        return True  # without the list, which takes a quarter of a second to read
    return site(host) in {site(own), *(site(name) for name in also)}


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # most runs see no redirect to another host

    return PublicSuffixList()
