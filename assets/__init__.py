"""When it runs, and in which order: the Dagster layer. `definitions.py` holds the one Definitions."""
