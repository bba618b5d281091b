"""The last sound version of each vendor file, so that one being edited takes nothing off the published pages."""

from __future__ import annotations

import os
from pathlib import Path

from pricing_pipeline.errors import SettingsError
from pricing_pipeline.registry.documents import shown
from pricing_pipeline.registry.vendors import Registry, read_files, read_what_can_be_read, vendor_files


def read_with_memory(folder: Path, memory: Path) -> tuple[Registry, list[str]]:
    """Every vendor of a folder, those whose file is broken as they last were when sound, and the faults of the files.

    A vendor whose file has been removed is not remembered: that was meant. Raises as `read_what_can_be_read` does.
    """
    registry, problems = read_what_can_be_read(folder)
    sound = {vendor.slug for vendor in registry.vendors}
    files = vendor_files(folder)
    kept = [memory / path.name for path in files if path.stem not in sound and (memory / path.name).is_file()]
    if not kept:
        return registry, problems
    # The sound files first: what two claim is theirs.
    registry, _ = read_files([*(path for path in files if path.stem in sound), *kept])
    held = {vendor.slug for vendor in registry.vendors} - sound
    notes = [
        f"{shown(path)}:1: its last sound version is in use until it is mended" for path in files if path.stem in held
    ]
    return registry, [*problems, *notes]


def remember(folder: Path, memory: Path) -> None:
    """Keep a copy of every sound vendor file, and forget those whose file is gone.

    Raises SettingsError where the memory cannot be written.
    """
    files = {path.name: path for path in vendor_files(folder)}
    try:
        memory.mkdir(parents=True, exist_ok=True)
        edited = {name: path for name, path in files.items() if not _is_kept(path, memory / name)}
        # Only a copy that lags behind asks for reading the files once more.
        registry = read_what_can_be_read(folder)[0] if edited else Registry()
        sound = {vendor.slug for vendor in registry.vendors}
        for name, path in edited.items():
            if path.stem in sound:
                _keep(path, memory / name)
        for copy in memory.glob("*.yaml"):
            if copy.name not in files:
                copy.unlink(missing_ok=True)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise SettingsError(f"{shown(memory)} cannot be written ({reason}); check its permissions and space") from error


def _is_kept(path: Path, copy: Path) -> bool:
    return copy.is_file() and copy.read_bytes() == path.read_bytes()


def _keep(path: Path, copy: Path) -> None:
    body = path.read_bytes()
    passing = copy.with_name(f".{copy.name}.{os.getpid()}")
    passing.write_bytes(body)
    passing.replace(copy)
