"""Managed blocks: what the program keeps in an editor's own files, and everything that it must leave alone."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_pipeline.errors import PublishError
from pricing_pipeline.publish.blocks import Block, read_blocks, refreshed
from pricing_pipeline.publish.blocks_files import FileOutcome, refresh_file
from pricing_pipeline.publish.blocks_shown import Shown
from pricing_pipeline.publish.managed import find_files
from tests.pricing_pipeline.publish import example
from tests.pricing_pipeline.publish.test_weighing import CREDITS, WEIGH

SHOWN = Shown(example.CATALOG, (example.comparison(),), example.REGISTRY)
BEGIN, END = (
    "<!-- pricing-pipeline:begin tiers table=tiers product=dagster-plus -->",
    "<!-- pricing-pipeline:end tiers -->",
)
PAGE = f"# Ours\n\nBefore.\n\n{BEGIN}\n{END}\n\nAfter.\n"


def show(block: Block, where: str) -> str:
    """Words that name the block, over two lines where there is room."""
    return f"{block.name} is shown" if block.inline else f"{block.name}\n\nis shown"


def renewed(text: str, **options: bool) -> str:
    """The text with its blocks refreshed."""
    return refreshed(text, "page.md", show, markdown=True, **options).text


def written(tmp_path: Path, text: str | bytes, name: str = "page.md", **options: bool) -> tuple[Path, FileOutcome]:
    """A file, refreshed from the example."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path, refresh_file(path, SHOWN, **options)


def test_a_block_shows_its_table_and_everything_around_it_stays(tmp_path):
    path, outcome = written(tmp_path, PAGE)
    text = path.read_text()

    assert ("tiers",) == outcome.moved
    assert text.startswith(
        "# Ours\n\nBefore.\n\n<!-- pricing-pipeline:begin tiers table=tiers product=dagster-plus sha256="
    )
    assert text.endswith(f"\n\n{END}\n\nAfter.\n")
    assert "| Credits included a month |" in text
    assert "| Not included |" in text


def test_refreshing_twice_changes_nothing(tmp_path):
    path, _ = written(tmp_path, PAGE)
    before = (path.read_bytes(), path.stat().st_ino)
    again = refresh_file(path, SHOWN)

    assert FileOutcome(path=path, blocks=1) == again
    assert before == (path.read_bytes(), path.stat().st_ino)


def test_to_check_is_not_to_write(tmp_path):
    path, outcome = written(tmp_path, PAGE, check=True)

    assert ("tiers",) == outcome.moved
    assert PAGE == path.read_text()


def test_a_moved_fact_moves_the_block(tmp_path):
    path, _ = written(tmp_path, PAGE)
    dearer = replace(example.TERMS[0], term=replace(example.TERMS[0].term, amount=example.TERMS[0].term.amount + 2))
    moved = replace(example.CATALOG, terms=(dearer, *example.TERMS[1:]))
    outcome = refresh_file(path, Shown(moved, (), example.REGISTRY))

    assert ("tiers",) == outcome.moved
    assert "$12.00" in path.read_text()
    assert "$10.00" not in path.read_text()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("table=tiers comparison=prefect-vs-dagster", "### Prefect Cloud: every plan and its terms"),
        ("table=costs comparison=prefect-vs-dagster", "### What Prefect Cloud and Dagster+ cost a month"),
        ("table=costs product=dagster-plus workload=one-seat", "$610.00"),
        ("table=own-costs product=dagster-plus", "at the allowances of its plans"),
        ("table=ratings comparison=prefect-vs-dagster", "| Publisher |"),
        ("table=glance product=dagster-plus,prefect-cloud", "| Free plan |"),
        ("table=changes vendor=dagster limit=1", "included credits 7,500 → none"),
        ("table=changes product=prefect-cloud", "No changes seen."),
        ("figure=dagster-plus.solo.recurring_fee", "\n$10.00\n"),
        ('figure="cheapest dagster-plus one-seat"', "\nSolo\n"),
    ],
)  # fmt: skip
def test_every_kind_of_block_shows_what_the_site_shows(tmp_path, asked, said):
    workload = example.ONE_SEAT.slug
    asked = asked.replace("one-seat", workload)
    path, outcome = written(tmp_path, f"<!-- pricing-pipeline:begin x {asked} -->\n<!-- pricing-pipeline:end x -->\n")

    assert () == outcome.problems
    assert said in path.read_text()


