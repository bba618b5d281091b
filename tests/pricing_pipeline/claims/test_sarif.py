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


# The part of the standard's schema that the log makes use of: for each object its properties with their types, the
# required ones marked. Like the schema itself it allows no others.
SPEC: dict[str, dict[str, Any]] = {
    "log": {"version!": str, "$schema": str, "runs!": ["run"]},
    "run": {"tool!": "tool", "columnKind": str, "results": ["result"]},
    "tool": {"driver!": "driver"},
    "driver": {"name!": str, "version": str, "rules": ["rule"]},
    "rule": {"id!": str, "shortDescription": "message", "defaultConfiguration": "configuration"},
    "configuration": {"level": str},
    "message": {"text!": str},
    "result": {
        "message!": "message", "ruleId": str, "ruleIndex": int, "level": str, "locations": ["location"],
        "relatedLocations": ["location"], "properties": dict,
    },
    "location": {"physicalLocation": "physical", "message": "message"},
    "physical": {"artifactLocation": "artifact", "region": "region"},
    "artifact": {"uri": str},
    "region": {"startLine": int, "startColumn": int, "endLine": int, "endColumn": int, "snippet": "message"},
}  # fmt: skip


def faults(value: Any, kind: Any, where: str = "log") -> list[str]:
    """What the standard would not allow of a value."""
    if isinstance(kind, list):
        return [fault for number, one in enumerate(value) for fault in faults(one, kind[0], f"{where}[{number}]")]
    if isinstance(kind, type):
        return [] if isinstance(value, kind) and value != "" else [f"{where} is {value!r}"]
    allowed = {name.rstrip("!"): each for name, each in SPEC[kind].items()}
    missing = [
        f"{where}.{name[:-1]} is missing" for name in SPEC[kind] if name.endswith("!") and name[:-1] not in value
    ]
    others = [f"{where}.{name} is no property" for name in value if name not in allowed]
    inner = [f for name, one in value.items() if name in allowed for f in faults(one, allowed[name], f"{where}.{name}")]
    return [*missing, *others, *inner]


def test_the_log_is_as_the_schema_of_the_standard_has_it():
    """Every object: required properties, their types, and no others; lines and columns count from one."""
    found = log()
    regions = [
        place["physicalLocation"]["region"]
        for result in found["runs"][0]["results"]
        for place in (*result["locations"], *result.get("relatedLocations", ()))
    ]

    assert [] == faults(found, "log")
    assert all(1 <= region[name] for region in regions for name in ("startLine", "startColumn", "endLine", "endColumn"))
    assert all(region["startLine"] <= region["endLine"] for region in regions)
