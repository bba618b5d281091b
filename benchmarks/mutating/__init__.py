"""Changing one thing on a saved page at a time, in a vendor's ways and in ways that mean nothing, and seeing what is reported."""