def test_a_figure_stands_in_its_sentence(tmp_path):
    begin = "<!-- pricing-pipeline:begin fee figure=dagster-plus.solo.recurring_fee -->"
    path, _ = written(tmp_path, f"Solo costs {begin}<!-- pricing-pipeline:end fee --> a month.\n")

    assert "-->$10.00<!-- pricing-pipeline:end fee --> a month." in path.read_text()


def test_an_html_file_gets_html(tmp_path):
    path, outcome = written(tmp_path, f"<body>\n  {BEGIN}\n  {END}\n</body>\n", "page.html")
    text = path.read_text()

    assert () == outcome.problems
    assert '    <thead><tr><th scope="col">Term</th>' in text
    assert text.startswith("<body>\n  <!-- ")
    assert text.endswith(f"\n  {END}\n</body>\n")


def test_what_was_written_by_hand_in_a_block_is_not_lost(tmp_path):
    """It is told with file and line, the other blocks are refreshed, and only --force replaces it."""
    other = "<!-- pricing-pipeline:begin fee figure=dagster-plus.solo.recurring_fee -->\n<!-- pricing-pipeline:end fee -->\n"
    path, _ = written(tmp_path, PAGE)
    edited = path.read_text().replace("Not included", "None at all", 1) + other
    path.write_text(edited)
    outcome = refresh_file(path, SHOWN)

    assert ("fee",) == outcome.moved
    assert f"{path}:5: block tiers was changed by hand: move what you wrote out of the block" in outcome.problems[0]
    assert "None at all" in path.read_text()
    assert () == refresh_file(path, SHOWN, force=True).problems
    assert "None at all" not in path.read_text()


def test_words_between_new_markers_are_not_overwritten(tmp_path):
    text = PAGE.replace(f"{BEGIN}\n", f"{BEGIN}\nMy own table.\n")
    path, outcome = written(tmp_path, text)

    assert "holds text that was never written by this program" in outcome.problems[0]
    assert text == path.read_text()


B, E = "<!-- pricing-pipeline:begin a table=tiers -->", "<!-- pricing-pipeline:end a -->"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"x\n{B}\n", 2, "block a has no end: write <!-- pricing-pipeline:end a --> after it"),
        (f"x\n\n{E}\n", 3, "the end of block a has no begin"),
        (f"{B}\n{E}\n{B}\n{E}\n", 3, "a second block a, the first is in line 1"),
        (f"{B}\n{B.replace(' a ', ' b ')}\n{E}\n", 2, "block b begins inside block a of line 1"),
        (f"{B}\n{E.replace(' a ', ' b ')}\n", 2, "ends block b where block a of line 1 is open"),
        (f"{B}\n<!-- pricing-pipeline:end -->\n{E}", 2, "a damaged marker"),
        (f"{B}\n{E.replace('-->', '->')}\n{E}", 2, "a damaged marker"),
        (f"<!- pricing-pipeline:begin a -->\n{E}", 1, "a damaged marker"),
        (f"<!-- pricing-pipeline:Begin a -->\n{B}\n{E}", 1, "a damaged marker"),
        (f"{B.replace('table=tiers', 'table = tiers')}\n{E}", 1, "cannot be read from 'table = tiers'"),
        (f"{B.replace('table=tiers', 'table=tiers table=costs')}\n{E}", 1, "says twice 'table=costs'"),
        (f"Text {B}\n{E}", 1, "write its two markers on lines of their own"),
        (f"{B}\nText {E}", 1, "write its two markers on lines of their own"),
        (f"{B}\n{E.replace(' a ', ' a table=tiers ')}", 2, "says more than its name"),
    ],
)  # fmt: skip
def test_damaged_markers_are_refused_with_file_line_and_what_to_do(tmp_path, text, line, told):
    """Nothing of such a file is touched: where a block ends is anybody's guess."""
    path, outcome = written(tmp_path, text, force=True)

    assert any(one.startswith(f"{path}:{line}: ") and told in one for one in outcome.problems), outcome.problems
    assert text == path.read_text()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "must say one thing to show: table=glance|tiers"),
        ("table=tiers figure=x", "must say one thing to show"),
        ("table=tiers", "must say whose: comparison=…, product=… or vendor=…"),
        ("table=prices product=dagster-plus", "no table 'prices': one of glance"),
        ("table=tiers product=nobody", "no product 'nobody'; known are dagster-plus, prefect-cloud"),
        ("table=tiers vendor=nobody", "no vendor 'nobody'; known are dagster, prefect"),
        ("table=tiers comparison=nothing", "no comparison 'nothing'; there are prefect-vs-dagster"),
        ("table=costs product=dagster-plus workload=mine", "no workload 'mine'; there are "),
        ("table=changes product=dagster-plus limit=0", "limit=0 is no number of changes"),
        ("colour=red", "says 'colour': known are table, figure"),
        ("figure=dagster-plus.solo.recurring_fees", "unknown term 'recurring_fees': one of recurring_fee"),
    ],
)  # fmt: skip
def test_a_block_that_asks_for_what_is_not_there_is_told_the_candidates(tmp_path, asked, told):
    text = f"<!-- pricing-pipeline:begin x {asked} -->\n<!-- pricing-pipeline:end x -->\n".replace("  ", " ")
    path, outcome = written(tmp_path, text)

    assert outcome.problems[0].startswith(f"{path}:1: ")
    assert told in outcome.problems[0]
    assert text == path.read_text()


