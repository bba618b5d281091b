"""What a page says, what changed, what it costs and what we publish; plain functions over plain values."""

__version__ = "0.1.0"
