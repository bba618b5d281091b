"""Which blocks of a page are read sentence by sentence: what the vendor says there in running text, in its own name."""

from __future__ import annotations

from pricing_pipeline.extract.document import Block
from pricing_pipeline.facts import Surface

# Longer ones are no paragraphs of a pricing page.
_LONGEST_BLOCK = 2_000
# Where others speak, or nothing is said.
_OUTSIDE = frozenset({"nav", "select", "blockquote", "footer"})


def is_running_text(block: Block) -> bool:
    """Whether a block is visible text of the vendor's own, not struck through and no longer than 2,000 characters."""
    return (
        block.surface is Surface.VISIBLE
        and block.region not in _OUTSIDE
        and not block.is_struck
        and len(block.text) <= _LONGEST_BLOCK
    )
