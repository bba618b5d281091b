"""Changes to vendor files that people wrote: lines put in or taken out, everything else and every comment left as it is."""

from __future__ import annotations

import difflib
from pathlib import Path

from pricing_pipeline.errors import RegistryError
from pricing_pipeline.facts import Recipe
from pricing_pipeline.propose.vendor_file import ProposedSource, product_lines, recipe_lines, source_lines
from pricing_pipeline.registry.documents import Document, Place, read_document, shown


def with_recipe(path: Path, source_url: str, recipe: Recipe) -> str:
    """The text of a vendor file with this recipe, in the place of the former one, for the source of that address.

    A recipe without selectors takes the former one out. Raises RegistryError where the file is not laid out in lines.
    """
    document, lines = _read(path)
    place = _source_place(document, source_url)
    start, end, column = _item(document, lines, place)
    former = document.key_lines.get((*place, "recipe"))
    if former is not None:
        last = _block_end(lines, former - 1, column + 2)
        del lines[former - 1 : last]
        end -= last - (former - 1)
    lines[end:end] = recipe_lines(recipe, indent=" " * (column + 2))
    assert start < end
    return _text(lines)


def with_source(path: Path, product: str, source: ProposedSource) -> str:
    """The text of a vendor file with one more source of a product. Raises RegistryError as `with_recipe` does."""
    document, lines = _read(path)
    for i, entry in enumerate(_list(document, ("products",))):
        if isinstance(entry, dict) and entry.get("slug") == product:
            last = len(_list(document, ("products", i, "sources"))) - 1
            _, end, column = _item(document, lines, ("products", i, "sources", last))
            lines[end:end] = source_lines(source, indent=" " * column)
            return _text(lines)
    raise RegistryError([f"{shown(path)}: holds no product `{product}`"])


def with_product(path: Path, slug: str, name: str, source: ProposedSource) -> str:
    """The text of a vendor file with one more product. Raises RegistryError as `with_recipe` does."""
    document, lines = _read(path)
    last = len(_list(document, ("products",))) - 1
    _, end, column = _item(document, lines, ("products", last))
    lines[end:end] = product_lines(slug, name, source, indent=" " * column)
    return _text(lines)


def difference(path: Path, after: str) -> str:
    """What a change does to a file, as `git apply` and `patch` take it."""
    name = shown(path) if not shown(path).startswith("/") else path.name
    before = path.read_text("utf-8-sig").splitlines(keepends=True)
    return "".join(
        difflib.unified_diff(before, after.splitlines(keepends=True), fromfile=f"a/{name}", tofile=f"b/{name}")
    )


def _read(path: Path) -> tuple[Document, list[str]]:
    document = read_document(path)
    if document.problems:
        raise RegistryError(document.problems)
    return document, path.read_text("utf-8-sig").splitlines()


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _list(document: Document, place: Place) -> list[object]:
    value = document.value
    for step in place:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value if isinstance(value, list) else []


def _source_place(document: Document, url: str) -> Place:
    for i, _ in enumerate(_list(document, ("products",))):
        for j, source in enumerate(_list(document, ("products", i, "sources"))):
            if isinstance(source, dict) and str(source.get("url")).rstrip("/") == url.rstrip("/"):
                return ("products", i, "sources", j)
    raise RegistryError([f"{document.shown}: holds no source with the address {url}"])


def _item(document: Document, lines: list[str], place: Place) -> tuple[int, int, int]:
    """Where an item of a list begins and ends (exclusive), as indices of lines, and the column of its dash."""
    start = document.line(place) - 1
    text = lines[start]
    column = len(text) - len(text.lstrip())
    if not text.lstrip().startswith("- "):
        raise RegistryError(
            [f"{document.shown}:{start + 1}: this list does not stand a line for each item, put it in by hand"]
        )
    return start, _block_end(lines, start, column), column


def _block_end(lines: list[str], start: int, column: int) -> int:
    """One past the last line of what begins at `start`: the lines that stand deeper than its column, trailing blanks apart."""
    end = start + 1
    for index in range(start + 1, len(lines)):
        text = lines[index]
        if not text.strip() or text.lstrip().startswith("#"):
            continue  # a comment at any column belongs to what goes on after it, or to what comes next
        if len(text) - len(text.lstrip()) <= column:
            break
        end = index + 1
    return end
