"""The editorial side of comparisons, read from `comparisons/*.yaml`. Its figures stand there as placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from pricing_pipeline.registry.documents import Document, Place, read_document, shown
from pricing_pipeline.registry.faults import misplaced, read_model
from pricing_pipeline.registry.fields import Day, Entry, Name, Slug, Text, Url, check_slug
from pricing_pipeline.registry.vendors import Registry

TIE = "tie"

ByProduct = dict[Slug, Text]


class Glance(Entry):
    """One row of the first table: what it is about, and a few words on each product."""

    label: Name = Field(description="What the row is about.", examples=["Model"])
    values: ByProduct = Field(description="A few words on each product, by its slug.")


class Choice(Entry):
    """Who should pick one of the products."""

    product: Slug = Field(description="The product to pick.", examples=["dagster-plus"])
    reasons: tuple[Text, ...] = Field(min_length=1, description="Each ends the sentence `Choose it if …`.")


class Support(Entry):
    """How far one product has a feature."""

    level: Literal["yes", "partly", "no", "unknown"] = Field(description="How far it has it.", examples=["yes"])
    text: Text = Field(description="In which form.")


class Feature(Entry):
    """One row of the features table."""

    name: Name = Field(description="The feature.", examples=["Asset lineage"])
    values: dict[Slug, Support] = Field(description="How far each product has it, by its slug.")


class Audience(Entry):
    """Whom a product suits best, and why."""

    who: Name = Field(description="A group of readers.", examples=["One engineer with a first pipeline"])
    product: Slug = Field(description="What suits them best.", examples=["prefect-cloud"])
    why: Text = Field(description="Why, in a sentence or two.")


class Dimension(Entry):
    """One round of the head to head."""

    name: Name = Field(description="What is compared.", examples=["Pricing"])
    winner: Slug = Field(description="A product, or `tie`.", examples=["tie"])
    why: Text = Field(description="Why it wins.")
    values: ByProduct = Field(description="Where each product stands, by its slug.")


class Migration(Entry):
    """What it takes to move from one product to the other."""

    origin: Slug = Field(description="The product to leave.", examples=["prefect-cloud"])
    target: Slug = Field(description="The product to go to.", examples=["dagster-plus"])
    summary: Text = Field(description="How much work it is, and of what sort.")
    steps: tuple[Text, ...] = Field(min_length=1, description="What to do, in order.")
    watch_out: Text | None = Field(default=None, description="What goes wrong most often.")


class Answer(Entry):
    """One answer to a question, and the product that it points to."""

    answer: Text = Field(description="What a reader may answer.", examples=["Tables and files"])
    product: Slug = Field(description="The product it points to, or `tie`.", examples=["dagster-plus"])
    why: Text = Field(description="Why it points there.")


class Question(Entry):
    """One of the questions that decide."""

    question: Text = Field(description="The question.")
    answers: tuple[Answer, ...] = Field(min_length=2, description="Its answers.")


class Faq(Entry):
    """A question that readers ask, and its answer."""

    question: Text = Field(description="The question.")
    answer: Text = Field(description="The answer, complete in itself.")


class Reading(Entry):
    """A page that the editorial part rests on."""

    title: Name = Field(description="The page's title, or what it is.")
    url: Url = Field(description="Its address.")


class Comparison(Entry):
    """Everything that people write about a comparison. Figures stand in it as placeholders only."""

    title: Name = Field(description="The page's heading.", examples=["Prefect vs Dagster"])
    summary: Text = Field(description="One or two sentences for search results and link previews.")
    products: tuple[Slug, ...] = Field(min_length=2, description="What is compared, in the order of the columns.")
    workloads: tuple[Slug, ...] = Field(default=(), description="Workloads to price the plans at; none means all.")
    reviewed_on: Day = Field(description="When somebody last read all of it.", examples=["2026-05-01"])
    short_answer: Text = Field(description="The answer, for readers who stop here.")
    at_a_glance: tuple[Glance, ...] = Field(min_length=1, description="The first table.")
    choose: tuple[Choice, ...] = Field(min_length=1, description="Who should pick what.")
    features: tuple[Feature, ...] = Field(default=(), description="The features table.")
    strengths: dict[Slug, tuple[Text, ...]] = Field(description="What each product does well, by its slug.")
    weaknesses: dict[Slug, tuple[Text, ...]] = Field(description="What each product does badly, by its slug.")
    best_for: tuple[Audience, ...] = Field(default=(), description="Whom each suits best.")
    head_to_head: tuple[Dimension, ...] = Field(min_length=1, description="Dimension by dimension, with a winner.")
    migration: tuple[Migration, ...] = Field(default=(), description="Moving from one to the other.")
    questions: tuple[Question, ...] = Field(default=(), description="The questions that decide.")
    takeaways: tuple[Text, ...] = Field(default=(), description="What to remember.")
    bottom_line: Text = Field(description="The verdict.")
    faq: tuple[Faq, ...] = Field(default=(), description="Questions that readers ask.")
    sources: tuple[Reading, ...] = Field(default=(), description="What the editorial part rests on.")

    @model_validator(mode="after")
    def _speaks_of_its_products(self) -> Comparison:
        known, listed = set(self.products), ", ".join(self.products)
        if len(known) != len(self.products):
            raise misplaced(("products",), "names one twice; keep it once")
        for place, tables in self._by_product():
            if missing := sorted(known - set(tables)):
                raise misplaced(place, f"says nothing of {missing[0]}; write an entry for each of {listed}")
            if strange := sorted(set(tables) - known):
                raise misplaced(place, f"speaks of {strange[0]}, which is not compared; keep to {listed}")
        for place, product in self._named():
            if product not in known:
                raise misplaced(place, f"names {product}, which is not compared; write one of {listed}")
        return self

    def _by_product(self) -> Iterator[tuple[Place, Mapping[str, object]]]:
        yield ("strengths",), self.strengths
        yield ("weaknesses",), self.weaknesses
        yield from ((("at_a_glance", i, "values"), row.values) for i, row in enumerate(self.at_a_glance))
        yield from ((("features", i, "values"), row.values) for i, row in enumerate(self.features))
        yield from ((("head_to_head", i, "values"), row.values) for i, row in enumerate(self.head_to_head))

    def _named(self) -> Iterator[tuple[Place, str]]:
        """Each product that is named where one is asked for; `tie` where it may stand is left out."""
        yield from ((("choose", i, "product"), choice.product) for i, choice in enumerate(self.choose))
        yield from ((("best_for", i, "product"), audience.product) for i, audience in enumerate(self.best_for))
        for i, dimension in enumerate(self.head_to_head):
            if dimension.winner != TIE:
                yield ("head_to_head", i, "winner"), dimension.winner
        for i, move in enumerate(self.migration):
            yield ("migration", i, "origin"), move.origin
            yield ("migration", i, "target"), move.target
        for i, question in enumerate(self.questions):
            for j, answer in enumerate(question.answers):
                if answer.product != TIE:
                    yield ("questions", i, "answers", j, "product"), answer.product

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Every text that readers see, with its place in the file: where placeholders and claims may stand."""
        for name in type(self).model_fields:
            if name not in _NOT_PROSE:
                yield from _texts(getattr(self, name), (name,))


