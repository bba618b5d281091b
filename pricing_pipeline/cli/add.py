"""Proposals to confirm: `add` a page to the vendors that are watched, and `repair` the reading of one that changed."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_pipeline.cli.options import HomeOption, VendorsOption, content_of, home_of
from pricing_pipeline.cli.read import Kind

if TYPE_CHECKING:
    from pricing_pipeline.facts import Source
    from pricing_pipeline.home import Content, Home
    from pricing_pipeline.propose.proposal import Proposal, Question
    from pricing_pipeline.propose.repair import Repair
    from pricing_pipeline.registry import Registry, Vendor
    from pricing_pipeline.results import Offer

PANEL = "Add and repair"
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]


class Render(StrEnum):
    """How a page is made before it is read."""

    BROWSER = "browser"


def add_to(app: typer.Typer) -> None:
    """Give the application its proposing commands."""
    for command in (add, repair):
        app.command(rich_help_panel=PANEL)(command)


def add(
    page: Annotated[
        str | None, typer.Argument(metavar="URL", help="The page that shows the prices or reviews.")
    ] = None,
    saved: Annotated[Path | None, typer.Option("--from", help="Read this saved page instead of fetching.")] = None,
    url: Annotated[str | None, typer.Option(help="The address a saved page came from.")] = None,
    name: Annotated[str | None, typer.Option(help="What the vendor is called. Default: what the page says.")] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="Where a comparison site would list it; may be repeated.")
    ] = None,
    kind: Annotated[Kind, typer.Option(help="What the page is watched for.")] = Kind.PRICING,
    render: Annotated[Render | None, typer.Option(help="Run the page's scripts in a browser first.")] = None,
    yes: YesOption = False,
    vendors: VendorsOption = None,
) -> None:
    """Read a page and propose the vendor file that would watch it; nothing is written before you confirm.

    What was read is shown with its quotes. Where standard input is no terminal the proposal is printed and nothing is
    written, unless with --yes. A file that exists is never overwritten: for a vendor that is watched already the change to
    its file is printed. Exit code 1 where the page gives nothing to watch.

    Examples:

        pricing-pipeline add https://dagster.io/pricing --category workflow-automation

        pricing-pipeline add --from page.html --url https://vendor.example/pricing > vendors/vendor.yaml

        pricing-pipeline add https://www.g2.com/products/dagster/reviews --kind reviews --name dagster
    """
    from pricing_pipeline.facts import SourceKind
    from pricing_pipeline.propose.proposal import Question, known_vendor, propose
    from pricing_pipeline.registry import read_what_can_be_read

    address = page or url
    if address is None or (page and url and page != url):
        raise typer.BadParameter("name one address: as the argument, or with --url for a page saved with --from")
    question = Question(
        url=address.partition("#")[0],
        kind=SourceKind(kind),
        name=name,
        categories=tuple(category or ()),
        render=render,
    )
    content = content_of(vendors)
    folder = content.vendors
    registry, _ = read_what_can_be_read(folder) if any(folder.glob("*.yaml")) else (None, [])
    vendor = known_vendor(registry, question) if registry else None
    _refuse_early(question, registry, vendor)
    body, content_type, final = _page(question, saved, content)
    question = replace(question, url=final, name=vendor.name if vendor and kind is Kind.REVIEWS else name)
    proposal = propose(body, question, content_type=content_type)
    _show(proposal, question)
    if vendor is not None:
        _print_change(proposal, vendor, folder)
    else:
        _offer(proposal, folder, yes)


def _refuse_early(question: Question, registry: Registry | None, vendor: Vendor | None) -> None:
    """Wrong uses that need no look at the page. Raises BadParameter."""
    from pricing_pipeline.errors import RegistryError
    from pricing_pipeline.registry.fields import check_url

    if problem := check_url(question.url):
        raise typer.BadParameter(f"{question.url[:200]!r} {problem}")
    same = [one for one in registry.sources() if one.url.rstrip("/") == question.url.rstrip("/")] if registry else []
    if same:
        raise RegistryError([f"{question.url} is watched already, as {same[0].id}"])
    if question.kind == "reviews" and vendor is None:
        known = ", ".join(one.slug for one in registry.vendors) if registry else "none"
        raise typer.BadParameter(
            f"whose reviews these are must be said with --name, by a vendor or product that is watched: {known}"
        )


def _page(question: Question, saved: Path | None, content: Content) -> tuple[bytes, str | None, str]:
    """The bytes of the page, fetched or from a file, and its address. Ends with exit code 1 where the fetch gives none."""
    from pricing_pipeline.cli.output import say

    if saved is not None:
        try:
            return saved.read_bytes(), None, question.url
        except OSError as error:
            raise typer.BadParameter(f"{saved}: {error.strerror}; name a saved page with --from") from error
    from pricing_pipeline.cli.doctor import cure_of
    from pricing_pipeline.cli.live import fetch_once

    result = fetch_once(question.url, render=question.render, content=content)
    if result.body is None:
        why = result.message or f"the page answered {result.status}"
        say(f"{result.outcome}: {why}")
        say(cure_of(result.outcome))
        raise typer.Exit(1)
    # Secrets in the query of a final address are masked, so only a plain one can be asked again.
    final = result.final_url if result.final_url and "?" not in result.final_url else question.url
    return result.body, result.content_type, final.partition("#")[0]


def _show(proposal: Proposal, question: Question) -> None:
    """Show what was read; end with exit code 1 where there is nothing to propose."""
    from pricing_pipeline.cli.facts_table import show_facts
    from pricing_pipeline.cli.output import say

    if proposal.vendor is None:
        say(f"nothing to propose. {proposal.reason}")
        raise typer.Exit(1)
    show_facts(proposal.observation, title=f"Read from {question.url}")
    if proposal.source is not None and not proposal.source.expect:
        say("no words were found by which this page is known again: put some that only it holds into `expect`")


def _offer(proposal: Proposal, folder: Path, yes: bool) -> None:
    """Print a new vendor file, and write it once it is confirmed."""
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.errors import RegistryError
    from pricing_pipeline.propose.proposal import loader_problems
    from pricing_pipeline.propose.vendor_file import vendor_yaml

    assert proposal.vendor is not None
    text = vendor_yaml(proposal.vendor)
    path = folder / f"{proposal.vendor.slug}.yaml"
    print(text, end="")
    if path.exists():
        raise RegistryError([f"{path} exists and is another vendor's; call this one otherwise with --name"])
    if problems := loader_problems(path.name, text, sorted(folder.glob("*.yaml"))):
        raise RegistryError(problems)
    if not _confirmed(f"Write {path}?", yes):
        say("nothing was written")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:  # x: never over a file that came to be in the meantime
        file.write(text)
    say(f"written to {path}; next: pricing-pipeline refresh --vendor {proposal.vendor.slug}")


def _print_change(proposal: Proposal, vendor: Vendor, folder: Path) -> None:
    """Print what a vendor's file that exists would have to gain."""
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.errors import RegistryError
    from pricing_pipeline.propose.edits import difference, with_product, with_source
    from pricing_pipeline.propose.proposal import loader_problems, place_for

    assert proposal.vendor is not None
    assert proposal.source is not None
    path = folder / f"{vendor.slug}.yaml"
    product = place_for(vendor, proposal)
    after = (
        with_source(path, product.slug, proposal.source)
        if product is not None
        else with_product(path, *_new_product(vendor, proposal), proposal.source)
    )
    if problems := loader_problems(path.name, after, sorted(folder.glob("*.yaml"))):
        raise RegistryError(problems)
    print(difference(path, after), end="")
    say(
        f"{vendor.name} is watched already, so nothing was written: make this change to {path} yourself, or with `patch`"
    )


