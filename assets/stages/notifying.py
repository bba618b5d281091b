"""Telling people what a refresh found: one digest for each target, once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assets.workshop import Workshop
from pricing_pipeline.errors import SettingsError
from pricing_pipeline.facts import Severity
from pricing_pipeline.fetch.addresses import AllowedHosts, is_public
from pricing_pipeline.notify import digest, news, outbox
from pricing_pipeline.notify.outbox import Attempt, Outbox, Sent, Target
from pricing_pipeline.notify.post import post
from pricing_pipeline.notify.reach import Reach
from pricing_pipeline.registry.settings import TargetEntry
from warehouse.catalog import read_catalog
from warehouse.connection import open_warehouse


@dataclass(frozen=True, kw_only=True)
class Told:
    """How many digests were taken, and a line for each target that could not be told."""

    sent: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What one target would be told now."""

    target: Target
    message: digest.Digest
    keys: tuple[str, ...] = field(default=())


def tell(workshop: Workshop, *, also: Sequence[news.News] = (), environ: Mapping[str, str] | None = None) -> Told:
    """Send each target a digest of what is new to it; `also` is news that the warehouse does not hold (a failed run).

    Raises nothing for a target that is down: its news waits, and after five tries lies in the home's `undelivered`.
    """
    environ = os.environ if environ is None else environ
    if not workshop.settings.notify.targets or workshop.home.is_example:
        return Told()
    box, sent, problems = Outbox(workshop.home.notices), 0, []
    with box.alone():
        for entry, one in waiting(workshop, also=also):
            url = workshop.settings.target_url(entry, environ)
            if url is None:
                continue  # the doctor names the variable that is not set
            try:
                taken = post(url, one.message, name=one.target.name, reach=_reach(workshop))
                why = "did not take the message"
            except SettingsError as error:
                taken, why = False, str(error).removeprefix(f"{one.target.name}: ")
            sent += taken
            if not taken:
                problems.append(f"notify: {one.target.name} {why}; {_after(box, one, at=workshop.now())}")
            else:
                box.record(Attempt(at=workshop.now(), target=one.target.name, result=Sent.TOLD, keys=one.keys))
    return Told(sent=sent, problems=tuple(problems))


def waiting(workshop: Workshop, *, also: Sequence[news.News] = ()) -> list[tuple[TargetEntry, Waiting]]:
    """What each target would be told now; targets with no news are left out."""
    attempts = Outbox(workshop.home.notices).attempts()
    found, now = (*_found(workshop, attempts), *also), workshop.now()
    settings, result = workshop.settings, []
    for entry in settings.notify.targets:
        target = _target(entry, settings.notify.min_severity)
        due = outbox.due(found, attempts, target, now=now, spacing=settings.notify.spacing)
        if due:
            message = digest.write(due, site=settings.site.url)
            keys = tuple(one.key for one in due)
            result.append((entry, Waiting(target=target, message=message, keys=keys)))
    return result


def pass_over(workshop: Workshop) -> None:
    """Count all that the warehouse holds as told: saved pages that are read anew are no news to anybody."""
    if not workshop.settings.notify.targets:
        return
    box = Outbox(workshop.home.notices)
    with box.alone():
        attempts = box.attempts()
        found = _found(workshop, attempts)
        known = {key for attempt in attempts for key in attempt.keys}
        keys = tuple(one.key for one in found if one.key not in known)
        for entry in workshop.settings.notify.targets if keys else ():
            name = _target(entry, Severity.NOTICE).name
            box.record(Attempt(at=workshop.now(), target=name, result=Sent.PASSED_OVER, keys=keys))


def try_out(workshop: Workshop, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Send every target a message that says it works; the variable of each, and what came of it."""
    message = digest.Digest(
        title="Pricing: a trial message", body="This target is reached. It will be told of changes as they happen.\n"
    )
    results = []
    for entry in workshop.settings.notify.targets:
        name, url = entry.url[2:-1], workshop.settings.target_url(entry, environ)
        if url is None:
            results.append((name, f"not set; put an Apprise URL into {name}"))
            continue
        try:
            taken = post(url, message, name=name, reach=_reach(workshop))
            results.append((name, "taken" if taken else "not taken; check the address in that variable"))
        except SettingsError as error:
            results.append((name, str(error).removeprefix(f"{name}: ")))
    return results


def _found(workshop: Workshop, attempts: Sequence[Attempt]) -> tuple[news.News, ...]:
    if not workshop.home.warehouse.is_file():
        return ()
    with open_warehouse(workshop.home.warehouse) as con:
        catalog = read_catalog(con, sources=workshop.registry.sources(), workloads=workshop.workloads, demo=False)
    names = {
        (vendor.slug, product.slug): product.name for vendor in workshop.registry.vendors for product in vendor.products
    }
    told = (key for one in attempts if one.result is Sent.TOLD for key in one.keys)
    return news.find(catalog, names=names, told=told)


def _after(box: Outbox, one: Waiting, *, at: datetime) -> str:
    """Put a failure on record, and say what becomes of the news."""
    result = outbox.after_failure(box.attempts(), one.target.name, one.keys)
    box.record(Attempt(at=at, target=one.target.name, result=result, keys=one.keys))
    if result is Sent.FAILED:
        return "it is tried again with the next news or refresh"
    return f"given up, kept in {box.bury(one.target.name, one.message.title, one.message.body, at=at)}"


def _target(entry: TargetEntry, least: str) -> Target:
    return Target(
        name=entry.url[2:-1],
        vendors=frozenset(entry.vendors),
        about=frozenset(news.About(about) for about in entry.about),
        min_severity=Severity(entry.min_severity or least),
    )


def _reach(workshop: Workshop) -> Reach:
    """Whom messages may reach: everybody outside the private network, and whom the settings allow in it."""
    return Reach(is_allowed=AllowedHosts.of(workshop.settings.fetch.allow_hosts).permits, is_public=is_public)
