"""A vendor file put together from a page, as the text that a person would write."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pricing_pipeline.facts import Recipe
from pricing_pipeline.registry.documents import plain

SCHEMA_LINE = "# yaml-language-server: $schema=vendor.schema.json"
# What may stand in a file without quotes, in lists of one line too.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.+/()'’&-]*(?: [A-Za-z0-9_.+/()'’&-]+)*")
_RECIPE_KEYS = ("plan", "name", "price", "period", "terms", "rating", "review_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedSource:
    """A source to watch. `currency_note` says how its currency is known, where it is proposed."""

    kind: str
    url: str
    publisher: str | None = None
    locale: str = "en-US"
    currency: str | None = None
    currency_note: str = ""
    expect: tuple[str, ...] = ()
    recipe: Recipe | None = None
    render: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedVendor:
    """A vendor with one product and one source."""

    slug: str
    name: str
    homepage: str
    product_slug: str
    product_name: str
    source: ProposedSource
    categories: tuple[str, ...] = ()


def vendor_yaml(vendor: ProposedVendor) -> str:
    """The text of a vendor file, which the loader accepts."""
    lines = [SCHEMA_LINE, f"name: {scalar(vendor.name)}", f"homepage: {scalar(vendor.homepage)}"]
    if vendor.categories:
        lines.append(f"categories: {flow(vendor.categories)}")
    lines += ["", "products:", *product_lines(vendor.product_slug, vendor.product_name, vendor.source, indent="  ")]
    return "\n".join(lines) + "\n"


def product_lines(slug: str, name: str, source: ProposedSource, *, indent: str) -> list[str]:
    """One product with its source, as lines of a list."""
    head = [f"{indent}- slug: {scalar(slug)}", f"{indent}  name: {scalar(name)}", f"{indent}  sources:"]
    return head + source_lines(source, indent=f"{indent}    ")


def source_lines(source: ProposedSource, *, indent: str) -> list[str]:
    """One source, as lines of a list."""
    pairs = [
        ("kind", source.kind),
        ("publisher", source.publisher and scalar(source.publisher)),
        ("url", scalar(source.url)),
        ("every", "1d"),
    ]
    if source.kind == "pricing" or source.locale != "en-US":
        pairs.append(("locale", source.locale))
    if source.currency:
        note = f"  # {source.currency_note}" if source.currency_note else ""
        pairs.append(("currency", f"{source.currency}{note}"))
    pairs += [("expect", flow(source.expect) if source.expect else None), ("render", source.render)]
    lines = [f"{indent}  {key}: {value}" for key, value in pairs if value]
    if source.recipe is not None:
        lines += recipe_lines(source.recipe, indent=f"{indent}  ")
    lines[0] = f"{indent}- {lines[0].lstrip()}"
    return lines


def recipe_lines(recipe: Recipe, *, indent: str) -> list[str]:
    """A recipe as lines of a source; none for one without selectors."""
    stated = [(key, getattr(recipe, key)) for key in _RECIPE_KEYS if getattr(recipe, key)]
    lines = [f"{indent}  {key}: {scalar(value)}" for key, value in stated]
    if recipe.ignore:
        lines.append(f"{indent}  ignore: {flow(recipe.ignore)}")
    return [f"{indent}recipe:", *lines] if lines else []


def scalar(text: str) -> str:
    """A text as YAML: as it is where that reads back as the same text, else in double quotes."""
    is_address = re.fullmatch(r"https?://[\w.~/?=&%@:+,;()$!*-]+", text, re.ASCII) is not None
    if (is_address or _PLAIN.fullmatch(text)) and plain(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(texts: tuple[str, ...]) -> str:
    """A list on one line."""
    return f"[{', '.join(scalar(text) for text in texts)}]"


def homepage(url: str) -> str:
    """The root of an address's host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
