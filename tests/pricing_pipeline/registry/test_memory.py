"""A vendor file that somebody is in the middle of editing takes nothing off the published pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.registry.documents import Document, read_document
from pricing_pipeline.registry.memory import read_with_memory, remember

VENDOR = """\
name: {name}
homepage: https://{slug}.example
products:
  - slug: {slug}-cloud
    name: Cloud
    sources:
      - kind: pricing
        url: https://{slug}.example/pricing
"""


@pytest.fixture
def vendors(tmp_path: Path) -> Path:
    folder = tmp_path / "vendors"
    folder.mkdir()
    for slug in ("acme", "beta"):
        (folder / f"{slug}.yaml").write_text(VENDOR.format(name=slug.title(), slug=slug), encoding="utf-8")
    return folder


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "home" / "registry"


def test_a_vendor_whose_file_breaks_stays_as_it_last_was(vendors: Path, memory: Path) -> None:
    remember(vendors, memory)
    before, _ = read_with_memory(vendors, memory)
    (vendors / "acme.yaml").write_text("name: [", encoding="utf-8")
    after, problems = read_with_memory(vendors, memory)

    assert before == after
    assert "not YAML" in problems[0]
    assert problems[1].endswith("acme.yaml:1: its last sound version is in use until it is mended")


def test_a_broken_file_is_never_what_is_remembered(vendors: Path, memory: Path) -> None:
    remember(vendors, memory)
    (vendors / "acme.yaml").write_text("name: Acme\n", encoding="utf-8")
    remember(vendors, memory)

    assert "Acme" == read_with_memory(vendors, memory)[0].vendors[0].name


def test_a_mended_file_counts_at_once(vendors: Path, memory: Path) -> None:
    remember(vendors, memory)
    (vendors / "acme.yaml").write_text(VENDOR.format(name="New name", slug="acme"), encoding="utf-8")

    assert "New name" == read_with_memory(vendors, memory)[0].vendors[0].name


def test_a_vendor_whose_file_is_removed_is_gone(vendors: Path, memory: Path) -> None:
    remember(vendors, memory)
    (vendors / "acme.yaml").unlink()
    remember(vendors, memory)

    assert ["beta"] == [vendor.slug for vendor in read_with_memory(vendors, memory)[0].vendors]
    assert ["beta.yaml"] == [path.name for path in memory.iterdir()]


def test_what_a_sound_file_claims_is_not_given_back_to_a_remembered_one(vendors: Path, memory: Path) -> None:
    """The product moved from one file to the other, and the file that it left is broken."""
    remember(vendors, memory)
    (vendors / "acme.yaml").write_text("name: [", encoding="utf-8")
    (vendors / "beta.yaml").write_text(VENDOR.format(name="Beta", slug="acme"), encoding="utf-8")
    registry, problems = read_with_memory(vendors, memory)

    assert ["beta"] == [vendor.slug for vendor in registry.vendors]
    assert 1 == len(problems)


def test_nothing_is_remembered_before_the_first_time(vendors: Path, memory: Path) -> None:
    (vendors / "acme.yaml").write_text("name: [", encoding="utf-8")

    assert ["beta"] == [vendor.slug for vendor in read_with_memory(vendors, memory)[0].vendors]


def test_remembering_twice_writes_once(vendors: Path, memory: Path) -> None:
    remember(vendors, memory)
    first = {path: path.stat().st_ino for path in memory.iterdir()}
    remember(vendors, memory)

    assert first == {path: path.stat().st_ino for path in memory.iterdir()}


def test_a_memory_that_cannot_be_written_says_so(vendors: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"):
        remember(vendors, tmp_path / "file" / "registry")


def test_files_that_nobody_touched_are_read_once(vendors: Path, memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refresh asks for the registry three times; a file that is edited in between is read as it is now."""
    read: list[str] = []

    def watched(path: Path) -> Document:
        read.append(path.name)
        return read_document(path)

    monkeypatch.setattr("pricing_pipeline.registry.vendors.read_document", watched)
    first, _ = read_with_memory(vendors, memory)
    again, _ = read_with_memory(vendors, memory)
    assert ["acme.yaml", "beta.yaml"] == read
    assert first == again

    (vendors / "acme.yaml").write_text(VENDOR.format(name="Edited", slug="acme"), encoding="utf-8")
    edited, _ = read_with_memory(vendors, memory)
    assert ["Edited", "Beta"] == [vendor.name for vendor in edited.vendors]
