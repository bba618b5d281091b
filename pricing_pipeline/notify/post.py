"""The way out: Apprise, which knows mail, chats and webhooks by their URLs."""

from __future__ import annotations

import logging
import warnings
from typing import Any

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.notify.digest import Digest
from pricing_pipeline.notify.reach import Reach, kept_within


def post(url: str, digest: Digest, *, name: str, reach: Reach) -> bool:
    """Send one message to one target within `reach`; whether it was taken.

    Raises SettingsError where the URL is no target, or one that may not be reached; its text holds the variable's `name`,
    never the URL.
    """
    target = _target(url)
    if target is None:
        raise SettingsError(
            f"{name}: what it holds is not an address that Apprise knows; write one such as mailto://… or slack://… into it"
        )
    with kept_within(reach) as refused:
        taken = bool(target.notify(title=digest.title, body=digest.body, body_format="text"))
    if refused and not taken:
        raise SettingsError(
            f"{name}: leads to a private address ({refused[0]}); add it to allow_hosts in settings.yaml if it is yours"
        )
    return taken


def _target(url: str) -> Any:
    """Apprise's own object for a URL; None where it knows no such kind."""
    # It still looks for a module that Python 3.13 drops: nothing that our user could mend.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        # It logs what went wrong with the address in it, and the address holds the secret.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        return apprise.Apprise.instantiate(url, suppress_exceptions=True)
