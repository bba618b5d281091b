"""Telling people: what is worth a message, one digest of it for each of them, and what has been told already."""
