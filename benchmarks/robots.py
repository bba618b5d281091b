"""How our reading of robots.txt files scores on cases with known answers, and on real files against protego's answers.

Run: python benchmarks/robots.py --corpus DIR
`DIR/robots/` holds `google_robotstxt_cases.json`, `protego_test_record_precedence.json`,
`protego_test_user_agent_precedence.json`, `real_expected.json` and `real/HOST.txt`. Every deviation is printed with its
reason, where one is known; the last line is the share of cases that are right, deviations without a reason counting as wrong.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protego import Protego

from pricing_pipeline.fetch.robots import robots_text
from pricing_pipeline.fetch.rules import RobotsRules

GROUPS = ("/group1", "/group2", "/group3")
# The file that protego's own test of precedence reads, in our words: who is named, and what they may ask for.
PRECEDENCE = "\n".join(
    f"user-agent: {name}\ndisallow: /\nallow: {path}"
    for name, path in zip(("hedwig-news", "*", "hedwig"), GROUPS, strict=True)
)


@dataclass(frozen=True)
class Case:
    """One question with its known answer, ours, and that of protego alone."""

    set: str
    what: str
    expected: bool
    ours: bool
    bare: bool
    reason: str = ""


def google(folder: Path) -> Iterator[Case]:
    """The assertions of Google's own reader."""
    for case in _json(folder / "google_robotstxt_cases.json"):
        text, url, name = case["robotstxt"], case["url"], case["user_agent"]
        bare = Protego.parse(text).can_fetch(url, name)
        what = f"{case['test']}: {name!r} at {url}"
        yield Case("Google's cases", what, case["allowed"], RobotsRules(text).allows(url, name), bare)


def precedence(folder: Path) -> Iterator[Case]:
    """Protego's own cases: which rule wins, and which group."""
    for case in _json(folder / "protego_test_record_precedence.json"):
        text, url = "user-agent: *\n" + case["rules"], case["url"]
        lines = text.replace(" \n ", "\n")
        bare = Protego.parse(lines).can_fetch(url, "FooBot")
        yield Case("protego's cases", url, case["allowed"], RobotsRules(lines).allows(url, "FooBot"), bare)
    rules, bare_rules = RobotsRules(PRECEDENCE), Protego.parse(PRECEDENCE)
    for case in _json(folder / "protego_test_user_agent_precedence.json"):
        name = case["user_agent"]
        ours = [path for path in GROUPS if rules.allows(path, name)] == [case["path"]]
        bare = [path for path in GROUPS if bare_rules.can_fetch(path, name)] == [case["path"]]
        yield Case("protego's cases", f"{name!r} at {case['path']}", True, ours, bare)


def real(folder: Path) -> Iterator[Case]:
    """Real files: what each agent may ask for, and its delay, as protego answers. Not every such answer is right."""
    known = _json(folder / "real_expected.json")
    for host, answers in known["hosts"].items():
        body = (folder / "real" / f"{host}.txt").read_bytes()
        rules, reason = RobotsRules(robots_text(body)), _reason(body)
        for agent in known["agents"]:
            refused = answers["disallowed"].get(agent, ())
            for path in known["paths"]:
                url = f"http://{host}{path}"
                yield Case(
                    "real files", f"{agent} at {url}", path not in refused, rules.allows(url, agent), True, reason
                )
            delay = answers["crawl_delay"].get(agent, 0.0)
            yield Case("delays of real files", f"{agent} at {host}", True, rules.pause(agent) == delay, True, reason)


def _reason(body: bytes) -> str:
    """Why our answer to a real file may rightly differ from protego's."""
    if body.startswith(b"\xef\xbb\xbf"):
        return "the file starts with a byte order mark, behind which protego does not see the first record"
    return ""


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    """Score and print; the share comes last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    folder = parser.parse_args().corpus / "robots"
    cases = [*google(folder), *precedence(folder), *real(folder)]
    for name in dict.fromkeys(case.set for case in cases):
        asked = [case for case in cases if case.set == name]
        agreed = sum(case.ours == case.expected for case in asked)
        alone = sum(case.bare == case.expected for case in asked)
        beside = f"; protego alone {alone}" if name.endswith("cases") else ""
        print(f"{name}: {agreed} of {len(asked)}{beside}")
    differing = [case for case in cases if case.ours != case.expected]
    for reason in dict.fromkeys(case.reason for case in differing):
        same = [case for case in differing if case.reason == reason]
        print(f"  {len(same)} differ, {reason or 'NOT EXPLAINED'}; first {same[0].what}: expected {same[0].expected}")
    wrong = sum(not case.reason for case in differing)
    print(f"{(len(cases) - wrong) / len(cases):.4f}")


if __name__ == "__main__":
    main()
