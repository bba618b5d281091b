"""robots.txt by RFC 9309: what a host lets this program ask for, and how slowly; kept for a day."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import UnsafeUrlError, authority, check_url, origin
from pricing_pipeline.fetch.outcomes import REDIRECTS, OutcomeError, retry_after
from pricing_pipeline.fetch.rules import RobotsRules
from pricing_pipeline.fetch.settings import PRODUCT
from pricing_pipeline.fetch.transport import Answer, Transport

MAX_BYTES = 500 * 1024  # what RFC 9309, 2.5 asks to be read; the rest of a larger file is not
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
KEPT = timedelta(hours=24)  # RFC 9309, 2.4
# A host that could not say is asked again in the next run, but not for each of its pages.
KEPT_FAILURE = timedelta(minutes=10)
TOO_MANY = 429  # a 4xx by its number; a host that says so does not mean "ask me for everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin said at one time: its text, or why there is none. A text of '' allows everything."""

    origin: str
    read_at: datetime
    text: str = ""
    failure: Outcome | None = None
    message: str = ""
    not_before: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether this is recent enough to go by."""
        return timedelta(0) <= now - self.read_at < (KEPT if self.failure is None else KEPT_FAILURE)


class Robots:
    """The rules of every host asked so far, loaded from and saved to `path` where one is given."""

    def __init__(
        self,
        transport: Transport,
        *,
        clock: Callable[[], datetime],
        path: Path | None = None,
        longest_wait: timedelta = timedelta(days=7),
    ) -> None:
        self._transport = transport
        self._longest_wait = longest_wait
        self._clock = clock
        self._path = path
        self._rules = {rules.origin: rules for rules in _saved(path)}
        self._parsed: dict[str, tuple[Rules, RobotsRules]] = {}
        self._lock = threading.Lock()
        self._is_new = False

    def require(self, url: str) -> None:
        """Return if the host lets this program ask for this address; raises OutcomeError if not, or if unknown."""
        rules = self._current(origin(url))
        if rules.failure is not None:
            raise OutcomeError(rules.failure, rules.message, not_before=rules.not_before)
        if rules.text and not self._parse(rules).allows(url, PRODUCT):
            raise OutcomeError(Outcome.ROBOTS_DENIED, f"the robots.txt of {authority(url)} does not allow this page")

    def forget_failure(self, url: str) -> None:
        """Ask the host again for rules that could not be had."""
        rules = self._rules.get(origin(url))
        if rules is not None and rules.failure in (Outcome.NETWORK_ERROR, Outcome.INCOMPLETE):
            with self._lock:
                self._rules.pop(rules.origin, None)

    def crawl_delay(self, url: str) -> float:
        """Seconds that the host wants between two requests, as far as its rules are known already; else 0."""
        rules = self._rules.get(origin(url))
        if rules is None or not rules.text:
            return 0.0
        return self._parse(rules).pause(PRODUCT)

    def save(self) -> None:
        """Keep what was read for the next run, beside what another process may have saved meanwhile."""
        if self._path is None or not self._is_new:
            return
        now = self._clock()
        kept = {rules.origin: rules for rules in _saved(self._path)}
        for rules in self._rules.values():
            if rules.origin not in kept or kept[rules.origin].read_at < rules.read_at:
                kept[rules.origin] = rules
        lines = [_line(rules) for _, rules in sorted(kept.items()) if rules.failure is None and rules.holds(now)]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_text("".join(lines), encoding="utf-8")
        draft.replace(self._path)
        self._is_new = False

    def _current(self, base: str) -> Rules:
        rules = self._rules.get(base)
        if rules is None or not rules.holds(self._clock()):
            rules = self._read(base)
            with self._lock:
                self._rules[base] = rules
                self._is_new = True
        return rules

    def _parse(self, rules: Rules) -> RobotsRules:
        held = self._parsed.get(rules.origin)
        if held is None or held[0] is not rules:
            held = (rules, RobotsRules(rules.text))
            self._parsed[rules.origin] = held
        return held[1]

    def _read(self, base: str) -> Rules:
        try:
            with self._transport.limit():
                return Rules(origin=base, read_at=self._clock(), text=self._asked(f"{base}/robots.txt"))
        except OutcomeError as failure:
            return Rules(
                origin=base,
                read_at=self._clock(),
                failure=failure.outcome,
                message=str(failure) if "robots.txt" in str(failure) else f"robots.txt: {failure}",
                not_before=failure.not_before,
            )

    def _asked(self, url: str) -> str:
        """The text by RFC 9309, 2.3.1: 4xx allows everything; raises OutcomeError where nothing is, as for 5xx."""
        for _ in range(MAX_REDIRECTS + 1):
            with self._transport.get(url, {"Accept": "text/plain,*/*;q=0.1"}) as answer:
                if answer.status in REDIRECTS and "location" in answer.headers:
                    url = self._next(url, answer.headers["location"])
                elif 200 <= answer.status < 300:
                    return robots_text(answer.beginning(MAX_BYTES))
                elif answer.status >= 500 or answer.status < 200 or answer.status == TOO_MANY:
                    raise self._refusal(url, answer)
                else:
                    return ""
        return ""  # RFC 9309, 2.3.1.2: after five redirects it may be taken as unavailable

    def _refusal(self, url: str, answer: Answer) -> OutcomeError:
        """Nothing may be asked of a host that cannot serve its rules, nor of one that wants to be left alone (429)."""
        until = retry_after(answer.headers.get("retry-after"), now=self._clock(), longest=self._longest_wait)
        outcome = Outcome.RATE_LIMITED if answer.status == TOO_MANY else Outcome.ROBOTS_DENIED
        message = f"the robots.txt of {authority(url)} answered {answer.status}: nothing may be asked now"
        return OutcomeError(outcome, message, not_before=until)

    def _next(self, url: str, location: str) -> str:
        try:
            target = check_url(urljoin(url, location), allowed=self._transport.allowed)
            self._transport.require_own(target, home=url)
        except (UnsafeUrlError, ValueError) as error:
            raise _denied(f"the robots.txt of {authority(url)} leads astray: {error}") from error
        return target


def _denied(message: str) -> OutcomeError:
    return OutcomeError(Outcome.ROBOTS_DENIED, message)


def robots_text(body: bytes) -> str:
    """The rules in these bytes; a page of HTML that is served in their place holds none."""
    if len(body) == MAX_BYTES:
        body = body[: body.rfind(b"\n") + 1]
    text = body.decode("utf-8", errors="replace").removeprefix("\ufeff")
    return "" if text.lstrip().startswith("<") else text


def _line(rules: Rules) -> str:
    entry = {"origin": rules.origin, "read_at": rules.read_at.isoformat(), "text": rules.text}
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _saved(path: Path | None) -> Iterator[Rules]:
    """What was saved before; a line that cannot be read is only asked for again."""
    if path is None or not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            read_at = datetime.fromisoformat(entry["read_at"])
            if read_at.utcoffset() is not None:
                yield Rules(origin=str(entry["origin"]), read_at=read_at, text=str(entry["text"]))