# Slugs, addresses and words of a fixed list: never filled, never read as claims.
_NOT_PROSE = frozenset({"products", "workloads", "product", "winner", "origin", "target", "level", "url"})


def _texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from _texts(one, (*place, i))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(one, (*place, key))
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _NOT_PROSE:
                yield from _texts(getattr(value, name), (*place, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFile:
    """A comparison and where it stands. Its slug is the name of its file."""

    slug: str
    path: Path
    content: Comparison
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line of the file at which a text of `content.texts()` begins."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_comparisons(folder: Path) -> tuple[tuple[ComparisonFile, ...], list[str]]:
    """Every comparison whose file is sound, by slug, and the faults of the others. A missing folder holds none."""
    files: list[ComparisonFile] = []
    problems: list[str] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".yaml" and not path.name.startswith("."))
    except FileNotFoundError:
        return (), []
    except OSError:
        return (), [f"{shown(folder)}: cannot be read as a folder; put the comparisons' files in one of this name"]
    for path in paths:
        document = read_document(path)
        comparison = _read(document)
        if comparison is not None and not document.problems:
            files.append(ComparisonFile(slug=path.stem, path=path, content=comparison, lines=document.lines))
        problems.extend(document.problems)
    return tuple(files), problems


def registered(files: Iterable[ComparisonFile], registry: Registry) -> tuple[ComparisonFile, ...]:
    """Those whose products are all in the registry: the comparisons that ship say nothing to who watches others."""
    return tuple(file for file in files if all(registry.product(slug) for slug in file.content.products))


def _read(document: Document) -> Comparison | None:
    if problem := check_slug(document.path.stem):
        document.report(1, f"the file's name is the comparison's slug, and `{document.path.stem[:70]}` {problem}")
    return read_model(Comparison, document)
