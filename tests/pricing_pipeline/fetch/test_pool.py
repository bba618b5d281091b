"""Many hosts side by side, each of them one page at a time; one bad host costs the others nothing."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.outcomes import FetchRequest
from pricing_pipeline.fetch.politeness import Turns
from pricing_pipeline.fetch.pool import fetch_all
from tests.servers import LoopbackServer, answer

CLOSE = [("Connection", "close")]


def outcomes(requests, client):
    return fetch_all(requests, client=client, on_result=lambda _, result: result.outcome)


def test_results_come_in_the_order_of_the_requests(client, server):
    paths = [f"/{n}" for n in range(5)]
    server.answers.update({path: answer(b"<html>" + path.encode()) for path in paths})
    requests = [FetchRequest(url=server.url(path)) for path in paths]

    bodies = fetch_all(requests, client=client, on_result=lambda _, result: result.body)

    assert [b"<html>" + path.encode() for path in paths] == bodies


def test_nothing_to_ask_for_is_no_result(client):
    assert outcomes([], client) == []


def test_one_bad_vendor_of_five_leaves_the_others_fresh(make_client):
    with ExitStack() as stack:
        servers = [stack.enter_context(LoopbackServer()) for _ in range(5)]
        for server in servers:
            server.answers["/pricing"] = answer()
        servers[2].answers["/pricing"] = lambda _, line: line.hold()
        client = make_client(allow_hosts=("127.0.0.1",), total_seconds=0.3)
        ended = {}

        requests = [FetchRequest(url=server.url("/pricing")) for server in servers]
        fetch_all(
            requests, client=client, on_result=lambda request, result: ended.update({request.url: result.outcome})
        )

        assert [Outcome.NETWORK_ERROR if n == 2 else Outcome.FETCHED for n in range(5)] == [
            ended[r.url] for r in requests
        ]
        assert requests[2].url == list(ended)[-1]


def test_the_slowest_host_is_waited_for_by_nobody(make_client):
    """It answers only when all the others have been taken in: were one of them to wait for it, none would ever end."""
    all_others = threading.Event()
    with ExitStack() as stack:
        slow, *quick = [stack.enter_context(LoopbackServer()) for _ in range(9)]
        slow.answers["/pricing"] = lambda *_: answer() if all_others.wait(20) else None
        for server in quick:
            server.answers["/pricing"] = answer()
        client = make_client(allow_hosts=("127.0.0.1",), concurrency=2, total_seconds=30.0)
        ended = []

        def take(request, result):
            ended.append((request.url, result.outcome))
            if len(ended) == len(quick):
                all_others.set()

        fetch_all(
            [FetchRequest(url=server.url("/pricing")) for server in (slow, *quick)], client=client, on_result=take
        )

        assert (slow.url("/pricing"), Outcome.FETCHED) == ended[-1]


def test_a_host_that_stays_silent_is_left_alone_after_a_few_pages(make_client, server):
    """A review site with hundreds of our pages would keep the run for hours, half a minute for each."""
    server.answers.update({f"/{n}": lambda _, line: line.hold() for n in range(40)})
    client = make_client(total_seconds=0.1, retries=1, retry_seconds=0.01)

    results = fetch_all(
        [FetchRequest(url=server.url(f"/{n}")) for n in range(40)], client=client, on_result=lambda _, result: result
    )

    assert {Outcome.NETWORK_ERROR} == {result.outcome for result in results}
    assert 6 == len(server.paths())
    assert "not asked" in results[-1].message


def test_a_host_that_answers_now_and_then_is_asked_for_all_its_pages(client, server):
    server.answers.update({f"/{n}": answer() if n % 3 == 2 else lambda _, line: line.reset() for n in range(9)})

    assert 3 == outcomes([FetchRequest(url=server.url(f"/{n}")) for n in range(9)], client).count(Outcome.FETCHED)


def test_a_host_is_asked_one_page_at_a_time_with_a_pause_between(make_client, server):
    busy = threading.Lock()
    overlaps = []

    def alone(_, line):
        overlaps.append(not busy.acquire(blocking=False))
        line.drip([b""], every=0.02)
        busy.release()
        return answer()

    server.answers.update({f"/{n}": alone for n in range(3)})
    client = make_client(spacing_seconds=0.1)

    outcomes([FetchRequest(url=server.url(f"/{n}")) for n in range(3)], client)

    moments = [seen.at for seen in server.seen if seen.path != "/robots.txt"]
    assert overlaps == [False] * 3
    assert min(later - earlier for earlier, later in pairwise(moments)) >= 0.1


def test_a_host_that_must_wait_keeps_no_worker_from_the_others(make_client, server):
    """With a single worker, the pause of one host is the time of the next."""
    server.answers.update({f"/{n}": answer() for n in range(2)})
    with LoopbackServer() as other:
        other.answers["/pricing"] = answer()
        client = make_client(allow_hosts=("127.0.0.1",), concurrency=1, spacing_seconds=0.2)
        order = []
        urls = [server.url("/0"), server.url("/1"), other.url("/pricing")]

        requests = [FetchRequest(url=url) for url in urls]
        fetch_all(requests, client=client, on_result=lambda request, _: order.append(request.url))

        assert [urls[0], urls[2], urls[1]] == order


def test_a_host_that_wants_to_be_left_alone_is_not_asked_for_its_other_pages(client, server):
    server.answers["/0"] = answer(b"", status="429 Too Many Requests", headers=[("Retry-After", "3600")])
    server.answers["/1"] = answer()

    results = fetch_all(
        [FetchRequest(url=server.url(f"/{n}")) for n in range(2)], client=client, on_result=lambda _, result: result
    )

    assert [result.outcome for result in results] == [Outcome.RATE_LIMITED] * 2
    assert results[0].not_before == results[1].not_before is not None
    assert server.paths() == ["/0"]


def _stumbling(times):
    left = [lambda _, line: line.reset(), answer(b"", status="502 Bad Gateway"), answer(length=5000, headers=CLOSE)][
        :times
    ]
    return lambda seen, line: (step(seen, line) if callable(step := left.pop(0)) else step) if left else answer()


@pytest.mark.parametrize(
    ("stumbles", "retries", "outcome"),
    [(1, 1, Outcome.FETCHED), (3, 3, Outcome.FETCHED), (2, 1, Outcome.SERVER_ERROR), (1, 0, Outcome.NETWORK_ERROR)],
)
def test_a_failure_of_a_moment_is_asked_for_again_so_often_and_no_more(make_client, server, stumbles, retries, outcome):
    server.answers["/robots.txt"] = answer(b"", status="404 Not Found", headers=CLOSE)
    server.answers["/pricing"] = _stumbling(stumbles)
    client = make_client(retries=retries, retry_seconds=0.01)

    assert outcomes([FetchRequest(url=server.url("/pricing"))], client) == [outcome]
    assert len(server.paths()) == 1 + min(stumbles, retries)


def test_rules_that_had_no_answer_are_asked_for_again_with_the_page(make_client, server):
    stumbling = _stumbling(1)
    server.answers["/robots.txt"] = lambda seen, line: stumbling(seen, line)
    server.answers["/pricing"] = answer()
    client = make_client(retries=1, retry_seconds=0.01)

    assert outcomes([FetchRequest(url=server.url("/pricing"))], client) == [Outcome.FETCHED]


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "400 Bad Request"])
def test_what_another_attempt_cannot_change_is_not_asked_for_again(make_client, server, status):
    server.answers["/pricing"] = answer(b"", status=status)

    outcomes([FetchRequest(url=server.url("/pricing"))], make_client(retries=3, retry_seconds=0.01))

    assert len(server.paths()) == 1


def test_addresses_that_are_refused_have_their_outcome_like_the_others(client, server):
    server.answers["/pricing"] = answer()
    urls = ["javascript:alert(1)", server.url("/pricing"), "http://10.0.0.1/", ""]

    assert outcomes([FetchRequest(url=url) for url in urls], client) == [
        Outcome.UNSAFE_URL,
        Outcome.FETCHED,
        Outcome.UNSAFE_URL,
        Outcome.UNSAFE_URL,
    ]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("disk full")])
def test_an_interruption_breaks_everything_off_at_once(make_client, error):
    with LoopbackServer() as quick, LoopbackServer() as slow:
        quick.answers["/pricing"] = answer()
        slow.answers["/pricing"] = lambda _, line: line.hold()
        client = make_client(allow_hosts=("127.0.0.1",), total_seconds=30.0)
        started = time.monotonic()

        def interrupt(*_):
            raise error

        with pytest.raises(error if isinstance(error, type) else type(error)):
            fetch_all(
                [FetchRequest(url=server.url("/pricing")) for server in (slow, quick)],
                client=client,
                on_result=interrupt,
            )

        assert time.monotonic() - started < 5


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=20), st.floats(0.1, 5))
def test_turns_serve_everything_once_and_no_host_before_its_pause(items, pause):
    turns = Turns(items)
    now, free_from, served = 0.0, dict.fromkeys("abc", 0.0), []
    while turn := turns.take(now) or turns.waits_until():
        if isinstance(turn, float):
            now = turn
            continue
        host = turn[0]
        assert now >= free_from[host]
        served.append(turn)
        free_from[host] = now + pause
        turns.done(host, now + pause)

    assert sorted(items) == sorted(served)
    assert all([i for h, i in items if h == host] == [i for h, i in served if h == host] for host in "abc")


def test_a_host_under_way_gets_no_second_turn():
    turns = Turns([("a", 1), ("a", 2), ("b", 3)])

    assert turns.take(0) == ("a", 1)
    assert turns.take(0) == ("b", 3)
    assert turns.take(0) is None
    assert turns.waits_until() is None