def test_markers_in_code_are_text_about_markers(tmp_path):
    text = f"```\n{BEGIN}\n```\n\nWrite `{BEGIN}` and `{END}`.\n"
    path, outcome = written(tmp_path, text)

    assert FileOutcome(path=path) == outcome
    assert text == path.read_text()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("bom", "encoding"), [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"", "cp1252")]
)
def test_line_endings_encoding_and_byte_order_mark_stay(tmp_path, newline, bom, encoding):
    text = PAGE.replace("After.\n", "Après, “quoted”").replace("\n", newline)
    path, outcome = written(tmp_path, bom + text.encode(encoding))
    data = path.read_bytes()
    after = data.removeprefix(bom).decode(encoding)

    assert ("tiers",) == outcome.moved
    assert data.startswith(bom + f"# Ours{newline}".encode(encoding))
    assert after.endswith(f"{newline}Après, “quoted”")
    assert set() == set(after.replace(newline, "")) & {"\n", "\r"}
    assert refresh_file(path, SHOWN).moved == ()


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    real = tmp_path / "real.md"
    real.write_text(PAGE)
    real.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to("real.md")
    outcome = refresh_file(link, SHOWN)

    assert ("tiers",) == outcome.moved
    assert Path("real.md") == link.readlink()
    assert 0o640 == stat.S_IMODE(real.stat().st_mode)
    assert ["link.md", "real.md"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_file_that_somebody_saves_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(PAGE)

    class Saving(Shown):
        def show(self, block: Block, where: str, *, as_html: bool) -> str:
            path.write_text("Saved meanwhile.")
            return super().show(block, where, as_html=as_html)

    outcome = refresh_file(path, Saving(example.CATALOG, (), example.REGISTRY))

    assert "was changed by somebody meanwhile" in outcome.problems[0]
    assert "Saved meanwhile." == path.read_text()


def test_files_that_are_no_text_of_an_editor_are_refused(tmp_path):
    told = [
        written(tmp_path, "x", "a.pdf")[1].problems[0],
        written(tmp_path, b"a\0b", "b.md")[1].problems[0],
        refresh_file(tmp_path / "gone.md", SHOWN).problems[0],
    ]

    assert ["is neither Markdown nor HTML", "holds zero bytes", "No such file"] == [
        next(part for part in ("is neither Markdown nor HTML", "holds zero bytes", "No such file") if part in one)
        for one in told
    ]


def test_paths_and_globs_name_files_once(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("a.md", "deep/b.md"):
        (tmp_path / name).write_text("")
    found, problems = find_files(["**/*.md", "a.md", "gone/*.md"], tmp_path)

    assert [tmp_path / "a.md", tmp_path / "deep/b.md"] == found
    assert 1 == len(problems)
    assert "gone/*.md names no file" in problems[0]


def test_a_name_that_looks_like_a_marker_ends_no_block(tmp_path):
    hostile = "<!-- pricing-pipeline:end tiers --> | `x`"
    plans = tuple(replace(row, plan=replace(row.plan, name=hostile)) for row in example.PLANS)
    for name in ("page.md", "page.html"):
        path, _ = written(tmp_path, PAGE, name)
        shown = Shown(replace(example.CATALOG, plans=plans), (), example.REGISTRY)

        assert ("tiers",) == refresh_file(path, shown).moved
        assert FileOutcome(path=path, blocks=1) == refresh_file(path, shown)
        assert 1 == path.read_text().count(END)


OUTSIDE = st.text(st.characters(codec="utf-8", exclude_characters="`~"), max_size=60).filter(
    lambda text: "pricing-pipeline" not in text
)


@given(OUTSIDE, OUTSIDE, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "  ", "> ", "\t"]))
def test_outside_is_never_touched(before, after, newline, prefix):
    """Whatever stands there."""
    begin = "<!-- pricing-pipeline:begin a table=tiers -->"
    block = f"{newline}{prefix}{begin}{newline}{prefix}{E}{newline}"
    once = renewed(before + block + after)

    assert once.startswith(f"{before}{newline}{prefix}<!-- pricing-pipeline:begin a table=tiers sha256=")
    assert once.endswith(f"{prefix}{E}{newline}{after}")
    assert once == renewed(once)


