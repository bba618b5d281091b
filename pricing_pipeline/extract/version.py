"""Which extractor this is: a digest of its own source, so that nobody can change it and forget to say so."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

# What is read by, beside the reader's own modules.
_BESIDE = (
    "currencies.py", "figures.py", "money.py", "nouns_abroad.py", "numerals.py", "packs.py", "per_units.py", "periods.py",
    "unit_names.py", "units.py",
)  # fmt: skip


@cache
def extractor_version() -> str:
    """`1.` and eight hex digits; the same for the same source, on every machine."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), *(path for name in _BESIDE if (path := here.parent / name).exists())]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return f"1.{digest.hexdigest()[:8]}"
