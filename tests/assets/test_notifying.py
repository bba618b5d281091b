"""What people are told after a refresh, as their own webhook receives it: once, in one message, and never of old pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assets.stages import applying, capturing, judgement, notifying, reading
from pricing_pipeline.home import Home
from pricing_pipeline.notify.news import failed_run
from tests.assets.street import DAY, WALL, Street, pricing, street

if TYPE_CHECKING:
    from checks.door import Door


class Inbox:
    """A webhook on loopback: what it was sent, and whether it is well."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.tries = 0
        self.well = True
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.tries += 1
                if inbox.well:
                    inbox.messages.append(json.loads(body))
                self.send_response(200 if inbox.well else 503)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"json://me:s3cret@{self.host}/hook"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    made = Inbox()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def town(tmp_path: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """Two vendors, and one target that is told of both."""
    monkeypatch.setenv("TEST_HOOK", inbox.url)
    with street(tmp_path, ["alder", "beech"]) as made:
        settings(made, inbox)
        yield made


def settings(town: Street, inbox: Inbox, *, target: str = "${TEST_HOOK}", allow: bool = True) -> None:
    """Write the settings beside the vendors."""
    hosts = f"[{inbox.host}]" if allow else "[]"
    text = f"fetch:\n  allow_hosts: {hosts}\nnotify:\n  targets:\n    - {target}\n"
    (town.vendors.parent / "settings.yaml").write_text(text)


def shifted() -> str:
    """The page after the credits are gone: the headline is what it was."""
    return pricing(credits="No credits included", rate="0.04")


def fetched(town: Street, door: Door) -> None:
    """Fetch, read, judge and apply; nothing is published."""
    workshop = town.workshop()
    capturing.capture_due(workshop)
    reading.read_pending(workshop)
    judgement.judge_observations(workshop, door)
    applying.apply_accepted(workshop, door)


def next_day(town: Street, door: Door, pages: dict[str, str] | None = None) -> notifying.Told:
    """Serve these pages, refresh, tell; a day passes."""
    for vendor, page in (pages or {}).items():
        town.serve(vendor, page)
    fetched(town, door)
    told = notifying.tell(town.workshop())
    town.day += DAY
    return told


def test_a_lost_allowance_reaches_the_target_once_in_one_message(town: Street, door: Door, inbox: Inbox) -> None:
    first = next_day(town, door)
    second = next_day(town, door, {"alder": shifted(), "beech": shifted()})
    third = next_day(town, door)

    assert (0, 1, 0) == (first.sent, second.sent, third.sent)
    (message,) = inbox.messages
    assert "critical" in message["title"]
    assert "Alder Cloud: Solo: included credits 5,000 → 0" in message["message"]
    assert "Beech Cloud: Solo: included credits 5,000 → 0" in message["message"]


def test_a_target_that_is_down_gets_the_news_when_it_is_back(town: Street, door: Door, inbox: Inbox) -> None:
    """Even after the news has grown older than what is otherwise worth a message."""
    next_day(town, door)
    inbox.well = False
    down = [next_day(town, door, {"alder": shifted()}), *(next_day(town, door) for _ in range(3))]
    inbox.well = True
    back = next_day(town, door)

    assert all("TEST_HOOK did not take the message; it is tried again" in one.problems[0] for one in down)
    assert (1, 1) == (back.sent, len(inbox.messages))
    assert "included credits 5,000 → 0" in inbox.messages[0]["message"]


def test_a_message_nobody_takes_is_kept_for_a_person(town: Street, door: Door, inbox: Inbox) -> None:
    next_day(town, door)
    inbox.well = False
    lines = [next_day(town, door, {"alder": shifted()}).problems, *(next_day(town, door).problems for _ in range(5))]

    (letter,) = (town.home.notices / "undelivered").iterdir()
    assert 5 == inbox.tries
    assert () == lines[5]
    assert "given up, kept in" in lines[4][0]
    assert "included credits 5,000 → 0" in letter.read_text("utf-8")


def test_no_secret_is_written_or_said(town: Street, door: Door, inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    next_day(town, door)
    inbox.well = False
    told = next_day(town, door, {"alder": shifted()})

    written = "".join(path.read_text("utf-8") for path in town.home.notices.rglob("*") if path.is_file())
    assert "TEST_HOOK" in written
    assert "s3cret" not in written + "".join(told.problems) + caplog.text


def test_a_webhook_in_the_private_network_is_asked_only_where_the_settings_name_it(
    town: Street, door: Door, inbox: Inbox
) -> None:
    settings(town, inbox, allow=False)
    next_day(town, door)
    told = next_day(town, door, {"alder": shifted()})

    assert 0 == inbox.tries
    assert "leads to a private address (127.0.0.1); add it to allow_hosts" in told.problems[0]


def test_a_target_hears_only_of_what_concerns_it(town: Street, door: Door, inbox: Inbox) -> None:
    settings(town, inbox, target="{url: '${TEST_HOOK}', vendors: [beech], about: [changes], min_severity: critical}")
    next_day(town, door)
    next_day(town, door, {"alder": shifted()})
    told = next_day(town, door, {"beech": shifted()})

    assert (1, 1) == (told.sent, len(inbox.messages))
    assert "Alder" not in inbox.messages[0]["message"]


def test_a_wall_is_told_once_with_its_age_and_once_more_when_it_is_gone(town: Street, door: Door, inbox: Inbox) -> None:
    """However long it lasts: three days here, on each of which the page answers 200 and is no page."""
    next_day(town, door)
    up = [next_day(town, door, {"alder": WALL}), *(next_day(town, door) for _ in range(2))]
    gone = next_day(town, door, {"alder": pricing()})
    back = next_day(town, door, {"alder": WALL})

    assert [1, 0, 0, 1, 1] == [one.sent for one in (*up, gone, back)]
    first, second, third = (message["message"] for message in inbox.messages)
    assert "Alder Cloud: pricing page: blocked" in first
    assert "what was known, last verified on 30 April 2026, stays published (" in first
    assert "Pages that are read again\n- Alder Cloud: pricing page: read again https://alder" in second
    assert "(4 May 2026)" in second
    assert "blocked" in third
    assert "last verified on 4 May 2026" in third


def test_a_flood_is_one_message_of_twenty_lines(town: Street, door: Door, inbox: Inbox) -> None:
    """A page with hundreds of plans that all move at once does not fill a chat."""
    cards = (
        '<div class="plan"><h3>Size {0}</h3><p class="price">${1} <span>/month</span></p><a href="#">Choose</a></div>'
    )

    def page(step: int) -> str:
        more = "".join(cards.format(number, 20 + number + step) for number in range(120))
        return pricing(more=f'<section class="plans">{more}</section>')

    next_day(town, door, {"alder": page(0)})
    next_day(town, door, {"alder": page(3)})

    (message,) = inbox.messages
    assert 20 == sum(line.startswith("- ") for line in message["message"].splitlines())
    assert "… and " in message["message"]


def test_messages_keep_their_distance(town: Street, door: Door, inbox: Inbox) -> None:
    """What happens within the hour after a message is told in the next one."""
    next_day(town, door)
    next_day(town, door, {"alder": shifted()})
    town.day += timedelta(minutes=1) - DAY
    soon = notifying.tell(town.workshop(), also=[failed_run("r1", ("core/history: refused",), at=town.day)])
    town.day += timedelta(hours=1)
    later = notifying.tell(town.workshop(), also=[failed_run("r1", ("core/history: refused",), at=town.day)])

    assert (0, 1) == (soon.sent, later.sent)
    assert "Run: failed: core/history: refused" in inbox.messages[1]["message"]


def test_a_live_refresh_tells_by_itself_and_saved_pages_tell_nobody(town: Street, door: Door, inbox: Inbox) -> None:
    """The job as a person starts it; what was read without fetching is passed over, also later."""
    fetched(town, door)
    town.serve("alder", shifted())
    town.day += DAY
    capturing.capture_due(town.workshop())
    town.refresh(fetch=False)
    silent = len(inbox.messages)
    town.serve("beech", shifted())
    town.day += DAY
    town.refresh()

    assert (0, 1) == (silent, len(inbox.messages))
    assert "Alder" not in inbox.messages[0]["message"]
    assert "Beech Cloud: Solo: included credits 5,000 → 0" in inbox.messages[0]["message"]


def test_a_trial_message_says_whether_each_target_is_reached(
    town: Street, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = town.workshop()
    reached = notifying.try_out(workshop, {"TEST_HOOK": inbox.url})
    unset = notifying.try_out(workshop, {})
    nonsense = notifying.try_out(workshop, {"TEST_HOOK": "s3cret words"})

    assert [("TEST_HOOK", "taken")] == reached
    assert "trial" in inbox.messages[0]["title"]
    assert "not set" in unset[0][1]
    assert "is not an address that Apprise knows" in nonsense[0][1]
    assert "s3cret" not in nonsense[0][1]


def test_the_demo_tells_nobody(town: Street, door: Door, inbox: Inbox) -> None:
    """Its pages are examples."""
    next_day(town, door)
    Home(town.home.root).example_mark.write_text("examples\n")
    town.serve("alder", WALL)

    assert notifying.Told() == notifying.tell(town.workshop())
    assert [] == inbox.messages
