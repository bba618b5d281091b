"""The way out: Apprise, which knows mail, chats and webhooks by their URLs."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from typing import Any

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.notify.digest import Digest

# Webhooks go wherever their URL says; most other kinds go to the one service they are named after.
_WEBHOOKS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})


def post(url: str, digest: Digest, *, name: str, refuse: Callable[[str, int | None], str | None]) -> bool:
    """Send one message to one target; whether it was taken. `refuse` says why a host and port are not asked, if so.

    Raises SettingsError where the URL is no target, or one that is refused; its text holds the variable's `name`, never the URL.
    """
    target = _target(url)
    if target is None:
        raise SettingsError(
            f"{name}: what it holds is not an address that Apprise knows; write one such as mailto://… or slack://… into it"
        )
    host = str(target.host or "")
    names_a_host = url.partition(":")[0].lower() in _WEBHOOKS or "." in host or ":" in host or host == "localhost"
    if names_a_host and (why := refuse(host, target.port)):
        raise SettingsError(f"{name}: {why}; add it to allow_hosts in settings.yaml if it is yours")
    return bool(target.notify(title=digest.title, body=digest.body, body_format="text"))


def _target(url: str) -> Any:
    """Apprise's own object for a URL; None where it knows no such kind."""
    # It still looks for a module that Python 3.13 drops: nothing that our user could mend.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        # It logs what went wrong with the address in it, and the address holds the secret.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        return apprise.Apprise.instantiate(url, suppress_exceptions=True)