def _new_product(vendor: Vendor, proposal: Proposal) -> tuple[str, str]:
    """Slug and name of a further product of a vendor, different from those it has."""
    assert proposal.vendor is not None
    slug, name = proposal.vendor.product_slug, proposal.vendor.product_name
    taken = {product.slug for product in vendor.products}
    number = next((n for n in range(2, 1000) if f"{slug}-{n}" not in taken), 1000)
    return (slug, name) if slug not in taken else (f"{slug}-{number}", f"{name} {number}")


def _confirmed(question: str, yes: bool) -> bool:
    """Whether the person at the terminal says yes; without one, only --yes does."""
    if yes:
        return True
    return sys.stdin.isatty() and typer.confirm(question, err=True)


def repair(
    source: Annotated[str, typer.Argument(help="The source, as `doctor` names it: vendor/product/pricing.")],
    yes: YesOption = False,
    home: HomeOption = None,
    vendors: VendorsOption = None,
) -> None:
    """Find the plans of a redesigned page again, and propose the recipe by which they are read.

    What is published of the product (its plans' names and values) is looked for in the last captured page. Only what the
    page itself says is proposed, with its quotes; the change to the vendor file is printed, and written once you confirm.
    Exit code 1 where nothing can be found.

    Example:

        pricing-pipeline repair dagster/dagster-plus/pricing
    """
    from pricing_pipeline.captures.blobs import BlobStore
    from pricing_pipeline.cli.captured import last_pages
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.propose.repair import repair as look

    where, folder = home_of(home), content_of(vendors).vendors
    meant = _source(source, folder)
    capture = last_pages(where, {meant.id}).get(meant.id)
    if capture is None or capture.sha256 is None:
        say(f"no page of {meant.id} has been captured yet: pricing-pipeline refresh --vendor {meant.vendor}")
        raise typer.Exit(1)
    known = _published(where, meant)
    found = look(BlobStore(where.blobs).get(capture.sha256), meant, known, content_type=capture.content_type)
    if found.recipe is None:
        say(f"{meant.id}: {found.reason}")
        raise typer.Exit(1 if found.is_needed else 0)
    _show_repair(found, known, meant)
    _write_repair(found, meant, folder, yes)


