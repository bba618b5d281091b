"""The shapes under `v1/` are a promise: compared here with the shapes as first published, which nobody edits.

A property may be added. Whatever else is to change comes as `v2/` beside `v1/`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pricing_pipeline.publish import data, schemas

Json = dict[str, Any]
PUBLISHED = Path(__file__).resolve().parent / "v1"
_JUDGED = {"type", "enum", "pattern", "properties", "required", "items", "additionalProperties", "$ref"}
_TOLD = {"$schema", "$id", "$defs", "title", "description"}


def breaks(old: Json, new: Json) -> list[str]:
    """What a reader of the old shape would stumble over in a document of the new one."""
    return list(_breaks(old, new, old.get("$defs", {}), new.get("$defs", {}), "$"))


def _breaks(old: Json, new: Json, olds: Json, news: Json, place: str) -> Iterator[str]:
    old, new = _resolved(old, olds), _resolved(new, news)
    if strangers := (set(old) | set(new)) - _JUDGED - _TOLD:
        yield f"{place}: {sorted(strangers)}: teach this comparison what it promises"
    if old.get("$id") != new.get("$id"):
        yield f"{place}: moved from {old.get('$id')} to {new.get('$id')}"
    if "type" in old and not _list(new.get("type")) <= _list(old["type"]):
        yield f"{place}: {new.get('type')} where {old['type']} was promised"
    if "enum" in old and not set(new.get("enum", [object])) <= set(old["enum"]):
        yield f"{place}: another word than {old['enum']}"
    if "pattern" in old and new.get("pattern") != old["pattern"]:
        yield f"{place}: written otherwise than {old['pattern']}"
    for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        yield f"{place}: {name} may be missing"
    for name, shape in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from _breaks(shape, new["properties"][name], olds, news, f"{place}.{name}")
        else:
            yield f"{place}: {name} is gone"
    for name in ("items", "additionalProperties"):
        if isinstance(old.get(name), dict):
            yield from _breaks(old[name], new.get(name) or {}, olds, news, f"{place}[]")


def _resolved(shape: Json, defs: Json) -> Json:
    return {**defs[shape["$ref"].removeprefix("#/$defs/")], **shape} if "$ref" in shape else shape


def _list(kinds: object) -> set[str]:
    """The types of a shape; one that names none allows every type there is."""
    if kinds is None:
        return {"object", "array", "string", "integer", "number", "boolean", "null"}
    return {kinds} if isinstance(kinds, str) else set(kinds)  # type: ignore[call-overload]  # a list of words


@pytest.mark.parametrize("path", sorted(PUBLISHED.glob("*.json")), ids=lambda path: path.stem)
def test_no_document_breaks_what_was_promised_of_it(path: Path) -> None:
    assert [] == breaks(json.loads(path.read_text("utf-8")), json.loads(schemas.schema(path.stem)))


def test_every_document_has_a_promise() -> None:
    """A new document is copied here when it is published first."""
    assert set(data.NAMES) == {path.stem for path in PUBLISHED.glob("*.json")}


def test_schemas_stand_where_their_ids_say() -> None:
    assert {name: f"v1/schema/{name}.json" for name in data.NAMES} == {
        name: json.loads(schemas.schema(name))["$id"] for name in data.NAMES
    }


def of_item(change: Callable[[Json], object]) -> Json:
    """The shape of terms, changed."""
    shape = copy.deepcopy(json.loads((PUBLISHED / "terms.json").read_text("utf-8")))
    change(shape["properties"]["terms"]["items"])
    return shape


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda item: item["properties"].pop("text"), "text is gone"),
        (lambda item: item["required"].remove("text"), "text may be missing"),
        (lambda item: item["properties"]["text"].update(type=["string", "null"]), "was promised"),
        (lambda item: item["properties"]["text"].pop("type"), "was promised"),
        (lambda item: item["properties"]["state"]["enum"].append("maybe"), "another word"),
        (lambda item: item["properties"]["state"].pop("enum"), "another word"),
        (lambda item: item["properties"]["amount"].pop("pattern"), "written otherwise"),
        (lambda item: item["properties"]["evidence"]["properties"].pop("quote"), "quote is gone"),
        (lambda item: item["properties"]["text"].update(maxLength=10), "teach this comparison"),
    ],
)
def test_a_breaking_change_is_refused(change: Callable[[Json], object], told: str) -> None:
    (fault,) = breaks(of_item(lambda _: None), of_item(change))[:1]

    assert told in fault


def test_a_schema_that_moves_is_refused() -> None:
    old = of_item(lambda _: None)

    assert ["$: moved from v1/schema/terms.json to v2/schema/terms.json"] == breaks(
        old, {**old, "$id": "v2/schema/terms.json"}
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item["properties"].update(more={"type": "string"}),
        lambda item: (item["properties"].update(more={"type": "string"}), item["required"].append("more")),
        lambda item: item["properties"]["plan"].update(type="string"),
        lambda item: item["properties"]["text"].update(description="How it reads."),
    ],
)
def test_a_gain_breaks_nothing(change: Callable[[Json], object]) -> None:
    assert [] == breaks(of_item(lambda _: None), of_item(change))
