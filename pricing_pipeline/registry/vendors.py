"""The registry: which vendors, products and sources there are, read from `vendors/*.yaml`."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pricing_pipeline import facts
from pricing_pipeline.errors import RegistryError
from pricing_pipeline.registry.documents import MAX_BYTES, Document, Place, read_document, shown
from pricing_pipeline.registry.entries import FactEntry, ProductEntry, SourceEntry, VendorEntry
from pricing_pipeline.registry.faults import read_model
from pricing_pipeline.registry.fields import check_slug, hours

_ENDINGS = frozenset({".yaml", ".yml"})


Named = tuple[str, str]  # a vendor's and a product's slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is sold. `self_hosted` are the slugs of plans that one runs oneself.

    `formerly` are the vendor and slug that it had before, oldest first; `retired` the day from which it is sold no
    longer, under its own name at least: `merged_into` is the product that took its place. `aliases` are other names
    that texts give it, `plan_aliases` those that they give its plans, by slug.
    """

    vendor: str
    slug: str
    name: str
    sources: tuple[facts.Source, ...]
    self_hosted: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    plan_aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    formerly: tuple[Named, ...] = ()
    retired: date | None = None
    merged_into: Named | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who sells."""

    slug: str
    name: str
    homepage: str
    categories: tuple[str, ...]
    products: tuple[Product, ...]
    facts: tuple[FactEntry, ...] = ()
    formerly: tuple[str, ...] = ()
    retired: date | None = None
    merged_into: str | None = None
    notes: str | None = None


@dataclass(frozen=True)
class Registry:
    """Every vendor, by slug; within one, products and sources stand as in its file."""

    vendors: tuple[Vendor, ...] = ()

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """Every product of every vendor."""
        return tuple(product for vendor in self.vendors for product in vendor.products)

    def sources(self) -> tuple[facts.Source, ...]:
        """Every source, in the order of vendors, products and files."""
        return tuple(source for product in self.products for source in product.sources)

    def only(self, vendors: Iterable[str]) -> Registry:
        """The registry of some vendors alone; a name that it does not hold is a RegistryError with the nearest ones."""
        wanted = set(vendors)
        known = {vendor.slug for vendor in self.vendors}
        if strangers := sorted(wanted - known):
            raise RegistryError([_unknown_vendor(name, sorted(known)) for name in strangers])
        return Registry(tuple(vendor for vendor in self.vendors if vendor.slug in wanted))

    def vendor(self, slug: str) -> Vendor | None:
        """The vendor of that slug."""
        return self._vendors.get(slug)

    def product(self, slug: str) -> Product | None:
        """The product of that slug."""
        return self._products.get(slug)

    @cached_property
    def _vendors(self) -> dict[str, Vendor]:
        return {vendor.slug: vendor for vendor in self.vendors}

    @cached_property
    def _products(self) -> dict[str, Product]:
        # of several vendors' products of one slug the first, so the later ones are put in first
        return {product.slug: product for product in reversed(self.products)}

    def named(self, name: str) -> tuple[Product, ...]:
        """The products of a slug, or the one of a `vendor/product`; a former name finds what it is called today."""
        now = tuple(one for one in self.products if name in (one.slug, f"{one.vendor}/{one.slug}"))
        if now:
            return now
        return tuple(
            one for one in self.products if any(name in (slug, f"{vendor}/{slug}") for vendor, slug in one.formerly)
        )

    def taken_in(self, slug: str) -> tuple[Product, ...]:
        """The products that were merged into that one, at once or by way of others: the last ones first."""
        product = self.product(slug)
        if product is None or not self._merged:
            return ()
        found: list[Product] = []
        asked = [product]
        while asked:  # no product is merged into itself by a round: the files are refused then
            one = asked.pop(0)
            asked += self._merged.get((one.vendor, one.slug), ())
            found += self._merged.get((one.vendor, one.slug), ())
        return tuple(found)

    @cached_property
    def _merged(self) -> dict[Named, list[Product]]:
        found: dict[Named, list[Product]] = {}
        for one in self.products:
            if one.merged_into is not None:
                found.setdefault(one.merged_into, []).append(one)
        return found

    def renamed(self) -> dict[Named, Named]:
        """From each former name of a product, as vendor and slug, to the name that it has today."""
        return self._renamed

    @cached_property
    def _renamed(self) -> dict[Named, Named]:
        return {former: (one.vendor, one.slug) for one in self.products for former in one.formerly}

    def source(self, source_id: str) -> facts.Source | None:
        """The source of that id."""
        return next((source for source in self.sources() if source.id == source_id), None)


def _unknown_vendor(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3) or known[:8]
    return f"no vendor is called `{name}`; write one of {', '.join(close)}"


def read_registry(folder: Path) -> Registry:
    """Every vendor of a folder; RegistryError with every fault of every file where there is one."""
    registry, problems = read_what_can_be_read(folder)
    if problems:
        raise RegistryError(problems)
    return registry


def read_what_can_be_read(folder: Path) -> tuple[Registry, list[str]]:
    """Every vendor whose file is sound, and the faults of the others. RegistryError only where the folder is no use.

    Files that are as they were when this process asked last are not read anew.
    """
    paths = tuple(vendor_files(folder))
    registry, problems = _read_once(paths, Path.cwd(), _contents(paths))
    return registry, list(problems)


@lru_cache(maxsize=2)
def _read_once(paths: tuple[Path, ...], _here: Path, _contents: str) -> tuple[Registry, tuple[str, ...]]:
    """What some files say; their contents, and the folder that problems name them from, tell one time from another."""
    registry, problems = read_files(paths)
    return registry, tuple(problems)


def _contents(paths: Iterable[Path]) -> str:
    """What stands in some files, as a SHA-256; one that cannot be read counts as the error that it gives."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(hashlib.sha256(_content(path)).digest())
    return sha.hexdigest()


