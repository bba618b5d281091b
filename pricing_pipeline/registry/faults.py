"""What pydantic found, as lines that name file, line and key, and say what to write instead."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from pricing_pipeline.registry.documents import Document, Place

Model = TypeVar("Model", bound=BaseModel)

_KINDS = {"str": "text", "int": "a whole number", "bool": "true or false", "list": "a list", "dict": "a mapping"}


def read_model(model: type[Model], document: Document) -> Model | None:
    """What a document holds as a model; None, with the document's problems filled, where it does not fit."""
    if not isinstance(document.value, dict):
        if not document.problems:
            document.report(
                1, f"holds {_kind(document.value)} where a mapping belongs; begin with `{_first(model)}: …`"
            )
        return None
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        for details in sorted(error.errors(include_url=False), key=lambda one: _line(document, one)):
            if not _is_echo(details):
                _report(document, model, details)
        return None


def _report(document: Document, model: type[BaseModel], details: ErrorDetails) -> None:
    place = _place(details, document.value)
    kind = details["type"]
    if kind == "missing":
        where = document.line(place[:-1])
        document.report(where, f"{_inside(place)}`{place[-1]}` is missing; add it{_example(model, place)}")
    elif kind == "extra_forbidden":
        line = document.key_lines.get(place, document.line(place))
        document.report(line, f"{_inside(place)}unknown key `{place[-1]}`; {_suggestion(model, place)}")
    else:
        document.report(document.line(place), f"`{_spell(place)}`: {_complaint(details)}")


def misplaced(place: Place, message: str) -> PydanticCustomError:
    """The error for a validator to raise about something further inside what it validates."""
    return PydanticCustomError("misplaced", "{message}", {"place": place, "message": message})


def _is_echo(details: ErrorDetails) -> bool:
    """Whether a list is called short only because pydantic does not count its broken items."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _place(details: ErrorDetails, value: object) -> Place:
    inner = details["ctx"]["place"] if details["type"] == "misplaced" else ()
    return (*_real_place(details["loc"], value), *inner)


def _line(document: Document, details: ErrorDetails) -> int:
    place = _place(details, document.value)
    return document.key_lines.get(place, document.line(place))


def _complaint(details: ErrorDetails) -> str:
    """The fault of a value, and its remedy."""
    value, kind, context = details["input"], details["type"], details.get("ctx", {})
    if kind == "value_error":
        return f"{_quoted(value)}{context['error']}"
    if kind == "misplaced":
        return str(context["message"])
    if kind in {"literal_error", "enum"}:
        return f"{_quoted(value)}is not known here; write {context['expected']}"
    if kind == "string_type":
        remedy = f'; write it in quotes: "{value}"' if not isinstance(value, dict | list) and value is not None else ""
        return f"must be text, not {_kind(value)}{remedy}"
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return f"must be a mapping of keys and values, not {_kind(value)}"
    if kind in {"list_type", "tuple_type"}:
        return f"must be a list, a line for each beginning with `- `, not {_kind(value)}"
    if kind == "too_short":
        return f"is too short; write at least {context['min_length']}, each on a line that begins with `- `"
    if kind == "string_too_short":
        return "is empty; write something or remove the key"
    if kind == "string_too_long":
        return f"is longer than {context['max_length']:,} characters; shorten it"
    if kind == "string_pattern_mismatch":
        return f"{_quoted(value)}must stand on one line"
    return f"{_quoted(value)}does not fit: {details['msg'][:1].lower()}{details['msg'][1:]}"


def _quoted(value: object) -> str:
    if isinstance(value, dict | list) or value is None:
        return ""
    text = str(value)
    return f"`{text[:60]}{'…' if len(text) > 60 else ''}` "


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, int | str) and not isinstance(value, bool):
        return f"{'the number' if isinstance(value, int) else 'the text'} {str(value)[:40]}"
    return _KINDS.get(type(value).__name__, f"the number {value}")


def _real_place(loc: tuple[int | str, ...], value: object) -> Place:
    """pydantic's location without the steps that are its own and not the file's, such as a union's branch."""
    place: list[int | str] = []
    for number, step in enumerate(loc, start=1):
        if isinstance(value, Mapping) and (step in value or number == len(loc)):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            continue
        place.append(step)
    return tuple(place)


def _spell(place: Place) -> str:
    """`products[0].sources[1].url`"""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.lstrip(".")


def _inside(place: Place) -> str:
    return f"in `{_spell(place[:-1])}`: " if len(place) > 1 else ""


def _first(model: type[BaseModel]) -> str:
    return next(iter(model.model_fields))


def _example(model: type[BaseModel], place: Place) -> str:
    around = _model_at(model, place[:-1])
    examples = around.model_fields[str(place[-1])].examples if around and place[-1] in around.model_fields else None
    return f", for example `{place[-1]}: {examples[0]}`" if examples else ""


def _suggestion(model: type[BaseModel], place: Place) -> str:
    around = _model_at(model, place[:-1])
    known = list(around.model_fields) if around else []
    close = difflib.get_close_matches(str(place[-1]), known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"remove it, or write one of {', '.join(known)}"


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model of the mapping at a place."""
    annotation: Any = model
    for step in place:
        inner = _strip(annotation)
        if isinstance(step, str) and isinstance(inner, type) and issubclass(inner, BaseModel):
            if step not in inner.model_fields:
                return None
            annotation = inner.model_fields[step].annotation
        else:
            arguments = [one for one in typing.get_args(inner) if one is not Ellipsis]
            annotation = arguments[-1] if arguments else None
    inner = _strip(annotation)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _strip(annotation: Any) -> Any:
    """The type inside Annotated[…] and … | None."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in {typing.Union, types.UnionType}:
            annotation = next(one for one in typing.get_args(annotation) if one is not type(None))
        else:
            return annotation