def _source(given: str, folder: Path) -> Source:
    """The pricing source of that id. Raises BadParameter with the nearest ones."""
    import difflib

    from pricing_pipeline.registry import read_what_can_be_read

    registry, _ = read_what_can_be_read(folder)
    known = [one.id for one in registry.sources()]
    found = registry.source(given)
    if found is None:
        near = difflib.get_close_matches(given, known, n=3, cutoff=0.3) or known[:3]
        raise typer.BadParameter(f"{given!r} is no source; write for example {', '.join(near)}")
    if found.kind != "pricing":
        raise typer.BadParameter(
            f"{given} is a page of {found.kind}: only the reading of pricing pages can be repaired"
        )
    return found


def _published(home: Home, source: Source) -> Offer:
    """What is published of the source's product; nothing where it is not published."""
    from pricing_pipeline.results import Offer
    from warehouse import published
    from warehouse.connection import open_reports

    if not home.reports.exists():
        return Offer()
    with open_reports(home.reports) as con:
        products = published.products(con)
    return next(
        (one.offer for one in products if (one.vendor, one.product) == (source.vendor, source.product)), Offer()
    )


def _show_repair(found: Repair, known: Offer, source: Source) -> None:
    """Show what the recipe finds beside what is published."""
    from pricing_pipeline.cli.facts_table import show_rows, value_text
    from pricing_pipeline.cli.output import say

    assert found.after is not None
    was = {term.key: value_text(term) for term in known.terms}
    names = {plan.slug: plan.name for plan in found.after.plans}
    rows = [
        (names.get(term.plan or "", "(every plan)"), " ".join(filter(None, (str(term.term), term.metric))),
         was.get(term.key, "–"), value_text(term), term.evidence.quote)
        for term in found.after.terms
    ]  # fmt: skip
    show_rows(("plan", "term", "published", "found", "quote"), rows, title=f"Found again on {source.url}")
    if found.gone:
        say(f"not named by the page any more: {', '.join(found.gone)}")
    if found.lost_anchors:
        lost = ", ".join(found.lost_anchors)
        say(f"the page does not hold {lost}, which `expect` names: it counts as another page until you correct that")


def _write_repair(found: Repair, source: Source, folder: Path, yes: bool) -> None:
    """Print the change to the vendor file, and make it once it is confirmed."""
    from pricing_pipeline.cli.output import say
    from pricing_pipeline.errors import RegistryError
    from pricing_pipeline.propose.edits import difference, with_recipe
    from pricing_pipeline.propose.proposal import loader_problems

    assert found.recipe is not None
    path = folder / f"{source.vendor}.yaml"
    after = with_recipe(path, source.url, found.recipe)
    if problems := loader_problems(path.name, after, sorted(folder.glob("*.yaml"))):
        raise RegistryError(problems)
    print(difference(path, after), end="")
    if not _confirmed(f"Write this change to {path}?", yes):
        say("nothing was written")
        return
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(after, encoding="utf-8")
    draft.replace(path)
    say(f"written to {path}; next: pricing-pipeline refresh --vendor {source.vendor}")
