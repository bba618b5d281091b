"""What people edit (vendors, workloads, comparisons, settings), read strictly: every fault with its file and line."""

from pricing_pipeline.registry.memory import read_with_memory, remember
from pricing_pipeline.registry.vendors import Product, Registry, Vendor, read_registry, read_what_can_be_read

__all__ = [
    "Product",
    "Registry",
    "Vendor",
    "read_registry",
    "read_what_can_be_read",
    "read_with_memory",
    "remember",
]
