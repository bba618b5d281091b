"""Proposals for people to confirm: vendor files from a page, and recipes where a page is read wrongly. Pure; writes nothing."""
