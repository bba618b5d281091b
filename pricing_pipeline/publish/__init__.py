"""Comparison tables, pages, feeds and exports, published together as an edition that is switched in at once."""
