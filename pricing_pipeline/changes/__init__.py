"""What changed between two offers of one product, as an editor would be told of it."""

from pricing_pipeline.changes.cheapest import cheapest_changes
from pricing_pipeline.changes.diffing import diff
from pricing_pipeline.changes.renames import NOTHING_SAID, Said, renamed_plans, with_plans
from pricing_pipeline.changes.scales import in_former_scale
from pricing_pipeline.changes.values import facts_digest, same_value, value

__all__ = [
    "NOTHING_SAID",
    "Said",
    "cheapest_changes",
    "diff",
    "facts_digest",
    "in_former_scale",
    "renamed_plans",
    "same_value",
    "value",
    "with_plans",
]
