"""JSON Schemas of the files that people edit, so that editors complete and check them.

`python -m pricing_pipeline.registry.schemas` writes them into a checkout.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pricing_pipeline.home import CHECKOUT
from pricing_pipeline.registry.comparisons import Comparison
from pricing_pipeline.registry.elsewhere import ElsewhereFile
from pricing_pipeline.registry.entries import VendorEntry
from pricing_pipeline.registry.settings import SettingsEntry
from pricing_pipeline.registry.workloads import WorkloadsEntry

# Where each schema lies in the checkout, and the title that editors show.
SCHEMAS: dict[str, tuple[type[BaseModel], str]] = {
    "vendors/vendor.schema.json": (VendorEntry, "A vendor, its products and the pages to watch"),
    "comparisons/comparison.schema.json": (Comparison, "The editorial side of a comparison"),
    "docs/schema/workloads.schema.json": (WorkloadsEntry, "The workloads at which plans are priced"),
    "docs/schema/settings.schema.json": (SettingsEntry, "Settings"),
    "docs/schema/facts.schema.json": (ElsewhereFile, "Facts from elsewhere, for import-facts"),
}


def schema_text(model: type[BaseModel], title: str) -> str:
    """A model's JSON Schema as the text of its file."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= model.model_json_schema() | {"title": title}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(root: Path) -> list[Path]:
    """Write every schema below a checkout, and say which files have changed."""
    changed = []
    for name, (model, title) in SCHEMAS.items():
        path, text = root / name, schema_text(model, title)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


if __name__ == "__main__":
    for written in write_schemas(CHECKOUT):
        print(f"wrote {written}")  # noqa: T201 - a command tells what it did