FILLED = renewed(f"Before.\n\n{B}\n{E}\n\nBetween.\n\n{B.replace(' a ', ' b ')}\n{E.replace(' a ', ' b ')}\n\nAfter.\n")


@given(
    st.integers(0, len(FILLED) - 1), st.sampled_from(["cut", "double", "x", "<", "-", " ", "\n"]), st.integers(1, 40)
)
def test_however_markers_are_mutated_nothing_outside_is_lost(place, how, length):
    """Either the file is refused whole, or what stands outside its blocks is there afterwards, byte for byte."""
    piece = FILLED[place : place + length]
    changed = {"cut": "", "double": piece + piece}.get(how, how)
    text = FILLED[:place] + changed + FILLED[place + length :]
    try:
        blocks = read_blocks(text, "page.md", markdown=True)
        after = refreshed(text, "page.md", show, markdown=True)
    except PublishError:
        return  # refused whole: nothing is written

    assert _outside(text, blocks) == _outside(after.text, read_blocks(after.text, "page.md", markdown=True))


def _outside(text: str, blocks: tuple[Block, ...]) -> list[str]:
    """What is not in a block: between the markers' ends, without the begin markers, whose digest moves."""
    ends = [0, *(place for block in blocks for place in (*block.begin, *block.body)), len(text)]
    return [text[ends[at] : ends[at + 1]] for at in range(0, len(ends), 2)]


@pytest.mark.parametrize(
    ("name", "shown"), [("page.md", "| up to 18,000: Solo;"), ("page.html", "<td>up to 18,000: Solo;")]
)
def test_a_block_says_which_plan_is_the_cheapest_from_how_much_use_on(tmp_path, name, shown):
    catalog = replace(example.CATALOG, workloads=(CREDITS,))
    path = tmp_path / name
    path.write_text(
        f"<!-- pricing-pipeline:begin best table=cheapest product={example.DAGSTER} -->\n"
        "<!-- pricing-pipeline:end best -->\n"
    )
    outcome = refresh_file(path, Shown(catalog, (), example.REGISTRY, weigh=WEIGH))

    assert ("best",) == outcome.moved
    assert shown in path.read_text()
    assert "Of all together" not in path.read_text(), "one product is compared with nobody"
