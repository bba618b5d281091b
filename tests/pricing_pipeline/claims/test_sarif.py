"""Findings in the form that code hosts show beside the lines of a file: SARIF 2.1.0."""

from __future__ import annotations

import json
from typing import Any

from pricing_pipeline.claims.sarif import sarif
from tests.pricing_pipeline.claims.market import audit

TEXT = "# Dagster+\n\nSolo costs **$12** a month.\n\nPrefect Cloud is paid only. Prefect Cloud has a free tier.\n"


def log(file: str = "texts/a b.md") -> dict[str, Any]:
    """The log of one audit, as a reader of the file gets it."""
    return json.loads(json.dumps(sarif([audit(TEXT, file)], version="1.2.3")))


def test_the_log_has_what_the_standard_requires():
    """Section 3.13 and 3.14: version, runs, tool, driver with a name; results that each have a message."""
    found = log()
    (run,) = found["runs"]

    assert "2.1.0" == found["version"]
    assert found["$schema"].endswith("sarif-schema-2.1.0.json")
    assert ("pricing-pipeline", "1.2.3") == (run["tool"]["driver"]["name"], run["tool"]["driver"]["version"])
    assert all(result["message"]["text"] for result in run["results"])
    assert {"error"} == {result["level"] for result in run["results"]}
    assert "unicodeCodePoints" == run["columnKind"]


def test_every_result_names_a_rule_that_is_listed():
    (run,) = log()["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {"amount", "free_tier", "self_contradiction"} == {result["ruleId"] for result in run["results"]}


def test_a_result_stands_at_its_characters():
    """Columns count from one; the end column is the one behind the last character."""
    result = next(one for one in log()["runs"][0]["results"] if one["ruleId"] == "amount")
    (location,) = result["locations"]
    region = location["physicalLocation"]["region"]

    assert "texts/a%20b.md" == location["physicalLocation"]["artifactLocation"]["uri"]
    assert (3, 14, 3) == (region["startLine"], region["startColumn"], region["endLine"])
    assert TEXT.split("\n")[2][13:26] == "$12** a month"
    assert 27 == region["endColumn"]


def test_a_result_says_what_is_right_and_where_it_was_read():
    result = next(one for one in log()["runs"][0]["results"] if one["ruleId"] == "amount")

    assert "$10.00 a month" == result["properties"]["right"]
    assert "https://dagster.example/pricing" == result["properties"]["source"]
    assert "2026-04-01T06:00:00Z" == result["properties"]["captured_at"]
    assert "$10.00 a month" in result["message"]["text"]


def test_where_a_text_contradicts_itself_both_places_are_given():
    result = next(one for one in log()["runs"][0]["results"] if one["ruleId"] == "self_contradiction")

    assert 5 == result["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert 5 == result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"]


def test_a_sound_text_has_no_results():
    assert [] == sarif([audit("Dagster+ Solo costs $10 a month.")], version="1")["runs"][0]["results"]
