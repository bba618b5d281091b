"""The shape of the documents under `v1/`, and the one small judge of it. The shapes are JSON Schema, draft 2020-12."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "schemas"
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def schema(name: str) -> bytes:
    """The JSON Schema of a document, as it is published."""
    return (FOLDER / f"{name}.json").read_bytes()


def faults(name: str, document: Any) -> list[str]:
    """What is wrong with a document by its schema, each with its place; judges the keywords that our schemas use."""
    rules = json.loads(schema(name))
    return list(_faults(document, rules, rules.get("$defs", {}), "$"))


def _faults(value: Any, rules: Mapping[str, Any], defs: Mapping[str, Any], place: str) -> Iterator[str]:
    if "$ref" in rules:
        rules = {**defs[rules["$ref"].removeprefix("#/$defs/")], **{k: v for k, v in rules.items() if k != "$ref"}}
    allowed = rules.get("type")
    if allowed is not None and not _is(value, [allowed] if isinstance(allowed, str) else allowed):
        yield f"{place}: {type(value).__name__} where {allowed} belongs"
        return
    if "enum" in rules and value not in rules["enum"]:
        yield f"{place}: {value!r} is none of {rules['enum']}"
    if isinstance(value, str) and "pattern" in rules and not re.search(rules["pattern"], value):
        yield f"{place}: {value!r} does not match {rules['pattern']}"
    if isinstance(value, dict):
        yield from _object(value, rules, defs, place)
    if isinstance(value, list) and "items" in rules:
        for index, item in enumerate(value):
            yield from _faults(item, rules["items"], defs, f"{place}[{index}]")


def _object(value: dict[str, Any], rules: Mapping[str, Any], defs: Mapping[str, Any], place: str) -> Iterator[str]:
    properties = rules.get("properties", {})
    yield from (f"{place}: lacks {name}" for name in rules.get("required", ()) if name not in value)
    for name, item in value.items():
        if name in properties:
            yield from _faults(item, properties[name], defs, f"{place}.{name}")
        elif rules.get("additionalProperties") is False:
            yield f"{place}: {name} is not known"
        elif isinstance(rules.get("additionalProperties"), dict):
            yield from _faults(item, rules["additionalProperties"], defs, f"{place}.{name}")


def _is(value: Any, names: list[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)
