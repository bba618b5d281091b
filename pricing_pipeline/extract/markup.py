"""Reading microdata and RDFa: items that the page's own elements declare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bs4 import Tag

from pricing_pipeline.extract.nodes import Node, Syntax, Text, Value, short

_MOST_ITEMS = 3000
_LONGEST_WORDING = 160
_QUOTED = frozenset(
    {
        "AggregateRating",
        "Review-aggregate",
        "Rating",
        "Offer",
        "AggregateOffer",
        "PriceSpecification",
        "UnitPriceSpecification",
    }
)
_ADDRESSES = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "source": "src", "track": "src", "video": "src",
    "area": "href", "link": "href",
    "object": "data", "time": "datetime", "data": "value", "meter": "value",
}  # fmt: skip


class _Item:
    """A node that is still being filled."""

    def __init__(self, tag: Tag, types: tuple[str, ...]) -> None:
        self.tag = tag
        self.types = types
        self.values: dict[str, list[Text | _Item]] = {}
        self.is_nested = False


def read_microdata(tags: Sequence[Tag]) -> tuple[Node, ...]:
    """The top-level microdata items of a page (HTML Standard, 5), `itemref` included."""
    scopes = [tag for tag in tags if "itemscope" in tag.attrs][:_MOST_ITEMS]
    items = {id(tag): _Item(tag, tuple(short(kind) for kind in str(tag.get("itemtype", "")).split())) for tag in scopes}
    if not items:
        return ()
    for tag in [tag for tag in tags if "itemprop" in tag.attrs][: 10 * _MOST_ITEMS]:
        _hold(items, tag, str(tag["itemprop"]), _above(tag, "itemscope"))
    for scope in scopes:
        for target in str(scope.get("itemref", "")).split()[:20]:
            for tag in _referred(tags, target):
                _hold(items, tag, str(tag["itemprop"]), scope)
    return _finished(items, "microdata")


def _above(tag: Tag, attribute: str) -> Tag | None:
    """The nearest element around a tag that has an attribute."""
    holder = tag.parent
    while holder is not None and attribute not in holder.attrs:
        holder = holder.parent
    return holder


def _referred(tags: Sequence[Tag], target: str) -> Iterator[Tag]:
    holder = next((tag for tag in tags if tag.get("id") == target), None)
    if holder is not None:
        if holder.get("itemprop"):
            yield holder
        inner = {id(holder), *(id(scope) for scope in holder.find_all(itemscope=True))}
        yield from (tag for tag in holder.find_all(itemprop=True) if id(_above(tag, "itemscope")) not in inner)


def read_rdfa(tags: Sequence[Tag]) -> tuple[Node, ...]:
    """The top-level RDFa items of a page: `typeof` with `property` or `rel` (RDFa Lite, and data-vocabulary as RDFa
    1.0 wrote it)."""
    scopes = [tag for tag in tags if "typeof" in tag.attrs][:_MOST_ITEMS]
    items = {id(tag): _Item(tag, tuple(short(kind) for kind in str(tag["typeof"]).split())) for tag in scopes}
    if not items:
        return ()
    for tag in [tag for tag in tags if tag.get("property") or (tag.get("rel") and _above(tag, "typeof"))][
        : 10 * _MOST_ITEMS
    ]:
        names = str(tag.get("property") or " ".join(tag.get_attribute_list("rel")))
        # `rel` on a wrapper names the property of the item within it.
        inner = None if tag.get("property") or tag.get("typeof") else tag.find(typeof=True)
        holder = _above(tag, "typeof")
        if holder is not None and (inner is not None or tag.get("property") or tag.get("typeof")):
            _hold(items, inner or tag, names, holder)
    return _finished(items, "rdfa")


def _hold(items: dict[int, _Item], tag: Tag, names: str, holder: Tag | None) -> None:
    owner = items.get(id(holder)) if holder is not None else None
    if owner is None:
        return
    own = items.get(id(tag))
    value = own or _text(tag)
    if own is owner:
        return
    if own:
        own.is_nested = True
    for name in names.split():
        owner.values.setdefault(short(name).lower(), []).append(value)


def _text(tag: Tag) -> Text:
    """The value of a property's element: what its `content` says, its address or time, else its text."""
    content = tag.get("content")
    if content is not None:
        return Text(str(content).strip())
    address = tag.get(_ADDRESSES.get(tag.name, ""))
    if address is not None and tag.name != "time":
        return Text(str(address).strip())
    written = " ".join(tag.get_text(" ").split())
    return Text(str(address).strip() if address else written, visible=None if address else written)


def _finished(items: dict[int, _Item], syntax: Syntax) -> tuple[Node, ...]:
    """The items as nodes, innermost first, so that each is made once."""
    made: dict[int, Node] = {}
    for key, item in reversed(list(items.items())):
        properties: dict[str, tuple[Value, ...]] = {}
        for name, values in item.values.items():
            known = (made.get(id(value.tag)) if isinstance(value, _Item) else value for value in values)
            properties[name] = tuple(value for value in known if value is not None)
        made[key] = Node(item.types, properties, syntax, _wording(item), _locator(item.tag))
    return tuple(made[key] for key, item in items.items() if not item.is_nested)


def _wording(item: _Item) -> str:
    """The words of a small item, which quote it better than a bare figure does."""
    if not _QUOTED.intersection(item.types):
        return ""
    text = " ".join(item.tag.get_text(" ").split())
    return text if len(text) <= _LONGEST_WORDING else ""


def _locator(tag: Tag) -> str:
    name = tag.get("id")
    return f"{tag.name}#{name}" if name else f"{tag.name}[{tag.sourceline}:{tag.sourcepos}]"
