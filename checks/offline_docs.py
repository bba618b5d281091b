"""Data Docs that load nothing: Great Expectations' pages fetch styles and scripts from five hosts, and without them its
front page is empty. Here they get styles of our own, no scripts, and a front page that needs none.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What a page without scripts has no use for: loads, pictures, buttons, an invitation to a newsletter.
_USELESS = "//script | //style | //link | //img | //iframe | //footer | //*[contains(@class, 'ge-walkthrough-modal')]"
_BUTTONS = "//div[contains(@class, 'card') and .//input[@type='radio']]"


@cache
def _head() -> str:
    """How every page begins that was made offline, by which it is told from one that was not."""
    style = (Path(__file__).resolve().parent / "data_docs.css").read_text(encoding="utf-8")
    sha256 = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{sha256}'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{style}</style>\n"
    )


def take_offline(site: Path, results: Path) -> None:
    """Rewrite the pages of a site that Great Expectations wrote since the last time, and its front page from the kept
    results (`suite/run/time/batch.json`)."""
    for page in sorted(site.rglob("*.html")):
        if not _is_offline(page):
            _write(page, _offline(page.read_bytes()))
    _write(site / "index.html", _front_page(site, results))


def _write(page: Path, text: str) -> None:
    """At one stroke: a page that was written half would pass for one that is done."""
    making = page.with_suffix(".making")
    making.write_text(text, encoding="utf-8")
    making.replace(page)


def _is_offline(page: Path) -> bool:
    head = _head().encode()
    with page.open("rb") as file:
        return file.read(len(head)) == head


def _offline(page: bytes) -> str:
    """A page as it was written, with the same words and links, and nothing that is loaded or run."""
    from lxml import html as lxml_html

    root: Any = lxml_html.document_fromstring(page, parser=lxml_html.HTMLParser(encoding="utf-8"))
    for tag in (*root.xpath(_USELESS), *root.xpath(_BUTTONS)):
        if tag.getparent() is not None:
            tag.drop_tree()
    for tag in list(root.iter()):
        _disarm(tag)
    _mark_out(root)
    (body,) = root.xpath("//body")
    shown = lxml_html.tostring(body, encoding="unicode")
    title = " ".join(root.xpath("string(//li[contains(@class, 'active')])").split())
    return _page(title or "Data Docs", shown)


def _mark_out(root: Any) -> None:
    """Headings and landmarks, by which those find their way who hear the page."""
    for tag in root.xpath("//h4 | //h5 | //h6"):
        tag.tag = {"h4": "h1", "h5": "h2", "h6": "h3"}[tag.tag]
    for tag in root.xpath("//nav//nav"):
        tag.tag = "div"
    for tag in root.xpath("//nav[@id='navigation']"):
        tag.set("aria-label", "Contents")
    for tag in root.xpath("//body/div[contains(@class, 'container-fluid')]"):
        tag.tag = "main"


def _disarm(tag: HtmlElement) -> None:
    """Without handlers and styles in attributes, which the page's own policy forbids, and without links that show nothing."""
    for name in list(tag.attrib):
        if name == "style" or name.startswith("on"):
            del tag.attrib[name]
    if tag.tag == "a" and not tag.text_content().strip():
        tag.drop_tag()


def _page(title: str, body: str) -> str:
    return f"{_head()}<title>{html.escape(title)}</title></head>\n{body}\n</html>\n"


def _front_page(site: Path, results: Path) -> str:
    suites = sorted((site / "expectations").glob("*.html"))
    listed = "".join(
        f'<li><a href="expectations/{html.escape(one.name)}">{html.escape(one.stem)}</a></li>' for one in suites
    )
    runs = sorted(_runs(site, results), key=lambda run: (run[0], run[1]), reverse=True)
    lines = "".join(
        f"<tr><td>{at:%Y-%m-%d %H:%M} UTC</td><td>{html.escape(suite)}</td>"
        f'<td class="{"passed" if is_fine else "failed"}">{html.escape(said)}</td>'
        f'<td><a href="{html.escape(page)}">what it found</a></td></tr>'
        for at, suite, is_fine, said, page in runs
    )
    return _page(
        "Data Docs",
        "<body><main><h1>Data Docs</h1><p>What Great Expectations found whenever a suite was judged, the newest first.</p>"
        f"<table><thead><tr><th>Judged</th><th>Suite</th><th>Result</th><th>Page</th></tr></thead><tbody>{lines}</tbody>"
        f"</table><h2>What each suite asks</h2><ul>{listed}</ul></main></body>",
    )


def _runs(site: Path, results: Path) -> Iterator[tuple[datetime, str, bool, str, str]]:
    """When, which suite, whether all its expectations were met, how many were, and the page that tells it."""
    for kept in results.rglob("*.json"):
        page = Path("validations") / kept.relative_to(results).with_suffix(".html")
        if (site / page).is_file():
            found: dict[str, Any] = json.loads(kept.read_bytes())
            counts = found["statistics"]
            said = f"{counts['successful_expectations']} of {counts['evaluated_expectations']} met"
            at = datetime.fromisoformat(found["meta"]["run_id"]["run_time"]).astimezone(UTC)
            yield at, page.parts[1], bool(found["success"]), said, page.as_posix()
