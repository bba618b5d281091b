"""Cookies within one chain of redirects: given back to the origin that set them, to nobody else, and then forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pricing_pipeline.fetch.addresses import origin

MAX_COOKIES = 20
MAX_CHARACTERS = 4096
_PAIR = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")


class Cookies:
    """Some sites set a cookie, redirect to themselves, and serve the page only to those who bring it back."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, str]] = {}

    def keep(self, url: str, headers: Iterable[str]) -> None:
        """Take in the Set-Cookie headers of an answer; what is malformed or too much is left out."""
        held = self._held.setdefault(origin(url), {})
        for header in headers:
            pair = header.partition(";")[0].strip()
            if _PAIR.fullmatch(pair) and len(pair) <= MAX_CHARACTERS and len(held) < MAX_COOKIES:
                held[pair.partition("=")[0]] = pair

    def header(self, url: str) -> Mapping[str, str]:
        """The Cookie header for this address, if its origin set any."""
        held = self._held.get(origin(url))
        return {"Cookie": "; ".join(held.values())} if held else {}