def _content(path: Path) -> bytes:
    if not path.is_file():  # a pipe would never end
        return f"no file, a folder: {path.is_dir()}".encode()
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        return repr(error).encode()


def read_files(paths: Iterable[Path]) -> tuple[Registry, list[str]]:
    """Every vendor of these files whose file is sound; what two of them claim belongs to the first."""
    claims = _Claims()
    documents: list[Document] = []
    vendors: list[tuple[Vendor, Document]] = []
    for path in paths:
        document = read_document(path)
        vendor = _read_vendor(document)
        if vendor is not None and not document.problems:
            claims.check(vendor, document)
        documents.append(document)
        if vendor is not None and not document.problems:
            vendors.append((vendor, document))
    if len(vendors) == len(documents):  # a name may stand in the file that is broken
        _check_successors(vendors)
    sound = [vendor for vendor, document in vendors if not document.problems]
    problems = [problem for document in documents for problem in document.problems]
    return Registry(tuple(sorted(sound, key=lambda vendor: vendor.slug))), problems


def vendor_files(folder: Path) -> list[Path]:
    """The files of a folder that are meant to be vendor files, by name; RegistryError where there are none."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS and not path.name.startswith("."))
    except OSError as error:
        reason = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read as a folder"
        raise RegistryError(
            [f"{shown(folder)}: {reason}; name the folder of vendor files with PRICING_PIPELINE_VENDORS"]
        ) from error
    if not paths:
        raise RegistryError([f"{shown(folder)}: holds no vendor file; add one, for example acme.yaml"])
    return paths


def _read_vendor(document: Document) -> Vendor | None:
    path = document.path
    if path.suffix == ".yml":
        document.report(1, f"vendor files end in .yaml; rename it to {path.stem}.yaml")
    if problem := check_slug(path.stem):
        document.report(1, f"the file's name is the vendor's slug, and `{path.stem[:70]}` {problem}")
    entry = read_model(VendorEntry, document)
    return _vendor(path.stem, entry) if entry is not None else None


def _vendor(slug: str, entry: VendorEntry) -> Vendor:
    return Vendor(
        slug=slug,
        name=entry.name,
        homepage=entry.homepage,
        categories=entry.categories,
        products=tuple(_product(slug, entry, product) for product in entry.products),
        facts=entry.facts,
        formerly=entry.formerly,
        retired=entry.retired,
        merged_into=entry.merged_into,
        notes=entry.notes,
    )


def _product(vendor: str, seller: VendorEntry, entry: ProductEntry) -> Product:
    ends = [day for day in (entry.retired, seller.retired) if day is not None]
    return Product(
        vendor=vendor,
        slug=entry.slug,
        name=entry.name,
        sources=tuple(_source(vendor, entry.slug, source) for source in entry.sources),
        self_hosted=entry.self_hosted,
        aliases=entry.aliases,
        plan_aliases=tuple(entry.plan_aliases.items()),
        formerly=_former_names(vendor, seller, entry),
        retired=min(ends, default=None),
        merged_into=None if entry.merged_into is None else _named(entry.merged_into, vendor),
        notes=entry.notes,
    )


def _former_names(vendor: str, seller: VendorEntry, entry: ProductEntry) -> tuple[Named, ...]:
    """Every name that a product may have had: each of its own under each of its vendor's."""
    whole = [_named(name, vendor) for name in entry.formerly if "/" in name]
    slugs = [*(name for name in entry.formerly if "/" not in name), entry.slug]
    names = [*whole, *((seller_slug, slug) for seller_slug in (*seller.formerly, vendor) for slug in slugs)]
    return tuple(name for name in dict.fromkeys(names) if name != (vendor, entry.slug))


