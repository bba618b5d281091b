"""The kinds of values that these files hold, each with the words that tell its author what to write instead."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from pricing_pipeline.currencies import CODES

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_HOST_NAME = r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"
_EVERY = re.compile(r"([1-9][0-9]{0,3})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
_MAX_HOURS = 366 * 24
# Device names that Windows does not let a file have, and names that editions use for files of their own.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "index", "current", "none", "null", "all"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)


class Entry(BaseModel):
    """A mapping of these files: what is not known in it is refused, and it does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _slug(text: str) -> str:
    if not re.fullmatch(_SLUG, text):
        raise ValueError("is not a slug; write lower-case letters, digits and single hyphens, for example dagster-plus")
    if text in _RESERVED:
        raise ValueError("is a reserved name; choose another")
    return text


def check_slug(text: str) -> str | None:
    """What is wrong with a name as a slug, if anything."""
    if len(text) > 64:
        return "is longer than 64 characters; shorten it"
    try:
        _slug(text)
    except ValueError as error:
        return str(error)
    return None


def former_name(text: str) -> str:
    """A product by its slug, or by vendor and slug. Raises ValueError where it is neither."""
    vendor, sign, product = text.rpartition("/")
    if sign and not vendor:
        raise ValueError("is not a product; write its slug, or vendor/product, for example dagster/dagster-cloud")
    for part in (vendor, product) if sign else (product,):
        if problem := check_slug(part):
            raise ValueError(problem)
    return text


def _url(text: str) -> str:
    if re.search(r"[\s\\\x00-\x20\x7f]", text):
        raise ValueError("is not an address: it holds a space, backslash or control character")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"is not an address ({error}); write for example https://dagster.io/pricing") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("is not a web address; write for example https://dagster.io/pricing")
    if "@" in parts.netloc:
        raise ValueError("holds a user name or password; remove what stands before the @")
    if parts.fragment:
        raise ValueError("ends in a fragment, which is never sent; remove it from the # on")
    return text


def check_url(text: str) -> str | None:
    """What is wrong with a text as an address, if anything."""
    try:
        _url(text)
    except ValueError as error:
        return str(error)
    return None


def _span(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("is not a time; write hours, days or weeks, for example 7d")
    return timedelta(hours=hours(_every(value)))


def _every(text: str) -> str:
    match = _EVERY.fullmatch(text)
    if match is None or hours(text) > _MAX_HOURS:
        raise ValueError("is not how often; write hours, days or weeks, for example 12h, 1d or 2w, at most a year")
    return text


def hours(every: str) -> int:
    """`12h`, `1d` or `2w` in hours."""
    return int(every[:-1]) * _HOURS[every[-1]]


def _currency(text: str) -> str:
    if text not in CODES:
        raise ValueError("is not a currency; write its ISO 4217 code, for example USD")
    return text


def _locale(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text):
        raise ValueError("is not a locale; write language and country, for example en-US")
    return text


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise ValueError("is not a country; write its two letters of ISO 3166, for example NO")
    return text


def _host_name(text: str) -> str:
    if not re.fullmatch(_HOST_NAME, text):
        raise ValueError("is not the name of a host; write it in small letters and alone, for example acme.de")
    return text


def _metric(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text):
        raise ValueError("is not a metric; write it singular and with underscores, for example serverless_minute")
    return text


def _day(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("is not a day; write for example 2026-05-01")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("is not a day; write for example 2026-05-01") from error


def _amount(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(
            "is not a number; write digits without quotes, units or thousands separators, for example 15000"
        )
    if value < 0:
        raise ValueError("is negative; write zero or more")
    return Decimal(value)


def _selector(text: str) -> str:
    # bs4 brings soupsieve; few files have a recipe, so only those pay for it.
    import soupsieve

    try:
        soupsieve.compile(text)
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"is not a CSS selector ({reason}); write for example div.plan-card") from error
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\n]*$")]
Slug = Annotated[
    str, StringConstraints(max_length=64), AfterValidator(_slug), Field(json_schema_extra={"pattern": _SLUG})
]
Url = Annotated[
    str, StringConstraints(max_length=2000), AfterValidator(_url), Field(json_schema_extra={"format": "uri"})
]
Every = Annotated[str, AfterValidator(_every), Field(json_schema_extra={"pattern": "^[1-9][0-9]{0,3}[hdw]$"})]
Currency = Annotated[str, AfterValidator(_currency), Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]
Locale = Annotated[str, AfterValidator(_locale), Field(json_schema_extra={"pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"})]
Country = Annotated[str, AfterValidator(_country), Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})]
HostName = Annotated[
    str, StringConstraints(max_length=253), AfterValidator(_host_name), Field(json_schema_extra={"pattern": _HOST_NAME})
]
Metric = Annotated[str, AfterValidator(_metric)]
Span = Annotated[
    timedelta, BeforeValidator(_span), WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,3}[hdw]$"})
]
Day = Annotated[date, BeforeValidator(_day)]
Amount = Annotated[Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "number", "minimum": 0})]
Selector = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_selector)]
