"""What a plan charges a month at a workload: exact, a range, or unknown with its reason; never a guess."""

from pricing_pipeline.costs.along import along
from pricing_pipeline.costs.bill import price
from pricing_pipeline.costs.breakeven import bill_of, turning_points
from pricing_pipeline.costs.effects import effects
from pricing_pipeline.costs.offers import price_offer, product_metrics
from pricing_pipeline.costs.points import allowance_points, grid
from pricing_pipeline.costs.ranking import cheapest, rank, rank_across
from pricing_pipeline.costs.tariffs import tariffs
from pricing_pipeline.costs.tax import tax_of
from pricing_pipeline.lowest import lowest

__all__ = [
    "allowance_points",
    "along",
    "bill_of",
    "cheapest",
    "effects",
    "grid",
    "lowest",
    "price",
    "price_offer",
    "product_metrics",
    "rank",
    "rank_across",
    "tariffs",
    "tax_of",
    "turning_points",
]