def _named(name: str, vendor: str) -> Named:
    """A product named by its slug, of this vendor, or by vendor and slug."""
    seller, _, slug = name.rpartition("/")
    return (seller or vendor, slug)


def _check_successors(vendors: Iterable[tuple[Vendor, Document]]) -> None:
    """Report what was merged into something that is not there, or into itself by a round."""
    given = list(vendors)
    sellers = {vendor.slug: vendor.merged_into for vendor, _ in given}
    products = {(one.vendor, one.slug): one.merged_into for vendor, _ in given for one in vendor.products}
    for vendor, document in given:
        if vendor.merged_into is not None:
            _check_successor(document, ("merged_into",), vendor.slug, vendor.merged_into, sellers)
        for i, one in enumerate(vendor.products):
            if one.merged_into is not None:
                place = ("products", i, "merged_into")
                _check_successor(document, place, (one.vendor, one.slug), one.merged_into, products)


def _check_successor(
    document: Document, place: Place, own: Hashable, successor: Hashable, merged: Mapping[Any, Any]
) -> None:
    line = document.line(place)
    if successor not in merged:
        known = sorted(_spelled(name) for name in merged)
        close = difflib.get_close_matches(_spelled(successor), known, n=3) or known[:8]
        document.report(line, f"nothing is called `{_spelled(successor)}`; write one of {', '.join(close)}")
        return
    seen = {own}
    while successor is not None and successor not in seen:
        seen.add(successor)
        successor = merged.get(successor)
    if successor is not None:
        document.report(line, f"`{_spelled(own)}` would have been merged into itself; correct `merged_into`")


def _spelled(name: Any) -> str:
    return name if isinstance(name, str) else "/".join(name)


def _source(vendor: str, product: str, entry: SourceEntry) -> facts.Source:
    return facts.Source(
        id="/".join(part for part in (vendor, product, entry.kind, entry.publisher) if part),
        vendor=vendor,
        product=product,
        kind=facts.SourceKind(entry.kind),
        url=entry.url,
        publisher=entry.publisher,
        every_hours=hours(entry.every),
        locale=entry.locale or "",
        currency=entry.currency,
        country=entry.country,
        expect=entry.expect,
        recipe=facts.Recipe(**entry.recipe.model_dump()) if entry.recipe else None,
        render=entry.render,
        also=entry.also,
    )


@dataclass(slots=True)
class _Claims:
    """What may be claimed once only in all files together, and the line that claimed it first."""

    first: dict[tuple[str, str], str] = field(default_factory=dict)

    def check(self, vendor: Vendor, document: Document) -> None:
        """Report what another place holds already; what a sound file claims is kept."""
        own: dict[tuple[str, str], str] = {}
        for kind, value, place in _claimed(vendor):
            line = document.line(place)
            if before := self.first.get((kind, value)) or own.get((kind, value)):
                document.report(line, f"{kind} `{value}` stands already in {before}; {_REMEDY[kind]}")
            else:
                own[kind, value] = f"{document.shown}:{line}"
        if not document.problems:
            self.first.update(own)


_REMEDY = {
    "the product": "a vendor names a product once, today's or former, so choose another slug or mend `formerly`",
    "the vendor": "a vendor has one file, so take the name out of `formerly` or the old file away",
    "the source": "a product has one source of a kind and publisher, so remove one or make it a product of its own",
    "the alias": "one name means one product, so keep it in one place",
    "the address": "watch each page once",
}


def _claimed(vendor: Vendor) -> Iterator[tuple[str, str, Place]]:
    yield "the vendor", vendor.slug, ()
    for i, slug in enumerate(vendor.formerly):
        yield "the vendor", slug, ("formerly", i)
    for i, product in enumerate(vendor.products):
        for former in product.formerly:
            yield "the product", "/".join(former), ("products", i, "formerly")
        yield "the product", f"{product.vendor}/{product.slug}", ("products", i, "slug")
        for j, alias in enumerate(product.aliases):
            yield "the alias", alias, ("products", i, "aliases", j)
        for j, source in enumerate(product.sources):
            yield "the source", source.id, ("products", i, "sources", j)
            yield "the address", source.url.rstrip("/"), ("products", i, "sources", j, "url")
